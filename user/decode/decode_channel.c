// SPDX-License-Identifier: Apache-2.0
/* What was a channel when it was first seen, what became of it, and what has it moved? */
#include <errno.h>
#include <string.h>

#include "decode/wire.h"

/* The flags have the same names in both events. */
#define TAKE_FLAGS(out, flags)                                 \
	do {                                                   \
		(out)->v6_socket = (flags)&PST_CHAN_V6_SOCKET; \
		(out)->ip_bytes = (flags)&PST_CHAN_IP_BYTES;   \
		(out)->folded = (flags)&PST_CHAN_FOLDED;       \
		(out)->handed = (flags)&PST_CHAN_HANDED;       \
		(out)->kernel = (flags)&PST_CHAN_KERNEL;       \
		(out)->asked = (flags)&PST_CHAN_ASKED;         \
		(out)->late = (flags)&PST_CHAN_LATE;           \
		(out)->hidden = (flags)&PST_CHAN_HIDDEN;       \
		(out)->bare = (flags)&PST_CHAN_BARE;           \
	} while (0)

int pst_wire_channel(struct pst_decoder *decoder, const struct pst_rec_channel *rec,
		     struct pst_channel_seen *out)
{
	if (rec->name_len > sizeof(rec->name))
		return -EBADMSG;
	*out = (struct pst_channel_seen){
		.cookie = rec->cookie,
		.owner = { .start_ns = rec->owner_start_ns, .tgid = rec->owner_tgid },
		.peer = pst_wire_addr(rec->peer),
		.local = pst_wire_addr(rec->local),
		.kind = (enum pst_kind)rec->kind,
		.peer_port = rec->peer_port,
		.local_port = rec->local_port,
		.family = rec->family,
		.sock_type = rec->sock_type,
		.protocol = rec->protocol,
		.peer_tgid = rec->peer_tgid,
		.hook = rec->hook,
		.name = pst_wire_span(decoder, rec->name, rec->name_len),
	};
	TAKE_FLAGS(out, rec->chan_flags);
	return pst_wire_listed(rec->kind, PST_KINDS);
}

int pst_wire_result(const struct pst_rec_result *rec, struct pst_result_seen *out)
{
	int r = pst_wire_listed(rec->kind, PST_KINDS);

	*out = (struct pst_result_seen){
		.cookie = rec->cookie,
		.peer = pst_wire_addr(rec->peer),
		.local = pst_wire_addr(rec->local),
		.kind = (enum pst_kind)rec->kind,
		.peer_port = rec->peer_port,
		.local_port = rec->local_port,
		.result = (enum pst_result)rec->result,
		.error = rec->error,
	};
	return r < 0 ? r : pst_wire_listed(rec->result, PST_RESULTS);
}

static void take_counters(const struct pst_rec_sample *rec, struct pst_counters *out)
{
	*out = (struct pst_counters){
		.attempts = rec->attempts,
		.established = rec->established,
		.failures = rec->failures,
		.closed = rec->closed,
		.bytes_out = rec->bytes_out,
		.bytes_in = rec->bytes_in,
		.packets_out = rec->packets_out,
		.packets_in = rec->packets_in,
		.taken = rec->taken,
		.given = rec->given,
		.bursts = rec->bursts,
	};
	for (size_t i = 0; i < PST_BURSTS; i++)
		out->burst[i] = (struct pst_burst){ .start_ns = rec->burst[i].start_ns,
						    .bytes = rec->burst[i].bytes };
}

int pst_wire_sample(struct pst_decoder *decoder, const struct pst_rec_sample *rec,
		    struct pst_sample *out)
{
	if (rec->name_len > sizeof(rec->name))
		return -EBADMSG;
	*out = (struct pst_sample){
		.peer = pst_wire_addr(rec->peer),
		.kind = (enum pst_kind)rec->kind,
		.port = rec->port,
		.family = rec->family,
		.sock_type = rec->sock_type,
		.protocol = rec->protocol,
		.cookie = rec->cookie,
		.first_ns = rec->first_ns,
		.last_ns = rec->last_ns,
		.name = pst_wire_span(decoder, rec->name, rec->name_len),
	};
	TAKE_FLAGS(out, rec->chan_flags);
	take_counters(rec, &out->count);
	return pst_wire_listed(rec->kind, PST_KINDS);
}
