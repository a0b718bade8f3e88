// SPDX-License-Identifier: Apache-2.0
/* Which program is that, and whose is it? Interned by path, device, inode and how it was reached.
 */
#include <errno.h>
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

	if (exec->foreign)
		return true;
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

/* Does the name say by itself where the file lies, without "..", "." or empty parts? */
static bool is_plain(struct pst_span file)
{
	const uint8_t *end = file.data + file.len, *part = file.data + 1;

	if (!file.len || file.data[0] != '/' || memchr(file.data, 0, file.len))
		return false;
	while (part < end) { /* at most one turn a byte */
		const uint8_t *slash = memchr(part, '/', (size_t)(end - part));
		size_t len = (size_t)((slash ? slash : end) - part);

		if (len == 0 || (len == 1 && part[0] == '.') ||
		    (len == 2 && part[0] == '.' && part[1] == '.'))
			return false;
		part += len + 1;
	}
	return file.data[file.len - 1] != '/';
}

static bool is_script(const struct pst_exec *exec)
{
	return exec->script && !exec->file_cut && !exec->memfd && is_plain(exec->file);
}

/* A script is its own program; "/" is what an EXEC without a path decodes to: no file is called
 * so. */
static struct pst_span path_of(const struct pst_exec *exec)
{
	struct pst_span path = { .data = (const uint8_t *)exec->path, .len = strlen(exec->path) };

	if (is_script(exec))
		return exec->file;
	if (strcmp(exec->path, "/") == 0)
		path.len = 0;
	return path;
}

static struct name name_of(const struct pst_attrib *attrib, const struct pst_event *event)
{
	const struct pst_exec *exec = &event->exec;
	struct pst_span path = path_of(exec);
	struct name name = {
		.inode = exec->inode,
		.dev_major = exec->dev_major,
		.dev_minor = exec->dev_minor,
		.memfd = exec->memfd,
		.deleted = exec->deleted,
		.path_cut = exec->path_cut,
		.foreign_root = is_foreign(attrib, event),
	};

	pst_sha256(path.data, path.len, name.path_digest);
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

static int name_program(struct pst_program *program, const struct pst_exec *exec)
{
	struct pst_span path = path_of(exec);

	program->path = strndup((const char *)path.data, path.len);
	if (program->path && is_script(exec))
		program->interpreter = strdup(exec->path);
	return program->path && (program->interpreter || !is_script(exec)) ? 0 : -ENOMEM;
}

struct pst_program *pst_program_intern(struct pst_attrib *attrib, const struct pst_event *event)
{
	struct name name = name_of(attrib, event);
	struct pst_program *program;
	bool created;

	if (!path_of(&event->exec).len)
		return &attrib->unknown;
	program = pst_table_put(attrib->programs, &name, &created);
	if (!program)
		return NULL;
	if (created && name_program(program, &event->exec) < 0) {
		(void)pst_table_remove(attrib->programs, &name); /* was just made */
		return NULL;
	}
	if (created)
		fill(attrib, program, event);
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

/* "user@1000.service" */
static bool is_user_manager(struct pst_span unit)
{
	static const char begin[] = "user@", end[] = ".service";
	size_t at = sizeof(begin) - 1, digits;

	if (unit.len < at || memcmp(unit.data, begin, at) != 0 || !ends_in(unit, end))
		return false;
	digits = unit.len - at - (sizeof(end) - 1); /* both fit: they share no letter */
	for (size_t i = 0; i < digits; i++) {
		if (unit.data[at + i] < '0' || unit.data[at + i] > '9')
			return false;
	}
	return digits > 0;
}

static struct pst_span next_unit(const char *cgroup)
{
	while (*cgroup) { /* at most one turn a byte */
		struct pst_span part = { .data = (const uint8_t *)cgroup,
					 .len = strcspn(cgroup, "/") };

		if (ends_in(part, ".service") || ends_in(part, ".scope"))
			return part;
		cgroup += part.len;
		cgroup += strspn(cgroup, "/");
	}
	return (struct pst_span){ .data = (const uint8_t *)cgroup, .len = 0 };
}

struct pst_span pst_program_unit(const char *cgroup)
{
	struct pst_span unit = next_unit(cgroup), below;

	if (!is_user_manager(unit))
		return unit;
	below = next_unit((const char *)unit.data + unit.len);
	return below.len ? below : unit;
}

void pst_program_drop(void *context, const void *key, void *value)
{
	struct pst_program *program = value;

	(void)context;
	(void)key;
	free(program->path);
	free(program->interpreter);
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
