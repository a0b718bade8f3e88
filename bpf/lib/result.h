/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How did a connection begin or end? */
#ifndef PST_LIB_RESULT_H
#define PST_LIB_RESULT_H

#include "lib/channel.h"

/* channel_result - how a channel's connection ended or began; the first of its sort is told, the
 * rest is counted. A folded entry's key names no peer: its results are counted only */
static __noinline int channel_result(struct pst_cpu *cpu, struct pst_channel *ch,
				     const struct pst_key *key, const struct pst_rec_result *what)
{
	__u32 bit = 1u << (what->result & 31);
	struct pst_rec_result *rec;

	if (ch->chan_flags & PST_CHAN_FOLDED)
		return 0;
	if (what->result != PST_RESULT_CLOSED && __sync_fetch_and_or(&ch->told, bit) & bit)
		return 0;
	rec = reserve(cpu, sizeof(*rec), EMIT_NORMAL);
	if (!rec)
		return 0;
	header(cpu, &rec->h, PST_REC_RESULT, sizeof(*rec));
	rec->h.flags = PST_RF_NO_TASK | ch->rec_flags;
	rec->h.task = ch->task;
	rec->cookie = what->cookie;
	__builtin_memset(rec->peer, 0, sizeof(rec->peer));
	__builtin_memcpy(rec->local, what->local, sizeof(rec->local));
	if (kind_listens(key->kind))
		__builtin_memcpy(rec->local, key->addr, sizeof(rec->local));
	else
		__builtin_memcpy(rec->peer, key->addr, sizeof(rec->peer));
	rec->kind = key->kind;
	rec->peer_port = kind_is_inbound(key->kind) ? 0 : key->port;
	rec->local_port = kind_is_inbound(key->kind) ? key->port : what->local_port;
	rec->result = what->result;
	rec->error = what->error;
	rec->pad = 0;
	bpf_ringbuf_submit(rec, wake_flags(cpu, EMIT_NORMAL));
	return 0;
}

#endif
