// SPDX-License-Identifier: Apache-2.0
/* Is a program known again, with its file and what it did beside channels, within the bounds? */
#include "history_fixture.h"

static void a_program_is_found_by_its_path(void **state)
{
	struct pst_past_program *made = pst_history_program(*state, "/opt/acme/agent", NOON_S);

	assert_ptr_equal(pst_history_program(*state, "/opt/acme/agent", NOON_S + 5), made);
	assert_ptr_equal(pst_history_find(*state, "/opt/acme/agent"), made);
	assert_null(pst_history_find(*state, "/opt/acme/agents"));
	assert_string_equal(made->path, "/opt/acme/agent");
	assert_int_equal(made->time.first_s, NOON_S);
	assert_int_equal(made->time.last_s, NOON_S + 5);
}

static void a_foreign_program_is_another_one(void **state)
{
	struct pst_past_program *inside = pst_history_foreign(*state, "/usr/sbin/nginx", NOON_S);

	assert_true(inside->foreign_root);
	assert_null(pst_history_find(*state, "/usr/sbin/nginx"));
	assert_ptr_not_equal(pst_history_program(*state, "/usr/sbin/nginx", NOON_S), inside);
	assert_ptr_equal(pst_history_foreign(*state, "/usr/sbin/nginx", NOON_S), inside);
}

static void the_least_recently_used_program_makes_room(void **state)
{
	static const char *const paths[] = { "/1", "/2", "/3", "/4" };

	for (size_t i = 0; i < 4; i++)
		assert_true(connect_to(*state, paths[i], 443));
	pst_history_fact(*state, pst_history_program(*state, "/2", NOON_S),
			 &(struct pst_past_deed){ PST_PAST_URING, "", NOON_S });
	assert_false(connect_to(*state, "/1", 443));
	assert_int_equal(figures(*state).evicted, 0);
	assert_true(connect_to(*state, "/5", 443)); /* /3 goes with its channel */
	assert_null(pst_history_find(*state, "/3"));
	assert_int_equal(figures(*state).evicted, 2);
	assert_int_equal(figures(*state).facts, 1);
	pst_history_program(*state, "/4", NOON_S);
	assert_non_null(pst_history_program(*state, "/6", NOON_S)); /* /2: channel and fact too */
	assert_null(pst_history_find(*state, "/2"));
	assert_int_equal(figures(*state).evicted, 5);
	assert_int_equal(figures(*state).programs, 4);
	assert_int_equal(figures(*state).channels, 3);
	assert_int_equal(figures(*state).facts, 0);
}

static void facts_are_counted_by_kind_and_text(void **state)
{
	struct pst_past_program *program = pst_history_program(*state, "/a", NOON_S);

	pst_history_fact(*state, program,
			 &(struct pst_past_deed){ PST_PAST_EXEC, "/bin/sh", NOON_S });
	pst_history_fact(*state, program,
			 &(struct pst_past_deed){ PST_PAST_EXEC, "/bin/sh", NOON_S + DAY_S });
	pst_history_fact(*state, program,
			 &(struct pst_past_deed){ PST_PAST_HANDED, "/bin/sh", NOON_S + 7 });
	assert_int_equal(program->fact_count, 2);
	assert_int_equal(program->facts[0].count, 2);
	assert_int_equal(program->facts[0].time.days, 3);
	assert_int_equal(program->facts[1].what, PST_PAST_HANDED);
}

static void the_fact_that_was_not_seen_longest_makes_room(void **state)
{
	static const char *const paths[] = { "/1", "/2", "/3", "/4", "/5" };
	struct pst_past_program *program = pst_history_program(*state, "/a", NOON_S);

	for (size_t i = 0; i < 4; i++)
		pst_history_fact(*state, program,
				 &(struct pst_past_deed){ PST_PAST_EXEC, paths[i], NOON_S + i });
	pst_history_fact(*state, program,
			 &(struct pst_past_deed){ PST_PAST_EXEC, "/1", NOON_S + 8 });
	assert_int_equal(program->dropped, 0);
	pst_history_fact(*state, program,
			 &(struct pst_past_deed){ PST_PAST_EXEC, "/5", NOON_S + 9 });
	assert_int_equal(program->fact_count, 4);
	assert_string_equal(program->facts[0].text, "/1");
	assert_string_equal(program->facts[1].text, "/5"); /* instead of /2 */
	assert_int_equal(program->dropped, 1);
	assert_int_equal(figures(*state).evicted, 1);
}

