// SPDX-License-Identifier: Apache-2.0
/* Is what a program did over weeks held against the contract that would have bound it? */
#include "trial_fixture.h"

#define ANY_TCP "\"channels\":[{\"connect\":\"tcp\"}]"
#define NOTHING "\"channels\":[]"

static void connects(struct pst_history *history, const char *via)
{
	const struct pst_channel channel = make_channel(PST_TCP_CONNECT, "203.0.113.9", 443, 0);

	did(history, &channel, NULL, via);
}

/* So many programs are bound, and so many alerts would have come. */
static void tries(const struct pst_history *history, const char *software, size_t bound,
		  size_t alerts)
{
	struct pst_trial trial = trial_of(history, software, NOTHING);

	assert_int_equal(trial.programs, bound);
	assert_int_equal(trial.unbound, 1 - bound);
	assert_int_equal(trial.count, alerts);
	pst_trial_clear(&trial);
}

static void a_program_is_bound_by_its_path(void **state)
{
	connects(*state, NULL);
	tries(*state, "{\"path\":\"/opt/acme/**\"}", 1, 1);
	tries(*state, "{\"path\":\"/opt/other/**\"}", 0, 0);
}

static void what_is_declared_is_no_alert(void **state)
{
	struct pst_trial trial;

	connects(*state, NULL);
	trial = trial_of(*state, "{\"path\":\"/opt/acme/**\"}", ANY_TCP);
	assert_int_equal(trial.count, 0);
	assert_int_equal(trial.deeds, 1);
	assert_int_equal(trial.programs, 1);
	pst_trial_clear(&trial);
}

static void a_program_is_bound_by_any_of_its_units(void **state)
{
	struct pst_past_program *program;

	connects(*state, NULL);
	program = pst_history_program(*state, AGENT, NOON_S);
	program->units[0] = strdup("other.service");
	program->units[1] = strdup("acme.service");
	program->unit_count = 2;
	tries(*state, "{\"unit\":\"acme.service\"}", 1, 1);
	tries(*state, "{\"unit\":\"other.service\"}", 1, 1);
	tries(*state, "{\"unit\":\"third.service\"}", 0, 0);
}

static void a_program_is_bound_by_its_package(void **state)
{
	connects(*state, NULL);
	pst_history_identity(pst_history_program(*state, AGENT, NOON_S),
			     &(struct pst_past_identity){ .owner = PST_OWNER_VENDOR,
							  .package = (char *)"acme-backup",
							  .version = (char *)"1.2" });
	tries(*state, "{\"package\":\"acme-backup\"}", 1, 1);
	tries(*state, "{\"package\":\"acme\"}", 0, 0);
}

static void who_it_started_is_bound_with_it(void **state)
{
	connects(*state, "/usr/bin/curl");
	tries(*state, "{\"path\":\"/opt/acme/**\"}", 1, 1);
	tries(*state, "{\"path\":\"/usr/bin/curl\"}", 1, 1);
	tries(*state, "{\"path\":\"/usr/bin/wget\"}", 0, 0);
}

static void no_entry_that_asks_for_a_user_holds(void **state)
{
	connects(*state, NULL);
	tries(*state, "{\"path\":\"/opt/acme/**\",\"uid\":0}", 0, 0);
}

static void a_foreign_program_is_bound_by_no_path(void **state)
{
	const struct pst_channel channel = make_channel(PST_TCP_CONNECT, "203.0.113.9", 443, 0);
	const struct pst_past_sight sight = { .channel = &channel,
					      .since = &channel.count,
					      .wall_offset_ns = WALL_NS };

	assert_non_null(
		pst_history_add(*state, pst_history_foreign(*state, AGENT, NOON_S), &sight, NULL));
	tries(*state, "{\"path\":\"/opt/acme/**\"}", 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_program_is_bound_by_its_path, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_declared_is_no_alert, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_program_is_bound_by_any_of_its_units, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_program_is_bound_by_its_package, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(who_it_started_is_bound_with_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_entry_that_asks_for_a_user_holds, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_foreign_program_is_bound_by_no_path, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
