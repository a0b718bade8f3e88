/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Is this channel new? Its first sight is a record at once; everything further only adds to its
 * entry in the map. */
#ifndef PST_LIB_CHANNEL_H
#define PST_LIB_CHANNEL_H

#include "lib/sock.h"

/* What is known of a channel at its first sight beside its key. */
struct pst_seen {
	__u64 cookie;
	__u64 opener_start_ns;
	__u32 opener_tgid;
	__u32 chan_flags;
	__u8 local[16];
	__u16 far_port; /* of an accepted peer: part of the record, never of the key */
	__u16 local_port;
	__u16 family;
	__u16 sock_type;
	__u16 protocol;
	__u16 rec_flags; /* PST_RF_*; NO_TASK: not in the owner's context */
	__u32 how;	 /* EMIT_* */
};

static const struct pst_channel no_channel;

/* channel_made - what was stamped into a new entry becomes visible to the sweep */
static __always_inline void channel_made(struct pst_channel *ch, const struct pst_seen *seen)
{
	__u64 now = bpf_ktime_get_boot_ns();

	ch->cookie = seen->cookie;
	ch->chan_flags = seen->chan_flags;
	ch->family = seen->family;
	ch->sock_type = seen->sock_type;
	ch->protocol = seen->protocol;
	ch->last_ns = now;
	ch->first_ns = now;
}

/* task_stamp - the acting process, into a record or a map entry */
static __noinline int task_stamp(struct pst_cpu *cpu, struct pst_rec_task *out,
				 struct task_struct *task)
{
	struct pst_lineage *line = lineage_of(cpu, task);

	if (line)
		*out = line->task;
	else
		task_origin(out, task);
	return task_now(out, task);
}

/* channel_stamp - the process of a channel; returns the flags that say how it is known */
static __always_inline __u16 channel_stamp(struct pst_cpu *cpu, struct pst_rec_task *out,
					   const struct pst_key *key, const struct pst_seen *seen)
{
	if (seen->rec_flags & PST_RF_NO_TASK)
		return owner_stamp(out, key) ? seen->rec_flags : seen->rec_flags | PST_RF_NO_OWNER;
	task_stamp(cpu, out, bpf_get_current_task_btf());
	return seen->rec_flags;
}

/* channel_fill - all of a CHANNEL record but its header */
static __always_inline void channel_fill(struct pst_rec_channel *rec, const struct pst_key *key,
					 const struct pst_seen *seen)
{
	int inbound = key->kind != PST_KIND_TCP_CONNECT && key->kind != PST_KIND_UDP_PEER;

	rec->cookie = seen->cookie;
	rec->owner_start_ns = 0;
	rec->owner_tgid = 0;
	if (seen->opener_tgid &&
	    (seen->opener_tgid != key->tgid || seen->opener_start_ns != key->start_ns)) {
		rec->owner_start_ns = seen->opener_start_ns;
		rec->owner_tgid = seen->opener_tgid;
	}
	rec->chan_flags = seen->chan_flags;
	__builtin_memset(rec->peer, 0, sizeof(rec->peer));
	__builtin_memcpy(rec->local, seen->local, sizeof(rec->local));
	if (key->kind == PST_KIND_TCP_LISTEN)
		__builtin_memcpy(rec->local, key->addr, sizeof(rec->local));
	else
		__builtin_memcpy(rec->peer, key->addr, sizeof(rec->peer));
	rec->kind = key->kind;
	rec->peer_port = inbound ? seen->far_port : key->port;
	rec->local_port = inbound ? key->port : seen->local_port;
	rec->family = seen->family;
	rec->sock_type = seen->sock_type;
	rec->protocol = seen->protocol;
	rec->pad = 0;
}

/* channel_find - the entry of a known channel; NULL when it is new */
static __always_inline struct pst_channel *channel_find(const struct pst_key *key)
{
	return bpf_map_lookup_elem(&pst_channels, key);
}

#define CHANNEL_KNOWN 0u
#define CHANNEL_NEW 1u
#define CHANNEL_EXCESS 2u /* new, but the process has had its share */

/* has_share - may this process have another entry? */
static __always_inline int has_share(const struct pst_key *key)
{
	__u32 tgid = key->tgid;
	struct pst_lineage *line = bpf_map_lookup_elem(&pst_lineages, &tgid);

	if (!line)
		return 1;
	if (line->channels >= PST_PROCESS_CHANNELS)
		return 0;
	__sync_fetch_and_add(&line->channels, 1);
	return 1;
}

/* channel_insert - an entry for a new channel, stamped. @is_new says whether it was us who made it;
 * NULL: the map, or the process's share of it, is full */
static __always_inline struct pst_channel *channel_insert(struct pst_cpu *cpu,
							  const struct pst_key *key,
							  const struct pst_seen *seen,
							  __u32 *is_new)
{
	struct pst_channel *ch;
	long err;

	if (!has_share(key)) {
		count_loss(cpu, PST_LOSS_MAP);
		*is_new = CHANNEL_EXCESS;
		return NULL;
	}
	err = bpf_map_update_elem(&pst_channels, key, &no_channel, BPF_NOEXIST);
	*is_new = err != -EEXIST ? CHANNEL_NEW : CHANNEL_KNOWN;
	if (err && err != -EEXIST)
		count_loss(cpu, PST_LOSS_MAP);
	ch = bpf_map_lookup_elem(&pst_channels, key);
	if (ch && *is_new) {
		channel_stamp(cpu, &ch->task, key, seen);
		channel_made(ch, seen);
	}
	return ch;
}

static __always_inline void add(__u64 *counter, __u64 n)
{
	__sync_fetch_and_add(counter, n);
}

#endif
