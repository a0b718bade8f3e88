// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* To whom does a unix socket lead? A path that a process gives may be a link or a mount that leads
 * to any other socket: these hooks come when the kernel has found the other end, and what counts is
 * the name under which that was bound. */
#include "lib/lsm.h"

/* unix_to - the channel of a unix socket that the kernel leads to @to */
static __noinline struct pst_channel *unix_to(struct use *u, const struct sock *to)
{
	struct name_slot *slot = name_take(u->cpu);
	struct pst_channel *ch = NULL;
	struct pst_seen seen = { .family = AF_UNIX };
	struct pst_key key = {}, own = u->s->key;
	struct sock *sk = u->sk;

	if (!slot)
		return NULL;
	key.kind = PST_KIND_UNIX;
	key_owner(&key, u->task);
	seen.cookie = bpf_get_socket_cookie(sk);
	seen.sock_type = BPF_CORE_READ(sk, sk_type);
	seen.protocol = BPF_CORE_READ(sk, sk_protocol);
	seen.peer_tgid = unix_holder(to);
	unix_led_to(sk, to, &key, &slot->name);
	seen.name = slot->name.len ? &slot->name : NULL;
	ch = key_equal(&own, &key) ? channel_find(&own) : NULL;
	if (!ch)
		ch = family_opened(u, &key, &seen);
	name_return(slot);
	return ch;
}

/* is_unix_use - of a process, and not by the kernel for itself: its own sockets come here too */
static __always_inline int is_unix_use(struct use *u)
{
	const struct sock___family *kern = (const void *)u->sk;

	return u->sk && !BPF_CORE_READ_BITFIELD_PROBED(kern, sk_kern_sock) && lsm_socket(u);
}

SEC("lsm/unix_stream_connect")
int BPF_PROG(pst_lsm_unix_connect, struct sock *sk, struct sock *other, struct sock *newsk, int ret)
{
	struct use u = { .cpu = enter(PST_HIT_pst_lsm_unix_connect), .sk = sk };

	if (ret)
		return ret;
	if (is_unix_use(&u)) {
		u.s->flags &= ~PST_SOCK_PENDING;
		unix_to(&u, other);
	}
	return ret;
}

/* datagram_to - connect and each send of a unix datagram socket, when the kernel has found the
 * receiver. What goes to the socket's own peer was told with its connect, or by its first send, and
 * is counted by the send. */
static __always_inline void datagram_to(struct use *u, const struct sock *to)
{
	struct sock *sk = u->sk;
	int is_peer = to == BPF_CORE_READ((const struct unix_sock *)sk, peer);
	__u32 flags = u->s->flags;
	struct pst_channel *ch;
	__u32 size;

	if (is_peer && !(flags & (PST_SOCK_PENDING | PST_SOCK_ASIDE)))
		return;
	u->is_flow = !(flags & PST_SOCK_PENDING);
	ch = unix_to(u, to);
	flags &= ~(PST_SOCK_PENDING | PST_SOCK_ASIDE);
	if (!is_peer && u->is_flow)
		flags |= PST_SOCK_ASIDE;
	u->s->flags = flags;
	size = __sync_lock_test_and_set(&u->s->asked, 0); /* the kernel may look twice */
	if (ch && size)
		asked(u, ch, (int)size);
}

SEC("lsm/unix_may_send")
int BPF_PROG(pst_lsm_may_send, struct socket *sock, struct socket *other, int ret)
{
	struct use u = { .cpu = enter(PST_HIT_pst_lsm_may_send) };

	if (ret)
		return ret;
	u.sk = sock->sk;
	if (is_unix_use(&u))
		datagram_to(&u, BPF_CORE_READ(other, sk));
	return ret;
}
