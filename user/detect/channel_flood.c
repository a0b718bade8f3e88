// SPDX-License-Identifier: Apache-2.0
/* channel_flood: does a process talk to more peers than are kept apart?
 * Past sensor.share its peers fold to networks, then into one; that this happens is told
 * once. A server that is called by many is told too, with little weight. Blind to: the peers behind
 * a fold; a flood that is spread over many short processes. */
#include <inttypes.h>

#include "base/text.h"
#include "detect/case.h"

static void report(const struct pst_case *c)
{
	bool called = pst_kind_is_inbound((enum pst_kind)c->channel->key.kind);
	struct pst_finding finding;
	char who[4 * PST_WORDS_NAME], end[PST_WORDS_PEER], lineage[PST_WORDS_LINEAGE];

	pst_case_open(c, PST_DETECTOR_CHANNEL_FLOOD, &finding);
	finding.by_kind = true;
	if (c->channel->count
		    .attempts) /* told once, so all of them; a result may have come first */
		finding.occurrences = c->channel->count.attempts;
	finding.severity = called ? PST_LOW : PST_MEDIUM;
	finding.score = called ? 30 : 60;
	(void)pst_text_format(finding.message, sizeof(finding.message),
			      "%s %s more peers than are kept apart: %s stands for several",
			      pst_words_who(c->detect, &finding, who),
			      called ? "is called by" : "talks to",
			      pst_words_end(c->channel, end)); /* a cut sentence is still one */
	(void)pst_text_format(
		finding.reason, sizeof(finding.reason),
		"pid %" PRIu32 " (%s), first of this fold %" PRIu64 " s after its process began",
		c->process->id.tgid, pst_words_lineage(finding.image, lineage),
		pst_words_seconds(c->channel->key.proc.start_ns,
				  c->channel->first_ns)); /* lineage is bounded: it fits */
	pst_case_tell(c, &finding);
}

/* An undeclared fold is a violation, which undeclared_channel and the detectors of kinds tell. */
static void on_channel(const struct pst_case *c)
{
	const enum pst_verdict verdict = c->judgement->verdict;

	if (!c->channel->folded || !pst_case_is_first(c, PST_DETECTOR_CHANNEL_FLOOD))
		return;
	if (verdict == PST_UNKNOWN ||
	    (verdict == PST_UNMANAGED && pst_attrib_subject(c->process->image)))
		report(c);
}

const struct pst_detector pst_detector_channel_flood = {
	.id = PST_DETECTOR_CHANNEL_FLOOD,
	.name = "channel_flood",
	.title = "More peers than are kept apart",
	.category = "volume",
	.explain =
		"What it means: one process has had more peers than sensor.share (4,096 by\n"
		"default), so that further ones stand together as a network or as one. Vendor\n"
		"software under no contract, or bound software of which it is not known whether a\n"
		"name allows them. A scan, a worm, a peer-to-peer network and a busy server look\n"
		"like this; a server that is called by many weighs little.\n"
		"What to do: look at the ports: one port and many networks is a scan or a crawler.\n"
		"For a server that is meant to be called by everybody, declare the listener, or\n"
		"raise sensor.share if each peer matters.\n"
		"Blind to: the single peers behind a fold, whose bytes are still counted in it; a\n"
		"flood over many short-lived processes; programs of the distribution under no\n"
		"contract; folds that a contract allows, or forbids: the latter are findings of\n"
		"undeclared_channel.",
	.technique = { { "TA0007", "Discovery", "T1046", "Network Service Discovery", NULL, NULL },
		       { "TA0011", "Command and Control", "T1071", "Application Layer Protocol",
			 NULL, NULL } },
	.on_channel = on_channel,
};
