// SPDX-License-Identifier: Apache-2.0
/* tunnel_device: does software make itself a network interface?
 * TUN and TAP devices, and links of other sorts (WireGuard, GRE, VXLAN) where their making is seen.
 * Blind to: devices made before us; tunnels inside of ordinary connections. */
#include "base/text.h"
#include "detect/case.h"

enum { OTHER_LINK, TUN, TAP }; /* the port of the key */

static void deed(const struct pst_channel *channel, char *out)
{
	char name[PST_WORDS_NAME] = "without a name";

	if (channel->name_len)
		(void)pst_text_safe(channel->name, channel->name_len, name, sizeof(name));
	(void)pst_text_format(out, PST_WORDS_DEED, "made the %s %s",
			      channel->key.port == TUN ? "TUN device" :
			      channel->key.port == TAP ? "TAP device" :
							 "network link",
			      name); /* it fits */
}

static void weigh(const struct pst_case *c, struct pst_finding *finding)
{
	finding->severity = PST_HIGH;
	finding->score = c->judgement->verdict == PST_UNDECLARED ? 85 : 75;
}

static void on_channel(const struct pst_case *c)
{
	static const struct pst_exotic rule = { .detector = PST_DETECTOR_TUNNEL_DEVICE,
						.weigh = weigh,
						.deed = deed };

	pst_exotic_judge(c, &rule);
}

const struct pst_detector pst_detector_tunnel_device = {
	.id = PST_DETECTOR_TUNNEL_DEVICE,
	.name = "tunnel_device",
	.title = "Tunnel device",
	.category = "tunnel",
	.explain =
		"What it means: a program made a network interface of its own (TUN, TAP, or a\n"
		"link such as WireGuard): bound software whose contract does not say so, or vendor\n"
		"software under no contract. Whatever is routed into it leaves the host inside of\n"
		"something else; DNS and ICMP tunnels and every VPN need one. It never settles.\n"
		"What to do: `ip -d link` and `ip route` show what goes there; the other channels\n"
		"of the program show what carries it. A VPN or container runtime that you know\n"
		"belongs into a contract, with the device's name.\n"
		"Blind to: programs of the distribution under no contract (openvpn, qemu); devices\n"
		"that are older than monitoring, where no program holds them; proxies and port\n"
		"forwarding, which need no device; devices on kernels where their making is not\n"
		"seen: `postern check` says so.",
	.technique = { { "TA0011", "Command and Control", "T1572", "Protocol Tunneling", NULL,
			 NULL },
		       { "TA0011", "Command and Control", "T1090", "Proxy", NULL, NULL } },
	.on_channel = on_channel,
};
