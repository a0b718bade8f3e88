// SPDX-License-Identifier: Apache-2.0
/* Unix and netlink sockets: which channel, which name, how many bytes by whom. */
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kt.h"
#include "named.h"

static char block[4096];

static size_t unix_name(const char *name, struct sockaddr_un *out)
{
	size_t len = strlen(name);

	memset(out, 0, sizeof(*out));
	out->sun_family = AF_UNIX;
	memcpy(out->sun_path, name, len);
	if (name[0] != '@')
		return offsetof(struct sockaddr_un, sun_path) + len + 1;
	out->sun_path[0] = '\0';
	return offsetof(struct sockaddr_un, sun_path) + len;
}

static int unix_bound(struct kt_actor *me, const char *prefix, int type)
{
	struct sockaddr_un own;
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	(void)snprintf(me->text, 100, "%s%u", prefix, me->pid);
	return fd >= 0 && bind(fd, (struct sockaddr *)&own, (socklen_t)unix_name(me->text, &own)) ==
				       0 ?
		       fd :
		       -1;
}

static int unix_connected(const struct kt_actor *me, int type)
{
	struct sockaddr_un peer;
	socklen_t len = (socklen_t)unix_name(me->text, &peer);
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	return fd >= 0 && connect(fd, (struct sockaddr *)&peer, len) == 0 ? fd : -1;
}

static int end_of(pid_t child)
{
	int status;

	return waitpid(child, &status, 0) == child && status == 0 ? 0 : 1;
}

/* A child serves: it takes three times 700 bytes and gives 500. */
static int exchange(struct kt_actor *me, const char *prefix, int type)
{
	int listener = unix_bound(me, prefix, type), fd;
	pid_t child;

	if (listener < 0 || listen(listener, 1) < 0)
		return 1;
	child = fork();
	if (child == 0) {
		fd = accept(listener, NULL, NULL);
		_exit(fd < 0 || kt_read_all(fd, 2100) || write(fd, block, 500) != 500);
	}
	me->child = (uint32_t)child;
	fd = unix_connected(me, type);
	for (int i = 0; i < 3; i++) {
		if (fd < 0 || send(fd, block, 700, 0) != 700)
			return 1;
	}
	if (recv(fd, block, sizeof(block), MSG_PEEK) != 500 || kt_read_all(fd, 500))
		return 1;
	if (me->text[0] == '/')
		(void)unlink(me->text); /* the cgroup's end is not held up by a file */
	return end_of(child);
}

static struct named unix_of(const struct kt_actor *me, uint32_t tgid)
{
	static char name[108];
	struct named wanted = { PST_EVENT_CHANNEL, tgid, PST_UNIX, name, strlen(me->text) };

	memcpy(name, me->text, sizeof(name));
	if (name[0] == '@')
		name[0] = '\0';
	return wanted;
}

static void check_exchange(struct kt *kt, const struct kt_actor *me, int type)
{
	struct named client = unix_of(me, me->pid), server = unix_of(me, me->child);
	const struct pst_event *event;

	if (kt_tier(kt) == KT_OLD) /* blind, and said to be */
		return;
	kt_check_side(kt, &client, 2100, 500);
	kt_check_side(kt, &server, 500, 2100);
	event = kt_find(kt, kt_is_named, &client);
	KT_NEED(kt, event);
	kt_task(kt, event, me);
	KT_EQUAL(kt, event->channel.family, AF_UNIX);
	KT_EQUAL(kt, event->channel.sock_type, type);
	if (kt_tier(kt) == KT_TRACEPOINT) /* it is connected before it is seen */
		KT_EQUAL(kt, event->channel.peer_tgid, me->pid);
	event = kt_find(kt, kt_is_named, &server);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->channel.peer_tgid, me->pid);
}

static int act_a_unix_stream_is_a_channel_of_both_ends(struct kt_actor *me)
{
	return exchange(me, "/tmp/postern-kt-", SOCK_STREAM);
}

static void check_a_unix_stream_is_a_channel_of_both_ends(struct kt *kt, const struct kt_actor *me)
{
	check_exchange(kt, me, SOCK_STREAM);
}

static int act_an_abstract_name_keeps_its_bytes(struct kt_actor *me)
{
	return exchange(me, "@postern-kt-", SOCK_STREAM);
}

static void check_an_abstract_name_keeps_its_bytes(struct kt *kt, const struct kt_actor *me)
{
	check_exchange(kt, me, SOCK_STREAM);
}

