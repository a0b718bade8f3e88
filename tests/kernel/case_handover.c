// SPDX-License-Identifier: Apache-2.0
/* Sockets that change hands: bytes belong to who moves them, and the record names who opened it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kt.h"

static char block[5000];

static int read_all(int fd, size_t len)
{
	ssize_t got;

	for (; len; len -= (size_t)got) {
		got = read(fd, block, len < sizeof(block) ? len : sizeof(block));
		if (got <= 0)
			return 1;
	}
	return 0;
}

static int end_of(pid_t child)
{
	int status;

	return waitpid(child, &status, 0) == child && status == 0 ? 0 : 1;
}

/* connected - a TCP connection of the actor to itself; @peer is the accepted end */
static int connected(struct kt_actor *me, int *peer)
{
	int listener = kt_listen("127.0.0.1", &me->port), fd = kt_connect("127.0.0.1", me->port);

	*peer = listener < 0 ? -1 : accept(listener, NULL, NULL);
	return *peer < 0 ? -1 : fd;
}

/* One process's part of a connection. */
struct part {
	uint32_t tgid;
	uint64_t out, in;
	uint64_t taken, given;
};

/* check_part - exact, whatever the kernel held back when the socket changed hands */
static void check_part(struct kt *kt, const struct kt_actor *me, const struct part *part)
{
	const struct pst_event *event = kt_sample(kt, part->tgid, PST_TCP_CONNECT, me->port);

	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.bytes_out, part->out);
	KT_EQUAL(kt, event->sample.count.bytes_in, part->in);
	KT_EQUAL(kt, event->sample.count.taken, part->taken);
	KT_EQUAL(kt, event->sample.count.given, part->given);
	KT_EQUAL(kt, event->sample.handed, part->taken > part->given);
}

/* check_taken - the new user's channel names the opener */
static void check_taken(struct kt *kt, const struct kt_actor *me, uint32_t tgid)
{
	const struct pst_event *event = kt_channel(kt, tgid, PST_TCP_CONNECT, me->port);

	KT_NEED(kt, event);
	KT_TRUE(kt, event->channel.handed);
	KT_EQUAL(kt, event->channel.owner.tgid, me->pid);
	KT_TRUE(kt, event->channel.owner.start_ns > 0);
	KT_EQUAL(kt, event->task.proc.tgid, tgid);
	KT_TRUE(kt, !event->no_task);
}

/* is_blind - nothing tells who sends before Linux 6.3, where no security hook does */
static bool is_blind(struct kt *kt)
{
	return kt_tier(kt) == KT_OLD;
}

static int act_a_child_that_uses_a_connection_takes_it(struct kt_actor *me)
{
	int peer, fd = connected(me, &peer);
	pid_t child;

	if (fd < 0 || write(fd, block, 1000) != 1000 || read_all(peer, 1000) ||
	    write(peer, block, 300) != 300 || read_all(fd, 300))
		return 1;
	child = fork();
	if (child == 0)
		_exit(write(fd, block, 2345) != 2345 || read_all(fd, 77));
	me->child = (uint32_t)child;
	return read_all(peer, 2345) || write(peer, block, 77) != 77 || end_of(child);
}

static void check_a_child_that_uses_a_connection_takes_it(struct kt *kt, const struct kt_actor *me)
{
	if (is_blind(kt))
		return;
	check_part(kt, me, &(struct part){ me->pid, 1000, 300, 0, 1 });
	check_part(kt, me, &(struct part){ me->child, 2345, 77, 1, 0 });
	check_taken(kt, me, me->child);
}

/* The next reader gets what the one before left, although the kernel had received it before. */
static int act_unread_bytes_are_for_the_next_reader(struct kt_actor *me)
{
	int peer, fd = connected(me, &peer);
	pid_t child;

	if (fd < 0 || write(peer, block, 500) != 500 || read_all(fd, 200))
		return 1;
	(void)usleep(700000); /* a sweep comes by */
	child = fork();
	if (child == 0)
		_exit(read_all(fd, 300));
	me->child = (uint32_t)child;
	return end_of(child);
}

