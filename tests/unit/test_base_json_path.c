// SPDX-License-Identifier: Apache-2.0
/* Is the value found that a dotted path names? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/json.h"

static const char text[] = "{\"a\":{\"b\":{\"c\":\"deep\"},\"n\":7},\"list\":[1]}";
static struct pst_diags diags;

static int set_up(void **state)
{
	pst_diags_init(&diags, "test");
	*state = pst_json_read(text, strlen(text), &diags);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	pst_json_doc_free(*state);
	return 0;
}

static void a_path_leads_to_its_value(void **state)
{
	const struct pst_json_value *root = pst_json_root(*state);

	assert_string_equal(pst_json_at(root, "a.b.c")->string, "deep");
	assert_int_equal(pst_json_at(root, "a.n")->integer, 7);
	assert_ptr_equal(pst_json_at(root, ""), root);
	assert_string_equal(pst_json_text_at(root, "a.b.c"), "deep");
}

static void what_is_not_there_is_null(void **state)
{
	const struct pst_json_value *root = pst_json_root(*state);

	assert_null(pst_json_at(root, "a.x"));
	assert_null(pst_json_at(root, "x.b.c"));
	assert_null(pst_json_at(root, "a.n.c"));
	assert_null(pst_json_at(root, "list.0"));
	assert_null(pst_json_at(root, "a..c"));
	assert_null(pst_json_at(NULL, "a"));
	assert_null(pst_json_at(
		root, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

static void what_is_no_string_is_an_empty_one(void **state)
{
	const struct pst_json_value *root = pst_json_root(*state);

	assert_string_equal(pst_json_text_at(root, "a.n"), "");
	assert_string_equal(pst_json_text_at(root, "a.x"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_leads_to_its_value),
		cmocka_unit_test(what_is_not_there_is_null),
		cmocka_unit_test(what_is_no_string_is_an_empty_one),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
