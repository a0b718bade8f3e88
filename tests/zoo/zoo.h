// SPDX-License-Identifier: Apache-2.0
/* zoo: opens each kind of channel once, by name. What it does is the question; what postern saw of
 * it is the answer that tests/kernel asserts. */
#ifndef PST_TESTS_ZOO_H
#define PST_TESTS_ZOO_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#define ZOO_MISSING 77 /* this kernel or machine does not have it */

/* What every conversation carries, unless its row says otherwise. */
#define ZOO_OUT "ping"	/* 4 bytes from the actor */
#define ZOO_IN "answer" /* 6 bytes to it */

struct zoo_row {
	const char *name;
	int (*act)(void); /* 0 done; ZOO_MISSING; else it failed, and errno may say why */
};

extern const struct zoo_row zoo_tcp_rows[], zoo_hand_rows[], zoo_udp_rows[], zoo_inet_rows[],
	zoo_packet_rows[], zoo_family_rows[], zoo_tunnel_rows[], zoo_uring_rows[], zoo_exec_rows[],
	zoo_act_rows[], zoo_kernel_rows[];

extern char **zoo_argv;

struct zoo_address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		struct sockaddr_storage room;
	} at;
	socklen_t len;
};

/* zoo_missing - ZOO_MISSING when errno says that the kernel lacks the family, protocol or call;
 * else 1 */
int zoo_missing(void);

/* zoo_loopback - "127.0.0.1", "::1", or for 46 "::ffff:127.0.0.1" */
void zoo_loopback(int family, uint16_t port, struct zoo_address *out);

/* zoo_bound - a socket bound to a free loopback port, its address in @out; -1 with errno */
int zoo_bound(int family, int type, int protocol, struct zoo_address *out);

/*
 * zoo_peer - run @serve with @fd in a process of its own, outside of the actor
 * It ends by itself after a few seconds. Returns its pid, or -1; the actor's copy of @fd is closed.
 */
pid_t zoo_peer(int (*serve)(int fd), int fd);

/* zoo_reap - wait for the peer, ending it first; returns 0 when it did its part */
int zoo_reap(pid_t pid);
int zoo_end(pid_t pid); /* end it without asking */

/* servers: accept one connection, or take one datagram, read ZOO_OUT, answer ZOO_IN, wait for the
 * end */
int zoo_serve_stream(int fd);
int zoo_serve_datagram(int fd);

/* zoo_talk - send ZOO_OUT, receive ZOO_IN on a connected socket; 0 when both went */
int zoo_talk(int fd);

/* zoo_all - read or write all of it; 0 or -1 */
int zoo_read_all(int fd, void *data, size_t len);

/* zoo_connected - a stream server in a process of its own, and a socket connected to it */
int zoo_connected(int family, int protocol, pid_t *peer);

#endif
