// SPDX-License-Identifier: Apache-2.0
/* Neither TCP nor UDP: echo requests, an IP protocol of nobody's, frames. */
#include "traffic.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <unistd.h>

#define COUNT 2000u
#define SIZE 1000u
#define ETHERTYPE 0x88b5 /* of IEEE 802, for local experiments */

struct address {
	struct sockaddr_storage at;
	socklen_t len;
};

static int send_many(int fd, const char *data, const struct address *to, struct moved *moved)
{
	for (unsigned int i = 0; i < COUNT; i++) {
		if (sendto(fd, data, SIZE, 0, (const struct sockaddr *)&to->at, to->len) == SIZE)
			moved->out += SIZE;
	}
	return moved->out ? 0 : 1;
}

static int over_ip(int type, int protocol, const char *data, struct moved *moved)
{
	struct address to;
	int fd = socket(AF_INET, type, protocol);

	if (fd < 0)
		return errno == EACCES ? MISSING : missing();
	loopback(AF_INET, 0, &to.at, &to.len);
	return send_many(fd, data, &to, moved);
}

/* The answers are taken as they come and are not counted: the flood is what goes out. */
static int act_icmp(uint16_t unused, struct moved *moved)
{
	char data[SIZE] = { ICMP_ECHO };

	(void)unused;
	data[2] = (char)0xf7; /* the checksum of a message that is zero but for its type */
	data[3] = (char)0xff;
	return over_ip(SOCK_RAW, IPPROTO_ICMP, data, moved);
}

static int act_raw(uint16_t unused, struct moved *moved)
{
	static const char data[SIZE];

	(void)unused;
	return over_ip(SOCK_RAW, 253, data, moved);
}

static int act_frames(uint16_t unused, struct moved *moved)
{
	struct sockaddr_ll lo = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(ETHERTYPE),
				  .sll_ifindex = (int)if_nametoindex("lo"),
				  .sll_halen = ETH_ALEN };
	struct address to = { .len = sizeof(lo) };
	char data[SIZE] = { 0 };
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	(void)unused;
	if (fd < 0)
		return missing();
	memcpy(&to.at, &lo, sizeof(lo));
	data[12] = (char)(ETHERTYPE >> 8);
	data[13] = (char)(ETHERTYPE & 0xff);
	return send_many(fd, data, &to, moved);
}

const struct way other_ways[] = {
	{ "icmp_flood", NULL, act_icmp },
	{ "raw_253", NULL, act_raw },
	{ "packet_frames", NULL, act_frames },
	{ NULL, NULL, NULL },
};
