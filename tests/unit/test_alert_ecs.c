// SPDX-License-Identifier: Apache-2.0
/* Are times right, and does a record that grows too long lose the right parts first? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "alert/ecs.h"
#include "alert_fixture.h"
#include "golden.h"

static const char *time_of(int64_t offset_ns, uint64_t time_ns)
{
	static char out[PST_ECS_TIME_TEXT];
	struct pst_speaker speaker = { .wall_offset_ns = offset_ns };
	struct pst_ecs ecs = { .speaker = &speaker };

	return pst_ecs_time(&ecs, time_ns, out);
}

static void times_are_utc_with_six_decimals(void **state)
{
	(void)state;
	assert_string_equal(time_of(0, 0), "1970-01-01T00:00:00.000000Z");
	assert_string_equal(time_of(0, 999), "1970-01-01T00:00:00.000000Z");
	assert_string_equal(time_of(0, 1000), "1970-01-01T00:00:00.000001Z");
	assert_string_equal(time_of(1795340467 * INT64_C(1000000000), 318204999),
			    "2026-11-22T09:41:07.318204Z");
}

static void leap_days_are_days(void **state)
{
	(void)state;
	assert_string_equal(time_of(1709164799 * INT64_C(1000000000), 0),
			    "2024-02-28T23:59:59.000000Z");
	assert_string_equal(time_of(1709164800 * INT64_C(1000000000), 0),
			    "2024-02-29T00:00:00.000000Z");
	assert_string_equal(time_of(1709251200 * INT64_C(1000000000), 0),
			    "2024-03-01T00:00:00.000000Z");
	assert_string_equal(time_of(4107542399 * INT64_C(1000000000), 0),
			    "2100-02-28T23:59:59.000000Z");
	assert_string_equal(time_of(4107542400 * INT64_C(1000000000), 0),
			    "2100-03-01T00:00:00.000000Z");
	assert_string_equal(time_of(1735689599 * INT64_C(1000000000), 0),
			    "2024-12-31T23:59:59.000000Z");
	assert_string_equal(time_of(1735689600 * INT64_C(1000000000), 0),
			    "2025-01-01T00:00:00.000000Z");
}

static void times_before_the_epoch_do_not_break(void **state)
{
	(void)state;
	assert_string_equal(time_of(-1, 0), "1969-12-31T23:59:59.999999Z");
	assert_string_equal(time_of(-86400 * INT64_C(1000000000), 0),
			    "1969-12-31T00:00:00.000000Z");
}

static void absurd_times_are_bounded(void **state)
{
	(void)state;
	assert_int_equal(strlen(time_of(INT64_MAX, UINT64_MAX)), 27);
	assert_int_equal(strlen(time_of(INT64_MIN, 0)), 27);
}

static void keywords_end_at_1024_characters(void **state)
{
	struct fixture *f = fixture_new(NULL);
	char path[2001], part[1100];

	(void)state;
	memset(path, 'p', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	f->agent_program.path = path;
	pst_alerts_exec(f->alerts, &f->process, &f->agent, 1);
	(void)snprintf(part, sizeof(part), "\"executable\":\"%.1024s\"", path);
	assert_true(fixture_last_has(f, part));
	fixture_free(f);
}

/* fill_hostile - every string as long and as bad as it can be */
static void fill_hostile(struct fixture *f, char *path, char *args)
{
	size_t i;

	memset(path, 0x01, 4095);
	path[4095] = '\0';
	path[0] = '/';
	memset(args, 0x02, 2048);
	for (i = 63; i < 2048; i += 64)
		args[i] = '\0';
	f->agent_program.path = path;
	f->agent_program.package = path + 4095 - 128; /* as long as the wire carries */
	f->agent_program.version = path + 4095 - 128;
	f->agent_program.origin = path + 4095 - 128;
	f->systemd_program.path = path;
	f->agent.unit = path;
	f->agent.home = path;
	f->agent.args = args;
	f->agent.args_len = 2048;
	memset(f->finding.reason, 0x03, sizeof(f->finding.reason) - 1);
	memset(f->finding.message, '"', sizeof(f->finding.message) - 1);
	f->finding.standing_count = PST_STANDING_MAX;
	f->finding.standing_total = 10000;
	for (i = 0; i < PST_STANDING_MAX; i++)
		f->finding.standing[i] = &f->channel;
}

static void the_worst_record_still_fits_and_says_what_it_lost(void **state)
{
	static char path[4096], args[2049];
	struct fixture *f = fixture_new(NULL);

	(void)state;
	fill_hostile(f, path, args);
	pst_alerts_found(f->alerts, &f->finding);
	assert_int_equal(f->count, 1);
	assert_true(strlen(fixture_last(f)) < PST_RECORD_MAX);
	assert_true(
		fixture_last_has(f, "\"truncated\":[\"process.command_line\",\"process.args\""));
	assert_true(fixture_last_has(f, "\"code\":\"undeclared_channel\""));
	assert_true(fixture_last_has(f, "\"ip\":\"203.0.113.44\""));
	assert_true(golden_is("hostile.json", fixture_last(f)));
	fixture_free(f);
}

static void a_long_command_line_is_cut_before_anything_else(void **state)
{
	static char args[2049];
	struct fixture *f = fixture_new(NULL);

	(void)state;
	memset(args, 0x02, 2048); /* fits raw, but not escaped and twice */
	f->agent.args = args;
	f->agent.args_len = 2048;
	pst_alerts_found(f->alerts, &f->finding);
	assert_true(
		fixture_last_has(f, "\"truncated\":[\"process.command_line\",\"process.args\"]"));
	assert_true(fixture_last_has(f, "\"chain\""));
	fixture_free(f);
}

static void a_record_that_fits_loses_nothing(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	pst_alerts_found(f->alerts, &f->finding);
	assert_null(strstr(fixture_last(f), "truncated"));
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_utc_with_six_decimals),
		cmocka_unit_test(leap_days_are_days),
		cmocka_unit_test(times_before_the_epoch_do_not_break),
		cmocka_unit_test(absurd_times_are_bounded),
		cmocka_unit_test(keywords_end_at_1024_characters),
		cmocka_unit_test(the_worst_record_still_fits_and_says_what_it_lost),
		cmocka_unit_test(a_long_command_line_is_cut_before_anything_else),
		cmocka_unit_test(a_record_that_fits_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