static void check_unread_bytes_are_for_the_next_reader(struct kt *kt, const struct kt_actor *me)
{
	check_part(kt, me, &(struct part){ me->pid, 0, 200, 0, 1 });
	check_part(kt, me, &(struct part){ me->child, 0, 300, 1, 0 });
	check_taken(kt, me, me->child);
}

static int act_a_program_that_inherits_a_connection_takes_it(struct kt_actor *me)
{
	int peer, fd = connected(me, &peer);
	char command[64];
	pid_t child = fork();

	if (child == 0) {
		(void)snprintf(command, sizeof(command), "printf 12345678 >&%d", 9);
		if (dup2(fd, 9) < 0)
			_exit(1);
		(void)execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(1);
	}
	me->child = (uint32_t)child;
	return fd < 0 || read_all(peer, 8) || end_of(child);
}

static void check_a_program_that_inherits_a_connection_takes_it(struct kt *kt,
								const struct kt_actor *me)
{
	if (is_blind(kt))
		return;
	check_part(kt, me, &(struct part){ me->child, 8, 0, 1, 0 });
	check_taken(kt, me, me->child);
}

static int act_two_users_in_turn_are_told_once(struct kt_actor *me)
{
	int peer, fd = connected(me, &peer), turn[2], back[2];
	char byte = 0;
	pid_t child;

	if (fd < 0 || pipe(turn) < 0 || pipe(back) < 0)
		return 1;
	child = fork();
	for (int i = 0; child == 0 && i < 20; i++) {
		if (read(turn[0], &byte, 1) != 1 || write(fd, block, 10) != 10 ||
		    write(back[1], &byte, 1) != 1)
			_exit(1);
	}
	if (child == 0)
		_exit(0);
	me->child = (uint32_t)child;
	for (int i = 0; i < 20; i++) {
		if (write(fd, block, 7) != 7 || write(turn[1], &byte, 1) != 1 ||
		    read(back[0], &byte, 1) != 1)
			return 1;
	}
	return read_all(peer, 340) || end_of(child);
}

static void check_two_users_in_turn_are_told_once(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event;

	if (is_blind(kt))
		return;
	event = kt_sample(kt, me->pid, PST_TCP_CONNECT, me->port);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.bytes_out, 140);
	KT_EQUAL(kt, event->sample.count.given, 20);
	KT_TRUE(kt, !event->sample.handed);
	check_part(kt, me, &(struct part){ me->child, 200, 0, 20, 19 });
	KT_EQUAL(kt, kt_channels_of(kt, me->child), 1);
}

/* A worker accepts from a listener that its parent opened. */
static int act_an_accepted_connection_goes_to_who_reads_it(struct kt_actor *me)
{
	int listener = kt_listen("127.0.0.1", &me->port), fd;
	pid_t child = fork();

	if (child == 0) {
		fd = accept(listener, NULL, NULL);
		_exit(fd < 0 || read_all(fd, 111) || write(fd, block, 222) != 222);
	}
	me->child = (uint32_t)child;
	fd = listener < 0 ? -1 : kt_connect("127.0.0.1", me->port);
	return fd < 0 || write(fd, block, 111) != 111 || read_all(fd, 222) || end_of(child);
}

static void check_an_accepted_connection_goes_to_who_reads_it(struct kt *kt,
							      const struct kt_actor *me)
{
	const struct pst_event *event = kt_channel(kt, me->child, PST_TCP_ACCEPT, me->port);

	KT_NEED(kt, event);
	KT_EQUAL(kt, event->channel.owner.tgid, me->pid);
	event = kt_sample(kt, me->child, PST_TCP_ACCEPT, me->port);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.bytes_in, 111);
	KT_EQUAL(kt, event->sample.count.bytes_out, 222);
	KT_EQUAL(kt, event->sample.count.taken, 1);
	event = kt_sample(kt, me->pid, PST_TCP_ACCEPT, me->port);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.bytes_in, 0);
	KT_EQUAL(kt, event->sample.count.bytes_out, 0);
	KT_EQUAL(kt, event->sample.count.given, 1);
}

