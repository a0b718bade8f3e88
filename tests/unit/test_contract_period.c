// SPDX-License-Identifier: Apache-2.0
/* Is a gap as long as it is expected to be? */
#include "contract_fixture.h"

#include <errno.h>

#include "contract/period.h"

#define SECOND UINT64_C(1000000000)

static struct pst_period period_of(const char *text)
{
	struct pst_period period;

	if (pst_period_parse(text, &period))
		fail_msg("%s", text);
	return period;
}

static void a_gap_holds_inside_of_the_tolerance(void **state)
{
	const struct pst_period period = period_of("5m +-10%");

	(void)state;
	assert_int_equal(period.every_s, 300);
	assert_false(pst_period_holds(&period, 270 * SECOND - 1));
	assert_true(pst_period_holds(&period, 270 * SECOND));
	assert_true(pst_period_holds(&period, 330 * SECOND));
	assert_false(pst_period_holds(&period, 330 * SECOND + 1));
}

static void units_and_a_usual_tolerance(void **state)
{
	(void)state;
	assert_int_equal(period_of("2s").every_s, 2);
	assert_int_equal(period_of("90s").every_s, 90);
	assert_int_equal(period_of("2h").every_s, 7200);
	assert_int_equal(period_of("31d").every_s, 31 * 86400);
	assert_int_equal(period_of("1d").tolerance_pct, 10);
	assert_int_equal(period_of("1d +-1%").tolerance_pct, 1);
	assert_int_equal(period_of("1d +-50%").tolerance_pct, 50);
}

static void what_is_no_period_is_refused(void **state)
{
	static const char *const texts[] = {
		"",	    "5",   "m",	     "5 m",    "5m+-10%", "5m +-10",   "5m +-0%",
		"5m +-51%", "1s",  "32d",    "0m",     "5M",	  "5m +-10%x", "5m +-1000000%",
		"1000000s", "-5m", "5m 10%", "5m +10%"
	};
	struct pst_period period = { .every_s = 9 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (pst_period_parse(texts[i], &period) != -EINVAL)
			fail_msg("%s", texts[i]);
	assert_int_equal(period.every_s, 9);
}

static void a_period_reads_in_its_largest_unit(void **state)
{
	static const char *const texts[][2] = { { "300s +-20%", "5m +-20%" },
						{ "90s", "90s +-10%" },
						{ "48h", "2d +-10%" },
						{ "60m", "1h +-10%" } };
	char text[PST_PERIOD_TEXT];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct pst_period period = period_of(texts[i][0]);

		assert_string_equal(pst_period_text(&period, text), texts[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_gap_holds_inside_of_the_tolerance),
		cmocka_unit_test(units_and_a_usual_tolerance),
		cmocka_unit_test(what_is_no_period_is_refused),
		cmocka_unit_test(a_period_reads_in_its_largest_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
