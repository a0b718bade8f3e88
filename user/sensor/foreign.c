// SPDX-License-Identifier: Apache-2.0
/* Does a path mean the same file to a process as to the host? A mount namespace of one's own may
 * show another file under any name. Asked only of processes in such a namespace, and of files in
 * one. */
#include "sensor/room.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

#define LOOKS 8 /* a mount anywhere else may end one */

struct names { /* of a path, leaf first, each with its NUL */
	const uint8_t *bytes;
	size_t len;
};

/* host_path - as a path; false when it is too long */
static bool host_path(struct names names, char out[PST_PATH_MAX + 1])
{
	size_t at = PST_PATH_MAX;

	if (!names.len || names.len > PST_PATH_MAX - 1 || names.bytes[names.len - 1])
		return false;
	out[at] = '\0';
	for (size_t from = 0; from < names.len;) { /* each turn takes a component and its NUL */
		size_t len = strlen((const char *)names.bytes + from);

		if (len + 1 > at)
			return false;
		at -= len;
		memcpy(out + at, names.bytes + from, len);
		out[--at] = '/';
		from += len + 1;
	}
	memmove(out, out + at, PST_PATH_MAX + 1 - at);
	return true;
}

/*
 * look - what a name leads to, of what the kernel has in memory: as a running program's own names
 * are. Nothing else is asked: a file system in user space might never answer, and nobody would
 * watch any more.
 */
static bool look(int root, const char *path, uint64_t resolve, struct statx *out)
{
	const struct open_how how = { .flags = O_PATH | O_CLOEXEC,
				      .resolve = resolve | RESOLVE_CACHED | RESOLVE_NO_MAGICLINKS };
	_cleanup_close_ int fd = -1;

	for (int i = 0; fd < 0 && i < LOOKS; i++)
		fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
	return fd >= 0 &&
	       statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_INO | STATX_CTIME, out) == 0;
}

static bool is_same(const struct statx *a, const struct statx *b)
{
	return a->stx_ino == b->stx_ino && a->stx_dev_major == b->stx_dev_major &&
	       a->stx_dev_minor == b->stx_dev_minor;
}

/* is_told - by the record alone. Anybody can make a file with the inode's number; btrfs and
 * overlayfs show other device numbers than the kernel's own, without a major. */
static bool is_told(const struct pst_rec_exec *rec, const struct statx *named)
{
	uint64_t ctime_ns = (uint64_t)named->stx_ctime.tv_sec * NS_PER_S + named->stx_ctime.tv_nsec;

	return named->stx_ino == rec->inode && ctime_ns == rec->ctime_ns &&
	       named->stx_dev_major == rec->dev_major &&
	       (!rec->dev_major || named->stx_dev_minor == rec->dev_minor);
}

struct held {		  /* what the process holds: its file or its folder */
	const char *link; /* below /proc/PID */
	uint64_t inode;
	bool is_exe;
};

/* The process may be gone: then what the record tells of its file must do; of a folder it does not.
 */
static bool names_held(const struct pst_rec_exec *rec, const char *path, struct held held)
{
	char link[40];
	struct statx named, running;

	if (!look(AT_FDCWD, path, RESOLVE_NO_SYMLINKS, &named))
		return false;
	(void)pst_text_format(link, sizeof(link), "/proc/%u/%s", rec->h.task.tgid,
			      held.link); /* fits */
	if (statx(AT_FDCWD, link, AT_STATX_DONT_SYNC, STATX_INO, &running) == 0 &&
	    running.stx_ino == held.inode)
		return is_same(&named, &running);
	return held.is_exe && is_told(rec, &named);
}

static void mark_exe(struct pst_rec_exec *rec, const uint8_t *tail)
{
	const struct names names = { .bytes = tail, .len = rec->path_len };
	const struct held exe = { .link = "exe", .inode = rec->inode, .is_exe = true };
	char path[PST_PATH_MAX + 1];

	if (rec->exec_flags & (PST_EXEC_MEMFD | PST_EXEC_DELETED | PST_EXEC_PATH_CUT))
		return;
	if (!host_path(names, path) || !names_held(rec, path, exe))
		rec->exec_flags |= PST_EXEC_FOREIGN;
}

/* mark_cwd - and write its path, "" when that is not the host's */
static void mark_cwd(const struct pst_rec_exec *rec, uint8_t *tail, char path[PST_PATH_MAX + 1])
{
	size_t at = (size_t)rec->path_len + rec->file_len + rec->args_len + rec->cgroup_len +
		    sizeof(struct pst_rec_exec_more);
	size_t size = rec->h.size - sizeof(*rec);
	struct pst_rec_exec_cwd cwd;
	struct names names;

	path[0] = '\0';
	if (size < at + sizeof(cwd))
		return; /* the process ended */
	memcpy(&cwd, tail + at, sizeof(cwd));
	names = (struct names){ .bytes = tail + at + sizeof(cwd), .len = cwd.len };
	if (size < at + sizeof(cwd) + cwd.len)
		return; /* of our own programs: cannot be */
	if (cwd.flags & PST_CWD_CUT || (cwd.len && !host_path(names, path)) ||
	    !names_held(rec, cwd.len ? path : "/",
			(struct held){ .link = "cwd", .inode = cwd.inode })) {
		cwd.flags |= PST_CWD_FOREIGN;
		path[0] = '\0';
	} else if (!cwd.len) {
		(void)pst_text_copy(path, PST_PATH_MAX + 1, "/"); /* fits */
	}
	memcpy(tail + at, &cwd, sizeof(cwd));
}

/* The script that the process sees under this name, and the host's. A link in it begins at the
 * process's own root. */
static bool names_script(const struct pst_rec_exec *rec, const uint8_t *file, const char *cwd)
{
	char script[PST_PATH_MAX + PST_FILE_MAX + 2], link[40];
	struct statx named, inside;
	bool is_relative = rec->file_len && file[0] != '/';
	_cleanup_close_ int root = -1;

	if (!rec->file_len || rec->file_len > PST_FILE_MAX || (is_relative && !cwd[0]))
		return false;
	(void)pst_text_format(script, sizeof(script), "%s%s%.*s", is_relative ? cwd : "",
			      is_relative ? "/" : "", (int)rec->file_len,
			      (const char *)file);				      /* fits */
	(void)pst_text_format(link, sizeof(link), "/proc/%u/root", rec->h.task.tgid); /* fits */
	root = open(link, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return root >= 0 && look(root, script, RESOLVE_IN_ROOT, &inside) &&
	       look(AT_FDCWD, script, 0, &named) && is_same(&named, &inside);
}

bool pst_foreign_is_due(const struct pst_sensor *sensor, const struct pst_rec_exec *rec)
{
	return rec->h.task.mntns != sensor->mntns || rec->exec_flags & PST_EXEC_OTHER_MOUNTS;
}

void pst_foreign_mark(const struct pst_sensor *sensor, struct pst_rec_exec *rec, uint8_t *tail)
{
	char cwd[PST_PATH_MAX + 1];

	if (!rec->h.task.mntns || !pst_foreign_is_due(sensor, rec))
		return;
	mark_exe(rec, tail);
	if (rec->h.task.mntns == sensor->mntns)
		return; /* names mean to it what they mean to us */
	mark_cwd(rec, tail, cwd);
	if (rec->exec_flags & PST_EXEC_SCRIPT && !names_script(rec, tail + rec->path_len, cwd))
		rec->exec_flags &= ~PST_EXEC_SCRIPT;
}
