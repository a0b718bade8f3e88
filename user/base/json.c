// SPDX-License-Identifier: Apache-2.0
/* How is JSON read strictly? cJSON builds the tree and forgets places, so tree and text are walked
 * side by side: both are in the same order, and every key and value gets its line and column. What
 * cJSON lets pass (duplicate keys, numbers such as 01) is refused on the same walk. */
#include "base/json.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json_scan.h"

#define KEYS_MAX 1024u		       /* of one object: looking for duplicates is quadratic */
#define INTEGER_MAX 9007199254740991.0 /* 2^53 - 1: every integer up to here is its own double */

struct pst_json_doc {
	cJSON *tree;		       /* owns the strings */
	struct pst_json_value *values; /* in file order; the first one is the root */
	size_t used, room;
};

struct walk {
	struct pst_json_place place;
	struct pst_json_doc *doc;
	struct pst_diags *diags;
	const char *blanked; /* the text without its comments */
};

/* Depth is bounded by the scan, so that recursion is. */
static size_t count_values(const cJSON *item)
{
	const cJSON *child;
	size_t count = 1;

	cJSON_ArrayForEach(child, item)
		count += count_values(child);
	return count;
}

static char here(const struct walk *walk)
{
	return walk->blanked[walk->place.at];
}

static void skip_blanks(struct walk *walk)
{
	while (here(walk) && strchr(" \t\r\n", here(walk))) /* ends at the NUL */
		pst_json_place_step(&walk->place);
}

static void skip_mark(struct walk *walk, char mark)
{
	skip_blanks(walk);
	assert(here(walk) == mark); /* the parser accepted the text */
	pst_json_place_step(&walk->place);
}

static void skip_string(struct walk *walk)
{
	skip_mark(walk, '"');
	while (here(walk) != '"') { /* the scan saw its end */
		if (here(walk) == '\\')
			pst_json_place_step(&walk->place);
		pst_json_place_step(&walk->place);
	}
	pst_json_place_step(&walk->place);
}

static const char *digits(const char *at)
{
	return at + strspn(at, "0123456789");
}

/* number = [ "-" ] ( "0" / digit1-9 *digit ) [ "." 1*digit ] [ e [ sign ] 1*digit ], RFC 8259 */
static bool is_number(const char *text, size_t len)
{
	const char *at = text + (*text == '-');
	const char *end = digits(at);

	if (end == at || (*at == '0' && end > at + 1))
		return false;
	at = end;
	if (*at == '.') {
		end = digits(at + 1);
		if (end == at + 1)
			return false;
		at = end;
	}
	if (*at == 'e' || *at == 'E') {
		at += at[1] == '+' || at[1] == '-' ? 2 : 1;
		end = digits(at);
		if (end == at)
			return false;
		at = end;
	}
	return at == text + len;
}

static void walk_scalar(struct walk *walk, struct pst_json_value *value)
{
	const char *text = walk->blanked + walk->place.at;
	size_t len, i;

	if (value->type == PST_JSON_STRING) {
		skip_string(walk);
		return;
	}
	len = strspn(text, value->type == PST_JSON_NUMBER ? "0123456789+-eE." :
							    "abcdefghijklmnopqrstuvwxyz");
	if (value->type == PST_JSON_NUMBER && (!is_number(text, len) || !isfinite(value->number)))
		pst_diags_add(walk->diags, PST_DIAG_ERROR, value->line, value->column,
			      isfinite(value->number) ? "this is not how JSON writes a number" :
							"this number is too large");
	for (i = 0; i < len; i++)
		pst_json_place_step(&walk->place);
}

static void check_duplicate(struct walk *walk, const struct pst_json_value *object,
			    const struct pst_json_value *value)
{
	const struct pst_json_value *other;

	for (other = object->child; other && other != value;
	     other = other->next) { /* at most KEYS_MAX */
		if (strcmp(other->key, value->key))
			continue;
		pst_diags_add(
			walk->diags, PST_DIAG_ERROR, value->key_line, value->key_column,
			"the key \"%s\" stands here a second time; the first one is in line %u",
			value->key, other->key_line);
		return;
	}
}

static void take_content(struct pst_json_value *value, const cJSON *item)
{
	value->type = cJSON_IsObject(item) ? PST_JSON_OBJECT :
		      cJSON_IsArray(item)  ? PST_JSON_ARRAY :
		      cJSON_IsString(item) ? PST_JSON_STRING :
		      cJSON_IsNumber(item) ? PST_JSON_NUMBER :
		      cJSON_IsBool(item)   ? PST_JSON_BOOL :
					     PST_JSON_NULL;
	value->boolean = cJSON_IsTrue(item);
	value->string = value->type == PST_JSON_STRING ? item->valuestring : NULL;
	if (value->type != PST_JSON_NUMBER)
		return;
	value->number = item->valuedouble;
	value->is_integer = fabs(value->number) <= INTEGER_MAX &&
			    trunc(value->number) == value->number;
	if (value->is_integer)
		value->integer = (int64_t)value->number;
}

static struct pst_json_value *walk_value(struct walk *walk, const cJSON *item);

