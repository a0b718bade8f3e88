// SPDX-License-Identifier: Apache-2.0
/* ecs_alert: how does a finding stand in a record: rule, techniques, evidence, and the many that
 * were folded into one? */
#include <inttypes.h>
#include <string.h>

#include "alert/ecs.h"
#include "base/text.h"

/* event.action per detector; others: their name with dashes */
static const struct {
	const char *detector, *action;
} actions[] = {
	{ "undeclared_channel", "channel-unexpected" },
	{ "new_listener", "listener-unexpected" },
	{ "unexpected_exec", "exec-unexpected" },
};

static const char *action_of(const char *detector, char *out, size_t out_size)
{
	size_t i;
	char *at;

	for (i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (!strcmp(actions[i].detector, detector))
			return actions[i].action;
	(void)pst_text_copy(out, out_size, detector); /* names of detectors are short */
	for (at = out; *at; at++)
		if (*at == '_')
			*at = '-';
	return out;
}

/* add_pair - append an id and its name to the two arrays below @path */
static void add_pair(struct pst_ecs *ecs, const char *path, const char *id, const char *name)
{
	char full[64];

	(void)pst_text_format(full, sizeof(full), "%s.id", path); /* our own short paths */
	pst_json_add_text(ecs->json, full, id);
	(void)pst_text_format(full, sizeof(full), "%s.name", path);
	pst_json_add_text(ecs->json, full, name);
}

static bool is_repeated(const struct pst_technique *list, size_t at, const char *tactic,
			const char *technique)
{
	size_t i;

	for (i = 0; i < at; i++)
		if ((tactic && !strcmp(list[i].tactic, tactic)) ||
		    (technique && !strcmp(list[i].technique, technique)))
			return true;
	return false;
}

static void put_threat(struct pst_ecs *ecs, const struct pst_technique *list)
{
	size_t i;

	if (!list[0].tactic)
		return;
	pst_json_put_text(ecs->json, "threat.framework", "MITRE ATT&CK");
	for (i = 0; i < PST_TECHNIQUES_MAX && list[i].tactic; i++) {
		if (!is_repeated(list, i, list[i].tactic, NULL))
			add_pair(ecs, "threat.tactic", list[i].tactic, list[i].tactic_name);
		if (!is_repeated(list, i, NULL, list[i].technique))
			add_pair(ecs, "threat.technique", list[i].technique,
				 list[i].technique_name);
		if (list[i].sub)
			add_pair(ecs, "threat.technique.subtechnique", list[i].sub,
				 list[i].sub_name);
	}
}

static void put_rule(struct pst_ecs *ecs, const char *id, const char *name, const char *category)
{
	pst_json_put_text(ecs->json, "rule.id", id);
	pst_json_put_text(ecs->json, "rule.name", name);
	pst_json_put_text(ecs->json, "rule.category", category);
	pst_json_put_text(ecs->json, "rule.ruleset", "builtin");
	pst_json_put_text(ecs->json, "rule.version", "1");
}

static void put_standing(struct pst_ecs *ecs, const struct pst_facts *facts)
{
	size_t i;

	for (i = 0; i < facts->standing_count && i < ecs->limits->standing; i++)
		pst_json_add_text(ecs->json, "postern.standing", facts->text + facts->standing[i]);
	if (i < facts->standing_total)
		ecs->cut |= PST_CUT_STANDING;
	if (facts->standing_total)
		pst_ecs_put_uint(ecs, "postern.standing_total", facts->standing_total);
}

static void put_finding(struct pst_ecs *ecs, const struct pst_ecs_alert *alert)
{
	pst_json_put_text(ecs->json, "postern.finding.id", alert->finding_id);
	pst_json_put_text(ecs->json, "postern.finding.state", alert->state);
	pst_ecs_put_uint(ecs, "postern.finding.count", alert->count);
	pst_ecs_put_ours(ecs, "postern.finding.about", pst_fact(alert->facts, PST_FACT_ABOUT));
	pst_ecs_put_time(ecs, "postern.finding.first_seen", alert->first_ns);
	pst_ecs_put_uint(ecs, "postern.score.total", alert->facts->score);
	pst_json_put_bool(ecs->json, "postern.evidence_complete", alert->complete);
	if (alert->facts->preexisting)
		pst_json_put_bool(ecs->json, "postern.preexisting", true);
}

/* An executed program is one: its exec succeeded. An inventory has no outcome. */
static const char *outcome_of(const struct pst_facts *facts, const struct pst_detector *detector)
{
	if (facts->has_channel)
		return pst_ecs_outcome(&facts->channel);
	return detector->on_exec ? "success" : "unknown";
}

static void put_verdict_of(struct pst_ecs *ecs, const struct pst_ecs_alert *alert,
			   const struct pst_detector *detector)
{
	const struct pst_facts *facts = alert->facts;

	pst_json_put_text(ecs->json, "event.code", detector->name);
	pst_ecs_put_uint(ecs, "event.severity", (uint64_t)facts->severity);
	pst_json_put_real(ecs->json, "event.risk_score", facts->score);
	pst_json_put_text(ecs->json, "event.outcome", outcome_of(facts, detector));
	pst_ecs_put_span(ecs, alert->first_ns, alert->last_ns);
	pst_ecs_put_ours(ecs, "event.reason", pst_fact(facts, PST_FACT_REASON));
}

void pst_ecs_fill_alert(struct pst_ecs *ecs, const void *what)
{
	const struct pst_ecs_alert *alert = what;
	const struct pst_facts *facts = alert->facts;
	const struct pst_detector *detector = pst_detector_at(facts->detector);
	bool network = facts->has_channel || facts->standing_total;
	char action[40];
	const struct pst_ecs_head head = {
		.time_ns = alert->time_ns,
		.id = alert->event_id,
		.kind = "alert",
		.dataset = "postern.alert",
		.action = action_of(detector->name, action, sizeof(action)),
		.message = pst_fact(facts, PST_FACT_MESSAGE),
		.category = { network ? "network" : "process", "intrusion_detection" },
		.type = { network ? "connection" : "start", "info" },
	};

	pst_ecs_head(ecs, &head);
	put_verdict_of(ecs, alert, detector);
	pst_ecs_process(ecs, facts);
	pst_ecs_powers(ecs, facts);
	pst_ecs_context(ecs, facts);
	if (facts->has_channel)
		pst_ecs_network(ecs, facts);
	put_rule(ecs, detector->name, detector->title, detector->category);
	put_threat(ecs, detector->technique);
	put_finding(ecs, alert);
	pst_ecs_contract(ecs, facts);
	pst_ecs_lineage(ecs, facts);
	if (facts->has_channel)
		pst_ecs_channel(ecs, facts);
	put_standing(ecs, facts);
}

static void put_storm_table(struct pst_ecs *ecs, const struct pst_ecs_storm *storm)
{
	size_t i;

	pst_ecs_put_uint(ecs, "postern.storm.folded", storm->folded);
	pst_ecs_put_uint(ecs, "postern.storm.repeats", storm->repeats);
	pst_ecs_put_uint(ecs, "postern.storm.limit", storm->limit);
	for (i = 0; i < PST_DETECTORS; i++) {
		struct pst_json *row;

		if (!storm->by_detector[i])
			continue;
		row = pst_json_add_object(ecs->json, "postern.storm.detectors");
		if (!row)
			continue; /* printing reports the lack of memory */
		pst_json_put_text(row, "name", pst_detector_at((enum pst_detector_id)i)->name);
		pst_json_put_count(row, "count", storm->by_detector[i]);
	}
}

void pst_ecs_fill_storm(struct pst_ecs *ecs, const void *what)
{
	const struct pst_ecs_storm *storm = what;
	char message[256];
	const struct pst_ecs_head head = {
		.time_ns = storm->time_ns,
		.id = storm->event_id,
		.kind = "alert",
		.dataset = "postern.alert",
		.action = "alert-storm",
		.message = message,
		.category = { "intrusion_detection" },
		.type = { "info" },
	};

	(void)pst_text_format(message, sizeof(message),
			      "%" PRIu64 " findings were folded: an hour shows %" PRIu32
			      " new ones, and %" PRIu32
			      " of severity high and above; the table counts them by detector",
			      storm->folded, storm->limit, storm->grave_limit); /* fits */
	pst_ecs_head(ecs, &head);
	pst_json_put_text(ecs->json, "event.code", "alert_storm");
	pst_ecs_put_uint(ecs, "event.severity", PST_HIGH);
	pst_json_put_real(ecs->json, "event.risk_score", 70);
	pst_json_put_text(ecs->json, "event.outcome", "unknown");
	pst_ecs_put_span(ecs, storm->start_ns, storm->end_ns);
	put_rule(ecs, "alert_storm", "More new findings than an hour may show", "alert-volume");
	pst_json_put_text(ecs->json, "postern.finding.id", storm->finding_id);
	pst_json_put_text(ecs->json, "postern.finding.state", storm->state);
	pst_ecs_put_uint(ecs, "postern.finding.count", storm->folded);
	pst_ecs_put_time(ecs, "postern.finding.first_seen", storm->start_ns);
	put_storm_table(ecs, storm);
	pst_json_put_bool(ecs->json, "postern.evidence_complete", storm->complete);
}
