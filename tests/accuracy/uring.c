// SPDX-License-Identifier: Apache-2.0
/* TCP up and down with no socket call at all. */
#include "traffic.h"

#include <errno.h>
#include <stddef.h>

#include "../zoo/ring.h"

#define BULK (4u << 20)
#define PIECE 16384u

static int serve_sink(void)
{
	struct moved moved = { 0, 0 };
	int server = listening(AF_INET, 0), fd = accept(server, NULL, NULL);

	return fd >= 0 ? take_all(fd, 0, &moved) : 1;
}

static int serve_source(void)
{
	struct moved moved = { 0, 0 };
	int server = listening(AF_INET, 0), fd = accept(server, NULL, NULL);

	return fd >= 0 ? put_all(fd, BULK, &moved) : 1;
}

static int open_to(struct ring *ring, uint16_t port)
{
	struct sockaddr_storage at;
	socklen_t len;
	int fd;

	if (ring_open(ring, 0) < 0)
		return -1;
	loopback(AF_INET, port, &at, &len);
	fd = ring_socket(ring, SOCK_STREAM, 0);
	errno = fd < 0 ? -fd : errno;
	return fd >= 0 && ring_on(ring, fd, IORING_OP_CONNECT, &at, len) == 0 ? fd : -1;
}

static int act_up(uint16_t port, struct moved *moved)
{
	static const char data[PIECE];
	struct ring ring;
	int fd = open_to(&ring, port);

	if (fd < 0)
		return missing();
	while (moved->out < BULK) {
		int n = ring_on(&ring, fd, IORING_OP_SEND, data, PIECE);

		if (n <= 0)
			return 1;
		moved->out += (uint64_t)n;
	}
	return 0;
}

static int act_down(uint16_t port, struct moved *moved)
{
	static char data[PIECE];
	struct ring ring;
	int fd = open_to(&ring, port), n;

	if (fd < 0)
		return missing();
	while ((n = ring_on(&ring, fd, IORING_OP_RECV, data, PIECE)) > 0)
		moved->in += (uint64_t)n;
	return n == 0 ? 0 : 1;
}

const struct way uring_ways[] = {
	{ "uring_up", serve_sink, act_up },
	{ "uring_down", serve_source, act_down },
	{ NULL, NULL, NULL },
};
