/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Who uses a socket? Whoever moves bytes: a socket that was inherited, passed or stolen goes over
 * to the process that uses it. What it carried so far stays with the one before. Two processes that
 * use one in turn cost updates of maps, never more than one record each. */
#ifndef PST_LIB_HANDOVER_H
#define PST_LIB_HANDOVER_H

#include "lib/burst.h"
#include "lib/bytes.h"
#include "lib/family.h"
#include "lib/open.h"

/* One use of a socket by the current process. */
struct use {
	struct pst_cpu *cpu;
	struct task_struct *task;
	struct sock *sk;
	struct pst_socket *s;
	__u64 sent;    /* by the call that tells us; 0 before a send, and for a read */
	__u32 is_flow; /* one of many messages, each with an address of its own: no new attempt */
	__u32 pad;
};

static __always_inline int is_owner(const struct pst_socket *s, struct task_struct *task)
{
	return s->key.tgid == (__u32)task->tgid && s->key.start_ns == task_start(task);
}

static __always_inline int is_opener(const struct pst_socket *s, struct task_struct *task)
{
	return s->opener_tgid == (__u32)task->tgid && s->opener_start_ns == task_start(task);
}

/* use_settle - all that the processes before wrote and read goes into their channel, and no byte of
 * the call that tells us: what they wrote may still wait to be sent, and what they did not read is
 * for who comes after them */
static __always_inline void use_settle(struct use *u, struct pst_channel *old)
{
	const struct tcp_sock___handover *at = (const void *)u->sk;
	const struct tcp_sock *tp = (const void *)u->sk;
	__u64 out = BPF_CORE_READ(tp, bytes_sent) - BPF_CORE_READ(tp, bytes_retrans);
	__u64 in = BPF_CORE_READ(tp, bytes_received);

	out += BPF_CORE_READ(at, write_seq) - BPF_CORE_READ(at, snd_nxt);
	if (out > u->sent)
		add(&old->bytes_out, advance(&u->s->sent, out - u->sent));
	if (u->s->copied)
		in -= BPF_CORE_READ(at, rcv_nxt) - u->s->copied;
	if (u->s->copied && (__s64)in > 0)
		add(&old->bytes_in, advance(&u->s->received, in));
	burst_flush(old, u->s);
}

/* use_seen - what the first sight of a channel says of a socket that was handed over */
static __always_inline void use_seen(struct use *u, const struct pst_key *key,
				     struct pst_seen *seen)
{
	struct sock *sk = u->sk;

	seen->how = EMIT_URGENT;
	seen->cookie = bpf_get_socket_cookie(sk);
	seen->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	seen->sock_type = BPF_CORE_READ(sk, sk_type);
	seen->protocol = BPF_CORE_READ(sk, sk_protocol);
	seen->opener_start_ns = u->s->opener_tgid ? u->s->opener_start_ns : u->s->key.start_ns;
	seen->opener_tgid = u->s->opener_tgid ? u->s->opener_tgid : u->s->key.tgid;
	if (!is_opener(u->s, u->task))
		seen->chan_flags = PST_CHAN_HANDED;
	if (!is_inet(seen->family)) {
		seen->name = bpf_map_lookup_elem(&pst_names, key->addr);
		return;
	}
	if (seen->family == AF_INET6 && addr_is_mapped(key->addr))
		seen->chan_flags |= PST_CHAN_V6_SOCKET;
	sock_local_probe(sk, seen->local);
	seen->local_port = BPF_CORE_READ(sk, __sk_common.skc_num);
	seen->far_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
}

/* use_channel - the same kind, address and port in the hands of the process that acts */
static __always_inline struct pst_channel *use_channel(struct use *u, struct pst_key *key)
{
	struct pst_channel *ch = channel_find(key);
	struct pst_seen seen = {};

	if (ch)
		return ch;
	use_seen(u, key, &seen);
	return channel_open(u->cpu, key, &seen);
}

/* socket_used_by - the socket belongs to the process that acts from now on. Only for who is not its
 * owner already. */
static __noinline __attribute__((unused)) int socket_used_by(struct use *u)
{
	struct pst_channel *old = NULL, *ch;
	struct pst_key key = u->s->key;
	struct sock *sk = u->sk;

	if (key.kind)
		old = channel_find(&key);
	if (old && u->s->flags & PST_SOCK_COUNTED && BPF_CORE_READ(sk, sk_protocol) == IPPROTO_TCP)
		use_settle(u, old);
	key_owner(&key, u->task);
	ch = key.kind ? use_channel(u, &key) : NULL;
	u->s->key = key;
	u->s->flags &= ~PST_SOCK_PASSED;
	if (!u->s->opener_tgid && old) {
		u->s->opener_start_ns = old->task.start_ns;
		u->s->opener_tgid = old->task.tgid;
	}
	if (old) {
		old->last_ns = bpf_ktime_get_boot_ns(); /* the next sweep tells what was settled */
		add(&old->given, 1);
	}
	if (!ch)
		return 0;
	if (!is_opener(u->s, u->task))
		__sync_fetch_and_or(&ch->chan_flags, PST_CHAN_HANDED);
	ch->last_ns = bpf_ktime_get_boot_ns();
	add(&ch->taken, 1);
	return 0;
}

#endif
