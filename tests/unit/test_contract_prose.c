// SPDX-License-Identifier: Apache-2.0
/* Is a text put together whole, harmless, and in lines of the right width? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "contract/prose.h"

/* The paragraph of @text in lines of @width, after "- ". */
static void wraps(unsigned int width, const char *text, const char *wanted)
{
	const struct pst_prose_lines lines = { .width = width, .first = "- ", .indent = 2 };
	struct pst_prose prose = { .text = NULL };
	char *page;

	pst_prose_wrap(&prose, &lines, text);
	page = pst_prose_take(&prose);
	assert_string_equal(page, wanted);
	free(page);
}

static void a_line_is_as_long_as_it_may_be(void **state)
{
	(void)state;
	wraps(10, "four five six", "- four\n  five six\n");
	wraps(11, "four five six", "- four five\n  six\n");
	wraps(12, "four five six", "- four five\n  six\n");
	wraps(15, "four five six", "- four five six\n");
	wraps(14, "four five six", "- four five\n  six\n");
}

static void a_longer_word_stands_alone(void **state)
{
	(void)state;
	wraps(8, "a /opt/acme/backup b", "- a\n  /opt/acme/backup\n  b\n");
	wraps(8, "/opt/acme/backup", "- /opt/acme/backup\n");
}

static void characters_are_counted_not_bytes(void **state)
{
	(void)state;
	wraps(11,
	      "f\xc3\xbc"
	      "nf f\xc3\xbc"
	      "nf",
	      "- f\xc3\xbc"
	      "nf f\xc3\xbc"
	      "nf\n");
}

static void blanks_join_to_one(void **state)
{
	(void)state;
	wraps(20, "  a   b ", "- a b\n");
	wraps(20, "", "- \n");
}

static void quoted_words_are_harmless(void **state)
{
	struct pst_prose prose = { .text = NULL };
	char *text;

	(void)state;
	pst_prose_quote(&prose, "a\x1b[2Jb");
	pst_prose_quote_part(&prose, "cdef", 2);
	text = pst_prose_take(&prose);
	assert_string_equal(text, "a\\x1b[2Jbcd");
	free(text);
}

static void a_text_grows_as_it_must(void **state)
{
	struct pst_prose prose = { .text = NULL };
	char *text;

	(void)state;
	for (int i = 0; i < 1000; i++)
		pst_prose_say(&prose, "%03d,", i);
	assert_int_equal(prose.len, 4000);
	text = pst_prose_take(&prose);
	assert_int_equal(strlen(text), 4000);
	assert_string_equal(text + 3996, "999,");
	free(text);
	text = pst_prose_take(&prose);
	assert_string_equal(text, "");
	free(text);
}

static void items_are_joined_as_people_do(void **state)
{
	(void)state;
	assert_string_equal(pst_prose_between(0, 1), "");
	assert_string_equal(pst_prose_between(1, 2), " and ");
	assert_string_equal(pst_prose_between(1, 3), ", ");
	assert_string_equal(pst_prose_between(2, 3), " and ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_as_long_as_it_may_be),
		cmocka_unit_test(a_longer_word_stands_alone),
		cmocka_unit_test(characters_are_counted_not_bytes),
		cmocka_unit_test(blanks_join_to_one),
		cmocka_unit_test(quoted_words_are_harmless),
		cmocka_unit_test(a_text_grows_as_it_must),
		cmocka_unit_test(items_are_joined_as_people_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
