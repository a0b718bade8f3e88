// SPDX-License-Identifier: Apache-2.0
/* Is a text laid out canonically, and is nothing lost? */
#include "base/json_format.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

static struct pst_diags said;

static char *made_of(const char *text, const struct pst_json_style *style)
{
	char *out = NULL;

	pst_diags_init(&said, "t");
	if (pst_json_format(text, strlen(text), style, &said, &out) < 0)
		fail_msg("%s: %s", text, said.list[0].text);
	return out;
}

static void becomes_by(const char *text, const char *wanted, const struct pst_json_style *style)
{
	char *out = made_of(text, style), *again = made_of(out, style);

	assert_string_equal(out, wanted);
	assert_string_equal(again, wanted);
	free(out);
	free(again);
}

static void becomes(const char *text, const char *wanted)
{
	becomes_by(text, wanted, &(struct pst_json_style){ .order = NULL });
}

static void what_is_outermost_has_a_line_for_each_member(void **state)
{
	(void)state;
	becomes("{\"a\":1,\"b\":[1,2],\"c\":{}}",
		"{\n  \"a\": 1,\n  \"b\": [ 1, 2 ],\n  \"c\": {}\n}\n");
	becomes("[]", "[]\n");
	becomes(" 7 ", "7\n");
	becomes("{}", "{}\n");
}

/* 2 blanks, "a":, the list in brackets: 87 letters make it 100 columns. */
static void what_fits_in_100_columns_stays_in_one_line(void **state)
{
	char text[256], wanted[256], word[96];

	(void)state;
	for (size_t len = 88; len <= 89; len++) {
		memset(word, 'x', len);
		word[len - 1] = '\0';
		(void)snprintf(text, sizeof(text), "{\"a\":[\"%s\"]}", word);
		(void)snprintf(wanted, sizeof(wanted),
			       len == 88 ? "{\n  \"a\": [ \"%s\" ]\n}\n" :
					   "{\n  \"a\": [\n    \"%s\"\n  ]\n}\n",
			       word);
		becomes(text, wanted);
	}
	/* characters count, not bytes; and the comma counts */
	memset(word, 'x', 85);
	strcpy(word + 85, "\xc3\xa4");
	(void)snprintf(text, sizeof(text), "{\"a\":[\"%s\"],\"b\":1}", word);
	(void)snprintf(wanted, sizeof(wanted), "{\n  \"a\": [ \"%s\" ],\n  \"b\": 1\n}\n", word);
	becomes(text, wanted);
	strcat(word, "x");
	(void)snprintf(text, sizeof(text), "{\"a\":[\"%s\"],\"b\":1}", word);
	(void)snprintf(wanted, sizeof(wanted), "{\n  \"a\": [\n    \"%s\"\n  ],\n  \"b\": 1\n}\n",
		       word);
	becomes(text, wanted);
}

static void comments_stay_with_what_they_are_about(void **state)
{
	(void)state;
	becomes("// head\n{\"a\":1, // one\n// two\n\"b\":2 /* b */, /* c */ \"c\":3\n// end\n}//"
		" last\n//"
		" after",
		"// head\n{\n  \"a\": 1, // one\n  // two\n  \"b\": 2, /* b */\n  /* c */ \"c\": "
		"3\n  // "
		"end\n} // last\n// after\n");
	becomes("{ // open\n\"a\": /* v */ [ 1 /* x */, /* y */ 2 ] }",
		"{ // open\n  \"a\": /* v */ [ 1 /* x */, /* y */ 2 ]\n}\n");
	becomes("{\"a\" // k\n: // v\n1}", "{\n  // k\n  // v\n  \"a\": 1\n}\n");
	becomes("{\"a\":[ /* none */ ],\"b\":[ // open\n],\"c\":[\n// in\n]}",
		"{\n  \"a\": [ /* none */ ],\n  \"b\": [ // open\n  ],\n  \"c\": [\n    // in\n  "
		"]\n}\n");
	becomes("[1 // a\n, // b\n2]", "[\n  1, // a\n  // b\n  2\n]\n");
	becomes("/* a */ 1 /* b */", "/* a */\n1 /* b */\n");
}

static void a_comment_of_many_lines_moves_as_a_whole(void **state)
{
	(void)state;
	becomes("{\n/* a\n * b  \n\n   c */\n\"a\":1}",
		"{\n  /* a\n   * b\n\n     c */\n  \"a\": 1\n}\n");
	becomes("{\n\t/* a\n\t * b */\r\n\"a\":1}", "{\n  /* a\n   * b */\n  \"a\": 1\n}\n");
	becomes("{\n    /* a\nb */\"a\":1}", "{\n  /* a\nb */\n  \"a\": 1\n}\n");
	becomes("{\"a\":1, /* b\n c */ \"d\":2}", "{\n  \"a\": 1,\n  /* b\nc */\n  \"d\": 2\n}\n");
}

