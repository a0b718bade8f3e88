// SPDX-License-Identifier: Apache-2.0
/* Whom does one entry of "software" name? All keys of an entry must hold, any entry is enough. */
#include "contract/parse.h"

#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 255u
#define UID_MAX (INT64_C(4294967295) - 1) /* the last one means "no user" */

static void take_path(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	((struct pst_software *)into)->path = pst_parse_path(parse, value);
}

static void take_package(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	((struct pst_software *)into)->package = pst_parse_text(parse, value, NAME_MAX_BYTES);
}

static void take_unit(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	const char *unit = value->string;

	if (strchr(unit, '/'))
		pst_parse_error(parse, value,
				"a unit is a name such as \"acme.service\", without \"/\"");
	else if (unit[0] && !strpbrk(unit, ".*?")) {
		pst_parse_error(parse, value,
				"a unit's name has an ending; did you mean \"%.200s.service\"?",
				unit);
		pst_parse_meant(parse, "%s.service", unit);
	} else
		((struct pst_software *)into)->unit = pst_parse_text(parse, value, NAME_MAX_BYTES);
}

static void take_uid(struct pst_parse *parse, const struct pst_json_value *value, void *into)
{
	struct pst_software *software = into;
	int64_t uid;

	if (pst_parse_integer(parse, value, (struct pst_parse_range){ 0, UID_MAX }, &uid))
		return;
	software->has_uid = true;
	software->uid = (uint32_t)uid;
}

static const struct pst_parse_form package_form = { .bytes_max = NAME_MAX_BYTES };
static const struct pst_parse_form unit_form = { .pattern = "^[^/]*[.*?][^/]*$",
						 .bytes_max = NAME_MAX_BYTES };
static const struct pst_parse_form uid_form = { .range = { 0, UID_MAX } };

static const struct pst_parse_key keys[] = {
	{ "path", PST_TYPE_STRING, "a path pattern such as \"/opt/acme/**\"", PST_KEY_OPTIONAL,
	  take_path, &pst_parse_path_form },
	{ "package", PST_TYPE_STRING, "the name of a package", PST_KEY_OPTIONAL, take_package,
	  &package_form },
	{ "unit", PST_TYPE_STRING, "the name of a systemd unit", PST_KEY_OPTIONAL, take_unit,
	  &unit_form },
	{ "uid", PST_TYPE_NUMBER, "the number of a user", PST_KEY_OPTIONAL, take_uid, &uid_form },
};

static const char *const names_somebody[] = { "path", "package", "unit", "uid" };
static const struct pst_parse_rules rules = { .some_of = PST_PARSE_WORDS(names_somebody) };

const struct pst_parse_table pst_parse_software_table = { "an entry of \"software\"", keys,
							  sizeof(keys) / sizeof(keys[0]), &rules };

/* One of them was meant, and is told as unknown: that says enough. */
static bool is_misspelt(const struct pst_json_value *entry)
{
	size_t i;

	for (i = 0; i < rules.some_of.count; i++)
		if (pst_parse_misspelt(entry, &pst_parse_software_table, rules.some_of.list[i]))
			return true;
	return false;
}

static void parse_entry(struct pst_parse *parse, const struct pst_json_value *entry,
			struct pst_software *software)
{
	software->line = entry->line;
	software->column = entry->column;
	if (entry->type != PST_JSON_OBJECT) {
		pst_parse_error(parse, entry,
				"an entry of \"software\" must be an object, this is %s",
				pst_json_type_name(entry->type));
		return;
	}
	pst_parse_object(parse, entry, &pst_parse_software_table, software);
	if (!pst_parse_has(entry, &rules.some_of) && !is_misspelt(entry))
		pst_parse_error(parse, entry,
				"this entry names nobody: it needs a path, package, unit or uid");
}

void pst_parse_software(struct pst_parse *parse, const struct pst_json_value *list, void *into)
{
	struct pst_contract *contract = into;
	const struct pst_json_value *entry;

	if (!list->children)
		pst_parse_error(parse, list,
				"\"software\" is empty: this contract would bind nobody");
	contract->software = pst_parse_room(parse, list->children, sizeof(*contract->software));
	if (!contract->software)
		return;
	for (entry = list->child; entry; entry = entry->next)
		parse_entry(parse, entry, &contract->software[contract->software_count++]);
}
