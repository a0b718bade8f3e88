// SPDX-License-Identifier: Apache-2.0
/* By which path does a program go? A script by its own: what path clauses match is that, so it must
 * be a name that means to its process what it means to the host. A mount namespace or a root folder
 * of one's own may show another file under any name. */
#include "attrib/interpreter.h"
#include "attrib/tables.h"

/* The path that a mount namespace of its own shows is not the host's, unless its root is the host's
 * root. */
static bool is_other_root(const struct pst_attrib *attrib, uint64_t root_dev, uint32_t mntns)
{
	if (!root_dev || !attrib->host_root_dev || !mntns || !attrib->host_mntns)
		return false;
	return root_dev != attrib->host_root_dev && mntns != attrib->host_mntns;
}

bool pst_place_is_foreign(const struct pst_attrib *attrib, const struct pst_event *event)
{
	return event->exec.foreign ||
	       is_other_root(attrib, event->exec.root_dev, event->task.mntns);
}

/*
 * knows_folder - do names in its working directory mean to it what they mean to the host?
 * A daemon that went to / tells by that nothing of where its script lies.
 */
static bool knows_folder(const struct pst_attrib *attrib, const struct pst_event *event)
{
	const struct pst_exec *exec = &event->exec;

	if (!exec->cwd || exec->cwd_cut || exec->cwd_unsure || exec->own_root ||
	    (exec->cwd_late && strcmp(exec->cwd, "/") == 0))
		return false;
	return !is_other_root(attrib, exec->cwd_root_dev, event->task.mntns);
}

/* join - a name in the working directory; empty when it has no place */
static struct pst_span join(const char *folder, struct pst_span name, struct pst_place *out)
{
	size_t len = strcmp(folder, "/") ? strlen(folder) : 0;

	if (!name.len || len + 1 + name.len >= sizeof(out->joined)) /* a path has its end, too */
		return (struct pst_span){ .len = 0 };
	memcpy(out->joined, folder, len);
	out->joined[len] = '/';
	memcpy(out->joined + len + 1, name.data, name.len);
	return (struct pst_span){ .data = (const uint8_t *)out->joined, .len = len + 1 + name.len };
}

/* whole - a path as it was given, absolute; empty when that cannot be told */
static struct pst_span whole(const struct pst_attrib *attrib, const struct pst_event *event,
			     struct pst_span path, struct pst_place *out)
{
	if (path.len && path.data[0] != '/')
		path = knows_folder(attrib, event) ?
			       join(event->exec.cwd, pst_path_relative(path), out) :
			       (struct pst_span){ .len = 0 };
	return pst_path_is_plain(path) ? path : (struct pst_span){ .len = 0 };
}

/*
 * sees_the_hosts_files - do names mean to it what they mean to the host?
 * The executable's own path was compared with the host's, but a script that is only an argument was
 * not: in a mount namespace of one's own another file may lie under its name. Those that systemd
 * prepares for a service are the operator's: its first program may name its script so.
 */
static bool sees_the_hosts_files(const struct pst_attrib *attrib, const struct pst_event *event)
{
	const struct pst_process *process = pst_table_peek(attrib->processes, &event->task.proc);

	if (event->exec.own_root)
		return false;
	if (!attrib->host_mntns || event->task.mntns == attrib->host_mntns)
		return true;
	if (event->preexisting)
		return event->task.parent.tgid == 1 &&
		       pst_span_ends_in(pst_program_unit(event->exec.cgroup), ".service");
	return process && process->handed;
}

/* The script that a distribution's interpreter was given as an argument. What only calls itself
 * python3 may read its arguments as it likes. */
static struct pst_span script_argument(const struct pst_attrib *attrib,
				       const struct pst_event *event, struct pst_place *out)
{
	static const char *const places[] = { "/usr/", "/bin/", NULL };
	const struct pst_exec *exec = &event->exec;
	struct pst_span path;
	bool is_own = false;

	for (size_t i = 0; places[i]; i++)
		is_own |= strncmp(exec->path, places[i], strlen(places[i])) == 0;
	if (!is_own || exec->script || exec->memfd || exec->deleted || exec->path_cut ||
	    pst_place_is_foreign(attrib, event) || pst_program_is_vendor_path(attrib, exec->path) ||
	    !sees_the_hosts_files(attrib, event))
		return (struct pst_span){ .len = 0 };
	path = whole(attrib, event, pst_interpreter_script(exec->path, exec->args), out);
	return pst_path_names_file(path) ? path : (struct pst_span){ .len = 0 };
}

/* The script that execve was given. */
static struct pst_span script_file(const struct pst_attrib *attrib, const struct pst_event *event,
				   struct pst_place *out)
{
	const struct pst_exec *exec = &event->exec;

	if (!exec->script || exec->file_cut || exec->memfd)
		return (struct pst_span){ .len = 0 };
	return whole(attrib, event, exec->file, out);
}

void pst_place_find(const struct pst_attrib *attrib, const struct pst_event *event,
		    struct pst_place *out)
{
	const char *path = event->exec.path;

	out->path = script_argument(attrib, event, out);
	out->is_argument = out->path.len > 0;
	if (!out->path.len)
		out->path = script_file(attrib, event, out);
	out->is_script = out->path.len > 0;
	if (!out->path.len && strcmp(path, "/")) /* which an EXEC without a path decodes to */
		out->path = (struct pst_span){ .data = (const uint8_t *)path, .len = strlen(path) };
}
