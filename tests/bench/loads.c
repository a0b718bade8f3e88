// SPDX-License-Identifier: Apache-2.0
/* Loads for the bench, loopback only and bounded: distinct refused connects with the time of each,
 * held connections, floods, sockets and peers in numbers; and single actions many times, whose cost
 * is measured. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FIRST_PORT 20000
#define PER_ADDRESS 20000
#define PER_PROCESS 450
#define PEER_BYTES 8u

static uint64_t now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail */
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static struct sockaddr_in loopback(uint32_t host, uint16_t port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons(port),
				     .sin_addr.s_addr = htonl(0x7f000000u | host) };
}

/* One connect to a port where nobody listens; returns when it began. */
static uint64_t refused(uint16_t port)
{
	struct sockaddr_in peer = loopback(1, port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	uint64_t began = now_ns();

	if (fd < 0)
		return 0;
	(void)connect(fd, (struct sockaddr *)&peer, sizeof(peer)); /* it shall fail */
	(void)close(fd);
	return began;
}

/* "PORT NANOSECONDS" per line, one connect each 20 ms: each is a first sight. */
static int latency(unsigned int count)
{
	const struct timespec pause = { .tv_nsec = 20000000 };

	for (unsigned int i = 0; i < count; i++) {
		uint16_t port = (uint16_t)(FIRST_PORT + i);

		printf("%u %llu\n", port, (unsigned long long)refused(port));
		(void)fflush(stdout);	       /* the reader wants it now */
		(void)nanosleep(&pause, NULL); /* an early end is harmless */
	}
	return 0;
}

static int listen_on(uint16_t port)
{
	struct sockaddr_in own = loopback(1, port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0)
		return -errno;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)); /* bind tells */
	if (bind(fd, (struct sockaddr *)&own, sizeof(own)) < 0 || listen(fd, 4096) < 0)
		return -errno;
	return fd;
}

/* Both ends of @count connections from one address; 0, or 1 after a message. */
static int connect_many(int listener, unsigned int count, uint32_t host)
{
	for (unsigned int i = 0; i < count; i++) {
		struct sockaddr_in peer = loopback(1, FIRST_PORT), own = loopback(host, 0);
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (fd < 0 || bind(fd, (struct sockaddr *)&own, sizeof(own)) < 0 ||
		    connect(fd, (struct sockaddr *)&peer, sizeof(peer)) < 0 ||
		    accept(listener, NULL, NULL) < 0) {
			perror("hold");
			return 1;
		}
	}
	return 0;
}

/* A process may hold few descriptors: several of them share the work. Each tells one byte when it
 * is ready, and ends with @until. */
static void hold_part(int listener, unsigned int count, int ready, int until)
{
	char byte = 'r';

	if (connect_many(listener, count, 2 + (uint32_t)getpid() % 200) ||
	    write(ready, &byte, 1) != 1)
		_exit(1);
	_exit(read(until, &byte, 1) < 0);
}

/* @count live connections, then "ready", until standard input ends. */
static int hold(unsigned int count)
{
	int listener = listen_on(FIRST_PORT), ready[2], until[2];
	unsigned int parts = (count + PER_PROCESS - 1) / PER_PROCESS;
	char byte;

	if (listener < 0 || pipe(ready) < 0 || pipe(until) < 0)
		return 1;
	for (unsigned int i = 0; i < parts; i++) {
		if (fork() == 0) {
			(void)close(until[1]); /* so that the parent's end is the last one */
			hold_part(listener, count / parts, ready[1], until[0]);
		}
		if (read(ready[0], &byte, 1) != 1)
			return 1;
	}
	printf("ready\n");
	(void)fflush(stdout); /* the reader waits for it */
	return read(STDIN_FILENO, &byte, 1) < 0;
}

static void flood_one(unsigned int count, unsigned int which)
{
	for (unsigned int i = 0; i < count; i++)
		(void)refused((uint16_t)(FIRST_PORT + which * PER_ADDRESS + i % 1000));
	_exit(0);
}

