// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Who opens an internet socket, and where does it connect to? These programs stand on the decision
 * path of every socket call: each ends in the constant 1, allowed. */
#include "lib/open.h"
#include "lib/result.h"

/* created_bare - a raw socket hears the wire without ever being bound or connected: its making is
 * told */
static __always_inline void created_bare(struct pst_cpu *cpu, struct bpf_sock *ctx,
					 const struct pst_key *owner)
{
	struct pst_seen seen = { .how = EMIT_URGENT, .chan_flags = PST_CHAN_BARE };
	struct pst_key key = { .start_ns = owner->start_ns, .tgid = owner->tgid };
	struct pst_channel *ch;

	key.kind = kind_of_socket(ctx->type, ctx->protocol);
	if (key.kind == PST_KIND_RAW)
		key.port = (__u16)ctx->protocol;
	else if (key.kind != PST_KIND_ICMP)
		return;
	seen.cookie = bpf_get_socket_cookie(ctx);
	seen.family = (__u16)ctx->family;
	seen.sock_type = (__u16)ctx->type;
	seen.protocol = (__u16)ctx->protocol;
	ch = channel_open(cpu, &key, &seen);
	if (ch)
		add(&ch->attempts, 1);
}

SEC("cgroup/sock_create")
int pst_sock_create(struct bpf_sock *ctx)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_sock_create);
	struct task_struct *task = bpf_get_current_task_btf();
	struct pst_socket *s;

	if (!cpu || is_canary(cpu, task))
		return 1;
	s = bpf_sk_storage_get(&pst_sockets, ctx, NULL, BPF_SK_STORAGE_GET_F_CREATE);
	if (!s) {
		count_loss(cpu, PST_LOSS_STORAGE);
		return 1;
	}
	lineage_fresh(cpu, task);
	key_owner(&s->key, task);
	s->opener_start_ns = s->key.start_ns;
	s->opener_tgid = s->key.tgid;
	s->netns = BPF_CORE_READ(task, nsproxy, net_ns, ns.inum);
	s->flags |= PST_SOCK_LIVE;
	created_bare(cpu, ctx, &s->key);
	return 1;
}

static __always_inline int is_ephemeral(__u32 port)
{
	return port >= pst_port_low && port <= pst_port_high;
}

/* bound - a datagram socket with a port of its own choice listens; one that the kernel may have
 * chosen listens when a stranger writes to it */
static __always_inline void bound(struct pst_cpu *cpu, struct bpf_sock *ctx, const __u8 *addr)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pst_seen seen = { .how = EMIT_URGENT };
	struct pst_channel *ch;
	struct pst_socket *s;
	struct pst_key key = {};
	__u16 kind = kind_of_socket(ctx->type, ctx->protocol);

	if ((kind != PST_KIND_UDP_PEER && kind != PST_KIND_UDPLITE) ||
	    is_ephemeral(ctx->src_port) || is_canary(cpu, task))
		return;
	s = bpf_sk_storage_get(&pst_sockets, ctx, NULL, BPF_SK_STORAGE_GET_F_CREATE);
	if (!s) {
		count_loss(cpu, PST_LOSS_STORAGE);
		return;
	}
	key_owner(&key, task);
	key.kind = PST_KIND_UDP_LISTEN;
	key.port = (__u16)ctx->src_port;
	__builtin_memcpy(key.addr, addr, sizeof(key.addr));
	seen.cookie = bpf_get_socket_cookie(ctx);
	seen.opener_start_ns = s->opener_start_ns;
	seen.opener_tgid = s->opener_tgid;
	seen.family = (__u16)ctx->family;
	seen.sock_type = SOCK_DGRAM;
	seen.protocol = (__u16)ctx->protocol;
	if (seen.family == AF_INET6 && addr_is_mapped(addr))
		seen.chan_flags = PST_CHAN_V6_SOCKET;
	ch = channel_open(cpu, &key, &seen);
	s->key = key;
	s->flags |= PST_SOCK_LISTENS;
	if (!ch)
		return;
	ch->last_ns = bpf_ktime_get_boot_ns();
	ch->cookie = seen.cookie;
	add(&ch->attempts, 1);
}

SEC("cgroup/post_bind4")
int pst_post_bind4(struct bpf_sock *ctx)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_post_bind4);
	__u8 addr[16];

	addr_v4(addr, ctx->src_ip4);
	if (cpu)
		bound(cpu, ctx, addr);
	return 1;
}

SEC("cgroup/post_bind6")
int pst_post_bind6(struct bpf_sock *ctx)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_post_bind6);
	__u32 addr[4] = { ctx->src_ip6[0], ctx->src_ip6[1], ctx->src_ip6[2], ctx->src_ip6[3] };

	if (cpu)
		bound(cpu, ctx, (const __u8 *)addr);
	return 1;
}

/* connect_udp - no channel until a datagram leaves; only who will have sent it */
static __always_inline void connect_udp(struct pst_cpu *cpu, struct bpf_sock *sk,
					struct task_struct *task)
{
	struct pst_socket *s = bpf_sk_storage_get(&pst_sockets, sk, NULL,
						  BPF_SK_STORAGE_GET_F_CREATE);

	if (s)
		key_owner(&s->key, task);
	else
		count_loss(cpu, PST_LOSS_STORAGE);
}

