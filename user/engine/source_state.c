// SPDX-License-Identifier: Apache-2.0
/* How does a file of the state folder outlive a sudden end? */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "engine/state.h"

#define KEPT_MAX 99

struct whole {
	const void *bytes;
	size_t len;
};

int pst_state_write(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len) { /* each round writes at least one byte */
		ssize_t wrote = write(fd, at, len);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return wrote < 0 ? -errno : -EIO;
		at += wrote;
		len -= (size_t)wrote;
	}
	return 0;
}

/* What an earlier end left half-written goes first: who still writes it, on a disk that hangs,
 * must not write into this one. */
static int write_new(const char *path, pst_state_fill fill, void *context)
{
	int fd = unlink(path) < 0 && errno != ENOENT ?
			 -1 :
			 open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int r = fd < 0 ? -errno : fill(context, fd);

	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (fd >= 0 && close(fd) < 0 && r == 0)
		r = -errno;
	return r;
}

/* The rename itself must reach the disk too. */
static int sync_folder_of(const char *path)
{
	char folder[4096];
	_cleanup_close_ int fd = -1;
	char *slash;

	if (!pst_text_copy(folder, sizeof(folder), path))
		return -ENAMETOOLONG;
	slash = strrchr(folder, '/');
	if (slash)
		slash[slash == folder ? 1 : 0] = '\0';
	fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 || fsync(fd) < 0 ? -errno : 0;
}

int pst_state_replace_by(const char *path, pst_state_fill fill, void *context)
{
	char aside[4096];
	int r = pst_text_format(aside, sizeof(aside), "%s.new", path);

	if (r < 0)
		return r;
	r = write_new(aside, fill, context);
	if (r == 0 && rename(aside, path) < 0)
		r = -errno;
	if (r < 0)
		(void)unlink(aside); /* half of a file is of no use, and takes room */
	return r == 0 ? sync_folder_of(path) : r;
}

static int write_whole(void *context, int fd)
{
	const struct whole *whole = context;

	return pst_state_write(fd, whole->bytes, whole->len);
}

int pst_state_replace(const char *path, const void *bytes, size_t len)
{
	return pst_state_replace_by(path, write_whole,
				    &(struct whole){ .bytes = bytes, .len = len });
}

int pst_state_keep_aside(const char *path, char *kept, size_t kept_size)
{
	for (int i = 1; i <= KEPT_MAX; i++) {
		int r = pst_text_format(kept, kept_size, "%s.refused-%d", path, i);

		if (r < 0)
			return r;
		if (renameat2(AT_FDCWD, path, AT_FDCWD, kept, RENAME_NOREPLACE) == 0)
			return 0;
		if (errno != EEXIST)
			return -errno;
	}
	return -EMFILE;
}
