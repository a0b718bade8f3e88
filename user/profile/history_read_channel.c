// SPDX-License-Identifier: Apache-2.0
/* What does a state file say of one channel? */
#include <stdlib.h>
#include <string.h>

#include "profile/history_in.h"

#define SERVER_NAME_MAX 255u

static void get_flags(struct pst_in *in, struct pst_past_channel *channel)
{
	uint8_t flags = pst_in_up_to(in, PST_STATE_CHANNEL_FLAGS);

	channel->folded = flags & PST_STATE_FOLDED;
	channel->kernel = flags & PST_STATE_KERNEL;
	channel->handed = flags & PST_STATE_HANDED;
	channel->v6_socket = flags & PST_STATE_V6_SOCKET;
	channel->ip_bytes = flags & PST_STATE_IP_BYTES;
	channel->proposed = flags & PST_STATE_PROPOSED;
}

static void get_key(struct pst_in *in, struct pst_past_channel *channel)
{
	const uint8_t *peer;

	channel->kind = pst_in_u16(in);
	channel->port = pst_in_u16(in);
	peer = pst_in_take(in, sizeof(channel->peer.b));
	if (peer)
		memcpy(channel->peer.b, peer, sizeof(channel->peer.b));
	if (!channel->kind || channel->kind >= PST_KINDS)
		pst_in_refuse(in, "a channel is of a kind that there is not");
}

static void get_counters(struct pst_in *in, struct pst_past_count *count)
{
	count->attempts = pst_in_u64(in);
	count->established = pst_in_u64(in);
	count->failures = pst_in_u64(in);
	count->closed = pst_in_u64(in);
	count->bytes_out = pst_in_u64(in);
	count->bytes_in = pst_in_u64(in);
	count->packets_out = pst_in_u64(in);
	count->packets_in = pst_in_u64(in);
	count->taken = pst_in_u64(in);
	count->given = pst_in_u64(in);
	count->bursts = pst_in_u64(in);
}

/* A file of an earlier day may hold counts that were never halved. */
static void get_shares(struct pst_in *in, uint8_t to[PST_PAST_STEPS])
{
	uint32_t counts[PST_PAST_STEPS] = { 0 };

	pst_in_steps(in, counts, PST_PAST_STEPS);
	pst_past_shares(to, counts);
}

static void get_rhythm(struct pst_in *in, struct pst_past_channel *channel)
{
	channel->last_burst_s = pst_in_seconds(in);
	channel->gap_count = pst_in_u64(in);
	for (size_t i = 0; i < PST_PAST_GAPS && i < channel->gap_count; i++)
		channel->gap_ms[i] = pst_in_u32(in);
	get_shares(in, channel->gaps);
	get_shares(in, channel->sizes);
}

static void get_names(struct pst_in *in, struct pst_past_channel *channel)
{
	channel->name_count = pst_in_up_to(in, PST_PAST_NAMES);
	for (uint32_t i = 0; i < channel->name_count; i++) {
		channel->names[i] = pst_in_must(in, PST_PAST_TEXT);
		if (channel->names[i] && !pst_past_name_ok(channel->names[i]))
			pst_in_refuse(in, "a host name is none");
	}
}

static void get_channel(struct pst_in *in, struct pst_past_channel *channel)
{
	get_key(in, channel);
	channel->family = pst_in_u16(in);
	channel->sock_type = pst_in_u16(in);
	channel->protocol = pst_in_u16(in);
	get_flags(in, channel);
	channel->verdict = pst_in_up_to(in, PST_UNMANAGED);
	channel->name = pst_in_span(in, PST_PAST_TEXT, &channel->name_len);
	channel->via = pst_in_text(in, PST_PAST_TEXT);
	channel->server_name = pst_in_text(in, SERVER_NAME_MAX);
	get_names(in, channel);
	channel->accepted_from = pst_in_u64(in);
	pst_in_time(in, &channel->time);
	get_counters(in, &channel->count);
	get_rhythm(in, channel);
}

static void keep(struct pst_in *in, struct pst_history *history, struct pst_past_owner *owner,
		 struct pst_past_channel *channel)
{
	const struct pst_past_key key = pst_past_key_of(owner, channel);
	struct pst_past_slot *slot;

	if (pst_table_peek(history->channels, &key)) {
		pst_in_refuse(in, "a channel stands in it twice");
		return;
	}
	slot = pst_past_make(history, owner, &key);
	if (!slot) {
		pst_in_no_memory(in);
		return;
	}
	slot->channel = *channel;
	memset(channel, 0, sizeof(*channel)); /* its texts are the slot's */
}

void pst_past_read_channel(struct pst_in *in, struct pst_history *history,
			   struct pst_past_owner *const *owners, uint32_t programs)
{
	struct pst_past_channel channel = { .kind = 0 };
	uint32_t number = pst_in_u32(in);

	get_channel(in, &channel);
	if (number >= programs)
		pst_in_refuse(in, "a channel is of a program that there is not");
	if (!in->why && owners[number])
		keep(in, history, owners[number], &channel);
	else if (!in->why)
		history->evicted++;
	pst_past_channel_clear(&channel);
}
