/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which channel does a socket of another family become when it is first used? */
#ifndef PST_LIB_FIRST_H
#define PST_LIB_FIRST_H

#include "lib/handover.h"

/* Names under construction: too large for the stack beside all else. Programs of security hooks can
 * be preempted by others of their sort, so each takes one of its own. */
#define NAME_SLOTS 4u

struct name_slot {
	__u64 busy;
	struct pst_name name;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, NAME_SLOTS);
	__type(key, __u32);
	__type(value, struct name_slot);
} pst_name_slots __weak SEC(".maps");

/* name_take - an empty name, or NULL and a counted loss */
static __noinline struct name_slot *name_take(struct pst_cpu *cpu)
{
	struct name_slot *slot;

	for (__u32 i = 0; i < NAME_SLOTS; i++) {
		__u32 at = i;

		slot = bpf_map_lookup_elem(&pst_name_slots, &at);
		if (slot && !__sync_lock_test_and_set(&slot->busy, 1)) {
			__builtin_memset(&slot->name, 0, sizeof(slot->name));
			return slot;
		}
	}
	count_loss(cpu, PST_LOSS_MAP);
	return NULL;
}

static __always_inline void name_return(struct name_slot *slot)
{
	__sync_lock_test_and_set(&slot->busy, 0);
}

/* family_opened - the entry of what this socket is now, told when it is new; NULL when the map is
 * full */
static __always_inline struct pst_channel *family_opened(struct use *u, struct pst_key *key,
							 struct pst_seen *seen)
{
	struct pst_channel *ch;

	seen->how = EMIT_URGENT;
	seen->opener_start_ns = u->s->opener_start_ns;
	seen->opener_tgid = u->s->opener_tgid;
	if (u->s->opener_tgid && !is_opener(u->s, u->task))
		seen->chan_flags |= PST_CHAN_HANDED;
	ch = channel_open(u->cpu, key, seen);
	u->s->key = *key;
	if (!ch) {
		u->s->vain_ns = bpf_ktime_get_boot_ns();
		return NULL;
	}
	__sync_fetch_and_and(&ch->chan_flags, ~PST_CHAN_BARE);
	ch->last_ns = bpf_ktime_get_boot_ns();
	ch->cookie = seen->cookie;
	if (!u->is_flow || !ch->attempts)
		add(&ch->attempts, 1);
	return ch;
}

/* family_first - the channel of a socket that has none yet, as the socket itself says */
static __noinline struct pst_channel *family_first(struct use *u)
{
	struct name_slot *slot = name_take(u->cpu);
	struct pst_channel *ch = NULL;
	struct pst_seen seen = {};
	struct pst_key key = {};

	if (!slot)
		return NULL;
	key_owner(&key, u->task);
	if (!family_see(u->sk, &key, &seen, &slot->name))
		ch = family_opened(u, &key, &seen);
	name_return(slot);
	return ch;
}

/* family_again - its entry found no room in the map, or was forgotten: it is tried anew, but not
 * with every byte */
static __always_inline struct pst_channel *family_again(struct use *u)
{
	if (bpf_ktime_get_boot_ns() - u->s->vain_ns < PST_BURST_GAP_NS) {
		count_loss(u->cpu, PST_LOSS_MAP);
		return NULL;
	}
	return family_first(u);
}

#endif
