// SPDX-License-Identifier: Apache-2.0
/* TCP and SCTP: up, down, both, little by little, by many connections and many processes. */
#include "traffic.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIB (1ull << 20)
#define BULK (16 * MIB)
#define DRIPS 16
#define SMALL 60
#define PARALLEL 30
#define SHORT_LIVED 20
#define REQUEST 200u
#define REPLY 3000u

static int take_one(int server)
{
	struct moved moved = { 0, 0 };
	int fd = accept(server, NULL, NULL);

	return fd >= 0 ? take_all(fd, 0, &moved) : 1;
}

static int sink_of(int family, int protocol)
{
	int server = listening(family, protocol);

	return server < 0 ? missing() : take_one(server);
}

static int serve_sink(void)
{
	return sink_of(AF_INET, 0);
}

static int serve_sink6(void)
{
	return sink_of(AF_INET6, 0);
}

static int serve_sctp(void)
{
	return sink_of(AF_INET, IPPROTO_SCTP);
}

static int serve_source(void)
{
	struct moved moved = { 0, 0 };
	int server = listening(AF_INET, 0), fd = accept(server, NULL, NULL);

	return fd >= 0 ? put_all(fd, BULK, &moved) : 1;
}

static int serve_both(void)
{
	struct moved moved = { 0, 0 };
	int server = listening(AF_INET, 0), fd = accept(server, NULL, NULL);
	pid_t child = fork();

	if (child == 0)
		_exit(put_all(fd, BULK / 2, &moved));
	return take_all(fd, BULK / 4, &moved) == 0 && waitpid(child, NULL, 0) == child ? 0 : 1;
}

static int up(int family, int protocol, uint16_t port, struct moved *moved)
{
	int fd = connected(family, SOCK_STREAM, protocol, port);

	return fd < 0 ? missing() : put_all(fd, BULK, moved);
}

static int act_up(uint16_t port, struct moved *moved)
{
	return up(AF_INET, 0, port, moved);
}

static int act_up6(uint16_t port, struct moved *moved)
{
	return up(AF_INET6, 0, port, moved);
}

static int act_sctp(uint16_t port, struct moved *moved)
{
	int fd = connected(AF_INET, SOCK_STREAM, IPPROTO_SCTP, port);
	static const char data[1000];

	if (fd < 0)
		return missing();
	for (int i = 0; i < 2000; i++) {
		ssize_t n = send(fd, data, sizeof(data), MSG_NOSIGNAL);

		if (n != (ssize_t)sizeof(data))
			return 1;
		moved->out += sizeof(data);
	}
	return close(fd);
}

static int act_down(uint16_t port, struct moved *moved)
{
	int fd = connected(AF_INET, SOCK_STREAM, 0, port);

	return fd < 0 ? missing() : take_all(fd, 0, moved);
}

static int act_both(uint16_t port, struct moved *moved)
{
	int fd = connected(AF_INET, SOCK_STREAM, 0, port);

	if (fd < 0 || put_all(fd, BULK / 4, moved))
		return 1;
	return take_all(fd, BULK / 2, moved);
}

/* In a network namespace of its own, with both ends in it, as in a container. */
static int act_netns(uint16_t unused, struct moved *moved)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);
	int server, fd;

	(void)unused;
	if (unshare(CLONE_NEWNET) < 0)
		return missing();
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo) < 0)
		return 1;
	server = bound(AF_INET, SOCK_STREAM, 0);
	if (listen(server, 1) < 0 || getsockname(server, (struct sockaddr *)&at, &len) < 0)
		return 1;
	if (fork() == 0)
		_exit(take_one(server));
	if (act_up(ntohs(((struct sockaddr_in *)&at)->sin_port), moved))
		return 1;
	moved->in = moved->out; /* the far end is the same program */
	return 0;
}

static int act_drip(uint16_t port, struct moved *moved)
{
	int fd = connected(AF_INET, SOCK_STREAM, 0, port);

	for (int i = 0; i < DRIPS; i++) {
		if (fd < 0 || put_all(fd, 100, moved))
			return 1;
		(void)sleep(1);
	}
	return 0;
}

/* ---- many connections: each asks, and is answered ---- */

