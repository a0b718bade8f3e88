// SPDX-License-Identifier: Apache-2.0
/* What does "allow" say? What software may do beside opening channels. */
#include "contract/parse.h"

#include <string.h>

#include "profile/words.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NAME_MAX_BYTES 63u /* the record of a module's name has no more */
#define HEX "0123456789abcdef"

typedef char *(*take_text_fn)(struct pst_parse *parse, const struct pst_json_value *value);

struct texts { /* a list that is being read */
	char ***list;
	size_t *count;
	const char *wants;
	take_text_fn take;
};

static void take_texts(struct pst_parse *parse, const struct pst_json_value *list,
		       const struct texts *texts)
{
	const struct pst_json_value *item;
	char *text;

	if (!list->children)
		pst_parse_error(parse, list, "an empty list allows nothing; leave the key out");
	*texts->list = pst_parse_room(parse, list->children, sizeof(**texts->list));
	for (item = list->child; item && *texts->list; item = item->next) {
		if (item->type != PST_JSON_STRING) {
			pst_parse_error(parse, item, "this must be %s, not %s", texts->wants,
					pst_json_type_name(item->type));
			continue;
		}
		text = texts->take(parse, item);
		if (text)
			(*texts->list)[(*texts->count)++] = text;
	}
}

static bool is_hash(const char *text, const char *prefix, size_t digits)
{
	size_t len = strlen(prefix);

	return !strncmp(text, prefix, len) && strlen(text) == len + digits &&
	       strspn(text + len, HEX) == digits;
}

static char *take_hash(struct pst_parse *parse, const struct pst_json_value *value)
{
	if (!is_hash(value->string, "sha256:", 64) && !is_hash(value->string, "tag:", 16)) {
		pst_parse_error(parse, value,
				"a filter is named as its finding does: \"sha256:\" and 64 lower "
				"case hex digits, or \"tag:\" and 16");
		return NULL;
	}
	return pst_parse_text(parse, value, 80);
}

static char *take_name(struct pst_parse *parse, const struct pst_json_value *value)
{
	return pst_parse_text(parse, value, NAME_MAX_BYTES);
}

static void take_filters(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct pst_allow *allow = into;

	take_texts(parse, value,
		   &(struct texts){ &allow->filters, &allow->filter_count, "the hash of a filter",
				    take_hash });
}

static void take_modules(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct pst_allow *allow = into;

	take_texts(parse, value,
		   &(struct texts){ &allow->modules, &allow->module_count,
				    "a pattern such as \"net-pf-16-*\"", take_name });
}

static void take_handed_over(struct pst_parse *parse, const struct pst_json_value *value,
			     void *into)
{
	struct pst_allow *allow = into;

	if (value->type == PST_JSON_BOOL)
		allow->any_handed_over = value->boolean;
	else
		take_texts(parse, value,
			   &(struct texts){ &allow->handed_over, &allow->handed_over_count,
					    "a path pattern of who opened the socket",
					    pst_parse_path });
}

static void take_io_uring(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	(void)parse; /* a boolean cannot be wrong */
	((struct pst_allow *)into)->io_uring = value->boolean;
}

static void take_memfd(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	(void)parse;
	((struct pst_allow *)into)->memfd_exec = value->boolean;
}

static void take_deleted(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	(void)parse;
	((struct pst_allow *)into)->deleted_exec = value->boolean;
}

/* A type of program, or "*" for all of them. */
static void take_program(struct pst_parse *parse, const struct pst_json_value *value,
			 struct pst_allow *allow)
{
	const char *names[PST_WORDS_MAX];
	int word;

	if (strcmp(value->string, "*") == 0) {
		allow->bpf = UINT64_MAX;
		return;
	}
	for (size_t i = 0; i < pst_words_bpf.count; i++)
		names[i] = pst_words_bpf.list[i].name;
	word = pst_parse_word(parse, value, names, pst_words_bpf.count);
	if (word >= 0)
		allow->bpf |= 1ull << pst_words_bpf.list[word].number; /* all are below 64 */
}

static void take_bpf(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	const struct pst_json_value *item;

	if (value->type == PST_JSON_STRING) {
		take_program(parse, value, into);
		return;
	}
	if (!value->children)
		pst_parse_error(parse, value, "an empty list allows nothing; leave the key out");
	for (item = value->child; item; item = item->next) {
		if (item->type == PST_JSON_STRING)
			take_program(parse, item, into);
		else
			pst_parse_error(
				parse, item,
				"this must be a type of eBPF program such as \"xdp\", not %s",
				pst_json_type_name(item->type));
	}
}

void pst_parse_allow(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	static const struct pst_parse_key keys[] = {
		{ "filters", PST_TYPE_ARRAY, "a list of hashes of socket filters", PST_KEY_OPTIONAL,
		  take_filters },
		{ "io_uring", PST_TYPE_BOOL, "true or false", PST_KEY_OPTIONAL, take_io_uring },
		{ "handed_over_sockets", PST_TYPE_BOOL | PST_TYPE_ARRAY,
		  "true, false, or a list of path patterns of who opened them", PST_KEY_OPTIONAL,
		  take_handed_over },
		{ "memfd_exec", PST_TYPE_BOOL, "true or false", PST_KEY_OPTIONAL, take_memfd },
		{ "deleted_exec", PST_TYPE_BOOL, "true or false", PST_KEY_OPTIONAL, take_deleted },
		{ "modules", PST_TYPE_ARRAY, "a list of patterns of modules' names",
		  PST_KEY_OPTIONAL, take_modules },
		{ "bpf", PST_TYPE_STRING | PST_TYPE_ARRAY,
		  "\"*\", a type of eBPF program such as \"xdp\", or a list of types",
		  PST_KEY_OPTIONAL, take_bpf },
	};
	static const struct pst_parse_table table = { "\"allow\"", keys, COUNT(keys) };

	pst_parse_object(parse, value, &table, &((struct pst_contract *)into)->allow);
}
