// SPDX-License-Identifier: Apache-2.0
/* What does the configuration file say, and is every key of it one of ours? */
#include "config/config.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/value.h"

static const struct pst_key keys[] = {
#define KEY(path, type, field, minimum, maximum, preset, why) \
	{ path, KEY_##type, offsetof(struct pst_config, field), minimum, maximum, preset, why },
#include "config/keys.def"
#undef KEY
};

#define KEYS (sizeof(keys) / sizeof(keys[0]))
#define PATH_MAX_BYTES 128

static const struct pst_key *find_key(const char *path)
{
	for (size_t i = 0; i < KEYS; i++) {
		if (strcmp(keys[i].path, path) == 0)
			return &keys[i];
	}
	return NULL;
}

/* Is @path the object that holds some key, "unmanaged" for "unmanaged.settle"? */
static bool is_group(const char *path)
{
	size_t len = strlen(path);

	for (size_t i = 0; i < KEYS; i++) {
		if (strncmp(keys[i].path, path, len) == 0 && keys[i].path[len] == '.')
			return true;
	}
	return false;
}

static void unknown_key(const struct pst_json_value *value, const char *path,
			struct pst_diags *diags)
{
	const char *words[KEYS];
	const char *near;

	for (size_t i = 0; i < KEYS; i++)
		words[i] = keys[i].path;
	near = pst_text_nearest(path, words, KEYS);
	if (near)
		pst_diags_add(diags, PST_DIAG_ERROR, value->key_line, value->key_column,
			      "unknown key \"%s\"; did you mean \"%s\"?", path, near);
	else
		pst_diags_add(diags, PST_DIAG_ERROR, value->key_line, value->key_column,
			      "unknown key \"%s\"", path);
}

static int read_object(struct pst_config *config, const struct pst_json_value *object,
		       const char *prefix, struct pst_diags *diags);

static int read_member(struct pst_config *config, const struct pst_json_value *value,
		       const char *prefix, struct pst_diags *diags)
{
	char path[PATH_MAX_BYTES];
	const struct pst_key *key;

	if (strncmp(value->key, "x-", 2) == 0)
		return 0;
	if (pst_text_format(path, sizeof(path), "%s%s%s", prefix, *prefix ? "." : "", value->key) <
	    0) {
		unknown_key(value, value->key, diags);
		return 0;
	}
	key = find_key(path);
	if (key)
		return pst_config_value(config, key, value, diags) == -ENOMEM ? -ENOMEM : 0;
	if (strcmp(path, "format") == 0)
		return 0;
	if (!is_group(path)) {
		unknown_key(value, path, diags);
		return 0;
	}
	if (value->type != PST_JSON_OBJECT) {
		pst_diags_add(diags, PST_DIAG_ERROR, value->line, value->column,
			      "\"%s\" takes an object, not %s", path,
			      pst_json_type_name(value->type));
		return 0;
	}
	return read_object(config, value, path, diags);
}

/* Depth is bounded by pst_json_read. */
static int read_object(struct pst_config *config, const struct pst_json_value *object,
		       const char *prefix, struct pst_diags *diags)
{
	for (const struct pst_json_value *value = object->child; value; value = value->next) {
		int r = read_member(config, value, prefix, diags);

		if (r < 0)
			return r;
	}
	return 0;
}

static int check_format(const struct pst_json_value *root, struct pst_diags *diags)
{
	const struct pst_json_value *format;

	if (root->type != PST_JSON_OBJECT) {
		pst_diags_add(diags, PST_DIAG_ERROR, root->line, root->column,
			      "a configuration is an object: { \"format\": 1, ... }");
		return -EINVAL;
	}
	format = pst_json_get(root, "format");
	if (format && format->is_integer && format->integer == 1)
		return 0;
	pst_diags_add(diags, PST_DIAG_ERROR, format ? format->line : root->line,
		      format ? format->column : root->column,
		      "\"format\": 1 must stand in the file; this build knows no other format");
	return -EINVAL;
}

/* The text of a key of type TEXT. */
static char **text_of(struct pst_config *config, const struct pst_key *key)
{
	return (char **)(void *)((char *)config + key->offset);
}

/* A deep copy, so that a bad file changes nothing. */
static struct pst_config *copy_config(const struct pst_config *from)
{
	struct pst_config *to = malloc(sizeof(*to));
	bool whole = true;

	if (!to)
		return NULL;
	*to = *from;
	for (size_t i = 0; i < KEYS; i++) {
		if (keys[i].type != KEY_TEXT)
			continue;
		*text_of(to, &keys[i]) = strdup(*text_of(to, &keys[i]));
		whole &= *text_of(to, &keys[i]) != NULL;
	}
	for (size_t i = 0; i < from->vendor_paths.count; i++) {
		to->vendor_paths.list[i] = strdup(from->vendor_paths.list[i]);
		whole &= to->vendor_paths.list[i] != NULL;
	}
	if (whole)
		return to;
	pst_config_free(to);
	return NULL;
}

/* The default is a power of two: another number stands in the text. */
static int check_ring(const struct pst_config *config, const struct pst_json_value *root,
		      struct pst_diags *diags)
{
	const struct pst_json_value *sensor = pst_json_get(root, "sensor");
	const struct pst_json_value *value = sensor ? pst_json_get(sensor, "ring_bytes") :
						      pst_json_get(root, "sensor.ring_bytes");

	if ((config->ring_bytes & (config->ring_bytes - 1)) == 0)
		return 0;
	pst_diags_add(diags, PST_DIAG_ERROR, value ? value->line : root->line,
		      value ? value->column : root->column,
		      "\"sensor.ring_bytes\" must be a power of two: 1MiB, 2MiB, 4MiB, ...");
	return -EINVAL;
}

static int read_text(struct pst_config *config, const char *text, size_t len,
		     struct pst_diags *diags)
{
	struct pst_json_doc *doc = pst_json_read(text, len, diags);
	int r;

	if (!doc)
		return -EINVAL;
	r = check_format(pst_json_root(doc), diags);
	if (r == 0)
		r = read_object(config, pst_json_root(doc), "", diags);
	if (r == 0)
		r = check_ring(config, pst_json_root(doc), diags);
	pst_json_doc_free(doc);
	if (r == 0 && diags->errors)
		r = -EINVAL;
	return r;
}

int pst_config_read(struct pst_config *config, const char *text, size_t len,
		    struct pst_diags *diags)
{
	struct pst_config *trial = copy_config(config);
	struct pst_config old;
	int r;

	if (!trial)
		return -ENOMEM;
	r = read_text(trial, text, len, diags);
	if (r == 0) {
		old = *config;
		*config = *trial;
		*trial = old;
	}
	pst_config_free(trial);
	return r;
}

/* The defaults are JSON text, so that the same reader that takes the operator's values takes ours.
 */
static int set_presets(struct pst_config *config, struct pst_diags *diags)
{
	for (size_t i = 0; i < KEYS; i++) {
		struct pst_json_doc *doc = pst_json_read(keys[i].preset, strlen(keys[i].preset),
							 diags);
		int r = doc ? pst_config_value(config, &keys[i], pst_json_root(doc), diags) :
			      -EINVAL;

		pst_json_doc_free(doc);
		if (r < 0)
			return r;
	}
	return 0;
}

struct pst_config *pst_config_new(void)
{
	struct pst_config *config = calloc(1, sizeof(*config));
	struct pst_diags *diags = malloc(sizeof(*diags));
	int r = -ENOMEM;

	if (config && diags) {
		pst_diags_init(diags, "defaults");
		r = set_presets(config, diags);
	}
	free(diags);
	if (r == 0)
		return config;
	pst_config_free(config);
	return NULL;
}

void pst_config_free(struct pst_config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < KEYS; i++) {
		if (keys[i].type == KEY_TEXT)
			free(*text_of(config, &keys[i]));
	}
	for (size_t i = 0; i < config->vendor_paths.count; i++)
		free(config->vendor_paths.list[i]);
	free(config);
}
