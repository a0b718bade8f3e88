// SPDX-License-Identifier: Apache-2.0
/* Connections that another process opened: passed, stolen, inherited, or made a shell's own. */
#include "zoo.h"

#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int pair[2];

/* The opener: connects, and gives the connection away. */
static int give(int unused)
{
	pid_t peer = -1;
	int fd = zoo_connected(AF_INET, 0, &peer);
	char room[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec part = { .iov_base = (char[]){ 'x' }, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = room,
				  .msg_controllen = sizeof(room) };
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	(void)unused;
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &fd, sizeof(fd));
	if (fd < 0 || sendmsg(pair[0], &message, 0) != 1)
		return 1;
	(void)close(fd);
	return zoo_reap(peer);
}

static int scm_rights(void)
{
	char room[CMSG_SPACE(sizeof(int))], byte;
	struct iovec part = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = room,
				  .msg_controllen = sizeof(room) };
	pid_t opener;
	int fd;

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0)
		return 1;
	opener = zoo_peer(give, -1);
	if (recvmsg(pair[1], &message, 0) != 1 || !CMSG_FIRSTHDR(&message))
		return 1;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return zoo_talk(fd) == 0 && close(fd) == 0 ? zoo_reap(opener) : 1;
}

/* The opener: connects, says which descriptor, and waits until it may close it. */
static int hold(int unused)
{
	pid_t peer = -1;
	int fd = zoo_connected(AF_INET, 0, &peer);
	char byte;

	(void)unused;
	if (fd < 0 || write(pair[0], &fd, sizeof(fd)) != sizeof(fd) || read(pair[0], &byte, 1) != 1)
		return 1;
	(void)close(fd);
	return zoo_reap(peer);
}

static int pidfd_getfd_(void)
{
	pid_t opener;
	int number = -1, handle, fd;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return 1;
	opener = zoo_peer(hold, -1);
	handle = (int)syscall(SYS_pidfd_open, opener, 0);
	if (read(pair[1], &number, sizeof(number)) != sizeof(number))
		return 1;
	fd = (int)syscall(SYS_pidfd_getfd, handle, number, 0);
	if (fd < 0)
		return zoo_end(opener) == 0 ? zoo_missing() : 1;
	if (zoo_talk(fd) || close(fd) < 0 || write(pair[1], "x", 1) != 1)
		return 1;
	return zoo_reap(opener);
}

/* The connection is on descriptor 0 when the next program begins. */
static int exec_with(char *const argv[])
{
	pid_t peer = -1;
	int fd = zoo_connected(AF_INET, 0, &peer), status = 1;
	pid_t child = fork();

	if (child == 0) {
		for (int i = 0; i < 3; i++)
			(void)dup2(fd, i);
		(void)execv("/proc/self/exe", argv);
		_exit(1);
	}
	(void)close(fd);
	if (child < 0 || waitpid(child, &status, 0) != child || status)
		return 1;
	return zoo_reap(peer);
}

static int inherit_exec(void)
{
	return exec_with((char *[]){ zoo_argv[0], (char[]){ "--talk" }, NULL });
}

static int revshell(void)
{
	return exec_with((char *[]){ (char[]){ "sh" }, (char[]){ "--talk" }, NULL });
}

const struct zoo_row zoo_hand_rows[] = {
	{ "scm_rights", scm_rights },
	{ "pidfd_getfd", pidfd_getfd_ },
	{ "inherit_exec", inherit_exec },
	{ "revshell", revshell },
	{ NULL, NULL },
};
