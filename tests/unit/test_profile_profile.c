// SPDX-License-Identifier: Apache-2.0
/* Is a program known as a whole, and is a settled one not forgotten? */
#include "build.h"

#include "profile/profile.h"

static const struct pst_profile_keys keys = { .max_programs = 4 };

static int set_up(void **state)
{
	*state = pst_profile_new(&keys);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	pst_profile_free(*state);
	return 0;
}

static struct pst_program_profile *profile_of(void *profile, uint32_t number)
{
	const struct pst_program program = { .path = (char *)"/opt/a",
					     .number = number,
					     .first_exec_ns = 50 + number };

	return pst_profile_program(profile, &program);
}

static void a_program_is_profiled_from_its_first_exec(void **state)
{
	const struct pst_program_profile *profile = profile_of(*state, 7);

	assert_int_equal(profile->number, 7);
	assert_int_equal(profile->settle_from_ns, 57);
	assert_false(profile->settled);
	assert_ptr_equal(profile_of(*state, 7), profile);
}

static void execs_are_counted_for_the_program(void **state)
{
	struct pst_program program = { .path = (char *)"/opt/a", .number = 7 };
	struct pst_image image = { .program = &program };
	struct pst_process process = { .image = &image };
	struct pst_event exec = build_event(PST_EVENT_EXEC, 10, 100);

	assert_null(pst_profile_see(*state, &exec, &process, NULL));
	assert_null(pst_profile_see(*state, &exec, &process, NULL));
	assert_int_equal(profile_of(*state, 7)->execs, 2);
}

static void a_settled_program_outlives_others(void **state)
{
	struct pst_profile_figures figures;

	profile_of(*state, 1)->settled = true;
	for (uint32_t number = 2; number < 20; number++)
		profile_of(*state, number);
	assert_true(profile_of(*state, 1)->settled);
	pst_profile_figures(*state, &figures);
	assert_int_equal(figures.programs, 4);
	assert_int_equal(figures.evicted, 15);
}

static void what_came_after_a_sum_is_the_difference_without_bursts(void **state)
{
	const struct pst_counters before = { .attempts = 1,
					     .established = 2,
					     .failures = 3,
					     .closed = 4,
					     .bytes_out = 5,
					     .bytes_in = 6,
					     .packets_out = 7,
					     .packets_in = 8,
					     .taken = 9,
					     .given = 10,
					     .bursts = 11 };
	struct pst_counters now = before, delta;
	struct pst_totals then;
	const struct {
		uint64_t *now, *delta;
	} counts[] = {
		{ &now.attempts, &delta.attempts },
		{ &now.established, &delta.established },
		{ &now.failures, &delta.failures },
		{ &now.closed, &delta.closed },
		{ &now.bytes_out, &delta.bytes_out },
		{ &now.bytes_in, &delta.bytes_in },
		{ &now.packets_out, &delta.packets_out },
		{ &now.packets_in, &delta.packets_in },
		{ &now.taken, &delta.taken },
		{ &now.given, &delta.given },
	};

	(void)state;
	pst_totals_set(&then, &before);
	pst_totals_set(&then, &before); /* it does not add */
	now.bursts = 12;
	delta = pst_totals_since(&then, &now);
	assert_true(pst_counters_is_zero(&delta));
	assert_int_equal(delta.bursts, 0);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		*counts[i].now += i + 1;
		delta = pst_totals_since(&then, &now);
		assert_false(pst_counters_is_zero(&delta));
		assert_int_equal(*counts[i].delta, i + 1);
		*counts[i].now -= i + 1;
	}
}

static void every_verdict_has_its_word(void **state)
{
	(void)state;
	assert_string_equal(pst_verdict_name(PST_VERDICT_NONE), "none");
	assert_string_equal(pst_verdict_name(PST_DECLARED), "declared");
	assert_string_equal(pst_verdict_name(PST_UNDECLARED), "undeclared");
	assert_string_equal(pst_verdict_name(PST_UNKNOWN), "unknown");
	assert_string_equal(pst_verdict_name(PST_UNMANAGED), "unmanaged");
	assert_string_equal(pst_verdict_name((enum pst_verdict)99), "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_program_is_profiled_from_its_first_exec, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(execs_are_counted_for_the_program, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_settled_program_outlives_others, set_up,
						tear_down),
		cmocka_unit_test(what_came_after_a_sum_is_the_difference_without_bursts),
		cmocka_unit_test(every_verdict_has_its_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
