// SPDX-License-Identifier: Apache-2.0
/* Who is the file behind a program? Its hash is what sha256sum says, its package what dpkg says,
 * and a file that is not the executed one is never taken for it. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "asked.h"
#include "base/digest.h"
#include "kt.h"

#define SLEEP "/bin/sleep"
#define FIFO "/tmp/postern-identity-fifo"

static bool write_file(const char *path, const void *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	bool ok = fd >= 0 && write(fd, bytes, len) == (ssize_t)len;

	if (fd >= 0)
		(void)close(fd); /* the write told */
	return ok;
}

/* copy_sleep - as a file of our own, whose name is left in the actor's text */
static bool copy_sleep(struct kt_actor *me)
{
	int from = open(SLEEP, O_RDONLY | O_CLOEXEC);
	static char bytes[1 << 23]; /* it may be one with all other tools */
	ssize_t got = from < 0 ? -1 : read(from, bytes, sizeof(bytes));

	if (from >= 0)
		(void)close(from); /* only read */
	(void)snprintf(me->text, sizeof(me->text), "/tmp/postern-identity-%u", me->pid);
	return got > 0 && got < (ssize_t)sizeof(bytes) && write_file(me->text, bytes, (size_t)got);
}

/* answer_and_end - and the child is needed no more */
static const struct pst_event *answer_and_end(struct kt *kt, const struct kt_actor *me,
					      const struct pst_sensor_ask *ask)
{
	const struct pst_event *event = kt_answer(kt, ask);

	KT_TRUE(kt, kill_child(me->child));
	return event;
}

/* said - the first line that a command prints, without its end */
static void said(const char *command, const char *of, char *out, size_t size)
{
	char line[512];
	FILE *pipe;

	(void)snprintf(line, sizeof(line), "%s %s", command, of);
	pipe = popen(line, "re");
	out[0] = '\0';
	if (pipe && fgets(out, (int)size, pipe))
		out[strcspn(out, " \n")] = '\0';
	if (pipe)
		(void)pclose(pipe); /* what was said counts */
}

static void is_hash_of(struct kt *kt, const struct pst_identity_seen *seen, const char *file)
{
	char wanted[256], got[PST_SHA256_TEXT];

	said("sha256sum <", file, wanted, sizeof(wanted));
	KT_EQUAL(kt, strlen(wanted), 64);
	KT_EQUAL(kt, seen->hash_state, PST_HASHED);
	KT_TRUE(kt, strcmp(pst_hex(seen->sha256, 32, got), wanted) == 0);
}

static int run_sleep(struct kt_actor *me)
{
	return kt_run_held(me, SLEEP);
}

static void check_a_program_is_known_by_its_hash_and_its_package(struct kt *kt,
								 const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);
	struct pst_sensor_ask ask;
	char path[4096], wanted[256];
	struct stat info;

	KT_NEED(kt, kt_asked_of(event, path, &ask));
	event = answer_and_end(kt, me, &ask);
	KT_NEED(kt, event);
	is_hash_of(kt, &event->identity, SLEEP);
	KT_TRUE(kt, stat(SLEEP, &info) == 0 && (off_t)event->identity.size == info.st_size);
	KT_EQUAL(kt, event->identity.inode, ask.inode);
	KT_EQUAL(kt, event->identity.ctime_ns, ask.ctime_ns);
	KT_TRUE(kt, event->identity.dev_major == ask.dev_major &&
			    event->identity.dev_minor == ask.dev_minor);
	said("dpkg-query -W -f '${Version}'", "coreutils 2>/dev/null", wanted, sizeof(wanted));
	if (!*wanted) {
		printf("# no dpkg here: the package was not looked at\n");
		return;
	}
	KT_TRUE(kt, strcmp(event->identity.manager, "dpkg") == 0 &&
			    strcmp(event->identity.package, "coreutils") == 0);
	KT_TRUE(kt, strcmp(event->identity.version, wanted) == 0);
	KT_EQUAL(kt, event->identity.owner, PST_OWNER_DISTRIBUTION);
}

static int run_copy(struct kt_actor *me)
{
	return !copy_sleep(me) || kt_run_held(me, me->text);
}

static void check_a_file_of_no_package_is_hashed_and_owned_by_none(struct kt *kt,
								   const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);
	struct pst_sensor_ask ask;
	char path[4096];

	KT_NEED(kt, kt_asked_of(event, path, &ask));
	event = answer_and_end(kt, me, &ask);
	KT_NEED(kt, event);
	is_hash_of(kt, &event->identity, me->text);
	if (access("/usr/bin/dpkg-query", X_OK) == 0)
		KT_EQUAL(kt, event->identity.owner, PST_OWNER_NONE);
	KT_TRUE(kt, !*event->identity.package && unlink(me->text) == 0);
}