static struct pst_json_value *walk_member(struct walk *walk, const struct pst_json_value *object,
					  const cJSON *item)
{
	struct pst_json_value *value;
	uint32_t line, column;

	if (object->type == PST_JSON_ARRAY)
		return walk_value(walk, item);
	skip_blanks(walk);
	line = walk->place.line;
	column = walk->place.column;
	skip_string(walk);
	skip_mark(walk, ':');
	value = walk_value(walk, item);
	value->key = item->string;
	value->key_line = line;
	value->key_column = column;
	return value;
}

static void walk_children(struct walk *walk, struct pst_json_value *parent, const cJSON *item)
{
	bool object = parent->type == PST_JSON_OBJECT;
	struct pst_json_value *last = NULL, *value;
	const cJSON *child;

	skip_mark(walk, object ? '{' : '[');
	cJSON_ArrayForEach(child, item) {
		if (last)
			skip_mark(walk, ',');
		value = walk_member(walk, parent, child);
		if (last)
			last->next = value;
		else
			parent->child = value;
		last = value;
		if (++parent->children <= KEYS_MAX && object)
			check_duplicate(walk, parent, value);
	}
	skip_blanks(walk);
	parent->end_line = walk->place.line;
	parent->end_column = walk->place.column;
	skip_mark(walk, object ? '}' : ']');
	if (object && parent->children > KEYS_MAX) {
		pst_diags_add(walk->diags, PST_DIAG_ERROR, parent->line, parent->column,
			      "this object has %zu keys; at most %u are read", parent->children,
			      KEYS_MAX);
	}
}

static struct pst_json_value *walk_value(struct walk *walk, const cJSON *item)
{
	struct pst_json_value *value = &walk->doc->values[walk->doc->used];

	assert(walk->doc->used < walk->doc->room);
	walk->doc->used++;
	skip_blanks(walk);
	value->line = walk->place.line;
	value->column = walk->place.column;
	take_content(value, item);
	if (value->type == PST_JSON_OBJECT || value->type == PST_JSON_ARRAY)
		walk_children(walk, value, item);
	else
		walk_scalar(walk, value);
	return value;
}

static int walk_document(struct walk *walk)
{
	struct pst_json_doc *doc = walk->doc;
	const char *end = NULL;

	doc->tree = cJSON_ParseWithLengthOpts(walk->blanked, walk->place.len + 1, &end, true);
	if (!doc->tree) {
		pst_json_complain_syntax(&walk->place, walk->blanked,
					 end ? (size_t)(end - walk->blanked) : 0, walk->diags);
		return -EINVAL;
	}
	doc->room = count_values(doc->tree);
	doc->values = calloc(doc->room, sizeof(*doc->values));
	if (!doc->values) {
		pst_diags_add(walk->diags, PST_DIAG_ERROR, 0, 0, "there is no memory to read this");
		return -ENOMEM;
	}
	(void)walk_value(walk, doc->tree); /* is values[0] */
	return 0;
}

struct pst_json_doc *pst_json_read_on(const char *text, size_t len, struct pst_diags *diags)
{
	_cleanup_(pst_json_doc_clear) struct pst_json_doc *doc = NULL;
	_cleanup_free_ char *blanked = NULL;
	struct walk walk = { .place = { .text = text, .len = len, .line = 1, .column = 1 },
			     .diags = diags };

	if (len > PST_JSON_FILE_MAX) {
		pst_diags_add(diags, PST_DIAG_ERROR, 0, 0,
			      "the file has %zu bytes; at most %u are read", len,
			      PST_JSON_FILE_MAX);
		return NULL;
	}
	blanked = malloc(len + 1);
	doc = calloc(1, sizeof(*doc));
	if (!blanked || !doc) {
		pst_diags_add(diags, PST_DIAG_ERROR, 0, 0, "there is no memory to read this");
		return NULL;
	}
	walk.blanked = blanked;
	walk.doc = doc;
	if (pst_json_scan(text, len, blanked, diags) || walk_document(&walk))
		return NULL;
	return take_ptr(doc);
}

struct pst_json_doc *pst_json_read(const char *text, size_t len, struct pst_diags *diags)
{
	uint32_t errors = diags->errors;
	struct pst_json_doc *doc = pst_json_read_on(text, len, diags);

	if (diags->errors == errors)
		return doc;
	pst_json_doc_free(doc);
	return NULL;
}

void pst_json_doc_free(struct pst_json_doc *doc)
{
	if (!doc)
		return;
	cJSON_Delete(doc->tree);
	free(doc->values);
	free(doc);
}

const struct pst_json_value *pst_json_root(const struct pst_json_doc *doc)
{
	return doc->values;
}

const struct pst_json_value *pst_json_get(const struct pst_json_value *object, const char *key)
{
	const struct pst_json_value *member;

	if (object->type != PST_JSON_OBJECT)
		return NULL;
	for (member = object->child; member; member = member->next)
		if (!strcmp(member->key, key))
			return member;
	return NULL;
}

const char *pst_json_type_name(enum pst_json_type type)
{
	static const char *const names[] = {
		[PST_JSON_NULL] = "null",	[PST_JSON_BOOL] = "true or false",
		[PST_JSON_NUMBER] = "a number", [PST_JSON_STRING] = "a string",
		[PST_JSON_ARRAY] = "a list",	[PST_JSON_OBJECT] = "an object",
	};

	return names[type];
}
