// SPDX-License-Identifier: Apache-2.0
/* What did this program or process do on the network, on one page? */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/text.h"
#include "engine/page.h"

#define PROCESS_LINES 20u /* of one program; the JSON form has all */

/* Three digits behind the point: what is read off this page is within a thousandth. */
const char *pst_page_amount(uint64_t bytes, char out[24])
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB" };
	double value = (double)bytes;
	size_t unit = 0;

	while (value >= 1000.0 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		value /= 1000.0;
		unit++;
	}
	(void)pst_text_format(out, 24, unit ? "%.3f %s" : "%.0f %s", value, units[unit]); /* fits */
	return out;
}

bool pst_page_has_packets(const struct pst_row *row)
{
	const struct pst_counters *sum = &row->sum;

	return sum->packets_out || sum->packets_in ||
	       (!sum->bytes_out && !sum->bytes_in && row->channel->sock_type != SOCK_STREAM);
}

bool pst_page_sums_packets(const struct pst_totals *total)
{
	return total->packets_out || total->packets_in || (!total->bytes_out && !total->bytes_in);
}

/* number - a count, or "-" where nothing counts it */
static const char *number(bool counted, uint64_t value, char out[24])
{
	if (counted)
		(void)pst_text_format(out, 24, "%" PRIu64, value); /* twenty digits */
	else
		(void)pst_text_copy(out, 24, "-");
	return out;
}

