// SPDX-License-Identifier: Apache-2.0
/* What becomes part of the history of weeks, and what is not new because that knows it? What each
 * channel did is added once: when it is first seen, at each interval, and before it or its process
 * is forgotten. */
#include "engine/past.h"

#include <errno.h>

#include "engine/internal.h"

#define DROPPED_MAX 8192u /* forgotten channels that may come back with all that they counted */
#define NAMES_ASKED PST_PAST_NAMES
#define LOOK_S 10u /* who asks all the time must not cost all the time */

struct pst_past_dropped {
	struct pst_totals past;
	uint64_t bursts;
};

int pst_engine_past_make(struct pst_past *past, const struct pst_history_keys *keys)
{
	past->history = pst_history_new(keys);
	past->dropped = pst_table_new(
		&(struct pst_table_shape){ .key_bytes = sizeof(struct pst_channel_key),
					   .value_bytes = sizeof(struct pst_past_dropped),
					   .capacity = DROPPED_MAX });
	return past->history && past->dropped ? 0 : -ENOMEM;
}

void pst_engine_past_clear(struct pst_past *past)
{
	pst_history_free(past->history);
	pst_table_free(past->dropped);
}

struct pst_history *pst_engine_history(const struct pst_engine *engine)
{
	return engine->past.history;
}

struct names {
	const char *list[NAMES_ASKED + 1];
	size_t count;
};

/* The name that led this process there stands first. */
static void ask_names(const struct pst_engine *engine, const struct pst_process *process,
		      const struct pst_channel *channel, struct names *out)
{
	const char *own;

	if (!pst_kind_has_ip((enum pst_kind)channel->key.kind) ||
	    pst_kind_is_inbound((enum pst_kind)channel->key.kind) || channel->folded)
		return;
	own = pst_attrib_name_for(engine->attrib, process, &channel->key.peer);
	if (own)
		out->list[out->count++] = own;
	out->count += pst_attrib_names(engine->attrib, &channel->key.peer, out->list + out->count,
				       NAMES_ASKED);
}

/* The entry of a channel's program; @sight: what only a process that is remembered can tell. */
static struct pst_past_program *find_program(struct pst_engine *engine, struct pst_channel *channel,
					     struct pst_past_sight *sight, struct names *names)
{
	const struct pst_process *process = pst_attrib_find(engine->attrib, &channel->key.proc);
	struct pst_past_program *program;

	if (!process)
		return pst_history_at(engine->past.history, &channel->past_of);
	program = pst_past_program_of(engine, process->image);
	if (!program)
		return NULL;
	channel->past_of = program->id;
	if (pst_past_charged(process->image)->program != process->image->program)
		sight->via = process->image->program->path;
	ask_names(engine, process, channel, names);
	sight->names = names->list;
	sight->name_count = names->count;
	return program;
}

static void add(struct pst_engine *engine, struct pst_channel *channel, bool bursting)
{
	struct pst_counters delta = pst_totals_since(&channel->past, &channel->count);
	uint64_t end = channel->count.bursts - (bursting && channel->count.bursts);
	struct pst_past_sight sight = { .channel = channel,
					.since = &delta,
					.bursting = bursting,
					.wall_offset_ns = engine->wall_offset_ns };
	struct names names = { .count = 0 };
	struct pst_past_program *program;
	struct pst_past_channel *past;

	delta.bursts = end > channel->past_bursts ? end - channel->past_bursts : 0;
	if (pst_counters_is_zero(&delta) && !delta.bursts && !channel->told == !channel->past_told)
		return;
	program = find_program(engine, channel, &sight, &names);
	past = program ? pst_history_add(engine->past.history, program, &sight, NULL) : NULL;
	engine->past.homeless += !past;
	if (past && channel->told)
		past->proposed = true;
	channel->past_told = channel->told != 0;
	pst_totals_set(&channel->past, &channel->count);
	channel->past_bursts += delta.bursts;
}

/* The latest burst of what is open may still grow. */
void pst_engine_past_add(struct pst_engine *engine, struct pst_channel *channel)
{
	add(engine, channel, channel->open);
}

void pst_engine_past_drop(struct pst_engine *engine, struct pst_channel *channel)
{
	struct pst_past_dropped *dropped;

	add(engine, channel, false);
	dropped = pst_table_put(engine->past.dropped, &channel->key, NULL);
	if (dropped)
		*dropped = (struct pst_past_dropped){ .past = channel->past,
						      .bursts = channel->past_bursts };
}

/* A channel that the profile had forgotten comes back with all that it counted before. */
static void come_back(struct pst_engine *engine, struct pst_channel *channel)
{
	const struct pst_past_dropped *dropped = pst_table_peek(engine->past.dropped,
								&channel->key);

	if (!dropped)
		return;
	if (channel->count.attempts >= dropped->past.attempts &&
	    channel->count.bytes_out >= dropped->past.bytes_out &&
	    channel->count.bytes_in >= dropped->past.bytes_in) {
		channel->past = dropped->past;
		channel->past_bursts = dropped->bursts;
	}
	(void)pst_table_remove(engine->past.dropped, &channel->key); /* it is there */
}

/*
 * was_told - what was there before this session, or before the program's file was changed
 * A listener was told at once. A peer was told when the program settled: one that it had before,
 * and that nobody was told of, must not be silent for ever by a restart.
 */
static bool was_told(const struct pst_engine *engine, const struct pst_past_program *program,
		     const struct pst_past_channel *known)
{
	bool at_once = pst_kind_is_listener((enum pst_kind)known->kind);

	if (known->time.first_s < engine->past.begun_s)
		return at_once || program->was_settled;
	return known->time.first_s < program->replaced_s && (at_once || program->was_settled_then);
}

void pst_engine_past_first(struct pst_engine *engine, const struct pst_process *process,
			   struct pst_channel *channel)
{
	const struct pst_past_program *program = pst_past_program_of(engine, process->image);
	const struct pst_past_channel *known =
		program ? pst_history_knows(engine->past.history, program, channel) : NULL;

	channel->known_before = known && was_told(engine, program, known);
	if (channel->from_sample)
		come_back(engine, channel);
}

static bool add_one(void *context, struct pst_channel *channel)
{
	pst_engine_past_add(context, channel);
	return true;
}

static bool add_last(void *context, struct pst_channel *channel)
{
	add(context, channel, false);
	return true;
}

void pst_engine_past_leave(struct pst_engine *engine, const struct pst_proc_id *proc)
{
	pst_profile_each_of(engine->profile, proc, add_one, engine);
}

struct look {
	struct pst_engine *engine;
	uint64_t from_s, now_s;
};

/* Each program once, however many processes of it run. */
static bool look_at(void *context, struct pst_process *process)
{
	const struct look *look = context;
	struct pst_past_program *program;

	if (process->exited)
		return true;
	program = pst_past_program_of(look->engine, process->image);
	if (program && program->looked_s < look->now_s) {
		program->seen_s += look->now_s - look->from_s;
		program->looked_s = look->now_s;
	}
	return true;
}

void pst_engine_remember(struct pst_engine *engine)
{
	struct look look = { .engine = engine,
			     .from_s = engine->past.looked_s,
			     .now_s = pst_past_now_s(engine) };

	if (!engine->past.begun_s)
		return;
	pst_profile_each(engine->profile, add_one, engine);
	if (look.now_s < look.from_s + LOOK_S)
		return;
	pst_attrib_each(engine->attrib, look_at, &look);
	engine->past.looked_s = look.now_s;
}

void pst_engine_past_end(struct pst_engine *engine)
{
	pst_engine_remember(engine);
	pst_profile_each(engine->profile, add_last, engine);
}
