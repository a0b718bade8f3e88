// SPDX-License-Identifier: Apache-2.0
/* usage: traffic serve WAY | traffic act WAY PORT
 * `serve` prints its port and serves one actor; `act` prints the payload bytes it sent and
 * received.
 */
#include "traffic.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECONDS 40 /* after which a far end that nobody came to ends */
#define PIECE 65536u

char **traffic_argv;

static const struct way *const groups[] = { tcp_ways, udp_ways, other_ways, uring_ways };

int missing(void)
{
	switch (errno) {
	case EAFNOSUPPORT:
	case EPROTONOSUPPORT:
	case ESOCKTNOSUPPORT:
	case ENOSYS:
	case EPERM:
		return MISSING;
	default:
		return 1;
	}
}

void tell_port(int fd)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);

	if (getsockname(fd, (struct sockaddr *)&at, &len) < 0)
		exit(1);
	printf("%u\n", ntohs(at.ss_family == AF_INET ? ((struct sockaddr_in *)&at)->sin_port :
						       ((struct sockaddr_in6 *)&at)->sin6_port));
	(void)fflush(stdout);
}

void loopback(int family, uint16_t port, struct sockaddr_storage *out, socklen_t *len)
{
	memset(out, 0, sizeof(*out));
	out->ss_family = (sa_family_t)family;
	if (family == AF_INET) {
		((struct sockaddr_in *)out)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		((struct sockaddr_in *)out)->sin_port = htons(port);
		*len = sizeof(struct sockaddr_in);
		return;
	}
	((struct sockaddr_in6 *)out)->sin6_addr = in6addr_loopback;
	((struct sockaddr_in6 *)out)->sin6_port = htons(port);
	*len = sizeof(struct sockaddr_in6);
}

int bound(int family, int type, int protocol)
{
	struct sockaddr_storage at;
	socklen_t len;
	int fd = socket(family, type | SOCK_CLOEXEC, protocol), room = 8 << 20;

	loopback(family, 0, &at, &len);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, len) < 0)
		return -1;
	/* datagrams shall not be dropped for want of room; without the privilege it is smaller */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	return fd;
}

int connected(int family, int type, int protocol, uint16_t port)
{
	struct sockaddr_storage at;
	socklen_t len;
	int fd = socket(family, type | SOCK_CLOEXEC, protocol), room = 8 << 20;

	loopback(family, port, &at, &len);
	if (fd >= 0 && type == SOCK_DGRAM &&
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	return fd >= 0 && connect(fd, (struct sockaddr *)&at, len) == 0 ? fd : -1;
}

int put_all(int fd, uint64_t bytes, struct moved *moved)
{
	static const char data[PIECE];

	while (bytes) {
		ssize_t n = send(fd, data, bytes < PIECE ? bytes : PIECE, MSG_NOSIGNAL);

		if (n <= 0)
			return 1;
		bytes -= (uint64_t)n;
		moved->out += (uint64_t)n;
	}
	return 0;
}

int take_all(int fd, uint64_t bytes, struct moved *moved)
{
	char data[PIECE];
	uint64_t got = 0;
	ssize_t n = 1;

	while (n > 0 && (!bytes || got < bytes)) {
		n = recv(fd, data, bytes && bytes - got < PIECE ? bytes - got : PIECE, 0);
		got += n > 0 ? (uint64_t)n : 0;
	}
	moved->in += got;
	return n >= 0 && (!bytes || got == bytes) ? 0 : 1;
}

int listening(int family, int protocol)
{
	int fd = bound(family, SOCK_STREAM, protocol);

	if (fd < 0 || listen(fd, 64) < 0)
		return -1;
	tell_port(fd);
	return fd;
}

static const struct way *find(const char *name)
{
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++) {
		for (const struct way *way = groups[g]; way->name; way++) {
			if (strcmp(way->name, name) == 0)
				return way;
		}
	}
	return NULL;
}

static int list(void)
{
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++) {
		for (const struct way *way = groups[g]; way->name; way++)
			printf("%s %s\n", way->name, way->serve ? "served" : "alone");
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct way *way = argc > 2 ? find(argv[2]) : NULL;
	struct moved moved = { 0, 0 };
	int r;

	traffic_argv = argv;
	if (argc == 2 && strcmp(argv[1], "--list") == 0)
		return list();
	if (!way) {
		fprintf(stderr,
			"usage: traffic serve WAY | traffic act WAY PORT | traffic --list\n");
		return 2;
	}
	(void)alarm(SECONDS);
	if (strcmp(argv[1], "serve") == 0)
		return way->serve ? way->serve() : 0;
	r = way->act(argc > 3 ? (uint16_t)strtoul(argv[3], NULL, 10) : 0, &moved);
	if (r == 0)
		printf("%llu %llu\n", (unsigned long long)moved.out, (unsigned long long)moved.in);
	else if (r != MISSING)
		perror(way->name);
	return r;
}
