// SPDX-License-Identifier: Apache-2.0
/* What did the vendor declare? One file's text to one contract; everything that is wrong with it is
 * told, not the first. */
#include "contract/parse.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FORMAT 1
#define DIGITS_OF(number) #number
#define TEXT_OF(number) DIGITS_OF(number)
#define VENDOR_MAX 256u
#define ID_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

static void take_format(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	(void)into; /* nothing is kept: there is one format */
	if (value->is_integer && value->integer > FORMAT)
		pst_parse_error(parse, value,
				"this is postern " PST_VERSION
				", which reads contracts of format %d; format %" PRId64
				" needs a newer one",
				FORMAT, value->integer);
	else if (!value->is_integer || value->integer != FORMAT)
		pst_parse_error(parse, value, "this build reads contracts of format %d only",
				FORMAT);
}

static void take_id(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct pst_contract *contract = into;
	size_t len = strlen(value->string);

	if (!len || len > PST_CONTRACT_ID_MAX || value->string[strspn(value->string, ID_LETTERS)])
		pst_parse_error(parse, value,
				"a contract's name has 1 to %d letters, digits, dots, hyphens and "
				"underscores",
				PST_CONTRACT_ID_MAX);
	else
		memcpy(contract->id, value->string, len + 1);
}

static void take_version(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct pst_contract *contract = into;
	int64_t version;

	if (!pst_parse_integer(parse, value, (struct pst_parse_range){ 1, PST_PARSE_INTEGER_MAX },
			       &version))
		contract->version = (uint64_t)version;
}

static void take_vendor(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	((struct pst_contract *)into)->vendor = pst_parse_text(parse, value, VENDOR_MAX);
}

static const char *const children_words[] = {
	[PST_CHILDREN_ALL] = "all",
	[PST_CHILDREN_OWN] = "own",
	[PST_CHILDREN_NONE] = "none",
};

static void take_children(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	int word = pst_parse_word(parse, value, children_words, COUNT(children_words));

	if (word >= 0)
		((struct pst_contract *)into)->children = (enum pst_children)word;
}

static void take_exec(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct pst_contract *contract = into;
	const struct pst_json_value *item = pst_parse_first(value);

	contract->has_exec = true;
	contract->exec = pst_parse_room(parse, pst_parse_items(value), sizeof(*contract->exec));
	for (; item && contract->exec; item = pst_parse_next(value, item)) {
		if (item->type != PST_JSON_STRING)
			pst_parse_error(parse, item,
					"an entry of \"exec\" must be a path pattern, this is %s",
					pst_json_type_name(item->type));
		else
			contract->exec[contract->exec_count++] = pst_parse_path(parse, item);
	}
}

static void take_bytes_out(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	(void)pst_parse_size(parse, value, /* reports by itself */
			     &((struct pst_contract *)into)->bytes_out_per_day);
}

static const struct pst_parse_key limit_keys[] = {
	{ "bytes_out_per_day", PST_TYPE_NUMBER | PST_TYPE_STRING,
	  "a number of bytes, or such as \"2GiB\"", PST_KEY_OPTIONAL, take_bytes_out,
	  &pst_parse_size_form },
};

static const struct pst_parse_table limits_table = { "\"limits\"", limit_keys, COUNT(limit_keys),
						     NULL };

static void take_limits(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	pst_parse_object(parse, value, &limits_table, into);
}

static const char *const violation_words[] = { "alert" };

static void take_on_violation(struct pst_parse *parse, const struct pst_json_value *value,
			      void *into)
{
	(void)into; /* nothing is kept: there is one word */
	(void)pst_parse_word(parse, value, violation_words,
			     COUNT(violation_words)); /* reports by itself */
}

static const struct pst_parse_form exec_form = { .items = PST_TYPE_STRING,
						 .may_be_empty = true,
						 .pattern = PST_PARSE_PATH_PATTERN,
						 .bytes_max = PST_GLOB_MAX };
static const struct pst_parse_form format_form = { .range = { FORMAT, FORMAT } };
static const struct pst_parse_form id_form = { .pattern = "^[a-zA-Z0-9._-]{1," TEXT_OF(
						       PST_CONTRACT_ID_MAX) "}$" };
static const struct pst_parse_form version_form = { .range = { 1, PST_PARSE_INTEGER_MAX } };
static const struct pst_parse_form vendor_form = { .bytes_max = VENDOR_MAX };
static const struct pst_parse_form software_form = { .items = PST_TYPE_OBJECT,
						     .table = &pst_parse_software_table };
