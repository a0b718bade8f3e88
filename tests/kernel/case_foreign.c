// SPDX-License-Identifier: Apache-2.0
/* Can a process of its own mounts, or below a root of its own, pass for a program of the host? */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hang.h"
#include "kt.h"

#define FOLDER "/tmp/postern-foreign"
#define TOOL FOLDER "/tool"
#define LINK FOLDER "/link"
#define OTHER FOLDER "/other"
#define TOOL_BYTES (1u << 23) /* it may be one with all other tools */

static int end_of(pid_t child)
{
	int status;

	return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static bool own_mounts(void)
{
	return unshare(CLONE_NEWNS) == 0 &&
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* a_moment - in which the kernel's clock of files goes on */
static void a_moment(void)
{
	(void)usleep(30000); /* a shorter one fails the test */
}

static bool copy_tool(void)
{
	int from = open("/bin/sleep", O_RDONLY | O_CLOEXEC);
	int to = open(TOOL, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	bool ok = from >= 0 && to >= 0 && sendfile(to, from, NULL, TOOL_BYTES) > 0;

	(void)close(from); /* only read */
	return close(to) == 0 && ok;
}

/* sleep_below - a child executes sleep with @root as its root folder */
static int sleep_below(struct kt_actor *me, const char *root)
{
	pid_t child = fork();

	if (child == 0) {
		if (chroot(root) == 0 && chdir("/") == 0)
			(void)execl("/bin/sleep", "sleep", "0", NULL);
		_exit(1);
	}
	me->child = (uint32_t)child;
	return child < 0 ? 1 : end_of(child);
}

static void has_own_root(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);

	KT_NEED(kt, event);
	KT_EQUAL(kt, event->task.mntns, me->mntns);
	KT_TRUE(kt, event->exec.own_root);
}

/* The same folder as the host's root, but other things may be mounted below it. */
static int act_a_second_mount_of_the_root_is_a_root_of_ones_own(struct kt_actor *me)
{
	int status = KT_MISSING;

	if (mkdir(FOLDER, 0755) < 0 || mount("/", FOLDER, NULL, MS_BIND, NULL) < 0)
		return KT_MISSING;
	if (mount("none", FOLDER, NULL, MS_PRIVATE, NULL) == 0)
		status = sleep_below(me, FOLDER);
	return umount2(FOLDER, MNT_DETACH) < 0 || rmdir(FOLDER) < 0 ? 1 : status;
}

static void check_a_second_mount_of_the_root_is_a_root_of_ones_own(struct kt *kt,
								   const struct kt_actor *me)
{
	has_own_root(kt, me);
}

static int act_the_root_of_another_is_a_root_of_ones_own(struct kt_actor *me)
{
	int ready[2], status = KT_MISSING;
	pid_t other;
	char byte, root[64];

	if (pipe(ready) < 0)
		return 1;
	other = fork();
	if (other == 0) {
		if (!own_mounts() || write(ready[1], "", 1) != 1)
			_exit(1);
		(void)pause(); /* until it is killed */
		_exit(0);
	}
	(void)close(ready[1]);
	(void)snprintf(root, sizeof(root), "/proc/%d/root", other);
	if (read(ready[0], &byte, 1) == 1)
		status = sleep_below(me, root);
	(void)kill(other, SIGKILL);
	(void)end_of(other); /* it was killed */
	return status;
}

static void check_the_root_of_another_is_a_root_of_ones_own(struct kt *kt,
							    const struct kt_actor *me)
{
	has_own_root(kt, me);
}

static bool write_script(const char *path)
{
	static const char script[] = "#!/bin/sh\nread line\n";
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	bool ok = write(fd, script, sizeof(script) - 1) == (ssize_t)sizeof(script) - 1;

	return close(fd) == 0 && ok;
}

/* run_link - a script by a link, in mounts of its own where @instead lies under the link's end */
static int run_link(struct kt_actor *me, const char *instead)
{
	int ends[2];
	pid_t child;

	if (mkdir(FOLDER, 0755) < 0 || !write_script(TOOL) || !write_script(OTHER) ||
	    symlink(TOOL, LINK) < 0 || pipe(ends) < 0)
		return 1;
	a_moment(); /* else the time of each use would have to be written to the link */
	child = fork();
	if (child == 0) {
		if (own_mounts() && mount(instead, TOOL, NULL, MS_BIND, NULL) == 0 &&
		    dup2(ends[0], 0) == 0)
			(void)execl(LINK, "link", NULL);
		_exit(1);
	}
	me->child = (uint32_t)child;
	return child < 0;
}

static const struct pst_event *linked(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);

	KT_TRUE(kt, kill_child(me->child));
	KT_TRUE(kt, unlink(LINK) == 0 && unlink(TOOL) == 0 && unlink(OTHER) == 0);
	KT_EQUAL(kt, rmdir(FOLDER), 0);
	return event;
}

static int act_a_script_of_the_host_is_one_in_mounts_of_ones_own(struct kt_actor *me)
{
	return run_link(me, TOOL);
}

static void check_a_script_of_the_host_is_one_in_mounts_of_ones_own(struct kt *kt,
								    const struct kt_actor *me)
{
	const struct pst_event *event = linked(kt, me);

	KT_NEED(kt, event);
	KT_TRUE(kt, event->exec.script && !event->exec.foreign && !event->exec.cwd_unsure);
}

static int act_a_link_leads_to_what_its_own_mounts_show(struct kt_actor *me)
{
	return run_link(me, OTHER);
}

static void check_a_link_leads_to_what_its_own_mounts_show(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = linked(kt, me);

	KT_NEED(kt, event);
	KT_TRUE(kt, !event->exec.script);
}

/* Two file systems that count their files alike. */
static int act_a_number_of_an_inode_is_nobodys_name(struct kt_actor *me)
{
	struct stat here;
	pid_t child;

	if (mkdir(FOLDER, 0755) < 0 || mount("none", FOLDER, "tmpfs", 0, NULL) < 0)
		return KT_MISSING;
	if (!copy_tool() || stat(TOOL, &here) < 0)
		return 1;
	me->number = here.st_ino;
	a_moment();
	child = fork();
	if (child == 0) {
		if (own_mounts() && mount("none", FOLDER, "tmpfs", 0, NULL) == 0 && copy_tool() &&
		    chdir(FOLDER) == 0)
			(void)execl(TOOL, "sleep", "0", NULL);
		_exit(1);
	}
	me->child = (uint32_t)child;
	return child < 0 ? 1 : end_of(child);
}

static void check_a_number_of_an_inode_is_nobodys_name(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);

	KT_TRUE(kt, umount2(FOLDER, MNT_DETACH) == 0 && rmdir(FOLDER) == 0);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->exec.inode, me->number);
	KT_TRUE(kt, event->exec.foreign && event->exec.cwd_unsure);
}

