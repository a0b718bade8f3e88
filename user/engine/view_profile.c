// SPDX-License-Identifier: Apache-2.0
/* What did this program or process do on the network, on one page? */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "engine/rows.h"

static const char *amount(uint64_t bytes, char out[16])
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB" };
	double value = (double)bytes;
	size_t unit = 0;

	while (value >= 1000.0 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		value /= 1000.0;
		unit++;
	}
	(void)pst_text_format(out, 16, unit ? "%.1f %s" : "%.0f %s", value, units[unit]); /* fits */
	return out;
}

static const char *moment(const struct pst_engine *engine, uint64_t time_ns, char out[24])
{
	time_t seconds = (time_t)(((int64_t)time_ns + pst_engine_wall_offset(engine)) / 1000000000);
	struct tm parts;

	if (!gmtime_r(&seconds, &parts) || strftime(out, 24, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		(void)pst_text_copy(out, 24, "?"); /* fits */
	return out;
}

static const char *peer_text(const struct pst_channel *channel, char out[PST_ADDR_TEXT])
{
	return pst_addr_format_port(&channel->key.peer, channel->key.port, out);
}

static void print_program(FILE *out, const struct pst_engine *engine, const struct pst_row *row)
{
	const struct pst_contracts *set = pst_engine_contract_set(engine);
	char path[1024];

	(void)pst_text_safe(row->program->path, strlen(row->program->path), path,
			    sizeof(path)); /* a cut path is still shown */
	fprintf(out, "%s", *path ? path : "(program unknown)");
	if (row->image->contract >= 0) {
		const struct pst_contract *contract =
			pst_contracts_at(set, (size_t)row->image->contract);

		fprintf(out, "  contract %s@%" PRIu64, contract->id, contract->version);
	} else {
		fprintf(out, row->program->vendor ? "  vendor software under no contract" :
						    "  under no contract");
	}
	fprintf(out, "\n  %-12s %-30s %8s %8s %6s %10s %10s  %-20s  %-20s  %-5s %s\n", "KIND",
		"PEER OR LISTENER", "TRIED", "MADE", "FAILED", "OUT", "IN", "FIRST", "LAST", "PIDS",
		"VERDICT");
}

static void print_row(FILE *out, const struct pst_engine *engine, const struct pst_row *row)
{
	char peer[PST_ADDR_TEXT], bytes_out[16], bytes_in[16], first[24], last[24];

	fprintf(out,
		"  %-12s %-30s %8" PRIu64 " %8" PRIu64 " %6" PRIu64
		" %10s %10s  %-20s  %-20s  %-5" PRIu32 " %s%s\n",
		pst_kind_name((enum pst_kind)row->channel->key.kind), peer_text(row->channel, peer),
		row->sum.attempts, row->sum.established, row->sum.failures,
		amount(row->sum.bytes_out, bytes_out), amount(row->sum.bytes_in, bytes_in),
		moment(engine, row->first_ns, first), moment(engine, row->last_ns, last),
		row->processes, pst_verdict_name(row->channel->verdict),
		row->channel->preexisting ? " (preexisting)" : "");
}

static char *as_text(const struct pst_engine *engine, const struct pst_rows *rows)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	for (size_t i = 0; i < rows->count; i++) {
		if (i == 0 || rows->list[i].program != rows->list[i - 1].program) {
			fputs(i ? "\n" : "", out);
			print_program(out, engine, &rows->list[i]);
		}
		print_row(out, engine, &rows->list[i]);
	}
	if (!rows->count)
		fputs("no channel of that program or process is known\n", out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static void put_count(struct pst_json *json, const char *path, uint64_t value)
{
	pst_json_put_int(json, path, value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

static void put_bursts(struct pst_json *json, const struct pst_counters *count)
{
	uint64_t kept = count->bursts < PST_EVENT_BURSTS ? count->bursts : PST_EVENT_BURSTS;

	put_count(json, "bursts.count", count->bursts);
	for (uint64_t i = count->bursts - kept; i < count->bursts; i++) {
		struct pst_json *burst = pst_json_add_object(json, "bursts.last");

		put_count(burst, "start_ns", count->burst[i % PST_EVENT_BURSTS].start_ns);
		put_count(burst, "bytes", count->burst[i % PST_EVENT_BURSTS].bytes);
	}
}

static void put_row(struct pst_json *json, const struct pst_engine *engine,
		    const struct pst_row *row)
{
	char text[PST_ADDR_TEXT];

	pst_json_put_bytes(json, "program", row->program->path, strlen(row->program->path), 1024);
	if (row->tgid)
		put_count(json, "pid", row->tgid);
	put_count(json, "processes", row->processes);
	pst_json_put_text(json, "kind", pst_kind_name((enum pst_kind)row->channel->key.kind));
	pst_json_put_text(json, "peer", pst_addr_format(&row->channel->key.peer, text));
	put_count(json, "port", row->channel->key.port);
	pst_json_put_text(json, "verdict", pst_verdict_name(row->channel->verdict));
	pst_json_put_text(json, "first", moment(engine, row->first_ns, text));
	pst_json_put_text(json, "last", moment(engine, row->last_ns, text));
	pst_json_put_bool(json, "preexisting", row->channel->preexisting);
	pst_json_put_bool(json, "ip_bytes", row->channel->ip_bytes);
	put_count(json, "attempts", row->sum.attempts);
	put_count(json, "established", row->sum.established);
	put_count(json, "failures", row->sum.failures);
	put_count(json, "closed", row->sum.closed);
	put_count(json, "bytes_out", row->sum.bytes_out);
	put_count(json, "bytes_in", row->sum.bytes_in);
	put_count(json, "packets_out", row->sum.packets_out);
	put_count(json, "packets_in", row->sum.packets_in);
	put_bursts(json, &row->channel->count);
}

static char *as_json(const struct pst_engine *engine, const struct pst_rows *rows)
{
	struct pst_json *json = pst_json_new();
	char *text;

	if (!json)
		return NULL;
	put_count(json, "rows", rows->count);
	for (size_t i = 0; i < rows->count; i++) {
		struct pst_json *row = pst_json_add_object(json, "channels");

		if (row)
			put_row(row, engine, &rows->list[i]);
	}
	text = pst_json_print_pretty(json);
	pst_json_free(json);
	return text;
}

char *pst_view_profile(const struct pst_engine *engine, const struct pst_view_keys *keys)
{
	struct pst_rows rows;
	char *text = NULL;

	pst_rows_collect(engine, keys->what, &rows);
	if (!rows.failed)
		text = keys->form == PST_VIEW_JSON ? as_json(engine, &rows) :
						     as_text(engine, &rows);
	free(rows.list);
	return text;
}
