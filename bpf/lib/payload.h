/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What do the first bytes of a channel look like, and which packets are DNS messages? Told from the
 * packet itself, so it does not matter by which call the bytes were sent. A packet that has nothing
 * new to tell leaves after one look at the socket's storage.
 * Blind to: a ClientHello beyond its first segment or 512 bytes; the first bytes of later
 * connections on a channel that is known (of those only ClientHellos that leave, PST_HELLOS of
 * them); DNS over TCP whose length stands in a segment of its own; DNS behind IPv6 extension
 * headers. */
#ifndef PST_LIB_PAYLOAD_H
#define PST_LIB_PAYLOAD_H

#include "lib/channel.h"

#define PAYLOAD_FIRST 16u  /* enough for the class of every protocol that has one */
#define PAYLOAD_HELLO 512u /* of a TLS ClientHello; also the longest DNS message without EDNS */
#define PST_HELLOS 16u	   /* told of one channel */
#define DNS_PORT 53u
#define DNS_A_SECOND 200u /* messages of one socket */
#define DNS_TRIES 8u	  /* messages in a row that are none, until a socket is let alone */
#define DNS_LEAST 17u	  /* a header and the question of the root */

/* One packet, and whose it is. */
struct payload {
	struct pst_cpu *cpu;
	struct pst_socket *s;
	const struct pst_key *key; /* of its channel */
	struct pst_channel *ch;	   /* NULL: has no entry */
	__u32 direction;	   /* PST_PAYLOAD_OUT or IN */
	__u32 protocol;
	__u32 transport; /* where its header begins */
	__u32 at;
	__u32 len;
	__be32 sequence;
	__u16 what;
	__u16 pad;
};

struct dns_header {
	__be16 id, flags, questions, answers, authorities, additional;
	__u8 label;
	__u8 pad;
};

static __always_inline __u32 first_flag(__u32 direction)
{
	return direction == PST_PAYLOAD_OUT ? PST_SOCK_FIRST_OUT : PST_SOCK_FIRST_IN;
}

static __always_inline __u32 first_told(__u32 direction)
{
	return direction == PST_PAYLOAD_OUT ? PST_TOLD_FIRST_OUT : PST_TOLD_FIRST_IN;
}

/* payload_ip - where does the transport header begin? 0 when it is not the socket's protocol, or no
 * first fragment */
static __always_inline __u32 payload_ip(struct __sk_buff *skb, __u32 protocol)
{
	__u8 ip[10];

	if (bpf_skb_load_bytes(skb, 0, ip, sizeof(ip)))
		return 0;
	if (skb->protocol != bpf_htons(ETH_P_IP))
		return ip[6] == protocol ? 40 : 0;
	if (ip[9] != protocol || ip[6] & 0x1f || ip[7])
		return 0;
	return (ip[0] & 15u) * 4;
}

/* payload_find - where are the bytes, and how many? 0 when there are none */
static __always_inline __u32 payload_find(struct __sk_buff *skb, struct payload *p)
{
	struct {
		__be16 ports[2];
		__be32 sequence;
		__be32 acknowledged;
		__u8 offset;
		__u8 flags;
		__u16 pad;
	} tcp;

	p->transport = payload_ip(skb, p->protocol);
	if (!p->transport)
		return 0;
	p->at = p->transport + 8;
	if (p->protocol == IPPROTO_TCP) {
		if (bpf_skb_load_bytes(skb, p->transport, &tcp, sizeof(tcp)))
			return 0;
		p->sequence = tcp.sequence;
		p->at = p->transport + (tcp.offset >> 4) * 4;
	}
	p->len = skb->len > p->at ? skb->len - p->at : 0;
	return p->len;
}

