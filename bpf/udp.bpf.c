// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Who sends datagrams to whom? The send hooks see the destination of unconnected sockets in the
 * sender's context; the packet hooks see every datagram, count it, and are the first sight of
 * connected sockets. Answers of a server to those who wrote first are not its peers. */
#include "lib/burst.h"
#include "lib/open.h"

#define UDP_HEADER 8u
#define IPV4_HEADER 20u
#define IPV6_HEADER 40u

/* What a packet hook knows of one datagram. */
struct datagram {
	struct pst_cpu *cpu;
	struct pst_socket *s;
	__u64 cookie;
	__u64 bytes;
	__u64 packets;
	__u16 family;
	__u16 local_port;
};

static __always_inline void heard_key(struct pst_key *out, const struct pst_key *key, __u64 cookie)
{
	*out = *key;
	out->start_ns = cookie;
	out->tgid = 0;
}

/* wrote_first - did this peer's datagram come before ours? */
static __always_inline int wrote_first(const struct pst_key *key, __u64 cookie)
{
	struct pst_key heard;

	heard_key(&heard, key, cookie);
	return bpf_map_lookup_elem(&pst_heard, &heard) != NULL;
}

static __always_inline void send_to(struct pst_cpu *cpu, struct bpf_sock_addr *ctx,
				    struct pst_key *key)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct bpf_sock *sk = ctx->sk;
	struct pst_seen seen = { .sock_type = SOCK_DGRAM,
				 .protocol = IPPROTO_UDP,
				 .how = EMIT_URGENT };
	struct pst_channel *ch;
	struct pst_socket *s;

	if (!sk || ctx->protocol != IPPROTO_UDP || is_canary(cpu, task))
		return;
	s = bpf_sk_storage_get(&pst_sockets, sk, NULL, BPF_SK_STORAGE_GET_F_CREATE);
	if (!s) {
		count_loss(cpu, PST_LOSS_STORAGE);
		return;
	}
	key_owner(key, task);
	addr_of_connect(key->addr);
	key->kind = PST_KIND_UDP_PEER;
	key->port = bpf_ntohs((__u16)ctx->user_port);
	s->key.start_ns =
		key->start_ns; /* the packet hooks charge the datagram to who sends it now */
	s->key.tgid = key->tgid;
	if (channel_find(key))
		return;
	seen.cookie = bpf_get_socket_cookie(ctx);
	if (wrote_first(key, seen.cookie))
		return;
	seen.family = (__u16)sk->family;
	seen.opener_start_ns = s->opener_start_ns;
	seen.opener_tgid = s->opener_tgid;
	if (sk->family == AF_INET6 && addr_is_mapped(key->addr))
		seen.chan_flags = PST_CHAN_V6_SOCKET;
	ch = channel_open(cpu, key, &seen);
	if (ch)
		add(&ch->attempts, 1);
}

SEC("cgroup/sendmsg4")
int pst_sendmsg4(struct bpf_sock_addr *ctx)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_sendmsg4);
	struct pst_key key = {};

	if (cpu) {
		addr_v4(key.addr, ctx->user_ip4);
		send_to(cpu, ctx, &key);
	}
	return 1;
}

SEC("cgroup/sendmsg6")
int pst_sendmsg6(struct bpf_sock_addr *ctx)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_sendmsg6);
	__u32 words[4] = { ctx->user_ip6[0], ctx->user_ip6[1], ctx->user_ip6[2], ctx->user_ip6[3] };
	struct pst_key key = {};

	if (cpu) {
		__builtin_memcpy(key.addr, words, sizeof(words));
		send_to(cpu, ctx, &key);
	}
	return 1;
}

/* Where the far end stands in the headers. */
struct far {
	__u32 v4_addr;
	__u32 v6_addr;
	__u32 port;
};

static const struct far far_out = { .v4_addr = 16, .v6_addr = 24, .port = 2 };
static const struct far far_in = { .v4_addr = 12, .v6_addr = 8, .port = 0 };

/* far_v4, far_v6 - address of the far end into the key; returns the length of the IP header, 0 for
 * what is no whole UDP */
static __always_inline __u32 far_v4(struct __sk_buff *skb, const struct far *far,
				    struct pst_key *key)
{
	__u8 first = 0, protocol = 0;
	__be16 fragment = 0;
	__be32 addr;

	if (bpf_skb_load_bytes(skb, 0, &first, 1) || bpf_skb_load_bytes(skb, 9, &protocol, 1) ||
	    bpf_skb_load_bytes(skb, 6, &fragment, 2) ||
	    bpf_skb_load_bytes(skb, far->v4_addr, &addr, 4))
		return 0;
	if (protocol != IPPROTO_UDP || fragment & bpf_htons(0x1fff))
		return 0;
	addr_v4(key->addr, addr);
	return (first & 15u) * 4;
}

/* of RFC 8200 */
#define IPPROTO_HOPOPTS 0
#define IPPROTO_ROUTING 43
#define IPPROTO_DSTOPTS 60
#define EXTENSIONS 4 /* IPv6 extension headers that are walked over */

static __always_inline __u32 far_v6(struct __sk_buff *skb, const struct far *far,
				    struct pst_key *key)
{
	__u8 next = 0, head[2];
	__u32 at = IPV6_HEADER;

