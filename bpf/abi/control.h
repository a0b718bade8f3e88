/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What do the kernel programs and the sensor share beside the records? Keys and values of the maps,
 * and the settings. Unlike record.h this is no wire format: both sides are always of one build. */
#ifndef PST_ABI_CONTROL_H
#define PST_ABI_CONTROL_H

#include "abi/record.h"

/* One channel of one process. The source port of a connection is never part of it. */
struct pst_key {
	__u64 start_ns;
	__u32 tgid;
	__u16 kind;
	__u16 port;    /* the peer's; the local one for listeners and what they accept */
	__u8 addr[16]; /* the peer's; the listening address for a listener */
};

struct pst_channel {
	struct pst_rec_task task; /* the channel's process when it was first seen */
	__u64 first_ns;		  /* written last: an entry without it is still being made */
	__u64 last_ns;
	__u64 cookie; /* of its latest socket */
	__u64 attempts;
	__u64 established;
	__u64 failures;
	__u64 closed;
	__u64 bytes_out;
	__u64 bytes_in;
	__u64 packets_out;
	__u64 packets_in;
	__u64 taken;
	__u64 given;
	__u64 bursts;
	__u64 last_send_ns;
	__u64 met_ns; /* when a sweep last met an open socket of it; 0: none did */
	struct pst_rec_burst burst[PST_BURSTS];
	__u32 chan_flags;
	__u32 told; /* bit n: PST_RESULT n was told; bit 0: the first sight */
	__u16 family;
	__u16 sock_type;
	__u16 protocol;
	__u16 rec_flags; /* PST_RF_PREEXISTING or 0: of every record that tells this channel */
};

#define PST_TOLD_FIRST 0x1u
#define PST_TOLD_HELLO 0x10000u	       /* bits 16 to 23: TLS ClientHellos that were told */
#define PST_TOLD_FIRST_OUT 0x40000000u /* the first bytes that left */
#define PST_TOLD_FIRST_IN 0x80000000u

/* The name of a channel whose key holds only the name's hash. */
struct pst_name {
	__u16 len;
	__u8 bytes[PST_CHAN_NAME_MAX];
};

/* Whose fault is a loss? One entry per reason and cgroup. */
struct pst_loss_key {
	__u64 cgroup_id;
	__u32 reason;
	__u32 pad;
};

#define PST_LINEAGE_IGNORED \
	0x1u /* the canary and what it starts: counted by the hooks, told by none */
#define PST_LINEAGE_LIVE                                                         \
	0x2u /* its image was told by an exec or inherited by a fork that we saw \
	      */

#define PST_LINEAGE_LOST                                                         \
	0x4u /* the record of its exec found no room: the next snapshot tells it \
	      */

#define PST_LINEAGE_FOLDS 0x8u /* it has folded channels although it has not had its share */

struct pst_lineage {
	struct pst_rec_task task;
	__u32 flags;
	__u32 channels;	 /* entries of the channel map that it made */
	__u64 uring_ops; /* bit n: its first network operation with opcode n was told */
};

/* What one process may take of the channel map: an eighth of the default. Beyond it its first
 * sights are bulk, and what it does on them is counted as loss. */
#define PST_PROCESS_CHANNELS 4096u

enum {
#define HOOK(slot, program, rank, canary, blind) PST_HIT_##program,
#include "hooks.def"
#undef HOOK
	PST_HITS,
};

#define PST_LOSSES 7u /* above the highest PST_LOSS_* */

/* One per CPU. */
struct pst_cpu {
	__u64 seq;
	__u64 woken_ns; /* last forced wake-up */
	__u64 hook;	/* that ran last, from 1: a word for people, an interrupt may change it */
	__u64 lost[PST_LOSSES];
	__u64 hits[PST_HITS]; /* how often each program ran */
};

/* A burst begins after this much silence. */
#define PST_BURST_GAP_NS 1000000000ull
/* Forced wake-ups of the reader are at least this far apart on one CPU: at most 100 a second. */
#define PST_WAKE_GAP_NS 10000000ull
#define PST_WAKE_FULL_GAP_NS 1000000ull /* while a quarter of the ring or more waits */

/* What iter/task_file does with the sockets it meets: the value of `pst_pass`. */
#define PST_PASS_LISTENERS 1u /* make channels of listeners, remember their ports */
#define PST_PASS_SOCKETS \
	2u /* all the others; add the bytes of live TCP connections to their channels */
#define PST_PASS_START 3u /* as PST_PASS_SOCKETS, when all that is met is older than us */

/* What the sweep of the kernel's sockets met; only grows. */
struct pst_found {
	__u64 seen, late, hidden;
};

/* A listening port of one network namespace, known while a snapshot is made. */
struct pst_port {
	__u32 netns;
	__u32 port;
};

#ifndef PST_ABI_NO_ASSERTS
_Static_assert(sizeof(struct pst_key) == 32, "a key has no hidden padding");
_Static_assert(sizeof(struct pst_lineage) == 112, "a lineage has no hidden padding");
#endif
#endif