static void empty_lines_part_groups_and_are_one_at_most(void **state)
{
	(void)state;
	becomes("{\n\n\"a\":1,\n\n\n\"b\":2,\n\n// c\n\n// d\n\n\"e\":3\n\n}\n\n",
		"{\n  \"a\": 1,\n\n  \"b\": 2,\n\n  // c\n\n  // d\n\n  \"e\": 3\n}\n");
	becomes("{\"a\":[1,2,\n\n3]}", "{\n  \"a\": [\n    1,\n    2,\n\n    3\n  ]\n}\n");
}

static void strings_are_escaped_as_little_as_may_be(void **state)
{
	(void)state;
	becomes("[\"\\/\\u0041\\u00e4\\\"\\\\\\n\\u0009\\u001f\\ud83d\\ude00\"]",
		"[\n  \"/A\xc3\xa4\\\"\\\\\\n\\t\\u001f\xf0\x9f\x98\x80\"\n]\n");
	/* what would not be seen, or turns a line round, is escaped */
	becomes("[\"\xe2\x80\xae\"]", "[\n  \"\\u202e\"\n]\n");
	becomes("[1.50e+3,-0]", "[\n  1.50e+3,\n  -0\n]\n");
}

static void members_are_ordered_with_their_comments(void **state)
{
	static const char *const order[] = { "a", "b" };
	static const struct pst_json_style style = { order, 2, "b" };

	(void)state;
	becomes_by(
		"{\"x-n\":1,// n\n\"z\":2,\n// about b\n\"\\u0062\":[{},{}],\"a\":0,\"y\":{\"b\""
		":0,\"a\":[]}}",
		"{\n  \"a\": 0,\n  // about b\n  \"b\": [\n    {},\n    {}\n  ],\n  \"z\": 2,\n  "
		"\"y\": { \"b\": 0, \"a\": [] },\n  \"x-n\": 1 // n\n}\n",
		&style);
	becomes_by("{\"b\":[]}", "{\n  \"b\": []\n}\n", &style);
}

static void what_cannot_be_laid_out_is_refused_with_its_place(void **state)
{
	static const struct pst_json_style style = { .order = NULL };
	static const struct {
		const char *text, *what;
		uint32_t line, column;
	} wrong[] = { { "{\"a\":1,}", "a comma stands before this bracket", 1, 8 },
		      { "{\"a\":1,\n\"a\":2}", "second time", 2, 1 },
		      { "[01]", "not how JSON writes a number", 1, 2 },
		      { "[\n1 // \xe2\x80\xae\n]", "not seen (U+202E)", 2, 6 },
		      { "[\n1 /* \x1b[2J */\n]", "not seen (U+001B)", 2, 6 },
		      { "[1 // a\rb\n]", "not seen (U+000D)", 1, 8 } };
	char *out = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		pst_diags_init(&said, "t");
		assert_int_equal(pst_json_format(wrong[i].text, strlen(wrong[i].text), &style,
						 &said, &out),
				 -EINVAL);
		assert_null(out);
		assert_int_equal(said.errors, 1);
		assert_non_null(strstr(said.list[0].text, wrong[i].what));
		assert_int_equal(said.list[0].line, wrong[i].line);
		assert_int_equal(said.list[0].column, wrong[i].column);
	}
}

static void a_text_that_would_grow_too_large_is_refused(void **state)
{
	size_t len = PST_JSON_FILE_MAX, at;
	char *text = malloc(len + 1), *out = NULL;

	(void)state;
	memset(text, ' ', len);
	text[len] = '\0';
	memset(text, '[', 30);
	for (at = 30; at + 40 < len; at += 2)
		memcpy(text + at, "1,", 2);
	text[at++] = '1';
	memset(text + at, ']', 30);
	pst_diags_init(&said, "t");
	assert_int_equal(pst_json_format(text, len, &(struct pst_json_style){ .order = NULL },
					 &said, &out),
			 -EINVAL);
	assert_non_null(strstr(said.list[0].text, "canonical text would have more than"));
	free(text);
}

/* ---- texts made at random, always the same ---- */

struct maker {
	uint32_t seed;
	char text[65536];
	size_t len;
	unsigned int comments, depth;
};

static uint32_t draw(struct maker *maker, uint32_t below)
{
	maker->seed = maker->seed * 1664525u + 1013904223u;
	return (maker->seed >> 8) % below;
}

static void add(struct maker *maker, const char *text)
{
	size_t len = strlen(text);

	assert_true(maker->len + len < sizeof(maker->text));
	memcpy(maker->text + maker->len, text, len + 1);
	maker->len += len;
}

/* Blanks, and comments that can be told from each other. */
static void add_gap(struct maker *maker)
{
	static const char *const blanks[] = { " ", "\n", "\n\n\n", "\t", "\r\n", "  " };
	static const char *const forms[][2] = { { "// <", ">\n" },
						{ "/* <", "> */" },
						{ "/* <", ">\n\t * x\n\n z */" },
						{ "//<", ">\r\n" },
						{ "/**<", ">\n**/" } };
	const char *const *form;
	char comment[64];

	while (draw(maker, 3)) {
		if (draw(maker, 3)) {
			add(maker, blanks[draw(maker, 6)]);
			continue;
		}
		form = forms[draw(maker, 5)];
		(void)snprintf(comment, sizeof(comment), "%s%u%s", form[0], maker->comments++,
			       form[1]);
		add(maker, comment);
	}
}

