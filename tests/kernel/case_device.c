// SPDX-License-Identifier: Apache-2.0
/* Packet sockets, vsock and the kernel's own ciphers: which channel, which name, how many bytes. */
#include <arpa/inet.h>
#include <linux/if_alg.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <linux/vm_sockets.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kt.h"
#include "named.h"

static char block[4096];

static int packet_socket(int type, struct sockaddr_ll *to)
{
	static const uint8_t nobody[6] = { 2, 0, 0, 0, 0, 1 };

	memset(to, 0, sizeof(*to));
	to->sll_family = AF_PACKET;
	to->sll_protocol = htons(0x88b5); /* for experiments: IEEE 802 */
	to->sll_ifindex = (int)if_nametoindex("lo");
	to->sll_halen = sizeof(nobody);
	memcpy(to->sll_addr, nobody, sizeof(nobody));
	return socket(AF_PACKET, type | SOCK_CLOEXEC, htons(0x88b5));
}

static int act_a_packet_socket_is_a_channel_on_its_interface(struct kt_actor *me)
{
	struct sockaddr_ll own;
	int fd = packet_socket(SOCK_RAW, &own);
	int on = 1;

	if (fd < 0)
		return KT_MISSING;
	me->number = (uint64_t)own.sll_ifindex;
	if (bind(fd, (struct sockaddr *)&own, sizeof(own)) < 0 || send(fd, block, 60, 0) != 60)
		return 1;
	(void)setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on)); /* the send tells */
	return send(fd, block, 61, 0) != 61;
}

static bool is_packet(const struct pst_event *event, const void *context)
{
	const struct kt_actor *me = context;
	const struct pst_addr *peer = &event->channel.peer;

	return event->type == PST_EVENT_CHANNEL && event->task.proc.tgid == me->pid &&
	       event->channel.kind == PST_PACKET && event->channel.peer_port == 0x88b5 &&
	       peer->b[3] == me->number;
}

static bool is_packet_sample(const struct pst_event *event, const void *context)
{
	const struct kt_actor *me = context;

	return event->type == PST_EVENT_SAMPLE && event->task.proc.tgid == me->pid &&
	       event->sample.kind == PST_PACKET && event->sample.port == 0x88b5 &&
	       event->sample.peer.b[3] == me->number;
}

static void check_a_packet_socket_is_a_channel_on_its_interface(struct kt *kt,
								const struct kt_actor *me)
{
	const struct pst_event *event;

	if (kt_tier(kt) == KT_OLD)
		return;
	event = kt_find(kt, is_packet, me);
	KT_NEED(kt, event);
	kt_task(kt, event, me);
	KT_EQUAL(kt, event->channel.sock_type, SOCK_RAW);
	KT_TRUE(kt, event->channel.name.len == 2 && memcmp(event->channel.name.data, "lo", 2) == 0);
	event = kt_last(kt, is_packet_sample, me);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.bytes_out, 121);
	KT_EQUAL(kt, event->sample.count.packets_out, 2);
	KT_TRUE(kt, !event->sample.bare);
}

static int act_a_packet_socket_alone_is_bare(struct kt_actor *me)
{
	(void)me; /* nothing to remember */
	return socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(0x88b5)) < 0 ? KT_MISSING : 0;
}

static void check_a_packet_socket_alone_is_bare(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event;

	KT_EQUAL(kt, kt_channels_of(kt, me->pid), kt_tier(kt) == KT_FULL ? 1 : 0);
	if (kt_tier(kt) != KT_FULL)
		return;
	event = kt_channel(kt, me->pid, PST_PACKET, 0x88b5);
	KT_NEED(kt, event);
	KT_TRUE(kt, event->channel.bare);
}

static int act_a_vsock_connection_is_a_channel(struct kt_actor *me)
{
	struct sockaddr_vm own = { .svm_family = AF_VSOCK,
				   .svm_cid = VMADDR_CID_LOCAL,
				   .svm_port = 9000 };
	int listener = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0), fd, peer;

	(void)me; /* nothing to remember */
	if (listener < 0 || bind(listener, (struct sockaddr *)&own, sizeof(own)) < 0)
		return KT_MISSING;
	fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listen(listener, 1) < 0 || connect(fd, (struct sockaddr *)&own, sizeof(own)) < 0)
		return 1;
	peer = accept(listener, NULL, NULL);
	return peer < 0 || write(fd, block, 900) != 900 || kt_read_all(peer, 900);
}

static bool is_vsock(const struct pst_event *event, const void *context)
{
	static const struct pst_addr peer = { { 0, 0, 0, 1, 0, 0, 0x23, 0x28 } };

	return event->type == PST_EVENT_SAMPLE && event->sample.kind == PST_VSOCK &&
	       event->task.proc.tgid == *(const uint32_t *)context &&
	       pst_addr_equal(&event->sample.peer, &peer);
}

