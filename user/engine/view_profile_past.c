// SPDX-License-Identifier: Apache-2.0
/* What did this program do in all sessions, as far as the history reaches? The second part of the
 * profile page, for people. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "engine/page.h"

#define FACT_LINES 20u /* of one program; the JSON form has all */

static const char *safe(const char *text, char out[512])
{
	(void)pst_text_safe(text, strlen(text), out, 512); /* a cut text is still shown */
	return out;
}

static void print_identity(FILE *out, const struct pst_past_program *program)
{
	static const char *const owners[PST_OWNERS] = { [PST_OWNER_NONE] = "of no package",
							[PST_OWNER_DISTRIBUTION] =
								"the distribution's",
							[PST_OWNER_VENDOR] = "a vendor's" };
	const struct pst_past_identity *identity = &program->identity[0];
	char text[512];

	if (program->identity_count && identity->package) {
		fprintf(out, "; package %s", safe(identity->package, text));
		if (identity->version)
			fprintf(out, " %s", safe(identity->version, text));
	}
	if (program->identity_count && owners[identity->owner])
		fprintf(out, ", %s", owners[identity->owner]);
	for (uint32_t i = 0; i < program->unit_count; i++)
		fprintf(out, "%s %s", i ? "," : "; unit", safe(program->units[i], text));
	if (program->interpreter)
		fprintf(out, "; run by %s", safe(program->interpreter, text));
	if (program->identity_count && identity->sha256[0])
		fprintf(out, "\n  sha256 %s", identity->sha256);
}

static void print_head(FILE *out, const struct pst_past_program *program)
{
	char text[512], first[24], last[24], newest[24], span[PST_PAGE_WORDS];

	fprintf(out,
		"\nover all sessions: %s%s\n  seen %s to %s, on %" PRIu32
		" day%s, watched for %s, executed %" PRIu64 " time%s",
		*program->path ? safe(program->path, text) : "(program unknown)",
		program->foreign_root ? " (another root)" : "",
		pst_page_second(program->time.first_s, first),
		pst_page_second(program->time.last_s, last), program->time.days_total,
		program->time.days_total == 1 ? "" : "s",
		pst_page_span(program->seen_s * 1000u, span), program->execs,
		program->execs == 1 ? "" : "s");
	print_identity(out, program);
	fprintf(out, "\n  %zu channel%s, the last new one %s", program->channel_count,
		program->channel_count == 1 ? "" : "s",
		pst_page_second(program->last_new_s, newest));
	if (program->dropped)
		fprintf(out, "; %" PRIu64 " entries were forgotten to make room", program->dropped);
	fputc('\n', out);
}

static void print_notes(FILE *out, const struct pst_past_channel *channel, uint64_t now_s)
{
	char words[PST_PAGE_WORDS], text[512];

	if (*pst_page_rhythm(channel, words))
		fprintf(out, " (%s)", words);
	if (*pst_page_sizes(channel, words))
		fprintf(out, " (%s)", words);
	if (*pst_page_silence(&channel->time, now_s, words))
		fprintf(out, " (%s)", words);
	if (channel->accepted_from)
		fprintf(out, " (accepted from %" PRIu64 " peers)", channel->accepted_from);
	if (channel->via)
		fprintf(out, " (by %s)", safe(channel->via, text));
	if (channel->proposed)
		fputs(" (was told by an alert)", out);
	for (uint32_t i = 0; i < channel->name_count; i++)
		fprintf(out, " %s", safe(channel->names[i], text));
}

static void print_channel(FILE *out, const struct pst_past_channel *past, uint64_t now_s)
{
	const struct pst_channel channel = pst_past_channel_of(past);
	char peer[512], bytes_out[24], bytes_in[24], first[24], last[24];

	fprintf(out,
		"  %-12s %-30s %8" PRIu64 " %8" PRIu64 " %6" PRIu64 " %12s %12s %5" PRIu32
		"  %-20s  %-20s  %s",
		pst_kind_name((enum pst_kind)past->kind),
		pst_channel_peer_text(&channel, peer, sizeof(peer)), past->count.attempts,
		past->count.established, past->count.failures,
		pst_page_amount(past->count.bytes_out, bytes_out),
		pst_page_amount(past->count.bytes_in, bytes_in), past->time.days_total,
		pst_page_second(past->time.first_s, first),
		pst_page_second(past->time.last_s, last), pst_verdict_name(past->verdict));
	print_notes(out, past, now_s);
	fputc('\n', out);
}

static const char *const deeds[PST_PAST_WHATS] = {
	[PST_PAST_EXEC] = "executed",
	[PST_PAST_HANDED] = "was given sockets by",
	[PST_PAST_FILTER] = "attached the filter",
	[PST_PAST_MODULE] = "asked for the kernel module",
	[PST_PAST_URING] = "used the network through io_uring",
	[PST_PAST_BPF] = "loaded an eBPF program of type",
	[PST_PAST_MEMFD] = "was executed from memory",
	[PST_PAST_DELETED] = "was executed from a deleted file",
};

static void print_facts(FILE *out, const struct pst_past_program *program)
{
	char text[512], last[24];

	for (size_t i = 0; i < program->fact_count && i < FACT_LINES; i++) {
		const struct pst_past_fact *fact = &program->facts[i];

		fprintf(out, "  %s%s%s: %" PRIu64 " time%s, last %s\n", deeds[fact->what],
			*fact->text ? " " : "", safe(fact->text, text), fact->count,
			fact->count == 1 ? "" : "s", pst_page_second(fact->time.last_s, last));
	}
	if (program->fact_count > FACT_LINES)
		fprintf(out, "  and %zu such more\n", program->fact_count - FACT_LINES);
}

static void print_program(FILE *out, const struct pst_past_program *program,
			  const struct pst_view_keys *keys, uint64_t now_s)
{
	print_head(out, program);
	if (program->channel_count)
		fprintf(out, "  %-12s %-30s %8s %8s %6s %12s %12s %5s  %-20s  %-20s  %s\n", "KIND",
			"PEER OR LISTENER", "TRIED", "MADE", "FAILED", "OUT", "IN", "DAYS", "FIRST",
			"LAST", "VERDICT");
	for (size_t i = 0; i < program->channel_count; i++) {
		if (program->channels[i]->time.last_s >= keys->since_s)
			print_channel(out, program->channels[i], now_s);
	}
	print_facts(out, program);
}

void pst_page_past(FILE *out, const struct pst_engine *engine, const struct pst_view_keys *keys)
{
	uint64_t now_s = pst_page_now_s(engine, keys);
	struct pst_picked picked;

	pst_picked_collect(engine, keys, &picked);
	for (size_t i = 0; i < picked.count; i++)
		print_program(out, picked.list[i], keys, now_s);
	if (picked.failed)
		fputs("\nnot enough memory for all sessions\n", out);
	pst_picked_free(&picked);
}
