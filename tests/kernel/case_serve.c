// SPDX-License-Identifier: Apache-2.0
/* Who serves datagrams, to whom, and what happens when a process has more peers than its share. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kt.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

static const struct pst_addr v4_any = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0 } };
static const struct pst_addr v4_loopback = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0,
					       1 } };

/* A UDP socket with a port that no kernel chooses by itself. */
static int fixed(const char *host, uint16_t *port)
{
	int fd = -1;

	for (uint16_t i = 0; fd < 0 && i < 50; i++) {
		*port = (uint16_t)(20000 + (getpid() * 7 + i) % 9000);
		fd = kt_udp(host, port);
	}
	return fd;
}

static ssize_t send_to(int fd, const char *host, uint16_t port, size_t len)
{
	static const char data[1000];
	struct sockaddr_in6 peer;
	socklen_t size = kt_address(host, port, (struct sockaddr *)&peer);

	return sendto(fd, data, len, 0, (struct sockaddr *)&peer, size);
}

/* serve - answer each of so many datagrams with @answer bytes */
static int serve(int fd, int times, size_t answer)
{
	char data[1000] = { 0 };
	struct sockaddr_in6 peer;

	for (int i = 0; i < times; i++) {
		socklen_t len = sizeof(peer);

		if (recvfrom(fd, data, sizeof(data), 0, (struct sockaddr *)&peer, &len) < 0 ||
		    sendto(fd, data, answer, 0, (struct sockaddr *)&peer, len) != (ssize_t)answer)
			return 1;
	}
	return 0;
}

/* ask - in a child process: so many datagrams of 50 bytes, an answer to each */
static pid_t ask(uint16_t port, int times)
{
	char data[1000];
	pid_t child = fork();
	int fd;

	if (child != 0)
		return child;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	for (int i = 0; i < times; i++)
		if (send_to(fd, "127.0.0.1", port, 50) != 50 || recv(fd, data, sizeof(data), 0) < 0)
			_exit(1);
	_exit(0);
}

static int ended_well(pid_t child)
{
	int status;

	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static int act_a_udp_bind_outside_the_range_listens(struct kt_actor *me)
{
	int fd = fixed("0.0.0.0", &me->port);

	return fd < 0 || close(fd) < 0;
}

static void check_a_udp_bind_outside_the_range_listens(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_channel(kt, me->pid, PST_UDP_LISTEN, me->port);

	KT_NEED(kt, event);
	kt_task(kt, event, me);
	KT_TRUE(kt, !event->no_task);
	KT_TRUE(kt, memcmp(&event->channel.local, &v4_any, sizeof(v4_any)) == 0);
	KT_TRUE(kt, pst_addr_is_zero(&event->channel.peer));
	KT_EQUAL(kt, event->channel.sock_type, SOCK_DGRAM);
	KT_EQUAL(kt, event->channel.protocol, IPPROTO_UDP);
	KT_TRUE(kt, event->channel.cookie != 0);
	event = kt_result(kt, me->pid, PST_UDP_LISTEN, me->port);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->result.result, PST_CLOSED);
}

static int act_a_udp_bind_inside_the_range_is_silent(struct kt_actor *me)
{
	return kt_udp("127.0.0.1", &me->port) < 0;
}

static void check_a_udp_bind_inside_the_range_is_silent(struct kt *kt, const struct kt_actor *me)
{
	KT_EQUAL(kt, kt_channels_of(kt, me->pid), 0);
}

static int act_a_stranger_makes_a_listener(struct kt_actor *me)
{
	int fd = kt_udp("127.0.0.1", &me->port);
	pid_t child = ask(me->port, 3);

	return serve(fd, 3, 10) || !ended_well(child);
}

