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

static struct name name_of(const struct pst_attrib *attrib, const struct pst_event *event,
			   struct pst_span path)
{
	const struct pst_exec *exec = &event->exec;
	struct name name = {
		.inode = exec->inode,
		.dev_major = exec->dev_major,
		.dev_minor = exec->dev_minor,
		.memfd = exec->memfd,
		.deleted = exec->deleted,
		.path_cut = exec->path_cut,
		.foreign_root = pst_place_is_foreign(attrib, event),
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
	program->foreign_root = pst_place_is_foreign(attrib, event);
	program->number = attrib->next_number++;
	program->first_exec_ns = event->task.image.exec_ns;
}

static int name_program(struct pst_program *program, const struct pst_exec *exec,
			const struct pst_place *place)
{
	program->path = strndup((const char *)place->path.data, place->path.len);
	if (program->path && place->is_script)
		program->interpreter = strdup(exec->path);
	return program->path && (program->interpreter || !place->is_script) ? 0 : -ENOMEM;
}

struct pst_program *pst_program_intern(struct pst_attrib *attrib, const struct pst_event *event)
{
	struct pst_program *program;
	struct pst_place place;
	struct name name;
	bool created;

	pst_place_find(attrib, event, &place);
	if (!place.path.len)
		return &attrib->unknown;
	name = name_of(attrib, event, place.path);
	program = pst_table_put(attrib->programs, &name, &created);
	if (!program)
		return NULL;
	if (created && name_program(program, &event->exec, &place) < 0) {
		(void)pst_table_remove(attrib->programs, &name); /* was just made */
		return NULL;
	}
	if (created)
		fill(attrib, program, event);
	if (event->preexisting)
		program->ran_before_us = true;
	else if (event->exec.deleted)
		program->unnamed = true;
	program->argument = place.is_argument;
	pst_program_touch(attrib, program, event->exec.ctime_ns);
	pst_program_decide(attrib, program);
	return program;
}

/* "user@1000.service" */
static bool is_user_manager(struct pst_span unit)
{
	static const char begin[] = "user@", end[] = ".service";
	size_t at = sizeof(begin) - 1, digits;

	if (unit.len < at || memcmp(unit.data, begin, at) != 0 || !pst_span_ends_in(unit, end))
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

		if (pst_span_ends_in(part, ".service") || pst_span_ends_in(part, ".scope"))
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
	pst_program_forget(program);
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
