// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Which process has the kernel make a tunnel? WireGuard, GRE, VXLAN and their like need no socket
 * of the process that asks for them: it sends one netlink message, and the kernel carries the
 * packets from then on. */
#include "lib/first.h"
#include "lib/watched.h"

#define NETLINK_ROUTE 0
#define RTM_NEWLINK 16
#define NLM_F_CREATE 0x400
#define IFLA_IFNAME 3
#define IFLA_LINKINFO 18
#define IFLA_INFO_KIND 1
#define NLA_TYPE_MASK 0x3fff
#define ATTRIBUTES 24 /* that are walked over, in the message and in its link info */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct sk_buff {
	unsigned char *data;
	unsigned int len;
};

#pragma clang attribute pop

/* of the user interface: linux/netlink.h, linux/rtnetlink.h */
struct link_message {
	__u32 len;
	__u16 type;
	__u16 flags;
	__u32 sequence;
	__u32 port;
	__u8 link[16];
};

struct attribute {
	__u16 len;
	__u16 type;
};

/* The beginning of a kind's name, as one word. */
union kind {
	char text[16];
	__u64 word;
};

static const union kind tunnels[] = {
	{ "wireguar" }, { "gre" },    { "gretap" }, { "ip6gre" },   { "ip6greta" },
	{ "vxlan" },	{ "geneve" }, { "ipip" },   { "sit" },	    { "ip6tnl" },
	{ "vti" },	{ "vti6" },   { "erspan" }, { "ip6erspa" }, { "gtp" },
	{ "bareudp" },	{ "amt" },    { "xfrm" },   { "ovpn" },
};

static __always_inline int is_tunnel(const union kind *kind)
{
	for (__u32 i = 0; i < sizeof(tunnels) / sizeof(tunnels[0]); i++) {
		if (kind->word == tunnels[i].word)
			return 1;
	}
	return 0;
}

/* attribute_find - where does the value of the attribute of @type stand, between @at and @end? NULL
 * when there is none */
static __noinline const void *attribute_find(const void *at, const void *end, __u32 type)
{
	struct attribute a;

	for (int i = 0; i < ATTRIBUTES && at + sizeof(a) <= end; i++) {
		if (bpf_probe_read_kernel(&a, sizeof(a), at) || a.len < sizeof(a))
			return NULL;
		if ((a.type & NLA_TYPE_MASK) == type)
			return at + sizeof(a);
		at += (a.len + 3u) & ~3u;
	}
	return NULL;
}

/* link_kind - the kind of tunnel that the message makes, and the name it is to have; NULL when it
 * makes none */
static __always_inline const void *link_kind(const void *data, const void *end, const void **name)
{
	struct link_message message;
	union kind kind = {};
	const void *at, *info;

	if (data + sizeof(message) > end || bpf_probe_read_kernel(&message, sizeof(message), data))
		return NULL;
	if (message.type != RTM_NEWLINK || !(message.flags & NLM_F_CREATE))
		return NULL;
	at = data + sizeof(message);
	info = attribute_find(at, end, IFLA_LINKINFO);
	if (!info)
		return NULL;
	info = attribute_find(info, end, IFLA_INFO_KIND);
	if (!info || bpf_probe_read_kernel_str(kind.text, sizeof(kind.text), info) < 2 ||
	    !is_tunnel(&kind))
		return NULL;
	*name = attribute_find(at, end, IFLA_IFNAME);
	return info;
}

/* link_made - the channel of a tunnel that the process asked for; whether the kernel agrees, it has
 * tried */
static __always_inline void link_made(struct use *u, const void *kind, const void *name)
{
	struct pst_seen seen = { .how = EMIT_URGENT, .chan_flags = PST_CHAN_KERNEL };
	struct pst_key key = { .kind = PST_KIND_TUNNEL };
	struct name_slot *slot = name_take(u->cpu);
	struct pst_channel *ch;
	long got;

	if (!slot)
		return;
	got = bpf_probe_read_kernel_str(slot->name.bytes, 16, kind);
	slot->name.len = got > 1 ? (__u16)(got - 1) : 0;
	if (name)
		name_join(&slot->name, name, 16);
	key_named(&key, &slot->name);
	key_owner(&key, u->task);
	seen.name = slot->name.len ? &slot->name : NULL;
	ch = channel_open(u->cpu, &key, &seen);
	name_return(slot);
	if (!ch)
		return;
	ch->last_ns = bpf_ktime_get_boot_ns();
	add(&ch->attempts, 1);
}

SEC("lsm/netlink_send")
int BPF_PROG(pst_lsm_link, struct sock *sk, struct sk_buff *skb, int ret)
{
	struct use u = { .cpu = enter(PST_HIT_pst_lsm_link), .sk = sk };
	const void *data, *kind, *name = NULL;
	__u32 len;

	if (ret || !u.cpu || BPF_CORE_READ(sk, sk_protocol) != NETLINK_ROUTE)
		return ret;
	u.task = bpf_get_current_task_btf();
	if (u.task->flags & PF_KTHREAD || is_canary(u.cpu, u.task) || !is_watched(u.task))
		return ret;
	data = BPF_CORE_READ(skb, data);
	len = BPF_CORE_READ(skb, len);
	kind = link_kind(data, data + len, &name);
	if (kind)
		link_made(&u, kind, name);
	return ret;
}
