// SPDX-License-Identifier: Apache-2.0
/* Which contract binds this process, and may it have this channel? Asked at each exec, each first
 * sight, and again for everything that lives when the contracts change. */
#include <string.h>

#include "base/fnv.h"
#include "engine/internal.h"

#define LIFE_NS 180000000000ull
#define NS_PER_S INT64_C(1000000000)

void pst_engine_bind(struct pst_engine *engine, struct pst_process *process)
{
	if (process->image->contract_generation != engine->generation)
		pst_contract_bind(engine->contracts, process->image);
}

/* The same for the same file in every set; indices are those of one set. */
static uint64_t mark_of(const struct pst_engine *engine, int32_t contract)
{
	const char *digest;

	if (contract < 0)
		return 0;
	digest = pst_contracts_at(engine->contracts, (size_t)contract)->digest;
	return pst_fnv_bytes(PST_FNV_START, digest, strlen(digest));
}

static void set_verdict(struct pst_engine *engine, struct pst_channel *channel,
			const struct pst_judgement *judgement)
{
	if (judgement->verdict == PST_VERDICT_NONE)
		return;
	if (judgement->verdict == PST_UNKNOWN &&
	    (channel->verdict != PST_UNKNOWN || channel->contract_generation != engine->generation))
		engine->unknown_verdicts++;
	channel->verdict = judgement->verdict;
	channel->judged_by = (uint8_t)judgement->by;
	channel->clause = judgement->clause;
	channel->contract_mark = mark_of(engine, judgement->contract);
	channel->contract_generation = engine->generation;
}

/* Each message may go to another peer: a socket that is open says nothing of this one. */
static bool is_stateless(enum pst_kind kind)
{
	return kind == PST_UDP_PEER || kind == PST_UDP_ACCEPT || kind == PST_UDPLITE ||
	       kind == PST_ICMP || kind == PST_NETLINK;
}

/*
 * lives - might bytes still move?
 * What has no end that is seen counts as living for a while: datagrams, and a connect without a
 * result, on which the kernel gives up after about two minutes. Should they go on later, then the
 * record that says so has them judged.
 */
static bool lives(const struct pst_engine *engine, const struct pst_process *process,
		  const struct pst_channel *channel)
{
	const struct pst_counters *count = &channel->count;
	bool is_recent = engine->time_ns < channel->last_ns + LIFE_NS;

	if (process->exited)
		return false;
	if (is_stateless((enum pst_kind)channel->key.kind))
		return channel->open && is_recent;
	return channel->open || (channel->key.kind == PST_TCP_CONNECT && is_recent &&
				 count->attempts > count->established + count->failures);
}

/* What a window of the week allowed may go on when it has passed. */
static bool has_windows(const struct pst_engine *engine, const struct pst_process *process)
{
	const struct pst_image *image = process->image;

	return image->contract >= 0 && image->contract_generation == engine->generation &&
	       pst_contracts_at(engine->contracts, (size_t)image->contract)->has_windows;
}

/* The end of what was allowed is no use of it: a window may have passed meanwhile. */
static bool only_ends(const struct pst_engine *engine, const struct pst_event *event,
		      const struct pst_process *process, const struct pst_channel *channel)
{
	return event->type == PST_EVENT_RESULT && event->result.result == PST_CLOSED &&
	       channel->verdict == PST_DECLARED &&
	       channel->contract_generation == engine->generation && has_windows(engine, process);
}

bool pst_engine_must_judge(const struct pst_engine *engine, const struct pst_event *event,
			   const struct pst_process *process, const struct pst_channel *channel)
{
	if (event->type != PST_EVENT_SAMPLE || channel->turned)
		return !only_ends(engine, event, process, channel);
	if (memcmp(&channel->image, &process->image->id, sizeof(channel->image)) != 0 ||
	    channel->contract_generation != engine->generation)
		return channel->grew || lives(engine, process, channel);
	return (channel->told && channel->count.attempts > channel->judged) ||
	       (channel->grew && has_windows(engine, process));
}

/* Windows of the week are held against the time of what was done, not of when it was told. */
static void ask_contract(struct pst_engine *engine, const struct pst_process *process,
			 const struct pst_channel *channel, struct pst_judgement *out)
{
	int64_t wall_ns = pst_wall_ns(channel->last_ns, engine->wall_offset_ns);

	pst_contracts_now(engine->contracts, wall_ns / NS_PER_S);
	pst_contract_judge(engine->contracts, process->image, channel, out);
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
	ask_contract(engine, process, channel, &judgement);
	set_verdict(engine, channel, &judgement);
	pst_detect_channel(&c);
}

static bool bind_one(void *context, struct pst_process *process)
{
	pst_engine_bind(context, process);
	return true;
}

/* @whose: NULL: the contracts changed; else what it became says who has the channel, and that may
 * make a finding of what was none. */
static void judge_again(struct pst_engine *engine, struct pst_process *process,
			struct pst_channel *channel, const struct pst_identity_news *whose)
{
	const struct pst_channel before = *channel;
	struct pst_judgement judgement;
	const struct pst_case c = { .detect = &engine->detect,
				    .process = process,
				    .channel = channel,
				    .judgement = &judgement };

	ask_contract(engine, process, channel, &judgement);
	set_verdict(engine, channel, &judgement);
	if (channel->verdict == before.verdict && channel->clause == before.clause &&
	    channel->contract_mark == before.contract_mark && !(whose && whose->vendor))
		return;
	if (channel->verdict == PST_UNMANAGED && before.verdict != PST_UNMANAGED)
		channel->told = 0; /* other rules hold for it now */
	pst_detect_channel(&c);
}

static bool judge_one(void *context, struct pst_channel *channel)
{
	struct pst_engine *engine = context;
	struct pst_process *process = pst_attrib_find(engine->attrib, &channel->key.proc);

	if (process && lives(engine, process, channel))
		judge_again(engine, process, channel, NULL);
	return true;
}

struct told {
	struct pst_engine *engine;
	const struct pst_identity_news *news;
};

/* What has ended meanwhile counts too: it was that program's from its first byte on, and only the
 * answer came late. */
static bool judge_told(void *context, struct pst_channel *channel)
{
	const struct told *told = context;
	struct pst_process *process = pst_attrib_find(told->engine->attrib, &channel->key.proc);

	if (!process || !pst_image_comes_of(process->image, told->news->program))
		return true;
	judge_again(told->engine, process, channel, told->news);
	return true;
}

void pst_engine_judge_news(struct pst_engine *engine, const struct pst_identity_news *news)
{
	struct told told = { .engine = engine, .news = news };

	pst_attrib_each(engine->attrib, bind_one, engine);
	pst_profile_each(engine->profile, judge_told, &told);
}

void pst_engine_judge_all(struct pst_engine *engine)
{
	engine->unknown_verdicts = 0;
	pst_attrib_each(engine->attrib, bind_one, engine);
	pst_profile_each(engine->profile, judge_one, engine);
}
