// SPDX-License-Identifier: Apache-2.0
/* How does a test leave sockets open while its check looks at them? And which acts were told? */
#include "hold.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOLD_SECONDS 300 /* after which it ends by itself: no test may leave a process behind */
#define GONE_MS 2000

int kt_hold(struct kt_actor *me, int (*open)(struct kt_actor *me))
{
	int ready[2], r = 1;
	pid_t child;

	if (pipe(ready) < 0)
		return 1;
	child = fork();
	if (child == 0) {
		(void)close(ready[0]);
		r = open(me);
		if (write(ready[1], &r, sizeof(r)) != sizeof(r) || r)
			_exit(1);
		(void)close(ready[1]);
		(void)alarm(HOLD_SECONDS);
		for (;;)
			(void)pause(); /* until it is killed */
	}
	(void)close(ready[1]); /* now its end of the child ends the reading too */
	if (read(ready[0], &r, sizeof(r)) != sizeof(r))
		r = 1;
	(void)close(ready[0]);
	me->child = (uint32_t)child;
	if (r)
		(void)waitpid(child, NULL, 0); /* it has ended */
	return r;
}

bool kt_release(const struct kt_actor *me)
{
	/* readable at its end, whenever its new parent takes notice */
	struct pollfd end = { .fd = (int)syscall(SYS_pidfd_open, me->child, 0), .events = POLLIN };
	bool was_there = kill_child(me->child);

	if (end.fd < 0)
		return was_there;
	(void)poll(&end, 1, GONE_MS); /* its cgroup can be removed only without it */
	(void)close(end.fd);	      /* only read */
	return was_there;
}

struct kt_actor kt_held(const struct kt_actor *me)
{
	struct kt_actor held = *me;

	held.pid = me->child;
	held.ppid = me->pid;
	return held;
}

struct wanted {
	uint32_t tgid;
	enum pst_act act;
	uint32_t number;
};

static bool is_act(const struct pst_event *event, const void *context)
{
	const struct wanted *w = context;

	return event->type == PST_EVENT_ACT && event->task.proc.tgid == w->tgid &&
	       event->act.act == w->act &&
	       (w->act != PST_URING_NETWORK || event->act.number == w->number);
}

static bool is_act_of(const struct pst_event *event, const void *tgid)
{
	return event->type == PST_EVENT_ACT && event->act.act != PST_MOVED &&
	       event->task.proc.tgid == *(const uint32_t *)tgid;
}

const struct pst_event *kt_act(struct kt *kt, uint32_t tgid, enum pst_act act, uint32_t number)
{
	const struct wanted w = { tgid, act, number };

	return kt_find(kt, is_act, &w);
}

size_t kt_acts_of(struct kt *kt, uint32_t tgid)
{
	return kt_count(kt, is_act_of, &tgid);
}
