// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What do the security hooks add? The birth of every socket, also of families whose module is
 * missing; the peers of those that speak no IP, before a byte is sent; who accepts; who is handed a
 * socket. Nothing is denied here: each program gives back the result that it was given. */
#include "lib/act.h"
#include "lib/address.h"
#include "lib/lsm.h"

/* is_bare_news - a socket of these families is a channel by its mere existence: a packet socket
 * hears all. Unix and netlink sockets everybody makes; internet ones are told when they lead
 * somewhere. */
static __always_inline int is_bare_news(int family)
{
	return !is_inet((__u16)family) && family != AF_UNIX && family != AF_NETLINK;
}

/* bare_key - as family_look() will see the socket before it is bound */
static __always_inline void bare_key(struct pst_key *key, int family, int protocol)
{
	key->kind = family_kind((__u16)family);
	if (family == AF_PACKET)
		key->port = bpf_ntohs((__u16)protocol);
	else if (key->kind == PST_KIND_TIPC || key->kind == PST_KIND_BLUETOOTH ||
		 key->kind == PST_KIND_CAN)
		key->port = (__u16)protocol;
	if (key->kind != PST_KIND_OTHER)
		return;
	key->port = (__u16)family;
	key_words(key, (__u32)protocol, 0);
}

SEC("lsm/socket_create")
int BPF_PROG(pst_lsm_create, int family, int type, int protocol, int kern, int ret)
{
	struct use u = { .cpu = enter(PST_HIT_pst_lsm_create) };
	struct pst_seen seen = { .how = EMIT_URGENT, .chan_flags = PST_CHAN_BARE };
	struct pst_key key = {};
	struct pst_channel *ch;

	if (ret || kern || !is_bare_news(family) || !lsm_begin(&u) || !is_watched(u.task))
		return ret;
	bare_key(&key, family, protocol);
	key_owner(&key, u.task);
	seen.family = (__u16)family;
	seen.sock_type = (__u16)(type & 0xf);
	seen.protocol = (__u16)protocol;
	ch = channel_open(u.cpu, &key, &seen);
	if (ch)
		ch->last_ns = bpf_ktime_get_boot_ns();
	return ret;
}

/* owned - who opened the socket, unless that is known */
static __always_inline void owned(struct use *u)
{
	lineage_fresh(u->cpu, u->task);
	key_owner(&u->s->key, u->task);
	if (!u->s->opener_tgid) {
		u->s->opener_start_ns = u->s->key.start_ns;
		u->s->opener_tgid = u->s->key.tgid;
	}
	u->s->flags |= PST_SOCK_LIVE;
}

SEC("lsm/socket_post_create")
int BPF_PROG(pst_lsm_created, struct socket *sock, int family, int type, int protocol, int kern,
	     int ret)
{
	struct use u = { .cpu = enter(PST_HIT_pst_lsm_created) };

	if (ret || kern)
		return ret;
	u.sk = sock->sk;
	if (lsm_socket(&u))
		owned(&u);
	return ret;
}

/* led_to - the channel of a socket that is given an address; NULL when it is none of ours */
static __noinline struct pst_channel *led_to(struct use *u, const struct address *a)
{
	struct name_slot *slot = name_take(u->cpu);
	struct pst_channel *ch = NULL;
	struct pst_seen seen = {};
	struct pst_key key = {}, own = u->s->key;

	if (!slot)
		return NULL;
	if (family_look(u->sk, &key, &seen, &slot->name))
		goto out;
	key_owner(&key, u->task);
	__builtin_memset(&slot->name, 0, sizeof(slot->name));
	if (key.kind != PST_KIND_NETLINK)
		__builtin_memset(key.addr, 0, sizeof(key.addr));
	address_look(a, &key, &slot->name);
	seen.name = slot->name.len ? &slot->name : NULL;
	ch = key_equal(&own, &key) ? channel_find(&own) : NULL;
	if (!ch)
		ch = family_opened(u, &key, &seen);
out:
	name_return(slot);
	return ch;
}

/* is_family - does the socket speak something else than IP, and is it a process's own? */
static __always_inline int is_family(struct use *u)
{
	return u->sk && !is_inet(u->sk->__sk_common.skc_family) && lsm_socket(u);
}

