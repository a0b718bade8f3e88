// SPDX-License-Identifier: Apache-2.0
/* Is what is written valid JSON, whatever bytes went in? */
#include "base/json.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void prints(struct pst_json *json, const char *expected)
{
	char out[512];

	assert_int_equal(pst_json_print(json, out, sizeof(out)), strlen(expected));
	assert_string_equal(out, expected);
	pst_json_free(json);
}

static void dotted_paths_make_objects(void **state)
{
	struct pst_json *json = pst_json_new();

	(void)state;
	pst_json_put_text(json, "process.parent.name", "sh");
	pst_json_put_int(json, "process.pid", 7);
	pst_json_put_bool(json, "a", true);
	prints(json, "{\"process\":{\"parent\":{\"name\":\"sh\"},\"pid\":7},\"a\":true}");
}

static void a_list_may_be_empty(void **state)
{
	struct pst_json *json = pst_json_new();

	(void)state;
	pst_json_put_list(json, "a.b");
	pst_json_put_list(json, "c");
	pst_json_add_text(json, "c", "x");
	prints(json, "{\"a\":{\"b\":[]},\"c\":[\"x\"]}");
}

static void a_second_put_replaces_in_place(void **state)
{
	struct pst_json *json = pst_json_new();

	(void)state;
	pst_json_put_int(json, "a.b", 1);
	pst_json_put_int(json, "c", 2);
	pst_json_put_text(json, "a.b", "x");
	prints(json, "{\"a\":{\"b\":\"x\"},\"c\":2}");
}

static void integers_print_as_integers_and_are_clamped(void **state)
{
	struct pst_json *json = pst_json_new();

	(void)state;
	pst_json_add_text(json, "list", "x");
	pst_json_put_int(json, "a", INT64_C(1234567890123450));
	pst_json_put_int(json, "b", INT64_C(9007199254740991));
	pst_json_put_int(json, "c", INT64_MAX);
	pst_json_put_int(json, "d", INT64_MIN);
	pst_json_put_int(json, "e", -1);
	pst_json_put_count(json, "f", UINT64_C(9007199254740991));
	pst_json_put_count(json, "g", UINT64_MAX);
	prints(json, "{\"list\":[\"x\"],\"a\":1234567890123450,\"b\":9007199254740991,"
		     "\"c\":9007199254740991,"
		     "\"d\":-9007199254740991,\"e\":-1,"
		     "\"f\":9007199254740991,\"g\":9007199254740991}");
}

static void reals_print_as_reals_and_nan_as_null(void **state)
{
	struct pst_json *json = pst_json_new();

	(void)state;
	pst_json_put_real(json, "a", 0.5);
	pst_json_put_real(json, "b", NAN);
	prints(json, "{\"a\":0.5,\"b\":null}");
}

static void bytes_are_made_safe_and_text_is_not_escaped_twice(void **state)
{
	struct pst_json *json = pst_json_new();

	(void)state;
	pst_json_put_bytes(json, "a", "\x1b\\\"\0", 4, 100);
	pst_json_put_text(json, "b", "\\x1b\x1b\n");
	prints(json, "{\"a\":\"\\\\x1b\\\\x5c\\\"\\\\x00\",\"b\":\"\\\\x1b\\\\x1b\\\\x0a\"}");
}

static void a_cut_is_remembered(void **state)
{
	struct pst_json *json = pst_json_new();

	(void)state;
	pst_json_put_bytes(json, "a", "abc", 3, 3);
	assert_false(pst_json_was_cut(json));
	pst_json_put_bytes(json, "b", "abcd", 4, 3);
	assert_true(pst_json_was_cut(json));
	pst_json_add_bytes(json, "c", "a\x01", 2, 4);
	prints(json, "{\"a\":\"abc\",\"b\":\"abc\",\"c\":[\"a\"]}");
}

static void arrays_take_texts_and_objects(void **state)
{
	struct pst_json *json = pst_json_new(), *child;

	(void)state;
	pst_json_add_text(json, "a.list", "x");
	child = pst_json_add_object(json, "a.list");
	pst_json_put_int(child, "n.m", 1);
	pst_json_put_bytes(pst_json_add_object(child, "deep"), "b", "abc", 3, 1);
	assert_true(pst_json_was_cut(json));
	prints(json, "{\"a\":{\"list\":[\"x\",{\"n\":{\"m\":1},\"deep\":[{\"b\":\"a\"}]}]}}");
}

static void a_record_that_does_not_fit_writes_nothing(void **state)
{
	struct pst_json *json = pst_json_new();
	char out[8] = "old";

	(void)state;
	pst_json_put_int(json, "a", 1);
	assert_int_equal(pst_json_print(json, out, 7), -EMSGSIZE);
	assert_string_equal(out, "old");
	assert_int_equal(pst_json_print(json, out, 8), 7);
	assert_string_equal(out, "{\"a\":1}");
	pst_json_free(json);
	pst_json_free(NULL);
}

static void puts_to_nothing_are_ignored(void **state)
{
	(void)state;
	pst_json_put_text(NULL, "a", "x");
	pst_json_put_bytes(NULL, "a", "x", 1, 1);
	pst_json_put_int(NULL, "a", 1);
	pst_json_add_text(NULL, "a", "x");
	assert_null(pst_json_add_object(NULL, "a"));
}

static void the_pretty_form_is_for_people(void **state)
{
	struct pst_json *json = pst_json_new();
	char *text;

	(void)state;
	pst_json_put_int(json, "a", 1);
	text = pst_json_print_pretty(json);
	assert_string_equal(text, "{\n\t\"a\":\t1\n}");
	free(text);
	pst_json_free(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dotted_paths_make_objects),
		cmocka_unit_test(a_list_may_be_empty),
		cmocka_unit_test(a_second_put_replaces_in_place),
		cmocka_unit_test(integers_print_as_integers_and_are_clamped),
		cmocka_unit_test(reals_print_as_reals_and_nan_as_null),
		cmocka_unit_test(bytes_are_made_safe_and_text_is_not_escaped_twice),
		cmocka_unit_test(a_cut_is_remembered),
		cmocka_unit_test(arrays_take_texts_and_objects),
		cmocka_unit_test(a_record_that_does_not_fit_writes_nothing),
		cmocka_unit_test(puts_to_nothing_are_ignored),
		cmocka_unit_test(the_pretty_form_is_for_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
