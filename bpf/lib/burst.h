/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* When does a program talk, and how much at a time? A small ring of bursts per channel, so that
 * rhythm survives counting. */
#ifndef PST_LIB_BURST_H
#define PST_LIB_BURST_H

#include "lib/channel.h"

/* burst - sends after a second of silence begin a new burst. Two CPUs that send at once may both
 * begin one, or lose one size: bursts tell rhythm, the byte counters tell amounts. */
static __always_inline void burst(struct pst_channel *ch, __u64 now, __u64 bytes)
{
	__u64 last = ch->last_send_ns;
	__u64 n = ch->bursts;

	ch->last_send_ns = now;
	if (!last || now - last > PST_BURST_GAP_NS) {
		ch->burst[n % PST_BURSTS].start_ns = now;
		ch->burst[n % PST_BURSTS].bytes = bytes;
		ch->bursts = n + 1;
	} else {
		add(&ch->burst[(n - 1) % PST_BURSTS].bytes, bytes);
	}
}

/* burst_flush - what the socket held back belongs to the burst that is open now */
static __always_inline void burst_flush(struct pst_channel *ch, struct pst_socket *s)
{
	__u64 held = __sync_lock_test_and_set(&s->held_bytes, 0);

	if (held && ch->bursts)
		add(&ch->burst[(ch->bursts - 1) % PST_BURSTS].bytes, held);
}

#endif
