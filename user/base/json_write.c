// SPDX-License-Identifier: Apache-2.0
/* How is JSON written safely? Values go in by dotted path; bytes from outside are made harmless
 * before cJSON sees them. */
#include "base/json.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

#define NAME_MAX_BYTES 64
#define INTEGER_MAX \
	INT64_C(9007199254740991) /* 2^53 - 1: beyond, readers that use doubles lose digits */

struct pst_json {
	cJSON *object;		   /* owned by the root only */
	struct pst_json *root;	   /* itself for the outermost one */
	struct pst_json *children; /* of the root: all objects that add_object handed out */
	struct pst_json *next;
	bool failed, cut; /* of the root */
};

/* The member @name of @object; made by @make when it is not there. NULL only without memory. */
static cJSON *member(cJSON *object, const char *name, cJSON *(*make)(void))
{
	cJSON *found = cJSON_GetObjectItemCaseSensitive(object, name);

	if (found)
		return found;
	found = make();
	if (found && !cJSON_AddItemToObject(object, name, found)) {
		cJSON_Delete(found);
		return NULL;
	}
	return found;
}

/* Goes down the dotted path; returns the object that is to hold its last part, which is copied to
 * @name. */
static cJSON *descend(cJSON *object, const char *path, char name[NAME_MAX_BYTES])
{
	const char *dot;

	for (; object; path = dot + 1) { /* one round for each part of the path */
		size_t len;

		dot = strchr(path, '.');
		len = dot ? (size_t)(dot - path) : strlen(path);
		assert(len > 0 && len < NAME_MAX_BYTES); /* paths are ours */
		memcpy(name, path, len);
		name[len] = '\0';
		if (!dot)
			return object;
		object = member(object, name, cJSON_CreateObject);
		assert(!object || cJSON_IsObject(object));
	}
	return NULL;
}

/* Takes @value over, which is NULL when it could not be made. */
static void put(struct pst_json *json, const char *path, cJSON *value)
{
	char name[NAME_MAX_BYTES];
	cJSON *holder = value ? descend(json->object, path, name) : NULL;
	bool done = false;

	if (holder && cJSON_GetObjectItemCaseSensitive(holder, name))
		done = cJSON_ReplaceItemInObjectCaseSensitive(holder, name, value);
	else if (holder)
		done = cJSON_AddItemToObject(holder, name, value);
	if (done)
		return;
	cJSON_Delete(value);
	json->root->failed = true;
}

static void append(struct pst_json *json, const char *path, cJSON *value)
{
	char name[NAME_MAX_BYTES];
	cJSON *holder = value ? descend(json->object, path, name) : NULL;
	cJSON *array = holder ? member(holder, name, cJSON_CreateArray) : NULL;

	assert(!array || cJSON_IsArray(array));
	if (array && cJSON_AddItemToArray(array, value))
		return;
	cJSON_Delete(value);
	json->root->failed = true;
}

/* Text that is ours or was made safe before: escapes in it stay as they are. */
static cJSON *make_text(const char *value)
{
	size_t len = strlen(value), room = 4 * len + 1; /* each byte may become an escape of four */
	_cleanup_free_ char *safe = malloc(room);

	if (!safe)
		return NULL;
	(void)pst_text_safe_again(value, len, safe, room); /* always fits */
	return cJSON_CreateString(safe);
}

static cJSON *make_bytes(struct pst_json *json, const void *bytes, size_t len, size_t max)
{
	size_t part = len < max ? len : max; /* every byte becomes at least one */
	size_t room = 4 * part + 1 < max + 1 ? 4 * part + 1 : max + 1;
	_cleanup_free_ char *safe = malloc(room);

	if (!safe)
		return NULL;
	if (!pst_text_safe(bytes, len, safe, room))
		json->root->cut = true;
	return cJSON_CreateString(safe);
}

struct pst_json *pst_json_new(void)
{
	struct pst_json *json = calloc(1, sizeof(*json));

	if (!json)
		return NULL;
	json->root = json;
	json->object = cJSON_CreateObject();
	if (!json->object) {
		free(json);
		return NULL;
	}
	return json;
}

void pst_json_free(struct pst_json *json)
{
	struct pst_json *child;

	if (!json)
		return;
	assert(json->root == json); /* what add_object returned belongs to its root */
	while ((child = json->children)) {
		json->children = child->next;
		free(child);
	}
	cJSON_Delete(json->object);
	free(json);
}

void pst_json_put_text(struct pst_json *json, const char *path, const char *value)
{
	if (json)
		put(json, path, make_text(value));
}

void pst_json_put_bytes(struct pst_json *json, const char *path, const void *bytes, size_t len,
			size_t max)
{
	if (json)
		put(json, path, make_bytes(json, bytes, len, max));
}

void pst_json_put_int(struct pst_json *json, const char *path, int64_t value)
{
	char digits[24];

	value = value > INTEGER_MAX ? INTEGER_MAX : value < -INTEGER_MAX ? -INTEGER_MAX : value;
	(void)snprintf(digits, sizeof(digits), "%" PRId64, value); /* at most 17 characters */
	/* raw: cJSON writes some integers above 10^15 with an exponent */
	if (json)
		put(json, path, cJSON_CreateRaw(digits));
}

void pst_json_put_count(struct pst_json *json, const char *path, uint64_t value)
{
	pst_json_put_int(json, path, value > INTEGER_MAX ? INTEGER_MAX : (int64_t)value);
}

void pst_json_put_real(struct pst_json *json, const char *path, double value)
{
	if (json)
		put(json, path, cJSON_CreateNumber(value));
}

void pst_json_put_bool(struct pst_json *json, const char *path, bool value)
{
	if (json)
		put(json, path, cJSON_CreateBool(value));
}

void pst_json_add_text(struct pst_json *json, const char *path, const char *value)
{
	if (json)
		append(json, path, make_text(value));
}

void pst_json_add_bytes(struct pst_json *json, const char *path, const void *bytes, size_t len,
			size_t max)
{
	if (json)
		append(json, path, make_bytes(json, bytes, len, max));
}

void pst_json_put_list(struct pst_json *json, const char *path)
{
	if (json)
		put(json, path, cJSON_CreateArray());
}

struct pst_json *pst_json_add_object(struct pst_json *json, const char *path)
{
	struct pst_json *child;

	if (!json)
		return NULL;
	child = calloc(1, sizeof(*child));
	if (!child) {
		json->root->failed = true;
		return NULL;
	}
	child->root = json->root;
	child->next = json->root->children;
	json->root->children = child;
	child->object = cJSON_CreateObject();
	append(json, path, child->object); /* owns it from here, also when it fails */
	return json->root->failed ? NULL : child;
}

bool pst_json_was_cut(const struct pst_json *json)
{
	return json->root->cut;
}

int pst_json_print(const struct pst_json *json, char *out, size_t out_size)
{
	_cleanup_free_ char *line = json->root->failed ? NULL :
							 cJSON_PrintUnformatted(json->object);
	size_t len;

	if (!line)
		return -ENOMEM;
	len = strlen(line);
	if (len >= out_size || len > INT32_MAX)
		return -EMSGSIZE;
	memcpy(out, line, len + 1);
	return (int)len;
}

char *pst_json_print_pretty(const struct pst_json *json)
{
	return json->root->failed ? NULL : cJSON_Print(json->object);
}
