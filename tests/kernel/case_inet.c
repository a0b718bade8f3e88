// SPDX-License-Identifier: Apache-2.0
/* Internet sockets that are no TCP stream: ICMP, raw IP, UDP-Lite, and who listens for datagrams.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kt.h"

#define TEST_PROTOCOL 253 /* of RFC 3692, for experiments */
#define ECHO_SIZE 64

static const struct pst_addr v4_loopback = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0,
					       1 } };
static const struct pst_addr v4_second = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0,
					     2 } };
static const struct pst_addr v6_loopback = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } };
static const struct pst_addr nobody = { { 0 } };

/* Kinds that a process has several peers of at one port are looked for by the peer too. */
struct wanted {
	uint32_t tgid;
	enum pst_kind kind;
	uint16_t port;
	const struct pst_addr *peer;
};

static bool is_peer_seen(const struct pst_event *event, const void *context)
{
	const struct wanted *w = context;

	return event->type == PST_EVENT_CHANNEL && event->task.proc.tgid == w->tgid &&
	       event->channel.kind == w->kind &&
	       (pst_kind_is_inbound(w->kind) ? event->channel.local_port :
					       event->channel.peer_port) == w->port &&
	       memcmp(&event->channel.peer, w->peer, sizeof(*w->peer)) == 0;
}

/* The counters of all samples of that sort; the last sample of each is what counts. */
struct total {
	struct wanted wanted;
	struct pst_counters count;
};

static bool is_counted(const struct pst_event *event, const void *context)
{
	struct total *total = (struct total *)(uintptr_t)context; /* the search fills it */
	const struct wanted *w = &total->wanted;

	if (event->type != PST_EVENT_SAMPLE || event->task.proc.tgid != w->tgid ||
	    event->sample.kind != w->kind || event->sample.port != w->port ||
	    memcmp(&event->sample.peer, w->peer, sizeof(*w->peer)) != 0)
		return false;
	total->count = event->sample.count;
	return true;
}

static struct pst_counters counters(struct kt *kt, const struct wanted *wanted)
{
	struct total total = { .wanted = *wanted };

	kt_sweep(kt);
	(void)kt_count(kt, is_counted, &total); /* no sample leaves zeros */
	return total.count;
}

struct amount {
	uint64_t packets, out, in;
};

static void check_traffic(struct kt *kt, const struct wanted *wanted, struct amount amount)
{
	struct pst_counters count = counters(kt, wanted);

	KT_EQUAL(kt, count.packets_out, amount.packets);
	KT_EQUAL(kt, count.bytes_out, amount.out);
	KT_EQUAL(kt, count.bytes_in, amount.in);
}

static void check_seen(struct kt *kt, const struct kt_actor *me, const struct wanted *wanted,
		       uint16_t protocol)
{
	const struct pst_event *event = kt_find(kt, is_peer_seen, wanted);

	KT_NEED(kt, event);
	KT_EQUAL(kt, event->task.proc.tgid, me->pid);
	KT_TRUE(kt, !event->no_task);
	KT_EQUAL(kt, event->channel.protocol, protocol);
	KT_TRUE(kt, event->channel.cookie != 0);
	KT_TRUE(kt, !event->channel.bare);
	KT_TRUE(kt, !event->channel.ip_bytes);
	KT_TRUE(kt, !event->channel.folded);
	KT_TRUE(kt, !event->channel.handed);
}

static ssize_t send_to(int fd, const char *host, uint16_t port, const void *data, size_t len)
{
	struct sockaddr_in6 peer;
	socklen_t size = kt_address(host, port, (struct sockaddr *)&peer);

	return sendto(fd, data, len, 0, (struct sockaddr *)&peer, size);
}

static int act_a_raw_socket_is_seen_when_it_is_made(struct kt_actor *me)
{
	me->port = TEST_PROTOCOL;
	return socket(AF_INET, SOCK_RAW, TEST_PROTOCOL) < 0;
}

