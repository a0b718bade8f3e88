// SPDX-License-Identifier: Apache-2.0
/* Channels that the kernel makes on a process's behalf: tunnels of its own, and sockets that it
 * couples. */
#include "zoo.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct link_ask {
	struct nlmsghdr head;
	struct ifinfomsg body;
	char room[512];
};

static struct rtattr *put(struct link_ask *ask, unsigned short type, const void *data, size_t len)
{
	struct rtattr *at = (struct rtattr *)((char *)ask + NLMSG_ALIGN(ask->head.nlmsg_len));

	at->rta_type = type;
	at->rta_len = (unsigned short)RTA_LENGTH(len);
	if (len)
		memcpy(RTA_DATA(at), data, len);
	ask->head.nlmsg_len = NLMSG_ALIGN(ask->head.nlmsg_len) +
			      (unsigned int)RTA_ALIGN(at->rta_len);
	return at;
}

static void end(struct link_ask *ask, struct rtattr *nest)
{
	nest->rta_len = (unsigned short)((char *)ask + ask->head.nlmsg_len - (char *)nest);
}

static int answer(int fd)
{
	struct {
		struct nlmsghdr head;
		struct nlmsgerr body;
		char room[256];
	} text;

	if (recv(fd, &text, sizeof(text), 0) <
	    (ssize_t)(sizeof(text.head) + sizeof(text.body.error)))
		return 1;
	errno = -text.body.error;
	return errno ? zoo_missing() : 0;
}

/* Made in a network namespace of its own, which goes when the actor ends. */
static int add_link(const char *kind, void (*data)(struct link_ask *ask))
{
	struct link_ask ask = { .head = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)),
					  .nlmsg_type = RTM_NEWLINK,
					  .nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL |
							 NLM_F_ACK } };
	struct rtattr *info, *inner;
	int fd;

	if (unshare(CLONE_NEWNET) < 0)
		return zoo_missing();
	fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	(void)put(&ask, IFLA_IFNAME, "zoolink", sizeof("zoolink"));
	info = put(&ask, IFLA_LINKINFO, NULL, 0);
	(void)put(&ask, IFLA_INFO_KIND, kind, strlen(kind));
	if (data) {
		inner = put(&ask, IFLA_INFO_DATA, NULL, 0);
		data(&ask);
		end(&ask, inner);
	}
	end(&ask, info);
	if (send(fd, &ask, ask.head.nlmsg_len, 0) != (ssize_t)ask.head.nlmsg_len)
		return 1;
	return answer(fd);
}

static void vxlan_data(struct link_ask *ask)
{
	uint32_t id = 7, group = htonl(INADDR_LOOPBACK);

	(void)put(ask, IFLA_VXLAN_ID, &id, sizeof(id));
	(void)put(ask, IFLA_VXLAN_GROUP, &group, sizeof(group));
}

static void gre_data(struct link_ask *ask)
{
	uint32_t remote = htonl(INADDR_LOOPBACK);

	(void)put(ask, IFLA_GRE_REMOTE, &remote, sizeof(remote));
}

static int wireguard(void)
{
	return add_link("wireguard", NULL);
}

static int vxlan(void)
{
	return add_link("vxlan", vxlan_data);
}

static int gre(void)
{
	return add_link("gre", gre_data);
}

static int bpf(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* What comes in on one connection goes out on another, and no process reads it. */
static int sockmap(void)
{
	union bpf_attr map = {
		.map_type = BPF_MAP_TYPE_SOCKMAP, .key_size = 4, .value_size = 4, .max_entries = 2
	};
	union bpf_attr set = { 0 };
	uint32_t key = 0;
	pid_t peer = -1;
	int fd = zoo_connected(AF_INET, 0, &peer), maps = bpf(BPF_MAP_CREATE, &map), r;

	if (maps < 0)
		return zoo_end(peer) == 0 ? ZOO_MISSING : 1;
	set.map_fd = (uint32_t)maps;
	set.key = (uint64_t)(uintptr_t)&key;
	set.value = (uint64_t)(uintptr_t)&fd;
	r = bpf(BPF_MAP_UPDATE_ELEM, &set) == 0 ? 0 : zoo_missing();
	if (r == 0)
		r = zoo_talk(fd);
	(void)close(fd);
	return r == 0 ? zoo_reap(peer) : r;
}

const struct zoo_row zoo_kernel_rows[] = { { "wireguard", wireguard },
					   { "vxlan", vxlan },
					   { "gre", gre },
					   { "sockmap", sockmap },
					   { NULL, NULL } };
