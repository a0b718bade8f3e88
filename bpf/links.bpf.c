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
#define ATTRIBUTES 64 /* that are walked over, in the message and in its link info */
#define MESSAGES 64   /* of one datagram */

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

#define MESSAGE_HEADER 16u /* what every netlink message begins with */

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

/* Bytes of a message. */
struct span {
	const void *at;
	const void *end;
};

#define NONE 0
#define FOUND 1
#define UNCLEAR (-1) /* more of them than are walked over */

/* attribute_find - the value of the last attribute of @type: of several the kernel takes that one,
 * and it stops as here at one that is cut */
static __noinline int attribute_find(const struct span *in, struct span *value, __u32 type)
{
	const void *at = in->at, *end = in->end;
	int found = NONE;
	struct attribute a;

	for (int i = 0; i < ATTRIBUTES; i++) {
		if (at + sizeof(a) > end)
			return found;
		if (bpf_probe_read_kernel(&a, sizeof(a), at) || a.len < sizeof(a) ||
		    at + a.len > end)
			return found;
		if ((a.type & NLA_TYPE_MASK) == type) {
			value->at = at + sizeof(a);
			value->end = at + a.len;
			found = FOUND;
		}
		at += (a.len + 3u) & ~3u;
	}
	return at + sizeof(a) > end ? found : UNCLEAR;
}

/* text_of - an attribute's text as the kernel reads it: it need not end with a NUL */
static __always_inline long text_of(const struct span *value, char *out, __u32 max)
{
	__u64 size = (__u64)(value->end - value->at) + 1;

	asm volatile("" : "+r"(size)); /* the bound must stay where the verifier sees it */
	if (size > max)
		size = max;
	return bpf_probe_read_kernel_str(out, (__u32)size, value->at);
}

/* link_kind - does the message make a tunnel? @kind and @name become the kind of the link and the
 * name that it is to have, if any */
static __noinline int link_kind(const struct span *attributes, struct span *kind, struct span *name)
{
	union kind text = {};
	struct span info;
	int got = attribute_find(attributes, &info, IFLA_LINKINFO);

	if (got == FOUND)
		got = attribute_find(&info, kind, IFLA_INFO_KIND);
	if (got != FOUND)
		return got;
	if (text_of(kind, text.text, sizeof(text.text)) < 2 || !is_tunnel(&text))
		return NONE;
	attribute_find(attributes, name, IFLA_IFNAME);
	return FOUND;
}

static __always_inline int makes_link(const struct link_message *message)
{
	return message->type == RTM_NEWLINK && message->flags & NLM_F_CREATE;
}

/* link_behind - does the datagram make a link by another message than its first, or has it more
 * messages than are walked over? */
static __noinline int link_behind(const struct span *datagram, __u32 first_len)
{
	const void *at = datagram->at, *end = datagram->end;
	struct link_message message = { .len = first_len };

	for (int i = 0; i < MESSAGES; i++) {
		at += ((__u64)message.len + 3) & ~3ull;
		if (at + MESSAGE_HEADER > end)
			return 0;
		if (bpf_probe_read_kernel(&message, MESSAGE_HEADER, at) ||
		    message.len < MESSAGE_HEADER || at + message.len > end)
			return 0;
		if (makes_link(&message))
			return 1;
	}
	return 1;
}

/* link_made - the channel of a tunnel that the process asked for; whether the kernel agrees, it has
 * tried. @kind NULL: which sort it is cannot be told */
static __always_inline void link_made(struct use *u, const struct span *kind,
				      const struct span *name)
{
	struct pst_seen seen = { .how = EMIT_URGENT, .chan_flags = PST_CHAN_KERNEL };
	struct pst_key key = { .kind = PST_KIND_TUNNEL };
	struct name_slot *slot = name_take(u->cpu);
	struct pst_channel *ch;
	long got;

	if (!slot)
		return;
	slot->name.bytes[0] = '?';
	slot->name.len = 1;
	if (kind) {
		got = text_of(kind, (char *)slot->name.bytes, 16);
		slot->name.len = got > 1 ? (__u16)(got - 1) : 0;
		if (name->at)
			name_join(&slot->name, name->at, 16);
	}
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

/* links_asked - what does the datagram have the kernel make? */
static __always_inline void links_asked(struct use *u, const struct span *datagram)
{
	struct span attributes = {}, kind = {}, name = {};
	struct link_message message;
	int made = NONE;

	if (bpf_probe_read_kernel(&message, MESSAGE_HEADER, datagram->at) ||
	    message.len < MESSAGE_HEADER || datagram->at + message.len > datagram->end)
		return;
	if (makes_link(&message)) {
		attributes.at = datagram->at + sizeof(message);
		attributes.end = datagram->at + message.len;
		made = link_kind(&attributes, &kind, &name);
	}
	if (made == FOUND)
		link_made(u, &kind, &name);
	if (made == UNCLEAR || link_behind(datagram, message.len))
		link_made(u, NULL, NULL);
}

SEC("lsm/netlink_send")
int BPF_PROG(pst_lsm_link, struct sock *sk, struct sk_buff *skb, int ret)
{
	struct use u = { .cpu = enter(PST_HIT_pst_lsm_link), .sk = sk };
	struct span datagram;

	if (ret || !u.cpu || BPF_CORE_READ(sk, sk_protocol) != NETLINK_ROUTE)
		return ret;
	u.task = bpf_get_current_task_btf();
	if (u.task->flags & PF_KTHREAD || is_canary(u.cpu, u.task) || !is_watched(u.task))
		return ret;
	datagram.at = BPF_CORE_READ(skb, data);
	datagram.end = datagram.at + BPF_CORE_READ(skb, len);
	links_asked(&u, &datagram);
	return ret;
}
