// SPDX-License-Identifier: Apache-2.0
/* How does each runtime write down of which image a container is? docker: config.v2.json.
 * containerd and CRI-O: annotations of the OCI config.json. podman: the list of containers of
 * containers/storage, where each has a JSON text of its own. */
#include "base/container.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"

#define HEX "0123456789abcdef"

bool pst_container_is_id(const char *text)
{
	return strspn(text, HEX) == PST_CONTAINER_ID && !text[PST_CONTAINER_ID];
}

static struct pst_json_doc *read_json(const char *text, size_t len)
{
	struct pst_diags unused;

	pst_diags_init(&unused, "");
	return len > PST_CONTAINER_FILE_MAX ? NULL : pst_json_read(text, len, &unused);
}

static bool take(const struct pst_json_value *name, char out[PST_IMAGE_NAME])
{
	if (!name || name->type != PST_JSON_STRING || strlen(name->string) >= PST_IMAGE_NAME)
		return false;
	return pst_text_copy(out, PST_IMAGE_NAME, name->string) && *out;
}

static const struct pst_json_value *of_docker(const struct pst_json_value *root)
{
	return pst_json_at(root, "Config.Image");
}

/* of_annotation - their keys have dots, which are no path */
static const struct pst_json_value *of_annotation(const struct pst_json_value *root,
						  const char *key)
{
	const struct pst_json_value *all = pst_json_get(root, "annotations");

	return all ? pst_json_get(all, key) : NULL;
}

/* take_stored - of the list's entries the one with that id */
static bool take_stored(const struct pst_json_value *root, const char *id, char out[PST_IMAGE_NAME])
{
	const struct pst_json_value *one = root->type == PST_JSON_ARRAY ? root->child : NULL;
	struct pst_json_doc *doc;
	const char *own;
	bool found;

	while (one && strcmp(pst_json_text_at(one, "id"), id) != 0) /* as many as the file has */
		one = one->next;
	if (!one)
		return false;
	own = pst_json_text_at(one, "metadata");
	doc = read_json(own, strlen(own));
	found = doc && take(pst_json_get(pst_json_root(doc), "image-name"), out);
	pst_json_doc_free(doc);
	return found;
}

static bool take_by(const char *runtime, const struct pst_json_value *root, const char *id,
		    char out[PST_IMAGE_NAME])
{
	if (strcmp(runtime, "docker") == 0)
		return take(of_docker(root), out);
	if (strcmp(runtime, "containerd") == 0)
		return take(of_annotation(root, "io.kubernetes.cri.image-name"), out);
	if (strcmp(runtime, "cri-o") == 0)
		return take(of_annotation(root, "io.kubernetes.cri-o.ImageName"), out);
	return strcmp(runtime, "podman") == 0 && take_stored(root, id, out);
}

bool pst_container_image(const char *runtime, const char *id, const char *text, size_t len,
			 char out[PST_IMAGE_NAME])
{
	struct pst_json_doc *doc = read_json(text, len);
	bool found;

	out[0] = '\0';
	found = doc && take_by(runtime, pst_json_root(doc), id, out);
	pst_json_doc_free(doc);
	return found;
}