	if (bpf_skb_load_bytes(skb, 6, &next, 1) ||
	    bpf_skb_load_bytes(skb, far->v6_addr, key->addr, sizeof(key->addr)))
		return 0;
	for (int i = 0; i < EXTENSIONS && next != IPPROTO_UDP; i++) {
		if ((next != IPPROTO_HOPOPTS && next != IPPROTO_ROUTING &&
		     next != IPPROTO_DSTOPTS) ||
		    bpf_skb_load_bytes(skb, at, head, sizeof(head)))
			return 0;
		next = head[0];
		at += (head[1] + 1) * 8;
	}
	return next == IPPROTO_UDP ? at : 0;
}

/* read_datagram - whose is it, and what is the key of its channel? 0 when it is none of ours */
static __always_inline int read_datagram(struct __sk_buff *skb, const struct far *far,
					 struct datagram *d, struct pst_key *key)
{
	struct bpf_sock *sk = skb->sk;
	__be16 port = 0;
	__u32 at;

	if (!sk)
		return 0;
	sk = bpf_sk_fullsock(sk);
	if (!sk || sk->protocol != IPPROTO_UDP)
		return 0;
	d->s = bpf_sk_storage_get(&pst_sockets, sk, NULL, 0);
	if (!d->s || !d->s->key.tgid)
		return 0;
	d->family = (__u16)sk->family;
	d->local_port = (__u16)sk->src_port;
	at = skb->protocol == bpf_htons(ETH_P_IP) ? far_v4(skb, far, key) : far_v6(skb, far, key);
	if (at < IPV4_HEADER || bpf_skb_load_bytes(skb, at + far->port, &port, 2) ||
	    skb->len < at + UDP_HEADER)
		return 0;
	key->start_ns = d->s->key.start_ns;
	key->tgid = d->s->key.tgid;
	key->kind = PST_KIND_UDP_PEER;
	key->port = bpf_ntohs(port);
	d->packets = skb->gso_segs ? skb->gso_segs : 1;
	d->bytes = skb->len - at - UDP_HEADER;
	d->cookie = bpf_get_socket_cookie(skb);
	return 1;
}

/* is_told_in_vain - the map had no room for this socket's channel a moment ago: one record a
 * second, not one a datagram */
static __always_inline int is_told_in_vain(struct datagram *d)
{
	if (!d->s->vain_ns || bpf_ktime_get_boot_ns() - d->s->vain_ns > PST_BURST_GAP_NS)
		return 0;
	count_loss(d->cpu, PST_LOSS_MAP);
	return 1;
}

/* first_out - a connected socket's first datagram: the send hooks did not see it */
static __always_inline struct pst_channel *first_out(struct datagram *d, struct pst_key *key)
{
	struct pst_seen seen = { .sock_type = SOCK_DGRAM,
				 .protocol = IPPROTO_UDP,
				 .how = EMIT_URGENT,
				 .rec_flags = PST_RF_NO_TASK };
	struct pst_channel *ch;

	if (wrote_first(key, d->cookie) || is_told_in_vain(d))
		return NULL;
	seen.cookie = d->cookie;
	seen.family = d->family;
	seen.local_port = d->local_port;
	seen.opener_start_ns = d->s->opener_start_ns;
	seen.opener_tgid = d->s->opener_tgid;
	if (d->family == AF_INET6 && addr_is_mapped(key->addr))
		seen.chan_flags = PST_CHAN_V6_SOCKET;
	ch = channel_open(d->cpu, key, &seen);
	if (ch) {
		add(&ch->attempts, 1);
		return ch;
	}
	d->s->vain_ns = bpf_ktime_get_boot_ns();
	return NULL;
}

SEC("cgroup_skb/egress")
int pst_egress(struct __sk_buff *skb)
{
	struct datagram d = { .cpu = enter(PST_HIT_pst_egress) };
	struct pst_key key = {};
	struct pst_channel *ch;

	if (d.cpu && read_datagram(skb, &far_out, &d, &key)) {
		ch = channel_find(&key);
		if (!ch)
			ch = first_out(&d, &key);
		if (ch) {
			ch->last_ns = bpf_ktime_get_boot_ns();
			ch->cookie = d.cookie;
			add(&ch->bytes_out, d.bytes);
			add(&ch->packets_out, d.packets);
			burst(ch, ch->last_ns, d.bytes);
		}
	}
	return 1;
}

SEC("cgroup_skb/ingress")
int pst_ingress(struct __sk_buff *skb)
{
	struct datagram d = { .cpu = enter(PST_HIT_pst_ingress) };
	struct pst_key key = {}, heard;
	struct pst_channel *ch;
	__u8 yes = 1;

	if (d.cpu && read_datagram(skb, &far_in, &d, &key)) {
		ch = channel_find(&key);
		heard_key(&heard, &key, d.cookie);
		if (ch) {
			ch->last_ns = bpf_ktime_get_boot_ns();
			add(&ch->bytes_in, d.bytes);
			add(&ch->packets_in, d.packets);
		} else if (!bpf_map_lookup_elem(&pst_heard, &heard)) {
			bpf_map_update_elem(&pst_heard, &heard, &yes, BPF_ANY);
		}
	}
	return 1;
}
