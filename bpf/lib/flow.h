/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What do a packet's headers say: who is the far end, of which kind, and how much does it carry? */
#ifndef PST_LIB_FLOW_H
#define PST_LIB_FLOW_H

#include "lib/channel.h"

#define LOOPBACK_INDEX 1u /* of the device, in every network namespace */
#define UDP_HEADER 8u
#define IPV4_HEADER 20u
#define IPV6_HEADER 40u

/* Where the far end stands in the headers. */
struct far {
	__u32 v4_addr;
	__u32 v6_addr;
	__u32 port;
};

static const struct far far_out = { .v4_addr = 16, .v6_addr = 24, .port = 2 };
static const struct far far_in = { .v4_addr = 12, .v6_addr = 8, .port = 0 };

/* What a packet hook knows of one packet. */
struct packet {
	struct pst_cpu *cpu;
	const struct far *far;
	struct pst_socket *s;
	__u64 cookie;
	__u64 bytes;
	__u64 packets;
	__u8 bound[16]; /* the socket's own address */
	__u32 chan_flags;
	__u16 family;
	__u16 sock_type;
	__u16 protocol;
	__u16 local_port;
	__u16 far_port;
	__u16 next;	    /* protocol behind the IP header */
	__u16 is_connected; /* the socket names this peer */
	__u16 by_task;	    /* the current task sends it */
	__u16 is_local;	    /* it came by the loopback device */
};

static __always_inline int is_tcp(const struct bpf_sock *sk)
{
	return sk->protocol == IPPROTO_TCP && sk->type == SOCK_STREAM;
}

/* is_datagram - has listeners and peers that write first */
static __always_inline int is_datagram(__u16 kind)
{
	return kind == PST_KIND_UDP_PEER || kind == PST_KIND_UDPLITE;
}

/* far_v4, far_v6 - address of the far end into the key, protocol behind the IP header into the
 * packet; returns the length of the IP header, 0 for what is no whole packet */
static __always_inline __u32 far_v4(struct __sk_buff *skb, const struct far *far, struct packet *p,
				    struct pst_key *key)
{
	__u8 first = 0, next = 0;
	__be16 fragment = 0;
	__be32 addr;

	if (bpf_skb_load_bytes(skb, 0, &first, 1) || bpf_skb_load_bytes(skb, 9, &next, 1) ||
	    bpf_skb_load_bytes(skb, 6, &fragment, 2) ||
	    bpf_skb_load_bytes(skb, far->v4_addr, &addr, 4))
		return 0;
	if (fragment & bpf_htons(0x1fff) && p->sock_type != SOCK_RAW)
		return 0;
	p->next = next;
	addr_v4(key->addr, addr);
	return (first & 15u) * 4;
}

/* of RFC 8200 */
#define IPPROTO_HOPOPTS 0
#define IPPROTO_ROUTING 43
#define IPPROTO_DSTOPTS 60
#define EXTENSIONS 4 /* IPv6 extension headers that are walked over */

static __always_inline __u32 far_v6(struct __sk_buff *skb, const struct far *far, struct packet *p,
				    struct pst_key *key)
{
	__u8 next = 0, head[2];
	__u32 at = IPV6_HEADER;

	if (bpf_skb_load_bytes(skb, 6, &next, 1) ||
	    bpf_skb_load_bytes(skb, far->v6_addr, key->addr, sizeof(key->addr)))
		return 0;
	for (int i = 0; i < EXTENSIONS; i++) {
		if ((next != IPPROTO_HOPOPTS && next != IPPROTO_ROUTING &&
		     next != IPPROTO_DSTOPTS) ||
		    next == p->protocol)
			break;
		if (bpf_skb_load_bytes(skb, at, head, sizeof(head)))
			return 0;
		next = head[0];
		at += (head[1] + 1) * 8;
	}
	p->next = next;
	return at;
}

/* bound_addr - the address that the socket was bound to, or has by its connect */
static __always_inline void bound_addr(const struct bpf_sock *sk, __u8 *out)
{
	const volatile struct bpf_sock *at = sk; /* else the compiler moves the pointer along */
	__u32 words[4] = { at->src_ip6[0], at->src_ip6[1], at->src_ip6[2], at->src_ip6[3] };
	__u32 v4 = at->src_ip4;

	if (sk->family == AF_INET6)
		__builtin_memcpy(out, words, sizeof(words));
	else
		addr_v4(out, v4);
}

/* counts_by_call - are its bytes counted where a process sends and receives them? */
static __always_inline int counts_by_call(__u16 kind)
{
	return pst_has_lengths && (kind == PST_KIND_SCTP || kind == PST_KIND_DCCP);
}

static __always_inline int has_ports(__u16 kind)
{
	return kind != PST_KIND_ICMP && kind != PST_KIND_RAW;
}

/* key_of_packet - kind and port, when the IP header is @at bytes long; 0 when it is none of the
 * socket's */
static __always_inline int key_of_packet(struct __sk_buff *skb, __u32 at, struct packet *p,
					 struct pst_key *key)
{
	__u32 headers = at;
	__be16 port = 0;

	key->kind = kind_of_socket(p->sock_type, p->protocol);
	if (key->kind == PST_KIND_ICMP && p->next != p->protocol)
		key->kind = PST_KIND_RAW; /* a header of its own making */
	if (has_ports(key->kind)) {
		if (p->next != p->protocol || bpf_skb_load_bytes(skb, at + p->far->port, &port, 2))
			return 0;
		p->far_port = bpf_ntohs(port);
		key->port = p->far_port;
	} else if (key->kind == PST_KIND_RAW) {
		key->port = p->next;
	}
	if (is_datagram(key->kind)) {
		headers += UDP_HEADER;
	} else if (has_ports(key->kind)) {
		/* SCTP and DCCP: what of it is payload only the socket knows: users.bpf.c counts
		 * that where the kernel lets it */
		p->chan_flags = pst_has_lengths ? 0 : PST_CHAN_IP_BYTES;
		headers = 0;
		if (p->s->flags & PST_SOCK_LISTENS || p->s->key.kind == key->kind)
			key->port = p->s->flags & PST_SOCK_LISTENS ? 0 : p->s->key.port;
	}
	if (skb->len < headers)
		return 0;
	p->bytes = counts_by_call(key->kind) ? 0 : skb->len - headers;
	return 1;
}

/* read_packet - whose is it, and what is the key of its channel but for the owner? 0 when it is
 * none of ours */
static __always_inline int read_packet(struct __sk_buff *skb, struct bpf_sock *sk, struct packet *p,
				       struct pst_key *key)
{
	__u32 at;

	p->s = bpf_sk_storage_get(&pst_sockets, sk, NULL, 0);
	if (!p->s)
		return 0;
	p->family = (__u16)sk->family;
	p->sock_type = (__u16)sk->type;
	p->protocol = (__u16)sk->protocol;
	p->local_port = (__u16)sk->src_port;
	p->is_connected = sk->state == TCP_ESTABLISHED;
	p->is_local = skb->ifindex == LOOPBACK_INDEX;
	bound_addr(sk, p->bound);
	at = skb->protocol == bpf_htons(ETH_P_IP) ? far_v4(skb, p->far, p, key) :
						    far_v6(skb, p->far, p, key);
	if (at < IPV4_HEADER || !key_of_packet(skb, at, p, key))
		return 0;
	p->packets = skb->gso_segs ? skb->gso_segs : 1;
	p->cookie = bpf_get_socket_cookie(skb);
	return 1;
}

#endif