static void check_a_file_that_changed_since_it_ran_is_unverified(struct kt *kt,
								 const struct kt_actor *me)
{
	static const uint8_t none[32];
	const struct pst_event *event = kt_exec(kt, me->child);
	struct pst_sensor_ask ask;
	struct stat info;
	char path[4096];

	KT_NEED(kt, kt_asked_of(event, path, &ask));
	do /* within a tick of the clock the time of a change stays what it was */
		KT_NEED(kt, chmod(me->text, 0700) == 0 && stat(me->text, &info) == 0);
	while ((uint64_t)info.st_ctim.tv_nsec == ask.ctime_ns % 1000000000u);
	event = answer_and_end(kt, me, &ask);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->identity.hash_state, PST_HASH_UNVERIFIED);
	KT_EQUAL(kt, event->identity.owner, PST_OWNER_NONE); /* its path is nobody's all the same */
	KT_TRUE(kt,
		memcmp(event->identity.sha256, none, sizeof(none)) == 0 && unlink(me->text) == 0);
}

static int act_a_file_without_a_name_is_hashed(struct kt_actor *me)
{
	int fd;

	if (!copy_sleep(me))
		return 1;
	fd = open(me->text, O_RDONLY);
	if (fd < 0 || unlink(me->text) < 0)
		return 1;
	(void)snprintf(me->text, sizeof(me->text), "/proc/self/fd/%d", fd);
	return kt_run_held(me, me->text);
}

static void check_a_file_without_a_name_is_hashed(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);
	struct pst_sensor_ask ask;
	char path[4096];

	KT_NEED(kt, kt_asked_of(event, path, &ask) && event->exec.deleted);
	ask.has_host_path = false;
	event = answer_and_end(kt, me, &ask);
	KT_NEED(kt, event);
	is_hash_of(kt, &event->identity, SLEEP); /* whose copy it is */
	KT_EQUAL(kt, event->identity.owner, PST_OWNER_UNKNOWN);
}

static int act_a_file_beyond_the_bound_is_too_big(struct kt_actor *me)
{
	return !copy_sleep(me) || truncate(me->text, KT_HASH_MAX_BYTES + 1) < 0 ||
	       kt_run_held(me, me->text);
}

static void check_a_file_beyond_the_bound_is_too_big(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);
	struct pst_sensor_ask ask;
	char path[4096];

	KT_NEED(kt, kt_asked_of(event, path, &ask));
	event = answer_and_end(kt, me, &ask);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->identity.hash_state, PST_HASH_TOO_BIG);
	KT_EQUAL(kt, event->identity.size, KT_HASH_MAX_BYTES + 1);
	KT_EQUAL(kt, unlink(me->text), 0);
}

static int act_an_ended_program_is_hashed_by_its_name_or_gone(struct kt_actor *me)
{
	int status;

	if (!copy_sleep(me) || kt_run_held(me, me->text))
		return 1;
	(void)usleep(50000); /* it has executed by then, or the case fails */
	return kill((pid_t)me->child, SIGKILL) < 0 ||
	       waitpid((pid_t)me->child, &status, 0) != (pid_t)me->child;
}

static void check_an_ended_program_is_hashed_by_its_name_or_gone(struct kt *kt,
								 const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);
	struct pst_sensor_ask ask;
	char path[4096];

	KT_NEED(kt, kt_asked_of(event, path, &ask));
	event = kt_answer(kt, &ask);
	KT_NEED(kt, event);
	is_hash_of(kt, &event->identity, me->text);
	KT_EQUAL(kt, unlink(me->text), 0);
	ask.path = "/tmp/postern-identity-gone";
	event = kt_answer(kt, &ask);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->identity.hash_state, PST_HASH_GONE);
}

static const char script[] = "#!/bin/sh\nread line\n";

static int act_a_script_is_hashed_as_its_process_sees_it(struct kt_actor *me)
{
	(void)snprintf(me->text, sizeof(me->text), "/tmp/postern-identity-%u", me->pid);
	/* a FIFO that is older than the process: only its kind speaks against it */
	return !write_file(me->text, script, sizeof(script) - 1) || mkfifo(FIFO, 0700) < 0 ||
	       kt_run_held(me, me->text);
}

