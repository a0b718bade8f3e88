// SPDX-License-Identifier: Apache-2.0
/* UDP: the first datagram of a peer is a channel, a connect without one is none. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kt.h"

static const struct pst_addr v4_loopback = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0,
					       1 } };
static const struct pst_addr v6_loopback = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } };

struct of_kind {
	uint32_t tgid;
	enum pst_kind kind;
};

static bool is_of_kind(const struct pst_event *event, const void *context)
{
	const struct of_kind *w = context;

	return event->type == PST_EVENT_CHANNEL && event->task.proc.tgid == w->tgid &&
	       event->channel.kind == w->kind;
}

static size_t count_kind(struct kt *kt, uint32_t tgid, enum pst_kind kind)
{
	const struct of_kind wanted = { tgid, kind };

	return kt_count(kt, is_of_kind, &wanted);
}

static void check_peer(struct kt *kt, const struct kt_actor *me, const struct pst_addr *peer,
		       uint16_t family)
{
	const struct pst_event *event = kt_channel(kt, me->pid, PST_UDP_PEER, me->port);

	KT_NEED(kt, event);
	kt_task(kt, event, me);
	KT_TRUE(kt, memcmp(&event->channel.peer, peer, sizeof(*peer)) == 0);
	KT_EQUAL(kt, event->channel.family, family);
	KT_EQUAL(kt, event->channel.sock_type, SOCK_DGRAM);
	KT_EQUAL(kt, event->channel.protocol, IPPROTO_UDP);
	KT_TRUE(kt, event->channel.cookie != 0);
	KT_EQUAL(kt, event->channel.v6_socket, family == AF_INET6 && pst_addr_is_v4(peer));
	KT_EQUAL(kt, count_kind(kt, me->pid, PST_UDP_PEER), 1);
}

static int send_one(int family, const char *host, uint16_t port)
{
	struct sockaddr_in6 peer;
	socklen_t len = kt_address(host, port, (struct sockaddr *)&peer);
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	return fd >= 0 && sendto(fd, "data", 4, 0, (struct sockaddr *)&peer, len) == 4 ? 0 : 1;
}

static int act_a_sendto_over_ipv4_is_a_channel(struct kt_actor *me)
{
	return kt_udp("127.0.0.1", &me->port) < 0 || send_one(AF_INET, "127.0.0.1", me->port);
}

static void check_a_sendto_over_ipv4_is_a_channel(struct kt *kt, const struct kt_actor *me)
{
	check_peer(kt, me, &v4_loopback, AF_INET);
}

static int act_a_sendto_over_ipv6_is_a_channel(struct kt_actor *me)
{
	return kt_udp("::1", &me->port) < 0 || send_one(AF_INET6, "::1", me->port);
}

static void check_a_sendto_over_ipv6_is_a_channel(struct kt *kt, const struct kt_actor *me)
{
	check_peer(kt, me, &v6_loopback, AF_INET6);
}

static int act_a_mapped_sendto_is_an_ipv4_peer(struct kt_actor *me)
{
	return kt_udp("127.0.0.1", &me->port) < 0 ||
	       send_one(AF_INET6, "::ffff:127.0.0.1", me->port);
}

static void check_a_mapped_sendto_is_an_ipv4_peer(struct kt *kt, const struct kt_actor *me)
{
	check_peer(kt, me, &v4_loopback, AF_INET6);
}

static int connected(const char *host, uint16_t port)
{
	struct sockaddr_in6 peer;
	socklen_t len = kt_address(host, port, (struct sockaddr *)&peer);
	int fd = socket(peer.sin6_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	return fd >= 0 && connect(fd, (struct sockaddr *)&peer, len) == 0 ? fd : -1;
}

static int act_a_udp_connect_without_a_datagram_is_silent(struct kt_actor *me)
{
	me->port = 443;
	return connected("127.0.0.1", 443) >= 0 && connected("::1", 443) >= 0 &&
			       connected("127.0.0.2", 443) >= 0 ?
		       0 :
		       1;
}

static void check_a_udp_connect_without_a_datagram_is_silent(struct kt *kt,
							     const struct kt_actor *me)
{
	KT_EQUAL(kt, kt_channels_of(kt, me->pid), 0);
	KT_TRUE(kt, !kt_sample(kt, me->pid, PST_UDP_PEER, 443));
}

static int act_a_send_on_a_connected_socket_is_a_channel(struct kt_actor *me)
{
	int server = kt_udp("127.0.0.1", &me->port), fd = connected("127.0.0.1", me->port);

	return server >= 0 && send(fd, "data", 4, 0) == 4 ? 0 : 1;
}

static void check_a_send_on_a_connected_socket_is_a_channel(struct kt *kt,
							    const struct kt_actor *me)
{
	check_peer(kt, me, &v4_loopback, AF_INET);
}

static int act_each_peer_of_a_sendmmsg_is_a_channel(struct kt_actor *me)
{
	struct sockaddr_in6 peer[2];
	struct iovec part = { .iov_base = (char[]){ 'd', 'a' }, .iov_len = 2 };
	struct mmsghdr message[2] = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (kt_udp("127.0.0.1", &me->port) < 0 || kt_udp("127.0.0.1", &me->other_port) < 0)
		return 1;
	for (int i = 0; i < 2; i++) {
		message[i].msg_hdr.msg_namelen = kt_address(
			"127.0.0.1", i ? me->other_port : me->port, (struct sockaddr *)&peer[i]);
		message[i].msg_hdr.msg_name = &peer[i];
		message[i].msg_hdr.msg_iov = &part;
		message[i].msg_hdr.msg_iovlen = 1;
	}
	return sendmmsg(fd, message, 2, 0) == 2 ? 0 : 1;
}

static void check_each_peer_of_a_sendmmsg_is_a_channel(struct kt *kt, const struct kt_actor *me)
{
	KT_TRUE(kt, kt_channel(kt, me->pid, PST_UDP_PEER, me->port));
	KT_TRUE(kt, kt_channel(kt, me->pid, PST_UDP_PEER, me->other_port));
	KT_EQUAL(kt, count_kind(kt, me->pid, PST_UDP_PEER), 2);
}

/* A child serves; the actor asks it ten times, and gets ten answers. */
static int act_datagrams_and_their_payload_are_counted(struct kt_actor *me)
{
	int server = kt_udp("127.0.0.1", &me->port), fd = connected("127.0.0.1", me->port);
	char text[300] = { 0 };
	struct sockaddr_in6 peer;
	pid_t child = fork();

	for (int i = 0; i < 10; i++) {
		socklen_t len = sizeof(peer);

		if (child == 0 &&
		    (recvfrom(server, text, sizeof(text), 0, (struct sockaddr *)&peer, &len) !=
			     100 ||
		     sendto(server, text, 300, 0, (struct sockaddr *)&peer, len) != 300))
			_exit(1);
		if (child > 0 &&
		    (send(fd, text, 100, 0) != 100 || recv(fd, text, sizeof(text), 0) != 300))
			return 1;
	}
	if (child == 0)
		_exit(0);
	me->child = (uint32_t)child;
	return 0;
}