static void add_value(struct maker *maker)
{
	static const char *const scalars[] = { "1",
					       "-0.5e3",
					       "true",
					       "null",
					       "\"\"",
					       "\"/*\"",
					       "\"a\\u0062 \\\" \\/ // c\"",
					       "\"\\ud83d\\ude00\\t\"" };
	uint32_t kind = maker->depth > 4 ? 0 : draw(maker, 4), count = draw(maker, 4), i;
	char key[16];

	add_gap(maker);
	if (kind < 2) {
		add(maker, scalars[draw(maker, 8)]);
		add_gap(maker);
		return;
	}
	maker->depth++;
	add(maker, kind == 2 ? "[" : "{");
	if (!count)
		add_gap(maker);
	for (i = 0; i < count; i++) {
		(void)snprintf(key, sizeof(key), "\"k%u\"", i);
		add_gap(maker);
		if (kind == 3) {
			add(maker, key);
			add_gap(maker);
			add(maker, ":");
		}
		add_value(maker);
		add(maker, i + 1 < count ? "," : "");
	}
	add(maker, kind == 2 ? "]" : "}");
	maker->depth--;
	add_gap(maker);
}

static void same(const struct pst_json_value *a, const struct pst_json_value *b)
{
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->children, b->children);
	assert_true(a->boolean == b->boolean && a->number == b->number);
	if (a->key)
		assert_string_equal(a->key, b->key);
	if (a->string)
		assert_string_equal(a->string, b->string);
	for (a = a->child, b = b->child; a; a = a->next, b = b->next)
		same(a, b);
}

static void same_meaning(const char *a, const char *b)
{
	struct pst_json_doc *one, *other;

	pst_diags_init(&said, "t");
	one = pst_json_read(a, strlen(a), &said);
	other = pst_json_read(b, strlen(b), &said);
	assert_true(one && other);
	same(pst_json_root(one), pst_json_root(other));
	pst_json_doc_free(one);
	pst_json_doc_free(other);
}

static void each_comment_once(const char *text, unsigned int comments)
{
	char mark[16];
	unsigned int i;

	for (i = 0; i < comments; i++) {
		const char *found;

		(void)snprintf(mark, sizeof(mark), "<%u>", i);
		found = strstr(text, mark);
		if (!found || strstr(found + 1, mark))
			fail_msg("comment %u is lost, or there twice: %s", i, text);
	}
}

static void nothing_is_lost_of_any_text_and_it_is_laid_out_once(void **state)
{
	static const struct pst_json_style style = { .order = NULL };
	static struct maker maker;
	uint32_t i;

	(void)state;
	for (i = 0; i < 4000; i++) {
		char *out, *again;

		maker = (struct maker){ .seed = i };
		add_value(&maker);
		out = made_of(maker.text, &style);
		again = made_of(out, &style);
		assert_string_equal(out, again);
		same_meaning(maker.text, out);
		each_comment_once(out, maker.comments);
		assert_null(strstr(out, "\n\n\n"));
		assert_null(strstr(out, " \n"));
		free(out);
		free(again);
	}
}

/* Work that grew with the square of a line's length would take minutes here. */
static void a_long_line_of_comments_is_read_once(void **state)
{
	const size_t count = 140000;
	char *text = malloc(5 * count + 8), *at = text, *out;

	(void)state;
	assert_non_null(text);
	*at++ = '[';
	for (size_t i = 0; i < count; i++, at += 4)
		memcpy(at, "/**/", 4);
	strcpy(at, "]");
	pst_diags_init(&said, "t");
	assert_true(pst_json_format(text, strlen(text), &(struct pst_json_style){ .order = NULL },
				    &said, &out) > (int64_t)(4 * count));
	free(out);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_outermost_has_a_line_for_each_member),
		cmocka_unit_test(what_fits_in_100_columns_stays_in_one_line),
		cmocka_unit_test(comments_stay_with_what_they_are_about),
		cmocka_unit_test(a_comment_of_many_lines_moves_as_a_whole),
		cmocka_unit_test(a_long_line_of_comments_is_read_once),
		cmocka_unit_test(empty_lines_part_groups_and_are_one_at_most),
		cmocka_unit_test(strings_are_escaped_as_little_as_may_be),
		cmocka_unit_test(members_are_ordered_with_their_comments),
		cmocka_unit_test(what_cannot_be_laid_out_is_refused_with_its_place),
		cmocka_unit_test(a_text_that_would_grow_too_large_is_refused),
		cmocka_unit_test(nothing_is_lost_of_any_text_and_it_is_laid_out_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