/* payload_ends - both ends as the packet names them, into the record; 0 when it does */
static __always_inline long payload_ends(struct __sk_buff *skb, struct pst_rec_payload *rec,
					 const struct payload *p)
{
	int out = p->direction == PST_PAYLOAD_OUT;
	__be32 v4[2];
	__be16 ports[2];

	if (bpf_skb_load_bytes(skb, p->transport, ports, sizeof(ports)))
		return -1;
	rec->local_port = bpf_ntohs(out ? ports[0] : ports[1]);
	rec->peer_port = bpf_ntohs(out ? ports[1] : ports[0]);
	if (skb->protocol != bpf_htons(ETH_P_IP))
		return bpf_skb_load_bytes(skb, 8, out ? rec->local : rec->peer, 16) ||
		       bpf_skb_load_bytes(skb, 24, out ? rec->peer : rec->local, 16);
	if (bpf_skb_load_bytes(skb, 12, v4, sizeof(v4)))
		return -1;
	addr_v4(rec->local, out ? v4[0] : v4[1]);
	addr_v4(rec->peer, out ? v4[1] : v4[0]);
	return 0;
}

/* payload_len - 1 to @max in a form that the verifier of 6.1 follows too; the compiler must not
 * fold it away */
#define PAYLOAD_LEN(value, max)              \
	({                                   \
		__u64 _l = (value);          \
		if (_l > (max))              \
			_l = (max);          \
		_l -= 1;                     \
		asm volatile("" : "+r"(_l)); \
		_l &= 2047;                  \
		asm volatile("" : "+r"(_l)); \
		_l += 1;                     \
		if (_l > (max))              \
			_l = (max);          \
		_l;                          \
	})

/* payload_send - a record with room for @max bytes, which is a constant; it says how many it uses
 */
static __always_inline int payload_send(struct __sk_buff *skb, struct payload *p, __u32 max)
{
	struct pst_rec_payload *rec = reserve(p->cpu, sizeof(*rec) + max, EMIT_BULK);
	__u64 len;

	if (!rec)
		return 0;
	len = PAYLOAD_LEN(p->len, max);
	if (bpf_skb_load_bytes(skb, p->at, rec + 1, (__u32)len) || payload_ends(skb, rec, p)) {
		bpf_ringbuf_discard(rec, BPF_RB_NO_WAKEUP);
		return 0;
	}
	header(p->cpu, &rec->h, PST_REC_PAYLOAD, (__u32)(sizeof(*rec) + len));
	rec->h.flags = PST_RF_NO_TASK;
	if (!owner_stamp(&rec->h.task, p->key))
		rec->h.flags |= PST_RF_NO_OWNER;
	if (p->s->netns) /* its owner may have left the socket's network, or entered it since */
		rec->h.task.netns = p->s->netns;
	rec->cookie = bpf_get_socket_cookie(skb);
	rec->kind = p->key->kind;
	rec->direction = (__u16)p->direction;
	rec->what = p->what;
	rec->len = (__u16)len;
	rec->total = p->len;
	bpf_ringbuf_submit(rec, wake_flags(p->cpu, EMIT_BULK));
	return 0;
}

static __noinline int send_first(struct __sk_buff *skb, struct payload *p)
{
	return payload_send(skb, p, PAYLOAD_FIRST);
}

static __noinline int send_short(struct __sk_buff *skb, struct payload *p)
{
	return payload_send(skb, p, PAYLOAD_HELLO);
}

static __noinline int send_long(struct __sk_buff *skb, struct payload *p)
{
	return payload_send(skb, p, PST_PAYLOAD_MAX);
}

