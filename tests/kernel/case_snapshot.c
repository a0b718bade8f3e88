// SPDX-License-Identifier: Apache-2.0
/* What was there before the sensor: processes with their programs, sockets with their owners. All
 * act before it opens; only then the first check begins. */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "hold.h"
#include "kt.h"

/* A listener and both ends of a connection. */
static int open_connection(struct kt_actor *me)
{
	int listener = kt_listen("127.0.0.1", &me->port), fd = kt_connect("127.0.0.1", me->port);

	return fd < 0 || accept(listener, NULL, NULL) < 0;
}

static int act_what_was_open_before_is_found_with_its_owner(struct kt_actor *me)
{
	return kt_hold(me, open_connection);
}

static void check_old(struct kt *kt, const struct pst_event *event, const struct kt_actor *me)
{
	KT_NEED(kt, event);
	KT_TRUE(kt, event->preexisting);
	KT_EQUAL(kt, event->task.proc.tgid, me->child);
	KT_TRUE(kt, event->task.proc.start_ns > 0 && event->task.proc.start_ns < event->time_ns);
	KT_EQUAL(kt, event->task.uid, me->uid);
	KT_EQUAL(kt, event->task.netns, me->netns);
	KT_EQUAL(kt, event->task.cgroup_id, me->cgroup_id);
	KT_TRUE(kt, event->task.image.tgid != 0);
}

static void check_what_was_open_before_is_found_with_its_owner(struct kt *kt,
							       const struct kt_actor *me)
{
	const struct pst_event *event;
	char self[512] = "";

	event = kt_exec(kt, me->child);
	check_old(kt, event, me);
	if (event && readlink("/proc/self/exe", self, sizeof(self) - 1) > 0)
		KT_TRUE(kt, strcmp(event->exec.path, self) == 0);
	event = kt_channel(kt, me->child, PST_TCP_LISTEN, me->port);
	check_old(kt, event, me);
	KT_TRUE(kt, event && event->channel.protocol == IPPROTO_TCP &&
			    event->channel.family == AF_INET);
	event = kt_channel(kt, me->child, PST_TCP_CONNECT, me->port);
	check_old(kt, event, me);
	KT_TRUE(kt, event && event->channel.peer_port == me->port);
	event = kt_channel(kt, me->child, PST_TCP_ACCEPT, me->port);
	check_old(kt, event, me);
	KT_TRUE(kt, event && event->channel.local_port == me->port);
	KT_TRUE(kt, kt_release(me));
}

#define ODD_PROTOCOL 253

static int open_unix_listener(struct kt_actor *me)
{
	struct sockaddr_un own = { .sun_family = AF_UNIX };
	socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	len += (socklen_t)snprintf(own.sun_path + 1, sizeof(own.sun_path) - 1, "postern-%d",
				   getpid()); /* abstract */
	memcpy(me->text, own.sun_path, len - offsetof(struct sockaddr_un, sun_path));
	me->number = len - offsetof(struct sockaddr_un, sun_path);
	return fd < 0 || bind(fd, (struct sockaddr *)&own, len) < 0 || listen(fd, 1) < 0;
}

/* One socket of each sort that needs no peer, below the range of ephemeral ports. */
static int open_many(struct kt_actor *me)
{
	const struct sockaddr_nl route = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	me->port = 1003;
	return kt_udp("127.0.0.1", &me->port) < 0 ||
	       socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, ODD_PROTOCOL) < 0 ||
	       socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_UDP) < 0 ||
	       socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_TCP) < 0 ||
	       socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_ARP)) < 0 || netlink < 0 ||
	       bind(netlink, (const struct sockaddr *)&route, sizeof(route)) < 0 ||
	       open_unix_listener(me);
}

static int act_sockets_of_each_family_that_were_open_before_are_found(struct kt_actor *me)
{
	return kt_hold(me, open_many);
}

static bool is_unix_listener(const struct pst_event *event, const void *tgid)
{
	return event->type == PST_EVENT_CHANNEL && event->channel.kind == PST_UNIX_LISTEN &&
	       event->task.proc.tgid == *(const uint32_t *)tgid;
}

static bool is_udp_listener(const struct pst_event *event, const void *tgid)
{
	return event->type == PST_EVENT_CHANNEL && event->channel.kind == PST_UDP_LISTEN &&
	       event->task.proc.tgid == *(const uint32_t *)tgid;
}

