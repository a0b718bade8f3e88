// SPDX-License-Identifier: Apache-2.0
/* undeclared_channel: did software talk to somebody whom nobody declared?
 * Bound by a contract: whatever no entry allows, at the first attempt, whether it succeeds or not:
 * TCP, UDP, unix, netlink; other kinds and listeners have detectors of their own.
 * Unmanaged vendor software: a peer outside of the own networks that came after the program had
 * settled. Blind to: what a declared peer is used for; peers that the kernel folded into one. */
#include <inttypes.h>

#include "base/text.h"
#include "detect/case.h"

static bool is_outbound(const struct pst_channel *channel)
{
	return channel->key.kind == PST_TCP_CONNECT || channel->key.kind == PST_UDP_PEER;
}

static const char *verb(const struct pst_channel *channel)
{
	if (channel->key.kind == PST_UDP_PEER)
		return "sends datagrams to";
	if (channel->key.kind == PST_TCP_ACCEPT)
		return "accepted a connection from";
	if (channel->key.kind == PST_UDP_ACCEPT)
		return "received datagrams from";
	if (channel->key.kind == PST_NETLINK)
		return "talks to";
	if (channel->last_result == PST_ESTABLISHED || channel->count.established)
		return "connected to";
	return channel->last_result ? "tried to connect to" : "connects to";
}

static void add_evidence(struct pst_finding *finding)
{
	const struct pst_channel *channel = finding->channel;
	char lineage[PST_WORDS_LINEAGE];

	(void)pst_text_format(
		finding->reason, sizeof(finding->reason),
		"pid %" PRIu32 " (%s), %" PRIu64 " attempt%s", finding->process->id.tgid,
		pst_words_lineage(finding->image, lineage), channel->count.attempts,
		channel->count.attempts == 1 ? "" : "s"); /* lineage is bounded: it fits */
	pst_words_add_result(channel, finding->reason, sizeof(finding->reason));
}

static bool stays_inside(const struct pst_channel *channel)
{
	return !pst_kind_has_ip((enum pst_kind)channel->key.kind) ||
	       pst_addr_is_loopback(&channel->key.peer);
}

static void report_bound(const struct pst_case *c)
{
	struct pst_finding finding;
	char who[4 * PST_WORDS_NAME], end[PST_WORDS_PEER], contract[PST_WORDS_CONTRACT];

	if (!pst_case_is_news(c, PST_DETECTOR_UNDECLARED_CHANNEL))
		return;
	pst_case_open(c, PST_DETECTOR_UNDECLARED_CHANNEL, &finding);
	finding.severity = stays_inside(c->channel) ? PST_MEDIUM : PST_HIGH;
	finding.score = finding.severity == PST_HIGH ? 80 : 50;
	(void)pst_text_format(finding.message, sizeof(finding.message),
			      "%s %s %s: not in contract %s",
			      pst_words_who(c->detect, &finding, who), verb(c->channel),
			      pst_words_end(c->channel, end),
			      pst_words_contract(c->detect, c->judgement->contract,
						 contract)); /* a cut sentence is still one */
	add_evidence(&finding);
	pst_words_add_nearest(&finding, c->detect, finding.reason, sizeof(finding.reason));
	pst_case_tell(c, &finding);
}

/* What was there when the program settled stands in its standing_channels. */
static bool came_after(const struct pst_case *c, const struct pst_program_profile *program)
{
	const struct pst_channel *channel = c->channel;

	if (!program || !program->settled || channel->preexisting || channel->known_before)
		return false;
	if (channel->told & 1u << PST_DETECTOR_UNDECLARED_CHANNEL)
		return true; /* its result, or further attempts */
	return channel->first_ns > program->settled_ns ||
	       (c->event && c->event->type == PST_EVENT_CHANNEL &&
		c->event->time_ns == channel->first_ns);
}

static void report_unmanaged(const struct pst_case *c)
{
	const struct pst_image *subject = pst_attrib_subject(c->process->image);
	const struct pst_program_profile *program;
	struct pst_finding finding;
	char who[4 * PST_WORDS_NAME], end[PST_WORDS_PEER];

	if (!subject || !is_outbound(c->channel) || c->channel->folded || /* channel_flood's */
	    !pst_is_external(c->detect, &c->channel->key.peer))
		return;
	program = pst_profile_program(c->detect->profile, subject->program);
	if (!came_after(c, program) || !pst_case_is_news(c, PST_DETECTOR_UNDECLARED_CHANNEL))
		return;
	if (pst_case_is_reviewed(c, program)) {
		pst_case_review(c, subject, program);
		return;
	}
	pst_case_open(c, PST_DETECTOR_UNDECLARED_CHANNEL, &finding);
	finding.severity = PST_MEDIUM;
	finding.score = 50;
	(void)pst_text_format(finding.message, sizeof(finding.message),
			      "%s %s %s: a new external peer",
			      pst_words_who(c->detect, &finding, who), verb(c->channel),
			      pst_words_end(c->channel, end)); /* a cut sentence is still one */
	add_evidence(&finding);
	(void)pst_text_append(finding.reason, sizeof(finding.reason),
			      "; first seen %" PRIu64 " s after the program had settled",
			      pst_words_seconds(program->settled_ns,
						c->channel->first_ns)); /* as above */
	pst_case_tell(c, &finding);
}

static void on_channel(const struct pst_case *c)
{
	if (pst_case_detector(c->channel) != PST_DETECTOR_UNDECLARED_CHANNEL)
		return; /* another one's */
	if (c->judgement->verdict == PST_UNDECLARED)
		report_bound(c);
	else if (c->judgement->verdict == PST_UNMANAGED)
		report_unmanaged(c);
	else
		pst_case_forget(c->channel, PST_DETECTOR_UNDECLARED_CHANNEL);
}

const struct pst_detector pst_detector_undeclared_channel = {
	.id = PST_DETECTOR_UNDECLARED_CHANNEL,
	.name = "undeclared_channel",
	.title = "Channel outside of the contract",
	.category = "contract",
	.explain =
		"What it means: a program opened a channel that no entry of its contract\n"
		"allows. The attempt counts: a refused or failed one is a finding too, and its\n"
		"result follows as an update. For vendor software under no contract it means a\n"
		"peer outside of internal_networks that first came after the program had\n"
		"settled.\n"
		"What to do: look at the lineage and the peer. Is the peer the vendor's, and\n"
		"does the product's manual name it? Then add the entry that the alert proposes,\n"
		"after review. If not, keep the host's network state, ask the vendor, and treat\n"
		"the program as compromised until it is explained.\n"
		"Blind to: misuse of a declared peer; the name behind an address; peers that\n"
		"were folded into one because a process had more than its sensor.share;\n"
		"what a program did before it settled, which stands in standing_channels.",
	.technique = { { "TA0011", "Command and Control", "T1071", "Application Layer Protocol",
			 NULL, NULL },
		       { "TA0001", "Initial Access", "T1199", "Trusted Relationship", NULL, NULL },
		       { "TA0001", "Initial Access", "T1195", "Supply Chain Compromise",
			 "T1195.002", "Compromise Software Supply Chain" } },
	.on_channel = on_channel,
};
