// SPDX-License-Identifier: Apache-2.0
/* When was that, on the wall clock, also when what comes from outside is beyond all clocks? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/wall.h"

#define SECOND INT64_C(1000000000)

static void the_offset_is_added(void **state)
{
	(void)state;
	assert_true(pst_wall_ns(5, 7) == 12);
	assert_true(pst_wall_ns(5, -7) == -2);
	assert_int_equal(pst_wall_s(5 * SECOND, SECOND), 6);
	assert_int_equal(pst_wall_s(5 * SECOND - 1, 0), 4);
}

static void before_the_year_1970_whole_seconds_are_none(void **state)
{
	(void)state;
	assert_int_equal(pst_wall_s(5 * SECOND, -5 * SECOND), 0);
	assert_int_equal(pst_wall_s(5 * SECOND, -6 * SECOND), 0);
	assert_int_equal(pst_wall_s(0, INT64_MIN), 0);
}

static void beyond_all_clocks_is_their_last_moment(void **state)
{
	(void)state;
	assert_true(pst_wall_ns(INT64_MAX, 0) == INT64_MAX);
	assert_true(pst_wall_ns(INT64_MAX, 1) == INT64_MAX);
	assert_true(pst_wall_ns(UINT64_MAX, -1) == INT64_MAX);
	assert_int_equal(pst_wall_s(UINT64_MAX, 1), INT64_MAX / SECOND);
}

static void a_day_is_that_of_utc(void **state)
{
	char out[PST_WALL_TEXT];

	(void)state;
	assert_string_equal(pst_wall_day(0, out), "1970-01-01");
	assert_string_equal(pst_wall_day(-1, out), "1969-12-31");
	assert_string_equal(pst_wall_day(1795391999, out), "2026-11-22");
	assert_string_equal(pst_wall_day(1795392000 - 86400, out), "2026-11-22");
	assert_string_equal(pst_wall_day(1795392000, out), "2026-11-23");
	assert_string_equal(pst_wall_day(INT64_MAX, out), "?");
	assert_string_equal(pst_wall_day(INT64_MIN, out), "?");
}

static void a_span_is_told_in_the_unit_of_which_it_has_two(void **state)
{
	char out[PST_WALL_TEXT];

	(void)state;
	assert_string_equal(pst_wall_span(59, out), "0 minutes");
	assert_string_equal(pst_wall_span(119, out), "1 minute");
	assert_string_equal(pst_wall_span(7199, out), "119 minutes");
	assert_string_equal(pst_wall_span(7200, out), "2.0 hours");
	assert_string_equal(pst_wall_span(172799, out), "48.0 hours");
	assert_string_equal(pst_wall_span(172800, out), "2.0 days");
	assert_string_equal(pst_wall_span(UINT64_MAX, out), "213503982334601.3 days");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_offset_is_added),
		cmocka_unit_test(before_the_year_1970_whole_seconds_are_none),
		cmocka_unit_test(beyond_all_clocks_is_their_last_moment),
		cmocka_unit_test(a_day_is_that_of_utc),
		cmocka_unit_test(a_span_is_told_in_the_unit_of_which_it_has_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
