// SPDX-License-Identifier: Apache-2.0
/* In which folder was a program executed, and does a relative script become a program by it? Only
 * where its name means to the process what it means to the host. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attrib/attrib.h"
#include "kt.h"

#define FOLDER "/tmp/postern-cwd"
#define SCRIPT "run.sh"

static const char script[] = "#!/bin/sh\ncd /\n";

static int end_of(pid_t child)
{
	int status;

	return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* enter_folder - with a script in it that leaves it at once */
static bool enter_folder(void)
{
	int fd;
	bool ok;

	if ((mkdir(FOLDER, 0755) < 0 && errno != EEXIST) || chdir(FOLDER) < 0)
		return false;
	fd = open(SCRIPT, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	ok = fd >= 0 && write(fd, script, sizeof(script) - 1) == (ssize_t)sizeof(script) - 1;
	if (fd >= 0)
		(void)close(fd); /* the write told */
	return ok;
}

static void remove_folder(struct kt *kt)
{
	KT_EQUAL(kt, unlink(FOLDER "/" SCRIPT), 0);
	KT_EQUAL(kt, rmdir(FOLDER), 0);
}

/* goes_by - the path of the program, as the engine would have it */
static bool goes_by(const struct pst_event *exec, const char *path)
{
	static const char *const vendor_paths[] = { "/tmp/", NULL };
	const struct pst_attrib_keys keys = { .vendor_paths = vendor_paths };
	struct pst_attrib *attrib = pst_attrib_new(&keys);
	bool same = attrib && strcmp(pst_attrib_see(attrib, exec)->image->program->path, path) == 0;

	if (attrib && !same)
		fprintf(stderr, "goes by %s\n",
			pst_attrib_find(attrib, &exec->task.proc)->image->program->path);
	pst_attrib_free(attrib);
	return same;
}

static bool is_in(const struct pst_event *exec, const char *folder)
{
	return exec->exec.cwd && strcmp(exec->exec.cwd, folder) == 0;
}

static int act_a_relative_script_is_told_with_its_folder(struct kt_actor *me)
{
	pid_t child = fork();

	if (child == 0) {
		if (enter_folder())
			(void)execl("./" SCRIPT, "run", NULL);
		_exit(1);
	}
	me->child = (uint32_t)child;
	return end_of(child);
}

static void check_a_relative_script_is_told_with_its_folder(struct kt *kt,
							    const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);

	remove_folder(kt);
	KT_NEED(kt, event);
	KT_TRUE(kt, is_in(event, FOLDER));
	KT_TRUE(kt, event->exec.script && !event->exec.own_root && !event->exec.cwd_late &&
			    !event->exec.cwd_unsure && !event->exec.cwd_cut);
	KT_TRUE(kt, event->exec.cwd_root_dev == event->exec.root_dev);
	KT_TRUE(kt, goes_by(event, FOLDER "/" SCRIPT));
}

static int act_the_folder_is_that_of_the_exec_and_not_of_later(struct kt_actor *me)
{
	pid_t child = fork();

	if (child == 0) {
		if (enter_folder())
			(void)execlp("bash", "bash", "./" SCRIPT, NULL);
		_exit(1);
	}
	me->child = (uint32_t)child;
	return end_of(child);
}

static void check_the_folder_is_that_of_the_exec_and_not_of_later(struct kt *kt,
								  const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);

	remove_folder(kt);
	KT_NEED(kt, event);
	KT_TRUE(kt, is_in(event, FOLDER));
	KT_TRUE(kt, !event->exec.script);
	KT_TRUE(kt, goes_by(event, FOLDER "/" SCRIPT));
}

static int act_the_root_folder_is_a_folder(struct kt_actor *me)
{
	pid_t child = fork();

	if (child == 0) {
		if (chdir("/") == 0)
			(void)execl("/bin/sh", "sh", "-c", ":", NULL);
		_exit(1);
	}
	me->child = (uint32_t)child;
	return end_of(child);
}

static void check_the_root_folder_is_a_folder(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);

	KT_NEED(kt, event);
	KT_TRUE(kt, is_in(event, "/"));
	KT_TRUE(kt, !event->exec.cwd_unsure && !event->exec.own_root && !event->exec.cwd_cut);
}

/* A folder that holds the host's own tools under their names, and is another one's root. */
static bool make_jail(void)
{
	static const char *const tops[] = { "/bin", "/lib", "/lib64", "/usr", NULL };
	char inside[64];

	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("none", FOLDER, "tmpfs", 0, NULL) < 0)
		return false;
	for (size_t i = 0; tops[i]; i++) {
		struct stat top;

		(void)snprintf(inside, sizeof(inside), FOLDER "%s", tops[i]);
		if (stat(tops[i], &top) == 0 &&
		    (mkdir(inside, 0755) < 0 || mount(tops[i], inside, NULL, MS_BIND, NULL) < 0))
			return false;
	}
	return true;
}

static int act_a_root_folder_of_ones_own_is_told(struct kt_actor *me)
{
	pid_t child = fork();

	if (child == 0) {
		if (!enter_folder() || !make_jail() || chroot(FOLDER) < 0 || chdir("/") < 0 ||
		    mkdir("/tmp", 0755) < 0 || !enter_folder())
			_exit(KT_MISSING);
		(void)execl("./" SCRIPT, "run", NULL);
		_exit(1);
	}
	me->child = (uint32_t)child;
	return end_of(child);
}

