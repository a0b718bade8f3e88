// SPDX-License-Identifier: Apache-2.0
/* Is JSON read strictly, and does each value know its place? */
#include "base/json.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct pst_diags diags;

static struct pst_json_doc *read(const char *text)
{
	pst_diags_init(&diags, "f");
	return pst_json_read(text, strlen(text), &diags);
}

static void refuses(const char *text, uint32_t line, uint32_t column, const char *what)
{
	assert_null(read(text));
	assert_int_equal(diags.errors, 1);
	assert_int_equal(diags.list[0].line, line);
	assert_int_equal(diags.list[0].column, column);
	assert_non_null(strstr(diags.list[0].text, what));
}

static void each_type_is_read(void **state)
{
	struct pst_json_doc *doc = read("[null,true,false,-1.5,\"a\\u00e4\",[],{}]");
	const struct pst_json_value *at = pst_json_root(doc)->child;

	(void)state;
	assert_int_equal(pst_json_root(doc)->children, 7);
	assert_int_equal(at->type, PST_JSON_NULL);
	at = at->next;
	assert_true(at->type == PST_JSON_BOOL && at->boolean);
	at = at->next;
	assert_true(at->type == PST_JSON_BOOL && !at->boolean);
	at = at->next;
	assert_true(at->type == PST_JSON_NUMBER && !at->is_integer && at->number < -1.4 &&
		    at->number > -1.6);
	at = at->next;
	assert_string_equal(at->string, "a\xc3\xa4");
	at = at->next;
	assert_true(at->type == PST_JSON_ARRAY && !at->child);
	at = at->next;
	assert_true(at->type == PST_JSON_OBJECT && !at->next);
	pst_json_doc_free(doc);
	pst_json_doc_free(NULL);
}

static void keys_and_values_know_their_places(void **state)
{
	struct pst_json_doc *doc = read(
		"// \xc3\xa4\n{ /* \xc3\xa4 */ \"a\" :\n\t[1, \"x\\\"y\" , true], "
		"\"b\":{\"c\":2}}");
	const struct pst_json_value *a = pst_json_get(pst_json_root(doc), "a");
	const struct pst_json_value *c = pst_json_get(pst_json_get(pst_json_root(doc), "b"), "c");

	(void)state;
	assert_int_equal(pst_json_root(doc)->line, 2);
	assert_int_equal(a->key_line, 2);
	assert_int_equal(a->key_column, 11);
	assert_int_equal(a->line, 3);
	assert_int_equal(a->column, 2);
	assert_int_equal(a->end_line, 3);
	assert_int_equal(a->end_column, 19);
	assert_int_equal(pst_json_root(doc)->end_line, 3);
	assert_int_equal(pst_json_root(doc)->end_column, 33);
	assert_int_equal(a->child->next->column, 6);
	assert_int_equal(a->child->next->next->column, 15);
	assert_int_equal(c->key_column, 27);
	assert_int_equal(c->column, 31);
	assert_null(pst_json_get(pst_json_root(doc), "A"));
	assert_null(pst_json_get(a, "a"));
	pst_json_doc_free(doc);
}

static void integers_are_known_up_to_53_bits(void **state)
{
	struct pst_json_doc *doc =
		read("[9007199254740991,9007199254740992,-9007199254740991,1e3,0.5,-0]");
	const struct pst_json_value *at = pst_json_root(doc)->child;

	(void)state;
	assert_true(at->is_integer && at->integer == INT64_C(9007199254740991));
	at = at->next;
	assert_false(at->is_integer);
	at = at->next;
	assert_true(at->is_integer && at->integer == -INT64_C(9007199254740991));
	at = at->next;
	assert_true(at->is_integer && at->integer == 1000);
	at = at->next;
	assert_false(at->is_integer);
	at = at->next;
	assert_true(at->is_integer && at->integer == 0);
	pst_json_doc_free(doc);
}

static void duplicate_keys_are_refused_at_the_second(void **state)
{
	(void)state;
	refuses("{\"a\":1,\n\"b\":2,\"\\u0061\":3}", 2, 7, "second time");
	assert_non_null(strstr(diags.list[0].text, "line 1"));
}

static void what_the_parser_would_let_pass_is_refused(void **state)
{
	(void)state;
	refuses("[01]", 1, 2, "number");
	refuses("[1.]", 1, 2, "number");
	refuses("[-.5]", 1, 2, "number");
	refuses("[1e999]", 1, 2, "too large");
	refuses("[1] 2", 1, 5, "not expected");
	refuses("[1]]", 1, 4, "not expected");
}

static void all_errors_of_a_readable_text_are_told(void **state)
{
	const char *text = "{\"a\":01,\"a\":02}";
	struct pst_json_doc *doc;

	(void)state;
	assert_null(read(text));
	assert_int_equal(diags.errors, 3);
	pst_diags_init(&diags, "f");
	doc = pst_json_read_on(text, strlen(text), &diags);
	assert_non_null(doc);
	assert_int_equal(diags.errors, 3);
	pst_json_doc_free(doc);
}

static void size_and_keys_are_bounded(void **state)
{
	char *text = malloc(PST_JSON_FILE_MAX + 1);
	struct pst_json_doc *doc;
	size_t used, i;

	(void)state;
	memset(text, ' ', PST_JSON_FILE_MAX + 1);
	text[0] = '1';
	pst_diags_init(&diags, "f");
	assert_null(pst_json_read(text, PST_JSON_FILE_MAX + 1, &diags));
	doc = pst_json_read(text, PST_JSON_FILE_MAX, &diags);
	assert_non_null(doc);
	pst_json_doc_free(doc);
	for (i = 0, used = 0; i < 1025; i++)
		used += (size_t)sprintf(text + used, "%c\"%zu\":1", i ? ',' : '{', i);
	strcpy(text + used, "}");
	assert_null(read(text));
	strcpy(strrchr(text, ','), "}");
	doc = read(text);
	assert_non_null(doc);
	pst_json_doc_free(doc);
	free(text);
}

static void types_have_names_for_people(void **state)
{
	(void)state;
	assert_string_equal(pst_json_type_name(PST_JSON_ARRAY), "a list");
	assert_string_equal(pst_json_type_name(PST_JSON_NULL), "null");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_type_is_read),
		cmocka_unit_test(keys_and_values_know_their_places),
		cmocka_unit_test(integers_are_known_up_to_53_bits),
		cmocka_unit_test(duplicate_keys_are_refused_at_the_second),
		cmocka_unit_test(what_the_parser_would_let_pass_is_refused),
		cmocka_unit_test(all_errors_of_a_readable_text_are_told),
		cmocka_unit_test(size_and_keys_are_bounded),
		cmocka_unit_test(types_have_names_for_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
