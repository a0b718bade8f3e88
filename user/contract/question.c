// SPDX-License-Identifier: Apache-2.0
/* What does a channel ask of a contract? A table says which parts of an entry matter for its kind.
 * Only created sockets (bare) ask for their kind alone. */
#include "contract/judge.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/text.h"

#define FAMILY_XDP 44u /* of linux/socket.h; the C library may be older */
#define FAMILY_ALG 38u
#define FAMILY_TIPC 30u
#define FAMILY_BLUETOOTH 31u
#define FAMILY_CAN 29u

#define CONNECTS (PST_ASKS_ADDRESS | PST_ASKS_PORT)
#define ACCEPTS (PST_ASKS_ADDRESS | PST_ASKS_PORT | PST_ASKS_FROM)

static const struct kind {
	enum pst_clause_does does;
	uint16_t protocol;
	unsigned int asks;
	const char *does_name, *protocol_name;
	uint32_t family; /* of an entry with "family"; 0: the channel says it */
} kinds[PST_KINDS] = {
	[PST_TCP_CONNECT] = { PST_CLAUSE_CONNECT, IPPROTO_TCP, CONNECTS, "connect", "tcp", 0 },
	[PST_TCP_LISTEN] = { PST_CLAUSE_LISTEN, IPPROTO_TCP, CONNECTS, "listen", "tcp", 0 },
	[PST_TCP_ACCEPT] = { PST_CLAUSE_LISTEN, IPPROTO_TCP, ACCEPTS, "listen", "tcp", 0 },
	[PST_UDP_PEER] = { PST_CLAUSE_CONNECT, IPPROTO_UDP, CONNECTS, "connect", "udp", 0 },
	[PST_UDP_LISTEN] = { PST_CLAUSE_LISTEN, IPPROTO_UDP, CONNECTS, "listen", "udp", 0 },
	[PST_UDP_ACCEPT] = { PST_CLAUSE_LISTEN, IPPROTO_UDP, ACCEPTS, "listen", "udp", 0 },
	[PST_ICMP] = { PST_CLAUSE_CONNECT, IPPROTO_ICMP, PST_ASKS_ADDRESS, "connect", "icmp", 0 },
	[PST_RAW] = { PST_CLAUSE_CONNECT, IPPROTO_RAW, PST_ASKS_ADDRESS | PST_ASKS_NUMBER,
		      "connect", "raw", 0 },
	[PST_UDPLITE] = { PST_CLAUSE_CONNECT, IPPROTO_UDPLITE, CONNECTS, "connect", "udplite", 0 },
	[PST_SCTP] = { PST_CLAUSE_CONNECT, IPPROTO_SCTP, CONNECTS, "connect", "sctp", 0 },
	[PST_SCTP_LISTEN] = { PST_CLAUSE_LISTEN, IPPROTO_SCTP, CONNECTS, "listen", "sctp", 0 },
	[PST_DCCP] = { PST_CLAUSE_CONNECT, IPPROTO_DCCP, CONNECTS, "connect", "dccp", 0 },
	[PST_DCCP_LISTEN] = { PST_CLAUSE_LISTEN, IPPROTO_DCCP, CONNECTS, "listen", "dccp", 0 },
	[PST_PACKET] = { PST_CLAUSE_PACKET, 0, PST_ASKS_NAME | PST_ASKS_NUMBER, "packet", "", 0 },
	[PST_XDP] = { PST_CLAUSE_FAMILY, 0, PST_ASKS_NUMBER, "family", "xdp", FAMILY_XDP },
	[PST_VSOCK] = { PST_CLAUSE_CONNECT, PST_PROTOCOL_VSOCK, PST_ASKS_PORT | PST_ASKS_NUMBER,
			"connect", "vsock", 0 },
	[PST_VSOCK_LISTEN] = { PST_CLAUSE_LISTEN, PST_PROTOCOL_VSOCK, PST_ASKS_PORT, "listen",
			       "vsock", 0 },
	[PST_UNIX] = { PST_CLAUSE_UNIX, 0, PST_ASKS_NAME, "unix", "", 0 },
	[PST_UNIX_LISTEN] = { PST_CLAUSE_LISTEN, PST_PROTOCOL_UNIX, PST_ASKS_NAME, "listen", "unix",
			      0 },
	[PST_NETLINK] = { PST_CLAUSE_NETLINK, 0, PST_ASKS_NUMBER, "netlink", "", 0 },
	[PST_ALG] = { PST_CLAUSE_FAMILY, 0, PST_ASKS_NUMBER, "family", "alg", FAMILY_ALG },
	[PST_TIPC] = { PST_CLAUSE_FAMILY, 0, PST_ASKS_NUMBER, "family", "tipc", FAMILY_TIPC },
	[PST_BLUETOOTH] = { PST_CLAUSE_FAMILY, 0, PST_ASKS_NUMBER, "family", "bluetooth",
			    FAMILY_BLUETOOTH },
	[PST_CAN] = { PST_CLAUSE_FAMILY, 0, PST_ASKS_NUMBER, "family", "can", FAMILY_CAN },
	[PST_OTHER] = { PST_CLAUSE_FAMILY, 0, PST_ASKS_NUMBER, "family", "", 0 },
	[PST_TUNNEL] = { PST_CLAUSE_TUNNEL, 0, PST_ASKS_NAME, "tunnel", "", 0 },
};

/* Peers past a bound are folded to /24 (IPv6: /56), then to none at all. */
static struct pst_prefix peer_prefix(const struct pst_channel *channel)
{
	struct pst_prefix prefix = { .addr = channel->key.peer, .bits = 128 };