/* check_answers - each was answered by 10 bytes and asked for by 50 */
static void check_answers(struct kt *kt, const struct kt_actor *me, uint64_t packets)
{
	const struct pst_event *event = kt_sample(kt, me->pid, PST_UDP_ACCEPT, me->port);

	KT_NEED(kt, event);
	KT_TRUE(kt, memcmp(&event->sample.peer, &v4_loopback, sizeof(v4_loopback)) == 0);
	KT_EQUAL(kt, event->sample.count.packets_in, packets);
	KT_EQUAL(kt, event->sample.count.packets_out, packets);
	KT_EQUAL(kt, event->sample.count.bytes_out, packets * 10);
	KT_EQUAL(kt, event->sample.count.bytes_in, packets * 50);
}

/* Two records: that it listens, and to whom. The answers make no third. */
static void check_a_stranger_makes_a_listener(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_channel(kt, me->pid, PST_UDP_LISTEN, me->port);

	KT_NEED(kt, event);
	KT_TRUE(kt, memcmp(&event->channel.local, &v4_loopback, sizeof(v4_loopback)) == 0);
	event = kt_channel(kt, me->pid, PST_UDP_ACCEPT, me->port);
	KT_NEED(kt, event);
	KT_TRUE(kt, event->channel.peer_port != 0);
	check_answers(kt, me, 3);
	KT_EQUAL(kt, kt_channels_of(kt, me->pid), 2);
}

static int act_two_clients_on_one_host_are_one_channel(struct kt_actor *me)
{
	int fd = fixed("127.0.0.1", &me->port);
	pid_t one = ask(me->port, 2), two;

	if (serve(fd, 2, 10) || !ended_well(one))
		return 1;
	two = ask(me->port, 2);
	return serve(fd, 2, 10) || !ended_well(two);
}

static void check_two_clients_on_one_host_are_one_channel(struct kt *kt, const struct kt_actor *me)
{
	check_answers(kt, me, 4);
	KT_EQUAL(kt, kt_channels_of(kt, me->pid), 2);
}

static int act_a_server_that_writes_first_has_a_peer(struct kt_actor *me)
{
	int fd = fixed("127.0.0.1", &me->port), other = kt_udp("127.0.0.1", &me->other_port);
	char data[10];

	if (fd < 0 || other < 0 || send_to(fd, "127.0.0.1", me->other_port, 10) != 10 ||
	    send_to(other, "127.0.0.1", me->port, 7) != 7)
		return 1;
	return recv(fd, data, sizeof(data), 0) != 7;
}

static void check_a_server_that_writes_first_has_a_peer(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_sample(kt, me->pid, PST_UDP_PEER, me->other_port);

	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.bytes_out, 10);
	KT_EQUAL(kt, event->sample.count.bytes_in, 7);
}

/* The listener is connected to its first client, as servers of DTLS do. */
static int act_a_connected_server_answers_its_client(struct kt_actor *me)
{
	int fd = fixed("127.0.0.1", &me->port);
	pid_t child = ask(me->port, 3);
	struct sockaddr_in6 peer;
	socklen_t len = sizeof(peer);
	char data[100] = { 0 };

	if (recvfrom(fd, data, sizeof(data), 0, (struct sockaddr *)&peer, &len) != 50 ||
	    connect(fd, (struct sockaddr *)&peer, len) < 0 || send(fd, data, 10, 0) != 10)
		return 1;
	for (int i = 0; i < 2; i++)
		if (recv(fd, data, sizeof(data), 0) != 50 || send(fd, data, 10, 0) != 10)
			return 1;
	return !ended_well(child);
}

static void check_a_connected_server_answers_its_client(struct kt *kt, const struct kt_actor *me)
{
	check_answers(kt, me, 3);
	KT_EQUAL(kt, kt_channels_of(kt, me->pid), 2);
}