static __always_inline int is_unix(struct sock *sk)
{
	return sk->__sk_common.skc_family == AF_UNIX;
}

/* unix_connects - whom to is told when the kernel has found it; a size that waited for a receiver
 * waits no more */
static __always_inline void unix_connects(struct use *u)
{
	u->s->flags |= PST_SOCK_PENDING;
	u->s->asked = 0;
}

SEC("lsm/socket_connect")
int BPF_PROG(pst_lsm_connect, struct socket *sock, struct sockaddr *to, int len, int ret)
{
	struct use u = { .cpu = enter(PST_HIT_pst_lsm_connect) };
	struct address a = { .at = to, .len = len };

	if (ret)
		return ret;
	a.sk = u.sk = sock->sk;
	if (!is_family(&u) || !BPF_CORE_READ(to, sa_family))
		return ret;
	if (is_unix(u.sk))
		unix_connects(&u);
	else
		led_to(&u, &a);
	return ret;
}

/* bind_leads - does an own address say where the bytes go? A unix or vsock name is only a name
 * until the socket listens or is written to; a netlink port without groups is none. */
static __always_inline int bind_leads(__u16 family, struct sockaddr *own)
{
	struct sockaddr_nl nl = {};

	if (family == AF_UNIX || family == AF_VSOCK)
		return 0;
	if (family != AF_NETLINK)
		return 1;
	bpf_probe_read_kernel(&nl, sizeof(nl), own);
	return nl.groups != 0;
}

SEC("lsm/socket_bind")
int BPF_PROG(pst_lsm_bind, struct socket *sock, struct sockaddr *own, int len, int ret)
{
	struct use u = { .cpu = enter(PST_HIT_pst_lsm_bind) };
	struct address a = { .at = own, .len = len, .is_own = 1 };

	if (ret)
		return ret;
	a.sk = u.sk = sock->sk;
	if (is_family(&u) && bind_leads(u.sk->__sk_common.skc_family, own))
		led_to(&u, &a);
	return ret;
}

/* vsock_key - @cid, and the port of the socket itself */
static __always_inline void vsock_key(const struct sock *sk, struct pst_key *key, __u64 cid_of)
{
	struct sockaddr_vm local = {}, vm = {};

	bpf_probe_read_kernel(&vm, sizeof(vm), behind_sock(sk, cid_of));
	bpf_probe_read_kernel(&local, sizeof(local), behind_sock(sk, VSOCK_LOCAL));
	key_words(key, vm.cid, local.port);
}

/* inbound - a unix or vsock socket that will listen, and has not changed its state yet, or one that
 * was accepted: a peer that came from a port of its own is kept without it */
static __noinline struct pst_channel *inbound(struct use *u, __u32 flag)
{
	struct name_slot *slot = name_take(u->cpu);
	struct pst_channel *ch = NULL;
	struct pst_seen seen = {};
	struct pst_key key = {};

	if (!slot)
		return NULL;
	if (!family_see(u->sk, &key, &seen, &slot->name)) {
		key_owner(&key, u->task);
		if (key.kind == PST_KIND_VSOCK)
			vsock_key(u->sk, &key,
				  flag & PST_SOCK_LISTENS ? VSOCK_LOCAL : VSOCK_REMOTE);
		if (flag & PST_SOCK_LISTENS && key.kind == PST_KIND_VSOCK)
			key.kind = PST_KIND_VSOCK_LISTEN;
		if (flag & PST_SOCK_LISTENS && key.kind == PST_KIND_UNIX) {
			key.kind = PST_KIND_UNIX_LISTEN;
			seen.peer_tgid = 0;
		}
		ch = family_opened(u, &key, &seen);
	}
	name_return(slot);
	return ch;
}

SEC("lsm/socket_listen")
int BPF_PROG(pst_lsm_listen, struct socket *sock, int backlog, int ret)
{
	struct use u = { .cpu = enter(PST_HIT_pst_lsm_listen) };

	if (ret)
		return ret;
	u.sk = sock->sk;
	if (is_family(&u)) {
		inbound(&u, PST_SOCK_LISTENS);
		u.s->flags |= PST_SOCK_LISTENS;
	}
	return ret;
}

