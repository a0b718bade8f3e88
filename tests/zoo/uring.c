// SPDX-License-Identifier: Apache-2.0
/* Network operations by io_uring, without one socket call: inline, by workers, by the kernel's own
 * polling thread, and on descriptors that no process has. Raw system calls: no library hides what
 * happens. */
#include "zoo.h"
#include "ring.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* -EINVAL of an operation that this kernel does not know yet */
static int gone(int result)
{
	return result == -EINVAL || result == -ENOSYS || result == -EPERM ? ZOO_MISSING : 1;
}

static int serve(struct zoo_address *at, pid_t *peer)
{
	int server = zoo_bound(AF_INET, SOCK_STREAM, 0, at);

	if (server < 0 || listen(server, 1) < 0)
		return -1;
	*peer = zoo_peer(zoo_serve_stream, server);
	return 0;
}

static int talk(struct ring *ring, int fd)
{
	char text[16];
	int got = 0, part = 1;

	if (ring_on(ring, fd, IORING_OP_SEND, ZOO_OUT, (uint32_t)strlen(ZOO_OUT)) !=
	    (int)strlen(ZOO_OUT))
		return 1;
	for (; got < (int)strlen(ZOO_IN) && part > 0; got += part)
		part = ring_on(ring, fd, IORING_OP_RECV, text, sizeof(text));
	return got == (int)strlen(ZOO_IN) ? 0 : 1;
}

static int client(uint32_t setup, uint8_t how, int direct, unsigned int hold)
{
	struct zoo_address at;
	struct ring ring;
	pid_t peer;
	int fd, r;

	if (ring_open(&ring, setup) < 0)
		return errno == EPERM ? ZOO_MISSING : zoo_missing();
	if (serve(&at, &peer) < 0)
		return 1;
	ring.sqe_flags = how;
	fd = ring_socket(&ring, SOCK_STREAM, direct);
	if (fd < 0)
		return zoo_end(peer) == 0 ? gone(fd) : 1;
	if (direct)
		ring.sqe_flags |= IOSQE_FIXED_FILE;
	r = ring_on(&ring, fd, IORING_OP_CONNECT, &at.at, at.len) == 0 ? talk(&ring, fd) : 1;
	(void)sleep(hold);
	(void)syscall(SYS_io_uring_register, ring.fd, IORING_UNREGISTER_FILES, NULL, 0);
	if (!direct)
		(void)close(fd);
	return r == 0 ? zoo_reap(peer) : r;
}

static int uring(void)
{
	return client(0, 0, 0, 0);
}

static int uring_async(void)
{
	return client(0, IOSQE_ASYNC, 0, 0);
}

static int uring_direct(void)
{
	return client(0, 0, 1, 0);
}

static int uring_sqpoll(void)
{
	return client(IORING_SETUP_SQPOLL, 0, 0, 0);
}

static int uring_sqpoll_direct(void)
{
	return client(IORING_SETUP_SQPOLL, 0, 1, 0);
}

static int uring_hold(void)
{
	return client(0, 0, 1, 1);
}

static struct zoo_address meet;

static int connect_to_us(int unused)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)unused;
	return connect(fd, &meet.at.any, meet.len) == 0 ? zoo_talk(fd) : 1;
}

static int accept_by(struct ring *ring, int server)
{
	pid_t peer = zoo_peer(connect_to_us, -1);
	char text[16];
	int fd = ring_on(ring, server, IORING_OP_ACCEPT, NULL, 0);
	int ok = fd >= 0 &&
		 ring_on(ring, fd, IORING_OP_RECV, text, sizeof(text)) == (int)strlen(ZOO_OUT) &&
		 ring_on(ring, fd, IORING_OP_SEND, ZOO_IN, (uint32_t)strlen(ZOO_IN)) ==
			 (int)strlen(ZOO_IN);

	return ok ? zoo_reap(peer) : 1;
}

static int uring_accept(void)
{
	struct ring ring;
	int server;

	if (ring_open(&ring, 0) < 0)
		return errno == EPERM ? ZOO_MISSING : zoo_missing();
	server = zoo_bound(AF_INET, SOCK_STREAM, 0, &meet);
	return server >= 0 && listen(server, 1) == 0 ? accept_by(&ring, server) : 1;
}

static int uring_bindlisten(void)
{
	struct ring ring;
	int server, r;

	if (ring_open(&ring, 0) < 0)
		return errno == EPERM ? ZOO_MISSING : zoo_missing();
	zoo_loopback(AF_INET, 0, &meet);
	server = ring_socket(&ring, SOCK_STREAM, 0);
	if (server < 0)
		return gone(server);
	r = ring_on(&ring, server, OP_BIND, &meet.at, meet.len);
	if (r < 0)
		return gone(r);
	r = ring_on(&ring, server, OP_LISTEN, NULL, 1);
	if (r < 0)
		return gone(r);
	return getsockname(server, &meet.at.any, &meet.len) == 0 ? accept_by(&ring, server) : 1;
}

static int uring_udp(void)
{
	struct zoo_address at;
	struct iovec part = { .iov_base = (char[]){ "ping" }, .iov_len = 4 };
	struct msghdr message = { .msg_name = &at.at, .msg_iov = &part, .msg_iovlen = 1 };
	int server = zoo_bound(AF_INET, SOCK_DGRAM, 0, &at), fd, r;
	struct ring ring;
	pid_t peer;

	message.msg_namelen = at.len;
	if (ring_open(&ring, 0) < 0)
		return errno == EPERM ? ZOO_MISSING : zoo_missing();
	peer = zoo_peer(zoo_serve_datagram, server);
	fd = ring_socket(&ring, SOCK_DGRAM, 0);
	if (fd < 0)
		return zoo_end(peer) == 0 ? gone(fd) : 1;
	r = ring_on(&ring, fd, IORING_OP_SENDMSG, &message, 1) == 4 ? 0 : 1;
	return r == 0 ? zoo_reap(peer) : r;
}

const struct zoo_row zoo_uring_rows[] = {
	{ "uring", uring },
	{ "uring_async", uring_async },
	{ "uring_direct", uring_direct },
	{ "uring_sqpoll", uring_sqpoll },
	{ "uring_sqpoll_direct", uring_sqpoll_direct },
	{ "uring_accept", uring_accept },
	{ "uring_bindlisten", uring_bindlisten },
	{ "uring_udp", uring_udp },
	{ "uring_hold", uring_hold },
	{ NULL, NULL },
};
