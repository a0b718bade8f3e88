// SPDX-License-Identifier: Apache-2.0
/* Do findings show what is wrong, where, and nothing that harms a terminal? */
#include "base/diag.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static const char *render(const char *source, uint32_t line, uint32_t column)
{
	static char out[2048]; /* a test program is one thread */
	struct pst_diags diags;

	pst_diags_init(&diags, "acme.json");
	pst_diags_add(&diags, PST_DIAG_ERROR, line, column, "wrong");
	return pst_diag_render(&diags, &diags.list[0], source, out, sizeof(out));
}

static void a_finding_shows_its_line_and_a_caret(void **state)
{
	(void)state;
	assert_string_equal(render("{\n  \"a\": 1\n}", 2, 3),
			    "acme.json:2:3: error: wrong\n      \"a\": 1\n      ^");
	assert_string_equal(render("abc\r\n", 1, 3),
			    "acme.json:1:3: error: wrong\n    abc\n      ^");
}

static void the_caret_may_stand_behind_the_line(void **state)
{
	(void)state;
	assert_string_equal(render("ab", 1, 3), "acme.json:1:3: error: wrong\n    ab\n      ^");
	assert_string_equal(render("", 1, 1), "acme.json:1:1: error: wrong\n    \n    ^");
}

static void a_column_counts_characters(void **state)
{
	(void)state;
	assert_string_equal(render("\xc3\xa4\tx", 1, 3),
			    "acme.json:1:3: error: wrong\n    \xc3\xa4 x\n      ^");
}

static void controls_are_escaped_and_the_caret_follows(void **state)
{
	(void)state;
	assert_string_equal(render("\x1bx", 1, 2),
			    "acme.json:1:2: error: wrong\n    \\x1bx\n        ^");
	assert_string_equal(render("\xffx", 1, 2),
			    "acme.json:1:2: error: wrong\n    \\xffx\n        ^");
}

static void a_long_line_is_shown_around_the_column(void **state)
{
	char line[501];
	const char *shown;

	(void)state;
	memset(line, '.', 500);
	line[500] = '\0';
	line[299] = 'X';
	shown = strchr(render(line, 1, 300), '\n') + 5;
	assert_int_equal(strcspn(shown, "\n"), 100);
	assert_int_equal(shown[60], 'X');
	assert_int_equal(strlen(strchr(shown, '\n') + 5), 61);
}

static void without_source_or_line_only_the_sentence_is_shown(void **state)
{
	(void)state;
	assert_string_equal(render(NULL, 2, 3), "acme.json:2:3: error: wrong");
	assert_string_equal(render("a", 9, 1), "acme.json:9:1: error: wrong");
	assert_string_equal(render("a", 0, 0), "acme.json: error: wrong");
}

static void a_note_is_no_error(void **state)
{
	struct pst_diags diags;
	char out[100];

	(void)state;
	pst_diags_init(&diags, "f");
	pst_diags_add(&diags, PST_DIAG_NOTE, 1, 1, "see %d", 7);
	assert_int_equal(diags.errors, 0);
	assert_int_equal(diags.notes, 1);
	assert_string_equal(pst_diag_render(&diags, &diags.list[0], NULL, out, sizeof(out)),
			    "f:1:1: note: see 7");
}

static void findings_beyond_the_list_are_counted(void **state)
{
	struct pst_diags diags;
	uint32_t i;

	(void)state;
	pst_diags_init(&diags, "f");
	for (i = 0; i < PST_DIAG_MAX + 3; i++)
		pst_diags_add(&diags, PST_DIAG_ERROR, i + 1, 1, "x");
	assert_int_equal(diags.count, PST_DIAG_MAX);
	assert_int_equal(diags.errors, PST_DIAG_MAX + 3);
	assert_int_equal(diags.list[PST_DIAG_MAX - 1].line, PST_DIAG_MAX);
}

static void names_and_sentences_are_made_safe_and_cut(void **state)
{
	char longest[1000], out[64];
	struct pst_diags diags;

	(void)state;
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	pst_diags_init(&diags, "a\x1b");
	assert_string_equal(diags.file, "a\\x1b");
	pst_diags_add(&diags, PST_DIAG_ERROR, 1, 1, "%s", "b\x1b");
	assert_string_equal(diags.list[0].text, "b\\x1b");
	pst_diags_add(&diags, PST_DIAG_ERROR, 1, 1, "%s", longest);
	assert_int_equal(strlen(diags.list[1].text), PST_DIAG_TEXT - 1);
	assert_int_equal(strlen(pst_diag_render(&diags, &diags.list[1], "x", out, sizeof(out))),
			 sizeof(out) - 1);
}

static void a_suggestion_belongs_to_the_last_finding(void **state)
{
	struct pst_diags diags;
	char longest[PST_DIAG_SUGGESTION + 1];

	(void)state;
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	pst_diags_init(&diags, "a");
	pst_diags_suggest(&diags, "nothing was found yet");
	pst_diags_add(&diags, PST_DIAG_ERROR, 1, 1, "x");
	pst_diags_add(&diags, PST_DIAG_ERROR, 1, 1, "y");
	pst_diags_suggest(&diags, "%s\x1b", "port");
	assert_string_equal(diags.list[0].suggestion, "");
	assert_string_equal(diags.list[1].suggestion, "port\\x1b");
	pst_diags_suggest(&diags, "%s", longest); /* a part of it would be wrong */
	assert_string_equal(diags.list[1].suggestion, "");
	while (diags.count < PST_DIAG_MAX)
		pst_diags_add(&diags, PST_DIAG_ERROR, 1, 1, "z");
	pst_diags_add(&diags, PST_DIAG_ERROR, 1, 1, "this found no room");
	pst_diags_suggest(&diags, "port");
	assert_string_equal(diags.list[PST_DIAG_MAX - 1].suggestion, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_shows_its_line_and_a_caret),
		cmocka_unit_test(the_caret_may_stand_behind_the_line),
		cmocka_unit_test(a_column_counts_characters),
		cmocka_unit_test(controls_are_escaped_and_the_caret_follows),
		cmocka_unit_test(a_long_line_is_shown_around_the_column),
		cmocka_unit_test(without_source_or_line_only_the_sentence_is_shown),
		cmocka_unit_test(a_note_is_no_error),
		cmocka_unit_test(findings_beyond_the_list_are_counted),
		cmocka_unit_test(names_and_sentences_are_made_safe_and_cut),
		cmocka_unit_test(a_suggestion_belongs_to_the_last_finding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
