// SPDX-License-Identifier: Apache-2.0
/* Are bytes from outside made harmless, and are slips of the pen understood? */
#include "base/text.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

static void harmless_text_stays_as_it_is(void **state)
{
	char out[64];

	(void)state;
	assert_true(pst_text_safe("acme \xe2\x82\xac 1", 10, out, sizeof(out)));
	assert_string_equal(out, "acme \xe2\x82\xac 1");
}

static void controls_backslashes_and_bad_utf8_become_escapes(void **state)
{
	char out[64];

	(void)state;
	assert_true(pst_text_safe("a\x1b[\n\0\\\x7f\xff", 8, out, sizeof(out)));
	assert_string_equal(out, "a\\x1b[\\x0a\\x00\\x5c\\x7f\\xff");
	assert_true(pst_text_safe("\xc2\x9b\xe2\x80\xae", 5, out, sizeof(out)));
	assert_string_equal(out, "\\xc2\\x9b\\xe2\\x80\\xae");
}

static void safe_text_keeps_its_escapes_the_second_time(void **state)
{
	char out[64];

	(void)state;
	assert_true(pst_text_safe_again("\\x1b\x1b", 5, out, sizeof(out)));
	assert_string_equal(out, "\\x1b\\x1b");
}

static void a_cut_ends_between_characters_and_escapes(void **state)
{
	char out[8];

	(void)state;
	assert_true(pst_text_safe("abc\x01", 4, out, 8));
	assert_string_equal(out, "abc\\x01");
	assert_false(pst_text_safe("abc\x01", 4, out, 7));
	assert_string_equal(out, "abc");
	assert_false(pst_text_safe("a\xe2\x82\xac", 4, out, 4));
	assert_string_equal(out, "a");
	assert_true(pst_text_safe("a\xe2\x82\xac", 4, out, 5));
	assert_false(pst_text_safe("a", 1, out, 1));
	assert_string_equal(out, "");
	assert_false(pst_text_safe("a", 1, NULL, 0));
	assert_true(pst_text_safe("", 0, NULL, 0));
}

static void a_copy_is_bounded_and_says_so(void **state)
{
	char out[4] = "zzz";

	(void)state;
	assert_false(pst_text_copy(out, 0, "abc"));
	assert_string_equal(out, "zzz");
	assert_true(pst_text_copy(out, sizeof(out), "abc"));
	assert_false(pst_text_copy(out, sizeof(out), "abcd"));
	assert_string_equal(out, "abc");
}

static void formatted_text_says_when_it_was_cut(void **state)
{
	char out[6];

	(void)state;
	assert_int_equal(pst_text_format(out, sizeof(out), "%d", 12345), 0);
	assert_int_equal(pst_text_format(out, sizeof(out), "%d", 123456), -ENAMETOOLONG);
	assert_string_equal(out, "12345");
	assert_int_equal(pst_text_format(out, sizeof(out), "ab"), 0);
	assert_int_equal(pst_text_append(out, sizeof(out), "cde"), 0);
	assert_int_equal(pst_text_append(out, sizeof(out), "f"), -ENAMETOOLONG);
	assert_string_equal(out, "abcde");
}

static void a_distance_counts_slips_up_to_64_characters(void **state)
{
	char longest[66];

	(void)state;
	memset(longest, 'a', 65);
	longest[65] = '\0';
	assert_int_equal(pst_text_distance("", ""), 0);
	assert_int_equal(pst_text_distance("", "abc"), 3);
	assert_int_equal(pst_text_distance("kitten", "sitting"), 3);
	assert_int_equal(pst_text_distance("port", "port"), 0);
	assert_int_equal(pst_text_distance(longest, "a"), 1000);
	assert_int_equal(pst_text_distance(longest + 1, "a"), 63);
}

static void the_nearest_word_is_found_and_a_far_one_is_not(void **state)
{
	static const char *const words[] = { "connect", "from", "port", "to", "why" };

	(void)state;
	assert_string_equal(pst_text_nearest("prot", words, 5), "port");
	assert_string_equal(pst_text_nearest("conect", words, 5), "connect");
	assert_string_equal(pst_text_nearest("TO", words, 5), "to");
	assert_null(pst_text_nearest("yhw", words + 4, 1));
	assert_string_equal(pst_text_nearest("hwy", words, 5), "why");
	assert_null(pst_text_nearest("hw", words + 4, 1));
	assert_null(pst_text_nearest("zzzz", words, 5));
	assert_null(pst_text_nearest("ab", words, 5));
	assert_null(pst_text_nearest("port", words, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(harmless_text_stays_as_it_is),
		cmocka_unit_test(controls_backslashes_and_bad_utf8_become_escapes),
		cmocka_unit_test(safe_text_keeps_its_escapes_the_second_time),
		cmocka_unit_test(a_cut_ends_between_characters_and_escapes),
		cmocka_unit_test(a_copy_is_bounded_and_says_so),
		cmocka_unit_test(formatted_text_says_when_it_was_cut),
		cmocka_unit_test(a_distance_counts_slips_up_to_64_characters),
		cmocka_unit_test(the_nearest_word_is_found_and_a_far_one_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
