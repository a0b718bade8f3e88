// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What became of a TCP connection, or of one of SCTP and DCCP, which share its states? One program
 * on every state change: listen, established, refused, accepted, closed. Only ->SYN_SENT and
 * ->LISTEN run in the caller's context; in all other changes the current task means nothing and the
 * socket's own storage says whose it is. An MPTCP connection is the process's socket; the states
 * are those of its subflows, sockets of the kernel's own, of which the first one counts it. */
#include "lib/burst.h"
#include "lib/bytes.h"
#include "lib/open.h"
#include "lib/result.h"
#include "lib/watched.h"

struct change {
	struct pst_cpu *cpu;
	struct sock *sk;
	__u64 whole; /* address of the MPTCP connection that sk is a subflow of; 0: none */
	int from;
	int to;
	__u16 protocol;
	__u16 joins; /* it is not the first subflow */
};

static __always_inline struct pst_socket *storage(struct sock *sk, __u64 flags)
{
	return bpf_sk_storage_get(&pst_sockets, sk, NULL, flags);
}

/* sight - what a struct sock says of a channel */
static __always_inline void sight(struct sock *sk, struct pst_seen *seen, const __u8 *addr)
{
	seen->cookie = bpf_get_socket_cookie(sk);
	seen->family = sk->__sk_common.skc_family;
	seen->sock_type = BPF_CORE_READ(sk, sk_type);
	seen->protocol = sk->sk_protocol;
	if (seen->family == AF_INET6 && addr_is_mapped(addr))
		seen->chan_flags = PST_CHAN_V6_SOCKET;
	seen->how = EMIT_URGENT;
	sock_local_probe(sk, seen->local);
	seen->local_port = sk->__sk_common.skc_num;
}

/* own - the storage of a socket that begins to connect or to listen, made when it is missing. The
 * kernel makes subflows itself, and no program of a cgroup sees that. */
static __always_inline struct pst_socket *own(struct change *c)
{
	int make = pst_whole_host || (c->whole && is_watched(bpf_get_current_task_btf()));
	struct pst_socket *s = storage(c->sk, make ? BPF_SK_STORAGE_GET_F_CREATE : 0);

	if (!s && make)
		count_loss(c->cpu, PST_LOSS_STORAGE);
	return s;
}

/* begun - an attempt on a channel that this socket now is: a connect that no cgroup program saw, or
 * a listen */
static __noinline int begun(struct change *c, struct pst_key *key)
{
	struct pst_seen seen = {};
	struct pst_channel *ch;
	struct pst_socket *s = own(c);

	if (!s)
		return 0;
	sight(c->sk, &seen, key->addr);
	seen.opener_start_ns = s->opener_start_ns;
	seen.opener_tgid = s->opener_tgid;
	ch = channel_open(c->cpu, key, &seen);
	s->key = *key;
	s->flags &= PST_SOCK_KEPT;
	if (kind_listens(key->kind))
		s->flags |= key->port ? PST_SOCK_LISTENS : PST_SOCK_LISTENS | PST_SOCK_PORT_LATER;
	if (!ch)
		return 0;
	ch->last_ns = bpf_ktime_get_boot_ns();
	ch->cookie = seen.cookie;
	add(&ch->attempts, 1);
	return 0;
}

/* joined - a further subflow: its connection was counted, only its bytes are still to be. 0 when
 * the connection is not known */
static __noinline int joined(struct change *c)
{
	struct pst_key *whole = bpf_map_lookup_elem(&pst_wholes, &c->whole);
	struct pst_socket *s;

	if (!whole)
		return 0;
	s = storage(c->sk, BPF_SK_STORAGE_GET_F_CREATE);
	if (!s) {
		count_loss(c->cpu, PST_LOSS_STORAGE);
		return 1;
	}
	s->key = *whole;
	s->flags = (s->flags & PST_SOCK_KEPT) | PST_SOCK_COUNTED | PST_SOCK_JOINED;
	s->sent = s->received = 0;
	return 1;
}

static __always_inline void whole_known(struct change *c, const struct pst_key *key)
{
	if (c->whole)
		bpf_map_update_elem(&pst_wholes, &c->whole, key, BPF_ANY);
}

/* is_same_peer - does @now lead to the peer of @was, which may be the key of several? */
static __always_inline int is_same_peer(const struct pst_key *was, const struct pst_key *now)
{
	struct pst_key network = *now, all = *now;

	fold_network(&network);
	fold_kind(&all);
	return key_equal(was, now) || key_equal(was, &network) || key_equal(was, &all);
}

