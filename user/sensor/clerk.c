// SPDX-License-Identifier: Apache-2.0
/* Who may ask the host's package tools, and read what they print, or what a container runtime
 * wrote? A process that holds nothing: a path goes in, or a file; a fixed-size answer comes out. */
#include "sensor/worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"

#define ANSWER_MS 180000 /* above the sum of what its tools may take */
#define NICENESS 10
#define PAUSE_SHARE 2 /* it rests twice as long as it worked: a third of a CPU at most */
#define PAUSE_MAX_MS 2000
#define NS_PER_MILLISECOND 1000000ull
#define NS_PER_SECOND 1000000000ull

static uint64_t now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

/* rest - unless the worker ends */
static void rest(uint64_t worked_ns)
{
	struct pollfd wait = { .fd = PST_OWN_FD };
	uint64_t ms = worked_ns * PAUSE_SHARE / NS_PER_MILLISECOND;

	(void)poll(&wait, 1, (int)(ms > PAUSE_MAX_MS ? PAUSE_MAX_MS : ms)); /* or a shorter one */
}

union one_file { /* of a message */
	struct cmsghdr head;
	char bytes[CMSG_SPACE(sizeof(int))];
};

/* receive - a question, terminated, and the @file that came with it, -1: none; its length, 0 or
 * less: the worker ended */
static ssize_t receive(char *text, size_t size, int *file)
{
	union one_file room = { .bytes = { 0 } };
	struct iovec part = { .iov_base = text, .iov_len = size - 1 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = room.bytes,
				  .msg_controllen = sizeof(room.bytes) };
	ssize_t got = recvmsg(PST_OWN_FD, &message, MSG_CMSG_CLOEXEC);
	const struct cmsghdr *sent = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;

	*file = -1;
	if (sent && sent->cmsg_type == SCM_RIGHTS && sent->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(file, CMSG_DATA(sent), sizeof(*file));
	text[got > 0 ? got : 0] = '\0';
	return got;
}

/* serve - until the worker ends */
static void serve(const char *origins)
{
	struct pst_packages *packages = pst_packages_new(origins);
	char text[PST_PATH_MAX];
	int got_file;

	while (packages && receive(text, sizeof(text), &got_file) > 0) {
		_cleanup_close_ int file = got_file;
		struct pst_clerk_answer answer;
		uint64_t began = now_ns();

		answer = file >= 0 ? pst_container_read(file, text) :
				     pst_packages_find(packages, text);
		if (send(PST_OWN_FD, &answer, sizeof(answer), MSG_NOSIGNAL) < 0)
			break;
		rest(now_ns() - began);
	}
	_exit(0);
}

void pst_clerk_start(struct pst_clerk *clerk, const char *origins)
{
	pid_t parent = getpid();
	int ends[2];

	clerk->fd = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return;
	clerk->pid = fork();
	if (clerk->pid == 0) {
		pst_privilege_child(parent, ends[1]);
		(void)prctl(PR_SET_NAME, "postern-clerk");
		(void)setpriority(PRIO_PROCESS, 0, NICENESS);
		pst_privilege_nobody();
		serve(origins);
	}
	(void)close(ends[1]);
	if (clerk->pid > 0)
		clerk->fd = ends[0];
	else
		(void)close(ends[0]);
}

/* dismiss - one that is late or gone is not asked again */
static void dismiss(struct pst_clerk *clerk)
{
	(void)kill(clerk->pid, SIGKILL);
	(void)waitpid(clerk->pid, NULL, 0);
	(void)close(take_fd(&clerk->fd));
}

/* terminate - its texts, whatever it sent */
static void terminate(struct pst_clerk_answer *answer)
{
	answer->manager[sizeof(answer->manager) - 1] = '\0';
	answer->package[sizeof(answer->package) - 1] = '\0';
	answer->version[sizeof(answer->version) - 1] = '\0';
	answer->origin[sizeof(answer->origin) - 1] = '\0';
	answer->image[sizeof(answer->image) - 1] = '\0';
	if (answer->owner > PST_IDENT_OWNER_VENDOR)
		answer->owner = 0;
}

static ssize_t put(const struct pst_clerk *clerk, const char *text, int file)
{
	union one_file room = { .bytes = { 0 } };
	struct iovec part = { .iov_base = (char *)text, .iov_len = strlen(text) }; /* only read */
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (file >= 0) {
		room.head = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof(int)),
					      .cmsg_level = SOL_SOCKET,
					      .cmsg_type = SCM_RIGHTS };
		memcpy(CMSG_DATA(&room.head), &file, sizeof(file));
		message.msg_control = room.bytes;
		message.msg_controllen = sizeof(room.bytes);
	}
	return sendmsg(clerk->fd, &message, MSG_NOSIGNAL);
}

struct pst_clerk_answer pst_clerk_ask(struct pst_clerk *clerk, const char *text, int file)
{
	struct pst_clerk_answer answer = { .owner = 0 };
	struct pollfd wait = { .fd = clerk->fd, .events = POLLIN };

	if (clerk->fd < 0)
		return answer;
	if (put(clerk, text, file) < 0 || poll(&wait, 1, ANSWER_MS) <= 0 ||
	    recv(clerk->fd, &answer, sizeof(answer), 0) != (ssize_t)sizeof(answer)) {
		dismiss(clerk);
		return (struct pst_clerk_answer){ .owner = 0 };
	}
	terminate(&answer);
	return answer;
}