static int act_unix_packets_are_counted(struct kt_actor *me)
{
	return exchange(me, "@postern-kt-packets-", SOCK_SEQPACKET);
}

static void check_unix_packets_are_counted(struct kt *kt, const struct kt_actor *me)
{
	struct named wanted = unix_of(me, me->pid);
	const struct pst_event *event;

	check_exchange(kt, me, SOCK_SEQPACKET);
	wanted.type = PST_EVENT_SAMPLE;
	event = kt_tier(kt) == KT_OLD ? NULL : kt_last(kt, kt_is_named, &wanted);
	if (event)
		KT_EQUAL(kt, event->sample.count.packets_out, 3);
}

static int act_a_unix_listener_is_told_with_its_name(struct kt_actor *me)
{
	int fd = unix_bound(me, "@postern-kt-listener-", SOCK_STREAM);

	return fd < 0 || listen(fd, 1) < 0;
}

static void check_a_unix_listener_is_told_with_its_name(struct kt *kt, const struct kt_actor *me)
{
	struct named wanted = unix_of(me, me->pid);

	wanted.kind = PST_UNIX_LISTEN;
	KT_EQUAL(kt, kt_count(kt, kt_is_named, &wanted), kt_tier(kt) == KT_FULL ? 1 : 0);
}

/* Each message names its receiver; who that is only a security hook sees before it is gone. */
static int act_a_unix_datagram_leads_to_its_receiver(struct kt_actor *me)
{
	int server = unix_bound(me, "@postern-kt-datagram-", SOCK_DGRAM);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un peer;
	socklen_t len = (socklen_t)unix_name(me->text, &peer);
	pid_t child = fork();

	if (child == 0)
		_exit(sendto(fd, block, 321, 0, (struct sockaddr *)&peer, len) != 321 ||
		      sendto(fd, block, 321, 0, (struct sockaddr *)&peer, len) != 321);
	me->child = (uint32_t)child;
	return server < 0 || fd < 0 || kt_read_all(server, 642) || end_of(child);
}

static void check_a_unix_datagram_leads_to_its_receiver(struct kt *kt, const struct kt_actor *me)
{
	struct named sender = unix_of(me, me->child), receiver = unix_of(me, me->pid);

	if (kt_tier(kt) == KT_OLD)
		return;
	if (kt_tier(kt) == KT_TRACEPOINT) {
		sender.len = 0;
		kt_check_side(kt, &receiver, 0, 642);
	}
	kt_check_side(kt, &sender, 642, 0);
}

static int act_socket_pairs_are_one_channel_without_a_name(struct kt_actor *me)
{
	int pair[2];

	(void)me; /* nothing to remember */
	for (int i = 0; i < 5; i++) {
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0 ||
		    write(pair[0], block, 100) != 100 || kt_read_all(pair[1], 100))
			return 1;
	}
	return 0;
}

static void check_socket_pairs_are_one_channel_without_a_name(struct kt *kt,
							      const struct kt_actor *me)
{
	struct named wanted = { PST_EVENT_CHANNEL, me->pid, PST_UNIX, NULL, 0 };

	if (kt_tier(kt) != KT_OLD)
		kt_check_side(kt, &wanted, 500, 500);
	KT_EQUAL(kt, kt_channels_of(kt, me->pid), kt_tier(kt) == KT_OLD ? 0 : 1);
}

/* Asks for all links, twice; the answers' bytes are remembered. */
static int act_netlink_is_told_once_for_each_protocol(struct kt_actor *me)
{
	struct {
		struct nlmsghdr h;
		struct rtgenmsg m;
	} ask = { { sizeof(ask), RTM_GETLINK, NLM_F_REQUEST, 1, 0 }, { AF_UNSPEC } };
	static char answer[65536];

	ask.h.nlmsg_flags |= NLM_F_DUMP;
	for (int i = 0; i < 2; i++) {
		int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
		ssize_t got = sizeof(ask) == send(fd, &ask, sizeof(ask), 0) ?
				      recv(fd, answer, sizeof(answer), 0) :
				      -1;

		if (got <= 0)
			return 1;
		me->number += (uint64_t)got;
		me->port += sizeof(ask);
	}
	return 0;
}

static void check_netlink_is_told_once_for_each_protocol(struct kt *kt, const struct kt_actor *me)
{
	struct named wanted = { PST_EVENT_CHANNEL, me->pid, PST_NETLINK, NULL, 0 };

	if (kt_tier(kt) == KT_OLD)
		return;
	kt_check_side(kt, &wanted, me->port, me->number);
	KT_EQUAL(kt, kt_channels_of(kt, me->pid), 1);
}

