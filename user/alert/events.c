// SPDX-License-Identifier: Apache-2.0
/* events: the records that are no alerts: health, channels, executions. */
#include "alert/alerts.h"

void pst_alerts_health(struct pst_alerts *alerts, const struct pst_health *health, uint64_t time_ns)
{
	const struct pst_ecs_health what = {
		.health = health,
		.event_id = pst_emit_id(alerts, PST_HEALTH),
		.time_ns = time_ns,
	};
	const struct pst_emission emission = { PST_HEALTH, pst_ecs_health_severity(health),
					       pst_ecs_fill_health, &what };

	pst_emit(alerts, &emission);
}

void pst_alerts_channel(struct pst_alerts *alerts, const struct pst_flow *flow, uint64_t time_ns)
{
	struct pst_facts *facts = &alerts->scratch;
	const struct pst_ecs_flow what = {
		.facts = facts,
		.since = flow->since_ns ? flow->since : &flow->channel->count,
		.event_id = pst_emit_id(alerts, PST_CHANNEL_RECORD),
		.time_ns = time_ns,
		.since_ns = flow->since_ns,
		.complete = pst_emit_complete(alerts, time_ns),
	};
	const struct pst_emission emission = { PST_CHANNEL_RECORD, PST_INFO, pst_ecs_fill_flow,
					       &what };

	pst_facts_init(facts);
	pst_facts_process(facts, flow->process, flow->process->image);
	facts->at[PST_FACT_ARGS] = 0; /* the short form: its exec record has them */
	pst_facts_channel(facts, flow->channel);
	pst_facts_contract(facts, alerts->contracts, flow->process->image);
	pst_facts_others(facts, alerts->attrib, flow->process);
	pst_emit(alerts, &emission);
}

void pst_alerts_exec(struct pst_alerts *alerts, const struct pst_process *process,
		     const struct pst_image *image, uint64_t time_ns)
{
	struct pst_facts *facts = &alerts->scratch;
	const struct pst_ecs_exec what = {
		.facts = facts,
		.event_id = pst_emit_id(alerts, PST_EXEC_RECORD),
		.time_ns = time_ns,
	};
	const struct pst_emission emission = { PST_EXEC_RECORD, PST_INFO, pst_ecs_fill_exec,
					       &what };

	pst_facts_init(facts);
	pst_facts_process(facts, process, image);
	pst_facts_exec(facts, alerts->contracts, image);
	if (alerts->keys.redact)
		pst_facts_redact(facts);
	pst_emit(alerts, &emission);
}
