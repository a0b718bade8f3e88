// SPDX-License-Identifier: Apache-2.0
/* Does nothing reach the parser that it would misread? */
#include "base/json_scan.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/json.h"

static struct pst_diags diags;
static char blanked[4096];

static int scan(const char *text, size_t len)
{
	pst_diags_init(&diags, "f");
	return pst_json_scan(text, len, blanked, &diags);
}

static void refuses(const char *text, size_t len, uint32_t line, uint32_t column)
{
	assert_int_equal(scan(text, len), -EINVAL);
	assert_int_equal(diags.errors, 1);
	assert_int_equal(diags.list[0].line, line);
	assert_int_equal(diags.list[0].column, column);
}

#define REFUSES(text, line, column) refuses(text, sizeof(text) - 1, line, column)

static void comments_become_blanks_of_the_same_size(void **state)
{
	(void)state;
	assert_int_equal(scan("1 // \xc3\xa4\n/* x\n*/2", 16), 0);
	assert_string_equal(blanked, "1      \n    \n  2");
	assert_int_equal(scan("/**/1/***/", 10), 0);
	assert_string_equal(blanked, "    1     ");
	assert_int_equal(scan("1//", 3), 0);
	assert_string_equal(blanked, "1  ");
}

static void comment_marks_in_strings_are_text(void **state)
{
	(void)state;
	assert_int_equal(scan("\"// /* \\\" //\"", 13), 0);
	assert_string_equal(blanked, "\"// /* \\\" //\"");
}

static void what_never_ends_is_shown_where_it_begins(void **state)
{
	(void)state;
	REFUSES("1\n /* x", 2, 2);
	REFUSES("1 /*/", 1, 3);
	REFUSES("[ \"ab", 1, 3);
	REFUSES("[ \"ab\\", 1, 3);
	REFUSES("[ \"ab\n\"]", 1, 3);
}

static void bytes_that_are_no_text_are_refused(void **state)
{
	(void)state;
	REFUSES("[\0]", 1, 2);
	REFUSES("\"\xff\"", 1, 2);
	REFUSES("// \xed\xa0\x80", 1, 4);
	REFUSES("\xef\xbb\xbf{}", 1, 1);
	REFUSES("[\x01]", 1, 2);
	REFUSES("[\"\x1f\"]", 1, 3);
}

static void a_nul_escape_is_refused_and_others_are_not(void **state)
{
	(void)state;
	REFUSES("\"\\u0000\"", 1, 3);
	REFUSES("\"\\u00)4 \"", 1, 3);
	assert_int_equal(scan("\"\\u0001 \\\\u0000\"", 16), 0);
}

static void nesting_ends_at_the_bound(void **state)
{
	char text[2 * PST_JSON_DEPTH_MAX + 3];

	(void)state;
	memset(text, '[', sizeof(text));
	assert_int_equal(scan(text, PST_JSON_DEPTH_MAX), 0);
	assert_int_equal(scan(text, PST_JSON_DEPTH_MAX + 1), -EINVAL);
	memset(text + PST_JSON_DEPTH_MAX, ']', PST_JSON_DEPTH_MAX);
	text[2 * PST_JSON_DEPTH_MAX] = '[';
	assert_int_equal(scan(text, 2 * PST_JSON_DEPTH_MAX + 1), 0);
	memset(text, '"', 1);
	text[PST_JSON_DEPTH_MAX + 2] = '"';
	assert_int_equal(scan(text, PST_JSON_DEPTH_MAX + 3), 0);
}

static void a_place_counts_lines_and_characters(void **state)
{
	struct pst_json_place place = {
		.text = "\xc3\xa4\n\xff", .len = 4, .line = 1, .column = 1
	};

	(void)state;
	pst_json_place_step(&place);
	assert_int_equal(place.at, 2);
	assert_int_equal(place.column, 2);
	pst_json_place_step(&place);
	assert_int_equal(place.line, 2);
	assert_int_equal(place.column, 1);
	pst_json_place_step(&place);
	assert_int_equal(place.at, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments_become_blanks_of_the_same_size),
		cmocka_unit_test(comment_marks_in_strings_are_text),
		cmocka_unit_test(what_never_ends_is_shown_where_it_begins),
		cmocka_unit_test(bytes_that_are_no_text_are_refused),
		cmocka_unit_test(a_nul_escape_is_refused_and_others_are_not),
		cmocka_unit_test(nesting_ends_at_the_bound),
		cmocka_unit_test(a_place_counts_lines_and_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
