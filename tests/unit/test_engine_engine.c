// SPDX-License-Identifier: Apache-2.0
/* What does the whole pipeline tell: one alert per finding with its count, what a reload changes,
 * and what the end still owes? */
#include "engine_fixture.h"

static void a_refused_connect_is_one_finding_that_counts_one(void **state)
{
	struct wire *w = *state;

	wire_connect(w, 443);
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "\"state\":\"new\",\"count\":1"));
	wire_result(w, 443, PST_RESULT_REFUSED);
	assert_int_equal(w->alerts, 2);
	assert_true(wire_last_alert_has(w, "\"state\":\"update\",\"count\":1"));
	assert_true(wire_last_alert_has(w, "\"outcome\":\"failure\""));
	assert_true(wire_last_alert_has(w, "result: refused"));
	pst_engine_end(w->engine);
	assert_int_equal(w->alerts, 2);
}

static void attempts_of_samples_are_counted_and_the_end_tells_them(void **state)
{
	struct wire *w = *state;

	wire_connect(w, 443);
	wire_result(w, 443, PST_RESULT_REFUSED);
	wire_sample(w, (struct wire_count){ .port = 443, .attempts = 40, .failures = 40 });
	wire_sample(w, (struct wire_count){ .port = 443, .attempts = 40, .failures = 40 });
	assert_int_equal(w->alerts, 2);
	pst_engine_end(w->engine);
	assert_int_equal(w->alerts, 3);
	assert_true(wire_last_alert_has(w, "\"state\":\"update\",\"count\":40"));
}

static void two_processes_of_one_finding_add_up(void **state)
{
	struct wire *w = *state;

	wire_connect(w, 443);
	wire_exec(w, 11, "agent");
	wire_connect(w, 443);
	wire_sample(w, (struct wire_count){ .port = 443, .attempts = 3 });
	pst_engine_end(w->engine);
	assert_int_equal(w->alerts, 2);
	assert_true(wire_last_alert_has(w, "\"count\":4"));
}

static void samples_alone_count_the_same(void **state)
{
	struct wire *w = *state;

	wire_sample(w, (struct wire_count){ .port = 443, .attempts = 40, .failures = 40 });
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "\"state\":\"new\",\"count\":40"));
}

static void a_reload_without_a_change_tells_nothing(void **state)
{
	struct wire *w = *state;

	wire_connect(w, 443);
	wire_result(w, 443, PST_RESULT_ESTABLISHED);
	assert_int_equal(w->alerts, 2);
	wire_reload(w, WIRE_CONTRACT("1", ""));
	wire_sample(w, (struct wire_count){ .port = 443, .attempts = 1, .established = 1 });
	pst_engine_end(w->engine);
	assert_int_equal(w->alerts, 2);
}

static void a_refused_connect_that_is_over_is_not_judged_again(void **state)
{
	struct wire *w = *state;

	wire_connect(w, 80);
	wire_result(w, 80, PST_RESULT_REFUSED);
	assert_int_equal(w->alerts, 0);
	wire_reload(w, WIRE_CONTRACT_NOTHING);
	wire_sample(w, (struct wire_count){ .port = 80, .attempts = 1, .failures = 1 });
	pst_engine_end(w->engine);
	assert_int_equal(w->alerts, 0);
}

static void an_open_channel_that_becomes_undeclared_is_a_new_finding(void **state)
{
	struct wire *w = *state;

	wire_connect(w, 80);
	wire_sample(w, (struct wire_count){ .port = 80, .attempts = 7, .established = 7 });
	assert_int_equal(w->alerts, 0);
	wire_reload(w, WIRE_CONTRACT_NOTHING);
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "\"state\":\"new\",\"count\":1"));
	wire_sample(w, (struct wire_count){ .port = 80, .attempts = 9, .established = 9 });
	pst_engine_end(w->engine);
	assert_int_equal(w->alerts, 2);
	assert_true(wire_last_alert_has(w, "\"count\":3"));
}

static void an_undeclared_channel_that_becomes_declared_is_silent(void **state)
{
	struct wire *w = *state;

	wire_connect(w, 443);
	wire_result(w, 443, PST_RESULT_ESTABLISHED);
	wire_reload(w, WIRE_CONTRACT("2", ",443"));
	wire_sample(w, (struct wire_count){ .port = 443, .attempts = 9, .established = 9 });
	pst_engine_end(w->engine);
	assert_int_equal(w->alerts, 2);
}

static void a_changed_contract_updates_what_it_still_forbids_and_counts_nothing(void **state)
{
	struct wire *w = *state;

	wire_connect(w, 443);
	wire_result(w, 443, PST_RESULT_ESTABLISHED);
	wire_reload(w, WIRE_CONTRACT("2", ""));
	assert_int_equal(w->alerts, 2); /* waits for its turn */
	pst_engine_end(w->engine);
	assert_int_equal(w->alerts, 3);
	assert_true(wire_last_alert_has(w, "\"count\":1"));
	assert_true(wire_last_alert_has(w, "\"id\":\"acme\",\"version\":\"2\""));
}

static void a_pending_connect_lives_for_a_while(void **state)
{
	struct wire *w = *state;

	wire_connect(w, 80);
	wire_tick(w, 179);
	wire_reload(w, WIRE_CONTRACT_NOTHING);
	assert_int_equal(w->alerts, 1);
}