static int serve_answers(int server, int count)
{
	struct moved moved = { 0, 0 };

	for (int i = 0; i < count; i++) {
		int fd = accept(server, NULL, NULL);

		if (fd < 0 || take_all(fd, REQUEST, &moved) || put_all(fd, REPLY, &moved))
			return 1;
		(void)close(fd);
	}
	return 0;
}

static int serve_small(void)
{
	return serve_answers(listening(AF_INET, 0), SMALL);
}

static int serve_parallel(void)
{
	return serve_answers(listening(AF_INET, 0), PARALLEL);
}

static int serve_short(void)
{
	return serve_answers(listening(AF_INET, 0), SHORT_LIVED);
}

static int ask_on(int fd, struct moved *moved)
{
	return fd >= 0 && put_all(fd, REQUEST, moved) == 0 && take_all(fd, REPLY, moved) == 0 ?
		       close(fd) :
		       1;
}

static int act_small(uint16_t port, struct moved *moved)
{
	for (int i = 0; i < SMALL; i++) {
		if (ask_on(connected(AF_INET, SOCK_STREAM, 0, port), moved))
			return 1;
	}
	return 0;
}

static int act_parallel(uint16_t port, struct moved *moved)
{
	int fd[PARALLEL], r = 0;

	for (int i = 0; i < PARALLEL; i++)
		fd[i] = connected(AF_INET, SOCK_STREAM, 0, port);
	for (int i = 0; i < PARALLEL; i++)
		r |= ask_on(fd[i], moved);
	return r;
}

/* Twenty processes that live for the time of one question. */
static int act_short(uint16_t port, struct moved *moved)
{
	struct moved one = { 0, 0 };
	int status;

	for (int i = 0; i < SHORT_LIVED; i++) {
		pid_t child = fork();

		if (child == 0)
			_exit(ask_on(connected(AF_INET, SOCK_STREAM, 0, port), &one));
		if (waitpid(child, &status, 0) != child || status)
			return 1;
	}
	moved->out = SHORT_LIVED * REQUEST;
	moved->in = SHORT_LIVED * REPLY;
	return 0;
}

/* ---- without a send or a recv ---- */

static int filled(uint64_t bytes)
{
	int fd = memfd_create("traffic", MFD_CLOEXEC);

	return fd >= 0 && ftruncate(fd, (off_t)bytes) == 0 ? fd : -1;
}

static int act_sendfile(uint16_t port, struct moved *moved)
{
	int fd = connected(AF_INET, SOCK_STREAM, 0, port), file = filled(BULK);

	while (moved->out < BULK) {
		ssize_t n = sendfile(fd, file, NULL, BULK - moved->out);

		if (n <= 0)
			return 1;
		moved->out += (uint64_t)n;
	}
	return 0;
}

static int act_splice(uint16_t port, struct moved *moved)
{
	int fd = connected(AF_INET, SOCK_STREAM, 0, port), file = filled(BULK), ends[2];

	if (pipe(ends) < 0)
		return 1;
	while (moved->out < BULK) {
		ssize_t n = splice(file, NULL, ends[1], NULL, 32768, 0), left = n;

		while (n > 0 && left > 0) {
			ssize_t gone = splice(ends[0], NULL, fd, NULL, (size_t)left, 0);

			if (gone <= 0)
				return 1;
			left -= gone;
			moved->out += (uint64_t)gone;
		}
		if (n <= 0)
			return 1;
	}
	return 0;
}

const struct way tcp_ways[] = {
	{ "tcp_up", serve_sink, act_up },
	{ "tcp_down", serve_source, act_down },
	{ "tcp_duplex", serve_both, act_both },
	{ "ipv6", serve_sink6, act_up6 },
	{ "sctp", serve_sctp, act_sctp },
	{ "netns", NULL, act_netns },
	{ "drip", serve_sink, act_drip },
	{ "small_connections", serve_small, act_small },
	{ "parallel_bursts", serve_parallel, act_parallel },
	{ "short_lived", serve_short, act_short },
	{ "sendfile", serve_sink, act_sendfile },
	{ "splice", serve_sink, act_splice },
	{ NULL, NULL, NULL },
};
