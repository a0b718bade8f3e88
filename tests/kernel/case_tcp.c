// SPDX-License-Identifier: Apache-2.0
/* TCP connects: every way to make one is seen, with its peer, its result and its bytes. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kt.h"

static const struct pst_addr v4_loopback = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0,
					       1 } };
static const struct pst_addr v6_loopback = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } };

/* A port where nobody listens: bound once, then given back. */
static uint16_t dead_port(const char *host)
{
	uint16_t port = 0;
	int fd = kt_listen(host, &port);

	(void)close(fd); /* a bad descriptor shows as port 0 */
	return port;
}

static void check_channel(struct kt *kt, const struct kt_actor *me, const struct pst_addr *peer,
			  uint16_t family)
{
	const struct pst_event *event = kt_channel(kt, me->pid, PST_TCP_CONNECT, me->port);

	KT_NEED(kt, event);
	kt_task(kt, event, me);
	KT_TRUE(kt, !event->no_task);
	KT_TRUE(kt, !event->preexisting);
	KT_EQUAL(kt, event->task.tid, me->pid);
	KT_TRUE(kt, memcmp(&event->channel.peer, peer, sizeof(*peer)) == 0);
	KT_EQUAL(kt, event->channel.peer_port, me->port);
	KT_EQUAL(kt, event->channel.family, family);
	KT_EQUAL(kt, event->channel.sock_type, SOCK_STREAM);
	KT_EQUAL(kt, event->channel.protocol, IPPROTO_TCP);
	KT_TRUE(kt, event->channel.cookie != 0);
	KT_EQUAL(kt, event->channel.v6_socket, family == AF_INET6 && pst_addr_is_v4(peer));
	KT_TRUE(kt, !event->channel.folded);
	KT_EQUAL(kt, event->channel.owner.tgid, 0);
	KT_EQUAL(kt, kt_channels_of(kt, me->pid) >= 1, 1);
}

static void check_result(struct kt *kt, const struct kt_actor *me, enum pst_result result,
			 uint32_t error)
{
	const struct pst_event *event = kt_result(kt, me->pid, PST_TCP_CONNECT, me->port);

	KT_NEED(kt, event);
	KT_EQUAL(kt, event->task.proc.tgid, me->pid);
	KT_EQUAL(kt, event->result.result, result);
	KT_EQUAL(kt, event->result.error, error);
	KT_EQUAL(kt, event->result.kind, PST_TCP_CONNECT);
	KT_TRUE(kt, event->result.cookie != 0);
}

static int connect_once(struct kt_actor *me, const char *host)
{
	int listener = kt_listen(host, &me->port);

	return listener >= 0 && kt_connect(host, me->port) >= 0 ? 0 : 1;
}

static int act_a_connect_over_ipv4_is_seen_with_every_field(struct kt_actor *me)
{
	return connect_once(me, "127.0.0.1");
}

static void check_a_connect_over_ipv4_is_seen_with_every_field(struct kt *kt,
							       const struct kt_actor *me)
{
	check_channel(kt, me, &v4_loopback, AF_INET);
	check_result(kt, me, PST_ESTABLISHED, 0);
}

static int act_a_connect_over_ipv6_is_seen_with_every_field(struct kt_actor *me)
{
	return connect_once(me, "::1");
}

static void check_a_connect_over_ipv6_is_seen_with_every_field(struct kt *kt,
							       const struct kt_actor *me)
{
	check_channel(kt, me, &v6_loopback, AF_INET6);
	check_result(kt, me, PST_ESTABLISHED, 0);
}

static int act_a_mapped_connect_is_an_ipv4_peer(struct kt_actor *me)
{
	int listener = kt_listen("127.0.0.1", &me->port);

	return listener >= 0 && kt_connect("::ffff:127.0.0.1", me->port) >= 0 ? 0 : 1;
}

static void check_a_mapped_connect_is_an_ipv4_peer(struct kt *kt, const struct kt_actor *me)
{
	check_channel(kt, me, &v4_loopback, AF_INET6);
	check_result(kt, me, PST_ESTABLISHED, 0);
}

static int act_a_refused_connect_is_a_channel_and_its_result_follows(struct kt_actor *me)
{
	me->port = dead_port("127.0.0.1");
	return me->port && kt_connect("127.0.0.1", me->port) < 0 && errno == ECONNREFUSED ? 0 : 1;
}

