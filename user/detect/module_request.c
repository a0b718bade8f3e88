// SPDX-License-Identifier: Apache-2.0
/* module_request: did software make the kernel load a protocol that this host did not speak?
 * Opening a socket of a rare family loads its module, by root's hand and on anybody's behalf: code
 * that nobody maintains, and channels that nobody watches. Only modules that lead to channels:
 * address families, protocols, kinds of link, algorithms of AF_ALG, the device of tunnels. Blind
 * to: modules that root loads itself (modprobe, insmod); those that were loaded before. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "detect/case.h"

/* Globs of what leads to a channel. */
static const char *const leads[] = {
	"net-pf-*",    "rtnl-link-*",	    "algif-*",	       "bt-proto-*",
	"can-proto-*", "char-major-10-200", "devname:net/tun", "tcp-ulp-*",
	"xfrm-*",      "ip6gre*",	    "vsock*",
};

/* What every C library and every tool that asks for addresses, routes and sockets may load: unix,
 * IPv4, IPv6, netlink itself with route, sock_diag, audit, uevents and the usual generic families;
 * TLS by the kernel. */
static const char *const normal[] = {
	"net-pf-1",
	"net-pf-2",
	"net-pf-10",
	"net-pf-16",
	"net-pf-16-proto-0",
	"net-pf-16-proto-4",
	"net-pf-16-proto-4-type-*",
	"net-pf-16-proto-9",
	"net-pf-16-proto-15",
	"net-pf-16-proto-16",
	"net-pf-16-proto-16-family-nl80211",
	"net-pf-16-proto-16-family-ethtool",
	"net-pf-16-proto-16-family-devlink",
	"net-pf-16-proto-16-family-taskstats",
	"tcp-ulp-tls",
};

static bool is_among(const char *const *globs, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (pst_glob_match(globs[i], name))
			return true;
	}
	return false;
}

#define IS_AMONG(globs, name) is_among(globs, sizeof(globs) / sizeof((globs)[0]), name)

static void report(const struct pst_case *c)
{
	const char *name = c->event->act.name;
	bool bound = c->judgement->verdict == PST_UNDECLARED;
	struct pst_finding finding;
	char who[4 * PST_WORDS_NAME], contract[PST_WORDS_CONTRACT], lineage[PST_WORDS_LINEAGE];

	pst_case_open(c, PST_DETECTOR_MODULE_REQUEST, &finding);
	finding.severity = PST_MEDIUM;
	finding.score = bound ? 60 : 55;
	(void)pst_text_safe(name, strlen(name), finding.about,
			    sizeof(finding.about)); /* a cut name will do here */
	(void)pst_text_format(finding.message, sizeof(finding.message),
			      "%s made the kernel look for the module %s",
			      pst_words_who(c->detect, &finding, who),
			      finding.about); /* a cut sentence is still one */
	if (bound)
		(void)pst_text_append(finding.message, sizeof(finding.message),
				      ": not in contract %s",
				      pst_words_contract(c->detect, c->judgement->contract,
							 contract)); /* as above */
	(void)pst_text_format(finding.reason, sizeof(finding.reason),
			      "pid %" PRIu32 " (%s), uid %" PRIu32 ", %" PRIu64
			      " s after its process began",
			      c->process->id.tgid, pst_words_lineage(finding.image, lineage),
			      c->process->uid,
			      pst_words_seconds(c->process->id.start_ns,
						c->event->time_ns)); /* lineage is bounded */
	c->detect->found(c->detect->context, &finding);
}

static void on_act(struct pst_detect *detect, const struct pst_event *event,
		   struct pst_process *process)
{
	const char *name = event->act.name;
	struct pst_judgement judgement;
	const struct pst_case c = {
		.detect = detect, .event = event, .process = process, .judgement = &judgement
	};

	if (event->act.act != PST_MODULE || !IS_AMONG(leads, name) || IS_AMONG(normal, name))
		return;
	pst_case_judge_image(detect, process->image, &judgement);
	if (pst_case_is_watched(process->image) &&
	    !pst_contract_allows_module(pst_case_contract(detect, judgement.contract), name))
		report(&c);
}

const struct pst_detector pst_detector_module_request = {
	.id = PST_DETECTOR_MODULE_REQUEST,
	.name = "module_request",
	.title = "Made the kernel load a protocol",
	.category = "kernel",
	.explain =
		"What it means: something a program did, mostly opening a socket, made the kernel\n"
		"ask for a module that was not loaded: an address family (net-pf-38 is AF_ALG,\n"
		"net-pf-40 vsock, net-pf-30 TIPC), a protocol, a kind of link, or the device of\n"
		"tunnels. Bound software whose contract does not say so, or vendor software under\n"
		"no contract. The request counts, whether the module was there or not.\n"
		"What to do: the channel that follows is an alert of its own. If the host has no\n"
		"use for the protocol, forbid it: `install NAME /bin/false` in modprobe.d. Rarely\n"
		"used protocols are where the kernel's worst holes were found.\n"
		"Blind to: modules that root loads by itself; those already loaded or built in,\n"
		"for which nothing is asked; modules that lead to no channel (file systems,\n"
		"ciphers); what everybody may load: IPv6, netlink for routes and sockets, TLS.",
	.technique = { { "TA0004", "Privilege Escalation", "T1068",
			 "Exploitation for Privilege Escalation", NULL, NULL },
		       { "TA0011", "Command and Control", "T1095", "Non-Application Layer Protocol",
			 NULL, NULL } },
	.on_act = on_act,
};
