// SPDX-License-Identifier: Apache-2.0
/* Does each program run when it should? A child process makes one real, harmless call of each sort:
 * an exec, TCP and UDP over loopback, unix sockets, a descriptor passed, a filter that lets all
 * through. It is moved into the watched cgroup first, else no cgroup
 * program could answer. The kernel side knows it as the canary: its calls move the hooks' counters
 * and reach no profile. */
#include "sensor/room.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"

#define CANARY_SECONDS \
	3 /* after which it is ended: a firewall that drops loopback must not hold up the start */

static const char *const harmless[] = { "/bin/true", "/usr/bin/true", "/bin/busybox" };

static socklen_t loopback(int family, struct sockaddr_storage *out)
{
	memset(out, 0, sizeof(*out));
	out->ss_family = (sa_family_t)family;
	if (family == AF_INET) {
		((struct sockaddr_in *)out)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return sizeof(struct sockaddr_in);
	}
	((struct sockaddr_in6 *)out)->sin6_addr = in6addr_loopback;
	return sizeof(struct sockaddr_in6);
}

/* bound - a socket on a free loopback port, whose address is left in @at */
static int bound(int family, int type, struct sockaddr_storage *at, socklen_t *len)
{
	_cleanup_close_ int fd = socket(family, type | SOCK_CLOEXEC, 0);

	*len = loopback(family, at);
	if (fd < 0 || bind(fd, (struct sockaddr *)at, *len) < 0 ||
	    getsockname(fd, (struct sockaddr *)at, len) < 0)
		return -1;
	return take_fd(&fd);
}

static bool call_tcp(int family)
{
	struct sockaddr_storage at;
	socklen_t len;
	_cleanup_close_ int server = bound(family, SOCK_STREAM, &at, &len);
	_cleanup_close_ int client = -1;
	_cleanup_close_ int accepted = -1;
	char byte;

	if (server < 0 || listen(server, 1) < 0)
		return false;
	client = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client < 0 || connect(client, (struct sockaddr *)&at, len) < 0)
		return false;
	accepted = accept4(server, NULL, NULL, SOCK_CLOEXEC);
	return accepted >= 0 && send(client, "", 1, MSG_NOSIGNAL) == 1 &&
	       recv(accepted, &byte, 1, 0) == 1;
}

static bool call_udp(int family)
{
	struct sockaddr_storage at;
	socklen_t len;
	_cleanup_close_ int server = bound(family, SOCK_DGRAM, &at, &len);
	_cleanup_close_ int client = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char byte;

	if (server < 0 || client < 0 ||
	    sendto(client, "", 1, MSG_NOSIGNAL, (struct sockaddr *)&at, len) != 1)
		return false;
	return recv(server, &byte, 1, 0) == 1;
}

/* own_name - an abstract name of this process */
static socklen_t own_name(struct sockaddr_un *at)
{
	int length;

	memset(at, 0, sizeof(*at));
	at->sun_family = AF_UNIX;
	length = snprintf(at->sun_path + 1, sizeof(at->sun_path) - 1, "postern-canary-%d",
			  (int)getpid());
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
}

/* call_datagram - to itself */
static bool call_datagram(void)
{
	struct sockaddr_un at;
	socklen_t len = own_name(&at);
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char byte;

	return fd >= 0 && bind(fd, (struct sockaddr *)&at, len) == 0 &&
	       sendto(fd, "", 1, MSG_NOSIGNAL, (struct sockaddr *)&at, len) == 1 &&
	       recv(fd, &byte, 1, 0) == 1;
}

/* unix_pair - two ends of a connection over a named socket */
static bool unix_pair(int ends[2])
{
	struct sockaddr_un at;
	socklen_t len = own_name(&at);
	_cleanup_close_ int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	_cleanup_close_ int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int accepted;

	if (server < 0 || client < 0 || bind(server, (struct sockaddr *)&at, len) < 0 ||
	    listen(server, 1) < 0 || connect(client, (struct sockaddr *)&at, len) < 0)
		return false;
	accepted = accept4(server, NULL, NULL, SOCK_CLOEXEC);
	if (accepted < 0)
		return false;
	ends[0] = take_fd(&client);
	ends[1] = accepted;
	return true;
}