static void check_a_refused_connect_is_a_channel_and_its_result_follows(struct kt *kt,
									const struct kt_actor *me)
{
	check_channel(kt, me, &v4_loopback, AF_INET);
	check_result(kt, me, PST_REFUSED, ECONNREFUSED);
}

static int act_a_refused_connect_over_ipv6_is_seen(struct kt_actor *me)
{
	me->port = dead_port("::1");
	return me->port && kt_connect("::1", me->port) < 0 && errno == ECONNREFUSED ? 0 : 1;
}

static void check_a_refused_connect_over_ipv6_is_seen(struct kt *kt, const struct kt_actor *me)
{
	check_channel(kt, me, &v6_loopback, AF_INET6);
	check_result(kt, me, PST_REFUSED, ECONNREFUSED);
}

static int act_a_non_blocking_connect_is_seen(struct kt_actor *me)
{
	int listener = kt_listen("127.0.0.1", &me->port),
	    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct sockaddr_in6 peer;
	socklen_t len = kt_address("127.0.0.1", me->port, (struct sockaddr *)&peer);
	struct pollfd wait = { .fd = fd, .events = POLLOUT };

	if (listener < 0 || fd < 0 ||
	    (connect(fd, (struct sockaddr *)&peer, len) < 0 && errno != EINPROGRESS))
		return 1;
	return poll(&wait, 1, 1000) == 1 ? 0 : 1;
}

static void check_a_non_blocking_connect_is_seen(struct kt *kt, const struct kt_actor *me)
{
	check_channel(kt, me, &v4_loopback, AF_INET);
	check_result(kt, me, PST_ESTABLISHED, 0);
}

static int act_a_fast_open_is_seen(struct kt_actor *me)
{
	int listener = kt_listen("127.0.0.1", &me->port), fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in6 peer;
	socklen_t len = kt_address("127.0.0.1", me->port, (struct sockaddr *)&peer);

	return listener >= 0 && sendto(fd, "data", 4, MSG_FASTOPEN, (struct sockaddr *)&peer,
				       len) == 4 ?
		       0 :
		       1;
}

static void check_a_fast_open_is_seen(struct kt *kt, const struct kt_actor *me)
{
	check_channel(kt, me, &v4_loopback, AF_INET);
	check_result(kt, me, PST_ESTABLISHED, 0);
}

static int act_a_connect_without_a_route_is_not_sent(struct kt_actor *me)
{
	me->port = 443;
	if (unshare(CLONE_NEWNET) < 0)
		return 1;
	return kt_connect("192.0.2.1", me->port) < 0 && errno == ENETUNREACH ? 0 : 1;
}

static void check_a_connect_without_a_route_is_not_sent(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_channel(kt, me->pid, PST_TCP_CONNECT, 443);

	KT_NEED(kt, event);
	KT_TRUE(kt, event->task.netns != me->netns);
	event = kt_result(kt, me->pid, PST_TCP_CONNECT, 443);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->result.result, PST_NOT_SENT);
}

static int act_fifty_connects_are_one_record_and_a_count_of_fifty(struct kt_actor *me)
{
	int listener = kt_listen("127.0.0.1", &me->port);

	for (int i = 0; i < 50; i++) {
		int fd = kt_connect("127.0.0.1", me->port), other = accept(listener, NULL, NULL);

		if (fd < 0 || other < 0 || close(fd) < 0 || close(other) < 0)
			return 1;
	}
	return 0;
}

static bool is_connect_of(const struct pst_event *event, const void *tgid)
{
	return event->type == PST_EVENT_CHANNEL && event->channel.kind == PST_TCP_CONNECT &&
	       event->task.proc.tgid == *(const uint32_t *)tgid;
}

static void check_fifty_connects_are_one_record_and_a_count_of_fifty(struct kt *kt,
								     const struct kt_actor *me)
{
	const struct pst_event *event = kt_sample(kt, me->pid, PST_TCP_CONNECT, me->port);

	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.attempts, 50);
	KT_EQUAL(kt, event->sample.count.established, 50);
	KT_EQUAL(kt, event->sample.count.closed, 50);
	KT_EQUAL(kt, event->sample.count.failures, 0);
	KT_EQUAL(kt, kt_count(kt, is_connect_of, &me->pid), 1);
	event = kt_sample(kt, me->pid, PST_TCP_ACCEPT, me->port);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.established, 50);
}

