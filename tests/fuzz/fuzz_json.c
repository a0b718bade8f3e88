// SPDX-License-Identifier: Apache-2.0
/* Can a JSON text break the strict reader? Every value must have a place inside the text, and what
 * it holds must be writable again. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/container.h"
#include "base/json.h"
#include "base/json_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Depth is bounded by the reader. */
static void check_value(const struct pst_json_value *value, uint32_t lines)
{
	const struct pst_json_value *child;
	size_t children = 0;

	assert(value->line >= 1 && value->line <= lines && value->column >= 1);
	assert(!value->key || (value->key_line >= 1 && value->key_line <= value->line));
	assert((value->type == PST_JSON_STRING) == (value->string != NULL));
	for (child = value->child; child; child = child->next) {
		assert((value->type == PST_JSON_OBJECT) == (child->key != NULL));
		assert(child->line >= value->line);
		check_value(child, lines);
		children++;
	}
	assert(children == value->children);
}

/* Our own lines must be readable to us, whatever bytes are in them. */
static void write_and_read(const uint8_t *data, size_t size)
{
	static struct pst_diags diags; /* large, and the fuzzer is one thread */
	struct pst_json *json = pst_json_new();
	struct pst_json_doc *doc;
	char line[8192];
	int len;

	assert(json);
	pst_json_put_bytes(json, "a.b", data, size, 1000);
	pst_json_add_bytes(json, "list", data, size, 7);
	len = pst_json_print(json, line, sizeof(line));
	assert(len > 0);
	pst_diags_init(&diags, "line");
	doc = pst_json_read(line, (size_t)len, &diags);
	assert(doc && !diags.errors);
	pst_json_doc_free(doc);
	pst_json_free(json);
}

static void read_text(const uint8_t *data, size_t size)
{
	static struct pst_diags diags;
	struct pst_json_doc *doc, *again;
	uint32_t lines = 1;
	size_t i;

	for (i = 0; i < size; i++)
		lines += data[i] == '\n';
	pst_diags_init(&diags, "fuzz.json");
	doc = pst_json_read_on((const char *)data, size, &diags);
	if (doc)
		check_value(pst_json_root(doc), lines);
	else
		assert(diags.errors > 0);
	again = pst_json_read((const char *)data, size, &diags);
	assert(!again || doc);
	pst_json_doc_free(again);
	pst_json_doc_free(doc);
}

/* What can be read can be laid out, once and for all, unless a comment hides something. */
static void lay_out(const uint8_t *data, size_t size)
{
	static const char *const order[] = { "format", "channels" };
	static const struct pst_json_style style = { order, 2, "channels" };
	static struct pst_diags diags;
	char *out = NULL, *again = NULL;
	int64_t len, again_len;

	pst_diags_init(&diags, "fuzz.json");
	len = pst_json_format((const char *)data, size, &style, &diags, &out);
	assert(len > 0 || diags.errors);
	if (len < 0)
		return;
	again_len = pst_json_format(out, (size_t)len, &style, &diags, &again);
	assert(again_len == len && memcmp(out, again, (size_t)len) == 0);
	free(again);
	free(out);
}

/* What is told of a container ends within its room. */
static void read_container(const uint8_t *data, size_t size)
{
	static const char id[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	static const char *const runtimes[] = { "docker", "containerd", "cri-o", "podman" };
	char name[PST_IMAGE_NAME];

	for (size_t i = 0; i < sizeof(runtimes) / sizeof(runtimes[0]); i++) {
		bool found = pst_container_image(runtimes[i], id, (const char *)data, size, name);

		assert(memchr(name, '\0', sizeof(name)) && found == (name[0] != '\0'));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_text(data, size);
	lay_out(data, size);
	write_and_read(data, size);
	read_container(data, size);
	return 0;
}