/* The parent opens and connects, the child sends. */
static int act_an_inherited_socket_is_charged_to_who_sends(struct kt_actor *me)
{
	int server = kt_udp("127.0.0.1", &me->port), fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in6 peer;
	socklen_t len = kt_address("127.0.0.1", me->port, (struct sockaddr *)&peer);
	pid_t child;

	if (server < 0 || connect(fd, (struct sockaddr *)&peer, len) < 0 ||
	    send(fd, "data", 4, 0) != 4)
		return 1;
	child = fork();
	if (child == 0)
		_exit(send(fd, "longer data", 11, 0) != 11);
	me->child = (uint32_t)child;
	return !ended_well(child);
}

static void check_an_inherited_socket_is_charged_to_who_sends(struct kt *kt,
							      const struct kt_actor *me)
{
	const struct pst_event *event = kt_channel(kt, me->child, PST_UDP_PEER, me->port);

	KT_NEED(kt, event);
	KT_TRUE(kt, event->channel.handed);
	KT_EQUAL(kt, event->channel.owner.tgid, me->pid);
	KT_TRUE(kt, event->channel.owner.start_ns > 0);
	event = kt_sample(kt, me->child, PST_UDP_PEER, me->port);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.bytes_out, 11);
	KT_EQUAL(kt, event->sample.count.taken, 1);
	event = kt_sample(kt, me->pid, PST_UDP_PEER, me->port);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.bytes_out, 4);
	KT_EQUAL(kt, event->sample.count.given, 1);
}

/* What the tests' sensor gives one process, then as many networks, then as many that share one. */
#define SHARE 4096u
#define NETWORKS 1024u
#define REST 200u
#define PEERS (SHARE + NETWORKS + REST)
#define DATAGRAM 100u

/* Each peer is in a network of its own: 127.1.0.1, 127.1.1.1, ... 127.21.199.1 */
static int act_the_bytes_of_too_many_peers_are_folded_and_exact(struct kt_actor *me)
{
	struct sockaddr_in peer = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	char data[DATAGRAM] = { 0 };

	me->port = 9;
	for (uint32_t i = 0; i < PEERS; i++) {
		peer.sin_addr.s_addr = htonl(0x7f010001u + (i << 8));
		for (int n = 0; n < 2; n++)
			if (sendto(fd, data, sizeof(data), 0, (struct sockaddr *)&peer,
				   sizeof(peer)) != (ssize_t)sizeof(data))
				return 1;
	}
	return 0;
}

/* The last counters of each key. */
struct sums {
	uint32_t tgid;
	size_t used;
	struct sum {
		struct pst_addr peer;
		uint16_t port;
		bool folded;
		uint64_t bytes, packets;
	} sum[PEERS];
};

static struct sum *sum_of(struct sums *sums, const struct pst_sample *sample)
{
	for (size_t i = 0; i < sums->used; i++)
		if (sums->sum[i].port == sample->port &&
		    memcmp(&sums->sum[i].peer, &sample->peer, sizeof(sample->peer)) == 0)
			return &sums->sum[i];
	return sums->used < PEERS ? &sums->sum[sums->used++] : NULL;
}

static bool is_summed(const struct pst_event *event, const void *context)
{
	struct sums *sums = (struct sums *)(uintptr_t)context; /* the search fills it */
	struct sum *sum;

	if (event->type != PST_EVENT_SAMPLE || event->task.proc.tgid != sums->tgid ||
	    event->sample.kind != PST_UDP_PEER)
		return false;
	sum = sum_of(sums, &event->sample);
	if (sum)
		*sum = (struct sum){ event->sample.peer, event->sample.port, event->sample.folded,
				     event->sample.count.bytes_out,
				     event->sample.count.packets_out };
	return true;
}

