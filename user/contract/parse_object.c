// SPDX-License-Identifier: Apache-2.0
/* Which keys may stand in this object, and who takes each value? The part of the parser that knows
 * no key by name. */
#include "contract/parse.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void pst_parse_missing(struct pst_parse *parse, const struct pst_json_value *object,
		       const char *fmt, ...)
{
	char text[PST_DIAG_TEXT];
	va_list list;

	va_start(list, fmt);
	if (vsnprintf(text, sizeof(text), fmt, list) < 0)
		text[0] = '\0';
	va_end(list);
	pst_diags_add(parse->diags, PST_DIAG_ERROR, object->end_line, object->end_column, "%s",
		      text);
}

void pst_parse_error(struct pst_parse *parse, const struct pst_json_value *value, const char *fmt,
		     ...)
{
	char text[PST_DIAG_TEXT];
	va_list list;

	va_start(list, fmt);
	if (vsnprintf(text, sizeof(text), fmt, list) < 0)
		text[0] = '\0';
	va_end(list);
	pst_diags_add(parse->diags, PST_DIAG_ERROR, value->line, value->column, "%s", text);
}

void pst_parse_meant(struct pst_parse *parse, const char *fmt, ...)
{
	char text[PST_DIAG_SUGGESTION];
	va_list list;

	va_start(list, fmt);
	if (vsnprintf(text, sizeof(text), fmt, list) < (int)sizeof(text))
		pst_diags_suggest(parse->diags, "%s", text);
	va_end(list);
}

void *pst_parse_room(struct pst_parse *parse, size_t count, size_t size)
{
	void *room = count ? calloc(count, size) : NULL;

	if (count && !room)
		parse->no_memory = true;
	return room;
}

size_t pst_parse_has(const struct pst_json_value *object, const struct pst_parse_words *keys)
{
	size_t found = 0, i;

	for (i = 0; i < keys->count; i++)
		found += pst_json_get(object, keys->list[i]) != NULL;
	return found;
}

static const struct pst_parse_key *find_key(const struct pst_parse_table *table, const char *name)
{
	size_t i;

	for (i = 0; i < table->count; i++)
		if (!strcmp(table->keys[i].name, name))
			return &table->keys[i];
	return NULL;
}

const char *pst_parse_wants(const struct pst_parse_table *table, const char *name)
{
	const struct pst_parse_key *key = find_key(table, name);

	assert(key); /* names come from tables */
	return key->wants;
}

size_t pst_parse_items(const struct pst_json_value *value)
{
	return value->type == PST_JSON_ARRAY ? value->children : 1;
}

const struct pst_json_value *pst_parse_first(const struct pst_json_value *value)
{
	return value->type == PST_JSON_ARRAY ? value->child : value;
}

const struct pst_json_value *pst_parse_next(const struct pst_json_value *value,
					    const struct pst_json_value *item)
{
	return item == value ? NULL : item->next;
}

const char *pst_parse_keys_text(const char *const *words, size_t count, char *out)
{
	size_t i;

	out[0] = '\0';
	for (i = 0; i < count; i++) {
		const char *between = !i ? "" : i + 1 < count ? ", " : " and ";

		(void)pst_text_append(out, PST_DIAG_TEXT, "%s%s", between,
				      words[i]); /* a cut list still helps */
	}
	return out;
}

static void list_names(const struct pst_parse_table *table, const char *names[PST_PARSE_KEYS_MAX])
{
	size_t i;

	assert(table->count <= PST_PARSE_KEYS_MAX);
	for (i = 0; i < table->count; i++)
		names[i] = table->keys[i].name;
}

bool pst_parse_misspelt(const struct pst_json_value *object, const struct pst_parse_table *table,
			const char *name)
{
	const char *names[PST_PARSE_KEYS_MAX], *meant;
	const struct pst_json_value *value;

	list_names(table, names);
	for (value = object->child; value; value = value->next) {
		if (find_key(table, value->key) || !strncmp(value->key, "x-", 2))
			continue;
		meant = pst_text_nearest(value->key, names, table->count);
		if (meant && !strcmp(meant, name))
			return true;
	}
	return false;
}

static void complain_unknown(struct pst_parse *parse, const struct pst_json_value *value,
			     const struct pst_parse_table *table)
{
	const char *names[PST_PARSE_KEYS_MAX];
	char keys[PST_DIAG_TEXT];
	const char *meant;

	list_names(table, names);
	meant = pst_text_nearest(value->key, names, table->count);
	(void)pst_parse_keys_text(names, table->count, keys);
	pst_diags_add(parse->diags, PST_DIAG_ERROR, value->key_line, value->key_column,
		      "unknown key \"%.64s\" in %s%s%s%s; its keys are %s", value->key,
		      table->where, meant ? ", did you mean \"" : "", meant ? meant : "",
		      meant ? "\"?" : "", keys);
	if (meant)
		pst_parse_meant(parse, "%s", meant);
}

static void parse_member(struct pst_parse *parse, const struct pst_json_value *value,
			 const struct pst_parse_table *table, void *into)
{
	const struct pst_parse_key *key = find_key(table, value->key);

	if (!strncmp(value->key, "x-", 2))
		return;
	if (!key)
		complain_unknown(parse, value, table);
	else if (!(key->types & PST_TYPE(value->type)))
		pst_parse_error(parse, value, "\"%s\" must be %s, this is %s", key->name,
				key->wants, pst_json_type_name(value->type));
	else
		key->take(parse, value, into);
}

void pst_parse_object(struct pst_parse *parse, const struct pst_json_value *object,
		      const struct pst_parse_table *table, void *into)
{
	const struct pst_json_value *value;
	size_t i;

	for (value = object->child; value; value = value->next)
		if (pst_json_get(object, value->key) ==
		    value) /* a second one was reported by the reader */
			parse_member(parse, value, table, into);
	for (i = 0; i < table->count; i++)
		if (table->keys[i].needed == PST_KEY_NEEDED &&
		    !pst_json_get(object, table->keys[i].name) &&
		    !pst_parse_misspelt(object, table, table->keys[i].name))
			pst_parse_missing(parse, object, "%s needs the key \"%s\": %s",
					  table->where, table->keys[i].name, table->keys[i].wants);
}