const char *pst_page_moment(const struct pst_engine *engine, uint64_t time_ns, char out[24])
{
	time_t seconds =
		(time_t)(pst_wall_ns(time_ns, pst_engine_wall_offset(engine)) / 1000000000);
	struct tm parts;

	if (!gmtime_r(&seconds, &parts) || strftime(out, 24, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		(void)pst_text_copy(out, 24, "?"); /* fits */
	return out;
}

const char *pst_page_name(const struct pst_engine *engine, const struct pst_proc_id *proc,
			  char *out, size_t out_size)
{
	const struct pst_process *process =
		proc->tgid ? pst_attrib_find(pst_engine_attrib(engine), proc) : NULL;
	const char *name = "";

	if (process)
		name = process->image->program->path[0] ?
			       pst_program_name(process->image->program) :
			       process->comm;
	(void)pst_text_safe(name, strlen(name), out, out_size); /* a cut name is still one */
	return out;
}

/* Whole numbers: this line is what totals are read from. */
static void print_total(FILE *out, const struct pst_sum *sum)
{
	const struct pst_totals *total = &sum->total;
	bool counted = pst_page_sums_packets(total);
	char packets_out[24], packets_in[24];

	fprintf(out,
		"  total: %" PRIu64 " bytes out, %" PRIu64
		" bytes in, %s packets out, %s packets in; %" PRIu64 " tried, %" PRIu64
		" made, %" PRIu64 " failed",
		total->bytes_out, total->bytes_in, number(counted, total->packets_out, packets_out),
		number(counted, total->packets_in, packets_in), total->attempts, total->established,
		total->failures);
	if (total->taken)
		fprintf(out, ", %" PRIu64 " taken over", total->taken);
	fprintf(out, "; %" PRIu64 " channels of %" PRIu32 " %s\n", total->channels, sum->processes,
		sum->processes == 1 ? "process" : "processes");
}

static void print_program(FILE *out, const struct pst_engine *engine, const struct pst_sum *sum)
{
	const struct pst_contracts *set = pst_engine_contract_set(engine);
	char path[1024];

	(void)pst_text_safe(sum->program->path, strlen(sum->program->path), path,
			    sizeof(path)); /* a cut path is still shown */
	fprintf(out, "%s", *path ? path : "(program unknown)");
	if (sum->image->contract >= 0 && (size_t)sum->image->contract < pst_contracts_count(set)) {
		const struct pst_contract *contract =
			pst_contracts_at(set, (size_t)sum->image->contract);

		fprintf(out, "  contract %s@%" PRIu64, contract->id, contract->version);
	} else {
		fprintf(out, sum->program->vendor ? "  vendor software under no contract" :
						    "  under no contract");
	}
	pst_page_print_container(out, "\n  ", sum->image);
	fputc('\n', out);
	pst_page_print_measured(out, sum->program);
	print_total(out, sum);
	fprintf(out, "  %-12s %-30s %8s %8s %6s %12s %12s %9s %9s  %-20s  %-20s  %-5s %s\n", "KIND",
		"PEER OR LISTENER", "TRIED", "MADE", "FAILED", "OUT", "IN", "PKTS OUT", "PKTS IN",
		"FIRST", "LAST", "PIDS", "VERDICT");
}

static void print_notes(FILE *out, const struct pst_engine *engine,
			const struct pst_channel *channel)
{
	const struct {
		bool holds;
		const char *text;
	} notes[] = {
		{ channel->preexisting, "preexisting" },
		{ channel->folded, "several peers" },
		{ channel->kernel, "made by the kernel" },
		{ channel->late, "found late" },
		{ channel->hidden, "hidden" },
		{ channel->bare, "only created" },
		{ channel->ip_bytes, "bytes with IP headers" },
		{ channel->asked, "bytes asked to send" },
		{ channel->name_mismatch, "another server name" },
	};
	char text[80];

	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
		if (notes[i].holds)
			fprintf(out, " (%s)", notes[i].text);
	}
	if (channel->owner.tgid && *pst_page_name(engine, &channel->owner, text, sizeof(text)))
		fprintf(out, " (opened by %s[%" PRIu32 "])", text, channel->owner.tgid);
	else if (channel->owner.tgid)
		fprintf(out, " (opened by pid %" PRIu32 ")", channel->owner.tgid);
	else if (channel->handed)
		fputs(" (taken over)", out);
	if (channel->class_ != PST_CLASS_UNKNOWN)
		fprintf(out, " %s", pst_class_name(channel->class_));
	if (channel->server_name) {
		(void)pst_text_safe(channel->server_name, strlen(channel->server_name), text,
				    sizeof(text)); /* a cut name is still one */
		fprintf(out, " %s", text);
	}
}

static void print_row(FILE *out, const struct pst_engine *engine, const struct pst_row *row)
{
	char peer[512], bytes_out[24], bytes_in[24], first[24], last[24], packets[2][24];
	bool counted = pst_page_has_packets(row);

	fprintf(out,
		"  %-12s %-30s %8" PRIu64 " %8" PRIu64 " %6" PRIu64
		" %12s %12s %9s %9s  %-20s  %-20s  %-5" PRIu32 " %s",
		pst_kind_name((enum pst_kind)row->channel->key.kind),
		pst_channel_peer_text(row->channel, peer, sizeof(peer)), row->sum.attempts,
		row->sum.established, row->sum.failures,
		pst_page_amount(row->sum.bytes_out, bytes_out),
		pst_page_amount(row->sum.bytes_in, bytes_in),
		number(counted, row->sum.packets_out, packets[0]),
		number(counted, row->sum.packets_in, packets[1]),
		pst_page_moment(engine, row->first_ns, first),
		pst_page_moment(engine, row->last_ns, last), row->processes,
		pst_verdict_name(row->channel->verdict));
	print_notes(out, engine, row->channel);
	fputc('\n', out);
}

static void print_process(FILE *out, const struct pst_engine *engine, const struct pst_sum *sum)
{
	char bytes_out[24], bytes_in[24], first[24], packets[2][24];
	bool counted = pst_page_sums_packets(&sum->total);

	fprintf(out,
		"  pid %-10" PRIu32 " %12s out %12s in %9s pkts out %9s pkts in %6" PRIu64
		" tried %6" PRIu64 " made %4" PRIu64 " taken over  since %s%s\n",
		sum->proc.tgid, pst_page_amount(sum->total.bytes_out, bytes_out),
		pst_page_amount(sum->total.bytes_in, bytes_in),
		number(counted, sum->total.packets_out, packets[0]),
		number(counted, sum->total.packets_in, packets[1]), sum->total.attempts,
		sum->total.established, sum->total.taken,
		pst_page_moment(engine, sum->proc.start_ns, first), sum->ended ? "  ended" : "");
}

static void print_processes(FILE *out, const struct pst_engine *engine, const struct pst_rows *rows,
			    const struct pst_program *program)
{
	size_t shown = 0, more = 0;

	for (size_t i = 0; i < rows->process_count; i++) {
		if (rows->processes[i].program != program)
			continue;
		if (shown++ < PROCESS_LINES)
			print_process(out, engine, &rows->processes[i]);
		else
			more++;
	}
	if (more)
		fprintf(out, "  and %zu processes more\n", more);
}

static void print_rows(FILE *out, const struct pst_engine *engine, const struct pst_rows *rows)
{
	size_t row = 0;

	for (size_t i = 0; i < rows->program_count; i++) { /* rows stand in the same order */
		const struct pst_program *program = rows->programs[i].program;

		fputs(i ? "\n" : "", out);
		print_program(out, engine, &rows->programs[i]);
		for (; row < rows->count && rows->list[row].program == program; row++)
			print_row(out, engine, &rows->list[row]);
		print_processes(out, engine, rows, program);
	}
	if (!rows->count)
		fputs("no channel of that program or process is known in this session\n", out);
}

static char *as_text(const struct pst_engine *engine, const struct pst_rows *rows,
		     const struct pst_view_keys *keys)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	print_rows(out, engine, rows);
	pst_page_past(out, engine, keys);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

/* Sums stay those of the whole: they are told by program. */
static void drop_older(const struct pst_engine *engine, struct pst_rows *rows, uint64_t since_s)
{
	size_t left = 0;

	for (size_t i = 0; i < rows->count; i++) {
		if (pst_wall_s(rows->list[i].last_ns, pst_engine_wall_offset(engine)) >= since_s)
			rows->list[left++] = rows->list[i];
	}
	rows->count = left;
}

static bool is_past(const struct pst_engine *engine, const struct pst_view_keys *keys)
{
	struct pst_picked picked;
	bool found;

	pst_picked_collect(engine, keys, &picked);
	found = picked.count > 0 || picked.failed;
	pst_picked_free(&picked);
	return found;
}

char *pst_view_profile(const struct pst_engine *engine, const struct pst_view_keys *keys)
{
	struct pst_rows rows;
	char *text = NULL;

	pst_rows_collect(engine, keys->what, &rows);
	drop_older(engine, &rows, keys->since_s);
	if (keys->known)
		*keys->known = rows.known || rows.failed || is_past(engine, keys);
	if (!rows.failed)
		text = keys->form == PST_VIEW_JSON ? pst_page_json(engine, &rows, keys) :
						     as_text(engine, &rows, keys);
	pst_rows_free(&rows);
	return text;
}
