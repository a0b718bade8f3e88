// SPDX-License-Identifier: Apache-2.0
/* Does the kernel's own digest of what is executed (IMA) come, once, and before the exec? Only in a
 * machine that lives for the tests: a policy of IMA holds until the next boot. It measures what
 * belongs to one user, so that the other cases run as ever. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "asked.h"

#define SLEEP "/bin/sleep"
#define OWNER 4711
#define POLICY "/sys/kernel/security/ima/policy"
#define WRITTEN "/tmp/postern-measured-policy" /* lives as long as the policy */
#define RULE "measure func=BPRM_CHECK fowner=4711\n"
#define RAMFS \
	0x858458f6 /* linux/magic.h: the root of a machine that was booted from an initramfs */
#define TMPFS 0x01021994

static bool file_has(const char *path, const char *word)
{
	char line[4096] = "";
	FILE *file = fopen(path, "re");

	if (file) {
		(void)!fgets(line, sizeof(line), file); /* empty: then it has none */
		(void)fclose(file);			/* only read */
	}
	return strstr(line, word) != NULL;
}

/* is_set_up - before Linux 6.3 a measurement panics where lsm= names no integrity, which the list
 * of those that are active does not show */
static bool is_set_up(void)
{
	return file_has("/sys/kernel/security/lsm", ",ima") ||
	       file_has("/proc/cmdline", ",integrity,");
}

