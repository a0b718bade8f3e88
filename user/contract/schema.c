// SPDX-License-Identifier: Apache-2.0
/* What may an editor tell about a contract while it is written? The parser's tables as a JSON
 * Schema, draft 2020-12. A value of several types is told type by type. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/json_format.h"
#include "base/text.h"
#include "contract/parse.h"
#include "contract/writing.h"
#include "profile/words.h"

#define PATH_BYTES 256u
#define DIALECT "https://json-schema.org/draft/2020-12/schema"

/* An object in the schema: a record, and the path in it. */
struct place {
	struct pst_json *json;
	char path[PATH_BYTES]; /* ends in a dot, or is empty */
};

/* Keys of tables are short and nest three deep: no path is cut. */
static struct place below(const struct place *place, const char *name)
{
	struct place found = { .json = place->json };
	int err = pst_text_format(found.path, sizeof(found.path), "%s%s.", place->path, name);

	assert(!err);
	return found;
}

static struct place item_of(const struct place *place, const char *name)
{
	char path[PATH_BYTES];

	assert(!pst_text_format(path, sizeof(path), "%s%s", place->path, name));
	return (struct place){ .json = pst_json_add_object(place->json, path) };
}

static void put_text(const struct place *place, const char *name, const char *text)
{
	char path[PATH_BYTES];

	assert(!pst_text_format(path, sizeof(path), "%s%s", place->path, name));
	pst_json_put_text(place->json, path, text);
}

static void put_int(const struct place *place, const char *name, int64_t number)
{
	char path[PATH_BYTES];

	assert(!pst_text_format(path, sizeof(path), "%s%s", place->path, name));
	pst_json_put_int(place->json, path, number);
}

static void add_text(const struct place *place, const char *name, const char *text)
{
	char path[PATH_BYTES];

	assert(!pst_text_format(path, sizeof(path), "%s%s", place->path, name));
	pst_json_add_text(place->json, path, text);
}

static void put_table(const struct place *place, const struct pst_parse_table *table);

/* ---- values ---- */

static bool has_words(const struct pst_parse_form *form)
{
	return form->words.count || form->named;
}

static void put_words(const struct place *place, const struct pst_parse_form *form)
{
	size_t i;

	put_text(place, "type", "string");
	for (i = 0; i < form->words.count; i++)
		add_text(place, "enum", form->words.list[i]);
	for (i = 0; form->named && i < form->named->count; i++)
		add_text(place, "enum", form->named->list[i].name);
}

static void put_string(const struct place *place, const struct pst_parse_form *form)
{
	put_text(place, "type", "string");
	if (form->pattern)
		put_text(place, "pattern", form->pattern);
	if (!form->bytes_max)
		return;
	put_int(place, "minLength", 1);
	put_int(place, "maxLength",
		(int64_t)form->bytes_max); /* no character has less than a byte */
}

static void put_number(const struct place *place, const struct pst_parse_form *form)
{
	put_text(place, "type", "integer");
	put_int(place, "minimum", form->range.min);
	put_int(place, "maximum", form->range.max);
}

static void put_value(const struct place *place, unsigned int types,
		      const struct pst_parse_form *form);

static void put_list(const struct place *place, const struct pst_parse_form *form)
{
	struct place items = below(place, "items");

	put_text(place, "type", "array");
	put_value(&items, form->items, form);
	if (!form->may_be_empty)
		put_int(place, "minItems", 1);
}

static void put_boolean(const struct place *place, const struct pst_parse_form *form)
{
	(void)form; /* both are allowed */
	put_text(place, "type", "boolean");
}

static void put_object(const struct place *place, const struct pst_parse_form *form)
{
	put_table(place, form->table);
}

typedef void (*put_fn)(const struct place *place, const struct pst_parse_form *form);

/* Each way in which a value of these types may be written: at most six. */
static size_t list_ways(unsigned int types, const struct pst_parse_form *form, put_fn ways[6])
{
	bool text = types & PST_TYPE_STRING;
	size_t count = 0;

	if (text && has_words(form))
		ways[count++] = put_words;
	if (text && (!has_words(form) || form->pattern))
		ways[count++] = put_string;
	if (types & PST_TYPE_NUMBER)
		ways[count++] = put_number;
	if (types & PST_TYPE_BOOL)
		ways[count++] = put_boolean;
	if (types & PST_TYPE_ARRAY)
		ways[count++] = put_list;
	if (types & PST_TYPE_OBJECT)
		ways[count++] = put_object;
	return count;
}

