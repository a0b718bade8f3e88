// SPDX-License-Identifier: Apache-2.0
/* Runs the kernel cases: one sensor on a cgroup of its own, one child process per case. */
#include "kt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sensor/sensor.h"

#define FRAMES_MAX 20000
#define WAIT_MS 3000
#define SETTLE_MS 250

struct kt {
	struct pst_sensor *sensor;
	struct pst_decoder *decoder;
	struct pst_event event;
	char cgroup[512];
	uint8_t *frame[FRAMES_MAX];
	size_t len[FRAMES_MAX];
	size_t frames, from; /* of the case: where the next search begins */
	unsigned int failures;
	bool no_lsm; /* the tracepoint tier, by config */
	uint64_t lost;
};

static uint64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
	return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

static void keep_frame(void *context, const void *frame, size_t len)
{
	struct kt *kt = context;

	if (kt->frames == FRAMES_MAX) {
		kt->lost++;
		return;
	}
	kt->frame[kt->frames] = malloc(len);
	if (!kt->frame[kt->frames])
		abort();
	memcpy(kt->frame[kt->frames], frame, len);
	kt->len[kt->frames++] = len;
}

static void drop_frames(struct kt *kt)
{
	for (size_t i = 0; i < kt->frames; i++)
		free(kt->frame[i]);
	kt->frames = 0;
	kt->from = 0;
}

static void pump(struct kt *kt, int ms)
{
	struct pollfd wait = { .fd = pst_sensor_fd(kt->sensor), .events = POLLIN };

	(void)poll(&wait, 1, ms);	   /* an early end is harmless */
	(void)pst_sensor_poll(kt->sensor); /* losses are told as frames */
}

static bool search(struct kt *kt, kt_match match, const void *wanted)
{
	for (; kt->from < kt->frames; kt->from++) {
		if (pst_decode(kt->decoder, kt->frame[kt->from], kt->len[kt->from], &kt->event) ==
			    0 &&
		    match(&kt->event, wanted)) {
			kt->from++;
			return true;
		}
	}
	return false;
}

const struct pst_event *kt_find(struct kt *kt, kt_match match, const void *wanted)
{
	uint64_t end = now_ms() + WAIT_MS;

	kt->from = 0;
	do {
		if (search(kt, match, wanted))
			return &kt->event;
		pump(kt, 20);
	} while (now_ms() < end);
	return NULL;
}

size_t kt_count(struct kt *kt, kt_match match, const void *wanted)
{
	uint64_t end = now_ms() + SETTLE_MS;
	size_t count = 0;

	while (now_ms() < end)
		pump(kt, 20);
	kt->from = 0;
	while (search(kt, match, wanted))
		count++;
	return count;
}

static int open_sensor(struct kt *kt)
{
	const struct pst_sensor_keys keys = { .cgroup = kt->cgroup,
					      .ring_bytes = 1u << 20,
					      .max_channels = 8192,
					      .sweep_ns = 300000000u,
					      .vitals_ns = 60000000000u,
					      .max_share = 4096,
					      .lsm = !kt->no_lsm,
					      .dns = true,
					      .first_bytes = true,
					      .identify = true,
					      .hash = true,
					      .hash_max_bytes = KT_HASH_MAX_BYTES,
					      .packages = true,
					      .frame = keep_frame,
					      .context = kt };
	char error[PST_SENSOR_ERROR];
	int r = pst_sensor_open(&keys, &kt->sensor, error);

	if (r < 0)
		fprintf(stderr, "%s\n", error);
	return r;
}

int kt_reopen(struct kt *kt)
{
	pst_sensor_close(kt->sensor, 0);
	drop_frames(kt);
	return open_sensor(kt);
}

void kt_sweep(struct kt *kt)
{
	uint64_t end = now_ms() + 900;

	while (now_ms() < end)
		pump(kt, 50);
}

struct pst_sensor *kt_sensor(struct kt *kt)
{
	return kt->sensor;
}

void kt_sweep_now(struct kt *kt)
{
	pump(kt, 20);
	pst_sensor_sweep(kt->sensor);
}

void kt_fail(struct kt *kt, const char *file, int line, const char *what)
{
	printf("# %s:%d: not so: %s\n", file, line, what);
	kt->failures++;
}

void kt_equal(struct kt *kt, const char *where, uint64_t got, uint64_t wanted)
{
	if (got == wanted)
		return;
	printf("# %s is %llu (0x%llx), not %llu (0x%llx)\n", where, (unsigned long long)got,
	       (unsigned long long)got, (unsigned long long)wanted, (unsigned long long)wanted);
	kt->failures++;
}