#define SENT 100000
#define ANSWERED 5000

static int transfer(int from, int to, size_t bytes)
{
	char block[5000] = { 0 };

	for (size_t done = 0; done < bytes; done += sizeof(block)) {
		if (send(from, block, sizeof(block), 0) != (ssize_t)sizeof(block))
			return 1;
		if (recv(to, block, sizeof(block), MSG_WAITALL) != (ssize_t)sizeof(block))
			return 1;
	}
	return 0;
}

static int act_tcp_bytes_are_exact_at_close_on_both_sides(struct kt_actor *me)
{
	int listener = kt_listen("127.0.0.1", &me->port), fd = kt_connect("127.0.0.1", me->port);
	int other = accept(listener, NULL, NULL);
	char byte;

	if (fd < 0 || other < 0 || transfer(fd, other, SENT) || transfer(other, fd, ANSWERED) ||
	    close(fd) < 0)
		return 1;
	return recv(other, &byte, 1, 0) == 0 && close(other) == 0 ? 0 : 1;
}

static void check_tcp_bytes_are_exact_at_close_on_both_sides(struct kt *kt,
							     const struct kt_actor *me)
{
	const struct pst_event *event = kt_sample(kt, me->pid, PST_TCP_CONNECT, me->port);

	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.bytes_out, SENT);
	KT_EQUAL(kt, event->sample.count.bytes_in, ANSWERED);
	KT_TRUE(kt, !event->sample.ip_bytes);
	KT_TRUE(kt, memcmp(&event->sample.peer, &v4_loopback, sizeof(v4_loopback)) == 0);
	KT_TRUE(kt, event->sample.first_ns > 0 && event->sample.last_ns >= event->sample.first_ns);
	event = kt_sample(kt, me->pid, PST_TCP_ACCEPT, me->port);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.bytes_out, ANSWERED);
	KT_EQUAL(kt, event->sample.count.bytes_in, SENT);
}

/* The child lives on; the check ends it. */
static int act_bytes_of_a_living_connection_are_swept(struct kt_actor *me)
{
	int listener = kt_listen("127.0.0.1", &me->port), fd = kt_connect("127.0.0.1", me->port);
	int other = accept(listener, NULL, NULL);
	pid_t child = fork();

	if (child == 0) {
		(void)transfer(fd, other, SENT); /* the count shows it */
		(void)alarm(20);
		(void)pause();
		_exit(0);
	}
	me->child = (uint32_t)child;
	return fd >= 0 && other >= 0 && child > 0 ? 0 : 1;
}

static void check_bytes_of_a_living_connection_are_swept(struct kt *kt, const struct kt_actor *me)
{
	/* opened by the parent, used by the child: until a hook sees who sends, the opener is
	 * charged */
	const struct pst_event *event = kt_sample(kt, me->pid, PST_TCP_CONNECT, me->port);
	uint64_t by_opener = event ? event->sample.count.bytes_out : 0, by_user;

	event = kt_sample(kt, me->child, PST_TCP_CONNECT, me->port);
	by_user = event ? event->sample.count.bytes_out : 0;
	KT_EQUAL(kt, by_opener + by_user, SENT);
	KT_TRUE(kt, kill_child(me->child));
}

const struct kt_case kt_tcp_cases[] = {
	CASE(a_connect_over_ipv4_is_seen_with_every_field),
	CASE(a_connect_over_ipv6_is_seen_with_every_field),
	CASE(a_mapped_connect_is_an_ipv4_peer),
	CASE(a_refused_connect_is_a_channel_and_its_result_follows),
	CASE(a_refused_connect_over_ipv6_is_seen),
	CASE(a_non_blocking_connect_is_seen),
	CASE(a_fast_open_is_seen),
	CASE(a_connect_without_a_route_is_not_sent),
	CASE(fifty_connects_are_one_record_and_a_count_of_fifty),
	CASE(tcp_bytes_are_exact_at_close_on_both_sides),
	CASE(bytes_of_a_living_connection_are_swept),
	{ NULL, NULL, NULL, NULL, NULL },
};
