// SPDX-License-Identifier: Apache-2.0
/* The same page for programs: sums of programs and processes, then channels, with exact counts. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "engine/page.h"

static void put_path(struct pst_json *json, const struct pst_program *program)
{
	pst_json_put_bytes(json, "program", program->path, strlen(program->path), 1024);
}

static void put_times(struct pst_json *json, const struct pst_engine *engine, uint64_t first_ns,
		      uint64_t last_ns)
{
	char text[24];

	pst_json_put_text(json, "first", pst_page_moment(engine, first_ns, text));
	pst_json_put_text(json, "last", pst_page_moment(engine, last_ns, text));
}

static void put_totals(struct pst_json *json, const struct pst_totals *total)
{
	pst_json_put_count(json, "channels", total->channels);
	pst_json_put_count(json, "attempts", total->attempts);
	pst_json_put_count(json, "established", total->established);
	pst_json_put_count(json, "failures", total->failures);
	pst_json_put_count(json, "closed", total->closed);
	pst_json_put_count(json, "taken", total->taken);
	pst_json_put_count(json, "given", total->given);
	pst_json_put_count(json, "bytes_out", total->bytes_out);
	pst_json_put_count(json, "bytes_in", total->bytes_in);
	if (pst_page_sums_packets(total)) {
		pst_json_put_count(json, "packets_out", total->packets_out);
		pst_json_put_count(json, "packets_in", total->packets_in);
	}
}

static void put_program(struct pst_json *json, const struct pst_engine *engine,
			const struct pst_sum *sum)
{
	const struct pst_contracts *set = pst_engine_contract_set(engine);
	int32_t contract = sum->image->contract;

	put_path(json, sum->program);
	pst_json_put_bool(json, "vendor", sum->program->vendor);
	pst_page_put_hash(json, sum->program);
	pst_page_put_container(json, sum->image);
	if (contract >= 0 && (size_t)contract < pst_contracts_count(set))
		pst_json_put_text(json, "contract", pst_contracts_at(set, (size_t)contract)->id);
	pst_json_put_count(json, "processes", sum->processes);
	put_times(json, engine, sum->first_ns, sum->last_ns);
	put_totals(json, &sum->total);
}

static void put_process(struct pst_json *json, const struct pst_engine *engine,
			const struct pst_sum *sum)
{
	char text[24];

	put_path(json, sum->program);
	pst_json_put_count(json, "pid", sum->proc.tgid);
	pst_json_put_text(json, "start", pst_page_moment(engine, sum->proc.start_ns, text));
	pst_json_put_bool(json, "ended", sum->ended);
	put_times(json, engine, sum->first_ns, sum->last_ns);
	put_totals(json, &sum->total);
}

static void put_bursts(struct pst_json *json, const struct pst_counters *count)
{
	uint64_t kept = count->bursts < PST_EVENT_BURSTS ? count->bursts : PST_EVENT_BURSTS;

	pst_json_put_count(json, "bursts.count", count->bursts);
	for (uint64_t i = count->bursts - kept; i < count->bursts; i++) {
		struct pst_json *burst = pst_json_add_object(json, "bursts.last");

		pst_json_put_count(burst, "start_ns", count->burst[i % PST_EVENT_BURSTS].start_ns);
		pst_json_put_count(burst, "bytes", count->burst[i % PST_EVENT_BURSTS].bytes);
	}
}

static void put_traits(struct pst_json *json, const struct pst_channel *channel)
{
	pst_json_put_bool(json, "preexisting", channel->preexisting);
	pst_json_put_bool(json, "ip_bytes", channel->ip_bytes);
	pst_json_put_bool(json, "asked_bytes", channel->asked);
	pst_json_put_bool(json, "folded", channel->folded);
	pst_json_put_bool(json, "handed", channel->handed);
	pst_json_put_bool(json, "kernel", channel->kernel);
	pst_json_put_bool(json, "late", channel->late);
	pst_json_put_bool(json, "hidden", channel->hidden);
	pst_json_put_bool(json, "bare", channel->bare);
	pst_json_put_bool(json, "open", channel->open);
}

static void put_speech(struct pst_json *json, const struct pst_channel *channel)
{
	if (channel->class_ != PST_CLASS_UNKNOWN)
		pst_json_put_text(json, "class", pst_class_name(channel->class_));
	if (channel->server_name)
		pst_json_put_bytes(json, "server_name", channel->server_name,
				   strlen(channel->server_name), 256);
	if (channel->alpn)
		pst_json_put_bytes(json, "alpn", channel->alpn, strlen(channel->alpn), 64);
}

/* Each key stands only where there is such a thing: what is sent to nobody yet has no peer, who
 * comes has no port that is kept, and the number of a raw socket is a protocol. */
