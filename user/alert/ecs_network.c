// SPDX-License-Identifier: Apache-2.0
/* ecs_network: how do the two ends of a channel stand in a record, and what do they speak? What has
 * no IP address stands as destination.address alone: "vsock:2:5000". */
#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>

#include "alert/ecs.h"
#include "base/text.h"

/* IP protocols by the names of /etc/protocols, in lower case */
static const struct pst_ecs_word transports[] = {
	{ IPPROTO_ICMP, "icmp" }, { IPPROTO_IGMP, "igmp" },	  { IPPROTO_IPIP, "ipip" },
	{ IPPROTO_TCP, "tcp" },	  { IPPROTO_UDP, "udp" },	  { IPPROTO_DCCP, "dccp" },
	{ IPPROTO_IPV6, "ipv6" }, { IPPROTO_RSVP, "rsvp" },	  { IPPROTO_GRE, "gre" },
	{ IPPROTO_ESP, "esp" },	  { IPPROTO_AH, "ah" },		  { IPPROTO_ICMPV6, "ipv6-icmp" },
	{ 89, "ospf" },		  { IPPROTO_PIM, "pim" },	  { 112, "vrrp" },
	{ IPPROTO_SCTP, "sctp" }, { IPPROTO_UDPLITE, "udplite" }, { 0, NULL },
};

/* What stands as transport of the kinds without IP */
static const char *const others[PST_KINDS] = {
	[PST_PACKET] = "packet",       [PST_XDP] = "xdp",   [PST_VSOCK] = "vsock",
	[PST_VSOCK_LISTEN] = "vsock",  [PST_UNIX] = "unix", [PST_UNIX_LISTEN] = "unix",
	[PST_NETLINK] = "netlink",     [PST_ALG] = "alg",   [PST_TIPC] = "tipc",
	[PST_BLUETOOTH] = "bluetooth", [PST_CAN] = "can",   [PST_OTHER] = "other",
	[PST_TUNNEL] = "tunnel",
};

struct side { /* the JSON paths of one end */
	const char *address, *ip, *port, *bytes, *packets;
};

static const struct side source = { "source.address", "source.ip", "source.port", "source.bytes",
				    "source.packets" };
static const struct side destination = { "destination.address", "destination.ip",
					 "destination.port", "destination.bytes",
					 "destination.packets" };

static bool is_v4(const struct pst_channel *channel)
{
	return channel->family == AF_INET ||
	       (pst_addr_is_v4(&channel->key.peer) && !pst_addr_is_zero(&channel->key.peer));
}

/* A raw channel's port is its IP protocol; some ping sockets do not say theirs. */
static uint16_t protocol_of(const struct pst_channel *channel)
{
	if (channel->key.kind == PST_RAW)
		return channel->key.port;
	if (channel->key.kind == PST_ICMP)
		return is_v4(channel) ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	return channel->protocol;
}

const char *pst_ecs_transport(const struct pst_channel *channel, char out[12])
{
	if (channel->key.kind < PST_KINDS && others[channel->key.kind])
		return others[channel->key.kind];
	return pst_ecs_word(transports, protocol_of(channel), out);
}

/* Their key has a number where others have a port. */
static bool has_ports(const struct pst_channel *channel)
{
	return channel->key.kind != PST_RAW && channel->key.kind != PST_ICMP;
}

static void put_side(struct pst_ecs *ecs, const struct side *side, const struct pst_addr *addr,
		     uint16_t port)
{
	char text[PST_ADDR_TEXT];

	(void)pst_addr_format(addr, text); /* returns what it was given */
	pst_json_put_text(ecs->json, side->address, text);
	pst_json_put_text(ecs->json, side->ip, text);
	if (port)
		pst_ecs_put_uint(ecs, side->port, port);
}

static void add_related(struct pst_ecs *ecs, const struct pst_addr *local,
			const struct pst_addr *peer)
{
	char text[PST_ADDR_TEXT];

	if (!pst_addr_is_zero(local))
		pst_json_add_text(ecs->json, "related.ip", pst_addr_format(local, text));
	if (!pst_addr_is_zero(peer) && !pst_addr_equal(local, peer))
		pst_json_add_text(ecs->json, "related.ip", pst_addr_format(peer, text));
}

static void put_accepted(struct pst_ecs *ecs, const struct pst_channel *channel)
{
	put_side(ecs, &source, &channel->key.peer, 0);
	if (!pst_addr_is_zero(&channel->local))
		put_side(ecs, &destination, &channel->local, channel->key.port);
	else
		pst_ecs_put_uint(ecs, destination.port, channel->key.port);
	add_related(ecs, &channel->local, &channel->key.peer);
}

