// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Which peers do datagram, raw and other sockets without a stream reach, and how much goes each
 * way? The packet hooks see every packet of every internet socket: they count it, and are the first
 * sight of what no send hook sees. A server's answers count where its clients do. TCP counts its
 * bytes itself. */
#include "lib/burst.h"
#include "lib/flow.h"
#include "lib/payload.h"
#include "lib/peer.h"

static __always_inline void seen_packet(struct packet *p, const struct pst_key *key,
					struct pst_seen *seen)
{
	seen->cookie = p->cookie;
	seen->opener_start_ns = p->s->opener_start_ns;
	seen->opener_tgid = p->s->opener_tgid;
	seen->netns = p->s->netns;
	seen->family = p->family;
	seen->sock_type = p->sock_type;
	seen->protocol = p->protocol;
	seen->local_port = p->local_port;
	seen->chan_flags = p->chan_flags;
	if (p->family == AF_INET6 && addr_is_mapped(key->addr))
		seen->chan_flags |= PST_CHAN_V6_SOCKET;
}

/* is_told_in_vain - the map had no room for this socket's channel a moment ago: one record a
 * second, not one a datagram */
static __always_inline int is_told_in_vain(struct packet *p, const struct pst_key *key)
{
	if (!p->s->vain_ns || bpf_ktime_get_boot_ns() - p->s->vain_ns > PST_BURST_GAP_NS)
		return 0;
	count_loss_of(p->cpu, PST_LOSS_MAP, owner_cgroup(key));
	return 1;
}

/* open_packet - a channel whose first sight this packet is */
static __noinline struct pst_channel *open_packet(struct packet *p, struct pst_key *key, __u32 how)
{
	struct pst_seen seen = { .how = how };
	struct pst_channel *ch;

	if (is_told_in_vain(p, key))
		return NULL;
	seen_packet(p, key, &seen);
	/* only who sends is known to act; a stranger's packet finds the owner doing anything else
	 */
	seen.rec_flags = p->by_task ? 0 : PST_RF_NO_TASK;
	seen.far_port = p->far_port;
	ch = channel_open(p->cpu, key, &seen);
	if (ch)
		add(&ch->attempts, 1);
	else
		p->s->vain_ns = bpf_ktime_get_boot_ns();
	return ch;
}

/* sent_key - to which channel does a packet that leaves belong? */
static __always_inline void sent_key(struct packet *p, struct pst_key *key)
{
	struct pst_key accept;

	if (!is_datagram(key->kind))
		return;
	if (!(p->s->flags & PST_SOCK_LISTENS)) {
		if (addr_is_group(key->addr)) { /* whoever answers, answers this */
			__builtin_memcpy(p->s->key.addr, key->addr, sizeof(key->addr));
			p->s->key.port = key->port;
			p->s->key.kind = key->kind;
		}
		return;
	}
	accept = *key;
	accept_key(&accept, p->local_port);
	/* a server may answer from a socket of its own, connected to who wrote first */
	if (wrote_first(key, p->cookie) || (p->is_connected && channel_find(&accept)))
		*key = accept;
}

/* moved_listener - another process sends by a socket that listens */
static __noinline int moved_listener(struct packet *p, const struct former *was)
{
	struct pst_seen seen = { .how = EMIT_URGENT };

	seen_packet(p, &p->s->key, &seen);
	listener_handed(p->cpu, was, p->s, &seen);
	return 0;
}

/* sent - count what leaves, for who sends it */
static __always_inline struct pst_channel *sent(struct packet *p, struct pst_key *key)
{
	struct former was = {};
	struct pst_channel *ch;
	int is_handed = p->by_task && user_now(p->s, &was);

	if (is_handed && p->s->flags & PST_SOCK_LISTENS)
		moved_listener(p, &was);
	key->start_ns = p->s->key.start_ns;
	key->tgid = p->s->key.tgid;
	if (!key->tgid)
		return NULL;
	sent_key(p, key);
	ch = channel_find(key);
	if (!ch)
		ch = open_packet(p, key, EMIT_URGENT);
	if (is_handed)
		handed(&was, key, ch);
	if (counts_by_call(key->kind) && !(p->s->flags & PST_SOCK_LISTENS))
		p->s->key = *key;
	if (!ch)
		return NULL;
	ch->last_ns = bpf_ktime_get_boot_ns();
	ch->cookie = p->cookie;
	if (p->chan_flags & ~ch->chan_flags) /* its first sight may know less of its bytes */
		__sync_fetch_and_or(&ch->chan_flags, p->chan_flags);
	add(&ch->bytes_out, p->bytes);
	add(&ch->packets_out, p->packets);
	if (p->bytes)
		burst(ch, ch->last_ns, p->bytes);
	return ch;
}

/* leaves - a packet that is not of TCP */
static __always_inline void leaves(struct __sk_buff *skb, struct bpf_sock *sk, struct pst_cpu *cpu)
{
	struct packet p = { .cpu = cpu, .far = &far_out };
	struct pst_key key = {};

	if (!read_packet(skb, sk, &p, &key))
		return;
	/* protocols with acknowledgements and timers send on their own, in anyone's context */
	p.by_task = key.kind != PST_KIND_SCTP && key.kind != PST_KIND_DCCP;
	payload_udp_out(skb, &key, p.s, sent(&p, &key));
}

