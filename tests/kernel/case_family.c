// SPDX-License-Identifier: Apache-2.0
/* Netlink sockets: which channel, to whom, how many bytes by whom. */
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "kt.h"
#include "named.h"

static char block[4096];

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
	CASE(netlink_is_told_once_for_each_protocol),
	CASE(netlink_groups_are_part_of_the_peer),
	CASE(what_is_sent_to_netlink_groups_is_not_for_the_kernel_alone),
	{ NULL, NULL, NULL, NULL, NULL },
};
