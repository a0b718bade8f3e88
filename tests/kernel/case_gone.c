// SPDX-License-Identifier: Apache-2.0
/* Sockets and the processes that opened them: which of the two ends first, and what if nobody sees
 * a socket's end? */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "hold.h"
#include "kt.h"

#define WAITS 6 /* of 3 s: longer than the sensor keeps what has no end */

static bool is_gone(const struct pst_event *event, const void *count)
{
	return event->type == PST_EVENT_SOCKETS && event->sockets.gone == *(const uint64_t *)count;
}

static bool is_listener_of(const struct pst_event *event, const void *tgid)
{
	return event->type == PST_EVENT_CHANNEL && event->channel.kind == PST_TCP_LISTEN &&
	       event->task.proc.tgid == *(const uint32_t *)tgid;
}

static bool never(const struct pst_event *event, const void *wanted)
{
	(void)event; /* only time is to pass */
	(void)wanted;
	return false;
}

/* forget - what the sensor knows of a socket; returns how many sensors knew something */
static int forget(int fd)
{
	int sensors = 0;

	for (uint32_t id = 0; bpf_map_get_next_id(id, &id) == 0;) { /* ends: ids only grow */
		struct bpf_map_info info = { 0 };
		uint32_t len = sizeof(info);
		int map = bpf_map_get_fd_by_id(id);

		if (map < 0)
			continue;
		if (bpf_obj_get_info_by_fd(map, &info, &len) == 0 &&
		    strcmp(info.name, "pst_sockets") == 0)
			sensors += bpf_map_delete_elem(map, &fd) == 0;
		(void)close(map);
	}
	return sensors;
}

static int act_a_socket_whose_end_nobody_saw_is_counted_as_gone(struct kt_actor *me)
{
	int listener = kt_listen("127.0.0.1", &me->port), fd[3];

	for (int i = 0; i < 3; i++) {
		fd[i] = kt_connect("127.0.0.1", me->port);
		if (fd[i] < 0 || accept(listener, NULL, NULL) < 0)
			return 1;
	}
	for (int i = 0; i < 2; i++) {
		if (!forget(fd[i]) || close(fd[i]) < 0)
			return 1;
	}
	return 0;
}

static void check_a_socket_whose_end_nobody_saw_is_counted_as_gone(struct kt *kt,
								   const struct kt_actor *me)
{
	const struct pst_event *event = NULL;
	const uint64_t two = 2;

	for (int i = 0; i < WAITS && !event; i++)
		event = kt_find(kt, is_gone, &two);
	KT_TRUE(kt, event);
	event = kt_sample(kt, me->pid, PST_TCP_CONNECT, me->port);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.attempts, 3);
	KT_EQUAL(kt, event->sample.count.closed, 1);
}

static int nothing_more(struct kt_actor *me)
{
	(void)me; /* it has the listener already */
	return 0;
}

static int act_a_listener_that_outlives_its_opener_is_kept(struct kt_actor *me)
{
	return kt_listen("127.0.0.1", &me->port) < 0 || kt_hold(me, nothing_more);
}

static void check_a_listener_that_outlives_its_opener_is_kept(struct kt *kt,
							      const struct kt_actor *me)
{
	for (int i = 0; i < WAITS / 2; i++)
		(void)kt_find(kt, never, NULL); /* only time passes */
	KT_EQUAL(kt, kt_count(kt, is_listener_of, &me->pid), 1);
	KT_EQUAL(kt, kt_count(kt, is_listener_of, &me->child), 0);
	KT_TRUE(kt, kt_release(me));
	KT_TRUE(kt, kt_result(kt, me->pid, PST_TCP_LISTEN, me->port));
}

const struct kt_case kt_gone_cases[] = {
	CASE(a_socket_whose_end_nobody_saw_is_counted_as_gone),
	CASE(a_listener_that_outlives_its_opener_is_kept),
	{ NULL, NULL, NULL, NULL, NULL },
};