static void a_connect_whose_result_never_came_is_dead_at_last(void **state)
{
	struct wire *w = *state;

	wire_connect(w, 80);
	wire_tick(w, 181);
	wire_reload(w, WIRE_CONTRACT_NOTHING);
	assert_int_equal(w->alerts, 0);
	wire_sample(w, (struct wire_count){ .port = 80, .attempts = 2 }); /* it goes on after all */
	assert_int_equal(w->alerts, 1);
	assert_true(wire_last_alert_has(w, "\"count\":1"));
}

static uint64_t unknown(const struct wire *w)
{
	struct pst_engine_figures figures;

	pst_engine_figures(w->engine, &figures);
	return figures.unknown_verdicts;
}

static void unknown_verdicts_are_those_of_living_channels_after_a_reload(void **state)
{
	struct wire *w = *state;

	wire_connect(w, 9000); /* only a name might allow it */
	wire_result(w, 9000, PST_RESULT_ESTABLISHED);
	wire_connect(w, 9001);
	wire_result(w, 9001, PST_RESULT_REFUSED);
	assert_int_equal(unknown(w), 2);
	wire_reload(w, WIRE_CONTRACT("1", ""));
	assert_int_equal(unknown(w), 1);
	wire_sample(w, (struct wire_count){ .port = 9001, .attempts = 2, .failures = 2 });
	assert_int_equal(unknown(w), 2);
	assert_int_equal(w->alerts, 0);
}

static void the_end_tells_what_no_interval_told(void **state)
{
	struct wire *w = *state;

	wire_connect(w, 80);
	assert_int_equal(w->flows, 1);
	wire_sample(w, (struct wire_count){ .port = 80, .attempts = 1, .bytes_out = 1234 });
	assert_int_equal(w->flows, 1);
	pst_engine_end(w->engine);
	assert_int_equal(w->flows, 2);
	assert_non_null(strstr(w->flow, "\"action\":\"channel-summary\""));
	assert_non_null(strstr(w->flow, "\"flows\":0"));
	assert_non_null(strstr(w->flow, "\"source\":{\"bytes\":1234"));
	assert_true(w->health_last);
}

static void the_end_keeps_within_the_budget_and_counts_the_rest(void **state)
{
	struct wire *w = *state;

	wire_connect(w, 80);
	wire_sample(w, (struct wire_count){ .port = 80, .attempts = 1, .bytes_out = 1234 });
	w->config->events_budget = 1;
	pst_engine_end(w->engine);
	assert_int_equal(w->flows, 1);
	assert_non_null(strstr(w->health, "\"filtered\":1"));
}

static void a_program_takes_half_of_the_budget_at_most(void **state)
{
	struct wire *w = *state;
	uint16_t port;
	size_t told;

	wire_connect(w, 80);
	w->config->events_budget = 12 * strlen(w->flow);
	for (port = 10000; port < 10100; port++)
		wire_connect(w, port);
	assert_in_range(w->flows, 5, 7);
	told = w->flows;
	wire_exec(w, 21, "other");
	wire_connect(w, 80);
	assert_int_equal(w->flows, told + 1);
}

static void a_folded_channel_has_no_record_of_its_own_beginning(void **state)
{
	struct wire *w = *state;

	wire_connect_as(w, 80, PST_CHAN_FOLDED);
	assert_int_equal(w->flows, 0);
	pst_engine_end(w->engine);
	assert_int_equal(w->flows, 1);
	assert_non_null(strstr(w->flow, "\"action\":\"channel-summary\""));
}

static void a_channel_that_makes_room_is_told_first(void **state)
{
	struct wire *w = *state;

	wire_restart(w, 1); /* room for one channel */
	wire_connect(w, 80);
	wire_sample(w, (struct wire_count){ .port = 80, .attempts = 1, .bytes_out = 1234 });
	wire_connect(w, 81);
	assert_int_equal(w->flows, 3);
	assert_non_null(strstr(w->first_summary, "\"source\":{\"bytes\":1234"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRE_CASE(a_refused_connect_is_one_finding_that_counts_one),
		WIRE_CASE(attempts_of_samples_are_counted_and_the_end_tells_them),
		WIRE_CASE(two_processes_of_one_finding_add_up),
		WIRE_CASE(samples_alone_count_the_same),
		WIRE_CASE(a_reload_without_a_change_tells_nothing),
		WIRE_CASE(a_refused_connect_that_is_over_is_not_judged_again),
		WIRE_CASE(an_open_channel_that_becomes_undeclared_is_a_new_finding),
		WIRE_CASE(an_undeclared_channel_that_becomes_declared_is_silent),
		WIRE_CASE(a_changed_contract_updates_what_it_still_forbids_and_counts_nothing),
		WIRE_CASE(a_pending_connect_lives_for_a_while),
		WIRE_CASE(a_connect_whose_result_never_came_is_dead_at_last),
		WIRE_CASE(unknown_verdicts_are_those_of_living_channels_after_a_reload),
		WIRE_CASE(the_end_tells_what_no_interval_told),
		WIRE_CASE(the_end_keeps_within_the_budget_and_counts_the_rest),
		WIRE_CASE(a_program_takes_half_of_the_budget_at_most),
		WIRE_CASE(a_folded_channel_has_no_record_of_its_own_beginning),
		WIRE_CASE(a_channel_that_makes_room_is_told_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
