// SPDX-License-Identifier: Apache-2.0
/* What can others ask the engine? Its figures, and the rooms that views are made of. */
#include <string.h>

#include "base/text.h"
#include "engine/internal.h"

void pst_engine_figures(const struct pst_engine *engine, struct pst_engine_figures *out)
{
	*out = (struct pst_engine_figures){
		.seen = engine->seen,
		.rejected = engine->rejected,
		.unknown_type = engine->unknown_type,
		.lost = engine->lost,
		.unknown_verdicts = engine->unknown_verdicts,
		.malformed = engine->malformed,
		.sockets = engine->sockets,
		.time_ns = engine->time_ns,
		.started_ns = engine->started_ns,
		.vitals = engine->vitals,
		.contracts = pst_contracts_count(engine->contracts),
		.contracts_signed = pst_contracts_signed(engine->contracts),
		.refused = engine->contracts_refused,
		.ended = engine->ended,
	};
	pst_alerts_figures(engine->alerts, &out->alert);
	pst_attrib_figures(engine->attrib, &out->attrib);
	pst_profile_figures(engine->profile, &out->profile);
}

void pst_engine_sinks(struct pst_engine *engine, const struct pst_sink_figures *figures,
		      size_t count)
{
	engine->sink_count = count < PST_SINKS_MAX ? count : PST_SINKS_MAX;
	for (size_t i = 0; i < engine->sink_count; i++) {
		struct pst_health_sink *sink = &engine->sinks[i];

		(void)pst_text_copy(sink->name, sizeof(sink->name),
				    figures[i].name); /* names are ours and short */
		sink->queued = figures[i].queued;
		sink->dropped = figures[i].dropped;
		sink->last_sequence = figures[i].last_sequence;
	}
}

struct pst_attrib *pst_engine_attrib(const struct pst_engine *engine)
{
	return engine->attrib;
}

struct pst_profile *pst_engine_profile(const struct pst_engine *engine)
{
	return engine->profile;
}

const struct pst_contracts *pst_engine_contract_set(const struct pst_engine *engine)
{
	return engine->contracts;
}

const struct pst_hook *pst_engine_hooks(const struct pst_engine *engine, size_t *count)
{
	*count = engine->hook_count;
	return engine->hooks;
}

int64_t pst_engine_wall_offset(const struct pst_engine *engine)
{
	return engine->wall_offset_ns;
}
