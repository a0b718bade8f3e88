// SPDX-License-Identifier: Apache-2.0
/* Is this value one that its key can take? One reader for each type of key. */
#include "config/value.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define NS_PER_S 1000000000ull

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit time_units[] = {
	{ "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", 86400 }, { NULL, 0 }
};
static const struct unit size_units[] = { { "B", 1 },
					  { "kB", 1000 },
					  { "MB", 1000000 },
					  { "GB", 1000000000 },
					  { "KiB", 1ull << 10 },
					  { "MiB", 1ull << 20 },
					  { "GiB", 1ull << 30 },
					  { NULL, 0 } };

static int complain(struct pst_diags *diags, const struct pst_json_value *value,
		    const struct pst_key *key, const char *wanted)
{
	pst_diags_add(diags, PST_DIAG_ERROR, value->line, value->column, "\"%s\" takes %s",
		      key->path, wanted);
	return -EINVAL;
}

/* A whole number with one unit, "10m"; -EINVAL when it is none, -ERANGE when it does not fit. */
static int parse_units(const char *text, const struct unit *units, uint64_t *out)
{
	char *end;
	uint64_t number;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno)
		return -ERANGE;
	for (; units->name; units++) {
		if (strcmp(end, units->name) == 0)
			return __builtin_mul_overflow(number, units->factor, out) ? -ERANGE : 0;
	}
	return -EINVAL;
}

/* A number, or a text with a unit, within the key's range. */
static int read_number(const struct pst_json_value *value, const struct unit *units, uint64_t *out)
{
	if (value->type == PST_JSON_NUMBER) {
		if (!value->is_integer || value->integer < 0)
			return -EINVAL;
		*out = (uint64_t)value->integer;
		return 0;
	}
	if (value->type != PST_JSON_STRING || !units)
		return -EINVAL;
	return parse_units(value->string, units, out);
}

static int put_number(uint64_t *field, const struct pst_key *key,
		      const struct pst_json_value *value, struct pst_diags *diags)
{
	static const struct unit *const units[KEY_TYPES] = {
		[KEY_DURATION] = time_units, [KEY_SIZE] = size_units
	};
	static const char *const wanted[KEY_TYPES] = {
		[KEY_DURATION] = "a time: \"30s\", \"10m\", \"2h\", \"1d\", or a number of seconds",
		[KEY_SIZE] = "a size: \"4MiB\", \"50MB\", or a number of bytes",
		[KEY_COUNT] = "a whole number"
	};
	uint64_t number;
	int r = read_number(value, units[key->type], &number);

	if (r == -EINVAL)
		return complain(diags, value, key, wanted[key->type]);
	if (r < 0 || number < key->minimum || number > key->maximum) {
		pst_diags_add(diags, PST_DIAG_ERROR, value->line, value->column,
			      "\"%s\" must be from %" PRIu64 " to %" PRIu64 "%s", key->path,
			      key->minimum, key->maximum,
			      key->type == KEY_DURATION ? " seconds" :
							  (key->type == KEY_SIZE ? " bytes" : ""));
		return -EINVAL;
	}
	*field = key->type == KEY_DURATION ? number * NS_PER_S : number;
	return 0;
}

static int put_text(char **field, const struct pst_key *key, const struct pst_json_value *value,
		    struct pst_diags *diags)
{
	char *copy;

	if (value->type != PST_JSON_STRING)
		return complain(diags, value, key, "a text");
	if (strlen(value->string) > key->maximum) {
		pst_diags_add(diags, PST_DIAG_ERROR, value->line, value->column,
			      "\"%s\" takes at most %" PRIu64 " bytes", key->path, key->maximum);
		return -EINVAL;
	}
	copy = strdup(value->string);
	if (!copy)
		return -ENOMEM;
	free(*field);
	*field = copy;
	return 0;
}

static void clear_paths(struct pst_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		free(paths->list[i]);
	memset(paths, 0, sizeof(*paths));
}

static int add_path(struct pst_paths *paths, const struct pst_key *key,
		    const struct pst_json_value *item, struct pst_diags *diags)
{
	size_t len;
	char *copy;

	if (item->type != PST_JSON_STRING || item->string[0] != '/')
		return complain(diags, item, key, "a list of absolute paths");
	len = strlen(item->string);
	copy = malloc(len + 2);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, item->string, len + 1);
	if (copy[len - 1] != '/')
		memcpy(copy + len, "/", 2);
	paths->list[paths->count++] = copy;
	return 0;
}

static int put_paths(struct pst_paths *field, const struct pst_key *key,
		     const struct pst_json_value *value, struct pst_diags *diags)
{
	struct pst_paths paths = { .count = 0 };
	int r = 0;

	if (value->type != PST_JSON_ARRAY || value->children > key->maximum)
		return complain(diags, value, key, "a list of at most 64 absolute paths");
	for (const struct pst_json_value *item = value->child; item && r == 0; item = item->next)
		r = add_path(&paths, key, item, diags);
	if (r < 0) {
		clear_paths(&paths);
		return r;
	}
	clear_paths(field);
	*field = paths;
	return 0;
}

static int put_prefixes(struct pst_prefixes *field, const struct pst_key *key,
			const struct pst_json_value *value, struct pst_diags *diags)
{
	struct pst_prefixes prefixes = { .count = 0 };

	if (value->type != PST_JSON_ARRAY || value->children > key->maximum)
		return complain(diags, value, key, "a list of at most 64 networks");
	for (const struct pst_json_value *item = value->child; item; item = item->next) {
		int r = item->type == PST_JSON_STRING ?
				pst_prefix_parse(item->string, &prefixes.list[prefixes.count]) :
				-EINVAL;

		if (r == -ERANGE)
			return complain(
				diags, item, key,
				"networks without bits behind the prefix: 10.1.0.0/16, not 10.1.2.3/16");
		if (r < 0)
			return complain(diags, item, key,
					"networks: \"10.0.0.0/8\", \"2001:db8::/32\"");
		prefixes.count++;
	}
	*field = prefixes;
	return 0;
}

int pst_config_value(struct pst_config *config, const struct pst_key *key,
		     const struct pst_json_value *value, struct pst_diags *diags)
{
	void *field = (char *)config + key->offset;

	switch (key->type) {
	case KEY_DURATION:
	case KEY_SIZE:
	case KEY_COUNT:
		return put_number(field, key, value, diags);
	case KEY_SWITCH:
		if (value->type != PST_JSON_BOOL)
			return complain(diags, value, key, "true or false");
		*(bool *)field = value->boolean;
		return 0;
	case KEY_TEXT:
		return put_text(field, key, value, diags);
	case KEY_PATHS:
		return put_paths(field, key, value, diags);
	case KEY_PREFIXES:
		return put_prefixes(field, key, value, diags);
	case KEY_TYPES:
		break;
	}
	return -EINVAL;
}
