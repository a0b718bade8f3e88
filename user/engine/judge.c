// SPDX-License-Identifier: Apache-2.0
/* Which contract binds this process, and may it have this channel? Asked at each exec, each first
 * sight, and again for everything that lives when the contracts change. */
#include "engine/internal.h"

void pst_engine_bind(struct pst_engine *engine, struct pst_process *process)
{
	if (process->image->contract_generation != engine->generation)
		pst_contract_bind(engine->contracts, process->image);
}

static void set_verdict(struct pst_engine *engine, struct pst_channel *channel,
			const struct pst_judgement *judgement)
{
	if (judgement->verdict == PST_VERDICT_NONE)
		return;
	if (judgement->verdict == PST_UNKNOWN && channel->verdict != PST_UNKNOWN)
		engine->unknown_verdicts++;
	channel->verdict = judgement->verdict;
	channel->clause = judgement->clause;
	channel->contract_generation = engine->generation;
}

void pst_engine_judge(struct pst_engine *engine, const struct pst_event *event,
		      struct pst_process *process, struct pst_channel *channel)
{
	struct pst_judgement judgement;
	const struct pst_case c = { .detect = &engine->detect,
				    .event = event,
				    .process = process,
				    .channel = channel,
				    .judgement = &judgement };

	pst_engine_bind(engine, process);
	pst_contract_judge(engine->contracts, process->image, channel, &judgement);
	set_verdict(engine, channel, &judgement);
	pst_detect_channel(&c);
}

static bool bind_one(void *context, struct pst_process *process)
{
	pst_engine_bind(context, process);
	return true;
}

static bool judge_one(void *context, struct pst_channel *channel)
{
	struct pst_engine *engine = context;
	struct pst_process *process = pst_attrib_find(engine->attrib, &channel->key.proc);

	if (process && !process->exited) {
		channel->told = 0;
		pst_engine_judge(engine, NULL, process, channel);
	}
	return true;
}

void pst_engine_judge_all(struct pst_engine *engine)
{
	pst_attrib_each(engine->attrib, bind_one, engine);
	pst_profile_each(engine->profile, judge_one, engine);
}