SEC("cgroup_skb/egress")
int pst_egress(struct __sk_buff *skb)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_egress);
	struct bpf_sock *sk = skb->sk;

	if (!cpu || !sk)
		return 1;
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return 1;
	if (is_tcp(sk))
		payload_tcp(skb, sk, PST_PAYLOAD_OUT);
	else
		leaves(skb, sk, cpu);
	return 1;
}

/* listen_late - a datagram of a peer that the socket never sent to: it listens */
static __noinline int listen_late(struct packet *p)
{
	struct pst_seen seen = { .how = EMIT_URGENT, .rec_flags = PST_RF_NO_TASK };
	struct pst_socket *s = p->s;
	struct pst_channel *ch;

	s->key.kind = PST_KIND_UDP_LISTEN;
	s->key.port = p->local_port;
	__builtin_memcpy(s->key.addr, p->bound, sizeof(s->key.addr));
	s->flags |= PST_SOCK_LISTENS;
	seen_packet(p, &s->key, &seen);
	ch = channel_open(p->cpu, &s->key, &seen);
	if (ch)
		add(&ch->attempts, 1);
	return 0;
}

/* from_writer - a datagram of a peer that wrote first */
static __noinline struct pst_channel *from_writer(struct packet *p, struct pst_key *key)
{
	struct pst_channel *ch;

	if (!(p->s->flags & PST_SOCK_LISTENS))
		listen_late(p);
	remember_writer(key, p->cookie);
	accept_key(key, p->local_port);
	ch = channel_find(key);
	return ch ? ch : open_packet(p, key, EMIT_NORMAL);
}

/* answers_group - did the socket write to a group, and is this an answer? */
static __always_inline int answers_group(struct packet *p, const struct pst_key *key)
{
	struct pst_key *group = &p->s->key;

	return group->kind == key->kind && group->port == key->port && addr_is_group(group->addr);
}

/* is_of_network - is the group the broadcast address of a /24, and the stranger of that network? */
static __always_inline int is_of_network(const struct pst_key *group, const struct pst_key *key)
{
	const __u32 *a = (const __u32 *)group->addr, *b = (const __u32 *)key->addr;

	return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] &&
	       !((a[3] ^ b[3]) & bpf_htonl(0xffffff00));
}

/* is_unbounded - may anybody have heard what is sent to the group? */
static __always_inline int is_unbounded(const __u8 *addr)
{
	return !addr_is_mapped(addr) || (addr[12] & 0xf0) == 0xe0 || addr[12] == 0xff;
}

/* from_group - a datagram of one who heard a group that the socket wrote to. One of another host is
 * a peer of its own: it may be anybody who knows the port. */
static __always_inline struct pst_channel *from_group(struct packet *p, struct pst_key *key)
{
	if (p->is_local || is_of_network(&p->s->key, key))
		return channel_counts(&p->s->key);
	if (is_unbounded(p->s->key.addr))
		return open_packet(p, key, EMIT_NORMAL);
	return from_writer(p, key);
}

static __always_inline struct pst_channel *received_datagram(struct packet *p, struct pst_key *key)
{
	int listens = p->s->flags & PST_SOCK_LISTENS;
	struct pst_channel *ch;

	if (listens && wrote_first(key, p->cookie))
		return from_writer(p, key);
	ch = channel_counts(key);
	if (ch)
		return ch;
	if (!listens && p->is_connected) /* the process chose this peer */
		return open_packet(p, key, EMIT_URGENT);
	if (answers_group(p, key))
		return from_group(p, key);
	return from_writer(p, key);
}

/* received - where does a packet that came count? */
static __always_inline struct pst_channel *received(struct packet *p, struct pst_key *key)
{
	struct pst_channel *ch;

	if (is_datagram(key->kind))
		return received_datagram(p, key);
	ch = channel_counts(key);
	if (ch || key->kind == PST_KIND_SCTP || key->kind == PST_KIND_DCCP)
		return ch;
	/* a raw socket hears everybody: who was not written to is no peer */
	__builtin_memset(key->addr, 0, sizeof(key->addr));
	key->port = key->kind == PST_KIND_RAW ? p->protocol : 0;
	ch = channel_find(key);
	return ch ? ch : open_packet(p, key, EMIT_URGENT);
}

/* comes - a packet that is not of TCP */
static __always_inline void comes(struct __sk_buff *skb, struct bpf_sock *sk, struct pst_cpu *cpu)
{
	struct packet p = { .cpu = cpu, .far = &far_in };
	struct pst_channel *ch;
	struct pst_key key = {};

	if (!read_packet(skb, sk, &p, &key) || !p.s->key.tgid)
		return;
	key.start_ns = p.s->key.start_ns;
	key.tgid = p.s->key.tgid;
	ch = received(&p, &key);
	if (ch) {
		ch->last_ns = bpf_ktime_get_boot_ns();
		add(&ch->bytes_in, p.bytes);
		add(&ch->packets_in, p.packets);
	}
	payload_udp_in(skb, &key, p.s, ch);
}

SEC("cgroup_skb/ingress")
int pst_ingress(struct __sk_buff *skb)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_ingress);
	struct bpf_sock *sk = skb->sk;

	if (!cpu || !sk)
		return 1;
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return 1;
	if (is_tcp(sk))
		payload_tcp(skb, sk, PST_PAYLOAD_IN);
	else
		comes(skb, sk, cpu);
	return 1;
}
