/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which channel is a socket that an iterator met, and was it told? Who is met first as holder of a
 * socket is its owner. */
#ifndef PST_LIB_MET_H
#define PST_LIB_MET_H

#include "lib/burst.h"
#include "lib/bytes.h"
#include "lib/family.h"
#include "lib/kern_acts.h"

extern struct pst_found pst_found;
extern __u64 pst_sweep_ns; /* when the iteration over all files began that is the last one */

/* What is learned of one socket. It lies in map memory, of which the verifier knows nothing: so it
 * need not follow each kind of socket to the end. */
struct look {
	struct pst_key key;
	struct pst_seen seen;
	struct pst_port port;
	__u32 chan_flags; /* that it is told with */
	__u16 family, protocol;
	__u16 transport; /* the protocol; IPPROTO_RAW: of a raw socket, whatever it carries */
	__u16 rec_flags;
	__u16 hook; /* the program that met it: PST_HIT_*, from 1 */
	__u32 state;
};

/* One iterator runs at a time. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct look);
} pst_looks __weak SEC(".maps");

/* A socket that an iterator met. */
struct met {
	struct pst_cpu *cpu;
	struct seq_file *seq;
	struct task_struct *task; /* its holder; NULL: none is known */
	struct sock *sk;
	struct pst_socket *s;
	struct pst_name *name;
	struct look *look;
};

/* has_room_for - bytes in the reader's buffer. What a program wrote for one object is dropped when
 * the rest of it does not fit: so it asks before, and is called again for the same object */
static __always_inline int has_room_for(struct seq_file *seq, __u64 size)
{
	const struct seq_file___more *buffer = (const void *)seq;
	__u64 used = BPF_CORE_READ(buffer, count);

	return !used || BPF_CORE_READ(buffer, size) - used > size;
}

/* met_look - the place for what is learned, with what every socket has */
static __always_inline struct look *met_look(const struct sock *sk, __u32 hit)
{
	__u32 zero = 0;
	struct look *look = bpf_map_lookup_elem(&pst_looks, &zero);

	if (!look)
		return NULL;
	__builtin_memset(look, 0, sizeof(*look));
	look->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	look->protocol = BPF_CORE_READ(sk, sk_protocol);
	look->transport = BPF_CORE_READ(sk, sk_type) == SOCK_RAW ? IPPROTO_RAW : look->protocol;
	look->state = BPF_CORE_READ(sk, __sk_common.skc_state);
	look->port.netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	if (is_inet(look->family))
		look->port.port = BPF_CORE_READ(sk, __sk_common.skc_num);
	look->rec_flags = PST_RF_NO_TASK; /* its owner does not act now */
	look->hook = (__u16)(hit + 1);
	return look;
}

static __always_inline struct pst_scratch *met_scratch(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&pst_scratches, &zero);
}

static __always_inline __u16 met_far_port(const struct met *m)
{
	const struct sock *sk = m->sk;

	return bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
}

static __always_inline void met_seen(struct met *m, const struct pst_key *key,
				     struct pst_seen *seen)
{
	struct sock *sk = m->sk;

	seen->cookie = bpf_get_socket_cookie(sk);
	seen->family = m->look->family;
	seen->protocol = m->look->protocol;
	seen->sock_type = (__u16)BPF_CORE_READ(sk, sk_type);
	seen->chan_flags |= m->look->chan_flags;
	seen->opener_start_ns = m->s->opener_start_ns;
	seen->opener_tgid = m->s->opener_tgid;
	seen->rec_flags =
		PST_RF_NO_TASK; /* stamped with its owner, not with the reader of the iterator */
	if (!is_inet(m->look->family))
		return;
	if (m->look->family == AF_INET6 && addr_is_mapped(key->addr))
		seen->chan_flags |= PST_CHAN_V6_SOCKET;
	seen->local_port = (__u16)m->look->port.port;
	seen->far_port = key->kind == PST_KIND_TCP_ACCEPT ? met_far_port(m) : 0;
	sock_local_probe(sk, seen->local);
}

/* channel_enter - channel_insert for the iterators, which then look @key up: CHANNEL_*. Not static,
 * as task.h says: so no pointer that @seen holds outlives it. */
__weak int channel_enter(struct pst_key *whole, const struct pst_seen *seen)
{
	__u32 zero = 0, is_new = CHANNEL_KNOWN;
	struct pst_cpu *cpu = bpf_map_lookup_elem(&pst_cpus, &zero);
	struct pst_key key;

	if (!cpu || !whole || !seen)
		return CHANNEL_KNOWN;
	key = *whole; /* before 6.2 a map takes no key but of the stack */
	channel_insert(cpu, &key, seen, &is_new);
	*whole = key;
	return (int)is_new;
}

/* met_tell - the record of a channel that no event told */
static __always_inline void met_tell(struct met *m, struct pst_channel *ch,
				     const struct pst_key *key, const struct pst_seen *seen)
{
	struct pst_scratch *scratch = met_scratch();
	struct pst_rec_channel *rec = scratch ? &scratch->iter : NULL;

	if (!rec || ch->told & PST_TOLD_FIRST)
		return;
	header_unnumbered(&rec->h, PST_REC_CHANNEL, sizeof(*rec));
	rec->h.flags = m->look->rec_flags;
	rec->h.task = ch->task;
	if (!key->tgid)
		rec->h.flags |= PST_RF_NO_OWNER;
	channel_fill(rec, key, seen, seen->name);
	rec->hook = m->look->hook;
	if (bpf_seq_write(m->seq, rec, sizeof(*rec)))
		return;
	ch->told |= PST_TOLD_FIRST;
	if (seen->chan_flags & PST_CHAN_LATE)
		pst_found.late++;
	if (seen->chan_flags & PST_CHAN_HIDDEN && !key->tgid)
		pst_found.hidden++;
}

