// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Who moves how many bytes through which socket? Every family passes here, in the context of the
 * process that sends or receives. TCP counts for itself: of it only the user and the bursts are
 * told. A busy TCP socket looks its channel up ten times a second at most: what it sends in between
 * is held and added later, so a silence is measured up to that much too long. */
#include "lib/first.h"
#include "lib/watched.h"

#define HOLD_NS 100000000ull

static __always_inline struct pst_socket *storage(struct sock *sk, __u64 flags)
{
	return bpf_sk_storage_get(&pst_sockets, sk, NULL, flags);
}

/* use_begin - is this use to be looked at? Kernel threads and the canary use sockets for nobody. */
static __always_inline int use_begin(struct use *u)
{
	u->task = bpf_get_current_task_btf();
	if (!u->cpu || u->task->flags & PF_KTHREAD || is_canary(u->cpu, u->task))
		return 0;
	u->s = storage(u->sk, 0);
	return 1;
}

static __always_inline void tcp_burst(struct use *u)
{
	__u64 now = bpf_ktime_get_boot_ns();
	struct pst_channel *ch;

	if (now - u->s->held_ns < HOLD_NS) {
		add(&u->s->held_bytes, u->sent);
		return;
	}
	u->s->held_ns = now;
	ch = channel_find(&u->s->key);
	if (!ch)
		return;
	burst_flush(ch, u->s);
	burst(ch, now, u->sent);
}

/* call_bytes - of SCTP and DCCP, whose packets do not say how much of them is payload */
static __always_inline void call_bytes(struct use *u, __u64 received)
{
	struct pst_channel *ch = channel_find(&u->s->key);

	if (!ch)
		return;
	ch->last_ns = bpf_ktime_get_boot_ns();
	add(&ch->bytes_out, u->sent);
	add(&ch->bytes_in, received);
	if (u->sent)
		burst(ch, ch->last_ns, u->sent);
}

/* inet_used - the bytes of most are counted elsewhere */
static __always_inline void inet_used(struct use *u, __u64 received)
{
	struct sock *sk = u->sk;
	__u16 protocol = BPF_CORE_READ(sk, sk_protocol);

	if (!u->s || !u->s->key.tgid)
		return;
	if (!is_owner(u->s, u->task))
		socket_used_by(u);
	if (u->sent && u->s->flags & PST_SOCK_COUNTED && protocol == IPPROTO_TCP)
		tcp_burst(u);
	else if (protocol == IPPROTO_SCTP || protocol == IPPROTO_DCCP)
		call_bytes(u, received);
}

/* family_channel - the entry that this use counts on; NULL when there is none */
static __always_inline struct pst_channel *family_channel(struct use *u)
{
	struct pst_channel *ch;

	if (!u->s && is_watched(u->task)) {
		u->s = storage(u->sk, BPF_SK_STORAGE_GET_F_CREATE);
		if (!u->s)
			count_loss(u->cpu, PST_LOSS_STORAGE);
	}
	if (!u->s)
		return NULL;
	if (!u->s->key.kind)
		return family_first(u);
	if (!is_owner(u->s, u->task))
		socket_used_by(u);
	ch = channel_find(&u->s->key);
	return ch ? ch : family_again(u);
}

static __always_inline int is_stream(struct sock *sk)
{
	return BPF_CORE_READ(sk, sk_type) == SOCK_STREAM;
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(pst_send_length, struct sock *sk, int sent)
{
	struct use u = { .cpu = enter(PST_HIT_pst_send_length), .sk = sk };
	struct pst_channel *ch;

	if (sent <= 0 || !use_begin(&u))
		return 0;
	u.sent = (__u64)sent;
	if (is_inet(BPF_CORE_READ(sk, __sk_common.skc_family))) {
		inet_used(&u, 0);
		return 0;
	}
	ch = family_channel(&u);
	if (!ch)
		return 0;
	ch->last_ns = bpf_ktime_get_boot_ns();
	add(&ch->bytes_out, u.sent);
	if (!is_stream(sk))
		add(&ch->packets_out, 1);
	burst(ch, ch->last_ns, u.sent);
	return 0;
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(pst_recv_length, struct sock *sk, int received, int flags)
{
	struct use u = { .cpu = enter(PST_HIT_pst_recv_length), .sk = sk };
	struct pst_channel *ch;

	if (received <= 0 || flags & MSG_PEEK || !use_begin(&u))
		return 0;
	if (is_inet(BPF_CORE_READ(sk, __sk_common.skc_family))) {
		inet_used(&u, (__u64)received);
		return 0;
	}
	ch = family_channel(&u);
	if (!ch)
		return 0;
	ch->last_ns = bpf_ktime_get_boot_ns();
	add(&ch->bytes_in, (__u64)received);
	if (!is_stream(sk))
		add(&ch->packets_in, 1);
	return 0;
}

/* in_a_call - does a process hold the socket's lock? Data that is taken out in softirq, for kTLS or
 * a socket map, is read by nobody yet. */
static __always_inline int in_a_call(struct sock *sk)
{
	return BPF_CORE_READ((const struct sock___family *)sk, sk_lock.owned) != 0;
}

SEC("tp_btf/tcp_rcv_space_adjust")
int BPF_PROG(pst_rcv_adjust, struct sock *sk)
{
	struct use u = { .cpu = enter(PST_HIT_pst_rcv_adjust), .sk = sk };

	if (!in_a_call(sk) || !use_begin(&u) || !u.s || !u.s->key.tgid)
		return 0;
	if (!is_owner(u.s, u.task))
		socket_used_by(&u);
	u.s->copied = BPF_CORE_READ((const struct tcp_sock___handover *)sk, copied_seq);
	return 0;
}
