// SPDX-License-Identifier: Apache-2.0
/* Channels that have no internet address: within the host, to its hypervisor, to the kernel. */
#include "zoo.h"

#include <errno.h>
#include <linux/if_alg.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/vm_sockets.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

static socklen_t unix_name(struct sockaddr_un *at, int abstract)
{
	memset(at, 0, sizeof(*at));
	at->sun_family = AF_UNIX;
	(void)snprintf(at->sun_path + (abstract != 0), sizeof(at->sun_path) - 1, "/tmp/zoo-%d",
		       getpid());
	if (!abstract) {
		(void)unlink(at->sun_path);
		return sizeof(*at);
	}
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(at->sun_path + 1));
}

static int over_unix(int type, int abstract)
{
	struct sockaddr_un at;
	socklen_t len = unix_name(&at, abstract);
	int server = socket(AF_UNIX, type, 0), fd;
	pid_t peer;
	int r;

	if (server < 0 || bind(server, (struct sockaddr *)&at, len) < 0 || listen(server, 1) < 0)
		return 1;
	peer = zoo_peer(zoo_serve_stream, server);
	fd = socket(AF_UNIX, type, 0);
	r = connect(fd, (struct sockaddr *)&at, len) == 0 ? zoo_talk(fd) : 1;
	(void)close(fd);
	if (!abstract)
		(void)unlink(at.sun_path);
	return r == 0 ? zoo_reap(peer) : r;
}

static int unix_stream(void)
{
	return over_unix(SOCK_STREAM, 0);
}

static int unix_abstract(void)
{
	return over_unix(SOCK_STREAM, 1);
}

static int unix_seqpacket(void)
{
	return over_unix(SOCK_SEQPACKET, 0);
}

static int unix_dgram(void)
{
	struct sockaddr_un at;
	socklen_t len = unix_name(&at, 0);
	int server = socket(AF_UNIX, SOCK_DGRAM, 0), fd = socket(AF_UNIX, SOCK_DGRAM, 0), r;

	if (bind(server, (struct sockaddr *)&at, len) < 0)
		return 1;
	r = sendto(fd, ZOO_OUT, strlen(ZOO_OUT), 0, (struct sockaddr *)&at, len) ==
			    (ssize_t)strlen(ZOO_OUT) ?
		    0 :
		    1;
	(void)unlink(at.sun_path);
	return r;
}

