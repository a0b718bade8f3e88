// SPDX-License-Identifier: Apache-2.0
/* usage: zoo NAME   opens that channel; exit 0 done, 77 not to be had here. `zoo --list` names all.
 */
#include "zoo.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PEER_SECONDS 8
#define ROW_SECONDS 60 /* a kernel that never answers fails its row, not the whole run */
#define LINGER_US 50000

char **zoo_argv;

static const struct zoo_row *const groups[] = {
	zoo_tcp_rows,	 zoo_hand_rows,	  zoo_udp_rows,	   zoo_inet_rows,
	zoo_packet_rows, zoo_family_rows, zoo_tunnel_rows, zoo_uring_rows,
	zoo_exec_rows,	 zoo_act_rows,	  zoo_kernel_rows,
};

int zoo_missing(void)
{
	switch (errno) {
	case EAFNOSUPPORT:
	case EPROTONOSUPPORT:
	case ESOCKTNOSUPPORT:
	case ENOPROTOOPT:
	case EOPNOTSUPP:
	case ENOSYS:
	case ENODEV:
	case ENOENT:
	case ENXIO:
		return ZOO_MISSING;
	default:
		return 1;
	}
}

void zoo_loopback(int family, uint16_t port, struct zoo_address *out)
{
	memset(out, 0, sizeof(*out));
	if (family == AF_INET) {
		out->at.v4.sin_family = AF_INET;
		out->at.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		out->at.v4.sin_port = htons(port);
		out->len = sizeof(out->at.v4);
		return;
	}
	out->at.v6.sin6_family = AF_INET6;
	out->at.v6.sin6_port = htons(port);
	out->at.v6.sin6_addr = in6addr_loopback;
	out->len = sizeof(out->at.v6);
	if (family == 46) {
		static const uint8_t mapped[16] = {
			[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1
		};

		memcpy(&out->at.v6.sin6_addr, mapped, sizeof(mapped));
	}
}

int zoo_bound(int family, int type, int protocol, struct zoo_address *out)
{
	int fd = socket(family, type | SOCK_CLOEXEC, protocol);

	zoo_loopback(family, 0, out);
	if (fd < 0 || bind(fd, &out->at.any, out->len) < 0 ||
	    getsockname(fd, &out->at.any, &out->len) < 0)
		return -1;
	return fd;
}

pid_t zoo_peer(int (*serve)(int fd), int fd)
{
	pid_t pid = fork();

	if (pid == 0) {
		(void)alarm(PEER_SECONDS);
		_exit(serve(fd));
	}
	(void)close(fd);
	return pid;
}

int zoo_reap(pid_t pid)
{
	int status = 1;

	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0 ? 0 : 1;
}

int zoo_end(pid_t pid)
{
	return kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid ? 0 : 1;
}

int zoo_read_all(int fd, void *data, size_t len)
{
	size_t at = 0;
	ssize_t got = 1;

	while (at < len && got > 0) {
		got = read(fd, (char *)data + at, len - at);
		at += got > 0 ? (size_t)got : 0;
	}
	return at == len ? 0 : -1;
}

int zoo_serve_stream(int fd)
{
	char text[16];
	int client = accept(fd, NULL, NULL);

	if (client < 0 || zoo_read_all(client, text, strlen(ZOO_OUT)) < 0 ||
	    send(client, ZOO_IN, strlen(ZOO_IN), MSG_NOSIGNAL) != (ssize_t)strlen(ZOO_IN))
		return 1;
	while (recv(client, text, sizeof(text), 0) > 0)
		;
	return 0;
}

int zoo_serve_datagram(int fd)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	char text[512];

	if (recvfrom(fd, text, sizeof(text), 0, (struct sockaddr *)&from, &len) <= 0 ||
	    sendto(fd, ZOO_IN, strlen(ZOO_IN), 0, (struct sockaddr *)&from, len) !=
		    (ssize_t)strlen(ZOO_IN))
		return 1;
	return usleep(LINGER_US); /* a further datagram shall find somebody */
}

int zoo_talk(int fd)
{
	char text[16];

	return send(fd, ZOO_OUT, strlen(ZOO_OUT), MSG_NOSIGNAL) == (ssize_t)strlen(ZOO_OUT) &&
			       zoo_read_all(fd, text, strlen(ZOO_IN)) == 0 ?
		       0 :
		       1;
}

int zoo_connected(int family, int protocol, pid_t *peer)
{
	struct zoo_address at;
	int server = zoo_bound(family == 46 ? AF_INET : family, SOCK_STREAM, protocol, &at);
	int fd;

	if (server < 0 || listen(server, 1) < 0)
		return -1;
	*peer = zoo_peer(zoo_serve_stream, server);
	if (family == 46)
		zoo_loopback(46, ntohs(at.at.v4.sin_port), &at);
	fd = socket(family == 46 ? AF_INET6 : family, SOCK_STREAM | SOCK_CLOEXEC, protocol);
	if (fd >= 0 && connect(fd, &at.at.any, at.len) < 0)
		return -1;
	return fd;
}

static int list(void)
{
	(void)alarm(ROW_SECONDS);
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++) {
		for (const struct zoo_row *row = groups[g]; row->name; row++)
			puts(row->name);
	}
	return 0;
}

int main(int argc, char **argv)
{
	int r = 2;

	zoo_argv = argv;
	if (argc < 2 || strcmp(argv[1], "--help") == 0)
		return fprintf(stderr, "usage: zoo NAME | --list\n") < 0 ? 1 : 2;
	if (strcmp(argv[1], "--list") == 0)
		return list();
	if (strcmp(argv[1], "--exit") == 0)
		return 0;
	if (strcmp(argv[1], "--talk") == 0) /* on descriptor 0: an inherited connection */
		return zoo_talk(0);
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++) {
		for (const struct zoo_row *row = groups[g]; row->name; row++) {
			if (strcmp(row->name, argv[1]) == 0)
				r = row->act();
		}
	}
	if (r == 2)
		fprintf(stderr, "zoo: no channel of the name %s\n", argv[1]);
	else if (r != 0 && r != ZOO_MISSING)
		perror(argv[1]);
	return r;
}
