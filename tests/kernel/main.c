// SPDX-License-Identifier: Apache-2.0
/* Runs the kernel cases: one sensor on a cgroup of its own, one child process per case. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hold.h"
#include "kt_room.h"

static int join_cgroup(const char *cgroup)
{
	char path[600], text[16];
	int fd, len = snprintf(text, sizeof(text), "%d", getpid());
	ssize_t put;

	(void)snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	put = write(fd, text, (size_t)len);
	(void)close(fd); /* the write told */
	return put == len ? 0 : -EIO;
}

static uint32_t ns_of(const char *path)
{
	struct stat info;

	return stat(path, &info) < 0 ? 0 : (uint32_t)info.st_ino;
}

static void introduce(struct kt_actor *me, const char *cgroup)
{
	struct stat info;

	me->pid = (uint32_t)getpid();
	me->ppid = (uint32_t)getppid();
	me->uid = geteuid();
	me->cgroup = cgroup;
	me->cgroup_id = stat(cgroup, &info) < 0 ? 0 : info.st_ino;
	me->netns = ns_of("/proc/self/ns/net");
	me->mntns = ns_of("/proc/self/ns/mnt");
	me->pidns = ns_of("/proc/self/ns/pid");
}

static const char missing[] = "this kernel or machine does not have it";

/* Returns NULL, or a sentence why the actor failed; `missing` when there was nothing to act on. */
static const char *perform(struct kt *kt, const struct kt_case *one, struct kt_actor *me)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		int r = close_range(3, ~0u, 0) < 0 ? -errno : join_cgroup(kt->cgroup);

		introduce(me, kt->cgroup);
		_exit(r == 0 ? one->act(me) : 99);
	}
	if (pid < 0)
		return "no child could be made";
	if (!kt->sensor || kt_zoo_is_prompt(kt, one->name)) /* a sweep must not come between */
		pid = waitpid(pid, &status, 0) == pid ? 0 : pid;
	while (pid && waitpid(pid, &status, WNOHANG) != pid)
		kt_pump(kt, 5); /* it sweeps meanwhile */
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return NULL;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 99)
		return "the child could not join the watched cgroup";
	if (WIFEXITED(status) && WEXITSTATUS(status) == KT_MISSING)
		return missing;
	printf("# child's status 0x%x\n", (unsigned int)status);
	return "the actor failed";
}

enum outcome { PASSED, FAILED, SKIPPED };

/* What came of an actor. */
struct attempt {
	const char *why; /* NULL: it did what it should */
	bool skipped;
};

static struct attempt act(struct kt *kt, const struct kt_case *one, struct kt_actor *me)
{
	struct attempt attempt = { .why = one->prepare ? one->prepare() : NULL };

	if (attempt.why) {
		attempt.skipped = true;
		return attempt;
	}
	memset(me, 0, sizeof(*me));
	attempt.why = perform(kt, one, me);
	attempt.skipped = attempt.why == missing;
	return attempt;
}

static enum outcome judge(struct kt *kt, const struct kt_case *one, const struct kt_actor *me,
			  struct attempt attempt)
{
	if (attempt.skipped) {
		printf("skip - %s: %s\n", one->name, attempt.why);
		return SKIPPED;
	}
	kt->failures = 0;
	if (attempt.why) {
		printf("# %s\n", attempt.why);
		kt->failures++;
	} else {
		one->check(kt, me);
	}
	if (!kt->failures) {
		printf("ok - %s\n", one->name);
		return PASSED;
	}
	printf("not ok - %s\n#   reproduce: build/kernel_test %s\n", one->name, one->name);
	return FAILED;
}

static enum outcome run_case(struct kt *kt, const struct kt_case *one, struct kt_actor *me)
{
	struct attempt attempt;

	kt_pump(kt, 0);
	kt_drop_frames(kt);
	attempt = act(kt, one, me);
	return judge(kt, one, me, attempt);
}

static const struct kt_case *const groups[] = {
	kt_exec_cases,	  kt_tcp_cases,	     kt_udp_cases,   kt_inet_cases,    kt_serve_cases,
	kt_listen_cases,  kt_acts_cases,     kt_uring_cases, kt_zoo_cases,     kt_family_cases,
	kt_device_cases,  kt_handover_cases, kt_moves_cases, kt_payload_cases, kt_unix_cases,
	kt_gone_cases,	  kt_identity_cases, kt_asked_cases, kt_cwd_cases,     kt_measured_cases,
	kt_foreign_cases, kt_container_cases
};

