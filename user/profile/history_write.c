// SPDX-License-Identifier: Apache-2.0
/* How is the history kept? As the bytes of one file: history_room.h says in which order. They are
 * handed on a piece at a time, so that nobody needs room for all of them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "profile/history_room.h"

#define PIECE 65536u

struct out {
	pst_history_put put;
	void *context;
	struct pst_sha256 *sum;
	int error; /* of the first piece that was not taken: nothing more is written */
	size_t len;
	uint8_t piece[PIECE];
};

static void flush(struct out *out)
{
	pst_sha256_add(out->sum, out->piece, out->len);
	if (!out->error)
		out->error = out->put(out->context, out->piece, out->len);
	out->len = 0;
}

/* @len is that of a text at most: a piece holds several. */
static void put_bytes(struct out *out, const void *bytes, size_t len)
{
	if (PIECE - out->len < len)
		flush(out);
	if (len)
		memcpy(out->piece + out->len, bytes, len);
	out->len += len;
}

static void put_number(struct out *out, uint64_t value, size_t bytes)
{
	uint8_t little[sizeof(value)];

	for (size_t i = 0; i < bytes; i++)
		little[i] = (uint8_t)(value >> (8 * i));
	put_bytes(out, little, bytes);
}

static void put_u8(struct out *out, uint8_t value)
{
	put_number(out, value, 1);
}

static void put_u16(struct out *out, uint16_t value)
{
	put_number(out, value, 2);
}

static void put_u32(struct out *out, uint32_t value)
{
	put_number(out, value, 4);
}

static void put_u64(struct out *out, uint64_t value)
{
	put_number(out, value, 8);
}

static void put_span(struct out *out, const char *text, size_t len)
{
	put_u16(out, text ? (uint16_t)len : PST_STATE_NO_TEXT);
	put_bytes(out, text, text ? len : 0);
}

static void put_text(struct out *out, const char *text)
{
	put_span(out, text, text ? strnlen(text, PST_PAST_TEXT) : 0);
}

static void put_time(struct out *out, const struct pst_past_time *time)
{
	put_u64(out, time->first_s);
	put_u64(out, time->last_s);
	put_u64(out, time->days);
	put_u32(out, time->days_total);
}

/* Of a histogram the steps that are not empty: how many, then step and count of each. */
static void put_steps(struct out *out, const uint32_t *steps, size_t count)
{
	uint8_t used = 0;

	for (size_t i = 0; i < count; i++)
		used = (uint8_t)(used + (steps[i] != 0));
	put_u8(out, used);
	for (size_t i = 0; i < count; i++) {
		if (!steps[i])
			continue;
		put_u8(out, (uint8_t)i);
		put_u32(out, steps[i]);
	}
}

static void put_identity(struct out *out, const struct pst_past_identity *identity)
{
	put_u8(out, (uint8_t)identity->hash_state);
	put_u8(out, (uint8_t)identity->owner);
	put_text(out, identity->sha256);
	put_text(out, identity->package);
	put_text(out, identity->version);
	put_u64(out, identity->first_s);
	put_u64(out, identity->last_s);
}

static void put_new(struct out *out, const struct pst_past_program *program)
{
	uint32_t counts[PST_PAST_DAYS];

	for (size_t i = 0; i < PST_PAST_DAYS; i++)
		counts[i] = program->new_on_day[i];
	put_steps(out, counts, PST_PAST_DAYS);
}

static uint8_t program_flags(const struct pst_past_program *program)
{
	return (uint8_t)((program->vendor ? PST_STATE_VENDOR : 0) |
			 (program->memfd ? PST_STATE_MEMFD : 0) |
			 (program->foreign_root ? PST_STATE_FOREIGN : 0) |
			 (program->settled ? PST_STATE_SETTLED : 0) |
			 (program->standing_told ? PST_STATE_TOLD : 0) |
			 (program->argument ? PST_STATE_ARGUMENT : 0));
}

static void put_facts(struct out *out, const struct pst_past_program *program)
{
	put_u32(out, (uint32_t)program->fact_count);
	for (size_t i = 0; i < program->fact_count; i++) {
		const struct pst_past_fact *fact = &program->facts[i];

		put_u8(out, (uint8_t)fact->what);
		put_text(out, fact->text);
		put_u64(out, fact->count);
		put_time(out, &fact->time);
	}
}

