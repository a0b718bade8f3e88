// SPDX-License-Identifier: Apache-2.0
/* raw_socket: does software speak an IP protocol other than TCP and UDP?
 * Raw sockets, ICMP (raw or by a ping socket), UDP-Lite, SCTP, DCCP. Firewalls and logs are made
 * for TCP and UDP; what is carried by the others is often looked at by nobody. Blind to: what
 * software of the distribution does under no contract; headers that a raw socket writes itself. */
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/text.h"
#include "detect/case.h"

/* IPPROTO_RAW and above are no protocol: the program writes the header itself. */
static const char *protocol_name(uint16_t protocol, char out[16])
{
	static const struct {
		uint16_t number;
		const char *name;
	} names[] = {
		{ IPPROTO_ICMP, "icmp" }, { IPPROTO_IGMP, "igmp" },	{ IPPROTO_IPIP, "ipip" },
		{ IPPROTO_TCP, "tcp" },	  { IPPROTO_UDP, "udp" },	{ IPPROTO_GRE, "gre" },
		{ IPPROTO_ESP, "esp" },	  { IPPROTO_ICMPV6, "icmpv6" }, { 89, "ospf" },
		{ 112, "vrrp" },	  { IPPROTO_SCTP, "sctp" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].number == protocol)
			return names[i].name;
	}
	if (protocol >= IPPROTO_RAW)
		return "IP";
	(void)pst_text_format(out, 16, "protocol %u", protocol); /* it fits */
	return out;
}

static const char *sort_of(const struct pst_channel *channel, char out[32])
{
	char name[16];

	switch (channel->key.kind) {
	case PST_ICMP:
		return channel->sock_type == SOCK_DGRAM ? "a ping" : "a raw icmp";
	case PST_UDPLITE:
		return "a UDP-Lite";
	case PST_SCTP:
		return "an SCTP";
	case PST_DCCP:
		return "a DCCP";
	default:
		(void)pst_text_format(out, 32, "a raw %s",
				      protocol_name(channel->key.port, name)); /* it fits */
		return out;
	}
}

static void deed(const struct pst_channel *channel, char *out)
{
	bool has_port = channel->key.kind != PST_RAW && channel->key.kind != PST_ICMP;
	char sort[32], end[PST_WORDS_PEER];

	if (channel->bare)
		(void)pst_text_format(out, PST_WORDS_DEED, "opened %s socket",
				      sort_of(channel, sort)); /* it fits */
	else
		(void)pst_text_format(out, PST_WORDS_DEED, "opened %s channel to %s",
				      sort_of(channel, sort),
				      has_port ? pst_words_end(channel, end) :
						 pst_words_address(channel, end)); /* it fits */
}

static void weigh(const struct pst_case *c, struct pst_finding *finding)
{
	bool is_raw = c->channel->key.kind == PST_RAW ||
		      (c->channel->key.kind == PST_ICMP && c->channel->sock_type != SOCK_DGRAM);

	if (c->judgement->verdict == PST_UNDECLARED) {
		finding->severity = PST_HIGH;
		finding->score = is_raw ? 85 : 80;
	} else {
		finding->severity = is_raw ? PST_HIGH : PST_MEDIUM;
		finding->score = is_raw ? 70 : 55;
	}
}

static void on_channel(const struct pst_case *c)
{
	static const struct pst_exotic rule = { .detector = PST_DETECTOR_RAW_SOCKET,
						.weigh = weigh,
						.deed = deed };

	pst_exotic_judge(c, &rule);
}

const struct pst_detector pst_detector_raw_socket = {
	.id = PST_DETECTOR_RAW_SOCKET,
	.name = "raw_socket",
	.title = "Raw, ICMP or other unusual IP channel",
	.category = "non-application-protocol",
	.explain =
		"What it means: a program under a contract opened a channel of raw IP, ICMP,\n"
		"UDP-Lite, SCTP or DCCP that no entry allows, or vendor software under no\n"
		"contract opened any. Such packets pass where only TCP and UDP are looked at; a\n"
		"raw socket also reads packets that no port was opened for, which is how sleeping\n"
		"back doors are woken. It never settles, and also counts when it is older than\n"
		"monitoring. All channels of one kind are one alert; it names the latest peer.\n"
		"What to do: ask what the program needs it for. Monitoring agents ping, routing\n"
		"and clustering daemons (ospf, vrrp, sctp) use their own protocols: declare\n"
		"those. For anything else capture the traffic, and keep the host's state.\n"
		"Blind to: programs of the distribution under no contract (ping, keepalived);\n"
		"what the payload of an allowed protocol carries; headers that a program writes\n"
		"itself, so that the peer is where the kernel was told to send.",
	.technique = { { "TA0011", "Command and Control", "T1095", "Non-Application Layer Protocol",
			 NULL, NULL },
		       { "TA0010", "Exfiltration", "T1048",
			 "Exfiltration Over Alternative Protocol", "T1048.003",
			 "Exfiltration Over Unencrypted Non-C2 Protocol" } },
	.on_channel = on_channel,
};
