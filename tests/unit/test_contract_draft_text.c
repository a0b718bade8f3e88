// SPDX-License-Identifier: Apache-2.0
/* Is what a draft says laid out on lines that people can read? */
#include "draft_fixture.h"

static const struct pst_draft_layout plain = { .indent = 2, .comment = "", .key = "", .end = "," };

static void what_fits_stands_on_one_line(void **state)
{
	struct pst_prose out = { .text = NULL };

	(void)state;
	pst_draft_say_value(&out, "{\"a\":[1,\"x, {}\\\":\"],\"b\":{},\"c\":[]}", &plain);
	assert_string_equal(out.text,
			    "  { \"a\": [ 1, \"x, {}\\\":\" ], \"b\": {}, \"c\": [] },\n");
	free(out.text);
}

/* The entry with a name of @len bytes. */
static char *entry(size_t len, const struct pst_draft_layout *layout)
{
	struct pst_prose out = { .text = NULL }, compact = { .text = NULL };

	pst_prose_say(&compact, "{\"unix\":\"%0*d\"}", (int)len, 0);
	pst_draft_say_value(&out, compact.text, layout);
	free(compact.text);
	return out.text;
}

static void a_line_has_a_hundred_columns_and_no_more(void **state)
{
	const size_t around = strlen("  { \"unix\": \"\" },");
	char *text = entry(100 - around, &plain);

	(void)state;
	assert_int_equal(strlen(text), 101); /* with its newline */
	free(text);
	text = entry(101 - around, &plain);
	assert_memory_equal(text, "  {\n    \"unix\": \"0", 18);
	assert_string_equal(text + strlen(text) - 7, "\"\n  },\n");
	free(text);
}

static void each_line_of_a_proposal_is_a_comment(void **state)
{
	struct pst_draft_layout layout = plain;
	char *text, *line;

	(void)state;
	layout.comment = "// ";
	text = entry(120, &layout);
	for (line = text; *line; line = strchr(line, '\n') + 1)
		assert_memory_equal(line, "  // ", 5);
	free(text);
}

static void strings_hold_no_byte_that_json_could_not_take(void **state)
{
	struct pst_prose out = { .text = NULL };

	(void)state;
	pst_draft_say_string(&out, "a\"b\\\n\x7f\xc3\xa9~");
	assert_string_equal(out.text, "\"a\\\"b\\\\????~\"");
	free(out.text);
}

static void comments_stay_on_their_line(void **state)
{
	struct pst_prose out = { .text = NULL };

	(void)state;
	pst_draft_say_safe(&out, "a\nb");
	assert_string_equal(out.text, "a\\x0ab");
	free(out.text);
}

static void long_texts_find_room(void **state)
{
	struct pst_prose out = { .text = NULL };
	size_t i;

	(void)state;
	for (i = 0; i < 300; i++)
		pst_prose_say(&out, "%s", "0123456789");
	assert_int_equal(strlen(out.text), 3000);
	assert_int_equal(out.len, 3000);
	free(out.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fits_stands_on_one_line),
		cmocka_unit_test(a_line_has_a_hundred_columns_and_no_more),
		cmocka_unit_test(each_line_of_a_proposal_is_a_comment),
		cmocka_unit_test(strings_hold_no_byte_that_json_could_not_take),
		cmocka_unit_test(comments_stay_on_their_line),
		cmocka_unit_test(long_texts_find_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
