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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_offset_is_added),
		cmocka_unit_test(before_the_year_1970_whole_seconds_are_none),
		cmocka_unit_test(beyond_all_clocks_is_their_last_moment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
