// SPDX-License-Identifier: Apache-2.0
/* Processes: what was executed, by whom, and the lineage that no trick breaks. */
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kt.h"

#define SELF "/proc/self/exe"

static int end_of(pid_t child)
{
	int status;

	return waitpid(child, &status, 0) == child && status == 0 ? 0 : 1;
}

static int act_an_exec_is_seen_with_path_arguments_and_file(struct kt_actor *me)
{
	pid_t child = fork();

	if (child == 0) {
		(void)execl(SELF, "kernel test", "--nothing", "a b", "", "\xff\n", NULL);
		_exit(1);
	}
	me->child = (uint32_t)child;
	return readlink(SELF, me->text, sizeof(me->text) - 1) < 0 || end_of(child);
}

static void check_an_exec_is_seen_with_path_arguments_and_file(struct kt *kt,
							       const struct kt_actor *me)
{
	static const char args[] = "kernel test\0--nothing\0a b\0\0\xff\n";
	const struct pst_event *event = kt_exec(kt, me->child);
	struct kt_actor child = *me;
	struct stat info;

	KT_NEED(kt, event);
	child.pid = me->child;
	child.ppid = me->pid;
	kt_task(kt, event, &child);
	KT_TRUE(kt, strcmp(event->exec.path, me->text) == 0);
	KT_EQUAL(kt, event->exec.args.len, sizeof(args));
	KT_TRUE(kt, event->exec.args.len == sizeof(args) &&
			    memcmp(event->exec.args.data, args, sizeof(args)) == 0);
	KT_EQUAL(kt, event->exec.file.len, strlen(SELF));
	KT_TRUE(kt, event->exec.file.len == strlen(SELF) &&
			    memcmp(event->exec.file.data, SELF, strlen(SELF)) == 0);
	KT_EQUAL(kt, stat(me->text, &info), 0);
	KT_EQUAL(kt, event->exec.inode, info.st_ino);
	KT_EQUAL(kt, event->exec.dev_major, major(info.st_dev));
	KT_EQUAL(kt, event->exec.dev_minor, minor(info.st_dev));
	KT_EQUAL(kt, event->exec.ctime_ns / 1000000000u, (uint64_t)info.st_ctim.tv_sec);
	KT_EQUAL(kt, event->task.image.tgid, me->child);
	KT_TRUE(kt, event->task.image.exec_ns > event->exec.prev.exec_ns);
	KT_TRUE(kt, event->exec.prev.tgid != me->child);
	KT_TRUE(kt, event->exec.root_dev != 0);
	KT_TRUE(kt, !event->exec.memfd && !event->exec.deleted && !event->exec.path_cut &&
			    !event->exec.args_cut);
	KT_EQUAL(kt, event->exec.stdio_mask, 0);
	KT_TRUE(kt, strstr(event->exec.cgroup, "/postern-kernel-test-") != NULL);
	KT_TRUE(kt, !event->preexisting);
}

static int copy_self(int to)
{
	int from = open(SELF, O_RDONLY | O_CLOEXEC);
	char block[65536];
	ssize_t got;

	if (from < 0)
		return 1;
	while ((got = read(from, block, sizeof(block))) > 0) {
		if (write(to, block, (size_t)got) != got)
			return 1;
	}
	return got < 0;
}

static int exec_copy(int fd)
{
	char *const args[] = { (char[]){ "copy" }, (char[]){ "--nothing" }, NULL };
	char *const env[] = { NULL };

	if (copy_self(fd) == 0)
		(void)fexecve(fd, args, env);
	return 1;
}

static int act_an_exec_from_memory_is_marked(struct kt_actor *me)
{
	pid_t child = fork();

	if (child == 0)
		_exit(exec_copy(memfd_create("evil", MFD_CLOEXEC)));
	me->child = (uint32_t)child;
	return end_of(child);
}

static void check_an_exec_from_memory_is_marked(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);

	KT_NEED(kt, event);
	KT_TRUE(kt, event->exec.memfd);
	KT_TRUE(kt, event->exec.deleted);
	KT_TRUE(kt, strcmp(event->exec.path, "/memfd:evil") == 0);
}

/* Written by one descriptor, executed by another: a file that is open for writing cannot run. */
static int exec_deleted(const char *path, int written)
{
	char name[32];
	int fd;

	if (copy_self(written) || fchmod(written, 0700) < 0 || close(written) < 0)
		return 1;
	fd = open(path, O_RDONLY);
	if (fd < 0 || unlink(path) < 0)
		return 1;
	(void)snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	(void)execl(name, "gone", "--nothing", NULL);
	return 1;
}

