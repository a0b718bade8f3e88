// SPDX-License-Identifier: Apache-2.0
/* UDP: both ways, to well-known ports, in small and in many messages. */
#include "traffic.h"

#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define DATAGRAM 1200u
#define COUNT 2000u
#define SMALL 64u
#define FLOOD 20000u
#define BATCH 50u

/* Answers each datagram by one of the same size, until nothing comes for a while. */
static int echo(int family)
{
	struct timeval idle = { .tv_sec = 3 };
	struct sockaddr_storage from;
	char data[2048];
	int fd = bound(family, SOCK_DGRAM, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof(idle)) < 0)
		return 1;
	tell_port(fd);
	for (;;) {
		socklen_t len = sizeof(from);
		ssize_t n = recvfrom(fd, data, sizeof(data), 0, (struct sockaddr *)&from, &len);

		if (n < 0)
			return 0;
		if (sendto(fd, data, (size_t)n, 0, (struct sockaddr *)&from, len) != n)
			return 1;
	}
}

static int serve_echo(void)
{
	return echo(AF_INET);
}

static int act_duplex(uint16_t port, struct moved *moved)
{
	int fd = connected(AF_INET, SOCK_DGRAM, 0, port);
	char data[DATAGRAM] = { 0 };

	for (unsigned int i = 0; i < COUNT; i++) {
		if (send(fd, data, sizeof(data), 0) != sizeof(data) ||
		    recv(fd, data, sizeof(data), 0) != sizeof(data))
			return 1;
		moved->out += sizeof(data);
		moved->in += sizeof(data);
	}
	return 0;
}

/* Nobody needs to listen there: what is sent counts. */
static int send_to(uint16_t port, size_t size, unsigned int count, struct moved *moved)
{
	struct sockaddr_storage at;
	socklen_t len;
	static const char data[DATAGRAM];
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	loopback(AF_INET, port, &at, &len);
	for (unsigned int i = 0; i < count; i++) {
		if (sendto(fd, data, size, 0, (struct sockaddr *)&at, len) == (ssize_t)size)
			moved->out += size;
	}
	return moved->out ? 0 : 1;
}

static int act_443(uint16_t unused, struct moved *moved)
{
	(void)unused;
	return send_to(443, DATAGRAM, COUNT, moved);
}

static int act_flood(uint16_t unused, struct moved *moved)
{
	(void)unused;
	return send_to(53, SMALL, FLOOD, moved);
}

/* One word begins it; then datagrams come until the far end is done. */
static int serve_stream(int family)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	char data[DATAGRAM] = { 0 };
	int fd = bound(family, SOCK_DGRAM, 0);

	tell_port(fd);
	if (recvfrom(fd, data, sizeof(data), 0, (struct sockaddr *)&from, &len) < 0)
		return 1;
	for (unsigned int i = 0; i < COUNT; i++) {
		if (sendto(fd, data, sizeof(data), 0, (struct sockaddr *)&from, len) !=
		    sizeof(data))
			return 1;
		if (i % BATCH == 0)
			(void)usleep(2000);
	}
	return sendto(fd, "", 0, 0, (struct sockaddr *)&from, len) == 0 ? 0 : 1;
}

static int serve_down(void)
{
	return serve_stream(AF_INET);
}

static int serve_down6(void)
{
	return serve_stream(AF_INET6);
}

static int begin(int family, uint16_t port, struct moved *moved)
{
	int fd = connected(family, SOCK_DGRAM, 0, port);

	if (fd < 0 || send(fd, "go", 2, 0) != 2)
		return -1;
	moved->out = 2;
	return fd;
}

static int act_down6(uint16_t port, struct moved *moved)
{
	int fd = begin(AF_INET6, port, moved);
	char data[2048];
	ssize_t n;

	while ((n = recv(fd, data, sizeof(data), 0)) > 0)
		moved->in += (uint64_t)n;
	return n == 0 ? 0 : 1;
}

static void messages(struct mmsghdr *message, struct iovec *part, size_t size)
{
	static char data[BATCH][2048];

	memset(message, 0, BATCH * sizeof(*message));
	for (unsigned int i = 0; i < BATCH; i++) {
		part[i] = (struct iovec){ .iov_base = data[i], .iov_len = size };
		message[i].msg_hdr.msg_iov = &part[i];
		message[i].msg_hdr.msg_iovlen = 1;
	}
}

static int act_recvmmsg(uint16_t port, struct moved *moved)
{
	struct mmsghdr message[BATCH];
	struct iovec part[BATCH];
	int fd = begin(AF_INET, port, moved);

	for (;;) {
		int got;

		messages(message, part, 2048);
		got = recvmmsg(fd, message, BATCH, MSG_WAITFORONE, NULL);
		if (got <= 0)
			return 1;
		for (int i = 0; i < got; i++) {
			if (!message[i].msg_len)
				return 0;
			moved->in += message[i].msg_len;
		}
	}
}

static int serve_take(void)
{
	struct moved moved = { 0, 0 };
	struct timeval idle = { .tv_sec = 3 };
	int fd = bound(AF_INET, SOCK_DGRAM, 0);

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof(idle)) < 0)
		return 1;
	tell_port(fd);
	(void)take_all(fd, UINT64_MAX, &moved); /* until it is idle */
	return 0;
}

static int act_sendmmsg(uint16_t port, struct moved *moved)
{
	struct mmsghdr message[BATCH];
	struct iovec part[BATCH];
	int fd = connected(AF_INET, SOCK_DGRAM, 0, port);

	for (unsigned int sent = 0; sent < COUNT; sent += BATCH) {
		messages(message, part, DATAGRAM);
		if (sendmmsg(fd, message, BATCH, 0) != (int)BATCH)
			return 1;
		moved->out += BATCH * DATAGRAM;
	}
	return 0;
}

const struct way udp_ways[] = {
	{ "udp_duplex", serve_echo, act_duplex },
	{ "udp_443", NULL, act_443 },
	{ "udp_flood_53", NULL, act_flood },
	{ "udp6_down", serve_down6, act_down6 },
	{ "sendmmsg", serve_take, act_sendmmsg },
	{ "recvmmsg", serve_down, act_recvmmsg },
	{ NULL, NULL, NULL },
};
