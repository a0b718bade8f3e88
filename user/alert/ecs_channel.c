// SPDX-License-Identifier: Apache-2.0
/* ecs_channel: what is a channel, in a record, and what did it carry since the last one? */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "alert/ecs.h"
#include "base/text.h"

static const struct pst_ecs_word families[] = { { AF_UNIX, "AF_UNIX" },
						{ AF_INET, "AF_INET" },
						{ AF_INET6, "AF_INET6" },
						{ AF_KEY, "AF_KEY" },
						{ AF_NETLINK, "AF_NETLINK" },
						{ AF_PACKET, "AF_PACKET" },
						{ AF_CAN, "AF_CAN" },
						{ AF_TIPC, "AF_TIPC" },
						{ AF_BLUETOOTH, "AF_BLUETOOTH" },
						{ AF_ALG, "AF_ALG" },
						{ AF_VSOCK, "AF_VSOCK" },
						{ AF_XDP, "AF_XDP" },
						{ 0, NULL } };
static const struct pst_ecs_word socket_types[] = { { SOCK_STREAM, "SOCK_STREAM" },
						    { SOCK_DGRAM, "SOCK_DGRAM" },
						    { SOCK_RAW, "SOCK_RAW" },
						    { SOCK_RDM, "SOCK_RDM" },
						    { SOCK_SEQPACKET, "SOCK_SEQPACKET" },
						    { SOCK_DCCP, "SOCK_DCCP" },
						    { SOCK_PACKET, "SOCK_PACKET" },
						    { 0, NULL } };

