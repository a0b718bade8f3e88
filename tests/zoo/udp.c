// SPDX-License-Identifier: Apache-2.0
/* UDP, however the datagram is sent; and DNS questions in it. */
#include "zoo.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static const char query[] = "\x12\x34\x01\0\0\1\0\0\0\0\0\0\7example\3com\0\0\1\0\1";
#define QUERY_LEN (sizeof(query) - 1)

static struct zoo_address at;
static pid_t peer;

static int client(int family)
{
	int server = zoo_bound(family == 46 ? AF_INET : family, SOCK_DGRAM, 0, &at);

	if (server < 0)
		return -1;
	peer = zoo_peer(zoo_serve_datagram, server);
	if (family == 46)
		zoo_loopback(46, ntohs(at.at.v4.sin_port), &at);
	return socket(family == 46 ? AF_INET6 : family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static int answered(int fd)
{
	char text[16];

	return recv(fd, text, sizeof(text), 0) == (ssize_t)strlen(ZOO_IN) ? zoo_reap(peer) : 1;
}

static int sent_to(int family)
{
	int fd = client(family);

	return fd >= 0 && sendto(fd, ZOO_OUT, strlen(ZOO_OUT), 0, &at.at.any, at.len) ==
				       (ssize_t)strlen(ZOO_OUT) ?
		       answered(fd) :
		       1;
}

static int udp_sendto(void)
{
	return sent_to(AF_INET);
}

static int udp6_sendto(void)
{
	return sent_to(AF_INET6);
}

static int udp_4in6(void)
{
	return sent_to(46);
}

static int connected(void)
{
	int fd = client(AF_INET);

	return fd >= 0 && connect(fd, &at.at.any, at.len) == 0 ? fd : -1;
}

static int udp_conn(void)
{
	int fd = connected();

	return send(fd, ZOO_OUT, strlen(ZOO_OUT), 0) == (ssize_t)strlen(ZOO_OUT) ? answered(fd) : 1;
}

static int message_of(int fd, struct iovec *part, size_t parts, ssize_t len)
{
	struct msghdr message = {
		.msg_name = &at.at, .msg_namelen = at.len, .msg_iov = part, .msg_iovlen = parts
	};

	return sendmsg(fd, &message, 0) == len ? 0 : 1;
}

static int udp_sendmsg(void)
{
	struct iovec part = { .iov_base = (char[]){ "ping" }, .iov_len = 4 };
	int fd = client(AF_INET);

	return fd >= 0 && message_of(fd, &part, 1, 4) == 0 ? answered(fd) : 1;
}

static int many(int fd, const char *text, size_t len)
{
	struct iovec part[2] = { { .iov_base = (char *)text, .iov_len = len },
				 { .iov_base = (char *)text, .iov_len = len } };
	struct mmsghdr message[2] = { 0 };

	for (int i = 0; i < 2; i++) {
		message[i].msg_hdr.msg_iov = &part[i];
		message[i].msg_hdr.msg_iovlen = 1;
	}
	return sendmmsg(fd, message, 2, 0) == 2 ? 0 : 1;
}

static int udp_sendmmsg(void)
{
	int fd = connected();

	return fd >= 0 && many(fd, ZOO_OUT, strlen(ZOO_OUT)) == 0 ? answered(fd) : 1;
}

/* The actor is the server: it is written to first, and answers. */
static int ask(int unused)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	char text[16];

	(void)unused;
	return sendto(fd, ZOO_IN, strlen(ZOO_IN), 0, &at.at.any, at.len) ==
				       (ssize_t)strlen(ZOO_IN) &&
			       recv(fd, text, sizeof(text), 0) == (ssize_t)strlen(ZOO_OUT) ?
		       0 :
		       1;
}

static int udp_recv(void)
{
	struct zoo_address from = { .len = sizeof(from.at) };
	int fd = zoo_bound(AF_INET, SOCK_DGRAM, 0, &at);
	char text[16];

	if (fd < 0)
		return 1;
	peer = zoo_peer(ask, -1);
	return recvfrom(fd, text, sizeof(text), 0, &from.at.any, &from.len) > 0 &&
			       sendto(fd, ZOO_OUT, strlen(ZOO_OUT), 0, &from.at.any, from.len) ==
				       (ssize_t)strlen(ZOO_OUT) ?
		       zoo_reap(peer) :
		       1;
}

static int udplite(void)
{
	int server = zoo_bound(AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE, &at), fd;

	if (server < 0)
		return zoo_missing();
	peer = zoo_peer(zoo_serve_datagram, server);
	fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE);
	return sendto(fd, ZOO_OUT, strlen(ZOO_OUT), 0, &at.at.any, at.len) ==
			       (ssize_t)strlen(ZOO_OUT) ?
		       answered(fd) :
		       1;
}

static int dns_udp(void)
{
	int fd = client(AF_INET);

	return fd >= 0 && sendto(fd, query, QUERY_LEN, 0, &at.at.any, at.len) ==
				       (ssize_t)QUERY_LEN ?
		       answered(fd) :
		       1;
}

static int dns_udp_conn(void)
{
	int fd = connected();

	return fd >= 0 && write(fd, query, QUERY_LEN) == (ssize_t)QUERY_LEN ? answered(fd) : 1;
}

static int dns_sendmmsg(void)
{
	int fd = connected();

	return fd >= 0 && many(fd, query, QUERY_LEN) == 0 ? answered(fd) : 1;
}

static int dns_writev(void)
{
	struct iovec part[2] = { { .iov_base = (char *)query, .iov_len = 12 },
				 { .iov_base = (char *)query + 12, .iov_len = QUERY_LEN - 12 } };
	int fd = client(AF_INET);

	return fd >= 0 && message_of(fd, part, 2, QUERY_LEN) == 0 ? answered(fd) : 1;
}

const struct zoo_row zoo_udp_rows[] = {
	{ "udp_conn", udp_conn },
	{ "udp_sendto", udp_sendto },
	{ "udp6_sendto", udp6_sendto },
	{ "udp_4in6", udp_4in6 },
	{ "udp_sendmsg", udp_sendmsg },
	{ "udp_sendmmsg", udp_sendmmsg },
	{ "udp_recv", udp_recv },
	{ "udplite", udplite },
	{ "dns_udp", dns_udp },
	{ "dns_udp_conn", dns_udp_conn },
	{ "dns_sendmmsg", dns_sendmmsg },
	{ "dns_writev", dns_writev },
	{ NULL, NULL },
};
