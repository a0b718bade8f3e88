// SPDX-License-Identifier: Apache-2.0
/* limit_exceeded: did software send more than its contract lets it send in a day?
 * Bytes that leave the host are summed over all processes that a contract binds, by days of UTC,
 * and told once a day: an allowed channel is the quietest way out, and a limit is what is left to
 * hold against it. Blind to: what was sent before monitoring began; days cut by a restart. */
#include <inttypes.h>

#include "base/text.h"
#include "detect/case.h"

#define NS_PER_S INT64_C(1000000000)
#define DAY_S INT64_C(86400)
#define LATE_NS 600000000000ull

struct limit {
	const struct pst_contract *contract;
	const struct pst_clause *clause; /* NULL: of the contract as a whole */
	int32_t index;
	uint64_t bytes;
	int64_t day;
};

/* Loopback, the kernel and other processes of the host are no way out. A tunnel's bytes are counted
 * where they leave. */
static bool leaves_host(const struct pst_channel *channel)
{
	const enum pst_kind kind = (enum pst_kind)channel->key.kind;

	if (kind == PST_UNIX || kind == PST_UNIX_LISTEN || kind == PST_NETLINK || kind == PST_ALG ||
	    kind == PST_TUNNEL)
		return false;
	if (!pst_kind_has_ip(kind) || pst_addr_is_zero(&channel->key.peer))
		return true;
	return !pst_addr_is_loopback(&channel->key.peer) &&
	       !pst_addr_equal(&channel->key.peer, &channel->local);
}

/* A sample makes a channel whose first sight was lost, or which was forgotten, or was there before
 * this stream: when its bytes were sent is not known, and they may have been counted. */
static bool is_old(const struct pst_case *c)
{
	const struct pst_channel *channel = c->channel;

	return channel->from_sample && channel->more_out == channel->count.bytes_out &&
	       (channel->first_ns < c->detect->started_ns ||
		c->event->time_ns > channel->first_ns + LATE_NS);
}

static void report(const struct pst_case *c, const struct limit *limit, uint64_t sent)
{
	struct pst_judgement judgement = *c->judgement;
	const struct pst_case whole = { .detect = c->detect,
					.event = c->event,
					.process = c->process,
					.judgement = &judgement };
	char who[4 * PST_WORDS_NAME], end[PST_WORDS_PEER], contract[PST_WORDS_CONTRACT],
		day[PST_WALL_TEXT];
	struct pst_finding finding;

	judgement.nearest = limit->index;
	(void)pst_text_format(judgement.why_not, sizeof(judgement.why_not),
			      "bytes_out_per_day is %" PRIu64, limit->bytes); /* fits */
	pst_case_open(&whole, PST_DETECTOR_LIMIT_EXCEEDED, &finding);
	finding.severity = PST_HIGH;
	finding.score = 70;
	(void)pst_text_format(finding.about, sizeof(finding.about), "bytes_out_per_day");
	if (limit->clause)
		(void)pst_text_append(finding.about, sizeof(finding.about),
				      " of the entry in line %" PRIu32,
				      limit->clause->line); /* both fit */
	(void)pst_text_format(finding.message, sizeof(finding.message),
			      "%s sent more than contract %s allows in a day: %" PRIu64
			      " bytes, limit %" PRIu64,
			      pst_words_who(c->detect, &finding, who),
			      pst_words_contract(c->detect, judgement.contract, contract), sent,
			      limit->bytes); /* a cut sentence is still one */
	(void)pst_text_format(finding.reason, sizeof(finding.reason),
			      "%" PRIu64
			      " bytes left the host on %s (UTC) from all processes under "
			      "%s; the last %" PRIu64 " of them by pid %" PRIu32 " to %s",
			      sent, pst_wall_day(limit->day * DAY_S, day),
			      limit->clause ? "this entry" : "this contract", c->channel->more_out,
			      c->process->id.tgid,
			      pst_words_end(c->channel, end)); /* all bounded: it fits */
	c->detect->found(c->detect->context, &finding);
}

static void add(const struct pst_case *c, struct limit *limit)
{
	int64_t wall_ns = pst_wall_ns(c->channel->last_ns, c->detect->wall_offset_ns);
	struct pst_budget *budget;

	if (!limit->bytes)
		return;
	limit->day = wall_ns / NS_PER_S / DAY_S;
	budget = pst_profile_budget(c->detect->profile,
				    pst_terms_key(limit->contract, limit->clause),
				    (uint64_t)limit->day);
	if (!budget)
		return;
	if (__builtin_add_overflow(budget->bytes_out, c->channel->more_out, &budget->bytes_out))
		budget->bytes_out = UINT64_MAX;
	if (budget->bytes_out <= limit->bytes || budget->told)
		return;
	budget->told = true;
	report(c, limit, budget->bytes_out);
}

static void on_growth(const struct pst_case *c)
{
	const struct pst_terms terms = pst_terms_of(c);
	struct limit limit = { .contract = terms.contract, .index = -1 };

	if (!terms.contract || !c->channel->more_out || !leaves_host(c->channel) || is_old(c))
		return;
	limit.bytes = terms.contract->bytes_out_per_day;
	add(c, &limit);
	if (!terms.clause)
		return;
	limit.clause = terms.clause;
	limit.index = terms.index;
	limit.bytes = terms.clause->bytes_out_per_day;
	add(c, &limit);
}

const struct pst_detector pst_detector_limit_exceeded = {
	.id = PST_DETECTOR_LIMIT_EXCEEDED,
	.name = "limit_exceeded",
	.title = "Sent more than the contract allows in a day",
	.category = "volume",
	.explain =
		"What it means: all processes under one contract together sent more bytes out of\n"
		"this host in one day (UTC) than bytes_out_per_day of its \"limits\" allows, or\n"
		"through one entry more than that entry does. Each channel may be declared: who\n"
		"takes data out by an allowed peer shows by the amount. Told once a day.\n"
		"What to do: compare with the days before (postern profile). A full backup, a\n"
		"restore to elsewhere or a new customer explains it, or the limit is too low; if\n"
		"nothing does, look at the peers and at what the program read.\n"
		"Blind to: bytes to loopback, to this host's own address, to unix sockets and to\n"
		"the kernel, which do not leave the host; what was sent before monitoring began,\n"
		"and by channels whose beginning it missed, until they are seen; after a restart\n"
		"the day begins anew.",
	.technique = { { "TA0010", "Exfiltration", "T1041", "Exfiltration Over C2 Channel", NULL,
			 NULL },
		       { "TA0010", "Exfiltration", "T1048",
			 "Exfiltration Over Alternative Protocol", NULL, NULL },
		       { "TA0010", "Exfiltration", "T1020", "Automated Exfiltration", NULL,
			 NULL } },
	.on_growth = on_growth,
};
