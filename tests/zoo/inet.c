// SPDX-License-Identifier: Apache-2.0
/* What runs over IP and is neither TCP nor UDP. */
#include "zoo.h"

#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#ifndef SOCK_DCCP
#define SOCK_DCCP 6
#endif
#define IPPROTO_DCCP_ 33
#define IPPROTO_L2TP_ 115
#define ECHO 8

static int sent(int fd, int family, const void *data, size_t len)
{
	struct zoo_address at;

	if (fd < 0)
		return zoo_missing();
	zoo_loopback(family, 0, &at);
	return sendto(fd, data, len, 0, &at.at.any, at.len) == (ssize_t)len ? 0 : 1;
}

static int ping_dgram(void)
{
	struct icmphdr echo = { .type = ECHO, .un.echo.sequence = 1 };
	int range = open("/proc/sys/net/ipv4/ping_group_range", O_WRONLY);
	int fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);

	if (fd < 0 && errno == EACCES && range >= 0 && write(range, "0 0", 3) == 3)
		fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
	if (fd < 0)
		return errno == EACCES ? ZOO_MISSING : zoo_missing();
	return sent(fd, AF_INET, &echo, sizeof(echo));
}

static int raw_icmp(void)
{
	struct icmphdr echo = { .type = ECHO, .checksum = 0xf7ff };

	return sent(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), AF_INET, &echo, sizeof(echo));
}

static int raw_hdrincl(void)
{
	struct {
		struct iphdr ip;
		char data[4];
	} packet = { .ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = 253 }, .data = "ping" };

	packet.ip.saddr = packet.ip.daddr = htonl(INADDR_LOOPBACK);
	packet.ip.tot_len = htons(sizeof(packet));
	return sent(socket(AF_INET, SOCK_RAW, IPPROTO_RAW), AF_INET, &packet, sizeof(packet));
}

static int raw6(void)
{
	return sent(socket(AF_INET6, SOCK_RAW, 253), AF_INET6, ZOO_OUT, strlen(ZOO_OUT));
}

static int raw_253(void)
{
	return sent(socket(AF_INET, SOCK_RAW, 253), AF_INET, ZOO_OUT, strlen(ZOO_OUT));
}

static int sctp_stream(void)
{
	pid_t peer = -1;
	int fd = zoo_connected(AF_INET, IPPROTO_SCTP, &peer);
	int r = fd < 0 ? zoo_missing() : zoo_talk(fd);

	(void)close(fd);
	return r == 0 ? zoo_reap(peer) : r;
}

static int sctp_seqpkt(void)
{
	struct zoo_address at;
	int server = zoo_bound(AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP, &at), fd;
	pid_t peer;
	int r;

	if (server < 0 || listen(server, 1) < 0)
		return zoo_missing();
	peer = zoo_peer(zoo_serve_datagram, server);
	fd = socket(AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP);
	r = sendto(fd, ZOO_OUT, strlen(ZOO_OUT), 0, &at.at.any, at.len) ==
			    (ssize_t)strlen(ZOO_OUT) ?
		    0 :
		    1;
	return r == 0 ? zoo_reap(peer) : r;
}

static int dccp(void)
{
	struct zoo_address at;
	int server = zoo_bound(AF_INET, SOCK_DCCP, IPPROTO_DCCP_, &at), fd;
	uint32_t service = htonl(42);
	pid_t peer;
	char text[16];

	if (server < 0)
		return zoo_missing();
	if (setsockopt(server, 269, 2, &service, sizeof(service)) < 0 || listen(server, 1) < 0)
		return 1;
	peer = zoo_peer(zoo_serve_stream, server);
	fd = socket(AF_INET, SOCK_DCCP, IPPROTO_DCCP_);
	if (setsockopt(fd, 269, 2, &service, sizeof(service)) < 0 ||
	    connect(fd, &at.at.any, at.len) < 0 ||
	    send(fd, ZOO_OUT, strlen(ZOO_OUT), 0) != (ssize_t)strlen(ZOO_OUT) ||
	    recv(fd, text, sizeof(text), 0) <= 0)
		return 1;
	(void)close(fd);
	return zoo_end(peer);
}

static int l2tp_ip(void)
{
	return socket(AF_INET, SOCK_DGRAM, IPPROTO_L2TP_) < 0 ? zoo_missing() : 0;
}

const struct zoo_row zoo_inet_rows[] = {
	{ "ping_dgram", ping_dgram },	{ "raw_icmp", raw_icmp },
	{ "raw_hdrincl", raw_hdrincl }, { "raw6", raw6 },
	{ "raw_253", raw_253 },		{ "sctp_stream", sctp_stream },
	{ "sctp_seqpkt", sctp_seqpkt }, { "dccp", dccp },
	{ "l2tp_ip", l2tp_ip },		{ NULL, NULL },
};