static void put_value(const struct place *place, unsigned int types,
		      const struct pst_parse_form *form)
{
	static const struct pst_parse_form any = { .items = 0 };
	const struct pst_parse_form *said = form ? form : &any;
	put_fn ways[6];
	size_t count = list_ways(types, said, ways), i;

	if (count == 1) {
		ways[0](place, said);
		return;
	}
	for (i = 0; i < count; i++) {
		struct place way = item_of(place, "anyOf");

		ways[i](&way, said);
	}
}

/* ---- objects ---- */

/* An object that has one of these keys. */
static void put_required(const struct place *place, const char *list,
			 const struct pst_parse_words *keys)
{
	size_t i;

	for (i = 0; i < keys->count; i++) {
		struct place one = item_of(place, list);

		add_text(&one, "required", keys->list[i]);
	}
}

static void put_variant(const struct place *place, const struct pst_parse_variant *variant)
{
	struct place properties = below(place, "properties");
	struct place value = below(&properties, variant->key);
	size_t i;

	add_text(place, "required", variant->key);
	for (i = 0; i < variant->words.count; i++)
		add_text(&value, "enum", variant->words.list[i]);
}

/* A key may stand where one of its variants stands. */
static void put_place(const struct place *place, const struct pst_parse_place *key,
		      const struct pst_parse_rules *rules)
{
	struct place dependents = below(place, "dependentSchemas");
	struct place dependent = below(&dependents, key->key);
	size_t i;

	for (i = 0; i < rules->variant_count; i++) {
		struct place way;

		if (!(key->variants & 1u << i))
			continue;
		way = item_of(&dependent, "anyOf");
		put_variant(&way, &rules->variants[i]);
	}
}

static void put_needed(const struct place *place, const struct pst_parse_variant *variant)
{
	struct place rule = item_of(place, "allOf");
	struct place when = below(&rule, "if"), then = below(&rule, "then");

	put_variant(&when, variant);
	add_text(&then, "required", variant->needs);
}

static void put_rules(const struct place *place, const struct pst_parse_rules *rules)
{
	size_t i;

	put_required(place, "oneOf", &rules->one_of);
	put_required(place, "anyOf", &rules->some_of);
	for (i = 0; i < rules->place_count; i++)
		put_place(place, &rules->places[i], rules);
	for (i = 0; i < rules->variant_count; i++)
		if (rules->variants[i].needs)
			put_needed(place, &rules->variants[i]);
}

static void put_table(const struct place *place, const struct pst_parse_table *table)
{
	struct place properties = below(place, "properties");
	char path[PATH_BYTES];
	size_t i;

	put_text(place, "type", "object");
	for (i = 0; i < table->count; i++) {
		const struct pst_parse_key *key = &table->keys[i];
		struct place value = below(&properties, key->name);

		put_text(&value, "description", key->wants);
		put_value(&value, key->types, key->form);
		if (key->needed == PST_KEY_NEEDED)
			add_text(place, "required", key->name);
	}
	if (table->rules)
		put_rules(place, table->rules);
	properties = below(place, "patternProperties");
	put_text(&properties, "^x-.description", "a note");
	assert(!pst_text_format(path, sizeof(path), "%sadditionalProperties", place->path));
	pst_json_put_bool(place->json, path, false);
}

char *pst_contract_make_schema(void)
{
	static const struct pst_json_style style = { .order = NULL };
	_cleanup_(pst_json_clear) struct pst_json *json = pst_json_new();
	_cleanup_free_ struct pst_diags *diags = malloc(sizeof(*diags));
	_cleanup_free_ char *text = NULL;
	struct place root = { .json = json };
	char *out = NULL;

	if (!json || !diags)
		return NULL;
	put_text(&root, "$schema", DIALECT);
	put_text(&root, "title", "a postern contract");
	put_table(&root, &pst_parse_contract_table);
	text = pst_json_print_pretty(json);
	pst_diags_init(diags, "schema");
	if (!text || pst_json_format(text, strlen(text), &style, diags, &out) < 0)
		return NULL; /* our own text is well-formed: there is no memory */
	return out;
}
