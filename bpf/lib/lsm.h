/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What do the programs of security hooks that see sockets share? */
#ifndef PST_LIB_LSM_H
#define PST_LIB_LSM_H

#include "lib/first.h"
#include "lib/watched.h"

/* lsm_begin - is this for us? Not the canary, and not a socket that the kernel makes for itself. */
static __always_inline int lsm_begin(struct use *u)
{
	u->task = bpf_get_current_task_btf();
	return u->cpu && !(u->task->flags & PF_KTHREAD) && !is_canary(u->cpu, u->task);
}

/* lsm_socket - the socket's storage, made where the process is watched; 0 without one */
static __always_inline int lsm_socket(struct use *u)
{
	if (!u->sk || !lsm_begin(u))
		return 0;
	u->s = bpf_sk_storage_get(&pst_sockets, u->sk, NULL,
				  is_watched(u->task) ? BPF_SK_STORAGE_GET_F_CREATE : 0);
	return u->s != NULL;
}

/* asked - where the kernel does not tell what was sent: what was asked to be sent */
static __always_inline void asked(struct use *u, struct pst_channel *ch, int size)
{
	struct sock *sk = u->sk;
	__u64 now = bpf_ktime_get_boot_ns();

	__sync_fetch_and_or(&ch->chan_flags, PST_CHAN_ASKED);
	ch->last_ns = now;
	add(&ch->bytes_out, (__u64)size);
	if (BPF_CORE_READ(sk, sk_type) != SOCK_STREAM)
		add(&ch->packets_out, 1);
	burst(ch, now, (__u64)size);
}

#endif
