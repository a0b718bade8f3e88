// SPDX-License-Identifier: Apache-2.0
/* Does the schema hold every key of the parser's tables, with what it wants? Whether both agree on
 * contracts is asked by tests/schema. */
#include "contract/parse.h"
#include "contract/writing.h"

#include <stdlib.h>

#include "contract_fixture.h"

static struct pst_json_doc *schema;

static int read_schema(void **state)
{
	char *text = pst_contract_make_schema();

	(void)state;
	pst_diags_init(&said, "schema");
	schema = text ? pst_json_read(text, strlen(text), &said) : NULL;
	free(text);
	return schema ? 0 : -1;
}

static int free_schema(void **state)
{
	(void)state;
	pst_json_doc_free(schema);
	return 0;
}

/* The object schema itself, or that of a list's items. */
static const struct pst_json_value *object_of(const struct pst_json_value *value)
{
	const struct pst_json_value *items = pst_json_get(value, "items");

	return items ? items : value;
}

static bool has_item(const struct pst_json_value *list, const char *text)
{
	const struct pst_json_value *item;

	for (item = list ? list->child : NULL; item; item = item->next)
		if (!strcmp(item->string, text))
			return true;
	return false;
}

static void holds(const struct pst_json_value *object, const struct pst_parse_table *table)
{
	const struct pst_json_value *properties = pst_json_get(object, "properties");
	size_t i;

	assert_non_null(properties);
	assert_int_equal(properties->children, table->count);
	assert_false(pst_json_get(object, "additionalProperties")->boolean);
	assert_non_null(pst_json_get(pst_json_get(object, "patternProperties"), "^x-"));
	for (i = 0; i < table->count; i++) {
		const struct pst_parse_key *key = &table->keys[i];
		const struct pst_json_value *value = pst_json_get(properties, key->name);

		if (!value)
			fail_msg("no %s", key->name);
		assert_string_equal(pst_json_get(value, "description")->string, key->wants);
		assert_true(pst_json_get(value, "type") || pst_json_get(value, "anyOf"));
		assert_int_equal(has_item(pst_json_get(object, "required"), key->name),
				 key->needed == PST_KEY_NEEDED);
		if (key->form && key->form->table)
			holds(object_of(value), key->form->table);
	}
}

static void every_key_of_every_table_is_there(void **state)
{
	(void)state;
	holds(pst_json_root(schema), &pst_parse_contract_table);
}

/* What a value may be hangs on its form: only booleans need none. */
static void has_forms(const struct pst_parse_table *table)
{
	size_t i;

	for (i = 0; i < table->count; i++) {
		const struct pst_parse_key *key = &table->keys[i];

		if (key->types != PST_TYPE_BOOL && !key->form)
			fail_msg("%s in %s has no form", key->name, table->where);
		if (key->form && key->types & PST_TYPE_ARRAY)
			assert_int_not_equal(key->form->items, 0);
		if (key->form && key->form->table)
			has_forms(key->form->table);
	}
}

static void every_key_says_what_its_value_may_be(void **state)
{
	(void)state;
	has_forms(&pst_parse_contract_table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_of_every_table_is_there),
		cmocka_unit_test(every_key_says_what_its_value_may_be),
	};

	return cmocka_run_group_tests(tests, read_schema, free_schema);
}
