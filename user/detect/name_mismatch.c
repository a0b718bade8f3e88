// SPDX-License-Identifier: Apache-2.0
/* name_mismatch: does the name in the TLS greeting differ from the name that led to the address?
 * A contract that allows a name allows its addresses; who then greets another server there (domain
 * fronting, a shared address) is somewhere else. Blind to: encrypted greetings; names that were
 * resolved where we do not see it. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "detect/case.h"

static void report(const struct pst_case *c)
{
	const struct pst_channel *channel = c->channel;
	const char *led = pst_attrib_name_for(c->detect->attrib, c->process, &channel->key.peer);
	bool bound = c->process->image->contract >= 0;
	struct pst_finding finding;
	char who[4 * PST_WORDS_NAME], end[PST_WORDS_PEER], lineage[PST_WORDS_LINEAGE];
	char greeted[PST_NAME_TEXT_MAX], name[PST_NAME_TEXT_MAX];

	pst_case_open(c, PST_DETECTOR_NAME_MISMATCH, &finding);
	finding.severity = bound ? PST_HIGH : PST_MEDIUM;
	finding.score = bound ? 75 : 50;
	(void)pst_text_safe(channel->server_name, strlen(channel->server_name), greeted,
			    sizeof(greeted)); /* a cut name will do here */
	(void)pst_text_safe(led ? led : "", led ? strlen(led) : 0, name,
			    sizeof(name)); /* as above */
	(void)pst_text_format(finding.message, sizeof(finding.message),
			      "%s greeted %s as %s, which is no name of that address",
			      pst_words_who(c->detect, &finding, who), pst_words_end(channel, end),
			      greeted); /* a cut sentence is one */
	(void)pst_text_format(finding.reason, sizeof(finding.reason), "pid %" PRIu32 " (%s); %s%s",
			      c->process->id.tgid, pst_words_lineage(finding.image, lineage),
			      led ? "the name that led there is " :
				    "no name is known to have led there",
			      name); /* lineage is bounded: it fits */
	pst_case_tell(c, &finding);
}

static void on_channel(const struct pst_case *c)
{
	if (!c->channel->name_mismatch || !c->channel->server_name ||
	    !pst_case_is_watched(c->process->image))
		pst_case_forget(c->channel, PST_DETECTOR_NAME_MISMATCH);
	else if (pst_case_is_first(c, PST_DETECTOR_NAME_MISMATCH))
		report(c);
}

const struct pst_detector pst_detector_name_mismatch = {
	.id = PST_DETECTOR_NAME_MISMATCH,
	.name = "name_mismatch",
	.title = "TLS server name that did not lead here",
	.category = "masquerading",
	.explain =
		"What it means: a program under a contract, or vendor software under none, asked\n"
		"in its TLS ClientHello for a server whose name is none of those that are known to\n"
		"lead to this address. A declared name is then only the door to another one:\n"
		"domain fronting, or a service behind a shared address. It is a finding also when\n"
		"the contract allows the address.\n"
		"What to do: is the greeted name the vendor's? Content delivery networks serve many\n"
		"names by one address, and clients reuse connections for them; if so, declare that\n"
		"name too. A name that nobody knows, by an address that is declared, is how data\n"
		"leaves through a friend's door.\n"
		"Blind to: encrypted ClientHello and QUIC; names resolved by other means than the\n"
		"configured resolvers and the hosts file, or before monitoring began; programs of\n"
		"the distribution under no contract.",
	.technique = { { "TA0011", "Command and Control", "T1090", "Proxy", "T1090.004",
			 "Domain Fronting" },
		       { "TA0011", "Command and Control", "T1001", "Data Obfuscation", "T1001.003",
			 "Protocol or Service Impersonation" } },
	.on_channel = on_channel,
};
