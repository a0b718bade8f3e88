// SPDX-License-Identifier: Apache-2.0
/* What do the detectors of unusual kinds have in common? Bound software: what no entry allows.
 * Vendor software under no contract: every one, at once, also when it is older than us. Software of
 * the distribution under no contract is what such kinds are made for, and is left alone. */
#include <inttypes.h>

#include "base/text.h"
#include "detect/case.h"

static void add_traffic(const struct pst_channel *channel, char *out, size_t out_size)
{
	const struct pst_counters *count = &channel->count;

	if (channel->bare && channel->key.kind != PST_PACKET) /* which hears without being used */
		(void)pst_text_append(out, out_size, ", not used yet");
	else if (count->bytes_out || count->bytes_in || count->packets_out || count->packets_in)
		(void)pst_text_append(out, out_size,
				      ", %" PRIu64 " bytes out in %" PRIu64 " packets, %" PRIu64
				      " bytes in in %" PRIu64,
				      count->bytes_out, count->packets_out, count->bytes_in,
				      count->packets_in); /* a cut sentence is still one */
	if (channel->handed)
		(void)pst_text_append(out, out_size, ", on a socket that pid %" PRIu32 " opened",
				      channel->owner.tgid); /* as above */
}

static void report(const struct pst_case *c, const struct pst_exotic *rule)
{
	struct pst_finding finding;
	char who[4 * PST_WORDS_NAME], deed[PST_WORDS_DEED], contract[PST_WORDS_CONTRACT];
	char lineage[PST_WORDS_LINEAGE];

	pst_case_open(c, rule->detector, &finding);
	finding.by_kind = true;
	rule->weigh(c, &finding);
	rule->deed(c->channel, deed);
	(void)pst_text_format(finding.message, sizeof(finding.message), "%s %s",
			      pst_words_who(c->detect, &finding, who),
			      deed); /* a cut sentence is still one */
	if (c->judgement->verdict == PST_UNDECLARED)
		(void)pst_text_append(finding.message, sizeof(finding.message),
				      ": not in contract %s",
				      pst_words_contract(c->detect, c->judgement->contract,
							 contract)); /* as above */
	(void)pst_text_format(
		finding.reason, sizeof(finding.reason), "pid %" PRIu32 " (%s)", c->process->id.tgid,
		pst_words_lineage(finding.image, lineage)); /* lineage is bounded: it fits */
	pst_words_add_since(c->channel, finding.reason, sizeof(finding.reason));
	add_traffic(c->channel, finding.reason, sizeof(finding.reason));
	pst_words_add_result(c->channel, finding.reason, sizeof(finding.reason));
	pst_words_add_nearest(&finding, c->detect, finding.reason, sizeof(finding.reason));
	pst_case_tell(c, &finding);
}

void pst_exotic_judge(const struct pst_case *c, const struct pst_exotic *rule)
{
	const enum pst_verdict verdict = c->judgement->verdict;

	if (pst_case_detector(c->channel) != rule->detector)
		return;
	if (verdict == PST_DECLARED || verdict == PST_UNKNOWN)
		pst_case_forget(c->channel, rule->detector);
	else if (!pst_case_is_news(c, rule->detector))
		return;
	else if (verdict == PST_UNDECLARED ||
		 (verdict == PST_UNMANAGED && pst_attrib_subject(c->process->image)))
		report(c, rule);
}
