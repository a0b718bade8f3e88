/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Whose is a datagram, and to which channel of a socket does it belong? For those who send in the
 * caller's context: a datagram is charged to who sends it now, not to who opened the socket. */
#ifndef PST_LIB_PEER_H
#define PST_LIB_PEER_H

#include "lib/open.h"

static __always_inline void heard_key(struct pst_key *out, const struct pst_key *key, __u64 cookie)
{
	*out = *key;
	out->start_ns = cookie;
	out->tgid = 0;
	out->kind = PST_KIND_UDP_ACCEPT;
}

/* wrote_first - did this peer's datagram come to this socket before ours? */
static __always_inline int wrote_first(const struct pst_key *key, __u64 cookie)
{
	struct pst_key heard;

	heard_key(&heard, key, cookie);
	return bpf_map_lookup_elem(&pst_heard, &heard) != NULL;
}

/* remember_writer - the peer of @key, with its own port, wrote first */
static __always_inline void remember_writer(const struct pst_key *key, __u64 cookie)
{
	struct pst_key heard;
	__u8 yes = 1;

	heard_key(&heard, key, cookie);
	bpf_map_update_elem(&pst_heard, &heard, &yes, BPF_ANY);
}

/* accept_key - peers of a listener are kept without their source port */
static __always_inline void accept_key(struct pst_key *key, __u16 local_port)
{
	key->kind = PST_KIND_UDP_ACCEPT;
	key->port = local_port;
}

/* A process that used a socket before. */
struct former {
	__u64 start_ns;
	__u32 tgid;
	__u32 pad;
};

/* handed - @key's process uses a socket that @was used before on the same channel */
static __noinline int handed(const struct former *was, const struct pst_key *key,
			     struct pst_channel *ch)
{
	struct pst_key old = *key;
	struct pst_channel *from;

	old.start_ns = was->start_ns;
	old.tgid = was->tgid;
	from = channel_counts(&old);
	if (from) {
		from->last_ns = bpf_ktime_get_boot_ns();
		add(&from->given, 1);
	}
	if (ch)
		add(&ch->taken, 1);
	return 0;
}

/* user_now - the acting task owns the socket from now on; returns 1 when another process did, which
 * @was then names. Kernel threads own nothing. */
static __always_inline int user_now(struct pst_socket *s, struct former *was)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pst_key now;

	if (BPF_CORE_READ(task, flags) & PF_KTHREAD)
		return 0;
	key_owner(&now, task);
	if (now.tgid == s->key.tgid && now.start_ns == s->key.start_ns)
		return 0;
	was->start_ns = s->key.start_ns;
	was->tgid = s->key.tgid;
	s->key.start_ns = now.start_ns;
	s->key.tgid = now.tgid;
	return was->tgid != 0;
}

/* listener_handed - the listener's own channel moves with the socket to its new user */
static __always_inline void listener_handed(struct pst_cpu *cpu, const struct former *was,
					    struct pst_socket *s, struct pst_seen *seen)
{
	struct pst_channel *ch;

	seen->opener_start_ns = s->opener_start_ns;
	seen->opener_tgid = s->opener_tgid;
	ch = channel_open(cpu, &s->key, seen);
	handed(was, &s->key, ch);
}

#endif
