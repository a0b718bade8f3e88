// SPDX-License-Identifier: Apache-2.0
/* Which program is that, and whose is it? Interned by path, device, inode and how it was reached.
 */
#include <stdlib.h>
#include <string.h>

#include "attrib/tables.h"
#include "base/digest.h"

struct name { /* what names a program; hashed as bytes, so its padding is explicit */
	uint64_t inode;
	uint32_t dev_major, dev_minor;
	uint8_t memfd, deleted, path_cut, foreign_root;
	uint8_t zero[4];
	uint8_t path_digest[PST_SHA256_BYTES];
};
_Static_assert(sizeof(struct name) == PST_PROGRAM_KEY, "no padding in a key");

/* The path that a mount namespace of its own shows is not the host's, unless its root is the host's
 * root. */
static bool is_foreign(const struct pst_attrib *attrib, const struct pst_event *event)
{
	const struct pst_exec *exec = &event->exec;

	if (!exec->root_dev || !attrib->host_root_dev || !event->task.mntns || !attrib->host_mntns)
		return false;
	return exec->root_dev != attrib->host_root_dev && event->task.mntns != attrib->host_mntns;
}

static bool is_below(const char *const *prefixes, const char *path)
{
	for (size_t i = 0; prefixes && prefixes[i]; i++) { /* NULL-terminated by contract */
		if (strncmp(path, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return false;
}

/*
 * is_vendor - can no package of the distribution own it?
 * A path that was cut lost its upper end, so it may lie anywhere; no distribution installs that
 * deep. A file without a name counts when it had none at the exec: one that is found running
 * without a name was perhaps only replaced by an upgrade.
 */
static bool is_vendor(const struct pst_attrib *attrib, const struct pst_program *program,
		      const struct pst_event *event)
{
	if (program->memfd || program->path_cut || (program->deleted && !event->preexisting))
		return true;
	return is_below(attrib->keys.vendor_paths, program->path);
}

/* "/" is what an EXEC without a path decodes to: no file is called so. */
static const char *path_of(const struct pst_exec *exec)
{
	return strcmp(exec->path, "/") == 0 ? "" : exec->path;
}

static struct name name_of(const struct pst_attrib *attrib, const struct pst_event *event)
{
	const struct pst_exec *exec = &event->exec;
	const char *path = path_of(exec);
	struct name name = {
		.inode = exec->inode,
		.dev_major = exec->dev_major,
		.dev_minor = exec->dev_minor,
		.memfd = exec->memfd,
		.deleted = exec->deleted,
		.path_cut = exec->path_cut,
		.foreign_root = is_foreign(attrib, event),
	};

	pst_sha256(path, strlen(path), name.path_digest);
	return name;
}

static void fill(struct pst_attrib *attrib, struct pst_program *program,
		 const struct pst_event *event)
{
	const struct pst_exec *exec = &event->exec;

	program->inode = exec->inode;
	program->dev_major = exec->dev_major;
	program->dev_minor = exec->dev_minor;
	program->memfd = exec->memfd;
	program->deleted = exec->deleted;
	program->path_cut = exec->path_cut;
	program->foreign_root = is_foreign(attrib, event);
	program->number = attrib->next_number++;
	program->first_exec_ns = event->task.image.exec_ns;
}

struct pst_program *pst_program_intern(struct pst_attrib *attrib, const struct pst_event *event)
{
	struct name name = name_of(attrib, event);
	struct pst_program *program;
	bool created;

	if (!path_of(&event->exec)[0])
		return &attrib->unknown;
	program = pst_table_put(attrib->programs, &name, &created);
	if (!program)
		return NULL;
	if (created) {
		program->path = strdup(event->exec.path);
		if (!program->path) {
			(void)pst_table_remove(attrib->programs, &name); /* was just made */
			return NULL;
		}
		fill(attrib, program, event);
	}
	if (event->preexisting)
		program->ran_before_us = true;
	if (is_vendor(attrib, program, event))
		program->vendor = true;
	return program;
}

static bool ends_in(struct pst_span text, const char *end)
{
	size_t len = strlen(end);

	return text.len > len && memcmp(text.data + text.len - len, end, len) == 0;
}

struct pst_span pst_program_unit(const char *cgroup)
{
	struct pst_span unit = { .data = (const uint8_t *)cgroup, .len = 0 };

	while (*cgroup) {
		struct pst_span part = { .data = (const uint8_t *)cgroup,
					 .len = strcspn(cgroup, "/") };

		if (ends_in(part, ".service") || ends_in(part, ".scope"))
			unit = part;
		cgroup += part.len;
		cgroup += strspn(cgroup, "/");
	}
	return unit;
}

void pst_program_drop(void *context, const void *key, void *value)
{
	struct pst_program *program = value;

	(void)context;
	(void)key;
	free(program->path);
}

bool pst_program_keep(void *context, const void *key, const void *value)
{
	const struct pst_program *program = value;

	(void)context;
	(void)key;
	return program->refs > 0;
}

const char *pst_program_name(const struct pst_program *program)
{
	const char *slash = strrchr(program->path, '/');
	const char *name = slash ? slash + 1 : program->path;

	return name[0] ? name : "?";
}
