// SPDX-License-Identifier: Apache-2.0
/* Does a path mean the same file to a process as to the host? A mount namespace of one's own may
 * show another file under any name. Asked only of processes in such a namespace. */
#include "sensor/room.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/text.h"

/* host_path - the components, which the record holds leaf first, as a path; false when it is too
 * long */
static bool host_path(const struct pst_rec_exec *rec, const uint8_t *tail, char *out)
{
	size_t at = PST_PATH_MAX;

	if (!rec->path_len || rec->path_len > PST_PATH_MAX - 1 || tail[rec->path_len - 1])
		return false;
	out[at] = '\0';
	for (size_t from = 0; from < rec->path_len;) { /* each turn takes a component and its NUL */
		size_t len = strlen((const char *)tail + from);

		if (len + 1 > at)
			return false;
		at -= len;
		memcpy(out + at, tail + from, len);
		out[--at] = '/';
		from += len + 1;
	}
	memmove(out, out + at, PST_PATH_MAX + 1 - at);
	return true;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

/* The process may be gone: then the record's own inode must do. */
static bool names_exe(const struct pst_rec_exec *rec, const char *path)
{
	char link[40];
	struct stat named, running;

	if (lstat(path, &named) < 0)
		return false;
	(void)pst_text_format(link, sizeof(link), "/proc/%u/exe", rec->h.task.tgid); /* fits */
	if (stat(link, &running) == 0 && running.st_ino == rec->inode)
		return is_same(&named, &running);
	return named.st_ino == rec->inode;
}

/* The script that the process sees under this name, and the host's. */
static bool names_script(const struct pst_rec_exec *rec, const uint8_t *file)
{
	char script[PST_FILE_MAX + 1], seen[PST_FILE_MAX + 40];
	struct stat named, inside;

	if (!rec->file_len || rec->file_len > PST_FILE_MAX)
		return false;
	memcpy(script, file, rec->file_len);
	script[rec->file_len] = '\0';
	(void)pst_text_format(seen, sizeof(seen), "/proc/%u/root%s", rec->h.task.tgid,
			      script); /* fits: see above */
	return stat(seen, &inside) == 0 && stat(script, &named) == 0 && is_same(&named, &inside);
}

void pst_foreign_mark(const struct pst_sensor *sensor, struct pst_rec_exec *rec,
		      const uint8_t *tail)
{
	char path[PST_PATH_MAX + 1];

	if (rec->h.task.mntns == sensor->mntns || !rec->h.task.mntns ||
	    rec->exec_flags & (PST_EXEC_MEMFD | PST_EXEC_DELETED | PST_EXEC_PATH_CUT))
		return;
	if (!host_path(rec, tail, path) || !names_exe(rec, path))
		rec->exec_flags |= PST_EXEC_FOREIGN;
	if (rec->exec_flags & PST_EXEC_SCRIPT && !names_script(rec, tail + rec->path_len))
		rec->exec_flags &= ~PST_EXEC_SCRIPT;
}