static int act_netlink_groups_are_part_of_the_peer(struct kt_actor *me)
{
	struct sockaddr_nl own = { .nl_family = AF_NETLINK, .nl_groups = 5 };
	struct sockaddr_nl peer = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_USERSOCK);
	int other = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_USERSOCK);
	socklen_t len = sizeof(own);

	if (fd < 0 || other < 0)
		return KT_MISSING;
	if (bind(fd, (struct sockaddr *)&own, len) < 0 ||
	    getsockname(fd, (struct sockaddr *)&own, &len) < 0)
		return 1;
	peer.nl_pid = own.nl_pid;
	me->number = own.nl_pid;
	return sendto(other, block, 64, 0, (struct sockaddr *)&peer, sizeof(peer)) != 64 ||
	       kt_read_all(fd, 64);
}

static bool is_netlink(const struct pst_event *event, const void *context)
{
	const struct kt_actor *me = context;
	const uint8_t groups[4] = { 0, 0, 0, 5 };

	return event->type == PST_EVENT_CHANNEL && event->task.proc.tgid == me->pid &&
	       event->channel.kind == PST_NETLINK && event->channel.peer_port == NETLINK_USERSOCK &&
	       memcmp(event->channel.peer.b, groups, sizeof(groups)) == 0;
}

static void check_netlink_groups_are_part_of_the_peer(struct kt *kt, const struct kt_actor *me)
{
	KT_EQUAL(kt, kt_count(kt, is_netlink, me), kt_tier(kt) == KT_OLD ? 0 : 1);
	if (kt_tier(kt) != KT_OLD)
		KT_EQUAL(kt, kt_channels_of(kt, me->pid), 2); /* the sender's is another one */
}

static int act_what_is_sent_to_netlink_groups_is_not_for_the_kernel_alone(struct kt_actor *me)
{
	struct sockaddr_nl own = { .nl_family = AF_NETLINK, .nl_pid = me->pid, .nl_groups = 1 };
	struct sockaddr_nl groups = { .nl_family = AF_NETLINK, .nl_groups = 4 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_USERSOCK);

	if (fd < 0 || bind(fd, (struct sockaddr *)&own, sizeof(own)) < 0)
		return KT_MISSING;
	(void)sendto(fd, block, 64, 0, (struct sockaddr *)&groups, sizeof(groups)); /* or nobody */
	return 0;
}

static bool is_to(const struct pst_event *event, const uint8_t *peer)
{
	return event->type == PST_EVENT_CHANNEL && event->channel.kind == PST_NETLINK &&
	       memcmp(event->channel.peer.b, peer, 8) == 0;
}

static bool is_heard(const struct pst_event *event, const void *pid)
{
	static const uint8_t kernel[8] = { 0, 0, 0, 1 }; /* an own port id is nobody's */

	return event->task.proc.tgid == *(const uint32_t *)pid && is_to(event, kernel);
}

static bool is_to_groups(const struct pst_event *event, const void *pid)
{
	static const uint8_t anybody[8] = { 0, 0, 0, 5, 255, 255, 255, 255 };

	return event->task.proc.tgid == *(const uint32_t *)pid && is_to(event, anybody);
}

static void check_what_is_sent_to_netlink_groups_is_not_for_the_kernel_alone(
	struct kt *kt, const struct kt_actor *me)
{
	if (kt_tier(kt) != KT_FULL)
		return;
	KT_EQUAL(kt, kt_count(kt, is_heard, &me->pid), 1);
	KT_EQUAL(kt, kt_count(kt, is_to_groups, &me->pid), 1);
}

const struct kt_case kt_family_cases[] = {
	CASE(a_unix_stream_is_a_channel_of_both_ends),
	CASE(an_abstract_name_keeps_its_bytes),
	CASE(unix_packets_are_counted),
	CASE(a_unix_listener_is_told_with_its_name),
	CASE(a_unix_datagram_leads_to_its_receiver),
	CASE(socket_pairs_are_one_channel_without_a_name),
	CASE(netlink_is_told_once_for_each_protocol),
	CASE(netlink_groups_are_part_of_the_peer),
	CASE(what_is_sent_to_netlink_groups_is_not_for_the_kernel_alone),
	{ NULL, NULL, NULL, NULL, NULL },
};