/* A sweep that meets a socket between its making and its first use tells it late: once more. */
static enum outcome run_again(struct kt *kt, const struct kt_case *one, struct kt_actor *me,
			      bool again)
{
	enum outcome outcome = run_case(kt, one, me);

	return outcome == FAILED && again ? run_case(kt, one, me) : outcome;
}

static bool is_wanted(const struct kt_case *const group, const struct kt_case *one,
		      const char *only)
{
	return !only || strcmp(only, one->name) == 0 ||
	       (strcmp(only, "--zoo") == 0 && group == kt_zoo_cases);
}

static void run_all(struct kt *kt, struct kt_actor *me, const char *only, unsigned int count[3])
{
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++) {
		for (const struct kt_case *one = groups[g]; one->name; one++) {
			if (is_wanted(groups[g], one, only))
				count[run_again(kt, one, me, groups[g] == kt_zoo_cases)]++;
		}
	}
}

/* Cases that act before the sensor opens. They share its opening: a load takes long where the
 * kernel is emulated. */
#define OLD_MAX 8

struct old {
	const struct kt_case *cases;
	struct kt_actor *actors; /* one for each */
	const char *only;
	struct attempt attempts[OLD_MAX];
};

static void act_before(struct kt *kt, struct old *old)
{
	for (size_t i = 0; old->cases[i].name; i++) {
		assert(i < OLD_MAX);
		if (is_wanted(old->cases, &old->cases[i], old->only))
			old->attempts[i] = act(kt, &old->cases[i], &old->actors[i]);
	}
}

static void judge_after(struct kt *kt, const struct old *old, unsigned int count[3])
{
	for (size_t i = 0; old->cases[i].name; i++) {
		if (is_wanted(old->cases, &old->cases[i], old->only))
			count[judge(kt, &old->cases[i], &old->actors[i], old->attempts[i])]++;
	}
}

/* release_all - nobody will look at what they hold */
static void release_all(const struct old *old)
{
	for (size_t i = 0; i < OLD_MAX; i++) {
		if (old->actors[i].child)
			(void)kt_release(&old->actors[i]); /* it may not have begun */
	}
}

static void run_cases(struct kt *kt, struct kt_actor *actors, const char *only,
		      unsigned int count[3])
{
	struct old old = { .cases = kt_snapshot_cases, .actors = actors + 1, .only = only };

	act_before(kt, &old);
	if (kt_open(kt) < 0) {
		release_all(&old);
		count[FAILED]++;
		return;
	}
	judge_after(kt, &old, count);
	run_all(kt, actors, only, count);
	pst_sensor_close(kt->sensor, 0);
}

static int run(struct kt *kt, const char *only)
{
	unsigned int count[3] = { 0, 0, 0 };
	struct kt_actor *actors = mmap(NULL, (1 + OLD_MAX) * sizeof(*actors),
				       PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int r = actors == MAP_FAILED ? -ENOMEM : kt_make_cgroup(kt->cgroup, sizeof(kt->cgroup));

	if (r < 0) {
		printf("not ok - the watched cgroup: %s\n0 passed, 1 failed, 0 skipped\n",
		       strerror(-r));
		return 1;
	}
	kt->decoder = pst_decoder_new();
	run_cases(kt, actors, only, count);
	if (kt->lost) {
		printf("not ok - %llu frames did not fit into the test's memory\n",
		       (unsigned long long)kt->lost);
		count[FAILED]++;
	}
	kt_drop_frames(kt);
	pst_decoder_free(kt->decoder);
	if (rmdir(kt->cgroup) < 0)
		printf("# cannot remove %s: %s\n", kt->cgroup, strerror(errno));
	printf("%u passed, %u failed, %u skipped\n", count[PASSED], count[FAILED], count[SKIPPED]);
	return count[FAILED] || !count[PASSED] ? 1 : 0;
}

int main(int argc, char **argv)
{
	static struct kt kt;

	if (argc > 1 && strcmp(argv[1], "--nothing") == 0)
		return 0;
	if (argc > 2 && strcmp(argv[1], "--connect") == 0)
		return kt_connect("127.0.0.1", (uint16_t)strtoul(argv[2], NULL, 10)) < 0;
	(void)setvbuf(stdout, NULL, _IOLBF, 0); /* a slower output is right too */
	kt.no_lsm = argc > 1 && strcmp(argv[1], "--no-lsm") == 0;
	argv += kt.no_lsm;
	argc -= kt.no_lsm;
	return run(&kt, argc > 1 ? argv[1] : NULL);
}