static void check_a_raw_socket_is_seen_when_it_is_made(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_channel(kt, me->pid, PST_RAW, TEST_PROTOCOL);

	KT_NEED(kt, event);
	kt_task(kt, event, me);
	KT_TRUE(kt, !event->no_task);
	KT_TRUE(kt, event->channel.bare);
	KT_TRUE(kt, pst_addr_is_zero(&event->channel.peer));
	KT_EQUAL(kt, event->channel.family, AF_INET);
	KT_EQUAL(kt, event->channel.sock_type, SOCK_RAW);
	KT_EQUAL(kt, event->channel.protocol, TEST_PROTOCOL);
	KT_TRUE(kt, event->channel.cookie != 0);
}

/* An echo request with its checksum; the kernel answers it. */
static void echo_request(uint8_t type, uint8_t *out)
{
	uint32_t sum = 0;

	memset(out, 0, ECHO_SIZE);
	out[0] = type;
	for (int i = 0; i < ECHO_SIZE; i += 2)
		sum += (uint32_t)(out[i] << 8 | out[i + 1]);
	sum = ~((sum >> 16) + (sum & 0xffff));
	out[2] = (uint8_t)(sum >> 8);
	out[3] = (uint8_t)sum;
}

static int echo(int family, int type, int protocol, const char *host)
{
	struct timeval patience = { .tv_sec = 2 };
	uint8_t data[ECHO_SIZE], answer[200];
	int fd = socket(family, type, protocol);
	int times = type == SOCK_RAW ? 2 : 1; /* it hears itself ask */

	if (fd < 0)
		return KT_MISSING;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)); /* recv tells */
	echo_request(family == AF_INET ? 8 : 128, data);
	if (send_to(fd, host, 0, data, sizeof(data)) != (ssize_t)sizeof(data))
		return 1;
	for (int i = 0; i < times; i++)
		if (recv(fd, answer, sizeof(answer), 0) < (ssize_t)sizeof(data))
			return 1;
	return 0;
}

static int act_a_raw_icmp_echo_is_counted_at_its_peer(struct kt_actor *me)
{
	(void)me; /* nothing to remember */
	return echo(AF_INET, SOCK_RAW, IPPROTO_ICMP, "127.0.0.1");
}

static void check_a_raw_icmp_echo_is_counted_at_its_peer(struct kt *kt, const struct kt_actor *me)
{
	const struct wanted peer = { me->pid, PST_ICMP, 0, &v4_loopback };
	const struct wanted made = { me->pid, PST_ICMP, 0, &nobody };
	const struct pst_event *event = kt_find(kt, is_peer_seen, &made);

	KT_TRUE(kt, event && event->channel.bare);
	check_seen(kt, me, &peer, IPPROTO_ICMP);
	check_traffic(kt, &peer, (struct amount){ 1, ECHO_SIZE, 2 * ECHO_SIZE });
}

static int act_a_raw_icmpv6_echo_is_counted_at_its_peer(struct kt_actor *me)
{
	(void)me; /* nothing to remember */
	return echo(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6, "::1");
}

static void check_a_raw_icmpv6_echo_is_counted_at_its_peer(struct kt *kt, const struct kt_actor *me)
{
	const struct wanted peer = { me->pid, PST_ICMP, 0, &v6_loopback };

	check_seen(kt, me, &peer, IPPROTO_ICMPV6);
	check_traffic(kt, &peer, (struct amount){ 1, ECHO_SIZE, 2 * ECHO_SIZE });
}

/* Ping sockets are for the groups in a range of the network namespace: in one of our own for all.
 */
static int may_ping(void)
{
	struct ifreq link = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	FILE *range;
	int fd, r;

	if (unshare(CLONE_NEWNET) < 0)
		return KT_MISSING;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	r = ioctl(fd, SIOCSIFFLAGS, &link);
	range = fopen("/proc/sys/net/ipv4/ping_group_range", "we");
	if (r < 0 || !range)
		return KT_MISSING;
	r = fprintf(range, "0 0");
	return fclose(range) == 0 && r == 3 ? 0 : KT_MISSING;
}