static void put_program(struct out *out, const struct pst_past_program *program)
{
	put_text(out, program->path);
	put_text(out, program->interpreter);
	put_u8(out, program_flags(program));
	put_u8(out, (uint8_t)program->unit_count);
	for (uint32_t i = 0; i < program->unit_count; i++)
		put_text(out, program->units[i]);
	put_u8(out, (uint8_t)program->identity_count);
	for (uint32_t i = 0; i < program->identity_count; i++)
		put_identity(out, &program->identity[i]);
	put_time(out, &program->time);
	put_u64(out, program->execs);
	put_u64(out, program->seen_s);
	put_u64(out, program->last_new_s);
	put_u64(out, program->review_until_s);
	put_u64(out, program->dropped);
	put_new(out, program);
	put_facts(out, program);
}

static uint8_t channel_flags(const struct pst_past_channel *channel)
{
	return (uint8_t)((channel->folded ? PST_STATE_FOLDED : 0) |
			 (channel->kernel ? PST_STATE_KERNEL : 0) |
			 (channel->handed ? PST_STATE_HANDED : 0) |
			 (channel->v6_socket ? PST_STATE_V6_SOCKET : 0) |
			 (channel->ip_bytes ? PST_STATE_IP_BYTES : 0) |
			 (channel->proposed ? PST_STATE_PROPOSED : 0));
}

static void put_counters(struct out *out, const struct pst_past_count *count)
{
	put_u64(out, count->attempts);
	put_u64(out, count->established);
	put_u64(out, count->failures);
	put_u64(out, count->closed);
	put_u64(out, count->bytes_out);
	put_u64(out, count->bytes_in);
	put_u64(out, count->packets_out);
	put_u64(out, count->packets_in);
	put_u64(out, count->taken);
	put_u64(out, count->given);
	put_u64(out, count->bursts);
}

static void put_shares(struct out *out, const uint8_t steps[PST_PAST_STEPS])
{
	uint32_t counts[PST_PAST_STEPS];

	for (size_t i = 0; i < PST_PAST_STEPS; i++)
		counts[i] = steps[i];
	put_steps(out, counts, PST_PAST_STEPS);
}

static void put_rhythm(struct out *out, const struct pst_past_channel *channel)
{
	put_u64(out, channel->last_burst_s);
	put_u64(out, channel->gap_count);
	for (size_t i = 0; i < PST_PAST_GAPS && i < channel->gap_count; i++)
		put_u32(out, channel->gap_ms[i]);
	put_shares(out, channel->gaps);
	put_shares(out, channel->sizes);
}

static void put_channel(struct out *out, const struct pst_past_slot *slot)
{
	const struct pst_past_channel *channel = &slot->channel;

	put_u32(out, slot->owner->written);
	put_u16(out, channel->kind);
	put_u16(out, channel->port);
	put_bytes(out, channel->peer.b, sizeof(channel->peer.b));
	put_u16(out, channel->family);
	put_u16(out, channel->sock_type);
	put_u16(out, channel->protocol);
	put_u8(out, channel_flags(channel));
	put_u8(out, channel->verdict);
	put_span(out, channel->name, channel->name_len);
	put_text(out, channel->via);
	put_text(out, channel->server_name);
	put_u8(out, channel->name_count);
	for (uint32_t i = 0; i < channel->name_count; i++)
		put_text(out, channel->names[i]);
	put_u64(out, channel->accepted_from);
	put_time(out, &channel->time);
	put_counters(out, &channel->count);
	put_rhythm(out, channel);
}

static void put_all(struct out *out, const struct pst_history *history, uint64_t now_s)
{
	struct pst_past_owner *owner = NULL;
	struct pst_past_slot *slot = NULL;
	uint32_t number = 0;

	put_bytes(out, PST_STATE_MAGIC, sizeof(PST_STATE_MAGIC) - 1);
	put_u32(out, PST_STATE_VERSION);
	put_u32(out, (uint32_t)pst_table_count(history->programs));
	put_u32(out, (uint32_t)pst_table_count(history->channels));
	put_u32(out, 0);
	put_u64(out, now_s);
	while ((owner = pst_table_next(history->programs, owner, NULL))) {
		owner->written = number++;
		put_program(out, &owner->program);
	}
	while ((slot = pst_table_next(history->channels, slot, NULL)))
		put_channel(out, slot);
}

int pst_history_write(const struct pst_history *history, uint64_t now_s, pst_history_put put,
		      void *context)
{
	struct out *out = malloc(sizeof(*out));
	struct pst_sha256 *begun = pst_sha256_begin();
	uint8_t sum[PST_SHA256_BYTES];
	int r = -ENOMEM;

	if (out && begun) {
		out->put = put;
		out->context = context;
		out->sum = take_ptr(begun);
		out->error = 0;
		out->len = 0;
		put_all(out, history, now_s);
		flush(out);
		pst_sha256_end(out->sum, sum);
		r = out->error ? out->error : put(context, sum, sizeof(sum));
	}
	pst_sha256_end(begun, NULL); /* NULL when it was taken */
	free(out);
	return r;
}
