// SPDX-License-Identifier: Apache-2.0
/* Is it answered who a program is, while others hang or flood? */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "asked.h"
#include "hang.h"
#include "kt.h"

#define SLEEP "/bin/sleep"
#define FOLDER "/tmp/postern-hang"
#define FLOOD 300u

/* in a mount namespace of its own, whose end takes all of it away */
static int act_a_file_that_hangs_is_left_alone(struct kt_actor *me)
{
	pid_t server;

	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return KT_MISSING;
	if (mkdir(FOLDER, 0755) < 0 && errno != EEXIST)
		return 1;
	server = kt_hang_mount(FOLDER);
	if (server < 0)
		return KT_MISSING;
	me->number = (uint64_t)server;
	return kt_run_held(me, SLEEP);
}

/* unverified - as a script of that process, which it need not have read */
static void unverified(struct kt *kt, struct pst_sensor_ask *ask, const char *path)
{
	const struct pst_event *event;

	ask->path = path;
	ask->script = true;
	ask->has_host_path = false;
	event = kt_answer(kt, ask);
	KT_TRUE(kt, event && event->identity.hash_state == PST_HASH_UNVERIFIED);
}

static void check_a_file_that_hangs_is_left_alone(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);
	struct pst_sensor_asked before = pst_sensor_asked(kt_sensor(kt)), after;
	struct pst_sensor_ask ask;
	char path[4096];

	KT_NEED(kt, kt_asked_of(event, path, &ask));
	unverified(kt, &ask, FOLDER "/" HANG_NEVER); /* a worker is lost by it, and the answer
						      * comes from its successor */
	unverified(kt, &ask, FOLDER "/" HANG_DROPS);
	/* now both are known: at once, by a worker that does not touch them */
	KT_EQUAL(kt, pst_sensor_identify(kt_sensor(kt), &ask), 0);
	KT_TRUE(kt, kt_find(kt, kt_is_identity, ask.path) != NULL);
	KT_EQUAL(kt, kt_count(kt, kt_is_identity, ask.path), 2);
	ask.path = SLEEP;
	ask.script = false;
	event = kt_answer(kt, &ask);
	KT_TRUE(kt, event && event->identity.hash_state == PST_HASHED);
	after = pst_sensor_asked(kt_sensor(kt));
	KT_EQUAL(kt, after.answered, before.answered + 4);
	KT_EQUAL(kt, after.refused, before.refused);
	KT_TRUE(kt, kill_child(me->child));
	KT_EQUAL(kt, kill((pid_t)me->number, SIGKILL), 0); /* whoever it kept may go */
	KT_EQUAL(kt, rmdir(FOLDER), 0);
}

static int run_sleep(struct kt_actor *me)
{
	return kt_run_held(me, SLEEP);
}

static void check_a_flood_of_new_programs_delays_no_other(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_exec(kt, me->child);
	struct pst_sensor_asked before = pst_sensor_asked(kt_sensor(kt));
	struct pst_sensor_ask ask, flood;
	char path[4096], name[64];

	KT_NEED(kt, kt_asked_of(event, path, &ask));
	flood = ask;
	flood.cgroup = "/system.slice/flood.service";
	flood.path = name;
	for (unsigned int i = 0; i < FLOOD; i++) {
		(void)snprintf(name, sizeof(name), "/opt/postern-flood/%u", i);
		KT_EQUAL(kt, pst_sensor_identify(kt_sensor(kt), &flood), 0);
	}
	ask.cgroup = "/system.slice/acme.service";
	KT_TRUE(kt, kt_answer(kt, &ask) != NULL);
	/* one of the flood was on its way, and one or two may have come since */
	KT_TRUE(kt, pst_sensor_asked(kt_sensor(kt)).answered - before.answered < FLOOD / 10);
	KT_TRUE(kt, kill_child(me->child));
	KT_EQUAL(kt, kt_reopen(kt), 0); /* the rest of the flood is nobody's concern */
}

#define BY(act, name)                                \
	{                                            \
#name, act, check_##name, NULL, NULL \
	}

const struct kt_case kt_asked_cases[] = {
	CASE(a_file_that_hangs_is_left_alone),
	BY(run_sleep, a_flood_of_new_programs_delays_no_other),
	{ NULL, NULL, NULL, NULL, NULL },
};
