// SPDX-License-Identifier: Apache-2.0
/* file: lines at the end of a file that others rename, remove and read.
 * One write(2) per line; a short one is finished before anything else. The old descriptor stays
 * until the new one is open. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sink/room.h"

static int open_target(const char *path, struct stat *st)
{
	/* O_NONBLOCK: a pipe that nobody reads is an error at once, and a full one later; files
	 * ignore it */
	_cleanup_close_ int fd =
		open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0640);

	if (fd < 0 || fstat(fd, st) < 0)
		return -errno;
	if (S_ISDIR(st->st_mode))
		return -EISDIR;
	return take_fd(&fd);
}

static int file_reopen(struct pst_sink *sink)
{
	struct stat st;
	int fd = open_target(sink->keys.target, &st);

	if (fd < 0)
		return fd;
	if (sink->fd >= 0)
		(void)close(sink->fd); /* O_APPEND writes are done; their errors came with write */
	/* a line that was cut off in the old file stands whole in the new one */
	if (sink->queue.head && (st.st_dev != sink->dev || st.st_ino != sink->ino))
		sink->queue.head->done = 0;
	sink->fd = fd;
	sink->dev = st.st_dev;
	sink->ino = st.st_ino;
	return 0;
}

/* lost_begin - somebody emptied the file, and with it the first half of the line that is being
 * written */
static bool lost_begin(const struct pst_sink *sink)
{
	const struct pst_queued *head = sink->queue.head;
	struct stat st;

	return head && head->done && fstat(sink->fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       st.st_size < (off_t)head->done;
}

static int file_write(struct pst_sink *sink, const char *line, size_t len)
{
	ssize_t n;

	if (lost_begin(sink)) {
		sink->queue.head->done = 0;
		return 0; /* the next flush writes the whole line */
	}
	do {
		n = write(sink->fd, line, len);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : (int)n;
}

/* file_check - rotated without a signal: the name leads to another file, or to none */
static void file_check(struct pst_sink *sink)
{
	struct stat st;

	if (stat(sink->keys.target, &st) < 0) {
		if (errno != ENOENT)
			return;
	} else if (st.st_dev == sink->dev && st.st_ino == sink->ino) {
		return;
	}
	(void)pst_sink_reopen(
		sink); /* when it fails the old file goes on, and the next flush tries again */
}

static void file_close(struct pst_sink *sink)
{
	pst_close_fd(&sink->fd);
	sink->fd = -1;
}

const struct pst_sink_ops pst_sink_file = {
	.name = "file",
	.open = file_reopen,
	.write = file_write,
	.reopen = file_reopen,
	.check = file_check,
	.close = file_close,
};