static void put_opened(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	const struct pst_channel *channel = &facts->channel;

	if (!pst_addr_is_zero(&channel->local))
		put_side(ecs, &source, &channel->local,
			 has_ports(channel) ? channel->local_port : 0);
	if (pst_fact(facts, PST_FACT_PEER)) /* it has none yet */
		pst_ecs_put_ours(ecs, destination.address, pst_fact(facts, PST_FACT_PEER));
	else
		put_side(ecs, &destination, &channel->key.peer,
			 has_ports(channel) ? channel->key.port : 0);
	add_related(ecs, &channel->local, &channel->key.peer);
}

static void put_ends(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	const struct pst_channel *channel = &facts->channel;
	enum pst_kind kind = (enum pst_kind)channel->key.kind;

	if (!pst_kind_has_ip(kind)) {
		pst_ecs_put_ours(ecs, destination.address, pst_fact(facts, PST_FACT_PEER));
	} else if (pst_kind_is_listener(kind)) { /* the peer is whoever comes */
		put_side(ecs, &destination, &channel->key.peer, channel->key.port);
		add_related(ecs, &channel->key.peer, &channel->key.peer);
	} else if (pst_kind_is_inbound(kind)) {
		put_accepted(ecs, channel);
	} else {
		put_opened(ecs, facts);
	}
}

static void put_carrier(struct pst_ecs *ecs, const struct pst_channel *channel)
{
	bool has_ip = pst_kind_has_ip((enum pst_kind)channel->key.kind);
	char number[12];

	if (has_ip)
		pst_json_put_text(ecs->json, "network.type", is_v4(channel) ? "ipv4" : "ipv6");
	pst_json_put_text(ecs->json, "network.transport", pst_ecs_transport(channel, number));
	if (!has_ip)
		return;
	(void)pst_text_format(number, sizeof(number), "%" PRIu16,
			      protocol_of(channel)); /* five digits */
	pst_json_put_text(ecs->json, "network.iana_number", number);
}

/* What is spoken, and the names that were asked for */
static void put_speech(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	const struct pst_channel *channel = &facts->channel;
	const char *domain = pst_fact(facts, PST_FACT_DOMAIN),
		   *server = pst_fact(facts, PST_FACT_SERVER_NAME);
	bool inbound = pst_kind_is_inbound((enum pst_kind)channel->key.kind);

	if (channel->class_ != PST_CLASS_UNKNOWN)
		pst_json_put_text(ecs->json, "network.protocol", pst_class_name(channel->class_));
	pst_ecs_put_raw(ecs, inbound ? "source.domain" : "destination.domain", domain);
	pst_ecs_put_raw(ecs, "tls.client.server_name", server);
	pst_ecs_put_raw(ecs, "tls.next_protocol", pst_fact(facts, PST_FACT_ALPN));
	if (domain)
		pst_ecs_add_raw(ecs, "related.hosts", domain);
	if (server && (!domain || strcmp(domain, server) != 0))
		pst_ecs_add_raw(ecs, "related.hosts", server);
}

void pst_ecs_network(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	const struct pst_channel *channel = &facts->channel;
	enum pst_kind kind = (enum pst_kind)channel->key.kind;

	put_carrier(ecs, channel);
	pst_json_put_text(ecs->json, "network.direction",
			  pst_kind_is_inbound(kind) ? "ingress" : "egress");
	put_ends(ecs, facts);
	put_speech(ecs, facts);
	pst_ecs_put_raw(ecs, "file.path", pst_fact(facts, PST_FACT_PATH));
}

void pst_ecs_traffic(struct pst_ecs *ecs, const struct pst_facts *facts,
		     const struct pst_counters *since)
{
	bool inbound = pst_kind_is_inbound((enum pst_kind)facts->channel.key.kind);
	const struct side *near = inbound ? &destination : &source,
			  *far = inbound ? &source : &destination;

	if (!since->bytes_out && !since->bytes_in && !since->packets_out && !since->packets_in)
		return;
	pst_ecs_put_uint(ecs, "network.bytes", since->bytes_out + since->bytes_in);
	pst_ecs_put_uint(ecs, near->bytes, since->bytes_out);
	pst_ecs_put_uint(ecs, far->bytes, since->bytes_in);
	if (!since->packets_out && !since->packets_in)
		return; /* those of a stream are not counted: bytes without packets there are not */
	pst_ecs_put_uint(ecs, "network.packets", since->packets_out + since->packets_in);
	pst_ecs_put_uint(ecs, near->packets, since->packets_out);
	pst_ecs_put_uint(ecs, far->packets, since->packets_in);
}