bool kt_failed(const struct kt *kt)
{
	return kt->failures != 0;
}

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
static const char *act(struct kt *kt, const struct kt_case *one, struct kt_actor *me)
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
	if (kt_zoo_is_prompt(kt, one->name)) /* a sweep must not come between */
		pid = waitpid(pid, &status, 0) == pid ? 0 : pid;
	while (pid && waitpid(pid, &status, WNOHANG) != pid)
		pump(kt, 5); /* it sweeps meanwhile */
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return NULL;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 99)
		return "the child could not join the watched cgroup";
	if (WIFEXITED(status) && WEXITSTATUS(status) == KT_MISSING)
		return missing;
	printf("# child's status 0x%x\n", (unsigned int)status);
	return "the actor failed";
}

/* state_of - has a program of that name answered? */
static bool has_answered(const struct kt *kt, const char *program)
{
	const struct pst_sensor_hook *hooks;
	size_t count = pst_sensor_hooks(kt->sensor, &hooks);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(hooks[i].program, program) == 0)
			return strcmp(hooks[i].state_name, "answered") == 0;
	}
	return false;
}

enum kt_tier kt_tier(const struct kt *kt)
{
	if (has_answered(kt, "pst_lsm_created"))
		return KT_FULL;
	return has_answered(kt, "pst_send_length") ? KT_TRACEPOINT : KT_OLD;
}

bool kt_has_lengths(const struct kt *kt)
{
	return has_answered(kt, "pst_send_length");
}

const char *kt_tier_name(const struct kt *kt)
{
	static const char *const names[] = { "full", "tracepoint", "tracepoint-old" };

	return names[kt_tier(kt)];
}

const char *kt_hook_name(const struct kt *kt, uint32_t hook)
{
	const struct pst_sensor_hook *hooks;
	size_t count = pst_sensor_hooks(kt->sensor, &hooks);

	return hook && hook <= count ? hooks[hook - 1].slot : "sweep";
}

enum outcome { PASSED, FAILED, SKIPPED };

static enum outcome run_case(struct kt *kt, const struct kt_case *one, struct kt_actor *me)
{
	const char *why = one->prepare ? one->prepare() : NULL;

	if (why) {
		printf("skip - %s: %s\n", one->name, why);
		return SKIPPED;
	}
	pump(kt, 0);
	drop_frames(kt);
	memset(me, 0, sizeof(*me));
	kt->failures = 0;
	why = act(kt, one, me);
	if (why == missing) {
		printf("skip - %s: %s\n", one->name, why);
		return SKIPPED;
	}
	if (why) {
		printf("# %s\n", why);
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

static const struct kt_case *const groups[] = {
	kt_exec_cases,	 kt_tcp_cases,	    kt_udp_cases,      kt_inet_cases,  kt_serve_cases,
	kt_listen_cases, kt_snapshot_cases, kt_acts_cases,     kt_uring_cases, kt_zoo_cases,
	kt_family_cases, kt_device_cases,   kt_handover_cases, kt_moves_cases, kt_payload_cases,
	kt_unix_cases,	 kt_gone_cases,	    kt_identity_cases
};

/* A sweep that meets a socket between its making and its first use tells it late: once more. */
static enum outcome run_again(struct kt *kt, const struct kt_case *one, struct kt_actor *me,
			      bool again)
{
	enum outcome outcome = run_case(kt, one, me);

	return outcome == FAILED && again ? run_case(kt, one, me) : outcome;
}

static void run_all(struct kt *kt, struct kt_actor *me, const char *only, unsigned int count[3])
{
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++) {
		for (const struct kt_case *one = groups[g]; one->name; one++) {
			if (!only || strcmp(only, one->name) == 0 ||
			    (strcmp(only, "--zoo") == 0 && groups[g] == kt_zoo_cases))
				count[run_again(kt, one, me, groups[g] == kt_zoo_cases)]++;
		}
	}
}

static int run(struct kt *kt, const char *only)
{
	unsigned int count[3] = { 0, 0, 0 };
	struct kt_actor *me = mmap(NULL, sizeof(*me), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int r = me == MAP_FAILED ? -ENOMEM : kt_make_cgroup(kt->cgroup, sizeof(kt->cgroup));

	if (r < 0) {
		printf("not ok - the watched cgroup: %s\n0 passed, 1 failed, 0 skipped\n",
		       strerror(-r));
		return 1;
	}
	kt->decoder = pst_decoder_new();
	r = open_sensor(kt);
	if (r == 0)
		run_all(kt, me, only, count);
	else
		count[FAILED]++;
	if (kt->lost) {
		printf("not ok - %llu frames did not fit into the test's memory\n",
		       (unsigned long long)kt->lost);
		count[FAILED]++;
	}
	if (r == 0)
		pst_sensor_close(kt->sensor, 0);
	drop_frames(kt);
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
