// SPDX-License-Identifier: Apache-2.0
/* packet_socket: does software read or write whole frames, past the firewall and without a port?
 * AF_PACKET and AF_XDP sockets. Blind to: software of the distribution under no contract; what a
 * mapped ring carries, byte by byte. */
#include <string.h>

#include "base/text.h"
#include "detect/case.h"

#define ALL_FRAMES 3u /* ETH_P_ALL */

static const char *interface_of(const struct pst_channel *channel, char out[PST_WORDS_NAME])
{
	if (!channel->name_len)
		return "every interface";
	(void)pst_text_safe(channel->name, channel->name_len, out, PST_WORDS_NAME);
	return out;
}

static void deed(const struct pst_channel *channel, char *out)
{
	char interface[PST_WORDS_NAME];

	if (channel->key.kind == PST_XDP && channel->bare)
		(void)pst_text_format(out, PST_WORDS_DEED, "opened an XDP socket"); /* it fits */
	else if (channel->key.kind == PST_XDP)
		(void)pst_text_format(out, PST_WORDS_DEED, "opened an XDP socket on %s, queue %u",
				      interface_of(channel, interface),
				      channel->key.port); /* it fits */
	else if (channel->key.port == ALL_FRAMES)
		(void)pst_text_format(out, PST_WORDS_DEED,
				      "opened a packet socket for all frames of %s",
				      interface_of(channel, interface)); /* it fits */
	else if (channel->key.port)
		(void)pst_text_format(out, PST_WORDS_DEED,
				      "opened a packet socket for frames of type 0x%04x of %s",
				      (unsigned int)channel->key.port,
				      interface_of(channel, interface)); /* it fits */
	else
		(void)pst_text_format(out, PST_WORDS_DEED,
				      "opened a packet socket that receives nothing yet"); /* so */
}

static void weigh(const struct pst_case *c, struct pst_finding *finding)
{
	finding->severity = PST_HIGH;
	finding->score = c->judgement->verdict == PST_UNDECLARED ? 85 : 75;
}

static void on_channel(const struct pst_case *c)
{
	static const struct pst_exotic rule = { .detector = PST_DETECTOR_PACKET_SOCKET,
						.weigh = weigh,
						.deed = deed };

	pst_exotic_judge(c, &rule);
}

const struct pst_detector pst_detector_packet_socket = {
	.id = PST_DETECTOR_PACKET_SOCKET,
	.name = "packet_socket",
	.title = "Packet or XDP socket",
	.category = "sniffing",
	.explain =
		"What it means: a program reads or writes whole frames of a network interface\n"
		"(AF_PACKET, AF_XDP): bound software whose contract does not say so, or vendor\n"
		"software under no contract. It hears what others on the host send and receive,\n"
		"sends what no firewall of the host sees, and can wait for a magic packet without\n"
		"an open port. It never settles, and also counts when it is older than monitoring.\n"
		"What to do: find out which file really runs (deleted, in /dev/shm, disguised as\n"
		"a daemon?), and whether it attached a filter: socket_filter says what would wake\n"
		"it. A packet capture or DHCP client that you know belongs into a contract, as\n"
		"narrow as its interface and ethertype allow.\n"
		"Blind to: programs of the distribution under no contract (tcpdump, dhclient,\n"
		"NetworkManager); what goes through a mapped ring, of which only sizes are known\n"
		"where the kernel counts them.",
	.technique = { { "TA0006", "Credential Access", "T1040", "Network Sniffing", NULL, NULL },
		       { "TA0011", "Command and Control", "T1205", "Traffic Signaling", NULL,
			 NULL } },
	.on_channel = on_channel,
};