	if (!channel->folded)
		return prefix;
	prefix.bits = pst_addr_is_v4(&prefix.addr) ? 96 + 24 : 56;
	memset(prefix.addr.b + prefix.bits / 8, 0, sizeof(prefix.addr.b) - prefix.bits / 8u);
	return prefix;
}

/* Past all bounds a kind has one channel, which keeps neither address, port nor name. */
static bool is_folded_away(const struct pst_channel *channel)
{
	return channel->folded && !channel->key.port && pst_addr_is_zero(&channel->key.peer);
}

static void ask_addresses(const struct pst_channel *channel, struct pst_question *out)
{
	bool folded_away = channel->folded && pst_addr_is_zero(&channel->key.peer);

	out->has_own = !pst_kind_is_listener((enum pst_kind)channel->key.kind) &&
		       !pst_addr_is_zero(&channel->local);
	out->own = channel->local;
	if (out->asks & PST_ASKS_FROM) {
		out->address = (struct pst_prefix){ .addr = channel->local, .bits = 128 };
		out->from = peer_prefix(channel);
		out->some_from = folded_away;
	} else {
		out->address = peer_prefix(channel);
		out->some_address = folded_away;
	}
	/* what was accepted has a local address, which is not known yet */
	if (out->asks & PST_ASKS_FROM && pst_addr_is_zero(&channel->local))
		out->asks &= ~PST_ASKS_ADDRESS;
	/* who only receives has no peer */
	if ((channel->key.kind == PST_RAW || channel->key.kind == PST_ICMP) && !channel->folded &&
	    pst_addr_is_zero(&channel->key.peer))
		out->asks &= ~PST_ASKS_ADDRESS;
}

/* Sockets' names are bytes: a path, or after a NUL an abstract name, in which NULs are shown as
 * "@", as /proc/net/unix does; those at its end are of the program's carelessness. */
static void ask_unix_name(const struct pst_channel *channel, struct pst_question *out)
{
	size_t len = channel->name ? channel->name_len : 0, i, at = 0;

	while (len > 1 && !channel->name[len - 1])
		len--;
	if (len && channel->name[0] && channel->name[0] != '/')
		at = (size_t)(stpcpy(out->name, "./") - out->name);
	for (i = 0; i < len && at < sizeof(out->name) - 1; i++)
		out->name[at++] = channel->name[i] ? channel->name[i] : '@';
	out->name[at] = '\0';
}

static void ask_name(const struct pst_channel *channel, struct pst_question *out)
{
	if (channel->key.kind == PST_UNIX || channel->key.kind == PST_UNIX_LISTEN)
		ask_unix_name(channel, out);
	else if (channel->name)
		(void)pst_text_copy(out->name, sizeof(out->name),
				    channel->name); /* interfaces have 15 bytes */
}

static uint32_t big_endian(const uint8_t *b)
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static void ask_number(const struct pst_channel *channel, struct pst_question *out)
{
	const uint8_t *peer = channel->key.peer.b;

	out->number = channel->key.port;
	switch (out->does) {
	case PST_CLAUSE_CONNECT:
		out->number_name = "protocol";
		if (out->protocol == PST_PROTOCOL_VSOCK) {
			out->number_name = "cid";
			out->number = big_endian(peer);
		}
		break;
	case PST_CLAUSE_PACKET:
		out->number_name = "ethertype";
		out->words = &pst_words_ethertype;
		break;
	case PST_CLAUSE_NETLINK:
		out->number_name = "netlink";
		out->words = &pst_words_netlink;
		break;
	default:
		out->number_name = "family";
		out->words = &pst_words_family;
		if (kinds[channel->key.kind].family)
			out->number = kinds[channel->key.kind].family;
	}
}

/* A socket that was only created has no place yet, and it may still be bound to any protocol when
 * it has none. */
static void ask_less(struct pst_question *out)
{
	unsigned int kept = out->does == PST_CLAUSE_NETLINK || out->does == PST_CLAUSE_FAMILY ||
					    (out->number && out->protocol == IPPROTO_RAW) ?
				    PST_ASKS_NUMBER :
				    0;

	out->asks &= kept;
}

bool pst_question_of(const struct pst_channel *channel, struct pst_question *out)
{
	unsigned int kind = channel->key.kind;
	const char *word;

	if (kind >= PST_KINDS || !kinds[kind].does_name)
		return false;
	*out = (struct pst_question){
		.does = kinds[kind].does,
		.protocol = kinds[kind].protocol,
		.asks = kinds[kind].asks,
		.does_name = kinds[kind].does_name,
		.protocol_name = kinds[kind].protocol_name,
		.port = channel->key.port,
	};
	if (out->protocol == PST_PROTOCOL_VSOCK)
		out->port = big_endian(channel->key.peer.b + 4);
	if (out->asks & PST_ASKS_ADDRESS)
		ask_addresses(channel, out);
	if (out->asks & PST_ASKS_NAME)
		ask_name(channel, out);
	if (out->asks & PST_ASKS_NUMBER)
		ask_number(channel, out);
	out->folded_away = is_folded_away(channel);
	out->some_number = out->folded_away && !kinds[kind].family;
	word = out->words && !out->some_number ? pst_words_name(out->words, out->number) : NULL;
	if (word && !out->protocol_name[0])
		out->protocol_name = word;
	if (channel->bare)
		ask_less(out);
	return true;
}