static void check_a_root_folder_of_ones_own_is_told(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);

	remove_folder(kt);
	KT_NEED(kt, event);
	KT_TRUE(kt, is_in(event, FOLDER FOLDER));
	KT_TRUE(kt, event->exec.own_root && !event->exec.script);
	KT_TRUE(kt, event->exec.cwd_unsure); /* the host has no such folder */
	KT_TRUE(kt, goes_by(event, event->exec.path));
}

/* start_other - a process with mounts of its own, which show another thing under a name of the
 * host's; returns its pid, -1 when it could not */
static pid_t start_other(bool (*hide)(void))
{
	int ready[2];
	char byte;
	pid_t other;

	if (!enter_folder() || chdir("/") < 0 || pipe(ready) < 0)
		return -1;
	other = fork();
	if (other == 0) {
		if (unshare(CLONE_NEWNS) < 0 ||
		    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 || !hide() ||
		    write(ready[1], "", 1) != 1)
			_exit(1);
		(void)pause(); /* until it is killed */
		_exit(0);
	}
	(void)close(ready[1]);
	return read(ready[0], &byte, 1) == 1 ? other : -1;
}

/* run_there - a child executes @name as it lies in the mounts of @other, and in that folder */
static int run_there(struct kt_actor *me, pid_t other, const char *name)
{
	pid_t child = other < 0 ? -1 : fork();
	char folder[64];
	int status;

	if (child < 0)
		return KT_MISSING;
	if (child == 0) {
		(void)snprintf(folder, sizeof(folder), "/proc/%d/root" FOLDER, other);
		if (chdir(folder) == 0)
			(void)execl(name, "sleep", "0", NULL);
		_exit(1);
	}
	me->child = (uint32_t)child;
	status = end_of(child);
	(void)kill(other, SIGKILL);
	(void)end_of(other); /* it was killed */
	return status;
}

static bool hide_folder(void)
{
	return mount("none", FOLDER, "tmpfs", 0, NULL) == 0 && enter_folder();
}

static int act_a_folder_in_the_mounts_of_another_is_told(struct kt_actor *me)
{
	return run_there(me, start_other(hide_folder), "./" SCRIPT);
}

static void check_a_folder_in_the_mounts_of_another_is_told(struct kt *kt,
							    const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);

	remove_folder(kt);
	KT_NEED(kt, event);
	KT_TRUE(kt, is_in(event, FOLDER)); /* as if it were the host's */
	KT_EQUAL(kt, event->task.mntns, me->mntns);
	KT_TRUE(kt, event->exec.cwd_unsure);
	KT_TRUE(kt, goes_by(event, event->exec.path));
}

static bool hide_file(void)
{
	return mount("/bin/sleep", FOLDER "/" SCRIPT, NULL, MS_BIND, NULL) == 0;
}

static int act_a_file_in_the_mounts_of_another_is_foreign(struct kt_actor *me)
{
	return run_there(me, start_other(hide_file), "./" SCRIPT);
}

static void check_a_file_in_the_mounts_of_another_is_foreign(struct kt *kt,
							     const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);

	remove_folder(kt);
	KT_NEED(kt, event);
	KT_TRUE(kt,
		strcmp(event->exec.path, FOLDER "/" SCRIPT) == 0); /* but the host's is not it */
	KT_EQUAL(kt, event->task.mntns, me->mntns);
	KT_TRUE(kt, event->exec.foreign);
}

static int act_a_folder_that_another_may_change_is_told(struct kt_actor *me)
{
	long child;

	if (!enter_folder())
		return 1;
	child = syscall(SYS_clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0);
	if (child == 0) {
		(void)execl("./" SCRIPT, "run", NULL);
		_exit(1);
	}
	me->child = (uint32_t)child;
	return end_of((pid_t)child);
}

static void check_a_folder_that_another_may_change_is_told(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);

	remove_folder(kt);
	KT_NEED(kt, event);
	KT_TRUE(kt, is_in(event, FOLDER));
	KT_TRUE(kt, event->exec.cwd_unsure);
	KT_TRUE(kt, goes_by(event, event->exec.path));
}

static int act_a_program_older_than_us_is_told_with_its_folder(struct kt_actor *me)
{
	pid_t child = fork();
	int ends[2];

	if (child == 0) {
		if (enter_folder() && pipe(ends) == 0 && dup2(ends[0], 0) == 0)
			(void)execl("/bin/sleep", "sleep", "60", NULL);
		_exit(1);
	}
	me->child = (uint32_t)child;
	return child < 0;
}

static void check_a_program_older_than_us_is_told_with_its_folder(struct kt *kt,
								  const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);

	KT_NEED(kt, event && !event->preexisting);
	KT_EQUAL(kt, kt_reopen(kt), 0);
	event = kt_exec(kt, me->child);
	KT_TRUE(kt, kill_child(me->child));
	remove_folder(kt);
	KT_NEED(kt, event && event->preexisting);
	KT_TRUE(kt, is_in(event, FOLDER));
	KT_TRUE(kt, event->exec.cwd_late && !event->exec.cwd_unsure && !event->exec.own_root);
}

const struct kt_case kt_cwd_cases[] = {
	CASE(a_relative_script_is_told_with_its_folder),
	CASE(the_folder_is_that_of_the_exec_and_not_of_later),
	CASE(the_root_folder_is_a_folder),
	CASE(a_root_folder_of_ones_own_is_told),
	CASE(a_folder_in_the_mounts_of_another_is_told),
	CASE(a_file_in_the_mounts_of_another_is_foreign),
	CASE(a_folder_that_another_may_change_is_told),
	CASE(a_program_older_than_us_is_told_with_its_folder),
	{ NULL, NULL, NULL, NULL, NULL },
};