static int act_an_exec_of_a_deleted_file_is_marked(struct kt_actor *me)
{
	char path[] = "/tmp/postern-kernel-test-XXXXXX";
	int fd = mkstemp(path);
	pid_t child;

	(void)snprintf(me->text, sizeof(me->text), "%s", path);
	child = fork();
	if (child == 0)
		_exit(exec_deleted(path, fd));
	(void)close(fd); /* the child has its own */
	me->child = (uint32_t)child;
	return end_of(child);
}

static void check_an_exec_of_a_deleted_file_is_marked(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);

	KT_NEED(kt, event);
	KT_TRUE(kt, event->exec.deleted);
	KT_TRUE(kt, !event->exec.memfd);
	KT_TRUE(kt, strcmp(event->exec.path, me->text) == 0);
}

static int act_the_end_of_a_process_is_told_with_its_code(struct kt_actor *me)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(7);
	me->child = (uint32_t)child;
	return waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7 ? 0 : 1;
}

static bool is_life_of(const struct pst_event *event, const void *context)
{
	const struct pst_event *wanted = context;

	return event->type == wanted->type && event->task.proc.tgid == wanted->task.proc.tgid;
}

static void check_the_end_of_a_process_is_told_with_its_code(struct kt *kt,
							     const struct kt_actor *me)
{
	struct pst_event wanted = { .type = PST_EVENT_FORK };
	const struct pst_event *event;
	struct kt_actor child = *me;

	child.pid = me->child;
	child.ppid = me->pid;
	wanted.task.proc.tgid = me->child;
	event = kt_find(kt, is_life_of, &wanted);
	KT_NEED(kt, event);
	kt_task(kt, event, &child);
	wanted.type = PST_EVENT_EXIT;
	event = kt_find(kt, is_life_of, &wanted);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->task.proc.tgid, me->child);
	KT_EQUAL(kt, event->exit_code, 7u << 8);
}

static void *idle(void *context)
{
	return context;
}

static int act_a_thread_is_no_process(struct kt_actor *me)
{
	pthread_t thread;

	return pthread_create(&thread, NULL, idle, me) || pthread_join(thread, NULL);
}

static bool is_from(const struct pst_event *event, const void *tgid)
{
	return (event->type == PST_EVENT_FORK || event->type == PST_EVENT_EXIT) &&
	       event->task.proc.tgid == *(const uint32_t *)tgid;
}

static void check_a_thread_is_no_process(struct kt *kt, const struct kt_actor *me)
{
	KT_EQUAL(kt, kt_count(kt, is_from, &me->pid), 2); /* the actor's own fork and exit */
}

/* actor -> A (leaves) -> B in its own session (leaves) -> C, which executes and connects */
static int act_lineage_survives_double_fork_setsid_and_dead_parents(struct kt_actor *me)
{
	int listener = kt_listen("127.0.0.1", &me->port), done[2];
	char port[16], byte;
	pid_t child, second;

	(void)snprintf(port, sizeof(port), "%u", me->port);
	if (listener < 0 || pipe(done) < 0 || kt_connect("127.0.0.1", me->port) < 0)
		return 1;
	child = fork();
	if (child == 0) {
		(void)setsid(); /* a new session */
		if (fork() != 0)
			_exit(0);
		second = getpid();
		if (fork() != 0)
			_exit(0);
		me->child = (uint32_t)getpid();
		while (getppid() == second)
			(void)sched_yield(); /* until it is an orphan */
		(void)execl(SELF, "grandchild", "--connect", port, NULL);
		_exit(1);
	}
	(void)close(done[1]); /* the grandchild holds the other one until its end */
	return end_of(child) || read(done[0], &byte, 1) != 0;
}

static void check_lineage_survives_double_fork_setsid_and_dead_parents(struct kt *kt,
								       const struct kt_actor *me)
{
	const struct pst_event *event = kt_channel(kt, me->pid, PST_TCP_CONNECT, me->port);
	struct pst_image_id image, own;
	struct pst_proc_id root;

	KT_NEED(kt, event);
	image = event->task.image;
	root = event->task.root;
	event = kt_exec(kt, me->child);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->exec.prev.exec_ns, image.exec_ns);
	KT_EQUAL(kt, event->exec.prev.tgid, image.tgid);
	own = event->task.image;
	event = kt_channel(kt, me->child, PST_TCP_CONNECT, me->port);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->task.image.exec_ns, own.exec_ns);
	KT_EQUAL(kt, event->task.root.tgid, root.tgid);
	KT_EQUAL(kt, event->task.root.start_ns, root.start_ns);
}

static int act_stdio_that_is_a_socket_is_told_with_its_peer(struct kt_actor *me)
{
	int listener = kt_listen("127.0.0.1", &me->port), fd = kt_connect("127.0.0.1", me->port);
	pid_t child = fork();

	if (child == 0) {
		if (listener < 0 || dup2(fd, 0) < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0)
			_exit(1);
		(void)execl(SELF, "shell", "--nothing", NULL);
		_exit(1);
	}
	me->child = (uint32_t)child;
	return end_of(child);
}

