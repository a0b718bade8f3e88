// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* To whom does a process mean to send a datagram? The send hooks see the destination of unconnected
 * sockets in the sender's context, also of what then never leaves. The packet hooks count, and are
 * the first sight of connected sockets. */
#include "lib/peer.h"

/* moved_listener - another process sends by a socket that listens */
static __noinline int moved_listener(struct pst_cpu *cpu, const struct former *was,
				     struct pst_socket *s, const struct pst_seen *like)
{
	struct pst_seen seen = { .cookie = like->cookie,
				 .family = like->family,
				 .sock_type = SOCK_DGRAM,
				 .protocol = like->protocol,
				 .how = EMIT_URGENT };

	listener_handed(cpu, was, s, &seen);
	return 0;
}

static __always_inline void send_to(struct pst_cpu *cpu, struct bpf_sock_addr *ctx,
				    struct pst_key *key)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct bpf_sock *sk = ctx->sk;
	struct pst_seen seen = { .sock_type = SOCK_DGRAM, .how = EMIT_URGENT };
	struct former was = {};
	struct pst_channel *ch;
	struct pst_socket *s;
	int is_handed;

	if (!sk || is_canary(cpu, task))
		return;
	s = bpf_sk_storage_get(&pst_sockets, sk, NULL, BPF_SK_STORAGE_GET_F_CREATE);
	if (!s) {
		count_loss(cpu, PST_LOSS_STORAGE);
		return;
	}
	addr_of_connect(key->addr);
	seen.cookie = bpf_get_socket_cookie(ctx);
	seen.protocol = (__u16)ctx->protocol;
	seen.family = (__u16)sk->family;
	is_handed = user_now(s, &was);
	if (is_handed && s->flags & PST_SOCK_LISTENS)
		moved_listener(cpu, &was, s, &seen);
	key_owner(key, task);
	key->kind = kind_of_socket(SOCK_DGRAM, ctx->protocol);
	key->port = bpf_ntohs((__u16)ctx->user_port);
	if (s->flags & PST_SOCK_LISTENS && wrote_first(key, seen.cookie)) {
		if (is_handed) { /* where the packet hook counts the answer */
			accept_key(key, s->key.port);
			handed(&was, key, channel_counts(key));
		}
		return;
	}
	if (!is_handed && channel_find(key))
		return;
	seen.opener_start_ns = s->opener_start_ns;
	seen.opener_tgid = s->opener_tgid;
	seen.netns = s->netns;
	if (sk->family == AF_INET6 && addr_is_mapped(key->addr))
		seen.chan_flags = PST_CHAN_V6_SOCKET;
	ch = channel_open(cpu, key, &seen);
	if (is_handed)
		handed(&was, key, ch);
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