static int pass(int over, int fd)
{
	union {
		struct cmsghdr h;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .h = { .cmsg_len = CMSG_LEN(sizeof(int)),
			     .cmsg_level = SOL_SOCKET,
			     .cmsg_type = SCM_RIGHTS } };
	struct iovec part = { .iov_base = block, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };

	memcpy(CMSG_DATA(&control.h), &fd, sizeof(fd));
	return sendmsg(over, &message, 0) == 1 ? 0 : 1;
}

static int take(int over)
{
	union {
		struct cmsghdr h;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = { .iov_base = block, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	int fd;

	if (recvmsg(over, &message, 0) != 1 || message.msg_controllen < sizeof(control.h))
		return -1;
	memcpy(&fd, CMSG_DATA(&control.h), sizeof(fd));
	return fd;
}

/* The taker is there before the connection: it can have it only by being given it. */
static int act_a_passed_connection_is_used_by_who_got_it(struct kt_actor *me)
{
	int over[2], peer, fd;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, over) < 0)
		return 1;
	child = fork();
	if (child == 0)
		_exit(write(take(over[1]), block, 432) != 432);
	me->child = (uint32_t)child;
	fd = connected(me, &peer);
	return fd < 0 || write(fd, block, 50) != 50 || pass(over[0], fd) || read_all(peer, 482) ||
	       end_of(child);
}

static bool is_passed(const struct pst_event *event, const void *context)
{
	const struct kt_actor *me = context;

	return event->type == PST_EVENT_ACT && event->act.act == PST_PASSED &&
	       event->task.proc.tgid == me->child && event->act.other.tgid == me->pid;
}

static void check_a_passed_connection_is_used_by_who_got_it(struct kt *kt,
							    const struct kt_actor *me)
{
	const struct pst_event *event;
	uint64_t cookie;

	if (is_blind(kt))
		return;
	check_part(kt, me, &(struct part){ me->pid, 50, 0, 0, 1 });
	check_part(kt, me, &(struct part){ me->child, 432, 0, 1, 0 });
	check_taken(kt, me, me->child);
	if (kt_tier(kt) != KT_FULL)
		return;
	event = kt_channel(kt, me->child, PST_TCP_CONNECT, me->port);
	KT_NEED(kt, event);
	cookie = event->channel.cookie;
	event = kt_find(kt, is_passed, me);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->act.value, cookie);
}

static int act_a_stolen_connection_is_used_by_the_thief(struct kt_actor *me)
{
	int start[2], peer, fd;
	uint32_t victim = (uint32_t)getpid();
	pid_t child;

	if (pipe(start) < 0)
		return 1;
	child = fork();
	if (child == 0) {
		int pidfd = (int)syscall(SYS_pidfd_open, victim, 0);

		if (read(start[0], &fd, sizeof(fd)) != sizeof(fd) || pidfd < 0)
			_exit(1);
		fd = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
		if (fd < 0)
			_exit(errno == EPERM ? KT_MISSING : 1);
		_exit(write(fd, block, 64) != 64);
	}
	me->child = (uint32_t)child;
	fd = connected(me, &peer);
	return fd < 0 || write(start[1], &fd, sizeof(fd)) != sizeof(fd) || read_all(peer, 64) ||
	       end_of(child);
}

static void check_a_stolen_connection_is_used_by_the_thief(struct kt *kt, const struct kt_actor *me)
{
	if (is_blind(kt))
		return;
	check_part(kt, me, &(struct part){ me->child, 64, 0, 1, 0 });
	check_taken(kt, me, me->child);
	if (kt_tier(kt) == KT_FULL)
		KT_TRUE(kt, kt_find(kt, is_passed, me));
}

const struct kt_case kt_handover_cases[] = {
	CASE(a_child_that_uses_a_connection_takes_it),
	CASE(unread_bytes_are_for_the_next_reader),
	CASE(a_program_that_inherits_a_connection_takes_it),
	CASE(two_users_in_turn_are_told_once),
	CASE(an_accepted_connection_goes_to_who_reads_it),
	CASE(a_passed_connection_is_used_by_who_got_it),
	CASE(a_stolen_connection_is_used_by_the_thief),
	{ NULL, NULL, NULL, NULL, NULL },
};
