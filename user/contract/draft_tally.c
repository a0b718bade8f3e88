// SPDX-License-Identifier: Apache-2.0
/* How often was something seen, on how many days, and when last? What a reviewer weighs a clause
 * by. */
#include "contract/draft_parts.h"

#include <inttypes.h>

#define DAY_S 86400u

/* @time's days as bits before the day of @last_s */
static uint64_t days_before(const struct pst_past_time *time, uint64_t last_s)
{
	uint64_t behind = last_s / DAY_S - time->last_s / DAY_S;

	return behind < PST_PAST_DAYS ? time->days << behind : 0;
}

void pst_draft_tally_time(struct pst_past_time *to, const struct pst_past_time *add)
{
	uint64_t last_s = to->last_s > add->last_s ? to->last_s : add->last_s;
	uint32_t most = to->days_total > add->days_total ? to->days_total : add->days_total;
	uint32_t seen;

	if (!to->last_s) {
		*to = *add;
		return;
	}
	to->days = days_before(to, last_s) | days_before(add, last_s);
	to->last_s = last_s;
	to->first_s = to->first_s < add->first_s ? to->first_s : add->first_s;
	seen = (uint32_t)__builtin_popcountll(to->days);
	to->days_total = seen > most ? seen : most; /* older days are not told apart */
}

void pst_draft_tally_add(struct pst_draft_tally *tally, const struct pst_past_channel *channel)
{
	const struct pst_past_count *count = &channel->count;
	uint64_t done = count->established + count->failures;
	uint64_t attempts = count->attempts > done ? count->attempts : done;
	enum pst_kind kind = (enum pst_kind)channel->kind;

	pst_draft_tally_time(&tally->time, &channel->time);
	tally->failures += count->failures;
	tally->connections = kind == PST_TCP_CONNECT || kind == PST_SCTP || kind == PST_DCCP;
	if (pst_kind_is_inbound(kind) && !pst_kind_is_listener(kind)) {
		tally->accepted += attempts + count->taken;
		tally->peers++;
	} else {
		tally->attempts += attempts + count->taken;
	}
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

static void say_days(struct pst_prose *out, const struct pst_past_time *time,
		     const struct pst_past_time *program)
{
	uint32_t days = time->days_total ? time->days_total : 1;
	uint32_t all = program->days_total > days ? program->days_total : days;
	char date[PST_WALL_TEXT];

	if (all > 1)
		pst_prose_say(out, " on %" PRIu32 " of %" PRIu32 " days, last %s", days, all,
			      pst_wall_day((int64_t)time->last_s, date));
	else
		pst_prose_say(out, " on %s", pst_wall_day((int64_t)time->last_s, date));
}

void pst_draft_say_why(struct pst_prose *out, const struct pst_draft_tally *tally,
		       const struct pst_past_time *program)
{
	if (tally->peers) {
		pst_prose_say(out, "%" PRIu64 " connection%s accepted from %" PRIu64 " peer%s",
			      tally->accepted, plural(tally->accepted), tally->peers,
			      plural(tally->peers));
	} else {
		pst_prose_say(out, "%" PRIu64 " %s%s", tally->attempts,
			      tally->connections ? "connection" : "time", plural(tally->attempts));
		if (tally->failures && tally->failures >= tally->attempts)
			pst_prose_say(out, " (all in vain)");
		else if (tally->failures)
			pst_prose_say(out, " (%" PRIu64 " in vain)", tally->failures);
	}
	say_days(out, &tally->time, program);
	if (tally->ports)
		pst_prose_say(out, "; %" PRIu64 " different ports, each once: others the next time",
			      tally->ports);
}