static void put_ip_ends(struct pst_json *json, const struct pst_channel *channel)
{
	enum pst_kind kind = (enum pst_kind)channel->key.kind;
	bool listens = pst_kind_is_listener(kind);
	char text[PST_ADDR_TEXT];

	(void)pst_addr_format(&channel->key.peer, text); /* returns what it was given */
	if (listens || !pst_addr_is_zero(&channel->key.peer))
		pst_json_put_text(json, listens ? "local" : "peer", text);
	if (kind == PST_RAW)
		pst_json_put_count(json, "protocol", channel->key.port);
	else if (kind != PST_ICMP && channel->key.port)
		pst_json_put_count(json, pst_kind_is_inbound(kind) ? "local_port" : "port",
				   channel->key.port);
}

static void put_ends(struct pst_json *json, const struct pst_engine *engine,
		     const struct pst_channel *channel)
{
	enum pst_kind kind = (enum pst_kind)channel->key.kind;
	char text[512];

	pst_json_put_text(json, "kind", pst_kind_name(kind));
	if (pst_kind_has_ip(kind))
		put_ip_ends(json, channel);
	else
		pst_json_put_text(json, "peer", pst_channel_peer_text(channel, text, sizeof(text)));
	pst_json_put_text(json, "end", pst_channel_peer_text(channel, text, sizeof(text)));
	if (channel->peer_tgid)
		pst_json_put_count(json, "peer_pid", channel->peer_tgid);
	if (!channel->owner.tgid)
		return;
	pst_json_put_count(json, "opener.pid", channel->owner.tgid);
	if (*pst_page_name(engine, &channel->owner, text, sizeof(text)))
		pst_json_put_text(json, "opener.name", text);
}

static void put_row(struct pst_json *json, const struct pst_engine *engine,
		    const struct pst_row *row)
{
	put_path(json, row->program);
	if (row->tgid)
		pst_json_put_count(json, "pid", row->tgid);
	pst_json_put_count(json, "processes", row->processes);
	put_ends(json, engine, row->channel);
	pst_json_put_text(json, "verdict", pst_verdict_name(row->channel->verdict));
	if (row->channel->verdict == PST_DECLARED)
		pst_json_put_text(json, "by",
				  pst_judged_by_name((enum pst_judged_by)row->channel->judged_by));
	put_times(json, engine, row->first_ns, row->last_ns);
	put_traits(json, row->channel);
	put_speech(json, row->channel);
	pst_json_put_count(json, "attempts", row->sum.attempts);
	pst_json_put_count(json, "established", row->sum.established);
	pst_json_put_count(json, "failures", row->sum.failures);
	pst_json_put_count(json, "closed", row->sum.closed);
	pst_json_put_count(json, "taken", row->sum.taken);
	pst_json_put_count(json, "given", row->sum.given);
	pst_json_put_count(json, "bytes_out", row->sum.bytes_out);
	pst_json_put_count(json, "bytes_in", row->sum.bytes_in);
	if (pst_page_has_packets(row)) {
		pst_json_put_count(json, "packets_out", row->sum.packets_out);
		pst_json_put_count(json, "packets_in", row->sum.packets_in);
	}
	put_bursts(json, &row->channel->count);
}

char *pst_page_json(const struct pst_engine *engine, const struct pst_rows *rows,
		    const struct pst_view_keys *keys)
{
	struct pst_json *json = pst_json_new(), *one;
	char *text;

	if (!json)
		return NULL;
	pst_json_put_count(json, "rows", rows->count);
	/* without memory an object is NULL and takes nothing: printing reports it */
	for (size_t i = 0; i < rows->program_count; i++) {
		one = pst_json_add_object(json, "programs");
		if (one)
			put_program(one, engine, &rows->programs[i]);
	}
	for (size_t i = 0; i < rows->process_count; i++) {
		one = pst_json_add_object(json, "processes");
		if (one)
			put_process(one, engine, &rows->processes[i]);
	}
	for (size_t i = 0; i < rows->count; i++) {
		one = pst_json_add_object(json, "channels");
		if (one)
			put_row(one, engine, &rows->list[i]);
	}
	text = pst_page_past_json(json, engine, keys) ? pst_json_print_pretty(json) : NULL;
	pst_json_free(json);
	return text;
}
