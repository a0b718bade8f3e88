// SPDX-License-Identifier: Apache-2.0
/* What was there before the sensor: processes with their programs, sockets with their owners. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kt.h"

/* A child that holds a listener and both ends of a connection until the check ends it. */
static int act_what_was_open_before_is_found_with_its_owner(struct kt_actor *me)
{
	pid_t child = fork();

	if (child == 0) {
		int listener = kt_listen("127.0.0.1", &me->port),
		    fd = kt_connect("127.0.0.1", me->port);
		int other = accept(listener, NULL, NULL);

		me->number = fd >= 0 && other >= 0 ? 1 : 2;
		(void)alarm(20);
		(void)pause();
		_exit(0);
	}
	me->child = (uint32_t)child;
	for (int i = 0; i < 3000 && !*(volatile uint64_t *)&me->number; i++)
		(void)usleep(1000);
	return me->number == 1 ? 0 : 1;
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

	KT_EQUAL(kt, kt_reopen(kt), 0);
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
	KT_TRUE(kt, kill_child(me->child));
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
	KT_EQUAL(kt, kt_reopen(kt), 0);
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
	KT_EQUAL(kt, kt_reopen(kt), 0);
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
	CASE(what_was_open_before_is_found_with_its_owner),
	CASE(the_sensor_itself_leaves_no_trace),
	CASE(a_stream_opens_with_host_hooks_and_resolvers),
	{ NULL, NULL, NULL, NULL, NULL },
};
