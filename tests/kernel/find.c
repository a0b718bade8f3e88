// SPDX-License-Identifier: Apache-2.0
/* Which record of the case is meant? And the sockets that actors make. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kt.h"

struct wanted {
	enum pst_event_type type;
	uint32_t tgid;
	enum pst_kind kind;
	uint16_t port;
};

static bool is_wanted(const struct pst_event *event, const void *context)
{
	const struct wanted *w = context;

	if (event->type != w->type || event->task.proc.tgid != w->tgid)
		return false;
	if (event->type == PST_EVENT_CHANNEL)
		return event->channel.kind == w->kind &&
		       (pst_kind_is_inbound(w->kind) ? event->channel.local_port :
						       event->channel.peer_port) == w->port;
	if (event->type == PST_EVENT_RESULT)
		return event->result.kind == w->kind &&
		       (pst_kind_is_inbound(w->kind) ? event->result.local_port :
						       event->result.peer_port) == w->port;
	if (event->type == PST_EVENT_SAMPLE)
		return event->sample.kind == w->kind && event->sample.port == w->port;
	return true;
}

const struct pst_event *kt_channel(struct kt *kt, uint32_t tgid, enum pst_kind kind, uint16_t port)
{
	const struct wanted w = { PST_EVENT_CHANNEL, tgid, kind, port };

	return kt_find(kt, is_wanted, &w);
}

const struct pst_event *kt_result(struct kt *kt, uint32_t tgid, enum pst_kind kind, uint16_t port)
{
	const struct wanted w = { PST_EVENT_RESULT, tgid, kind, port };

	return kt_find(kt, is_wanted, &w);
}

const struct pst_event *kt_exec(struct kt *kt, uint32_t tgid)
{
	const struct wanted w = { PST_EVENT_EXEC, tgid, PST_KINDS, 0 };

	return kt_find(kt, is_wanted, &w);
}

struct latest {
	struct wanted wanted;
	size_t skip;
};

static bool is_nth(const struct pst_event *event, const void *context)
{
	struct latest *latest =
		(struct latest *)(uintptr_t)context; /* counts down while the search goes on */

	if (!is_wanted(event, &latest->wanted))
		return false;
	return latest->skip-- == 0;
}

const struct pst_event *kt_sample(struct kt *kt, uint32_t tgid, enum pst_kind kind, uint16_t port)
{
	struct latest latest = { { PST_EVENT_SAMPLE, tgid, kind, port }, 0 };
	size_t count;

	kt_sweep(kt);
	count = kt_count(kt, is_wanted, &latest.wanted);
	if (!count)
		return NULL;
	latest.skip = count - 1;
	return kt_find(kt, is_nth, &latest);
}

static bool is_channel_of(const struct pst_event *event, const void *tgid)
{
	return event->type == PST_EVENT_CHANNEL && event->task.proc.tgid == *(const uint32_t *)tgid;
}

size_t kt_channels_of(struct kt *kt, uint32_t tgid)
{
	return kt_count(kt, is_channel_of, &tgid);
}

static bool is_lost(const struct pst_event *event, const void *context)
{
	if (event->type == PST_EVENT_LOSS)
		*(uint64_t *)(uintptr_t)context += event->loss.lost; /* sums up on the way */
	return false;
}

uint64_t kt_lost(struct kt *kt)
{
	uint64_t lost = 0;

	(void)kt_count(kt, is_lost, &lost);
	return lost;
}

void kt_task(struct kt *kt, const struct pst_event *event, const struct kt_actor *me)
{
	KT_EQUAL(kt, event->task.proc.tgid, me->pid);
	KT_TRUE(kt, event->task.proc.start_ns > 0 && event->task.proc.start_ns <= event->time_ns);
	KT_EQUAL(kt, event->task.parent.tgid, me->ppid);
	KT_TRUE(kt, event->task.parent.start_ns > 0 &&
			    event->task.parent.start_ns <= event->task.proc.start_ns);
	KT_TRUE(kt, event->task.root.tgid > 0);
	KT_TRUE(kt, event->task.image.tgid > 0);
	KT_EQUAL(kt, event->task.uid, me->uid);
	KT_EQUAL(kt, event->task.cgroup_id, me->cgroup_id);
	KT_EQUAL(kt, event->task.netns, me->netns);
	KT_EQUAL(kt, event->task.mntns, me->mntns);
	KT_EQUAL(kt, event->task.pidns, me->pidns);
	KT_TRUE(kt, event->task.comm[0] != '\0');
	KT_TRUE(kt, !event->no_owner);
}

unsigned int kt_address(const char *host, uint16_t port, struct sockaddr *out)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)out;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;

	memset(out, 0, sizeof(*v6));
	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		return sizeof(*v4);
	}
	(void)inet_pton(AF_INET6, host, &v6->sin6_addr); /* hosts stand in the tests */
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	return sizeof(*v6);
}

static int bound(const char *host, uint16_t *port, int type)
{
	struct sockaddr_in6 own;
	socklen_t len = kt_address(host, *port, (struct sockaddr *)&own);
	int on = 1, fd = socket(own.sin6_family, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)); /* bind tells */
	if (bind(fd, (struct sockaddr *)&own, len) < 0)
		return -1;
	len = sizeof(own);
	if (getsockname(fd, (struct sockaddr *)&own, &len) < 0)
		return -1;
	*port = ntohs(own.sin6_port); /* at the same place in both families */
	return fd;
}

int kt_listen(const char *host, uint16_t *port)
{
	int fd = bound(host, port, SOCK_STREAM);

	return fd >= 0 && listen(fd, 16) == 0 ? fd : -1;
}

int kt_udp(const char *host, uint16_t *port)
{
	return bound(host, port, SOCK_DGRAM);
}

int kt_connect(const char *host, uint16_t port)
{
	struct sockaddr_in6 peer;
	socklen_t len = kt_address(host, port, (struct sockaddr *)&peer);
	int fd = socket(peer.sin6_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&peer, len) < 0) {
		int error = errno;

		(void)close(fd); /* never connected */
		errno = error;
		return -1;
	}
	return fd;
}

bool kill_child(uint32_t pid)
{
	return pid > 1 && kill((pid_t)pid, SIGKILL) == 0;
}