static void check_a_script_is_hashed_as_its_process_sees_it(struct kt *kt,
							    const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);
	struct pst_sensor_ask ask;
	char path[4096];

	KT_NEED(kt, kt_asked_of(event, path, &ask)); /* device and inode are the interpreter's */
	ask.path = me->text;
	ask.script = true;
	event = kt_answer(kt, &ask);
	KT_NEED(kt, event);
	is_hash_of(kt, &event->identity, me->text);
	KT_EQUAL(kt, event->identity.size, sizeof(script) - 1);
	(void)usleep(20000); /* a file's time is that of the last tick */
	KT_EQUAL(kt, chmod(me->text, 0700), 0);
	(void)snprintf(path, sizeof(path), "/tmp/.%s", me->text + strlen("/tmp"));
	ask.path = path; /* the same file under another name, so that the answer is another */
	event = kt_answer(kt, &ask);
	KT_TRUE(kt, event && event->identity.hash_state == PST_HASH_UNVERIFIED);
	KT_EQUAL(kt, unlink(me->text), 0);
	ask.path = FIFO; /* who opens it would wait for ever */
	event = answer_and_end(kt, me, &ask);
	KT_TRUE(kt, event && event->identity.hash_state == PST_HASH_UNVERIFIED);
	KT_EQUAL(kt, unlink(FIFO), 0);
	KT_TRUE(kt, pst_sensor_asked(kt_sensor(kt)).answered > 1 &&
			    pst_sensor_asked(kt_sensor(kt)).refused == 0);
}

#define OVERLAY "/tmp/postern-identity-overlay"

/* in a mount namespace of its own, whose end takes all of it away */
static int act_a_file_on_an_overlay_is_the_executed_one(struct kt_actor *me)
{
	static const char *const folders[] = { OVERLAY, OVERLAY "/upper", OVERLAY "/work",
					       OVERLAY "/merged" };

	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return KT_MISSING;
	for (size_t i = 0; i < 4; i++) {
		if (mkdir(folders[i], 0755) < 0 && errno != EEXIST)
			return 1;
		if (i == 0 && mount("none", OVERLAY, "tmpfs", 0, NULL) < 0)
			return KT_MISSING;
	}
	if (mount("none", OVERLAY "/merged", "overlay", 0,
		  "lowerdir=/bin,upperdir=" OVERLAY "/upper,workdir=" OVERLAY "/work") < 0)
		return KT_MISSING;
	return kt_run_held(me, OVERLAY "/merged/sleep");
}

static void check_a_file_on_an_overlay_is_the_executed_one(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);
	struct pst_sensor_ask ask;
	char path[4096];

	KT_NEED(kt, kt_asked_of(event, path, &ask));
	KT_TRUE(kt, event->exec.foreign);
	ask.has_host_path = false;
	event = answer_and_end(kt, me, &ask);
	KT_NEED(kt, event);
	is_hash_of(kt, &event->identity, SLEEP);
	KT_EQUAL(kt, event->identity.owner, PST_OWNER_UNKNOWN);
	KT_EQUAL(kt, rmdir(OVERLAY), 0);
}

static void check_a_dead_worker_has_a_successor(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);
	struct pst_sensor_asked before = pst_sensor_asked(kt_sensor(kt));
	struct pst_sensor_ask ask;
	char path[4096], pid[32], command[64];

	KT_NEED(kt, kt_asked_of(event, path, &ask));
	(void)snprintf(command, sizeof(command), "pgrep -x postern-worker -P %d", getpid());
	said(command, "", pid, sizeof(pid));
	KT_NEED(kt, atoi(pid) > 1);
	KT_EQUAL(kt, kill(atoi(pid), SIGSTOP), 0); /* it takes what is asked, and answers nothing */
	KT_EQUAL(kt, pst_sensor_identify(kt_sensor(kt), &ask), 0);
	KT_EQUAL(kt, kill(atoi(pid), SIGKILL), 0);
	KT_EQUAL(kt, kt_count(kt, kt_is_identity, ask.path), 0);
	KT_EQUAL(kt, pst_sensor_asked(kt_sensor(kt)).refused, before.refused + 1);
	event = kt_answer(kt, &ask); /* it waits until there is one */
	KT_TRUE(kt, kill_child(me->child));
	KT_NEED(kt, event);
	is_hash_of(kt, &event->identity, SLEEP);
	KT_EQUAL(kt, pst_sensor_asked(kt_sensor(kt)).refused, before.refused + 1);
}

#define BY(act, name)                                \
	{                                            \
#name, act, check_##name, NULL, NULL \
	}

const struct kt_case kt_identity_cases[] = {
	BY(run_sleep, a_program_is_known_by_its_hash_and_its_package),
	BY(run_copy, a_file_of_no_package_is_hashed_and_owned_by_none),
	BY(run_copy, a_file_that_changed_since_it_ran_is_unverified),
	CASE(a_file_without_a_name_is_hashed),
	CASE(a_file_beyond_the_bound_is_too_big),
	CASE(an_ended_program_is_hashed_by_its_name_or_gone),
	CASE(a_script_is_hashed_as_its_process_sees_it),
	CASE(a_file_on_an_overlay_is_the_executed_one),
	BY(run_sleep, a_dead_worker_has_a_successor),
	{ NULL, NULL, NULL, NULL, NULL },
};
