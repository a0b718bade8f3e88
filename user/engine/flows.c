// SPDX-License-Identifier: Apache-2.0
/* Which channel and exec records are worth their volume? Those of bound and of vendor programs, per
 * interval, within the daily budget: as it is used up the interval stretches three- and twelvefold,
 * and exec records are only counted. No program takes more than half of a day's budget. */
#include <inttypes.h>

#include "base/text.h"
#include "engine/internal.h"

#define DAY_NS 86400000000000ull

static const uint32_t stretches[] = { 1, 3, 12 };

static bool is_told_about(const struct pst_process *process)
{
	return process->image->contract >= 0 || pst_attrib_subject(process->image) != NULL;
}

/* Every program talks to its own machine all day: that is told of those with a contract only. */
static bool is_told_channel(const struct pst_process *process, const struct pst_channel *channel)
{
	bool local = channel->key.kind == PST_UNIX || channel->key.kind == PST_NETLINK;

	return is_told_about(process) && (!local || process->image->contract >= 0);
}

/* Half of the budget stretches the interval once, three quarters a second time. */
static uint32_t stretch_for(const struct pst_engine *engine)
{
	uint64_t budget = engine->config->events_budget;

	if (engine->day_bytes >= budget - budget / 4)
		return stretches[2];
	return engine->day_bytes >= budget / 2 ? stretches[1] : stretches[0];
}

static void set_stretch(struct pst_engine *engine)
{
	uint32_t stretch = stretch_for(engine);
	char message[160];

	if (stretch == engine->stretch)
		return;
	engine->stretch = stretch;
	(void)pst_text_format(
		message, sizeof(message),
		"channel records: %" PRIu64 " bytes today, interval is now %" PRIu64 " s",
		engine->day_bytes,
		engine->config->events_interval_ns / 1000000000u * stretch); /* fits */
	pst_engine_health(engine, "events-budget", message);
}

/* Nothing goes beyond the day's budget; what is held back stays in the counters, and is told when
 * the next day begins. */
static bool is_spent(struct pst_engine *engine, const struct pst_process *process)
{
	struct pst_program *program = process->image->program;
	uint64_t budget = engine->config->events_budget;

	if (program->told_day_ns != engine->day_ns) {
		program->told_day_ns = engine->day_ns;
		program->told_bytes = 0;
	}
	if (engine->day_bytes < budget && program->told_bytes < budget - budget / 2)
		return false;
	engine->filtered++;
	return true;
}

static void tell(struct pst_engine *engine, const struct pst_flow *flow,
		 struct pst_channel *channel)
{
	uint64_t before = engine->day_bytes;

	pst_alerts_channel(engine->alerts, flow, engine->time_ns);
	flow->process->image->program->told_bytes += engine->day_bytes - before;
	pst_totals_set(&channel->told_count, &channel->count);
	channel->told_ns = engine->time_ns;
}

void pst_engine_flow_first(struct pst_engine *engine, const struct pst_process *process,
			   struct pst_channel *channel)
{
	const struct pst_flow flow = { .process = process, .channel = channel };

	/* a folded channel's first peer says nothing of the others: its summaries tell it */
	if (!is_told_channel(process, channel) || channel->folded)
		return;
	if (is_spent(engine, process))
		return;
	if (engine->stretch > 1) {
		engine->filtered++;
		return;
	}
	tell(engine, &flow, channel);
}

void pst_engine_flow_exec(struct pst_engine *engine, const struct pst_process *process)
{
	uint64_t before;

	if (!is_told_about(process))
		return;
	if (is_spent(engine, process))
		return;
	if (engine->stretch > 1 || process->preexisting) {
		engine->filtered++;
		return;
	}
	before = engine->day_bytes;
	pst_alerts_exec(engine->alerts, process, process->image, engine->time_ns);
	process->image->program->told_bytes += engine->day_bytes - before;
}

/* Whose process was forgotten cannot be told any more. Is it missed? */
static bool is_missed(const struct pst_channel *channel)
{
	return channel->told_ns ||
	       (channel->verdict != PST_VERDICT_NONE && channel->verdict != PST_UNMANAGED);
}

static bool summarise(void *context, struct pst_channel *channel)
{
	struct pst_engine *engine = context;
	struct pst_counters delta = pst_totals_since(&channel->told_count, &channel->count);
	struct pst_flow flow = { .channel = channel,
				 .since = &delta,
				 .since_ns = channel->told_ns ? channel->told_ns :
								channel->first_ns };
	struct pst_process *process;

	if (pst_counters_is_zero(&delta))
		return true;
	process = pst_attrib_find(engine->attrib, &channel->key.proc);
	if (!process) {
		engine->filtered += is_missed(channel);
		pst_totals_set(&channel->told_count, &channel->count); /* missed once */
		return true;
	}
	if (!is_told_channel(process, channel) || is_spent(engine, process))
		return true;
	flow.process = process;
	tell(engine, &flow, channel);
	return true;
}

void pst_engine_flow_drop(void *engine, struct pst_channel *channel)
{
	pst_engine_past_drop(engine, channel);
	(void)summarise(engine, channel); /* goes on, always */
}

void pst_engine_flows_end(struct pst_engine *engine)
{
	pst_profile_each(engine->profile, summarise, engine);
}

void pst_engine_flows_tick(struct pst_engine *engine, uint64_t time_ns)
{
	if (time_ns - engine->day_ns >= DAY_NS) {
		engine->day_ns = time_ns;
		engine->day_bytes = 0;
	}
	set_stretch(engine);
	if (time_ns < engine->flows_due_ns)
		return;
	engine->flows_due_ns = time_ns + engine->config->events_interval_ns * engine->stretch;
	pst_engine_remember(engine);
	pst_profile_each(engine->profile, summarise, engine);
}