static void check_a_vsock_connection_is_a_channel(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event;

	if (kt_tier(kt) == KT_OLD)
		return;
	event = kt_last(kt, is_vsock, &me->pid);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.bytes_out, 900);
}

static int act_a_hash_of_the_kernel_is_a_channel(struct kt_actor *me)
{
	struct sockaddr_alg alg = { .salg_family = AF_ALG,
				    .salg_type = "hash",
				    .salg_name = "sha256" };
	int fd = socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), op;

	(void)me; /* nothing to remember */
	if (fd < 0 || bind(fd, (struct sockaddr *)&alg, sizeof(alg)) < 0)
		return KT_MISSING;
	op = accept(fd, NULL, NULL);
	return op < 0 || write(op, block, 250) != 250 || kt_read_all(op, 32);
}

static void check_a_hash_of_the_kernel_is_a_channel(struct kt *kt, const struct kt_actor *me)
{
	struct named wanted = { PST_EVENT_CHANNEL, me->pid, PST_ALG, "hash:sha256", 11 };

	if (kt_tier(kt) != KT_OLD)
		kt_check_side(kt, &wanted, 250, 32);
}

/* Messages that ask for a link. Each has an attribute that is too short, so that the kernel refuses
 * it and does nothing. */
struct links {
	uint8_t bytes[1024];
	size_t len;
};

static void attribute(struct links *links, uint16_t type, const void *value, size_t len)
{
	const struct rtattr head = { .rta_len = (uint16_t)RTA_LENGTH(len), .rta_type = type };

	memset(links->bytes + links->len, 'x', RTA_SPACE(len)); /* what fills up is no text */
	memcpy(links->bytes + links->len, &head, sizeof(head));
	memcpy(links->bytes + links->len + RTA_LENGTH(0), value, len);
	links->len += RTA_SPACE(len);
}

static void link_info(struct links *links, const char *kind)
{
	struct links info = { .len = 0 };

	attribute(&info, IFLA_INFO_KIND, kind, strlen(kind));
	attribute(links, IFLA_LINKINFO, info.bytes, info.len);
}

/* @junk attributes that nobody knows, then that of a dummy, and of a tunnel. */
static void link_asked(struct links *links, uint16_t type, unsigned int junk)
{
	struct nlmsghdr head = { .nlmsg_type = type,
				 .nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL };
	size_t begin = links->len;

	links->len += NLMSG_SPACE(sizeof(struct ifinfomsg));
	attribute(links, IFLA_MTU, "", 1);
	while (junk--)
		attribute(links, 2000, "", 0);
	link_info(links, "dummy");
	link_info(links, "gre");
	attribute(links, IFLA_IFNAME, "pstkt0", 7);
	head.nlmsg_len = (uint32_t)(links->len - begin);
	memcpy(links->bytes + begin, &head, sizeof(head));
}

static int links_sent(int fd, const struct links *links)
{
	return send(fd, links->bytes, links->len, 0) != (ssize_t)links->len;
}

static int act_a_tunnel_is_told_however_its_message_is_made(struct kt_actor *me)
{
	struct links plain = { .len = 0 }, full = { .len = 0 }, second = { .len = 0 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	(void)me; /* nothing to remember */
	link_asked(&plain, RTM_NEWLINK, 0);
	link_asked(&full, RTM_NEWLINK, 100);
	link_asked(&second, RTM_GETLINK, 0);
	link_asked(&second, RTM_NEWLINK, 0);
	return fd < 0 || links_sent(fd, &plain) || links_sent(fd, &full) || links_sent(fd, &second);
}

static uint64_t tunnels_asked(struct kt *kt, const struct kt_actor *me, const char *name)
{
	struct named wanted = { PST_EVENT_SAMPLE, me->pid, PST_TUNNEL, name, strlen(name) };
	const struct pst_event *event = kt_last(kt, kt_is_named, &wanted);

	return event && event->sample.kernel ? event->sample.count.attempts : 0;
}

static void check_a_tunnel_is_told_however_its_message_is_made(struct kt *kt,
							       const struct kt_actor *me)
{
	if (kt_tier(kt) != KT_FULL)
		return;
	KT_EQUAL(kt, tunnels_asked(kt, me, "gre:pstkt0"), 1);
	KT_EQUAL(kt, tunnels_asked(kt, me, "?"), 2); /* which sort of link cannot be told */
}

const struct kt_case kt_device_cases[] = {
	CASE(a_packet_socket_is_a_channel_on_its_interface),
	CASE(a_packet_socket_alone_is_bare),
	CASE(a_vsock_connection_is_a_channel),
	CASE(a_hash_of_the_kernel_is_a_channel),
	CASE(a_tunnel_is_told_however_its_message_is_made),
	{ NULL, NULL, NULL, NULL, NULL },
};