static bool write_policy(void)
{
	int fd = open(POLICY, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, RULE, sizeof(RULE) - 1) == (ssize_t)sizeof(RULE) - 1;

	ok = fd >= 0 && close(fd) == 0 && ok; /* its end puts it in force, once in a boot */
	fd = ok ? open(WRITTEN, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
	return fd >= 0 && close(fd) == 0;
}

static const char *measures(void)
{
	struct statfs root;

	if (access("/sys/kernel/security/ima", F_OK) < 0)
		return "this kernel has no IMA, or securityfs is not mounted";
	if (statfs("/", &root) < 0 || (root.f_type != RAMFS && root.f_type != TMPFS))
		return "a policy of IMA would hold for this machine until it is booted again";
	if (!is_set_up())
		return "IMA was not set up: lsm= names no integrity";
	if (access(WRITTEN, F_OK) < 0 && !write_policy())
		return "this kernel takes no policy of IMA";
	return NULL;
}

/* copy_sleep - as a file of that owner, whose name is left in the actor's text */
static bool copy_sleep(struct kt_actor *me, uid_t owner)
{
	static char bytes[1 << 23]; /* it may be one with all other tools */
	int from = open(SLEEP, O_RDONLY | O_CLOEXEC), to;
	ssize_t got = from < 0 ? -1 : read(from, bytes, sizeof(bytes));
	bool ok;

	if (from >= 0)
		(void)close(from); /* only read */
	(void)snprintf(me->text, sizeof(me->text), "/tmp/postern-measured-%u", me->pid);
	to = open(me->text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	ok = to >= 0 && got > 0 && write(to, bytes, (size_t)got) == got;
	if (to >= 0)
		(void)close(to); /* the write told */
	return ok && chown(me->text, owner, 0) == 0;
}

/* run_once - to its end; the child's number is the actor's */
static bool run_once(struct kt_actor *me)
{
	int status = 1;
	pid_t child = fork();

	if (child == 0) {
		(void)execl(me->text, "sleep", "0", NULL);
		_exit(1);
	}
	me->child = (uint32_t)child;
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

struct file { /* of which MEASURED speaks; ctime 0: as it was at any time */
	uint64_t inode, ctime_ns;
};

static bool is_measured(const struct pst_event *event, const void *wanted)
{
	const struct file *file = wanted;

	return event->type == PST_EVENT_MEASURED && event->measured.inode == file->inode &&
	       (!file->ctime_ns || event->measured.ctime_ns == file->ctime_ns);
}

/* is_digest_of - by the host's own tool of that algorithm */
static void is_digest_of(struct kt *kt, const char *digest, const char *path)
{
	char line[512], said[256] = "";
	size_t algorithm = strcspn(digest, ":");
	FILE *pipe;

	(void)snprintf(line, sizeof(line), "%.*ssum <%s", (int)algorithm, digest, path);
	pipe = popen(line, "re");
	if (pipe) {
		(void)!fgets(said, sizeof(said), pipe); /* empty: then it is not equal */
		(void)pclose(pipe);			/* what was said counts */
	}
	said[strcspn(said, " \n")] = '\0';
	printf("# %s\n", digest);
	KT_TRUE(kt, *said && strcmp(digest + algorithm + 1, said) == 0);
}

/* Has this kernel the program that tells? */
static bool is_told(struct kt *kt)
{
	if (kt_tier(kt) == KT_FULL)
		return true;
	printf("# no LSM programs run here: not looked at\n");
	return false;
}

static int act_a_measured_program_has_its_digest_before_its_exec(struct kt_actor *me)
{
	return !copy_sleep(me, OWNER) || !run_once(me);
}

static void check_a_measured_program_has_its_digest_before_its_exec(struct kt *kt,
								    const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);
	struct pst_event exec;
	struct file file;

	KT_NEED(kt, event);
	if (!is_told(kt))
		return;
	exec = *event;
	file = (struct file){ exec.exec.inode, exec.exec.ctime_ns };
	event = kt_find(kt, is_measured, &file);
	KT_NEED(kt, event);
	KT_TRUE(kt, event->time_ns < exec.time_ns);
	KT_TRUE(kt, event->no_owner && event->no_task);
	KT_TRUE(kt, event->measured.dev_major == exec.exec.dev_major &&
			    event->measured.dev_minor == exec.exec.dev_minor);
	is_digest_of(kt, event->measured.digest, me->text);
	KT_EQUAL(kt, unlink(me->text), 0);
}

/* Three times as it is, once with other times, once with another byte at its end. */
static int act_a_file_is_told_once_as_it_is(struct kt_actor *me)
{
	int fd, r;

	if (!copy_sleep(me, OWNER) || !run_once(me) || !run_once(me) || !run_once(me))
		return 1;
	(void)usleep(20000); /* a file's time is that of the last tick */
	if (chmod(me->text, 0700) < 0 || !run_once(me))
		return 1;
	(void)usleep(20000); /* as above */
	fd = open(me->text, O_WRONLY | O_APPEND | O_CLOEXEC);
	r = fd < 0 || write(fd, "x", 1) != 1 || close(fd) < 0;
	return r || !run_once(me);
}

static void check_a_file_is_told_once_as_it_is(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child); /* the last one */
	struct file file, any;

	KT_NEED(kt, event);
	if (!is_told(kt))
		return;
	file = (struct file){ event->exec.inode, event->exec.ctime_ns };
	any = (struct file){ .inode = file.inode };
	KT_EQUAL(kt, kt_count(kt, is_measured, &any), 3);
	KT_EQUAL(kt, kt_count(kt, is_measured, &file), 1);
	event = kt_find(kt, is_measured, &file);
	KT_NEED(kt, event);
	is_digest_of(kt, event->measured.digest, me->text); /* of what it is now */
	KT_EQUAL(kt, unlink(me->text), 0);
}

static int act_what_the_policy_does_not_measure_is_not_told(struct kt_actor *me)
{
	return !copy_sleep(me, OWNER + 1) || !run_once(me);
}

static void check_what_the_policy_does_not_measure_is_not_told(struct kt *kt,
							       const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);
	struct file any;

	KT_NEED(kt, event);
	any = (struct file){ .inode = event->exec.inode };
	KT_EQUAL(kt, kt_count(kt, is_measured, &any), 0);
	KT_EQUAL(kt, unlink(me->text), 0);
}

#define MEASURED(name)                                          \
	{                                                       \
#name, act_##name, check_##name, NULL, measures \
	}

const struct kt_case kt_measured_cases[] = {
	MEASURED(a_measured_program_has_its_digest_before_its_exec),
	MEASURED(a_file_is_told_once_as_it_is),
	MEASURED(what_the_policy_does_not_measure_is_not_told),
	{ NULL, NULL, NULL, NULL, NULL },
};