static __always_inline void syn_sent(struct change *c)
{
	struct pst_socket *s = storage(c->sk, 0);
	struct task_struct *task = bpf_get_current_task_btf();
	struct pst_key key = {};

	if (c->joins && joined(c))
		return;
	if (is_canary(c->cpu, task))
		return;
	key_owner(&key, task);
	key.kind = kind_of_socket(SOCK_STREAM, c->protocol);
	key.port = bpf_ntohs(c->sk->__sk_common.skc_dport);
	sock_peer_probe(c->sk, key.addr);
	if (s && s->flags & PST_SOCK_PENDING && is_same_peer(&s->key, &key)) {
		s->flags &= PST_SOCK_KEPT; /* connect4 or connect6 has counted it */
		key = s->key;
	} else {
		/* they did not see it, or another program sent it elsewhere */
		begun(c, &key);
	}
	whole_known(c, &key);
}

static __always_inline void listen_begun(struct change *c)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pst_key key = {};

	if (is_canary(c->cpu, task))
		return;
	key_owner(&key, task);
	key.kind = c->protocol == IPPROTO_SCTP ? PST_KIND_SCTP_LISTEN :
		   c->protocol == IPPROTO_DCCP ? PST_KIND_DCCP_LISTEN :
						 PST_KIND_TCP_LISTEN;
	key.port = c->sk->__sk_common.skc_num;
	sock_local_probe(c->sk, key.addr);
	begun(c, &key);
}

/* tell - a RESULT for the socket's channel */
static __noinline int tell(struct change *c, struct pst_socket *s, struct pst_channel *ch,
			   __u32 result)
{
	struct pst_rec_result what = { .result = (__u16)result };
	struct inet_sock *inet = (struct inet_sock *)c->sk;

	what.cookie = bpf_get_socket_cookie(c->sk);
	sock_local_probe(c->sk, what.local);
	what.local_port = bpf_ntohs(BPF_CORE_READ(inet, inet_sport)); /* skc_num is 0 at CLOSE */
	if (result == PST_RESULT_REFUSED || result == PST_RESULT_TIMED_OUT ||
	    result == PST_RESULT_FAILED)
		what.error = (__u32)c->sk->sk_err;
	return channel_result(c->cpu, ch, &s->key, &what);
}

static __always_inline void connected(struct change *c, struct pst_socket *s)
{
	struct pst_channel *ch = channel_find(&s->key);

	s->flags |= PST_SOCK_COUNTED;
	if (!ch)
		return;
	add(&ch->established, 1);
	ch->last_ns = bpf_ktime_get_boot_ns();
	if (!(ch->told & 1u << PST_RESULT_ESTABLISHED))
		tell(c, s, ch, PST_RESULT_ESTABLISHED);
}

/* accepted - the child's storage is still the listener's: it becomes the peer's own channel */
static __always_inline void accepted(struct change *c, struct pst_socket *s)
{
	struct pst_seen seen = { .rec_flags = PST_RF_NO_TASK };
	struct pst_key key = s->key;
	struct pst_channel *ch;

	if (c->joins && joined(c))
		return;
	if (c->protocol == IPPROTO_TCP) {
		key.kind = PST_KIND_TCP_ACCEPT;
		key.port = c->sk->__sk_common.skc_num;
	} else { /* a peer's own port is no part of a key */
		key.kind = kind_of_socket(SOCK_STREAM, c->protocol);
		key.port = 0;
	}
	sock_peer_probe(c->sk, key.addr);
	sight(c->sk, &seen, key.addr);
	seen.far_port = bpf_ntohs(c->sk->__sk_common.skc_dport);
	ch = channel_open(c->cpu, &key, &seen);
	s->key = key;
	s->flags = (s->flags & PST_SOCK_KEPT) | PST_SOCK_COUNTED;
	whole_known(c, &key);
	if (!ch)
		return;
	ch->last_ns = bpf_ktime_get_boot_ns();
	ch->cookie = seen.cookie;
	add(&ch->attempts, 1);
	add(&ch->established, 1);
}

/* failure_of - why did a connect end before it was established? */
static __always_inline __u32 failure_of(struct change *c, const struct tcp_sock *tp)
{
	if (c->sk->sk_err == ECONNREFUSED)
		return PST_RESULT_REFUSED;
	if (c->sk->sk_err == ETIMEDOUT)
		return PST_RESULT_TIMED_OUT;
	return tp && !tp->segs_out ? PST_RESULT_NOT_SENT : PST_RESULT_FAILED;
}

static __always_inline void failed(struct change *c, struct pst_socket *s)
{
	struct pst_channel *ch = channel_find(&s->key);

	if (!ch)
		return;
	ch->last_ns = bpf_ktime_get_boot_ns();
	add(&ch->failures, 1);
	tell(c, s, ch, failure_of(c, bpf_skc_to_tcp_sock(c->sk)));
}

