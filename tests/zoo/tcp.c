// SPDX-License-Identifier: Apache-2.0
/* TCP, however it is connected and however its bytes are moved. */
#include "zoo.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/errqueue.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <net/if.h>
#include <unistd.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif
#define SO_ZEROCOPY_ 60
#define MSG_ZEROCOPY_ 0x4000000

static int talk_over(int family, int protocol)
{
	pid_t peer = -1;
	int fd = zoo_connected(family, protocol, &peer);
	int r = fd < 0 ? zoo_missing() : zoo_talk(fd);

	(void)close(fd);
	return r == 0 ? zoo_reap(peer) : r;
}

static int tcp4(void)
{
	return talk_over(AF_INET, 0);
}

static int tcp6(void)
{
	return talk_over(AF_INET6, 0);
}

static int tcp4in6(void)
{
	return talk_over(46, 0);
}

static int mptcp(void)
{
	return talk_over(AF_INET, IPPROTO_MPTCP);
}

/* A server, and a socket that is not connected to it yet. */
static int beside(struct zoo_address *at, pid_t *peer)
{
	int server = zoo_bound(AF_INET, SOCK_STREAM, 0, at);
	int on = 5;

	if (server < 0 || setsockopt(server, IPPROTO_TCP, TCP_FASTOPEN, &on, sizeof(on)) < 0 ||
	    listen(server, 1) < 0)
		return -1;
	*peer = zoo_peer(zoo_serve_stream, server);
	return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static int tcp_nb(void)
{
	struct zoo_address at;
	pid_t peer;
	int fd = beside(&at, &peer);
	struct pollfd wait = { .fd = fd, .events = POLLOUT };

	if (fd < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0 ||
	    (connect(fd, &at.at.any, at.len) < 0 && errno != EINPROGRESS) ||
	    poll(&wait, 1, 3000) != 1 || fcntl(fd, F_SETFL, 0) < 0 || zoo_talk(fd))
		return 1;
	return close(fd) == 0 ? zoo_reap(peer) : 1;
}

static int tcp_refused(void)
{
	struct zoo_address at;
	int fd = zoo_bound(AF_INET, SOCK_STREAM, 0,
			   &at); /* it holds the port and does not listen */
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return fd >= 0 && connect(client, &at.at.any, at.len) < 0 && errno == ECONNREFUSED ? 0 : 1;
}

static int tcp_fastopen(void)
{
	struct zoo_address at;
	char text[16];
	pid_t peer;
	int fd = beside(&at, &peer);

	if (fd < 0 || sendto(fd, ZOO_OUT, strlen(ZOO_OUT), MSG_FASTOPEN, &at.at.any, at.len) !=
			      (ssize_t)strlen(ZOO_OUT))
		return zoo_missing();
	return zoo_read_all(fd, text, strlen(ZOO_IN)) == 0 && close(fd) == 0 ? zoo_reap(peer) : 1;
}

static int tcp_fo_connect(void)
{
	struct zoo_address at;
	pid_t peer;
	int fd = beside(&at, &peer), on = 1;

	if (fd < 0 || setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &on, sizeof(on)) < 0)
		return zoo_missing();
	return connect(fd, &at.at.any, at.len) == 0 && zoo_talk(fd) == 0 && close(fd) == 0 ?
		       zoo_reap(peer) :
		       1;
}

/* The actor is the server; a process of its own connects. */
static struct zoo_address meet;

static int serve_as_client(int unused)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)unused;
	return connect(fd, &meet.at.any, meet.len) == 0 ? zoo_talk(fd) : 1;
}

static int accept_one(int server)
{
	pid_t peer;

	if (server < 0 || listen(server, 1) < 0)
		return 1;
	meet.len = sizeof(meet.at.v4);
	if (getsockname(server, &meet.at.any, &meet.len) < 0)
		return 1;
	if (meet.at.v4.sin_addr.s_addr == htonl(INADDR_ANY))
		meet.at.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	peer = zoo_peer(serve_as_client, -1);
	return zoo_serve_stream(server) == 0 ? zoo_reap(peer) : 1;
}

static int tcp_listen(void)
{
	struct zoo_address at;

	return accept_one(zoo_bound(AF_INET, SOCK_STREAM, 0, &at));
}

static int tcp_listen_autobind(void)
{
	return accept_one(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static int tcp_reuseport(void)
{
	struct zoo_address at;
	int a = socket(AF_INET, SOCK_STREAM, 0), b = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	zoo_loopback(AF_INET, 0, &at);
	if (setsockopt(a, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) < 0 ||
	    setsockopt(b, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) < 0 ||
	    bind(a, &at.at.any, at.len) < 0 || getsockname(a, &at.at.any, &at.len) < 0 ||
	    bind(b, &at.at.any, at.len) < 0)
		return 1;
	return listen(a, 1) == 0 && listen(b, 1) == 0 ? 0 : 1;
}

static int tcp_bindtodev(void)
{
	struct zoo_address at;
	pid_t peer;
	int fd = beside(&at, &peer);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3) < 0)
		return 1;
	return connect(fd, &at.at.any, at.len) == 0 && zoo_talk(fd) == 0 && close(fd) == 0 ?
		       zoo_reap(peer) :
		       1;
}

