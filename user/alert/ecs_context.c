// SPDX-License-Identifier: Apache-2.0
/* ecs_context: within which walls does a process run, with which powers, and what are its standard
 * streams? */
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "alert/ecs.h"
#include "base/container.h"
#include "base/text.h"

/* linux/capability.h, in its order */
static const char *const capabilities[] = {
	"CHOWN",
	"DAC_OVERRIDE",
	"DAC_READ_SEARCH",
	"FOWNER",
	"FSETID",
	"KILL",
	"SETGID",
	"SETUID",
	"SETPCAP",
	"LINUX_IMMUTABLE",
	"NET_BIND_SERVICE",
	"NET_BROADCAST",
	"NET_ADMIN",
	"NET_RAW",
	"IPC_LOCK",
	"IPC_OWNER",
	"SYS_MODULE",
	"SYS_RAWIO",
	"SYS_CHROOT",
	"SYS_PTRACE",
	"SYS_PACCT",
	"SYS_ADMIN",
	"SYS_BOOT",
	"SYS_NICE",
	"SYS_RESOURCE",
	"SYS_TIME",
	"SYS_TTY_CONFIG",
	"MKNOD",
	"LEASE",
	"AUDIT_WRITE",
	"AUDIT_CONTROL",
	"SETFCAP",
	"MAC_OVERRIDE",
	"MAC_ADMIN",
	"SYSLOG",
	"WAKE_ALARM",
	"BLOCK_SUSPEND",
	"AUDIT_READ",
	"PERFMON",
	"BPF",
	"CHECKPOINT_RESTORE",
};

void pst_ecs_powers(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	char name[32];

	for (size_t i = 0; facts->has_caps && i < 64; i++) {
		if (!(facts->caps_effective & UINT64_C(1) << i))
			continue;
		if (i < sizeof(capabilities) / sizeof(capabilities[0]))
			(void)pst_text_format(name, sizeof(name), "CAP_%s",
					      capabilities[i]); /* the longest has 22 */
		else
			(void)pst_text_format(name, sizeof(name), "%zu", i); /* two digits */
		pst_json_add_text(ecs->json, "process.thread.capabilities.effective", name);
	}
}

static void put_namespace(struct pst_ecs *ecs, const char *path, uint32_t inode)
{
	if (inode)
		pst_ecs_put_uint(ecs, path, inode);
}

/* put_container_image - "registry:5000/agent:1.4@sha256:..." in the fields that ECS has for its
 * parts
 */
static void put_container_image(struct pst_ecs *ecs, const char *image)
{
	char name[PST_IMAGE_NAME];
	char *digest, *tag;

	if (!image || !pst_text_copy(name, sizeof(name), image))
		return;
	digest = strchr(name, '@');
	if (digest)
		*digest++ = '\0';
	tag = strrchr(name, ':');
	if (tag && (strchr(tag, '/') || tag == name || strncmp(name, "sha256:", 7) == 0))
		tag = NULL; /* a registry's port, or an image without a name */
	if (tag)
		*tag++ = '\0';
	pst_ecs_put_raw(ecs, "container.image.name", name);
	if (tag)
		pst_ecs_add_raw(ecs, "container.image.tag", tag);
	if (digest)
		pst_ecs_add_raw(ecs, "container.image.hash.all", digest);
}

void pst_ecs_context(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	pst_ecs_put_raw(ecs, "container.id", pst_fact(facts, PST_FACT_CONTAINER));
	pst_ecs_put_ours(ecs, "container.runtime", pst_fact(facts, PST_FACT_RUNTIME));
	put_container_image(ecs, pst_fact(facts, PST_FACT_CONTAINER_IMAGE));
	put_namespace(ecs, "postern.namespaces.net", facts->netns);
	put_namespace(ecs, "postern.namespaces.mnt", facts->mntns);
	put_namespace(ecs, "postern.namespaces.pid", facts->pidns);
}

static const char *form_of(uint16_t family)
{
	if (family == AF_INET || family == AF_INET6)
		return "socket";
	return family == AF_UNIX ? "unix" : "other_socket";
}

static void put_stream(struct pst_ecs *ecs, const struct pst_facts *facts, unsigned int fd)
{
	const struct pst_stdio *stdio = &facts->stdio[fd];
	bool is_socket = facts->stdio_mask & 1u << fd;
	struct pst_json *row;
	char text[PST_ADDR_TEXT];

	if (!is_socket && !facts->pipe_inode[fd])
		return;
	row = pst_json_add_object(ecs->json, "postern.exec.stdio");
	if (!row)
		return; /* printing reports the lack of memory */
	pst_json_put_int(row, "fd", fd);
	pst_json_put_text(row, "form", is_socket ? form_of(stdio->family) : "pipe");
	if (!is_socket) {
		(void)pst_text_format(text, sizeof(text), "%" PRIu64,
				      facts->pipe_inode[fd]); /* twenty digits */
		pst_json_put_text(row, "inode", text);
	} else if (stdio->family == AF_INET || stdio->family == AF_INET6) {
		pst_json_put_text(row, "peer",
				  pst_addr_format_port(&stdio->peer, stdio->peer_port, text));
	}
}

void pst_ecs_streams(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	for (unsigned int fd = 0; fd < 3; fd++)
		put_stream(ecs, facts, fd);
}
