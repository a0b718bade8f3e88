// SPDX-License-Identifier: Apache-2.0
/* Do minutes of the week read as windows that hold exactly these? */
#include "contract_fixture.h"

#include <stdlib.h>

#include "contract/box.h"

#define DAY 1440u

static void reads(struct pst_port_range *list, size_t count, const char *words)
{
	const struct pst_ranges minutes = { .list = list, .count = count, .max = PST_WEEK_MIN };
	struct pst_prose prose = { .text = NULL };
	char *text;

	pst_minutes_say(&prose, &minutes);
	text = pst_prose_take(&prose);
	assert_string_equal(text, words);
	free(text);
}

static void days_that_are_alike_stand_together(void **state)
{
	struct pst_port_range list[] = { { 61, 300 },
					 { DAY + 61, DAY + 300 },
					 { 5 * DAY + 1, 5 * DAY + 60 } };

	(void)state;
	reads(list, 1, "Mon 01:00-05:00 UTC");
	reads(list, 2, "Mon,Tue 01:00-05:00 UTC");
	reads(list, 3, "Mon,Tue 01:00-05:00 and Sat 00:00-01:00 UTC");
}

static void what_goes_on_over_midnight_is_told_for_each_day(void **state)
{
	struct pst_port_range list[] = { { DAY - 59, 2 * DAY + 60 } };

	(void)state;
	reads(list, 1, "Mon 23:00-24:00, Tue 00:00-24:00 and Wed 00:00-01:00 UTC");
}

static void the_last_minute_of_the_week_is_one(void **state)
{
	struct pst_port_range list[] = { { PST_WEEK_MIN, PST_WEEK_MIN } };

	(void)state;
	reads(list, 1, "Sun 23:59-24:00 UTC");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_that_are_alike_stand_together),
		cmocka_unit_test(what_goes_on_over_midnight_is_told_for_each_day),
		cmocka_unit_test(the_last_minute_of_the_week_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