static int socketpair_(void)
{
	char text[16];
	int fd[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == 0 &&
			       send(fd[0], ZOO_OUT, strlen(ZOO_OUT), 0) ==
				       (ssize_t)strlen(ZOO_OUT) &&
			       zoo_read_all(fd[1], text, strlen(ZOO_OUT)) == 0 ?
		       0 :
		       1;
}

struct ask_route {
	struct nlmsghdr head;
	struct rtgenmsg body;
};

static int ask(int protocol, const void *data, size_t len)
{
	int fd = socket(AF_NETLINK, SOCK_RAW, protocol);
	char answer[8192];

	if (fd < 0)
		return zoo_missing();
	return send(fd, data, len, 0) == (ssize_t)len && recv(fd, answer, sizeof(answer), 0) > 0 ?
		       0 :
		       1;
}

static int netlink_route(void)
{
	struct ask_route ask_it = { .head = { .nlmsg_len = sizeof(ask_it),
					      .nlmsg_type = RTM_GETLINK,
					      .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP } };

	return ask(NETLINK_ROUTE, &ask_it, sizeof(ask_it));
}

static int netlink_diag(void)
{
	struct {
		struct nlmsghdr head;
		struct sock_diag_req body;
	} ask_it = { .head = { .nlmsg_len = sizeof(ask_it),
			       .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			       .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		     .body = { .sdiag_family = AF_NETLINK } };

	return ask(NETLINK_SOCK_DIAG, &ask_it, sizeof(ask_it));
}

/* Two processes may talk over it without the kernel's taking part. */
static int netlink_user(void)
{
	struct sockaddr_nl at = { .nl_family = AF_NETLINK };
	socklen_t len = sizeof(at);
	int a = socket(AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK),
	    b = socket(AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK);
	struct nlmsghdr head = { .nlmsg_len = sizeof(head) };
	char text[64];

	if (a < 0 || b < 0)
		return zoo_missing();
	return bind(a, (struct sockaddr *)&at, sizeof(at)) == 0 &&
			       getsockname(a, (struct sockaddr *)&at, &len) == 0 &&
			       sendto(b, &head, sizeof(head), 0, (struct sockaddr *)&at,
				      sizeof(at)) == (ssize_t)sizeof(head) &&
			       recv(a, text, sizeof(text), 0) == (ssize_t)sizeof(head) ?
		       0 :
		       1;
}

static int af_alg(void)
{
	struct sockaddr_alg at = { .salg_family = AF_ALG,
				   .salg_type = "hash",
				   .salg_name = "sha256" };
	int fd = socket(AF_ALG, SOCK_SEQPACKET, 0), one;
	char digest[32];

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		return zoo_missing();
	one = accept(fd, NULL, NULL);
	return send(one, ZOO_OUT, strlen(ZOO_OUT), 0) == (ssize_t)strlen(ZOO_OUT) &&
			       recv(one, digest, sizeof(digest), 0) == sizeof(digest) ?
		       0 :
		       1;
}

static int vsock(void)
{
	struct sockaddr_vm at = { .svm_family = AF_VSOCK,
				  .svm_cid = VMADDR_CID_ANY,
				  .svm_port = VMADDR_PORT_ANY };
	socklen_t len = sizeof(at);
	int server = socket(AF_VSOCK, SOCK_STREAM, 0), fd;
	pid_t peer;
	int r;

	if (server < 0 || bind(server, (struct sockaddr *)&at, sizeof(at)) < 0 ||
	    listen(server, 1) < 0 || getsockname(server, (struct sockaddr *)&at, &len) < 0)
		return zoo_missing();
	peer = zoo_peer(zoo_serve_stream, server);
	at.svm_cid = VMADDR_CID_LOCAL;
	fd = socket(AF_VSOCK, SOCK_STREAM, 0);
	if (connect(fd, (struct sockaddr *)&at, sizeof(at)) < 0) {
		r = errno == ETIMEDOUT ? ZOO_MISSING : zoo_missing(); /* no loopback transport */
		return zoo_end(peer) == 0 ? r : 1;
	}
	r = zoo_talk(fd);
	(void)close(fd);
	return r == 0 ? zoo_reap(peer) : r;
}

/* Families that few have: the attempt counts, for it makes the kernel look for a module. */
static int attempt(int family, int type)
{
	int fd = socket(family, type, 0);

	if (fd < 0 && errno != EAFNOSUPPORT && errno != EPROTONOSUPPORT && errno != ESOCKTNOSUPPORT)
		return 1;
	return 0;
}

static int smc(void)
{
	return attempt(43, SOCK_STREAM);
}

static int tipc(void)
{
	return attempt(AF_TIPC, SOCK_RDM);
}

static int pf_key(void)
{
	return attempt(AF_KEY, SOCK_RAW);
}

static int bluetooth(void)
{
	return attempt(AF_BLUETOOTH, SOCK_SEQPACKET);
}

static int can(void)
{
	return attempt(AF_CAN, SOCK_RAW);
}

const struct zoo_row zoo_family_rows[] = {
	{ "vsock", vsock },
	{ "unix_stream", unix_stream },
	{ "unix_dgram", unix_dgram },
	{ "unix_abstract", unix_abstract },
	{ "unix_seqpacket", unix_seqpacket },
	{ "socketpair", socketpair_ },
	{ "netlink_route", netlink_route },
	{ "netlink_diag", netlink_diag },
	{ "netlink_user", netlink_user },
	{ "af_alg", af_alg },
	{ "smc", smc },
	{ "tipc", tipc },
	{ "pf_key", pf_key },
	{ "bluetooth", bluetooth },
	{ "can", can },
	{ NULL, NULL },
};