static struct pst_past_identity hashed(char digit, uint64_t at_s)
{
	struct pst_past_identity identity = { .hash_state = PST_HASHED,
					      .first_s = at_s,
					      .last_s = at_s };

	memset(identity.sha256, digit, 64);
	return identity;
}

static void another_hash_takes_the_place_of_the_latest(void **state)
{
	struct pst_past_program *program = pst_history_program(*state, "/a", NOON_S);
	struct pst_past_identity now = hashed('a', NOON_S);

	assert_false(pst_history_identity(program, &now));
	now.last_s++;
	assert_false(pst_history_identity(program, &now));
	assert_int_equal(program->identity_count, 1);
	assert_int_equal(program->identity[0].last_s, NOON_S + 1);
	for (unsigned int i = 1; i <= 5; i++) {
		now = hashed((char)('a' + i), NOON_S + i);
		assert_true(pst_history_identity(program, &now));
	}
	assert_int_equal(program->identity_count, PST_PAST_IDENTITIES);
	assert_int_equal(program->identity[0].sha256[0], 'f');
	assert_int_equal(program->identity[3].sha256[0], 'c');
}

static void a_package_version_that_differs_is_a_change_without_a_hash(void **state)
{
	struct pst_past_program *program = pst_history_program(*state, "/a", NOON_S);
	struct pst_past_identity now = { .package = (char *)"acme", .version = (char *)"1" };

	assert_false(pst_history_identity(program, &now));
	now.version = (char *)"2";
	assert_true(pst_history_identity(program, &now));
	assert_string_equal(program->identity[0].version, "2");
	assert_string_equal(program->identity[1].version, "1");
}

static void a_hash_that_comes_later_is_no_change(void **state)
{
	struct pst_past_program *program = pst_history_program(*state, "/a", NOON_S);
	struct pst_past_identity now = { .package = (char *)"acme", .version = (char *)"1" };
	struct pst_past_identity later = hashed('a', NOON_S);
	struct pst_past_identity gone = { .hash_state = PST_HASH_GONE };

	assert_false(pst_history_identity(program, &now));
	assert_false(pst_history_identity(program, &later));
	assert_false(pst_history_identity(program, &gone));
	assert_int_equal(program->identity_count, 1);
	assert_int_equal(program->identity[0].hash_state, PST_HASHED);
	assert_string_equal(program->identity[0].package, "acme");
}

static bool stop_at_second(void *context, struct pst_past_program *program)
{
	unsigned int *visits = context;

	assert_non_null(program->path);
	return ++*visits < 2;
}

static void a_walk_ends_where_the_visitor_says(void **state)
{
	unsigned int visits = 0;

	pst_history_program(*state, "/a", NOON_S);
	pst_history_program(*state, "/b", NOON_S);
	pst_history_program(*state, "/c", NOON_S);
	pst_history_each(*state, stop_at_second, &visits);
	assert_int_equal(visits, 2);
}

static void a_program_is_found_again_by_its_id(void **state)
{
	const struct pst_past_id host = pst_past_id_of("/a", false);
	const struct pst_past_id foreign = pst_past_id_of("/a", true);
	struct pst_past_program *program;

	assert_null(pst_history_again(*state, &host, NOON_S));
	program = pst_history_program(*state, "/a", NOON_S);
	assert_null(pst_history_again(*state, &foreign, NOON_S));
	for (char name[] = "/b"; name[1] < 'e'; name[1]++)
		(void)pst_history_program(*state, name, NOON_S);
	assert_ptr_equal(pst_history_again(*state, &host, NOON_S + DAY_S), program);
	assert_int_equal(program->time.days_total, 2);
	(void)pst_history_program(*state, "/e", NOON_S); /* makes room: /b was used longest ago */
	assert_ptr_equal(pst_history_at(*state, &host), program);
	assert_null(pst_history_find(*state, "/b"));
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_program_is_found_again_by_its_id),
		T(a_program_is_found_by_its_path),
		T(a_foreign_program_is_another_one),
		T(the_least_recently_used_program_makes_room),
		T(facts_are_counted_by_kind_and_text),
		T(the_fact_that_was_not_seen_longest_makes_room),
		T(another_hash_takes_the_place_of_the_latest),
		T(a_package_version_that_differs_is_a_change_without_a_hash),
		T(a_hash_that_comes_later_is_no_change),
		T(a_walk_ends_where_the_visitor_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
