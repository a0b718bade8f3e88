// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What became of a TCP connection? One program on every state change: listen, established, refused,
 * accepted, closed. Only ->SYN_SENT and ->LISTEN run in the caller's context; in all other changes
 * the current task means nothing and the socket's own storage says whose it is. */
#include "lib/burst.h"
#include "lib/bytes.h"
#include "lib/open.h"
#include "lib/result.h"

struct change {
	struct pst_cpu *cpu;
	struct sock *sk;
	int from;
	int to;
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
	seen->sock_type = SOCK_STREAM;
	seen->protocol = IPPROTO_TCP;
	if (seen->family == AF_INET6 && addr_is_mapped(addr))
		seen->chan_flags = PST_CHAN_V6_SOCKET;
	seen->how = EMIT_URGENT;
	sock_local_probe(sk, seen->local);
	seen->local_port = sk->__sk_common.skc_num;
}

/* begun - an attempt on a channel that this socket now is: a connect that no cgroup program saw, or
 * a listen */
static __noinline int begun(struct pst_cpu *cpu, struct sock *sk, struct pst_key *key)
{
	struct pst_seen seen = {};
	struct pst_channel *ch;
	struct pst_socket *s = storage(sk, pst_whole_host ? BPF_SK_STORAGE_GET_F_CREATE : 0);

	if (!s) {
		if (pst_whole_host)
			count_loss(cpu, PST_LOSS_STORAGE);
		return 0;
	}
	sight(sk, &seen, key->addr);
	seen.opener_start_ns = s->opener_start_ns;
	seen.opener_tgid = s->opener_tgid;
	ch = channel_open(cpu, key, &seen);
	s->key = *key;
	s->flags = key->kind == PST_KIND_TCP_LISTEN && !key->port ? PST_SOCK_PORT_LATER : 0;
	if (!ch)
		return 0;
	ch->last_ns = bpf_ktime_get_boot_ns();
	ch->cookie = seen.cookie;
	add(&ch->attempts, 1);
	return 0;
}

static __always_inline void syn_sent(struct change *c)
{
	struct pst_socket *s = storage(c->sk, 0);
	struct task_struct *task = bpf_get_current_task_btf();
	struct pst_key key = {};

	if (is_canary(c->cpu, task))
		return;
	key_owner(&key, task);
	key.kind = PST_KIND_TCP_CONNECT;
	key.port = bpf_ntohs(c->sk->__sk_common.skc_dport);
	sock_peer_probe(c->sk, key.addr);
	if (s && s->flags & PST_SOCK_PENDING && key_equal(&s->key, &key))
		s->flags = 0; /* connect4 or connect6 has counted it */
	else
		begun(c->cpu, c->sk,
		      &key); /* they did not see it, or another program sent it elsewhere */
}

static __always_inline void listen_begun(struct change *c)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pst_key key = {};

	if (is_canary(c->cpu, task))
		return;
	key_owner(&key, task);
	key.kind = PST_KIND_TCP_LISTEN;
	key.port = c->sk->__sk_common.skc_num;
	sock_local_probe(c->sk, key.addr);
	begun(c->cpu, c->sk, &key);
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

	key.kind = PST_KIND_TCP_ACCEPT;
	key.port = c->sk->__sk_common.skc_num;
	sock_peer_probe(c->sk, key.addr);
	sight(c->sk, &seen, key.addr);
	seen.far_port = bpf_ntohs(c->sk->__sk_common.skc_dport);
	ch = channel_open(c->cpu, &key, &seen);
	s->key = key;
	s->flags = PST_SOCK_COUNTED;
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
		count_bytes(s, ch, tp);
	burst_flush(ch, s);
	add(&ch->closed, 1);
}

/* established - the kernel may have skipped our run for that very change, so the end of a
 * connection catches up on it */
static __always_inline void established(struct change *c, struct pst_socket *s)
{
	if (s->flags & PST_SOCK_COUNTED)
		return;
	if (s->key.kind == PST_KIND_TCP_LISTEN)
		accepted(c, s);
	else if (s->key.kind == PST_KIND_TCP_CONNECT)
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
	} else if (s->key.kind == PST_KIND_TCP_CONNECT) {
		failed(c, s);
	}
	s->flags = 0;
	s->sent = s->received = 0; /* the socket may connect again */
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(pst_tcp_state, struct sock *sk, int from, int to)
{
	struct change c = { .sk = sk, .from = from, .to = to };
	struct pst_socket *s;

	c.cpu = enter(PST_HIT_pst_tcp_state);
	/* an MPTCP connection is counted once, at its subflows */
	if (!c.cpu || sk->sk_protocol != IPPROTO_TCP)
		return 0;
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
	if (!s || !s->key.kind)
		return 0;
	if (to == TCP_CLOSE)
		closed(&c, s);
	else
		established(&c, s);
	return 0;
}