static int act_a_name_that_is_never_looked_up_keeps_nobody_waiting(struct kt_actor *me)
{
	pid_t server, child;

	if (mkdir(FOLDER, 0755) < 0)
		return 1;
	server = kt_hang_mount(FOLDER);
	if (server < 0)
		return rmdir(FOLDER) < 0 ? 1 : KT_MISSING;
	me->number = (uint64_t)server;
	child = fork();
	if (child == 0) {
		if (own_mounts() && umount2(FOLDER, MNT_DETACH) == 0 &&
		    mount("none", FOLDER, "tmpfs", 0, NULL) == 0 &&
		    mkdir(FOLDER "/" HANG_LOST, 0755) == 0 && chdir(FOLDER "/" HANG_LOST) == 0)
			(void)execl("/bin/sleep", "sleep", "0", NULL);
		_exit(1);
	}
	me->child = (uint32_t)child;
	return child < 0 ? 1 : end_of(child);
}

static void check_a_name_that_is_never_looked_up_keeps_nobody_waiting(struct kt *kt,
								      const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);

	KT_EQUAL(kt, kill((pid_t)me->number, SIGKILL), 0);
	KT_TRUE(kt, umount2(FOLDER, MNT_DETACH) == 0 && rmdir(FOLDER) == 0);
	KT_NEED(kt, event);
	KT_TRUE(kt, event->exec.cwd_unsure && !event->exec.foreign);
}

const struct kt_case kt_foreign_cases[] = {
	CASE(a_second_mount_of_the_root_is_a_root_of_ones_own),
	CASE(the_root_of_another_is_a_root_of_ones_own),
	CASE(a_script_of_the_host_is_one_in_mounts_of_ones_own),
	CASE(a_link_leads_to_what_its_own_mounts_show),
	CASE(a_number_of_an_inode_is_nobodys_name),
	CASE(a_name_that_is_never_looked_up_keeps_nobody_waiting),
	{ NULL, NULL, NULL, NULL, NULL },
};
