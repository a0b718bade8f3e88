// SPDX-License-Identifier: Apache-2.0
/* ecs_channel: how does a channel stand in a record, and what did it carry since the last one? */
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "alert/ecs.h"
#include "base/text.h"

struct name {
	uint16_t number;
	const char *text;
};

static const struct name families[] = { { AF_INET, "AF_INET" },
					{ AF_INET6, "AF_INET6" },
					{ 0, NULL } };
static const struct name socket_types[] = { { SOCK_STREAM, "SOCK_STREAM" },
					    { SOCK_DGRAM, "SOCK_DGRAM" },
					    { 0, NULL } };
static const struct name transports[] = { { IPPROTO_TCP, "tcp" },
					  { IPPROTO_UDP, "udp" },
					  { 0, NULL } };

/* errno names that a channel's result can have; others stand as their number */
static const struct name errors[] = {
	{ ECONNREFUSED, "ECONNREFUSED" },
	{ ETIMEDOUT, "ETIMEDOUT" },
	{ EHOSTUNREACH, "EHOSTUNREACH" },
	{ ENETUNREACH, "ENETUNREACH" },
	{ ECONNRESET, "ECONNRESET" },
	{ ECONNABORTED, "ECONNABORTED" },
	{ EACCES, "EACCES" },
	{ EPERM, "EPERM" },
	{ EADDRNOTAVAIL, "EADDRNOTAVAIL" },
	{ EADDRINUSE, "EADDRINUSE" },
	{ EPIPE, "EPIPE" },
	{ 0, NULL },
};

static const char *const results[PST_RESULTS] = {
	/* keywords: no blanks */
	[PST_ESTABLISHED] = "established", [PST_REFUSED] = "refused",
	[PST_TIMED_OUT] = "timed_out",	   [PST_FAILED] = "failed",
	[PST_NOT_SENT] = "not_sent",	   [PST_CLOSED] = "closed",
};

static const char *const outcomes[PST_RESULTS] = {
	[PST_ESTABLISHED] = "success", [PST_REFUSED] = "failure",  [PST_TIMED_OUT] = "failure",
	[PST_FAILED] = "failure",      [PST_NOT_SENT] = "failure", [PST_CLOSED] = "success",
};

struct side { /* the JSON paths of one end */
	const char *address, *ip, *port, *bytes, *packets;
};

static const struct side source = { "source.address", "source.ip", "source.port", "source.bytes",
				    "source.packets" };
static const struct side destination = { "destination.address", "destination.ip",
					 "destination.port", "destination.bytes",
					 "destination.packets" };

static const char *name_of(const struct name *names, uint32_t number, char *out, size_t out_size)
{
	for (; names->text; names++)
		if (names->number == number)
			return names->text;
	(void)pst_text_format(out, out_size, "%" PRIu32,
			      number); /* callers have room for ten digits */
	return out;
}

