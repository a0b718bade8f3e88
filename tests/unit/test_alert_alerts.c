// SPDX-License-Identifier: Apache-2.0
/* One alert per finding: when is it new, when updated, and is anything ever left uncounted? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "alert_fixture.h"

#define T0 (100000 * FIXTURE_S)
#define WAIT (300 * FIXTURE_S)

static void a_finding_is_told_once_and_its_repeats_are_counted(void **state)
{
	struct fixture *f = fixture_new(NULL);
	struct pst_alert_figures figures;

	(void)state;
	fixture_found(f, T0);
	fixture_found(f, T0 + 1);
	fixture_found(f, T0 + WAIT - 1);
	assert_int_equal(f->count, 1);
	assert_true(fixture_last_has(f, "\"state\":\"new\",\"count\":1"));
	pst_alerts_figures(f->alerts, &figures);
	assert_int_equal(figures.alerts, 1);
	assert_int_equal(figures.updates, 0);
	assert_int_equal(figures.by_detector[PST_DETECTOR_UNDECLARED_CHANNEL], 3);
	fixture_free(f);
}

static void a_repeat_updates_when_the_wait_is_over_and_not_before(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	fixture_found(f, T0);
	fixture_found(f, T0 + WAIT - 1);
	assert_int_equal(f->count, 1);
	fixture_found(f, T0 + WAIT);
	assert_int_equal(f->count, 2);
	assert_true(fixture_last_has(f, "\"state\":\"update\",\"count\":3"));
	assert_true(fixture_last_has(f, "\"first_seen\":\"2026-11-22T09:41:07.000000Z\""));
	assert_true(fixture_last_has(f, "\"duration\":300000000000"));
	fixture_free(f);
}

static void repeats_are_told_by_the_tick_after_the_wait(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	fixture_found(f, T0);
	fixture_found(f, T0 + 1);
	pst_alerts_tick(f->alerts, T0 + WAIT - 1);
	assert_int_equal(f->count, 1);
	pst_alerts_tick(f->alerts, T0 + WAIT);
	assert_int_equal(f->count, 2);
	assert_true(fixture_last_has(f, "\"count\":2"));
	pst_alerts_tick(f->alerts, T0 + 100 * WAIT); /* nothing new: nothing told */
	assert_int_equal(f->count, 2);
	fixture_free(f);
}

static void waits_double_up_to_an_hour(void **state)
{
	static const uint64_t waits[] = { 300, 600, 1200, 2400, 3600, 3600 };
	struct fixture *f = fixture_new(NULL);
	uint64_t now = T0;
	size_t i;

	(void)state;
	fixture_found(f, now);
	for (i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		fixture_found(f, now + 1);
		pst_alerts_tick(f->alerts, now + waits[i] * FIXTURE_S - 1);
		assert_int_equal(f->count, 1 + i);
		now += waits[i] * FIXTURE_S;
		pst_alerts_tick(f->alerts, now);
		assert_int_equal(f->count, 2 + i);
	}
	fixture_free(f);
}

static void flush_tells_what_is_pending_at_once(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	fixture_found(f, T0);
	fixture_found(f, T0 + 1);
	pst_alerts_flush(f->alerts, T0 + 2);
	assert_int_equal(f->count, 2);
	assert_true(fixture_last_has(f, "\"count\":2"));
	pst_alerts_flush(f->alerts, T0 + 3);
	assert_int_equal(f->count, 2);
	fixture_free(f);
}

static void an_update_is_written_when_process_and_channel_are_gone(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	fixture_found(f, T0);
	fixture_found(f, T0 + 1);
	memset(&f->process, 0xee, sizeof(f->process));
	memset(&f->channel, 0xee, sizeof(f->channel));
	memset(&f->agent, 0xee, sizeof(f->agent));
	memset(&f->agent_program, 0xee, sizeof(f->agent_program));
	pst_alerts_flush(f->alerts, T0 + 2);
	assert_true(fixture_last_has(f, "\"executable\":\"/opt/acme/backup/bin/bkagent\""));
	assert_true(fixture_last_has(f, "\"ip\":\"203.0.113.44\""));
	fixture_free(f);
}

static void another_peer_rule_or_program_is_another_finding(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	fixture_found(f, T0);
	f->channel.key.port++;
	fixture_found(f, T0 + 1);
	f->finding.detector = PST_DETECTOR_NEW_LISTENER;
	fixture_found(f, T0 + 2);
	f->finding.image = &f->shell;
	fixture_found(f, T0 + 3);
	f->channel.key.proc.tgid++; /* another process of the same program is the same finding */
	fixture_found(f, T0 + 4);
	assert_int_equal(f->count, 4);
	fixture_free(f);
}

static void the_first_result_of_each_sort_is_told_at_once(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	fixture_found(f, T0);
	f->channel.last_error = 111;
	strcpy(f->finding.reason, "1 attempt, result: refused");
	fixture_result(f, T0 + 5, PST_REFUSED);
	assert_int_equal(f->count, 2);
	assert_true(fixture_last_has(f, "\"outcome\":\"failure\""));
	assert_true(fixture_last_has(f, "\"reason\":\"1 attempt, result: refused\""));
	assert_true(fixture_last_has(f, "\"state\":\"update\",\"count\":1"));
	fixture_result(f, T0 + 6, PST_ESTABLISHED);
	assert_int_equal(f->count, 3);
	assert_true(fixture_last_has(f, "\"outcome\":\"success\""));
	fixture_result(f, T0 + 7, PST_REFUSED); /* to and fro: waits for its turn */
	assert_int_equal(f->count, 3);
	pst_alerts_flush(f->alerts, T0 + 8);
	assert_int_equal(f->count, 4);
	assert_true(fixture_last_has(f, "\"result\":\"refused\""));
	assert_true(fixture_last_has(f, "\"state\":\"update\",\"count\":1"));
	fixture_free(f);
}

