// SPDX-License-Identifier: Apache-2.0
/* Is this value what its key needs? Texts, words, numbers, paths and sizes, each with a sentence
 * about what is wrong. */
#include "contract/parse.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "contract/alias.h"

char *pst_parse_text(struct pst_parse *parse, const struct pst_json_value *value, size_t max)
{
	size_t len = strlen(value->string);
	char *copy;

	if (!len || len > max) {
		pst_parse_error(parse, value, "this text has %zu bytes; from 1 to %zu are allowed",
				len, max);
		return NULL;
	}
	copy = pst_parse_room(parse, len + 1, 1);
	if (copy)
		memcpy(copy, value->string, len);
	return copy;
}

int pst_parse_word(struct pst_parse *parse, const struct pst_json_value *value,
		   const char *const *words, size_t count)
{
	char all[PST_DIAG_TEXT];
	const char *meant;
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(value->string, words[i]))
			return (int)i;
	meant = pst_text_nearest(value->string, words, count);
	pst_parse_error(parse, value, "unknown word \"%.64s\"%s%s%s; known here: %s", value->string,
			meant ? ", did you mean \"" : "", meant ? meant : "", meant ? "\"?" : "",
			pst_parse_keys_text(words, count, all));
	if (meant)
		pst_parse_meant(parse, "%s", meant);
	return -1;
}

int pst_parse_integer(struct pst_parse *parse, const struct pst_json_value *value,
		      struct pst_parse_range range, int64_t *out)
{
	if (!value->is_integer || value->integer < range.min || value->integer > range.max) {
		pst_parse_error(parse, value,
				"this must be a whole number from %" PRId64 " to %" PRId64,
				range.min, range.max);
		return -ERANGE;
	}
	*out = value->integer;
	return 0;
}

static bool has_tail(const char *text, const char *tail)
{
	size_t len = strlen(text), tail_len = strlen(tail);

	return len >= tail_len && !strcmp(text + len - tail_len, tail);
}

/* The kernel's paths are absolute and hold no empty, "." or ".." component: such a pattern would
 * never match. */
static const char *find_dead_part(const char *path)
{
	static const char *const inside[] = { "//", "/./", "/../" };
	static const char *const last[] = { "/.", "/.." };
	size_t i;

	for (i = 0; i < sizeof(inside) / sizeof(inside[0]); i++)
		if (strstr(path, inside[i]))
			return inside[i];
	for (i = 0; i < sizeof(last) / sizeof(last[0]); i++)
		if (has_tail(path, last[i]))
			return last[i];
	return NULL;
}

void pst_parse_alias(struct pst_parse *parse, const struct pst_json_value *value)
{
	const struct pst_alias *alias = pst_alias_of_old(value->string);

	if (alias)
		pst_diags_add(parse->diags, PST_DIAG_NOTE, value->line, value->column,
			      "this also stands for %s%.160s: on most systems the one folder is a "
			      "link to the other",
			      alias->path, value->string + strlen(alias->pattern));
}

char *pst_parse_path(struct pst_parse *parse, const struct pst_json_value *value)
{
	const char *path = value->string;
	const char *dead = find_dead_part(path);

	if (path[0] != '/') {
		pst_parse_error(parse, value,
				"a path pattern begins with \"/\": \"%.64s\" would match nothing",
				path);
	} else if (dead) {
		pst_parse_error(
			parse, value,
			"\"%s\" stands in no path that the kernel tells: this would match nothing",
			dead);
	} else if (has_tail(path, "/")) {
		pst_parse_error(
			parse, value,
			"this ends in \"/\" and would match nothing; did you mean \"%.160s**\"?",
			path);
		pst_parse_meant(parse, "%s**", path);
	} else {
		pst_parse_alias(parse, value);
		return pst_parse_text(parse, value, PST_GLOB_MAX);
	}
	return NULL;
}

const struct pst_parse_form pst_parse_path_form = { .items = PST_TYPE_STRING,
						    .pattern = PST_PARSE_PATH_PATTERN,
						    .bytes_max = PST_GLOB_MAX };

struct unit {
	const char *name;
	uint64_t bytes;
};

static const struct unit units[] = {
	{ "", 1 },
	{ "B", 1 },
	{ "kB", 1000 },
	{ "KiB", 1024 },
	{ "MB", 1000000 },
	{ "MiB", 1024 * 1024 },
	{ "GB", 1000000000 },
	{ "GiB", 1024 * 1024 * 1024 },
	{ "TB", UINT64_C(1000000000000) },
	{ "TiB", UINT64_C(1024) * 1024 * 1024 * 1024 },
};

const struct pst_parse_form pst_parse_size_form = {
	.range = { 1, PST_PARSE_INTEGER_MAX },
	.pattern = "^(?=.{1,18}($|[^0-9]))0*[1-9][0-9]*( ?([kMGT]?B|[KMGT]iB))?$",
};

static int scale(const char *unit, uint64_t number, uint64_t *out)
{
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(unit, units[i].name))
			return __builtin_mul_overflow(number, units[i].bytes, out) ? -EINVAL : 0;
	return -EINVAL;
}

static int size_of_text(const char *text, uint64_t *out)
{
	size_t len = strspn(text, "0123456789"), i;
	const char *unit = text + len;
	uint64_t number = 0;

	if (!len || len > 18) /* 18 digits fit in 64 bits */
		return -EINVAL;
	for (i = 0; i < len; i++)
		number = number * 10 + (uint64_t)(text[i] - '0');
	if (!number)
		return -EINVAL;
	return scale(*unit == ' ' && unit[1] ? unit + 1 : unit, number, out);
}

int pst_parse_size(struct pst_parse *parse, const struct pst_json_value *value, uint64_t *out)
{
	int err = -EINVAL;

	if (value->type == PST_JSON_STRING)
		err = size_of_text(value->string, out);
	else if (value->is_integer && value->integer > 0) {
		*out = (uint64_t)value->integer;
		err = 0;
	}
	if (err)
		pst_parse_error(parse, value,
				"this must be a number of bytes from 1, or such with a unit: "
				"kB, KiB, MB, MiB, GB, GiB, TB or TiB");
	return err;
}
