// SPDX-License-Identifier: Apache-2.0
/* In which container does a process run? By its cgroup, which the runtime names after it. */
#include <string.h>

#include "attrib/tables.h"

#define ID_DIGITS 64u
#define HEX "0123456789abcdef"

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