/* Two processes, @count connects each, as fast as they can; prints the time they took. */
static int flood(unsigned int count)
{
	uint64_t began = now_ns();

	for (unsigned int which = 0; which < 2; which++) {
		pid_t pid = fork();

		if (pid == 0)
			flood_one(count, which);
		if (pid < 0)
			return 1;
	}
	while (wait(NULL) > 0)
		;
	printf("%u connects in %.3f s\n", 2 * count, (double)(now_ns() - began) / 1e9);
	return 0;
}

/* Sockets that are made and closed at once, of both sorts. */
static int churn(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		int fd = socket(AF_INET, (i & 1 ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);

		if (fd < 0)
			return 1;
		(void)close(fd);
	}
	return 0;
}

/* One datagram of PEER_BYTES to each of @count addresses; prints how many bytes left. */
static int peers(unsigned int count)
{
	const char bytes[PEER_BYTES] = "peer";
	uint64_t sent = 0;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return 1;
	for (unsigned int i = 0; i < count; i++) {
		struct sockaddr_in peer = loopback(0x10000 + i, FIRST_PORT);
		ssize_t n = -1;

		/* that nobody listens is told by an error of the next call */
		for (int tries = 0; n < 0 && tries < 3; tries++)
			n = sendto(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&peer,
				   sizeof(peer));
		sent += n > 0 ? (uint64_t)n : 0;
	}
	printf("%llu\n", (unsigned long long)sent);
	return close(fd) < 0;
}

/* @count connections, one after the other, both ends here. */
static int connections(unsigned int count)
{
	int listener = listen_on(FIRST_PORT);
	struct sockaddr_in peer = loopback(1, FIRST_PORT);

	for (unsigned int i = 0; listener >= 0 && i < count; i++) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), other = -1;

		if (fd >= 0 && connect(fd, (struct sockaddr *)&peer, sizeof(peer)) == 0)
			other = accept(listener, NULL, NULL);
		if (other < 0)
			return 1;
		(void)close(fd); /* the end that closes first waits: its ports are many */
		(void)close(other);
	}
	return listener < 0;
}

/* @count messages of a kibibyte from @from to @to, each read before the next. */
static int messages(int from, int to, unsigned int count)
{
	char bytes[1024] = "message";

	for (unsigned int i = 0; i < count; i++)
		if (send(from, bytes, sizeof(bytes), 0) != sizeof(bytes) ||
		    recv(to, bytes, sizeof(bytes), MSG_WAITALL) != sizeof(bytes))
			return 1;
	return 0;
}

static int datagrams(unsigned int count)
{
	int to = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int from = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in peer = loopback(1, FIRST_PORT);

	if (bind(to, (struct sockaddr *)&peer, sizeof(peer)) < 0 ||
	    connect(from, (struct sockaddr *)&peer, sizeof(peer)) < 0)
		return 1;
	return messages(from, to, count);
}

static int stream(unsigned int count)
{
	struct sockaddr_in peer = loopback(1, FIRST_PORT);
	int listener = listen_on(FIRST_PORT), from = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (listener < 0 || connect(from, (struct sockaddr *)&peer, sizeof(peer)) < 0)
		return 1;
	return messages(from, accept(listener, NULL, NULL), count);
}

static int local(unsigned int count)
{
	int ends[2];

	return socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) < 0 ||
	       messages(ends[0], ends[1], count);
}

static const struct {
	const char *name;
	int (*run)(unsigned int count);
	unsigned int most;
} loads[] = { { "latency", latency, 10000 },	  { "hold", hold, 20000 },
	      { "flood", flood, 200000 },	  { "churn", churn, 200000 },
	      { "peers", peers, 200000 },	  { "connections", connections, 20000 },
	      { "datagrams", datagrams, 200000 }, { "stream", stream, 200000 },
	      { "local", local, 200000 } };

int main(int argc, char **argv)
{
	unsigned int count = argc == 3 ? (unsigned int)strtoul(argv[2], NULL, 10) : 0;

	for (size_t i = 0; count && i < sizeof(loads) / sizeof(*loads); i++)
		if (strcmp(argv[1], loads[i].name) == 0 && count <= loads[i].most)
			return loads[i].run(count);
	fprintf(stderr, "usage: loads latency|hold|flood|churn|peers|connections|datagrams|stream|"
			"local COUNT\n");
	return 2;
}