static int tcp_selfconnect(void)
{
	struct zoo_address at;
	int fd = zoo_bound(AF_INET, SOCK_STREAM, 0, &at);
	char text[16];

	return fd >= 0 && connect(fd, &at.at.any, at.len) == 0 &&
			       send(fd, ZOO_OUT, strlen(ZOO_OUT), 0) == (ssize_t)strlen(ZOO_OUT) &&
			       zoo_read_all(fd, text, strlen(ZOO_OUT)) == 0 ?
		       0 :
		       1;
}

static int dns_tcp(void)
{
	static const char query[] = "\0\x1d\x12\x34\x01\0\0\1\0\0\0\0\0\0\7example\3com\0\0\1\0\1";
	struct zoo_address at;
	pid_t peer;
	int fd = beside(&at, &peer);

	if (fd < 0 || connect(fd, &at.at.any, at.len) < 0 ||
	    send(fd, query, sizeof(query) - 1, 0) != (ssize_t)sizeof(query) - 1)
		return 1;
	(void)close(fd);
	return zoo_end(peer);
}

static int file_of(const char *text)
{
	int fd = memfd_create("zoo", MFD_CLOEXEC);

	return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) &&
			       lseek(fd, 0, SEEK_SET) == 0 ?
		       fd :
		       -1;
}

static int answered(int fd, pid_t peer)
{
	char text[16];

	return zoo_read_all(fd, text, strlen(ZOO_IN)) == 0 && close(fd) == 0 ? zoo_reap(peer) : 1;
}

static int by_sendfile(void)
{
	pid_t peer = -1;
	int fd = zoo_connected(AF_INET, 0, &peer), file = file_of(ZOO_OUT);

	return fd >= 0 && sendfile(fd, file, NULL, strlen(ZOO_OUT)) == (ssize_t)strlen(ZOO_OUT) ?
		       answered(fd, peer) :
		       1;
}

static int by_splice(void)
{
	pid_t peer = -1;
	int fd = zoo_connected(AF_INET, 0, &peer), file = file_of(ZOO_OUT), ends[2];
	ssize_t got = 0, part = 1;

	if (fd < 0 || pipe(ends) < 0 ||
	    splice(file, NULL, ends[1], NULL, strlen(ZOO_OUT), 0) != (ssize_t)strlen(ZOO_OUT) ||
	    splice(ends[0], NULL, fd, NULL, strlen(ZOO_OUT), 0) != (ssize_t)strlen(ZOO_OUT))
		return 1;
	for (; got < (ssize_t)strlen(ZOO_IN) && part > 0; got += part)
		part = splice(fd, NULL, ends[1], NULL, strlen(ZOO_IN) - (size_t)got, 0);
	return got == (ssize_t)strlen(ZOO_IN) && close(fd) == 0 ? zoo_reap(peer) : 1;
}

static int by_zerocopy(void)
{
	pid_t peer = -1;
	int fd = zoo_connected(AF_INET, 0, &peer), on = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY_, &on, sizeof(on)) < 0)
		return zoo_missing();
	return send(fd, ZOO_OUT, strlen(ZOO_OUT), MSG_ZEROCOPY_) == (ssize_t)strlen(ZOO_OUT) ?
		       answered(fd, peer) :
		       1;
}

static int setns_conn(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd;

	if (unshare(CLONE_NEWNET) < 0)
		return zoo_missing();
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo) < 0)
		return 1;
	return talk_over(AF_INET, 0);
}

const struct zoo_row zoo_tcp_rows[] = {
	{ "tcp4", tcp4 },
	{ "tcp6", tcp6 },
	{ "tcp4in6", tcp4in6 },
	{ "tcp_nb", tcp_nb },
	{ "tcp_refused", tcp_refused },
	{ "tcp_fastopen", tcp_fastopen },
	{ "tcp_fo_connect", tcp_fo_connect },
	{ "tcp_listen", tcp_listen },
	{ "tcp_listen_autobind", tcp_listen_autobind },
	{ "tcp_reuseport", tcp_reuseport },
	{ "tcp_bindtodev", tcp_bindtodev },
	{ "tcp_selfconnect", tcp_selfconnect },
	{ "dns_tcp", dns_tcp },
	{ "mptcp", mptcp },
	{ "splice", by_splice },
	{ "sendfile", by_sendfile },
	{ "zerocopy", by_zerocopy },
	{ "setns_conn", setns_conn },
	{ NULL, NULL },
};