/* key_listens - a key of what listens on its own address */
static __always_inline void key_listens(struct met *m, struct pst_key *key, __u16 kind)
{
	key->kind = kind;
	key->port = (__u16)m->look->port.port;
	sock_local_probe(m->sk, key->addr);
}

/* key_peer - the other end; all zero when there is none */
static __always_inline void key_peer(struct met *m, struct pst_key *key)
{
	const __u32 *words = (const __u32 *)key->addr;

	sock_peer_probe(m->sk, key->addr);
	if (!words[3] && !words[0] && !words[1])
		__builtin_memset(key->addr, 0, sizeof(key->addr));
}

static __always_inline int is_stream(__u16 transport)
{
	return transport == IPPROTO_TCP || transport == IPPROTO_MPTCP;
}

static __always_inline void key_stream(struct met *m, struct pst_key *key)
{
	if (m->look->state == TCP_LISTEN) {
		key_listens(m, key, PST_KIND_TCP_LISTEN);
		return;
	}
	key_peer(m, key);
	key->port = met_far_port(m);
	if (!key->port)
		return;
	key->kind = PST_KIND_TCP_CONNECT;
	if (bpf_map_lookup_elem(&pst_ports, &m->look->port)) {
		key->kind = PST_KIND_TCP_ACCEPT;
		key->port = (__u16)m->look->port.port;
	}
}

/* key_udp - a connected one is none: whether it ever sent anything nobody knows, and its next
 * datagram tells; one that nobody holds will not be asked again */
static __always_inline void key_udp(struct met *m, struct pst_key *key)
{
	__u16 port = (__u16)m->look->port.port;

	key->port = met_far_port(m);
	if (!key->port) {
		if (port && (port < pst_port_low || port > pst_port_high))
			key_listens(m, key, PST_KIND_UDP_LISTEN);
		return;
	}
	if (m->task)
		return;
	key->kind = PST_KIND_UDP_PEER;
	key_peer(m, key);
}

/* key_other - ping, raw and the rarer transports. Without a peer a raw one hears the wire already;
 * the others are none until they are used */
static __always_inline void key_other(struct met *m, struct pst_key *key, struct pst_seen *seen)
{
	const struct sock *sk = m->sk;
	__u16 kind = kind_of_socket(BPF_CORE_READ(sk, sk_type), m->look->protocol);

	if (m->look->state == TCP_LISTEN && (kind == PST_KIND_SCTP || kind == PST_KIND_DCCP)) {
		key_listens(m, key,
			    kind == PST_KIND_SCTP ? PST_KIND_SCTP_LISTEN : PST_KIND_DCCP_LISTEN);
		return;
	}
	key->kind = kind;
	key_peer(m, key);
	if (kind == PST_KIND_RAW)
		key->port = m->look->protocol;
	else if (kind != PST_KIND_ICMP)
		key->port = met_far_port(m);
	if (((__u64 *)key->addr)[0] || ((__u64 *)key->addr)[1])
		return;
	seen->chan_flags |= PST_CHAN_BARE;
	if (kind != PST_KIND_RAW && kind != PST_KIND_ICMP)
		key->kind = 0;
}

/* met_inet - which channel is this internet socket? kind 0: none */
static __noinline int met_inet(struct met *m, struct pst_key *key, struct pst_seen *seen)
{
	if (is_stream(m->look->transport))
		key_stream(m, key);
	else if (m->look->transport == IPPROTO_UDP)
		key_udp(m, key);
	else
		key_other(m, key, seen);
	return 0;
}

static __always_inline int is_connection(__u8 state)
{
	return state != TCP_LISTEN && state != TCP_CLOSE && state != TCP_SYN_SENT &&
	       state != TCP_SYN_RECV;
}

/* met_again - a socket that has its channel: tell it if that was not done, add what it carried
 * since */
static __noinline int met_again(struct met *m)
{
	struct pst_channel *ch = channel_counts(&m->s->key);
	struct pst_seen seen = {};
	struct tcp_sock *tp;

	if (!ch)
		return 0;
	ch->met_ns = bpf_ktime_get_boot_ns();
	if (!(ch->told & PST_TOLD_FIRST)) {
		struct pst_key key = m->s->key;

		seen.chan_flags = ch->chan_flags;
		seen.name = bpf_map_lookup_elem(&pst_names, key.addr);
		met_seen(m, &key, &seen);
		met_tell(m, ch, &key, &seen);
	}
	burst_flush(ch, m->s);
	tp = bpf_skc_to_tcp_sock(m->sk);
	if (tp && m->s->flags & PST_SOCK_COUNTED && count_bytes(m->s, ch, tp, bytes_unread(tp)))
		ch->last_ns = bpf_ktime_get_boot_ns();
	return 0;
}

#endif