static void attempts_of_all_processes_add_up(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	fixture_found(f, T0);
	f->finding.occurrences = 39;
	fixture_found(f, T0 + 1);
	f->channel.key.proc.tgid++;
	f->finding.occurrences = 2;
	fixture_found(f, T0 + 2);
	assert_int_equal(f->count, 1);
	pst_alerts_flush(f->alerts, T0 + 3);
	assert_int_equal(f->count, 2);
	assert_true(fixture_last_has(f, "\"state\":\"update\",\"count\":42"));
	fixture_free(f);
}

static void the_newest_occurrence_speaks_for_all(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	fixture_found(f, T0);
	strcpy(f->finding.reason, "2 attempts");
	fixture_found(f, T0 + 1);
	pst_alerts_tick(f->alerts, T0 + WAIT);
	assert_int_equal(f->count, 2);
	assert_true(fixture_last_has(f, "\"reason\":\"2 attempts\""));
	fixture_free(f);
}

static void a_socket_that_is_only_made_does_not_speak_for_one_with_a_peer(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	fixture_found(f, T0);
	f->channel.bare = true;
	strcpy(f->finding.reason, "only made");
	fixture_found(f, T0 + 1);
	pst_alerts_tick(f->alerts, T0 + WAIT);
	assert_int_equal(f->count, 2);
	assert_true(fixture_last_has(f, "\"count\":2"));
	assert_false(fixture_last_has(f, "\"reason\":\"only made\""));
	fixture_free(f);
}

static void news_of_a_finding_that_was_forgotten_count_one(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	fixture_result(f, T0, PST_REFUSED);
	assert_int_equal(f->count, 1);
	assert_true(fixture_last_has(f, "\"state\":\"new\",\"count\":1"));
	fixture_free(f);
}

static void what_is_judged_again_is_told_now_and_not_at_its_last_activity(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	fixture_at(f, T0 + 60 * FIXTURE_S);
	f->finding.time_ns = T0;
	pst_alerts_found(f->alerts, &f->finding);
	assert_true(fixture_last_has(f, "\"@timestamp\":\"2026-11-22T09:42:07.000000Z\""));
	assert_true(fixture_last_has(f, "\"start\":\"2026-11-22T09:41:07.000000Z\""));
	fixture_free(f);
}

static void a_full_table_tells_what_it_forgets(void **state)
{
	const struct pst_alert_keys keys = { .max_findings = 2 };
	struct fixture *f = fixture_new(&keys);

	(void)state;
	fixture_found(f, T0);
	fixture_found(f, T0 + 1); /* one repeat that was not told */
	f->channel.key.port = 1;
	fixture_found(f, T0 + 2);
	f->channel.key.port = 2;
	fixture_found(f, T0 + 3); /* makes room */
	assert_int_equal(f->count, 4);
	assert_non_null(strstr(f->line[2].text, "\"port\":8443"));
	assert_non_null(strstr(f->line[2].text, "\"state\":\"update\",\"count\":2"));
	assert_non_null(strstr(f->line[3].text, "\"port\":2"));
	fixture_free(f);
}

static void a_loss_makes_evidence_incomplete_for_a_minute(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	pst_alerts_loss(f->alerts, T0);
	fixture_found(f, T0 + 60 * FIXTURE_S - 1);
	assert_true(fixture_last_has(f, "\"evidence_complete\":false"));
	f->channel.key.port++;
	fixture_found(f, T0 + 60 * FIXTURE_S);
	assert_true(fixture_last_has(f, "\"evidence_complete\":true"));
	fixture_free(f);
}

static void equal_streams_give_equal_lines(void **state)
{
	struct fixture *a = fixture_new(NULL), *b = fixture_new(NULL);

	(void)state;
	fixture_found(a, T0);
	fixture_found(b, T0);
	assert_string_equal(fixture_last(a), fixture_last(b));
	fixture_free(a);
	fixture_free(b);
}

static void a_clock_step_moves_only_the_written_times(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	pst_alerts_clock(f->alerts, f->host.wall_offset_ns + 3600 * (int64_t)FIXTURE_S);
	fixture_found(f, T0);
	assert_true(fixture_last_has(f, "\"@timestamp\":\"2026-11-22T10:41:07.000000Z\""));
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_is_told_once_and_its_repeats_are_counted),
		cmocka_unit_test(a_repeat_updates_when_the_wait_is_over_and_not_before),
		cmocka_unit_test(repeats_are_told_by_the_tick_after_the_wait),
		cmocka_unit_test(waits_double_up_to_an_hour),
		cmocka_unit_test(flush_tells_what_is_pending_at_once),
		cmocka_unit_test(an_update_is_written_when_process_and_channel_are_gone),
		cmocka_unit_test(another_peer_rule_or_program_is_another_finding),
		cmocka_unit_test(the_first_result_of_each_sort_is_told_at_once),
		cmocka_unit_test(attempts_of_all_processes_add_up),
		cmocka_unit_test(the_newest_occurrence_speaks_for_all),
		cmocka_unit_test(a_socket_that_is_only_made_does_not_speak_for_one_with_a_peer),
		cmocka_unit_test(news_of_a_finding_that_was_forgotten_count_one),
		cmocka_unit_test(what_is_judged_again_is_told_now_and_not_at_its_last_activity),
		cmocka_unit_test(a_full_table_tells_what_it_forgets),
		cmocka_unit_test(a_loss_makes_evidence_incomplete_for_a_minute),
		cmocka_unit_test(equal_streams_give_equal_lines),
		cmocka_unit_test(a_clock_step_moves_only_the_written_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