static void check_datagrams_and_their_payload_are_counted(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_sample(kt, me->pid, PST_UDP_PEER, me->port);

	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.packets_out, 10);
	KT_EQUAL(kt, event->sample.count.bytes_out, 1000);
	KT_EQUAL(kt, event->sample.count.packets_in, 10);
	KT_EQUAL(kt, event->sample.count.bytes_in, 3000);
	KT_TRUE(kt, !event->sample.ip_bytes);
	KT_EQUAL(kt, event->sample.family, AF_INET);
	KT_EQUAL(kt, event->sample.protocol, IPPROTO_UDP);
	KT_TRUE(kt, event->sample.count.bursts >= 1);
	KT_TRUE(kt, event->sample.count.burst[0].start_ns > 0);
	KT_EQUAL(kt, count_kind(kt, me->child, PST_UDP_PEER), 0);
}

const struct kt_case kt_udp_cases[] = {
	CASE(a_sendto_over_ipv4_is_a_channel),
	CASE(a_sendto_over_ipv6_is_a_channel),
	CASE(a_mapped_sendto_is_an_ipv4_peer),
	CASE(a_udp_connect_without_a_datagram_is_silent),
	CASE(a_send_on_a_connected_socket_is_a_channel),
	CASE(each_peer_of_a_sendmmsg_is_a_channel),
	CASE(datagrams_and_their_payload_are_counted),
	{ NULL, NULL, NULL, NULL, NULL },
};