static int act_a_ping_socket_is_counted_at_its_peer(struct kt_actor *me)
{
	int r = may_ping();

	(void)me; /* nothing to remember */
	return r ? r : echo(AF_INET, SOCK_DGRAM, IPPROTO_ICMP, "127.0.0.1");
}

static void check_a_ping_socket_is_counted_at_its_peer(struct kt *kt, const struct kt_actor *me)
{
	const struct wanted peer = { me->pid, PST_ICMP, 0, &v4_loopback };

	check_seen(kt, me, &peer, IPPROTO_ICMP);
	check_traffic(kt, &peer, (struct amount){ 1, ECHO_SIZE, ECHO_SIZE });
}

static int act_a_ping_socket_over_ipv6_is_counted_at_its_peer(struct kt_actor *me)
{
	int r = may_ping();

	(void)me; /* nothing to remember */
	return r ? r : echo(AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6, "::1");
}

static void check_a_ping_socket_over_ipv6_is_counted_at_its_peer(struct kt *kt,
								 const struct kt_actor *me)
{
	const struct wanted peer = { me->pid, PST_ICMP, 0, &v6_loopback };

	check_seen(kt, me, &peer, IPPROTO_ICMPV6);
	check_traffic(kt, &peer, (struct amount){ 1, ECHO_SIZE, ECHO_SIZE });
}

static int act_raw_ip_is_counted_by_its_protocol(struct kt_actor *me)
{
	uint8_t data[100] = { 0 }, heard[200];
	int fd = socket(AF_INET, SOCK_RAW, TEST_PROTOCOL);

	(void)me; /* nothing to remember */
	for (int i = 0; i < 3; i++)
		if (send_to(fd, "127.0.0.2", 0, data, sizeof(data)) != (ssize_t)sizeof(data) ||
		    recv(fd, heard, sizeof(heard), 0) != (ssize_t)sizeof(data) + 20)
			return 1;
	return 0;
}

/* Its own packets come back from its own address, to whom it never wrote: no peer. */
static void check_raw_ip_is_counted_by_its_protocol(struct kt *kt, const struct kt_actor *me)
{
	const struct wanted peer = { me->pid, PST_RAW, TEST_PROTOCOL, &v4_second };
	const struct wanted heard = { me->pid, PST_RAW, TEST_PROTOCOL, &nobody };

	check_seen(kt, me, &peer, TEST_PROTOCOL);
	check_traffic(kt, &peer, (struct amount){ 3, 300, 0 });
	KT_EQUAL(kt, counters(kt, &heard).bytes_in, 300);
	KT_EQUAL(kt, kt_channels_of(kt, me->pid), 2);
}

static int act_a_header_of_its_own_names_the_protocol(struct kt_actor *me)
{
	struct {
		struct iphdr ip;
		uint8_t data[32];
	} packet = { .ip = { .ihl = 5, .version = 4, .ttl = 64, .protocol = TEST_PROTOCOL } };
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);

	(void)me; /* nothing to remember */
	packet.ip.daddr = htonl(INADDR_LOOPBACK);
	packet.ip.tot_len = htons(sizeof(packet));
	return send_to(fd, "127.0.0.1", 0, &packet, sizeof(packet)) != (ssize_t)sizeof(packet);
}

static void check_a_header_of_its_own_names_the_protocol(struct kt *kt, const struct kt_actor *me)
{
	const struct wanted peer = { me->pid, PST_RAW, TEST_PROTOCOL, &v4_loopback };

	KT_TRUE(kt, kt_channel(kt, me->pid, PST_RAW, IPPROTO_RAW));
	check_seen(kt, me, &peer, IPPROTO_RAW);
	check_traffic(kt, &peer, (struct amount){ 1, 32, 0 });
}

static int act_udplite_is_counted_at_its_peer(struct kt_actor *me)
{
	struct sockaddr_in6 own;
	socklen_t len = kt_address("127.0.0.1", 0, (struct sockaddr *)&own);
	int server = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE);
	int fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE);

	if (server < 0 || fd < 0)
		return KT_MISSING;
	if (bind(server, (struct sockaddr *)&own, len) < 0 ||
	    getsockname(server, (struct sockaddr *)&own, &len) < 0)
		return 1;
	me->port = ntohs(own.sin6_port);
	return send_to(fd, "127.0.0.1", me->port, "data", 4) != 4 ||
	       send_to(fd, "127.0.0.1", me->port, "more data", 9) != 9;
}