const char *pst_ecs_outcome(const struct pst_channel *channel)
{
	if (pst_kind_is_inbound((enum pst_kind)channel->key.kind))
		return "success"; /* it is there: that is the event */
	if ((unsigned int)channel->last_result >= PST_RESULTS || !outcomes[channel->last_result])
		return "unknown";
	return outcomes[channel->last_result];
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

static void put_ends(struct pst_ecs *ecs, const struct pst_channel *channel)
{
	const struct pst_channel_key *key = &channel->key;

	switch ((enum pst_kind)key->kind) {
	case PST_TCP_LISTEN: /* the peer is whoever comes */
		put_side(ecs, &destination, &key->peer, key->port);
		add_related(ecs, &key->peer, &key->peer);
		return;
	case PST_TCP_ACCEPT:
		put_side(ecs, &source, &key->peer, 0);
		if (!pst_addr_is_zero(&channel->local))
			put_side(ecs, &destination, &channel->local, key->port);
		else
			pst_ecs_put_uint(ecs, "destination.port", key->port);
		break;
	default:
		if (!pst_addr_is_zero(&channel->local))
			put_side(ecs, &source, &channel->local, channel->local_port);
		put_side(ecs, &destination, &key->peer, key->port);
		break;
	}
	add_related(ecs, &channel->local, &key->peer);
}

void pst_ecs_network(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	const struct pst_channel *channel = &facts->channel;
	bool v4 = channel->family == AF_INET ||
		  (pst_addr_is_v4(&channel->key.peer) && !pst_addr_is_zero(&channel->key.peer));
	bool inbound = pst_kind_is_inbound((enum pst_kind)channel->key.kind);
	char number[12], scratch[12];

	pst_json_put_text(ecs->json, "network.type", v4 ? "ipv4" : "ipv6");
	pst_json_put_text(ecs->json, "network.transport",
			  name_of(transports, channel->protocol, scratch, sizeof(scratch)));
	(void)pst_text_format(number, sizeof(number), "%" PRIu16,
			      channel->protocol); /* five digits */
	pst_json_put_text(ecs->json, "network.iana_number", number);
	pst_json_put_text(ecs->json, "network.direction", inbound ? "ingress" : "egress");
	put_ends(ecs, channel);
}

static void put_socket(struct pst_ecs *ecs, const struct pst_channel *channel)
{
	char text[24];

	pst_json_put_text(ecs->json, "postern.channel.socket.family",
			  name_of(families, channel->family, text, sizeof(text)));
	pst_json_put_text(ecs->json, "postern.channel.socket.type",
			  name_of(socket_types, channel->sock_type, text, sizeof(text)));
	pst_ecs_put_uint(ecs, "postern.channel.socket.protocol", channel->protocol);
	if (!channel->cookie)
		return;
	(void)pst_text_format(text, sizeof(text), "0x%" PRIx64,
			      channel->cookie); /* sixteen digits */
	pst_json_put_text(ecs->json, "postern.channel.socket.cookie", text);
}

void pst_ecs_channel(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	const struct pst_channel *channel = &facts->channel;
	char text[PST_CHANNEL_ID_TEXT];

	pst_json_put_text(ecs->json, "postern.channel.id",
			  pst_id_channel(&ecs->speaker->host, facts, text));
	pst_json_put_text(ecs->json, "postern.channel.kind",
			  pst_kind_name((enum pst_kind)channel->key.kind));
	if ((unsigned int)channel->last_result < PST_RESULTS && results[channel->last_result])
		pst_json_put_text(ecs->json, "postern.channel.result",
				  results[channel->last_result]);
	if (channel->last_error)
		pst_json_put_text(ecs->json, "postern.channel.error",
				  name_of(errors, channel->last_error, text, sizeof(text)));
	if (channel->folded)
		pst_json_put_bool(ecs->json, "postern.channel.folded", true);
	put_socket(ecs, channel);
}

static void put_traffic(struct pst_ecs *ecs, const struct pst_facts *facts,
			const struct pst_counters *since)
{
	bool inbound = pst_kind_is_inbound((enum pst_kind)facts->channel.key.kind);
	const struct side *near = inbound ? &destination : &source,
			  *far = inbound ? &source : &destination;

	if (!since->bytes_out && !since->bytes_in && !since->packets_out && !since->packets_in)
		return;
	pst_ecs_put_uint(ecs, "network.bytes", since->bytes_out + since->bytes_in);
	pst_ecs_put_uint(ecs, "network.packets", since->packets_out + since->packets_in);
	pst_ecs_put_uint(ecs, near->bytes, since->bytes_out);
	pst_ecs_put_uint(ecs, near->packets, since->packets_out);
	pst_ecs_put_uint(ecs, far->bytes, since->bytes_in);
	pst_ecs_put_uint(ecs, far->packets, since->packets_in);
}

static void flow_message(const struct pst_facts *facts, const struct pst_counters *since, char *out,
			 size_t out_size)
{
	const struct pst_channel *channel = &facts->channel;
	const char *name = pst_fact(facts, PST_FACT_NAME);
	char peer[PST_ADDR_TEXT], safe[65], transport[12];

	(void)pst_text_safe(name ? name : "?", strlen(name ? name : "?"), safe,
			    sizeof(safe)); /* a cut name will do in a sentence */
	(void)pst_text_format(out, out_size,
			      "%s %s %s/%s: %" PRIu64 " flows, %" PRIu64 " failed, %" PRIu64
			      " B out, %" PRIu64 " B in",
			      safe,
			      pst_kind_is_inbound((enum pst_kind)channel->key.kind) ? "<-" : "->",
			      pst_addr_format_port(&channel->key.peer, channel->key.port, peer),
			      name_of(transports, channel->protocol, transport, sizeof(transport)),
			      since->attempts, since->failures, since->bytes_out,
			      since->bytes_in); /* all parts are bounded: it fits */
}

void pst_ecs_fill_flow(struct pst_ecs *ecs, const void *what)
{
	const struct pst_ecs_flow *flow = what;
	const struct pst_facts *facts = flow->facts;
	const struct pst_counters *since = flow->since;
	char message[384];
	const struct pst_ecs_head head = {
		.time_ns = flow->time_ns,
		.id = flow->event_id,
		.kind = "event",
		.dataset = "postern.channel",
		.action = flow->since_ns ? "channel-summary" : "channel-first-seen",
		.message = message,
		.category = { "network" },
		.type = { "connection", flow->since_ns ? "end" : "start" },
	};

	flow_message(facts, since, message, sizeof(message));
	pst_ecs_head(ecs, &head);
	pst_ecs_put_span(ecs, flow->since_ns ? flow->since_ns : facts->channel.first_ns,
			 flow->time_ns);
	pst_json_put_text(ecs->json, "event.outcome", pst_ecs_outcome(&facts->channel));
	pst_ecs_process(ecs, facts);
	pst_ecs_network(ecs, facts);
	put_traffic(ecs, facts, since);
	pst_ecs_channel(ecs, facts);
	pst_ecs_put_uint(ecs, "postern.channel.flows", since->attempts);
	pst_ecs_put_uint(ecs, "postern.channel.failures", since->failures);
	pst_ecs_put_time(ecs, "postern.channel.first_seen", facts->channel.first_ns);
	pst_json_put_text(ecs->json, "postern.channel.novelty", flow->since_ns ? "known" : "new");
	pst_ecs_contract(ecs, facts);
	pst_ecs_lineage(ecs, facts);
	if (facts->preexisting)
		pst_json_put_bool(ecs->json, "postern.preexisting", true);
	pst_json_put_bool(ecs->json, "postern.evidence_complete", flow->complete);
}