/* is_dns - does it pass a strict look at its header? */
static __always_inline int is_dns(struct __sk_buff *skb, const struct payload *p)
{
	__u32 at = p->at, len = p->len;
	struct dns_header dns;
	__be16 prefix;

	if (p->protocol == IPPROTO_TCP) {
		if (len < DNS_LEAST + 2 || bpf_skb_load_bytes(skb, at, &prefix, 2) ||
		    bpf_ntohs(prefix) < DNS_LEAST)
			return 0;
		at += 2;
		len -= 2;
		if (bpf_ntohs(prefix) < len)
			len = bpf_ntohs(prefix);
	}
	if (len < DNS_LEAST || bpf_skb_load_bytes(skb, at, &dns, 13))
		return 0;
	/* opcode 0, Z 0, one question */
	if (dns.flags & bpf_htons(0x7840) || dns.questions != bpf_htons(1) || dns.label > 63)
		return 0;
	if (dns.flags & bpf_htons(0x8000))
		return 1;
	return !dns.answers && !dns.authorities && bpf_ntohs(dns.additional) <= 2;
}

/* may_tell - at most so many messages of one socket in a second */
static __always_inline int may_tell(struct payload *p)
{
	struct pst_socket *s = p->s;
	__u64 now = bpf_ktime_get_boot_ns();

	if (now - s->dns_ns > 1000000000ull) {
		s->dns_ns = now;
		s->dns_told = 0;
	}
	if (__sync_fetch_and_add(&s->dns_told, 1) < DNS_A_SECOND)
		return 1;
	count_loss_of(p->cpu, PST_LOSS_DNS, owner_cgroup(p->key));
	return 0;
}

/* payload_dns - tells a DNS message; 0 when it is none */
static __always_inline int payload_dns(struct __sk_buff *skb, struct payload *p)
{
	struct pst_socket *s = p->s;

	if (!is_dns(skb, p)) {
		if (p->key->port != DNS_PORT && ++s->looked >= DNS_TRIES)
			__sync_fetch_and_or(&s->flags, PST_SOCK_NOT_DNS);
		return 0;
	}
	s->looked = 0;
	if (!may_tell(p))
		return 1;
	p->what = PST_PAYLOAD_DNS;
	if (p->len <= PAYLOAD_HELLO)
		send_short(skb, p);
	else
		send_long(skb, p);
	return 1;
}

/* Are these the first bytes of a TCP connection? */
#define BEGINNING 1u
#define BEFORE 2u /* not yet */
#define PAST 3u	  /* it is older than us, or they were told */

static __always_inline __u32 tcp_place(struct __sk_buff *skb, const struct payload *p)
{
	struct bpf_sock *sk = skb->sk;
	struct bpf_tcp_sock *tp;

	if (!sk)
		return PAST;
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return PAST;
	tp = bpf_tcp_sock(sk);
	if (!tp)
		return PAST;
	if (p->direction == PST_PAYLOAD_OUT)
		return tp->bytes_acked <= 1 ? BEGINNING : PAST; /* the SYN */
	if (tp->bytes_received)
		return PAST;
	return bpf_ntohl(p->sequence) == tp->rcv_nxt ? BEGINNING : BEFORE;
}

/* payload_first - the first bytes of a channel, once each way */
static __always_inline int payload_first(struct __sk_buff *skb, struct payload *p)
{
	__u32 bit = first_told(p->direction), hello, told;
	__u8 head[6] = {};

	if (!p->ch)
		return 0;
	if (p->len >= sizeof(head) && bpf_skb_load_bytes(skb, p->at, head, sizeof(head)))
		return 0;
	hello = p->protocol == IPPROTO_TCP && head[0] == 0x16 && head[1] == 3 && head[5] == 1;
	told = __sync_fetch_and_or(&p->ch->told, bit);
	if (told & bit && (!hello || p->direction == PST_PAYLOAD_IN ||
			   (told / PST_TOLD_HELLO & 255) >= PST_HELLOS))
		return 0;
	if (hello && p->direction == PST_PAYLOAD_OUT)
		__sync_fetch_and_add(&p->ch->told, PST_TOLD_HELLO);
	p->what = PST_PAYLOAD_FIRST;
	return hello ? send_short(skb, p) : send_first(skb, p);
}