/* receiver_comes - is this a unix datagram whose receiver pst_lsm_may_send will see? */
static __always_inline int receiver_comes(struct use *u, const struct msghdr *msg, int size)
{
	struct sock *sk = u->sk;

	if (!is_unix(sk) || BPF_CORE_READ(sk, sk_type) != SOCK_DGRAM ||
	    (BPF_CORE_READ(msg, msg_namelen) <= 0 && !(u->s->flags & PST_SOCK_ASIDE)))
		return 0;
	u->s->flags &= ~PST_SOCK_PENDING; /* of a connect that failed */
	u->s->asked = !pst_has_lengths && size > 0 ? (__u32)size : 0;
	return 1;
}

/* family_sends - to its address, or by the way it is already; unix sockets that have a way heed no
 * address */
static __always_inline void family_sends(struct use *u, struct msghdr *msg, int size)
{
	struct address a = { .at = BPF_CORE_READ(msg, msg_name),
			     .len = BPF_CORE_READ(msg, msg_namelen),
			     .sk = u->sk };
	struct pst_channel *ch;

	if (a.at && a.len > 0 && !is_unix(u->sk))
		ch = led_to(u, &a);
	else if (!u->s->key.kind)
		ch = family_first(u);
	else
		ch = channel_find(&u->s->key);
	if (ch && !pst_has_lengths && size > 0)
		asked(u, ch, size);
}

/* sends_for_other - does a process send on what is another's so far? */
static __always_inline int sends_for_other(struct use *u, int of_family)
{
	int counts = of_family ? u->s->key.kind != 0 :
				 u->s->key.tgid && u->sk->sk_protocol == IPPROTO_TCP;

	return counts && !is_owner(u->s, u->task);
}

SEC("lsm/socket_sendmsg")
int BPF_PROG(pst_lsm_sendmsg, struct socket *sock, struct msghdr *msg, int size, int ret)
{
	struct use u = { .cpu = enter(PST_HIT_pst_lsm_sendmsg), .is_flow = 1 };
	int of_family;

	if (ret)
		return ret;
	u.sk = sock->sk;
	if (!lsm_socket(&u))
		return ret;
	of_family = !is_inet(u.sk->__sk_common.skc_family);
	if (sends_for_other(&u, of_family))
		socket_used_by(&u);
	if (of_family && !receiver_comes(&u, msg, size))
		family_sends(&u, msg, size);
	return ret;
}

SEC("lsm/sock_graft")
int BPF_PROG(pst_lsm_graft, struct sock *child, struct socket *parent)
{
	struct use u = { .cpu = enter(PST_HIT_pst_lsm_graft), .sk = child };
	struct pst_channel *ch;

	if (!lsm_socket(&u))
		return 0;
	if (!is_inet(child->__sk_common.skc_family)) {
		owned(&u);
		/* what an alg socket computes it has not been given yet: its first use tells */
		ch = child->__sk_common.skc_family == AF_ALG ? NULL : inbound(&u, 0);
		if (ch)
			add(&ch->established, 1);
	} else if (!is_owner(u.s, u.task)) {
		socket_used_by(&u);
	}
	return 0;
}

/* passed - who is given a socket, and whose it was */
static __always_inline void passed(struct use *u)
{
	struct act_seen seen = { .act = PST_ACT_PASSED, .how = EMIT_NORMAL };

	if (u->s->key.tgid) {
		seen.other_tgid = u->s->key.tgid;
		seen.other_start_ns = u->s->key.start_ns;
	}
	seen.value = bpf_get_socket_cookie(u->sk);
	u->s->flags |= PST_SOCK_PASSED;
	act_tell(u->cpu, &seen);
}

SEC("lsm/file_receive")
int BPF_PROG(pst_lsm_receive, struct file *file, int ret)
{
	struct use u = { .cpu = enter(PST_HIT_pst_lsm_receive) };
	struct socket *sock;

	if (ret)
		return ret;
	sock = bpf_sock_from_file(file);
	if (!sock)
		return ret;
	u.sk = sock->sk;
	if (lsm_socket(&u) && !is_owner(u.s, u.task))
		passed(&u);
	return ret;
}
