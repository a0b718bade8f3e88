// SPDX-License-Identifier: Apache-2.0
/* Does the cursor over a state file stop at the first thing that is wrong, and never behind it? */
#include "history_fixture.h"
#include "profile/history_in.h"

static struct pst_in over(const uint8_t *bytes, size_t len)
{
	return (struct pst_in){ .at = bytes, .end = bytes + len };
}

static void numbers_are_little_endian(void **state)
{
	static const uint8_t bytes[] = { 1, 2, 1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8 };
	struct pst_in in = over(bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(pst_in_u16(&in), 0x0201);
	assert_int_equal(pst_in_u32(&in), 0x04030201);
	assert_int_equal(pst_in_u64(&in), 0x0807060504030201);
	assert_null(in.why);
	assert_int_equal(pst_in_u16(&in), 0);
	assert_non_null(in.why);
}

static void nothing_is_read_after_a_refusal(void **state)
{
	static const uint8_t bytes[] = { 3, 1, 1, 1, 1 };
	struct pst_in in = over(bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(pst_in_up_to(&in, 3), 3);
	assert_int_equal(pst_in_up_to(&in, 0), 0);
	assert_string_equal(in.why, "a value is out of its range");
	assert_int_equal(pst_in_u16(&in), 0);
	assert_string_equal(in.why, "a value is out of its range");
	pst_in_no_memory(&in);
	assert_false(in.no_memory);
}

static void a_text_is_bounded_and_has_no_zero_inside(void **state)
{
	static const uint8_t bytes[] = { 2, 0, 'a', 'b', 0xff, 0xff, 2, 0, 'a', 0 };
	struct pst_in in = over(bytes, sizeof(bytes));
	char *text = pst_in_text(&in, 2);

	(void)state;
	assert_string_equal(text, "ab");
	free(text);
	assert_null(pst_in_text(&in, 2));
	assert_null(in.why);
	free(pst_in_text(&in, 2));
	assert_string_equal(in.why, "a text holds a zero byte");
	in = over(bytes, sizeof(bytes));
	assert_null(pst_in_text(&in, 1));
	assert_string_equal(in.why, "a text is too long");
	in = over(bytes + 4, 2);
	assert_null(pst_in_must(&in, 2));
	assert_string_equal(in.why, "a text is missing");
}

static void a_time_beyond_any_clock_is_refused(void **state)
{
	static const uint8_t bytes[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0,
					 0,    0,    0,	   0,	 0,    1, 0, 0 };
	struct pst_in in = over(bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(pst_in_seconds(&in), 0xffffffffff);
	assert_null(in.why);
	(void)pst_in_seconds(&in);
	assert_non_null(in.why);
}

static bool is_time(uint64_t first, uint64_t last, uint64_t days, uint32_t total)
{
	uint8_t bytes[28];
	struct pst_in in = over(bytes, sizeof(bytes));
	struct pst_past_time time;

	memcpy(bytes, &first, 8); /* this machine is little-endian too */
	memcpy(bytes + 8, &last, 8);
	memcpy(bytes + 16, &days, 8);
	memcpy(bytes + 24, &total, 4);
	pst_in_time(&in, &time);
	return !in.why;
}

static void days_must_fit_their_times(void **state)
{
	(void)state;
	assert_true(is_time(5, 5, 1, 1));
	assert_false(is_time(6, 5, 1, 1));
	assert_false(is_time(5, 5, 2, 1));
	assert_false(is_time(5, 5, 3, 1));
	assert_true(is_time(5, 5, 3, 2));
}

static void the_steps_of_a_histogram_go_up(void **state)
{
	static const uint8_t good[] = { 2, 0, 9, 0, 0, 0, 3, 1, 0, 0, 0 };
	static const uint8_t twice[] = { 2, 3, 9, 0, 0, 0, 3, 1, 0, 0, 0 };
	static const uint8_t empty[] = { 1, 3, 0, 0, 0, 0 };
	static const uint8_t far[] = { 1, 4, 1, 0, 0, 0 };
	struct pst_in in = over(good, sizeof(good));
	uint32_t steps[4] = { 0 };

	(void)state;
	pst_in_steps(&in, steps, 4);
	assert_null(in.why);
	assert_int_equal(steps[0], 9);
	assert_int_equal(steps[3], 1);
	in = over(twice, sizeof(twice));
	pst_in_steps(&in, steps, 4);
	assert_non_null(in.why);
	in = over(empty, sizeof(empty));
	pst_in_steps(&in, steps, 4);
	assert_non_null(in.why);
	in = over(far, sizeof(far));
	pst_in_steps(&in, steps, 4);
	assert_non_null(in.why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_little_endian),
		cmocka_unit_test(nothing_is_read_after_a_refusal),
		cmocka_unit_test(a_text_is_bounded_and_has_no_zero_inside),
		cmocka_unit_test(a_time_beyond_any_clock_is_refused),
		cmocka_unit_test(days_must_fit_their_times),
		cmocka_unit_test(the_steps_of_a_histogram_go_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
