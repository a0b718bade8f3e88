// SPDX-License-Identifier: Apache-2.0
/* Where in a document is the value that a dotted path names? */
#include <string.h>

#include "base/json.h"

#define KEY_MAX 63u /* bytes of one key of a path: they are ours */

const struct pst_json_value *pst_json_at(const struct pst_json_value *value, const char *path)
{
	char key[KEY_MAX + 1];

	while (value && *path) { /* a round per key */
		size_t len = strcspn(path, ".");

		if (len > KEY_MAX || value->type != PST_JSON_OBJECT)
			return NULL;
		memcpy(key, path, len);
		key[len] = '\0';
		value = pst_json_get(value, key);
		path += path[len] ? len + 1 : len;
	}
	return value;
}

const char *pst_json_text_at(const struct pst_json_value *value, const char *path)
{
	value = pst_json_at(value, path);
	return value && value->type == PST_JSON_STRING ? value->string : "";
}
