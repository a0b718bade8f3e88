// SPDX-License-Identifier: Apache-2.0
/* traffic: moves a known number of bytes in one of the ways that software does, and says how many.
 */
#ifndef PST_TESTS_TRAFFIC_H
#define PST_TESTS_TRAFFIC_H

#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

#define MISSING 77 /* this kernel or machine does not have it */

struct moved {
	uint64_t out, in;
};

struct way {
	const char *name;
	/* the far end: makes its socket and says its port by tell_port(); NULL: there is none */
	int (*serve)(void);
	int (*act)(uint16_t port, struct moved *moved);
};

extern const struct way tcp_ways[], udp_ways[], other_ways[], uring_ways[];

extern char **traffic_argv;

int missing(void); /* MISSING when errno says so; else 1 */
void tell_port(int fd);
void loopback(int family, uint16_t port, struct sockaddr_storage *out, socklen_t *len);
int bound(int family, int type, int protocol);
int connected(int family, int type, int protocol, uint16_t port); /* -1 with errno */
int put_all(int fd, uint64_t bytes, struct moved *moved);	  /* send() in pieces of 64 KiB */
int take_all(int fd, uint64_t bytes,
	     struct moved *moved);	 /* recv() until that many came; 0: to the end */
int listening(int family, int protocol); /* and told its port */

#endif
