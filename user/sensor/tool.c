// SPDX-License-Identifier: Apache-2.0
/* How is another program asked without being at its mercy? No shell, no environment, no descriptor
 * of ours, bounded memory, CPU time, output and wait; whatever it started ends with it. */
#include "sensor/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"

#define MEMORY_MAX (1024ull << 20) /* address space: apt maps its lists */
#define FILES_MAX 64
#define STEP_BYTES 4096u
#define MS_PER_SECOND 1000

struct run {
	pid_t pid;
	int fd; /* what it prints */
	uint64_t end_ms;
	char *text;
	size_t len, room;
};

static uint64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
	return (uint64_t)now.tv_sec * MS_PER_SECOND + (uint64_t)now.tv_nsec / 1000000;
}

static void bound(__rlimit_resource_t what, rlim_t most)
{
	const struct rlimit limit = { .rlim_cur = most, .rlim_max = most };

	(void)setrlimit(what, &limit); /* to lower a limit is always allowed */
}

/* become - in the child: the tool, or exit status 127 */
static void become(const struct pst_tool *tool, int out)
{
	char *const environment[] = { (char[]){ "LC_ALL=C" }, (char[]){ "PATH=/usr/bin:/bin" },
				      NULL };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	if (null < 0 || setpgid(0, 0) < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 ||
	    dup2(tool->complaints ? out : null, 2) < 0 || close_range(3, ~0u, 0) < 0 ||
	    chdir("/") < 0)
		_exit(127);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* cannot fail */
	bound(RLIMIT_CPU, tool->cpu_seconds);
	bound(RLIMIT_AS, MEMORY_MAX);
	bound(RLIMIT_FSIZE, tool->file_bytes);
	bound(RLIMIT_NOFILE, FILES_MAX);
	bound(RLIMIT_CORE, 0);
	(void)signal(SIGTERM, SIG_DFL);
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGHUP, SIG_DFL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL); /* cannot fail */
	/* execve promises not to write through argv */
	(void)execve(tool->argv[0], (char *const *)tool->argv, environment);
	_exit(127);
}

static int begin(const struct pst_tool *tool, struct run *run)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	run->end_ms = now_ms() + (uint64_t)tool->seconds * MS_PER_SECOND;
	run->pid = fork();
	if (run->pid == 0)
		become(tool, ends[1]);
	(void)close(ends[1]);
	run->fd = ends[0];
	if (run->pid > 0)
		return 0;
	(void)close(take_fd(&run->fd));
	return -EAGAIN;
}

/* make_room - for a step more; -E2BIG beyond the limit */
static int make_room(const struct pst_tool *tool, struct run *run)
{
	size_t wanted = run->room ? run->room * 2 : STEP_BYTES;
	char *more;

	if (run->len < run->room)
		return 0;
	if (run->len > tool->limit)
		return -E2BIG;
	more = realloc(run->text, wanted);
	if (!more)
		return -ENOMEM;
	run->text = more;
	run->room = wanted;
	return 0;
}

/* listen_to - all that it prints, until it closes its output */
static int listen_to(const struct pst_tool *tool, struct run *run)
{
	for (;;) { /* ends at the limit of bytes or of time */
		struct pollfd wait[] = { { .fd = run->fd, .events = POLLIN },
					 { .fd = PST_OWN_FD } };
		uint64_t now = now_ms();
		ssize_t got;
		int r;

		if (now >= run->end_ms || poll(wait, 2, (int)(run->end_ms - now)) == 0)
			return -ETIMEDOUT;
		if (wait[1].revents) /* who asked is gone */
			return -EPIPE;
		r = make_room(tool, run);
		if (r < 0)
			return r;
		got = read(run->fd, run->text + run->len, run->room - run->len);
		if (got < 0 && errno != EINTR)
			return -errno;
		if (got == 0)
			return run->len > tool->limit ? -E2BIG : 0;
		run->len += got > 0 ? (size_t)got : 0;
	}
}

/* finish - its exit status; one that closed its output and stays is ended, and so is what it left
 * behind: before it is reaped, while nobody else can have its number */
static int finish(struct run *run, int heard)
{
	const struct timespec moment = { .tv_nsec = 1000000 };
	siginfo_t ended = { .si_pid = 0 };
	int status = 0, r = heard;

	while (r == 0 && !ended.si_pid) {
		if (waitid(P_PID, (id_t)run->pid, &ended, WEXITED | WNOHANG | WNOWAIT) < 0)
			r = -errno;
		else if (!ended.si_pid && now_ms() >= run->end_ms)
			r = -ETIMEDOUT;
		else if (!ended.si_pid)
			(void)nanosleep(&moment, NULL); /* a shorter one is fine */
	}
	(void)kill(-run->pid, SIGKILL); /* there is no such group before it has made it */
	(void)kill(run->pid, SIGKILL);
	while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (r < 0)
		return r;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}

int pst_tool_run(const struct pst_tool *tool, char **out, size_t *len)
{
	struct run run = { .fd = -1 };
	int r = begin(tool, &run);

	if (r < 0)
		return r;
	r = finish(&run, listen_to(tool, &run));
	(void)close(take_fd(&run.fd));
	if (r < 0) {
		free(run.text);
		return r;
	}
	*out = run.text;
	*len = run.len;
	return r;
}
