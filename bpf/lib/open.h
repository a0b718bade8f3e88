/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How is a channel's first sight told, by the programs that see it happen? */
#ifndef PST_LIB_OPEN_H
#define PST_LIB_OPEN_H

#include "lib/channel.h"

/* channel_tell - the first sight as a record; without an entry the process is stamped here. Returns
 * whether it was sent */
static __noinline int channel_tell(struct pst_cpu *cpu, const struct pst_key *key,
				   const struct pst_seen *seen, const struct pst_name *name)
{
	struct pst_rec_channel *rec;

	rec = reserve(cpu, sizeof(*rec), seen->how);
	if (!rec) /* the next SAMPLE carries all that it would have said */
		return 0;
	header(cpu, &rec->h, PST_REC_CHANNEL, sizeof(*rec));
	rec->h.flags = channel_stamp(cpu, &rec->h.task, key, seen);
	channel_fill(rec, key, seen, name);
	rec->hook = (__u16)cpu->hook;
	bpf_ringbuf_submit(rec, wake_flags(cpu, seen->how));
	return 1;
}

/* is_remembered - was this peer, beyond its process's share, told before? As far as we remember */
static __noinline int is_remembered(const struct pst_key *peer)
{
	struct pst_key key = *peer; /* before 6.2 a map takes no key but of the stack */

	return bpf_map_lookup_elem(&pst_heard, &key) != NULL;
}

static __noinline int remember(const struct pst_key *peer)
{
	struct pst_key key = *peer;
	__u8 yes = 1;

	bpf_map_update_elem(&pst_heard, &key, &yes, BPF_ANY);
	return 0;
}

/* channel_begin - a channel that has no entry yet gets one, and its record. Not static, as task.h
 * says: @whole may become that of a folded entry. @name: NULL, or as seen->name */
__weak int channel_begin(struct pst_key *whole, struct pst_seen *seen, const struct pst_name *name)
{
	__u32 zero = 0, is_new, is_excess;
	struct pst_cpu *cpu = bpf_map_lookup_elem(&pst_cpus, &zero);
	struct pst_channel *ch;
	struct pst_key key;

	if (!cpu || !whole || !seen)
		return 0;
	key = *whole; /* before 6.2 a map takes no key but of the stack */
	if (seen->opener_tgid &&
	    (seen->opener_tgid != key.tgid || seen->opener_start_ns != key.start_ns))
		seen->chan_flags |= PST_CHAN_HANDED;
	ch = channel_insert(cpu, &key, seen, &is_new);
	is_excess = is_new == CHANNEL_EXCESS;
	if (is_excess) {
		is_new = !is_remembered(whole);
		seen->how = EMIT_BULK;
	} else if (ch && is_new) {
		ch->told |= PST_TOLD_FIRST;
	}
	if (is_new && is_crowded()) /* it is told and its bytes count, but among those of others */
		count_loss_of(cpu, PST_LOSS_MAP, owner_cgroup(&key));
	if (is_new && channel_tell(cpu, whole, seen, name) && is_excess)
		remember(whole);
	*whole = key;
	return 0;
}

/* channel_open - the entry, and the record when this is its first sight. Of a process that has had
 * its share the entry stands for several peers, and @key becomes its key; the single peer is told
 * all the same, so that contracts judge it. NULL when the map is full */
static __always_inline struct pst_channel *channel_open(struct pst_cpu *cpu, struct pst_key *key,
							struct pst_seen *seen)
{
	struct pst_channel *ch = channel_find(key);

	if (ch)
		return ch;
	name_keep(key, seen->name);
	channel_begin(key, seen, seen->name);
	return channel_find(key);
}

#endif
