// SPDX-License-Identifier: Apache-2.0
/* new_listener: did software open a door that nobody declared?
 * Bound by a contract: any listener that no entry allows. Unmanaged vendor software: one of TCP or
 * UDP that others can reach, opened after our start; one of SCTP, DCCP or vsock also when it is
 * older. It never settles. Blind to: unix sockets of unmanaged software, which nearly all of it
 * has; sockets handed over by another process, which count for the one that listens; redirected
 * ports. */
#include <inttypes.h>

#include "base/text.h"
#include "detect/case.h"

static void add_evidence(const struct pst_case *c, struct pst_finding *finding)
{
	const struct pst_channel *channel = c->channel;
	char lineage[PST_WORDS_LINEAGE];

	(void)pst_text_format(finding->reason, sizeof(finding->reason), "pid %" PRIu32 " (%s)",
			      finding->process->id.tgid,
			      pst_words_lineage(finding->image,
						lineage)); /* lineage is bounded: it fits */
	pst_words_add_since(channel, finding->reason, sizeof(finding->reason));
	pst_words_add_result(channel, finding->reason, sizeof(finding->reason));
}

static void report_bound(const struct pst_case *c)
{
	struct pst_finding finding;
	char who[4 * PST_WORDS_NAME], end[PST_WORDS_PEER], contract[PST_WORDS_CONTRACT];

	pst_case_open(c, PST_DETECTOR_NEW_LISTENER, &finding);
	finding.severity = PST_HIGH;
	finding.score = 80;
	(void)pst_text_format(finding.message, sizeof(finding.message),
			      "%s listens on %s: not in contract %s",
			      pst_words_who(c->detect, &finding, who),
			      pst_words_end(c->channel, end),
			      pst_words_contract(c->detect, c->judgement->contract,
						 contract)); /* a cut sentence is still one */
	add_evidence(c, &finding);
	pst_words_add_nearest(&finding, c->detect, finding.reason, sizeof(finding.reason));
	pst_case_tell(c, &finding);
}

static void report_unmanaged(const struct pst_case *c)
{
	struct pst_finding finding;
	char who[4 * PST_WORDS_NAME], end[PST_WORDS_PEER];

	pst_case_open(c, PST_DETECTOR_NEW_LISTENER, &finding);
	finding.severity = PST_MEDIUM;
	finding.score = 65;
	(void)pst_text_format(finding.message, sizeof(finding.message),
			      "%s listens on %s, which others can reach",
			      pst_words_who(c->detect, &finding, who),
			      pst_words_end(c->channel, end)); /* a cut sentence is still one */
	add_evidence(c, &finding);
	pst_case_tell(c, &finding);
}

/* What software rarely needs is told at once, and also when it is older than us. */
static bool is_exotic(const struct pst_channel *channel)
{
	return channel->key.kind == PST_SCTP_LISTEN || channel->key.kind == PST_DCCP_LISTEN ||
	       channel->key.kind == PST_VSOCK_LISTEN;
}

static bool is_open_door(const struct pst_case *c)
{
	const struct pst_channel *channel = c->channel;

	if (!pst_attrib_subject(c->process->image) || channel->key.kind == PST_UNIX_LISTEN ||
	    pst_addr_is_loopback(&channel->key.peer))
		return false;
	return is_exotic(channel) || (!channel->preexisting && !channel->known_before &&
				      channel->first_ns >= c->detect->started_ns);
}

static void on_channel(const struct pst_case *c)
{
	if (pst_case_detector(c->channel) != PST_DETECTOR_NEW_LISTENER)
		return;
	if (c->judgement->verdict == PST_DECLARED || c->judgement->verdict == PST_UNKNOWN)
		pst_case_forget(c->channel, PST_DETECTOR_NEW_LISTENER);
	else if (!pst_case_is_news(c, PST_DETECTOR_NEW_LISTENER))
		return;
	else if (c->judgement->verdict == PST_UNDECLARED)
		report_bound(c);
	else if (c->judgement->verdict == PST_UNMANAGED && is_open_door(c))
		report_unmanaged(c);
}

const struct pst_detector pst_detector_new_listener = {
	.id = PST_DETECTOR_NEW_LISTENER,
	.name = "new_listener",
	.title = "Listener that nobody declared",
	.category = "listener",
	.explain =
		"What it means: a program waits for connections or datagrams (TCP, UDP, SCTP,\n"
		"DCCP, vsock, unix) where its contract does not say so; or vendor software under no\n"
		"contract began to listen beyond loopback after monitoring had begun. Whoever\n"
		"reaches the port can talk to it. SCTP, DCCP and vsock count also when older.\n"
		"What to do: find out what answers there and who asked for it. Close the port\n"
		"in the firewall until that is known. If the product needs it, add the entry\n"
		"that the alert proposes, with \"on\" and \"from\" as narrow as the product allows.\n"
		"Blind to: ports that the kernel's packet filter redirects to another one; a\n"
		"declared listener that serves something else; for software under no contract\n"
		"also listeners on loopback, unix sockets, and those older than monitoring.",
	.technique = { { "TA0011", "Command and Control", "T1571", "Non-Standard Port", NULL,
			 NULL } },
	.on_channel = on_channel,
};
