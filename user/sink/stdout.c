// SPDX-License-Identifier: Apache-2.0
/* stdout: lines for a person or a pipe. A stopped terminal does not stop the daemon; a closed pipe
 * is no error. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sink/room.h"

static int stdout_open(struct pst_sink *sink)
{
	sink->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	return sink->fd < 0 ? -errno : 0;
}

static int stdout_write(struct pst_sink *sink, const char *line, size_t len)
{
	struct pollfd ready = { .fd = sink->fd, .events = POLLOUT };
	ssize_t n;

	if (sink->fd < 0)
		return -EPIPE;
	if (poll(&ready, 1, 0) <= 0 || !(ready.revents & (POLLOUT | POLLERR | POLLHUP)))
		return -EAGAIN;
	/* O_NONBLOCK would hit everybody who shares this descriptor; a pipe that is writable takes
	 * PIPE_BUF without waiting */
	n = write(sink->fd, line, len < PIPE_BUF ? len : PIPE_BUF);
	if (n >= 0)
		return (int)n;
	if (errno != EPIPE)
		return -errno;
	/* nobody reads any more: quietly over; what is queued stays counted */
	pst_close_fd(&sink->fd);
	sink->fd = -1;
	return -EPIPE;
}

static void stdout_close(struct pst_sink *sink)
{
	pst_close_fd(&sink->fd);
	sink->fd = -1;
}

const struct pst_sink_ops pst_sink_stdout = {
	.name = "stdout",
	.open = stdout_open,
	.write = stdout_write,
	.close = stdout_close,
};