static void check_the_bytes_of_too_many_peers_are_folded_and_exact(struct kt *kt,
								   const struct kt_actor *me)
{
	struct sums *sums = calloc(1, sizeof(*sums));
	uint64_t bytes = 0, packets = 0;
	size_t folded = 0, last = 0;

	KT_NEED(kt, sums);
	sums->tgid = me->pid;
	kt_sweep(kt);
	(void)kt_count(kt, is_summed, sums); /* the sums are what counts */
	for (size_t i = 0; i < sums->used; i++) {
		bytes += sums->sum[i].bytes;
		packets += sums->sum[i].packets;
		folded += sums->sum[i].folded;
		if (sums->sum[i].port == 0) {
			KT_TRUE(kt, pst_addr_is_zero(&sums->sum[i].peer));
			last = sums->sum[i].packets;
		}
	}
	KT_EQUAL(kt, bytes, (uint64_t)PEERS * 2 * DATAGRAM);
	KT_EQUAL(kt, packets, (uint64_t)PEERS * 2);
	KT_EQUAL(kt, sums->used, SHARE + NETWORKS + 1);
	KT_EQUAL(kt, folded, NETWORKS + 1);
	KT_EQUAL(kt, last, REST * 2);
	free(sums);
	/* each peer was told, or its loss was */
	KT_TRUE(kt, kt_channels_of(kt, me->pid) + kt_lost(kt) > SHARE);
}

static int act_an_mptcp_connection_is_one_channel(struct kt_actor *me)
{
	struct sockaddr_in6 own;
	socklen_t len = kt_address("127.0.0.1", 0, (struct sockaddr *)&own);
	int listener = socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP);
	int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP), other;
	char data[5000] = { 0 };

	if (listener < 0 || fd < 0)
		return KT_MISSING;
	if (bind(listener, (struct sockaddr *)&own, len) < 0 || listen(listener, 1) < 0 ||
	    getsockname(listener, (struct sockaddr *)&own, &len) < 0)
		return 1;
	me->port = ntohs(own.sin6_port);
	if (connect(fd, (struct sockaddr *)&own, len) < 0)
		return 1;
	other = accept(listener, NULL, NULL);
	for (int i = 0; i < 4; i++)
		if (send(fd, data, sizeof(data), 0) != (ssize_t)sizeof(data) ||
		    recv(other, data, sizeof(data), MSG_WAITALL) != (ssize_t)sizeof(data))
			return 1;
	if (send(other, data, 700, 0) != 700 || recv(fd, data, 700, MSG_WAITALL) != 700 ||
	    close(fd) < 0 || close(other) < 0)
		return 1;
	(void)usleep(300000); /* its end is a matter of the kernel's workers */
	return 0;
}

static void check_an_mptcp_connection_is_one_channel(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_channel(kt, me->pid, PST_TCP_LISTEN, me->port);

	KT_NEED(kt, event);
	kt_task(kt, event, me);
	KT_TRUE(kt, kt_channel(kt, me->pid, PST_TCP_CONNECT, me->port));
	event = kt_sample(kt, me->pid, PST_TCP_CONNECT, me->port);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.attempts, 1);
	KT_EQUAL(kt, event->sample.count.established, 1);
	KT_EQUAL(kt, event->sample.count.bytes_out, 20000);
	KT_EQUAL(kt, event->sample.count.bytes_in, 700);
	event = kt_sample(kt, me->pid, PST_TCP_ACCEPT, me->port);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.established, 1);
	KT_EQUAL(kt, event->sample.count.bytes_in, 20000);
	KT_EQUAL(kt, event->sample.count.bytes_out, 700);
}

const struct kt_case kt_serve_cases[] = {
	CASE(a_udp_bind_outside_the_range_listens),
	CASE(a_udp_bind_inside_the_range_is_silent),
	CASE(a_stranger_makes_a_listener),
	CASE(two_clients_on_one_host_are_one_channel),
	CASE(a_server_that_writes_first_has_a_peer),
	CASE(a_connected_server_answers_its_client),
	CASE(an_inherited_socket_is_charged_to_who_sends),
	CASE(the_bytes_of_too_many_peers_are_folded_and_exact),
	CASE(an_mptcp_connection_is_one_channel),
	{ NULL, NULL, NULL, NULL, NULL },
};