static void check_stdio_that_is_a_socket_is_told_with_its_peer(struct kt *kt,
							       const struct kt_actor *me)
{
	static const struct pst_addr loopback = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127,
						    0, 0, 1 } };
	const struct pst_event *event = kt_exec(kt, me->child);

	KT_NEED(kt, event);
	KT_EQUAL(kt, event->exec.stdio_mask, 7);
	for (int i = 0; i < 3; i++) {
		KT_EQUAL(kt, event->exec.stdio[i].family, AF_INET);
		KT_EQUAL(kt, event->exec.stdio[i].sock_type, SOCK_STREAM);
		KT_EQUAL(kt, event->exec.stdio[i].peer_port, me->port);
		KT_TRUE(kt, pst_addr_equal(&event->exec.stdio[i].peer, &loopback));
	}
}

/* The child gives up all capabilities but one; its output is a pipe, its input one end of a unix
 * pair. */
static int exec_with_pipe(struct kt_actor *me)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct caps[2] = {
		{ .effective = 1u << CAP_NET_BIND_SERVICE,
		  .permitted = 1u << CAP_NET_BIND_SERVICE,
		  .inheritable = 1u << CAP_NET_BIND_SERVICE },
	};
	int ends[2], pair[2];
	struct stat info;

	if (pipe(ends) < 0 || fstat(ends[1], &info) < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return 1;
	me->number = info.st_ino;
	for (int cap = 0; cap <= CAP_LAST_CAP; cap++) {
		if (cap != CAP_NET_BIND_SERVICE)
			(void)prctl(PR_CAPBSET_DROP, cap); /* newer ones this kernel lacks */
	}
	if (dup2(pair[0], 0) < 0 || dup2(ends[1], 1) < 0 || syscall(SYS_capset, &head, caps) < 0)
		return 1;
	(void)execl(SELF, "pipe", "--nothing", NULL);
	return 1;
}

static int act_capabilities_and_pipes_of_an_exec_are_told(struct kt_actor *me)
{
	pid_t child = fork();

	if (child == 0)
		_exit(exec_with_pipe(me));
	me->child = (uint32_t)child;
	return end_of(child);
}

static void check_capabilities_and_pipes_of_an_exec_are_told(struct kt *kt,
							     const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);

	KT_NEED(kt, event);
	KT_TRUE(kt, event->exec.has_more);
	KT_EQUAL(kt, event->exec.caps_effective, 1u << CAP_NET_BIND_SERVICE);
	KT_EQUAL(kt, event->exec.caps_permitted, 1u << CAP_NET_BIND_SERVICE);
	KT_EQUAL(kt, event->exec.pipe_inode[0], 0);
	KT_EQUAL(kt, event->exec.pipe_inode[1], me->number);
	KT_EQUAL(kt, event->exec.stdio_mask & 3, 1);
	KT_EQUAL(kt, event->exec.stdio[0].family, AF_UNIX);
	KT_TRUE(kt, strstr(event->exec.cgroup, "/postern-kernel-test-") != NULL);
}

static int act_long_arguments_are_cut_and_said_to_be(struct kt_actor *me)
{
	static char text[9000];
	pid_t child = fork();

	memset(text, 'x', sizeof(text) - 1);
	if (child == 0) {
		(void)execl(SELF, "long", "--nothing", text, NULL);
		_exit(1);
	}
	me->child = (uint32_t)child;
	return end_of(child);
}

static void check_long_arguments_are_cut_and_said_to_be(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);

	KT_NEED(kt, event);
	KT_TRUE(kt, event->exec.args_cut);
	KT_TRUE(kt, event->exec.args.len >= 1024 && event->exec.args.len <= 2048);
	KT_TRUE(kt, memcmp(event->exec.args.data, "long\0--nothing\0xxxx", 19) == 0);
}

const struct kt_case kt_exec_cases[] = {
	CASE(an_exec_is_seen_with_path_arguments_and_file),
	CASE(an_exec_from_memory_is_marked),
	CASE(an_exec_of_a_deleted_file_is_marked),
	CASE(the_end_of_a_process_is_told_with_its_code),
	CASE(a_thread_is_no_process),
	CASE(lineage_survives_double_fork_setsid_and_dead_parents),
	CASE(stdio_that_is_a_socket_is_told_with_its_peer),
	CASE(capabilities_and_pipes_of_an_exec_are_told),
	CASE(long_arguments_are_cut_and_said_to_be),
	{ NULL, NULL, NULL, NULL, NULL },
};