static void check_sockets_of_each_family_that_were_open_before_are_found(struct kt *kt,
									 const struct kt_actor *me)
{
	const struct kt_actor child = kt_held(me);
	const struct pst_event *event;

	event = kt_find(kt, is_udp_listener, &me->child);
	check_old(kt, event, &child);
	KT_TRUE(kt, event && event->channel.local_port == me->port);
	event = kt_channel(kt, me->child, PST_RAW, ODD_PROTOCOL);
	check_old(kt, event, &child);
	KT_TRUE(kt, event && event->channel.bare && event->channel.sock_type == SOCK_RAW);
	check_old(kt, kt_channel(kt, me->child, PST_RAW, IPPROTO_UDP), &child);
	check_old(kt, kt_channel(kt, me->child, PST_RAW, IPPROTO_TCP), &child);
	event = kt_channel(kt, me->child, PST_PACKET, ETH_P_ARP);
	check_old(kt, event, &child);
	KT_TRUE(kt, event && event->channel.family == AF_PACKET);
	event = kt_channel(kt, me->child, PST_NETLINK, NETLINK_ROUTE);
	check_old(kt, event, &child);
	event = kt_find(kt, is_unix_listener, &me->child);
	check_old(kt, event, &child);
	KT_TRUE(kt, event && event->channel.name.len == me->number &&
			    memcmp(event->channel.name.data, me->text, me->number) == 0);
	KT_EQUAL(kt, kt_channels_of(kt, me->child), 7);
	KT_TRUE(kt, kt_release(me));
}

static int open_elsewhere(struct kt_actor *me)
{
	struct stat own;

	if (unshare(CLONE_NEWNET) < 0 || stat("/proc/self/ns/net", &own) < 0)
		return KT_MISSING;
	me->netns = (uint32_t)own.st_ino;
	return kt_listen("0.0.0.0", &me->port) < 0; /* its loopback device is down */
}

static int act_what_is_open_in_another_network_namespace_is_found(struct kt_actor *me)
{
	return kt_hold(me, open_elsewhere);
}

static bool is_sockets(const struct pst_event *event, const void *wanted)
{
	(void)wanted; /* any */
	return event->type == PST_EVENT_SOCKETS;
}

static void check_what_is_open_in_another_network_namespace_is_found(struct kt *kt,
								     const struct kt_actor *me)
{
	const struct kt_actor child = kt_held(me);
	const struct pst_event *event;

	event = kt_channel(kt, me->child, PST_TCP_LISTEN, me->port);
	check_old(kt, event, &child);
	event = kt_find(kt, is_sockets, NULL);
	KT_NEED(kt, event);
	KT_TRUE(kt, event->sockets.seen >= 1);
	KT_TRUE(kt, event->sockets.namespaces >= 2);
	KT_EQUAL(kt, event->sockets.blind_namespaces, 0);
	KT_EQUAL(kt, event->sockets.hidden, 0);
	KT_TRUE(kt, kt_release(me));
}

static int act_the_sensor_itself_leaves_no_trace(struct kt_actor *me)
{
	(void)me; /* the sensor's own calls are what is looked at */
	return 0;
}

static bool is_new_channel_in(const struct pst_event *event, const void *cgroup)
{
	return event->type == PST_EVENT_CHANNEL && !event->preexisting &&
	       event->task.cgroup_id == *(const uint64_t *)cgroup;
}

static void check_the_sensor_itself_leaves_no_trace(struct kt *kt, const struct kt_actor *me)
{
	KT_EQUAL(kt, kt_count(kt, is_new_channel_in, &me->cgroup_id), 0);
}

static bool is_type(const struct pst_event *event, const void *type)
{
	return event->type == *(const enum pst_event_type *)type;
}

static int act_a_stream_opens_with_host_hooks_and_resolvers(struct kt_actor *me)
{
	(void)me; /* what the sensor says when it is opened */
	return 0;
}

static void check_a_stream_opens_with_host_hooks_and_resolvers(struct kt *kt,
							       const struct kt_actor *me)
{
	const enum pst_event_type host = PST_EVENT_HOST, hook = PST_EVENT_HOOK,
				  resolvers = PST_EVENT_RESOLVERS, tick = PST_EVENT_TICK;
	const struct pst_event *event;

	(void)me; /* it did nothing */
	event = kt_find(kt, is_type, &host);
	KT_NEED(kt, event);
	KT_TRUE(kt, event->host.boot_id[0] && event->host.kernel[0] && event->host.host_name[0] &&
			    event->host.agent_id[0]);
	KT_TRUE(kt, event->host.wall_offset_ns > 0 && event->host.cpus >= 1 &&
			    event->host.root_dev != 0 && event->host.init_mntns != 0);
	event = kt_find(kt, is_type, &hook);
	KT_NEED(kt, event);
	KT_TRUE(kt, event->hook.slot[0] && event->hook.program[0] && event->hook.rank >= 1);
	KT_TRUE(kt, kt_find(kt, is_type, &resolvers));
	KT_TRUE(kt, kt_find(kt, is_type, &tick));
}

const struct kt_case kt_snapshot_cases[] = {
	CASE(the_sensor_itself_leaves_no_trace), /* before the others let go */
	CASE(what_was_open_before_is_found_with_its_owner),
	CASE(sockets_of_each_family_that_were_open_before_are_found),
	CASE(what_is_open_in_another_network_namespace_is_found),
	CASE(a_stream_opens_with_host_hooks_and_resolvers),
	{ NULL, NULL, NULL, NULL, NULL },
};