/* errno names that a channel's result can have; others stand as their number */
static const struct pst_ecs_word errors[] = {
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

const char *pst_ecs_word(const struct pst_ecs_word *words, uint32_t number, char out[12])
{
	for (; words->text; words++)
		if (words->number == number)
			return words->text;
	(void)pst_text_format(out, 12, "%" PRIu32, number); /* ten digits */
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

static void put_socket(struct pst_ecs *ecs, const struct pst_channel *channel)
{
	char text[24];

	if (channel->key.kind == PST_TUNNEL)
		return; /* a device, no socket */
	pst_json_put_text(ecs->json, "postern.channel.socket.family",
			  pst_ecs_word(families, channel->family, text));
	pst_json_put_text(ecs->json, "postern.channel.socket.type",
			  pst_ecs_word(socket_types, channel->sock_type, text));
	pst_ecs_put_uint(ecs, "postern.channel.socket.protocol", channel->protocol);
	if (!channel->cookie)
		return;
	(void)pst_text_format(text, sizeof(text), "0x%" PRIx64,
			      channel->cookie); /* sixteen digits */
	pst_json_put_text(ecs->json, "postern.channel.socket.cookie", text);
}

/* What holds is said, what does not is not. */
static void put_traits(struct pst_ecs *ecs, const struct pst_channel *channel)
{
	const struct {
		const char *path;
		bool holds;
	} traits[] = {
		{ "postern.channel.folded", channel->folded },
		{ "postern.channel.handed", channel->handed },
		{ "postern.channel.kernel", channel->kernel },
		{ "postern.channel.late", channel->late },
		{ "postern.channel.hidden", channel->hidden },
		{ "postern.channel.bare", channel->bare },
		{ "postern.channel.bytes_include_headers", channel->ip_bytes },
		{ "postern.channel.bytes_asked", channel->asked },
		{ "postern.channel.name_mismatch", channel->name_mismatch },
	};

	for (size_t i = 0; i < sizeof(traits) / sizeof(traits[0]); i++)
		if (traits[i].holds)
			pst_json_put_bool(ecs->json, traits[i].path, true);
}

/* Who opened the socket, when that is another process than the one that uses it */
static void put_opener(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	const struct pst_proc_id *owner = &facts->channel.owner;
	char entity[PST_ENTITY_ID_TEXT];

	if (!owner->tgid)
		return;
	pst_json_put_text(ecs->json, "postern.channel.owner.entity_id",
			  pst_id_entity(&ecs->speaker->host, owner, entity));
	pst_ecs_put_uint(ecs, "postern.channel.owner.pid", owner->tgid);
	pst_ecs_put_raw(ecs, "postern.channel.owner.name", pst_fact(facts, PST_FACT_OPENER_NAME));
	pst_ecs_put_raw(ecs, "postern.channel.owner.executable",
			pst_fact(facts, PST_FACT_OPENER_EXECUTABLE));
}

void pst_ecs_channel(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	const struct pst_channel *channel = &facts->channel;
	char text[PST_CHANNEL_ID_TEXT + 1];

	pst_json_put_text(ecs->json, "postern.channel.id",
			  pst_id_channel(&ecs->speaker->host, facts, text));
	pst_json_put_text(ecs->json, "postern.channel.kind",
			  pst_kind_name((enum pst_kind)channel->key.kind));
	if ((unsigned int)channel->last_result < PST_RESULTS && results[channel->last_result])
		pst_json_put_text(ecs->json, "postern.channel.result",
				  results[channel->last_result]);
	if (channel->last_error)
		pst_json_put_text(ecs->json, "postern.channel.error",
				  pst_ecs_word(errors, channel->last_error, text));
	put_traits(ecs, channel);
	put_opener(ecs, facts);
	if (channel->peer_tgid)
		pst_ecs_put_uint(ecs, "postern.channel.peer_pid", channel->peer_tgid);
	put_socket(ecs, channel);
}

static const char *flow_peer(const struct pst_facts *facts, char *out, size_t out_size)
{
	const struct pst_channel *channel = &facts->channel;
	const char *peer = pst_fact(facts, PST_FACT_PEER);
	char transport[12], text[PST_ADDR_TEXT + 16];

	if (!pst_kind_has_ip((enum pst_kind)channel->key.kind))
		(void)pst_text_copy(out, out_size, peer ? peer : "?"); /* a cut name will do */
	else if (channel->key.kind == PST_RAW || channel->key.kind == PST_ICMP)
		(void)pst_channel_peer_text(channel, out, out_size); /* says its protocol */
	else
		(void)pst_text_format(
			out, out_size, "%s/%s", pst_channel_peer_text(channel, text, sizeof(text)),
			pst_ecs_transport(channel, transport)); /* both are bounded: it fits */
	return out;
}

static void flow_message(const struct pst_facts *facts, const struct pst_counters *since, char *out,
			 size_t out_size)
{
	const struct pst_channel *channel = &facts->channel;
	const char *name = pst_fact(facts, PST_FACT_NAME);
	char peer[160], safe[65];

	if (name)
		(void)pst_text_safe(name, strlen(name), safe,
				    sizeof(safe)); /* a cut name will do in a sentence */
	else					   /* what it runs was never told */
		(void)pst_text_format(safe, sizeof(safe), "pid %" PRIu32,
				      facts->proc.tgid); /* fits */
	(void)pst_text_format(out, out_size,
			      "%s %s %s: %" PRIu64 " flows, %" PRIu64 " failed, %" PRIu64
			      " B out, %" PRIu64 " B in",
			      safe,
			      pst_kind_is_inbound((enum pst_kind)channel->key.kind) ? "<-" : "->",
			      flow_peer(facts, peer, sizeof(peer)), since->attempts,
			      since->failures, since->bytes_out,
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
	pst_ecs_context(ecs, facts);
	pst_ecs_network(ecs, facts);
	pst_ecs_traffic(ecs, facts, since);
	pst_ecs_channel(ecs, facts);
	pst_ecs_put_uint(ecs, "postern.channel.flows", since->attempts);
	pst_ecs_put_uint(ecs, "postern.channel.failures", since->failures);
	if (since->taken)
		pst_ecs_put_uint(ecs, "postern.channel.taken", since->taken);
	if (since->given)
		pst_ecs_put_uint(ecs, "postern.channel.given", since->given);
	pst_ecs_put_time(ecs, "postern.channel.first_seen", facts->channel.first_ns);
	pst_json_put_text(ecs->json, "postern.channel.novelty", flow->since_ns ? "known" : "new");
	pst_ecs_contract(ecs, facts);
	pst_ecs_lineage(ecs, facts);
	if (facts->preexisting)
		pst_json_put_bool(ecs->json, "postern.preexisting", true);
	pst_json_put_bool(ecs->json, "postern.evidence_complete", flow->complete);
}