/* pass - the descriptor of a socket over a unix socket, and one byte */
static bool pass(int from, int to)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} room = { .bytes = { 0 } };
	char byte = 0;
	struct iovec data = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = room.bytes,
				  .msg_controllen = sizeof(room.bytes) };
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &from, sizeof(from));
	return sendmsg(from, &message, MSG_NOSIGNAL) == 1 &&
	       recvmsg(to, &message, MSG_CMSG_CLOEXEC) == 1;
}

/* call_unix - both calls over unix sockets; returns their bits */
static unsigned int call_unix(void)
{
	_cleanup_close_ int client = -1;
	_cleanup_close_ int accepted = -1;
	unsigned int worked = 0;
	int ends[2];
	char byte;

	if (!unix_pair(ends))
		return 0;
	client = ends[0];
	accepted = ends[1];
	if (send(client, "", 1, MSG_NOSIGNAL) == 1 && recv(accepted, &byte, 1, 0) == 1)
		worked |= 1u << PST_CANARY_UNIX;
	if (pass(client, accepted)) /* what was received is closed when the child ends */
		worked |= 1u << PST_CANARY_PASS;
	return worked;
}

static bool call_filter(void)
{
	struct sock_filter all[] = { BPF_STMT(BPF_RET | BPF_K, 0xffffffffu) };
	const struct sock_fprog program = { .len = 1, .filter = all };
	_cleanup_close_ int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	return fd >= 0 &&
	       setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0;
}

static bool call_exec(void)
{
	char *const argv[] = { (char[]){ "true" }, NULL };
	char *const envp[] = { NULL };
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
			(void)execve(harmless[i], argv, envp); /* returns only when it failed */
		_exit(127);
	}
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
	       WEXITSTATUS(status) != 127;
}

static bool join_cgroup(int cgroup_fd)
{
	_cleanup_close_ int fd = openat(cgroup_fd, "cgroup.procs", O_WRONLY | O_CLOEXEC);

	return fd >= 0 && write(fd, "0", 1) == 1;
}

static void call_all(int cgroup_fd, int result)
{
	unsigned int worked = 0;

	(void)signal(SIGALRM, SIG_DFL);
	(void)alarm(CANARY_SECONDS);
	if (cgroup_fd >= 0 && !join_cgroup(cgroup_fd))
		_exit(1);
	worked |= call_exec() ? 1u << PST_CANARY_EXEC : 0;
	worked |= call_tcp(AF_INET) ? 1u << PST_CANARY_TCP4 : 0;
	worked |= call_udp(AF_INET) ? 1u << PST_CANARY_UDP4 : 0;
	worked |= call_tcp(AF_INET6) ? 1u << PST_CANARY_TCP6 : 0;
	worked |= call_udp(AF_INET6) ? 1u << PST_CANARY_UDP6 : 0;
	worked |= call_unix();
	worked |= call_datagram() ? 1u << PST_CANARY_DATAGRAM : 0;
	worked |= call_filter() ? 1u << PST_CANARY_FILTER : 0;
	if (write(result, &worked, sizeof(worked)) != sizeof(worked))
		_exit(1);
	_exit(0);
}

int pst_canary_call(struct pst_sensor *sensor)
{
	_cleanup_close_ int read_end = -1;
	_cleanup_close_ int write_end = -1;
	unsigned int worked = 0;
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	read_end = ends[0];
	write_end = ends[1];
	pst_loader_set_canary(sensor, 1);
	child = fork();
	if (child == 0)
		call_all(sensor->root_cgroup ? -1 : sensor->cgroup_fd, write_end);
	if (child < 0) {
		int r = -errno;

		pst_loader_set_canary(sensor, 0);
		return r;
	}
	(void)close(take_fd(&write_end));
	if (read(read_end, &worked, sizeof(worked)) != (ssize_t)sizeof(worked))
		worked = 0; /* it was ended by its alarm, or could not enter the cgroup */
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	pst_loader_set_canary(sensor, 0);
	return (int)worked;
}