static const struct pst_parse_form children_form = { .words = PST_PARSE_WORDS(children_words) };
static const struct pst_parse_form channels_form = { .items = PST_TYPE_OBJECT,
						     .may_be_empty = true,
						     .table = &pst_parse_channel_table };
static const struct pst_parse_form allow_form = { .table = &pst_parse_allow_table };
static const struct pst_parse_form limits_form = { .table = &limits_table };
static const struct pst_parse_form violation_form = { .words = PST_PARSE_WORDS(violation_words) };

static const struct pst_parse_key keys[] = {
	{ "format", PST_TYPE_NUMBER, "the number 1", PST_KEY_NEEDED, take_format, &format_form },
	{ "contract", PST_TYPE_STRING, "the contract's name", PST_KEY_NEEDED, take_id, &id_form },
	{ "version", PST_TYPE_NUMBER, "a whole number from 1", PST_KEY_NEEDED, take_version,
	  &version_form },
	{ "vendor", PST_TYPE_STRING, "the vendor's name", PST_KEY_OPTIONAL, take_vendor,
	  &vendor_form },
	{ "software", PST_TYPE_ARRAY, "a list that says whom the contract binds", PST_KEY_NEEDED,
	  pst_parse_software, &software_form },
	{ "children", PST_TYPE_STRING, "\"all\", \"own\" or \"none\"", PST_KEY_OPTIONAL,
	  take_children, &children_form },
	{ "channels", PST_TYPE_ARRAY, "a list of what is allowed, which may be empty",
	  PST_KEY_NEEDED, pst_parse_channels, &channels_form },
	{ "exec", PST_TYPE_STRING | PST_TYPE_ARRAY,
	  "a path pattern or a list of these, which may "
	  "be empty",
	  PST_KEY_OPTIONAL, take_exec, &exec_form },
	{ "allow", PST_TYPE_OBJECT, "an object that says what is allowed beside channels",
	  PST_KEY_OPTIONAL, pst_parse_allow, &allow_form },
	{ "limits", PST_TYPE_OBJECT, "an object", PST_KEY_OPTIONAL, take_limits, &limits_form },
	{ "on_violation", PST_TYPE_STRING, "\"alert\"", PST_KEY_OPTIONAL, take_on_violation,
	  &violation_form },
};

const struct pst_parse_table pst_parse_contract_table = { "a contract", keys, COUNT(keys), NULL };

int pst_contract_parse(const char *text, size_t len, struct pst_diags *diags,
		       struct pst_contract *contract)
{
	_cleanup_(pst_json_doc_clear) struct pst_json_doc *doc = NULL;
	struct pst_parse parse = { .diags = diags, .contract = contract };
	uint32_t errors = diags->errors;
	const struct pst_json_value *root;

	memset(contract, 0, sizeof(*contract));
	doc = pst_json_read_on(text, len, diags);
	if (!doc)
		return -EINVAL;
	root = pst_json_root(doc);
	if (root->type == PST_JSON_OBJECT)
		pst_parse_object(&parse, root, &pst_parse_contract_table, contract);
	else
		pst_parse_error(&parse, root, "a contract must be an object, this is %s",
				pst_json_type_name(root->type));
	if (parse.no_memory)
		return -ENOMEM;
	return diags->errors == errors ? 0 : -EINVAL;
}

void pst_contract_free_texts(char **texts, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		free(texts[i]);
	free(texts);
}

static void clear_clause(struct pst_clause *clause)
{
	pst_contract_free_texts(clause->names, clause->name_count);
	pst_contract_free_texts(clause->from_names, clause->from_name_count);
	free(clause->pattern);
	free(clause->to);
	free(clause->from);
	free(clause->ports);
	free(clause->when);
	free(clause->why);
	free(clause->text);
}

void pst_contract_clear(struct pst_contract *contract)
{
	size_t i;

	for (i = 0; i < contract->software_count; i++) {
		free(contract->software[i].path);
		free(contract->software[i].package);
		free(contract->software[i].unit);
	}
	for (i = 0; i < contract->channel_count; i++)
		clear_clause(&contract->channels[i]);
	pst_contract_free_texts(contract->exec, contract->exec_count);
	pst_contract_free_texts(contract->allow.filters, contract->allow.filter_count);
	pst_contract_free_texts(contract->allow.handed_over, contract->allow.handed_over_count);
	pst_contract_free_texts(contract->allow.modules, contract->allow.module_count);
	free(contract->software);
	free(contract->channels);
	free(contract->gists);
	free(contract->vendor);
	free(contract->file);
	memset(contract, 0, sizeof(*contract));
}
