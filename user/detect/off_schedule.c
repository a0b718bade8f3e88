// SPDX-License-Identifier: Apache-2.0
/* off_schedule: does a channel keep the period that its entry expects?
 * What is declared as "every 5m" and comes each minute is used by somebody else too, or for
 * something else. The median of the last gaps is held against the entry, so that a late one and a
 * lost one are nothing. Blind to: bytes inside of a visit; the first four gaps. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "detect/case.h"

#define GAPS_MIN 4u
#define NS_PER_S UINT64_C(1000000000)
#define MISSING 3u /* periods without a visit that the reason tells */

struct gaps {
	uint64_t gap_ns[PST_RHYTHM_STARTS - 1]; /* ascending */
	size_t count;
	uint64_t median_ns, longest_ns;
};

static int compare(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static struct gaps gaps_of(const struct pst_rhythm *rhythm)
{
	struct gaps gaps = { .count = 0 };

	for (size_t i = 1; i < rhythm->count; i++) /* at most PST_RHYTHM_STARTS */
		gaps.gap_ns[gaps.count++] = rhythm->start_ns[i] - rhythm->start_ns[i - 1];
	if (gaps.count < GAPS_MIN)
		return gaps;
	qsort(gaps.gap_ns, gaps.count, sizeof(gaps.gap_ns[0]), compare);
	gaps.median_ns = gaps.count % 2 ?
				 gaps.gap_ns[gaps.count / 2] :
				 (gaps.gap_ns[gaps.count / 2 - 1] + gaps.gap_ns[gaps.count / 2]) /
					 2;
	gaps.longest_ns = gaps.gap_ns[gaps.count - 1];
	return gaps;
}

static void report(const struct pst_case *c, const struct pst_terms *terms, const struct gaps *gaps)
{
	const struct pst_period *every = &terms->clause->every;
	bool faster = gaps->median_ns < every->every_s * NS_PER_S;
	struct pst_judgement judgement = *c->judgement;
	struct pst_case told = *c;
	char who[4 * PST_WORDS_NAME], end[PST_WORDS_PEER], period[PST_PERIOD_TEXT];
	struct pst_finding finding;

	told.judgement = &judgement;
	judgement.nearest = terms->index;
	(void)pst_text_format(judgement.why_not, sizeof(judgement.why_not),
			      "comes every %" PRIu64 " s, entry expects %s",
			      gaps->median_ns / NS_PER_S,
			      pst_period_text(every, period)); /* fits */
	pst_case_open(&told, PST_DETECTOR_OFF_SCHEDULE, &finding);
	finding.severity = faster ? PST_MEDIUM : PST_LOW;
	finding.score = faster ? 50 : 30;
	finding.occurrences = 1;
	(void)pst_text_format(finding.message, sizeof(finding.message),
			      "%s talks to %s %s often than every %s",
			      pst_words_who(c->detect, &finding, who),
			      pst_words_end(c->channel, end), faster ? "more" : "less",
			      pst_period_text(every, period)); /* a cut sentence is still one */
	(void)pst_text_format(finding.reason, sizeof(finding.reason),
			      "the last %zu gaps:", gaps->count); /* fits */
	for (size_t i = 0; i < gaps->count; i++)
		(void)pst_text_append(finding.reason, sizeof(finding.reason), "%s %" PRIu64,
				      i ? "," : "", gaps->gap_ns[i] / NS_PER_S); /* eight fit */
	(void)pst_text_append(finding.reason, sizeof(finding.reason), " s, median %" PRIu64 " s",
			      gaps->median_ns / NS_PER_S); /* fits */
	if (gaps->longest_ns > MISSING * every->every_s * NS_PER_S)
		(void)pst_text_append(finding.reason, sizeof(finding.reason),
				      "; it was missing for %" PRIu64 " periods",
				      gaps->longest_ns / NS_PER_S / every->every_s); /* as above */
	c->detect->found(c->detect->context, &finding);
}

/* Visits of all processes count: what comes on a timer is often another process each time. */
static struct pst_rhythm *note_bursts(const struct pst_case *c, const struct pst_terms *terms)
{
	const struct pst_counters *count = &c->channel->count;
	uint64_t merge_ns = terms->clause->every.every_s * NS_PER_S / 4;
	uint64_t more = c->channel->more_bursts < PST_EVENT_BURSTS ? c->channel->more_bursts :
								     PST_EVENT_BURSTS;
	struct pst_rhythm *rhythm = pst_profile_rhythm(
		c->detect->profile,
		pst_terms_mix(pst_terms_key(terms->contract, terms->clause), c->channel));
	bool news = false;

	for (uint64_t i = count->bursts - more; rhythm && i < count->bursts; i++) /* at most 8 */
		news |= pst_rhythm_add(rhythm, count->burst[i % PST_EVENT_BURSTS].start_ns,
				       merge_ns);
	return news ? rhythm : NULL;
}

static void on_growth(const struct pst_case *c)
{
	const struct pst_terms terms = pst_terms_of(c);
	struct pst_rhythm *rhythm;
	struct gaps gaps;
	bool holds;

	if (!terms.clause || !terms.clause->every.every_s || !c->channel->more_bursts ||
	    c->channel->folded)
		return;
	rhythm = note_bursts(c, &terms);
	if (!rhythm)
		return;
	gaps = gaps_of(rhythm);
	if (gaps.count < GAPS_MIN)
		return;
	holds = pst_period_holds(&terms.clause->every, gaps.median_ns);
	if (!holds && !rhythm->told)
		report(c, &terms, &gaps);
	rhythm->told = !holds;
}

const struct pst_detector pst_detector_off_schedule = {
	.id = PST_DETECTOR_OFF_SCHEDULE,
	.name = "off_schedule",
	.title = "Keeps not the period that its entry expects",
	.category = "rhythm",
	.explain =
		"What it means: an entry of the contract says how often its channel is used\n"
		"(\"every\"), and the median of the last gaps, at least four, lies outside of that\n"
		"by more than the tolerance. More often than declared weighs more than less often:\n"
		"somebody else may use the same door. Told once, and again after the period was\n"
		"kept for a while.\n"
		"What to do: was the schedule changed by the vendor or by an administrator? Then\n"
		"change the entry. If not, compare the sizes and times of the visits with those of\n"
		"the days before, and look for what else runs as that program.\n"
		"Blind to: visits that lie within a quarter of the period of another one, which\n"
		"count as one; the first four gaps; a channel that is not used any more at all;\n"
		"peers that were folded; what is sent in a visit.",
	.technique = { { "TA0010", "Exfiltration", "T1029", "Scheduled Transfer", NULL, NULL },
		       { "TA0011", "Command and Control", "T1071", "Application Layer Protocol",
			 NULL, NULL } },
	.on_growth = on_growth,
};
