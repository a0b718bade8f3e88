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

static void complain_empty(struct pst_parse *parse, const struct pst_json_value *list)
{
	if (!pst_parse_items(list))
		pst_parse_error(parse, list, "an empty list allows nothing; leave the key out");
}

/* One text, or a list of them. */
static void take_texts(struct pst_parse *parse, const struct pst_json_value *value,
		       const struct texts *texts)
{
	const struct pst_json_value *item = pst_parse_first(value);
	char *text;

	complain_empty(parse, value);
	*texts->list = pst_parse_room(parse, pst_parse_items(value), sizeof(**texts->list));
	for (; item && *texts->list; item = pst_parse_next(value, item)) {
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
	const struct pst_json_value *item = pst_parse_first(value);

	complain_empty(parse, value);
	for (; item; item = pst_parse_next(value, item)) {
		if (item->type == PST_JSON_STRING)
			take_program(parse, item, into);
		else
			pst_parse_error(
				parse, item,
				"this must be a type of eBPF program such as \"xdp\", not %s",
				pst_json_type_name(item->type));
	}
}

static const char *const all_programs[] = { "*" };

static const struct pst_parse_form filter_form = {
	.items = PST_TYPE_STRING,
	.pattern = "^(sha256:[0-9a-f]{64}|tag:[0-9a-f]{16})$",
};
static const struct pst_parse_form module_form = { .items = PST_TYPE_STRING,
						   .bytes_max = NAME_MAX_BYTES };
static const struct pst_parse_form bpf_form = { .items = PST_TYPE_STRING,
						.words = PST_PARSE_WORDS(all_programs),
						.named = &pst_words_bpf };

static const struct pst_parse_key keys[] = {
	{ "filters", PST_TYPE_STRING | PST_TYPE_ARRAY,
	  "the hash of a socket filter, or a list of hashes", PST_KEY_OPTIONAL, take_filters,
	  &filter_form },
	{ "io_uring", PST_TYPE_BOOL, "true or false", PST_KEY_OPTIONAL, take_io_uring, NULL },
	{ "handed_over_sockets", PST_TYPE_BOOL | PST_TYPE_STRING | PST_TYPE_ARRAY,
	  "true, false, a path pattern of who opened them, or a list of these", PST_KEY_OPTIONAL,
	  take_handed_over, &pst_parse_path_form },
	{ "memfd_exec", PST_TYPE_BOOL, "true or false", PST_KEY_OPTIONAL, take_memfd, NULL },
	{ "deleted_exec", PST_TYPE_BOOL, "true or false", PST_KEY_OPTIONAL, take_deleted, NULL },
	{ "modules", PST_TYPE_STRING | PST_TYPE_ARRAY,
	  "a pattern of a module's name, or a list of patterns", PST_KEY_OPTIONAL, take_modules,
	  &module_form },
	{ "bpf", PST_TYPE_STRING | PST_TYPE_ARRAY,
	  "\"*\", a type of eBPF program such as \"xdp\", or a list of types", PST_KEY_OPTIONAL,
	  take_bpf, &bpf_form },
};

const struct pst_parse_table pst_parse_allow_table = { "\"allow\"", keys, COUNT(keys), NULL };

void pst_parse_allow(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	pst_parse_object(parse, value, &pst_parse_allow_table,
			 &((struct pst_contract *)into)->allow);
}
