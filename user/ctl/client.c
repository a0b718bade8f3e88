// SPDX-License-Identifier: Apache-2.0
/* client: how does a command ask a running daemon, and read what it answers? */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "ctl/ctl.h"

int pst_ctl_connect(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	_cleanup_close_ int fd = -1;

	if (!pst_text_copy(address.sun_path, sizeof(address.sun_path), path))
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	return take_fd(&fd);
}

int pst_ctl_ask(int fd, const char *request)
{
	char line[PST_CTL_REQUEST_MAX + 1];
	size_t len, done = 0;

	if (strchr(request, '\n') ||
	    pst_text_format(line, PST_CTL_REQUEST_MAX, "%s\n", request) < 0)
		return -EINVAL;
	len = strlen(line);
	while (done < len) {
		ssize_t n = send(fd, line + done, len - done, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return -errno;
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* give - hand out the bytes up to @len, and skip @more behind them */
static int give(struct pst_ctl_reader *reader, size_t len, size_t more, const char **line)
{
	*line = reader->buffer + reader->start;
	reader->start += len + more;
	return 1;
}

int pst_ctl_read_line(struct pst_ctl_reader *reader, const char **line, size_t *len)
{
	size_t seen = 0; /* bytes that are known to hold no newline */

	for (;;) { /* ends: each round finds a newline, fills the buffer, reaches the end, or fails
		    */
		size_t have = reader->end - reader->start;
		const char *start = reader->buffer + reader->start;
		const char *newline = memchr(start + seen, '\n', have - seen);
		ssize_t n;

		if (newline || have == sizeof(reader->buffer)) {
			*len = newline ? (size_t)(newline - start) : have;
			return give(reader, *len, newline ? 1 : 0, line);
		}
		seen = have;
		memmove(reader->buffer, start, have);
		reader->start = 0;
		reader->end = have;
		n = read(reader->fd, reader->buffer + have, sizeof(reader->buffer) - have);
		if (n < 0)
			return -errno;
		if (n == 0 && !have)
			return 0;
		if (n == 0) {
			*len = have;
			return give(reader, have, 0, line);
		}
		reader->end += (size_t)n;
	}
}