/* connect_tcp - @key holds kind, address and port */
static __always_inline void connect_tcp(struct pst_cpu *cpu, struct bpf_sock_addr *ctx,
					struct pst_key *key, struct task_struct *task)
{
	struct bpf_sock *sk = ctx->sk;
	struct pst_seen seen = { .how = EMIT_URGENT };
	struct pst_channel *ch;
	struct pst_socket *s;

	if (!sk)
		return;
	s = bpf_sk_storage_get(&pst_sockets, sk, NULL, BPF_SK_STORAGE_GET_F_CREATE);
	key_owner(key, task);
	addr_of_connect(key->addr);
	seen.cookie = bpf_get_socket_cookie(ctx);
	seen.family = (__u16)sk->family;
	seen.sock_type = SOCK_STREAM;
	seen.protocol = (__u16)sk->protocol;
	if (sk->family == AF_INET6 && addr_is_mapped(key->addr))
		seen.chan_flags = PST_CHAN_V6_SOCKET;
	if (s) {
		seen.opener_start_ns = s->opener_start_ns;
		seen.opener_tgid = s->opener_tgid;
		seen.netns = s->netns;
	} else {
		count_loss(cpu, PST_LOSS_STORAGE);
	}
	ch = channel_open(cpu, key, &seen);
	if (s && sk->protocol == IPPROTO_TCP) {
		s->key = *key;
		s->flags = (s->flags & PST_SOCK_KEPT) | PST_SOCK_PENDING;
	}
	if (!ch || sk->protocol != IPPROTO_TCP) /* MPTCP: counted where its subflow connects */
		return;
	ch->last_ns = bpf_ktime_get_boot_ns();
	ch->cookie = seen.cookie;
	add(&ch->attempts, 1);
}

static __always_inline void connect_any(struct pst_cpu *cpu, struct bpf_sock_addr *ctx,
					struct pst_key *key)
{
	struct task_struct *task = bpf_get_current_task_btf();

	if (is_canary(cpu, task))
		return;
	if (BPF_CORE_READ(task, flags) & PF_KTHREAD && ctx->sk && connection_of(ctx->sk))
		return; /* a further subflow: its connection was seen when it was made */
	key->kind = PST_KIND_TCP_CONNECT;
	key->port = bpf_ntohs((__u16)ctx->user_port);
	if (ctx->protocol == IPPROTO_TCP || ctx->protocol == IPPROTO_MPTCP)
		connect_tcp(cpu, ctx, key, task);
	else if (ctx->protocol == IPPROTO_UDP && ctx->sk)
		connect_udp(cpu, ctx->sk, task);
}

SEC("cgroup/connect4")
int pst_connect4(struct bpf_sock_addr *ctx)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_connect4);
	struct pst_key key = {};

	if (cpu) {
		addr_v4(key.addr, ctx->user_ip4);
		connect_any(cpu, ctx, &key);
	}
	return 1;
}

SEC("cgroup/connect6")
int pst_connect6(struct bpf_sock_addr *ctx)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_connect6);
	__u32 words[4] = { ctx->user_ip6[0], ctx->user_ip6[1], ctx->user_ip6[2], ctx->user_ip6[3] };
	struct pst_key key = {};

	if (cpu) {
		__builtin_memcpy(key.addr, words, sizeof(words));
		connect_any(cpu, ctx, &key);
	}
	return 1;
}

/* never_sent - connect was called and the state never left CLOSE: no route, no permission, a filter
 */
static __always_inline void never_sent(struct pst_cpu *cpu, struct bpf_sock *sk,
				       struct pst_socket *s)
{
	struct pst_rec_result what = { .result = PST_RESULT_NOT_SENT };
	struct pst_channel *ch = channel_find(&s->key);

	s->flags &= PST_SOCK_KEPT;
	if (!ch)
		return;
	what.cookie = bpf_get_socket_cookie(sk);
	ch->last_ns = bpf_ktime_get_boot_ns();
	add(&ch->failures, 1);
	channel_result(cpu, ch, &s->key, &what);
}

/* unbound - the end of a datagram listener; told when it is the last socket of those that share the
 * port */
static __always_inline void unbound(struct pst_cpu *cpu, struct bpf_sock *sk, struct pst_socket *s)
{
	struct pst_rec_result what = { .result = PST_RESULT_CLOSED };
	struct pst_channel *ch = channel_find(&s->key);

	if (!ch)
		return;
	ch->last_ns = bpf_ktime_get_boot_ns();
	add(&ch->closed, 1);
	if (ch->closed + ch->given < ch->attempts + ch->taken || ch->chan_flags & PST_CHAN_FOLDED)
		return;
	what.cookie = bpf_get_socket_cookie(sk);
	what.local_port = s->key.port;
	channel_result(cpu, ch, &s->key, &what);
}

SEC("cgroup/sock_release")
int pst_sock_release(struct bpf_sock *ctx)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_sock_release);
	struct pst_socket *s = bpf_sk_storage_get(&pst_sockets, ctx, NULL, 0);

	if (!cpu || !s)
		return 1;
	if (s->flags & PST_SOCK_PENDING)
		never_sent(cpu, ctx, s);
	else if (s->key.kind == PST_KIND_UDP_LISTEN)
		unbound(cpu, ctx, s);
	return 1;
}
