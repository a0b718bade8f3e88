// SPDX-License-Identifier: Apache-2.0
/* Events for the tests of attrib, profile and detect, as the decoder would make them. */
#ifndef PST_TESTS_BUILD_H
#define PST_TESTS_BUILD_H

#include <netinet/in.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <cmocka.h>

#include "decode/event.h"

#define SECOND 1000000000ull

static inline struct pst_addr build_addr(const char *text)
{
	struct pst_addr addr = { .b = { 0 } };

	assert_int_equal(pst_addr_parse(text, &addr), 0);
	return addr;
}

/* A process that started at @start_ns and runs the image that itself executed then. */
static inline struct pst_event build_event(enum pst_event_type type, uint32_t tgid,
					   uint64_t start_ns)
{
	struct pst_event event;

	memset(&event, 0, sizeof(event));
	event.type = type;
	event.seq = 1;
	event.time_ns = start_ns;
	event.task.tid = tgid;
	event.task.proc = (struct pst_proc_id){ .start_ns = start_ns, .tgid = tgid };
	event.task.root = event.task.proc;
	event.task.parent = (struct pst_proc_id){ .start_ns = 1, .tgid = 1 };
	event.task.image = (struct pst_image_id){ .exec_ns = start_ns, .tgid = tgid };
	event.task.mntns = 1;
	strcpy(event.task.comm, "comm");
	return event;
}

/* The process of @parent forks: the child runs its parent's image. */
static inline struct pst_event build_fork(const struct pst_event *parent, uint32_t tgid,
					  uint64_t time_ns)
{
	struct pst_event event = build_event(PST_EVENT_FORK, tgid, time_ns);

	event.task.parent = parent->task.proc;
	event.task.root = parent->task.root;
	event.task.image = parent->task.image;
	return event;
}

/* The process of @caller executes @path: its image is replaced. */
static inline struct pst_event build_exec(const struct pst_event *caller, uint64_t time_ns,
					  const char *path)
{
	struct pst_event event = *caller;

	memset(&event.exec, 0, sizeof(event.exec));
	event.type = PST_EVENT_EXEC;
	event.time_ns = time_ns;
	event.exec.prev = caller->task.image;
	event.task.image = (struct pst_image_id){ .exec_ns = time_ns,
						  .tgid = caller->task.proc.tgid };
	event.exec.path = path;
	event.exec.cgroup = "/system.slice/acme.service";
	event.exec.inode = 7;
	event.exec.login_uid = 0xffffffffu;
	event.exec.session_id = 0xffffffffu;
	return event;
}

/* A process that was there before us, running @path. */
static inline struct pst_event build_before(uint32_t tgid, uint64_t start_ns, const char *path)
{
	struct pst_event event = build_event(PST_EVENT_EXEC, tgid, start_ns);

	event = build_exec(&event, start_ns, path);
	memset(&event.exec.prev, 0, sizeof(event.exec.prev));
	event.preexisting = true;
	event.seq = 0;
	return event;
}

static inline struct pst_event build_as(const struct pst_event *task, enum pst_event_type type,
					uint64_t time_ns)
{
	struct pst_event event = build_event(type, 1, 1);

	event.task = task->task;
	event.time_ns = time_ns;
	return event;
}

struct build_end {
	const char *peer;
	uint16_t port;
};

/* First sight of a channel; for inbound kinds the port is the local one, for a listener the peer is
 * where it listens. */
#define build_channel(task, time_ns, kind, peer, port) \
	build_channel_to(task, time_ns, kind, (struct build_end){ (peer), (uint16_t)(port) })

static inline struct pst_event build_channel_to(const struct pst_event *task, uint64_t time_ns,
						enum pst_kind kind, struct build_end end)
{
	struct pst_event event = build_as(task, PST_EVENT_CHANNEL, time_ns);
	struct pst_channel_seen *seen = &event.channel;
	bool inbound = pst_kind_is_inbound(kind),
	     is_udp = kind == PST_UDP_PEER || kind == PST_UDP_LISTEN || kind == PST_UDP_ACCEPT;

	seen->kind = kind;
	*(pst_kind_is_listener(kind) ? &seen->local : &seen->peer) = build_addr(end.peer);
	*(inbound ? &seen->local_port : &seen->peer_port) = end.port;
	seen->cookie = 99;
	seen->family = AF_INET;
	seen->sock_type = is_udp ? SOCK_DGRAM : SOCK_STREAM;
	seen->protocol = is_udp ? IPPROTO_UDP : IPPROTO_TCP;
	return event;
}

/* The result of the channel that @first was the first sight of. */
static inline struct pst_event build_result(const struct pst_event *first, uint64_t time_ns,
					    enum pst_result result)
{
	struct pst_event event = build_as(first, PST_EVENT_RESULT, time_ns);

	event.no_task = true;
	event.result = (struct pst_result_seen){
		.cookie = first->channel.cookie,
		.peer = first->channel.peer,
		.local = first->channel.local,
		.kind = first->channel.kind,
		.peer_port = first->channel.peer_port,
		.local_port = first->channel.local_port,
		.result = result,
	};
	return event;
}

/* A sample of the same channel, with nothing counted yet. */
static inline struct pst_event build_sample(const struct pst_event *first, uint64_t time_ns)
{
	struct pst_event event = build_as(first, PST_EVENT_SAMPLE, time_ns);
	const struct pst_channel_seen *seen = &first->channel;
	bool inbound = pst_kind_is_inbound(seen->kind);

	event.seq = 0;
	event.no_task = true;
	event.sample = (struct pst_sample){
		.peer = pst_kind_is_listener(seen->kind) ? seen->local : seen->peer,
		.kind = seen->kind,
		.port = inbound ? seen->local_port : seen->peer_port,
		.family = seen->family,
		.sock_type = seen->sock_type,
		.protocol = seen->protocol,
		.cookie = seen->cookie,
		.first_ns = first->time_ns,
		.last_ns = time_ns,
	};
	return event;
}

#endif