/* payload_whose - the socket's storage and the CPU's counters */
static __always_inline int payload_whose(struct __sk_buff *skb, struct payload *p)
{
	struct bpf_sock *sk = skb->sk;
	__u32 zero = 0;

	if (!sk)
		return 0;
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return 0;
	p->s = bpf_sk_storage_get(&pst_sockets, sk, NULL, 0);
	p->cpu = bpf_map_lookup_elem(&pst_cpus, &zero);
	return p->s && p->cpu;
}

/* wants_first - is this the beginning of what goes this way? */
static __always_inline int wants_first(struct __sk_buff *skb, struct payload *p)
{
	__u32 flag = first_flag(p->direction), place;

	if (!pst_first_bytes)
		return 0;
	if (p->protocol != IPPROTO_TCP)
		return 1;
	if (p->s->flags & flag)
		return 0;
	place = tcp_place(skb, p);
	if (place != BEFORE)
		__sync_fetch_and_or(&p->s->flags, flag);
	return place == BEGINNING;
}

/* payload_new - a packet that may have something to tell. Not static: the verifier looks at it once
 * and not anew on each way that leads here, so it finds by itself what its callers know. @given:
 * key of the packet's channel */
__weak int payload_new(struct __sk_buff *skb, struct pst_key *given, __u32 direction,
		       __u32 protocol)
{
	struct payload p = { .direction = direction, .protocol = protocol };
	struct pst_key key;
	int is_first;

	if (!given || !payload_whose(skb, &p) || !payload_find(skb, &p))
		return 0;
	key = *given;
	p.key = &key;
	is_first = wants_first(skb, &p);
	if (is_first)
		p.ch = channel_counts(&key);
	if (pst_dns && !(p.s->flags & PST_SOCK_NOT_DNS) && payload_dns(skb, &p)) {
		if (p.ch)
			__sync_fetch_and_or(&p.ch->told, first_told(direction));
		return 0;
	}
	if (is_first)
		payload_first(skb, &p);
	return 0;
}

/* udp_is_new - may a datagram have something to tell? @ch: where it counts, or NULL */
static __always_inline int udp_is_new(const struct pst_socket *s, const struct pst_key *key,
				      const struct pst_channel *ch, __u32 direction)
{
	int is_told = !pst_first_bytes || !ch || ch->told & first_told(direction);

	return (key->kind == PST_KIND_UDP_PEER || key->kind == PST_KIND_UDP_ACCEPT) &&
	       (!is_told || (pst_dns && !(s->flags & PST_SOCK_NOT_DNS)));
}

static __always_inline void payload_udp_out(struct __sk_buff *skb, struct pst_key *key,
					    struct pst_socket *s, struct pst_channel *ch)
{
	if (udp_is_new(s, key, ch, PST_PAYLOAD_OUT))
		payload_new(skb, key, PST_PAYLOAD_OUT, IPPROTO_UDP);
}

static __always_inline void payload_udp_in(struct __sk_buff *skb, struct pst_key *key,
					   struct pst_socket *s, struct pst_channel *ch)
{
	if (udp_is_new(s, key, ch, PST_PAYLOAD_IN))
		payload_new(skb, key, PST_PAYLOAD_IN, IPPROTO_UDP);
}

/* payload_tcp - looks at a segment. @sk: a full socket of TCP */
static __always_inline void payload_tcp(struct __sk_buff *skb, struct bpf_sock *sk, __u32 direction)
{
	struct pst_socket *s = bpf_sk_storage_get(&pst_sockets, sk, NULL, 0);

	if (!s || ((!pst_first_bytes || s->flags & first_flag(direction)) &&
		   (!pst_dns || s->flags & PST_SOCK_NOT_DNS)))
		return;
	if (s->key.kind == PST_KIND_TCP_CONNECT || s->key.kind == PST_KIND_TCP_ACCEPT)
		payload_new(skb, &s->key, direction, IPPROTO_TCP);
}

#endif
