// SPDX-License-Identifier: Apache-2.0
/* Are characters written as they must be, and counted as they are seen? */
#include "base/json_out.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void writes(const char *scalar, const char *wanted, size_t columns)
{
	const struct pst_json_slice slice = { scalar, strlen(scalar) };
	char text[64];
	struct pst_json_out out = { .text = text, .room = sizeof(text) };
	struct pst_json_out only_counted = { .text = NULL };

	pst_json_out_scalar(&out, &slice);
	assert_false(out.failed);
	assert_int_equal(out.len, strlen(wanted));
	assert_memory_equal(text, wanted, out.len);
	assert_int_equal(out.column, columns);
	pst_json_out_scalar(&only_counted, &slice);
	assert_int_equal(only_counted.column, columns);
	assert_int_equal(only_counted.len, 0);
}

static void escapes_are_as_few_as_may_be(void **state)
{
	(void)state;
	writes("\"a\"", "\"a\"", 3);
	writes("\"\\/\\u002f\"", "\"//\"", 4);
	writes("\"\\b\\f\\n\\r\\t\\\"\\\\\"", "\"\\b\\f\\n\\r\\t\\\"\\\\\"", 16);
	writes("\"\\u0008\\u0001\"", "\"\\b\\u0001\"", 10);
	writes("\"\\u00e4\\u20ac\\uD83D\\uDE00\"", "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"", 5);
	writes("\"\xe2\x80\x8b\"", "\"\\u200b\"", 8);
	writes("-1.5e3", "-1.5e3", 6);
}

static void a_line_begins_with_two_blanks_a_level(void **state)
{
	char text[16];
	struct pst_json_out out = { .text = text, .room = sizeof(text) };

	(void)state;
	pst_json_out_text(&out, "ab");
	pst_json_out_line(&out, 2);
	pst_json_out_blanks(&out, 1);
	assert_int_equal(out.len, 8);
	assert_memory_equal(text, "ab\n     ", 8);
	assert_int_equal(out.column, 5);
}

static void what_has_no_room_is_not_written_in_part(void **state)
{
	char text[4] = "....";
	struct pst_json_out out = { .text = text, .room = sizeof(text) };

	(void)state;
	pst_json_out_text(&out, "abc");
	pst_json_out_text(&out, "de");
	assert_true(out.failed);
	assert_memory_equal(text, "abc.", 4);
	pst_json_out_text(&out, "f"); /* nor what would fit behind it */
	assert_int_equal(out.len, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes_are_as_few_as_may_be),
		cmocka_unit_test(a_line_begins_with_two_blanks_a_level),
		cmocka_unit_test(what_has_no_room_is_not_written_in_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
