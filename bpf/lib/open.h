/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How is a channel's first sight told, by the programs that see it happen? */
#ifndef PST_LIB_OPEN_H
#define PST_LIB_OPEN_H

#include "lib/channel.h"

/* channel_tell - the first sight as a record; without an entry the process is stamped here */
static __noinline int channel_tell(struct pst_cpu *cpu, struct pst_channel *ch,
				   const struct pst_key *key, const struct pst_seen *seen)
{
	struct pst_rec_channel *rec;

	if (ch)
		ch->told |= PST_TOLD_FIRST;
	rec = reserve(cpu, sizeof(*rec), seen->how);
	if (!rec) /* the next SAMPLE carries all that it would have said */
		return 0;
	header(cpu, &rec->h, PST_REC_CHANNEL, sizeof(*rec));
	rec->h.flags = channel_stamp(cpu, &rec->h.task, key, seen);
	channel_fill(rec, key, seen);
	bpf_ringbuf_submit(rec, wake_flags(cpu, seen->how));
	return 0;
}

/* channel_open - the entry, and the record when this is its first sight; NULL when the map is full
 */
static __noinline struct pst_channel *channel_open(struct pst_cpu *cpu, const struct pst_key *key,
						   struct pst_seen *seen)
{
	struct pst_channel *ch = channel_find(key);
	__u32 is_new;

	if (ch)
		return ch;
	ch = channel_insert(cpu, key, seen, &is_new);
	if (is_new == CHANNEL_EXCESS)
		seen->how = EMIT_BULK;
	if (is_new)
		channel_tell(cpu, ch, key, seen);
	return ch;
}

#endif