static __always_inline void unlistened(struct change *c, struct pst_socket *s)
{
	struct pst_channel *ch = channel_find(&s->key);

	if (!ch)
		return;
	ch->last_ns = bpf_ktime_get_boot_ns();
	add(&ch->closed, 1);
	if (ch->closed >= ch->attempts) /* the last one of those that share the port */
		tell(c, s, ch, PST_RESULT_CLOSED);
}

static __always_inline void ended(struct change *c, struct pst_socket *s)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(c->sk);
	struct pst_channel *ch = channel_find(&s->key);

	if (!ch)
		return;
	ch->last_ns = bpf_ktime_get_boot_ns();
	if (tp)
		count_bytes(s, ch, tp, 0);
	burst_flush(ch, s);
	if (!(s->flags & PST_SOCK_JOINED))
		add(&ch->closed, 1);
}

/* established - the kernel may have skipped our run for that very change, so the end of a
 * connection catches up on it */
static __always_inline void established(struct change *c, struct pst_socket *s)
{
	if (s->flags & PST_SOCK_COUNTED)
		return;
	if (s->key.kind == PST_KIND_TCP_LISTEN || s->key.kind == PST_KIND_DCCP_LISTEN)
		accepted(c, s);
	else if (s->key.kind == PST_KIND_TCP_CONNECT || s->key.kind == PST_KIND_DCCP)
		connected(c, s);
}

static __always_inline void closed(struct change *c, struct pst_socket *s)
{
	int was_open = c->from != TCP_LISTEN && c->from != TCP_SYN_SENT && c->from != TCP_SYN_RECV;

	if (c->from == TCP_LISTEN) {
		unlistened(c, s);
	} else if (was_open) {
		established(c, s);
		ended(c, s);
	} else if (!(s->flags & PST_SOCK_JOINED) &&
		   (s->key.kind == PST_KIND_TCP_CONNECT || s->key.kind == PST_KIND_DCCP)) {
		failed(c, s);
	}
	s->flags &= PST_SOCK_KEPT;
	s->sent = s->received = 0; /* the socket may connect again */
}

/* whole_of - is this a subflow of an MPTCP connection? */
static __always_inline void whole_of(struct change *c)
{
	const struct tcp_sock *tp = (const void *)c->sk;
	const struct inet_connection_sock *icsk = (const void *)c->sk;
	const struct mptcp_subflow_context *subflow;

	if (!bpf_core_field_exists(tp->is_mptcp) || !BPF_CORE_READ(tp, is_mptcp) ||
	    !bpf_core_type_exists(struct mptcp_subflow_context))
		return;
	subflow = BPF_CORE_READ(icsk, icsk_ulp_data);
	if (!subflow)
		return;
	c->whole = (__u64)BPF_CORE_READ(subflow, conn);
	c->joins = BPF_CORE_READ_BITFIELD_PROBED(subflow, request_join) ||
		   BPF_CORE_READ_BITFIELD_PROBED(subflow, mp_join);
}

/* peeled - an accepted SCTP socket: made by accept(), in its caller's context, and no copy of the
 * listener */
static __always_inline void peeled(struct change *c)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pst_socket *s;

	if (!pst_whole_host || BPF_CORE_READ(task, flags) & PF_KTHREAD)
		return;
	s = storage(c->sk, BPF_SK_STORAGE_GET_F_CREATE);
	if (!s) {
		count_loss(c->cpu, PST_LOSS_STORAGE);
		return;
	}
	key_owner(&s->key, task);
	s->flags |= PST_SOCK_LISTENS; /* its peer's port is one of its own choice */
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(pst_tcp_state, struct sock *sk, int from, int to)
{
	struct change c = { .sk = sk, .from = from, .to = to };
	struct pst_socket *s;

	c.cpu = enter(PST_HIT_pst_tcp_state);
	c.protocol = sk->sk_protocol;
	/* of MPTCP itself nothing: its subflows tell */
	if (!c.cpu ||
	    (c.protocol != IPPROTO_TCP && c.protocol != IPPROTO_SCTP && c.protocol != IPPROTO_DCCP))
		return 0;
	if (c.protocol == IPPROTO_TCP)
		whole_of(&c);
	if (to == TCP_SYN_SENT) {
		syn_sent(&c);
		return 0;
	}
	if (to == TCP_LISTEN) {
		listen_begun(&c);
		return 0;
	}
	if (to != TCP_ESTABLISHED && to != TCP_CLOSE)
		return 0;
	s = storage(sk, 0);
	if (!s && c.protocol == IPPROTO_SCTP && to == TCP_ESTABLISHED)
		peeled(&c);
	if (!s || !s->key.kind)
		return 0;
	if (to == TCP_CLOSE)
		closed(&c, s);
	else
		established(&c, s);
	return 0;
}
