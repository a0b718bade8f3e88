// SPDX-License-Identifier: Apache-2.0
/* Do times, rhythms and sizes read as they are? */
#include "engine/page.h"
#include "history_fixture.h"

static void spans_have_two_units(void **state)
{
	char out[PST_PAGE_WORDS];

	(void)state;
	assert_string_equal(pst_page_span(1540, out), "1.5s");
	assert_string_equal(pst_page_span(59999, out), "59s");
	assert_string_equal(pst_page_span(300000, out), "5m0s");
	assert_string_equal(pst_page_span(3600000, out), "1h0m");
	assert_string_equal(pst_page_span(UINT64_C(100) * 3600000, out), "4d4h");
}

static void a_rhythm_is_told_with_its_spread(void **state)
{
	struct pst_past_channel channel = { .gap_count = 16 };
	char out[PST_PAGE_WORDS];

	(void)state;
	for (uint32_t i = 0; i < PST_PAST_GAPS; i++)
		channel.gap_ms[i] = 300000 + (i % 2 ? 6000u : 0u) - (i % 4 ? 0u : 6000u);
	assert_string_equal(pst_page_rhythm(&channel, out), "every 5m3s +-3%");
	channel.gap_count = 3;
	assert_string_equal(pst_page_rhythm(&channel, out), "");
}

static void sizes_are_those_of_the_middle_half(void **state)
{
	struct pst_past_channel channel = { .sizes = { [6] = 10, [7] = 10, [30] = 1, [0] = 1 } };
	char out[PST_PAGE_WORDS];

	(void)state;
	assert_string_equal(pst_page_sizes(&channel, out), "64 B to 255 B at a time");
	channel.sizes[6] = 0;
	channel.sizes[7] = 1;
	assert_string_equal(pst_page_sizes(&channel, out), ""); /* three are too few */
}

static void silence_is_told_from_a_week_on(void **state)
{
	struct pst_past_time time = { .days = 0 };
	char out[PST_PAGE_WORDS];

	(void)state;
	pst_past_time_add(&time, NOON_S - 23 * DAY_S);
	assert_string_equal(pst_page_silence(&time, NOON_S - 17 * DAY_S, out), "");
	assert_string_equal(pst_page_silence(&time, NOON_S - 16 * DAY_S, out),
			    "silent for 7 days since 2024-09-11");
	pst_past_time_add(&time, NOON_S);
	assert_string_equal(pst_page_silence(&time, NOON_S, out), "silent for 22 days until today");
	assert_string_equal(pst_page_silence(&time, NOON_S + DAY_S, out),
			    "silent for 22 days until 2024-10-04");
	pst_past_time_add(&time, NOON_S + 100 * DAY_S);
	assert_string_equal(pst_page_silence(&time, NOON_S + 100 * DAY_S, out),
			    "silent for more than 63 days until today");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_have_two_units),
		cmocka_unit_test(a_rhythm_is_told_with_its_spread),
		cmocka_unit_test(sizes_are_those_of_the_middle_half),
		cmocka_unit_test(silence_is_told_from_a_week_on),
	};

	(void)set_up;
	(void)tear_down;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