static void check_udplite_is_counted_at_its_peer(struct kt *kt, const struct kt_actor *me)
{
	const struct wanted peer = { me->pid, PST_UDPLITE, me->port, &v4_loopback };
	const struct wanted client = { me->pid, PST_UDP_ACCEPT, me->port, &v4_loopback };

	check_seen(kt, me, &peer, IPPROTO_UDPLITE);
	check_traffic(kt, &peer, (struct amount){ 2, 13, 0 });
	check_traffic(kt, &client, (struct amount){ 0, 0, 13 });
}

/* Streams that are no TCP. */
static int stream(int type, int protocol, struct kt_actor *me)
{
	struct sockaddr_in6 own;
	socklen_t len = kt_address("127.0.0.1", 0, (struct sockaddr *)&own);
	int listener = socket(AF_INET, type, protocol), fd = socket(AF_INET, type, protocol);
	int other;

	if (listener < 0 || fd < 0)
		return KT_MISSING;
	if (bind(listener, (struct sockaddr *)&own, len) < 0 || listen(listener, 1) < 0 ||
	    getsockname(listener, (struct sockaddr *)&own, &len) < 0)
		return 1;
	me->port = ntohs(own.sin6_port);
	if (connect(fd, (struct sockaddr *)&own, len) < 0)
		return 1;
	other = accept(listener, NULL, NULL);
	return other < 0 || send(fd, "data", 4, 0) != 4;
}

static void check_stream(struct kt *kt, const struct kt_actor *me, enum pst_kind kind,
			 enum pst_kind listen)
{
	const struct wanted peer = { me->pid, kind, me->port, &v4_loopback };
	const struct pst_event *event = kt_channel(kt, me->pid, listen, me->port);

	KT_NEED(kt, event);
	kt_task(kt, event, me);
	KT_TRUE(kt, memcmp(&event->channel.local, &v4_loopback, sizeof(v4_loopback)) == 0);
	event = kt_find(kt, is_peer_seen, &peer);
	KT_NEED(kt, event);
	if (kt_has_lengths(kt))
		KT_EQUAL(kt, counters(kt, &peer).bytes_out, 4);
	else /* headers are in it */
		KT_TRUE(kt, counters(kt, &peer).bytes_out > 4);
}

static int act_sctp_is_seen_on_both_sides(struct kt_actor *me)
{
	return stream(SOCK_STREAM, IPPROTO_SCTP, me);
}

static void check_sctp_is_seen_on_both_sides(struct kt *kt, const struct kt_actor *me)
{
	check_stream(kt, me, PST_SCTP, PST_SCTP_LISTEN);
}

static int act_dccp_is_seen_on_both_sides(struct kt_actor *me)
{
	return stream(SOCK_DCCP, IPPROTO_DCCP, me);
}

static void check_dccp_is_seen_on_both_sides(struct kt *kt, const struct kt_actor *me)
{
	check_stream(kt, me, PST_DCCP, PST_DCCP_LISTEN);
}

const struct kt_case kt_inet_cases[] = {
	CASE(a_raw_socket_is_seen_when_it_is_made),
	CASE(a_raw_icmp_echo_is_counted_at_its_peer),
	CASE(a_raw_icmpv6_echo_is_counted_at_its_peer),
	CASE(a_ping_socket_is_counted_at_its_peer),
	CASE(a_ping_socket_over_ipv6_is_counted_at_its_peer),
	CASE(raw_ip_is_counted_by_its_protocol),
	CASE(a_header_of_its_own_names_the_protocol),
	CASE(udplite_is_counted_at_its_peer),
	CASE(sctp_is_seen_on_both_sides),
	CASE(dccp_is_seen_on_both_sides),
	{ NULL, NULL, NULL, NULL, NULL },
};
