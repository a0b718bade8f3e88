// SPDX-License-Identifier: Apache-2.0
/* Who put whom into which cgroup? By writing its id there, or by a child that is born there. */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hold.h"
#include "kt.h"

#define FOLDER "moved.service"

struct wanted {
	uint32_t mover, moved;
	uint64_t cgroup_id; /* 0: any */
};

static bool is_move(const struct pst_event *event, const void *context)
{
	const struct wanted *w = context;

	return event->type == PST_EVENT_ACT && event->act.act == PST_MOVED &&
	       event->task.proc.tgid == w->mover && event->act.other.tgid == w->moved &&
	       (!w->cgroup_id || event->act.value == w->cgroup_id);
}

static int open_folder(struct kt_actor *me)
{
	struct stat info;
	int fd;

	(void)snprintf(me->text, sizeof(me->text), "%.400s/%s", me->cgroup, FOLDER);
	if (mkdir(me->text, 0755) < 0 && errno != EEXIST)
		return -1;
	fd = open(me->text, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	me->number = fd < 0 || fstat(fd, &info) < 0 ? 0 : info.st_ino;
	return fd;
}

static int put_into(int folder, uint32_t tgid)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", tgid);
	int fd = openat(folder, "cgroup.procs", O_WRONLY | O_CLOEXEC);

	return fd < 0 || write(fd, text, (size_t)len) != len;
}

/* check_move - told once, and the folder is empty again */
static void check_move(struct kt *kt, const struct kt_actor *me, uint32_t moved)
{
	const struct wanted w = { me->pid, moved, me->number };
	const struct pst_event *event = kt_find(kt, is_move, &w);

	KT_NEED(kt, event);
	kt_task(kt, event, me);
	KT_TRUE(kt, event->act.other.start_ns != 0);
	KT_TRUE(kt, strcmp(event->act.name, FOLDER) == 0);
	KT_TRUE(kt, (event->act.other.start_ns == event->task.proc.start_ns) == (moved == me->pid));
	KT_EQUAL(kt, kt_count(kt, is_move, &w), 1);
}

static int act_a_process_that_moves_itself_is_told(struct kt_actor *me)
{
	int folder = open_folder(me);

	if (folder < 0 || put_into(folder, me->pid))
		return 1;
	me->cgroup_id = me->number;
	return 0;
}

static void check_a_process_that_moves_itself_is_told(struct kt *kt, const struct kt_actor *me)
{
	check_move(kt, me, me->pid);
	KT_EQUAL(kt, rmdir(me->text), 0);
}

static int wait_for_end(struct kt_actor *me)
{
	(void)me; /* it only has to live */
	return 0;
}

static int act_a_process_that_moves_another_is_told(struct kt_actor *me)
{
	int folder = open_folder(me);

	return folder < 0 || kt_hold(me, wait_for_end) || put_into(folder, me->child);
}

static void check_a_process_that_moves_another_is_told(struct kt *kt, const struct kt_actor *me)
{
	check_move(kt, me, me->child);
	KT_TRUE(kt, kt_release(me));
	KT_EQUAL(kt, rmdir(me->text), 0);
}

static int act_a_child_that_is_born_elsewhere_is_told(struct kt_actor *me)
{
	int folder = open_folder(me), status = 1;
	struct clone_args args;
	long child;

	memset(&args, 0, sizeof(args));
	args.flags = CLONE_INTO_CGROUP;
	args.exit_signal = SIGCHLD;
	args.cgroup = (unsigned int)folder; /* checked below */
	if (folder < 0)
		return 1;
	child = syscall(SYS_clone3, &args, sizeof(args));
	if (child < 0) {
		(void)rmdir(me->text); /* nobody was put there */
		return errno == ENOSYS || errno == E2BIG ? KT_MISSING : 1;
	}
	if (child == 0)
		_exit(0);
	me->child = (uint32_t)child;
	return waitpid((pid_t)child, &status, 0) != child || status;
}

static void check_a_child_that_is_born_elsewhere_is_told(struct kt *kt, const struct kt_actor *me)
{
	check_move(kt, me, me->child);
	KT_EQUAL(kt, rmdir(me->text), 0);
}

static int act_a_child_that_stays_with_its_parent_was_not_moved(struct kt_actor *me)
{
	return kt_hold(me, wait_for_end);
}

static bool is_fork(const struct pst_event *event, const void *tgid)
{
	return event->type == PST_EVENT_FORK && event->task.proc.tgid == *(const uint32_t *)tgid;
}

static void check_a_child_that_stays_with_its_parent_was_not_moved(struct kt *kt,
								   const struct kt_actor *me)
{
	const struct wanted w = { me->pid, me->child, 0 };

	KT_NEED(kt, kt_find(kt, is_fork, &me->child));
	KT_EQUAL(kt, kt_count(kt, is_move, &w), 0);
	KT_TRUE(kt, kt_release(me));
}

const struct kt_case kt_moves_cases[] = {
	CASE(a_process_that_moves_itself_is_told),
	CASE(a_process_that_moves_another_is_told),
	CASE(a_child_that_is_born_elsewhere_is_told),
	CASE(a_child_that_stays_with_its_parent_was_not_moved),
	{ NULL, NULL, NULL, NULL, NULL },
};
