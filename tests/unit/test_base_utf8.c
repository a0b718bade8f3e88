// SPDX-License-Identifier: Apache-2.0
/* Does the decoder take exactly the characters of RFC 3629? */
#include "base/utf8.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void each_length_is_decoded_at_both_ends(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		uint32_t code;
	} cases[] = {
		{ "\x00", 1, 0 },
		{ "\x7f", 1, 0x7f },
		{ "\xc2\x80", 2, 0x80 },
		{ "\xdf\xbf", 2, 0x7ff },
		{ "\xe0\xa0\x80", 3, 0x800 },
		{ "\xed\x9f\xbf", 3, 0xd7ff },
		{ "\xee\x80\x80", 3, 0xe000 },
		{ "\xef\xbf\xbf", 3, 0xffff },
		{ "\xf0\x90\x80\x80", 4, 0x10000 },
		{ "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
	};
	uint32_t code;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(pst_utf8_char((const uint8_t *)cases[i].bytes, cases[i].len,
					       &code),
				 cases[i].len);
		assert_int_equal(code, cases[i].code);
	}
}

static void what_is_no_character_is_refused(void **state)
{
	static const char *const bad[] = {
		"\x80",
		"\xc0\x80",
		"\xc1\xbf",
		"\xe0\x9f\xbf",
		"\xed\xa0\x80",
		"\xed\xbf\xbf",
		"\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80",
		"\xff",
		"\xc3(",
		"\xe2\x82(",
	};
	uint32_t code = 77;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(pst_utf8_char((const uint8_t *)bad[i], 4, &code), 0);
	assert_int_equal(code, 77);
}

static void a_character_that_is_cut_off_is_refused(void **state)
{
	uint32_t code;

	(void)state;
	assert_int_equal(pst_utf8_char((const uint8_t *)"\xe2\x82\xac", 2, &code), 0);
	assert_int_equal(pst_utf8_char((const uint8_t *)"\xe2\x82\xac", 3, &code), 3);
	assert_int_equal(pst_utf8_char((const uint8_t *)"", 0, &code), 0);
}

static void hiding_and_reordering_characters_are_unseen(void **state)
{
	(void)state;
	assert_true(pst_utf8_is_unseen(0x1f));
	assert_false(pst_utf8_is_unseen(0x20));
	assert_false(pst_utf8_is_unseen(0x7e));
	assert_true(pst_utf8_is_unseen(0x7f));
	assert_true(pst_utf8_is_unseen(0x9f));
	assert_false(pst_utf8_is_unseen(0xa0));
	assert_true(pst_utf8_is_unseen(0x202e));
	assert_true(pst_utf8_is_unseen(0x200b));
	assert_true(pst_utf8_is_unseen(0x2066));
	assert_true(pst_utf8_is_unseen(0xfeff));
	assert_false(pst_utf8_is_unseen(0x20ac));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_length_is_decoded_at_both_ends),
		cmocka_unit_test(what_is_no_character_is_refused),
		cmocka_unit_test(a_character_that_is_cut_off_is_refused),
		cmocka_unit_test(hiding_and_reordering_characters_are_unseen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
