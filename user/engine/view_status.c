// SPDX-License-Identifier: Apache-2.0
/* How is postern doing right now? */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "engine/internal.h"
#include "engine/view.h"

struct line {
	const char *name;
	uint64_t value;
};

#define LINES_MAX 40

static size_t fill(const struct pst_engine_figures *f, struct line *lines)
{
	const struct line list[] = {
		{ "uptime_s", (f->time_ns - f->started_ns) / 1000000000u },
		{ "records_seen", f->seen },
		{ "records_lost", f->lost },
		{ "records_rejected", f->rejected + f->unknown_type },
		{ "processes", f->attrib.living },
		{ "programs", f->attrib.programs },
		{ "channels", f->profile.channels },
		{ "channels_open", f->profile.open_channels },
		{ "evicted", f->attrib.evicted + f->profile.evicted },
		{ "named_addresses", f->attrib.named },
		{ "dns_questions", f->attrib.dns_questions },
		{ "dns_answers", f->attrib.dns_answers },
		{ "dns_unmatched", f->attrib.dns_unmatched },
		{ "dns_untrusted", f->attrib.dns_untrusted },
		{ "malformed", f->malformed },
		{ "sockets_seen", f->sockets.seen },
		{ "sockets_late", f->sockets.late },
		{ "sockets_hidden", f->sockets.hidden },
		{ "sockets_gone", f->sockets.gone },
		{ "identity_refused", f->vitals.identity_refused },
		{ "contracts", f->contracts },
		{ "contracts_signed", f->contracts_signed },
		{ "contracts_refused", f->refused },
		{ "unknown_verdicts", f->unknown_verdicts },
		{ "alerts", f->alert.alerts },
		{ "alert_updates", f->alert.updates },
		{ "alerts_folded", f->alert.folded },
		{ "hooks_expected", f->vitals.hooks_expected },
		{ "hooks_attached", f->vitals.hooks_attached },
		{ "ring_bytes", f->vitals.ring_bytes },
		{ "ring_high_water", f->vitals.ring_high_water },
		{ "kernel_channels", f->vitals.map_used },
		{ "rss_kb", f->vitals.rss_kb },
		{ "cpu_ms", f->vitals.cpu_ms },
	};

	_Static_assert(sizeof(list) / sizeof(list[0]) <= LINES_MAX, "room for all lines");
	memcpy(lines, list, sizeof(list));
	return sizeof(list) / sizeof(list[0]);
}

static char *as_text(const struct pst_engine *engine, const struct line *lines, size_t count)
{
	char *text = NULL;
	size_t len = 0, hooks;
	const struct pst_hook *hook = pst_engine_hooks(engine, &hooks);
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%-18s %" PRIu64 "\n", lines[i].name, lines[i].value);
	for (size_t i = 0; i < pst_contracts_count(engine->contracts); i++) {
		const struct pst_contract *contract = pst_contracts_at(engine->contracts, i);

		fprintf(out, "contract %s version %" PRIu64 " %s%s\n", contract->id,
			contract->version, *contract->signer ? "signed by " : "unsigned",
			contract->signer);
	}
	for (size_t i = 0; i < hooks; i++)
		fprintf(out, "hook %-16s %-20s %s\n", hook[i].slot, hook[i].program,
			pst_hook_state_name(hook[i].state));
	for (size_t i = 0; i < engine->sink_count; i++)
		fprintf(out,
			"sink %-13s %" PRIu64 " lines wait, %" PRIu64
			" dropped, last sequence %" PRIu64 "\n",
			engine->sinks[i].name, engine->sinks[i].queued, engine->sinks[i].dropped,
			engine->sinks[i].last_sequence);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static void put_sinks(const struct pst_engine *engine, struct pst_json *json)
{
	for (size_t i = 0; i < engine->sink_count; i++) {
		struct pst_json *one = pst_json_add_object(json, "sinks");

		if (!one)
			return; /* printing reports the lack of memory */
		pst_json_put_text(one, "name", engine->sinks[i].name);
		pst_json_put_count(one, "queued", engine->sinks[i].queued);
		pst_json_put_count(one, "dropped", engine->sinks[i].dropped);
		pst_json_put_count(one, "last_sequence", engine->sinks[i].last_sequence);
	}
}

static void put_contracts(const struct pst_engine *engine, struct pst_json *json)
{
	for (size_t i = 0; i < pst_contracts_count(engine->contracts); i++) {
		const struct pst_contract *contract = pst_contracts_at(engine->contracts, i);
		struct pst_json *one = pst_json_add_object(json, "in_force");

		if (!one)
			return; /* printing reports the lack of memory */
		pst_json_put_text(one, "contract", contract->id);
		pst_json_put_count(one, "version", contract->version);
		pst_json_put_text(one, "digest", contract->digest);
		pst_json_put_bool(one, "signed", *contract->signer != '\0');
		if (*contract->signer)
			pst_json_put_text(one, "signer", contract->signer);
	}
}

static char *as_json(const struct pst_engine *engine, const struct line *lines, size_t count)
{
	size_t hooks;
	const struct pst_hook *hook = pst_engine_hooks(engine, &hooks);
	struct pst_json *json = pst_json_new();
	char *text;

	if (!json)
		return NULL;
	for (size_t i = 0; i < count; i++)
		pst_json_put_count(json, lines[i].name, lines[i].value);
	put_contracts(engine, json);
	for (size_t i = 0; i < hooks; i++) {
		struct pst_json *one = pst_json_add_object(json, "hooks");

		if (!one)
			break;
		pst_json_put_text(one, "slot", hook[i].slot);
		pst_json_put_text(one, "program", hook[i].program);
		pst_json_put_text(one, "state", pst_hook_state_name(hook[i].state));
	}
	put_sinks(engine, json);
	text = pst_json_print_pretty(json);
	pst_json_free(json);
	return text;
}

char *pst_view_status(const struct pst_engine *engine, enum pst_view_form form)
{
	struct pst_engine_figures figures;
	struct line lines[LINES_MAX];
	size_t count;

	pst_engine_figures(engine, &figures);
	count = fill(&figures, lines);
	return form == PST_VIEW_JSON ? as_json(engine, lines, count) :
				       as_text(engine, lines, count);
}
