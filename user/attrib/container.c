// SPDX-License-Identifier: Apache-2.0
/* In which container does a process run, and of which image is that? By its cgroup, which the
 * runtime names after it; the image is what CONTAINER told of that name. */
#include <stdlib.h>
#include <string.h>

#include "attrib/tables.h"
#include "base/text.h"

#define ID_DIGITS 64u
#define HEX "0123456789abcdef"
#define AGAIN_NS (60 * 1000000000ull) /* between two questions about one container */

struct pst_container_key { /* zeros behind the texts */
	char runtime[17], id[65];
};

struct pst_container_known {
	uint64_t asked_ns; /* 0: never */
	char image[sizeof(((struct pst_container_seen *)0)->image)];
};

/* A component of the path is `prefix`, 64 hex digits and `suffix`: systemd's driver. */
static const struct {
	const char *prefix, *suffix, *runtime;
} scopes[] = {
	{ "docker-", ".scope", "docker" },
	{ "libpod-", ".scope", "podman" },
	{ "cri-containerd-", ".scope", "containerd" },
	{ "crio-", ".scope", "cri-o" },
	{ "nerdctl-", ".scope", "containerd" },
	/* the cgroupfs driver of podman and of cri-o */
	{ "libpod-", "", "podman" },
	{ "crio-", "", "cri-o" },
};

/* A component that is nothing but the id belongs to whom the path above it names. */
static const struct {
	const char *above, *runtime;
} folders[] = {
	{ "/docker/", "docker" },
	{ "/libpod_parent/", "podman" },
	{ "/kubepods", "containerd" }, /* containerd's kubelet plug-in; cri-o and docker have names
					  of their own above */
	{ "/default/", "containerd" }, /* ctr and nerdctl with the cgroupfs driver */
};

struct part {
	const char *text;
	size_t len;
};

static bool take_id(struct part part, const char *prefix, const char *suffix, char *out)
{
	size_t before = strlen(prefix), behind = strlen(suffix);

	if (part.len != before + ID_DIGITS + behind || strncmp(part.text, prefix, before) != 0 ||
	    strspn(part.text + before, HEX) != ID_DIGITS ||
	    strncmp(part.text + before + ID_DIGITS, suffix, behind) != 0)
		return false;
	memcpy(out, part.text + before, ID_DIGITS);
	out[ID_DIGITS] = '\0';
	return true;
}

static const char *runtime_of(const char *cgroup, struct part part, char *id)
{
	const char *at;
	size_t i;

	for (i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++)
		if (take_id(part, scopes[i].prefix, scopes[i].suffix, id))
			return scopes[i].runtime;
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		at = strstr(cgroup, folders[i].above);
		if (at && at < part.text && take_id(part, "", "", id))
			return folders[i].runtime;
	}
	return NULL;
}

struct pst_container pst_container_of(const char *cgroup)
{
	struct pst_container found = { .runtime = NULL };
	struct part part = { .text = cgroup };

	while (*part.text && !found.runtime) { /* at most one turn a byte */
		part.text += strspn(part.text, "/");
		part.len = strcspn(part.text, "/");
		found.runtime = runtime_of(cgroup, part, found.id);
		part.text += part.len;
	}
	return found;
}

struct pst_table *pst_containers_new(void)
{
	return pst_table_new(
		&(struct pst_table_shape){ .key_bytes = sizeof(struct pst_container_key),
					   .value_bytes = sizeof(struct pst_container_known),
					   .capacity = PST_CONTAINERS });
}

static struct pst_container_key key_of(const char *runtime, const char *id)
{
	struct pst_container_key key = { .runtime = "" };

	(void)pst_text_copy(key.runtime, sizeof(key.runtime), runtime); /* both fit */
	(void)pst_text_copy(key.id, sizeof(key.id), id);
	return key;
}

void pst_container_name(struct pst_attrib *attrib, struct pst_image *image)
{
	const struct pst_container_known *known;
	struct pst_container_key key;

	if (!image->runtime)
		return;
	key = key_of(image->runtime, image->container_id);
	known = pst_table_find(attrib->containers, &key);
	if (!known || !known->image[0])
		return;
	free(image->container_image);
	image->container_image = strdup(known->image); /* without memory it is not known */
}

bool pst_attrib_asks_container(struct pst_attrib *attrib, const struct pst_image *image,
			       uint64_t time_ns)
{
	struct pst_container_known *known;
	struct pst_container_key key;

	if (!image->runtime || image->container_image)
		return false;
	key = key_of(image->runtime, image->container_id);
	known = pst_table_put(attrib->containers, &key, NULL);
	if (!known || (known->asked_ns && time_ns - known->asked_ns < AGAIN_NS))
		return false;
	known->asked_ns = time_ns;
	return true;
}

void pst_attrib_container(struct pst_attrib *attrib, const struct pst_container_seen *seen)
{
	struct pst_container_key key = key_of(seen->runtime, seen->id);
	struct pst_image_slot *slot = NULL;
	struct pst_container_known *known;

	if (!seen->image[0]) /* nothing is learned, and anybody can name cgroups so */
		return;
	known = pst_table_put(attrib->containers, &key, NULL);
	if (!known)
		return;
	memcpy(known->image, seen->image, sizeof(known->image)); /* terminated */
	while ((slot = pst_table_next(attrib->images, slot, NULL))) {
		if (strcmp(slot->image.container_id, key.id) == 0)
			pst_container_name(attrib, &slot->image);
	}
}
