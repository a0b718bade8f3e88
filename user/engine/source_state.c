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

static int write_all(int fd, const char *bytes, size_t len)
{
	while (len) { /* each round writes at least one byte */
		ssize_t wrote = write(fd, bytes, len);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return wrote < 0 ? -errno : -EIO;
		bytes += wrote;
		len -= (size_t)wrote;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

static int write_new(const char *path, const void *bytes, size_t len)
{
	/* what an earlier end left half-written is written over */
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
		      0600);
	int r = fd < 0 ? -errno : write_all(fd, bytes, len);

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

int pst_state_replace(const char *path, const void *bytes, size_t len)
{
	char aside[4096];
	int r = pst_text_format(aside, sizeof(aside), "%s.new", path);

	if (r == 0)
		r = write_new(aside, bytes, len);
	if (r == 0 && rename(aside, path) < 0)
		r = -errno;
	return r == 0 ? sync_folder_of(path) : r;
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
