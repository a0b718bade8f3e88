// SPDX-License-Identifier: Apache-2.0
/* Is it inside of a window of the week? */
#include "contract_fixture.h"

#include <errno.h>

#include "contract/window.h"

#define DAY INT64_C(86400)
#define MONDAY (INT64_C(20780) * DAY) /* 2026-11-23 */
#define AT(day, hour, minute) (MONDAY + (day)*DAY + (hour)*3600 + (minute)*60)

static struct pst_window window_of(const char *text)
{
	struct pst_window window;

	if (pst_window_parse(text, &window))
		fail_msg("%s", text);
	return window;
}

static bool holds(const char *text, int64_t wall_s)
{
	struct pst_window window = window_of(text);

	return pst_window_holds(&window, wall_s);
}

static void a_window_begins_with_its_first_second_and_ends_before_its_last(void **state)
{
	(void)state;
	assert_false(holds("Mon-Fri 01:00-05:00", AT(0, 1, 0) - 1));
	assert_true(holds("Mon-Fri 01:00-05:00", AT(0, 1, 0)));
	assert_true(holds("Mon-Fri 01:00-05:00", AT(4, 5, 0) - 1));
	assert_false(holds("Mon-Fri 01:00-05:00", AT(4, 5, 0)));
	assert_false(holds("Mon-Fri 01:00-05:00", AT(5, 3, 0)));
	assert_false(holds("Mon-Fri 01:00-05:00", AT(-1, 3, 0)));
	assert_true(holds("Sat,Sun 00:00-24:00", AT(5, 0, 0)));
	assert_true(holds("Sat,Sun 00:00-24:00", AT(7, 0, 0) - 1));
	assert_false(holds("Sat,Sun 00:00-24:00", AT(7, 0, 0)));
}

static void over_midnight_it_ends_on_the_next_day(void **state)
{
	(void)state;
	assert_false(holds("Fri 22:00-02:00", AT(4, 22, 0) - 1));
	assert_true(holds("Fri 22:00-02:00", AT(4, 22, 0)));
	assert_true(holds("Fri 22:00-02:00", AT(5, 2, 0) - 1));
	assert_false(holds("Fri 22:00-02:00", AT(5, 2, 0)));
	assert_false(holds("Fri 22:00-02:00", AT(4, 1, 0)));
	assert_true(holds("Sun 22:00-02:00", AT(0, 1, 0)));
	assert_true(holds("daily 22:00-02:00", AT(3, 0, 0)));
	assert_false(holds("daily 22:00-02:00", AT(3, 12, 0)));
}

static void lists_and_ranges_of_days_may_go_over_the_end_of_the_week(void **state)
{
	static const char *const text = "Sat-Mon,Wed 00:00-24:00";
	static const bool expected[7] = { true, false, true, false, false, true, true };
	int day;

	(void)state;
	for (day = 0; day < 7; day++)
		assert_int_equal(holds(text, AT(day, 12, 0)), expected[day]);
}

static void before_1970_there_were_days_too(void **state)
{
	(void)state;
	assert_true(holds("Wed 23:00-24:00", -1));
	assert_false(holds("Thu 00:00-24:00", -1));
	assert_true(holds("Thu 00:00-24:00", 0));
}

static void what_is_no_window_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"Mon",
		"Mon-Fri",
		"01:00-05:00",
		"Mon-Fri 1:00-05:00",
		"Mon-Fri 01:00-24:01",
		"Mon-Fri 01:60-05:00",
		"Mon-Fri 05:00-05:00",
		"Mon-Fri 24:00-05:00",
		"mon 01:00-05:00",
		"Mon, Tue 01:00-05:00",
		"Mon-Fri 01:00-05:00 ",
		"Mon- 01:00-05:00",
		"Mon-Fri  01:00-05:00",
		"daily,Mon 01:00-05:00",
		"Mon, 01:00-05:00",
		"Mon-Tue-Wed 01:00-05:00",
		"Mon-Fri 01:00",
		"Mon-Fri 01:00-0500",
		"Montag 01:00-05:00",
		"Mon-Fri 01:00-25:00",
	};
	struct pst_window window = { .days = 9 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (pst_window_parse(texts[i], &window) != -EINVAL)
			fail_msg("%s", texts[i]);
	assert_int_equal(window.days, 9);
}

static void windows_and_times_read_as_they_are_written(void **state)
{
	static const char *const texts[][2] = {
		{ "Mon-Fri 01:00-05:00", "Mon-Fri 01:00-05:00" },
		{ "Sun,Sat 00:00-24:00", "Sat,Sun 00:00-24:00" },
		{ "daily 22:30-02:05", "daily 22:30-02:05" },
		{ "Mon-Sun 22:30-02:05", "daily 22:30-02:05" },
		{ "Mon,Wed,Fri,Sun 07:00-08:00", "Mon,Wed,Fri,Sun 07:00-08:00" },
	};
	char text[PST_WINDOW_TEXT];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct pst_window window = window_of(texts[i][0]);

		assert_string_equal(pst_window_text(&window, text), texts[i][1]);
	}
	assert_string_equal(pst_window_time(AT(6, 14, 5) + 59, text), "Sun 14:05 UTC");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_window_begins_with_its_first_second_and_ends_before_its_last),
		cmocka_unit_test(over_midnight_it_ends_on_the_next_day),
		cmocka_unit_test(lists_and_ranges_of_days_may_go_over_the_end_of_the_week),
		cmocka_unit_test(before_1970_there_were_days_too),
		cmocka_unit_test(what_is_no_window_is_refused),
		cmocka_unit_test(windows_and_times_read_as_they_are_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
