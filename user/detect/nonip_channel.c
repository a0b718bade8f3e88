// SPDX-License-Identifier: Apache-2.0
/* nonip_channel: does software leave the host by something that is no IP?
 * vsock, TIPC, Bluetooth, CAN, every other address family, and the kernel's cryptography (AF_ALG).
 * Netlink and unix sockets are everyday means: they are undeclared_channel's for bound software,
 * and nobody's for software under no contract. Blind to: device files. */
#include "base/text.h"
#include "detect/case.h"

static void deed(const struct pst_channel *channel, char *out)
{
	char end[PST_WORDS_PEER];

	if (channel->bare && channel->key.kind != PST_OTHER)
		(void)pst_text_format(out, PST_WORDS_DEED, "opened a %s socket",
				      pst_kind_name((enum pst_kind)channel->key.kind)); /* fits */
	else
		(void)pst_text_format(out, PST_WORDS_DEED, "opened a channel to %s",
				      pst_words_end(channel, end)); /* it fits */
}

static void weigh(const struct pst_case *c, struct pst_finding *finding)
{
	bool bound = c->judgement->verdict == PST_UNDECLARED;

	if (c->channel->key.kind == PST_ALG) { /* it moves bytes to the kernel and back only */
		finding->severity = bound ? PST_MEDIUM : PST_LOW;
		finding->score = bound ? 45 : 25;
	} else {
		finding->severity = PST_HIGH;
		finding->score = bound ? 80 : 70;
	}
}

static void on_channel(const struct pst_case *c)
{
	static const struct pst_exotic rule = { .detector = PST_DETECTOR_NONIP_CHANNEL,
						.weigh = weigh,
						.deed = deed };

	pst_exotic_judge(c, &rule);
}

const struct pst_detector pst_detector_nonip_channel = {
	.id = PST_DETECTOR_NONIP_CHANNEL,
	.name = "nonip_channel",
	.title = "Channel that is no IP",
	.category = "non-ip",
	.explain =
		"What it means: a program opened a socket that no IP firewall and no network\n"
		"monitor ever sees: vsock (to the hypervisor or to other guests), TIPC, Bluetooth,\n"
		"CAN, or a family that servers do not use. Bound software whose contract does not\n"
		"say so, or vendor software under no contract. It never settles, and also counts\n"
		"when it is older than monitoring. AF_ALG, the kernel's cryptography, leaves the\n"
		"host by itself never: it weighs little.\n"
		"What to do: agents of the hypervisor (guest agents, cloud agents) use vsock: find\n"
		"out whether this one is such an agent, and declare CID and port. Cluster software\n"
		"may use TIPC, RDS or SMC. On a bank's server Bluetooth, CAN, X.25 or the like\n"
		"need an answer from the vendor.\n"
		"Blind to: programs of the distribution under no contract (qemu-ga); device files\n"
		"such as serial lines, /dev/vport* and IPMI; VMCI, which is no socket of the\n"
		"kernel's on every host; netlink and unix sockets, which other rules judge.",
	.technique = { { "TA0011", "Command and Control", "T1095", "Non-Application Layer Protocol",
			 NULL, NULL },
		       { "TA0010", "Exfiltration", "T1011",
			 "Exfiltration Over Other Network Medium", NULL, NULL } },
	.on_channel = on_channel,
};
