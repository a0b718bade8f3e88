// SPDX-License-Identifier: Apache-2.0
/* alerts: is this finding new, and is it time to tell it again? One alert per finding: repeats
 * update it, with waits that double. */
#include "alert/alerts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define LOSS_NS UINT64_C(60000000000) /* how long a loss makes evidence incomplete */
#define WAIT_MAX_NS                                                                                \
	UINT64_C(3600000000000) /* waits double up to an hour, or to update_ns when that is longer \
				 */
#define UPDATE_NS UINT64_C(300000000000)
#define STORM_PER_HOUR 60u
#define FINDINGS_MAX 4096u

static bool has_news(const struct pst_entry *entry)
{
	return entry->facts && (entry->changed || entry->count > entry->told_count);
}

static void tell(struct pst_alerts *alerts, const char *id, struct pst_entry *entry,
		 uint64_t time_ns)
{
	const struct pst_ecs_alert what = {
		.facts = entry->facts,
		.event_id = pst_emit_id(alerts, PST_ALERT),
		.finding_id = id,
		.state = entry->told_count ? "update" : "new",
		.time_ns = time_ns,
		.count = entry->count,
		.first_ns = entry->first_ns,
		.last_ns = entry->last_ns,
		.complete = pst_emit_complete(alerts, entry->last_ns),
	};
	const struct pst_emission emission = { PST_ALERT, entry->facts->severity,
					       pst_ecs_fill_alert, &what };

	if (entry->told_count)
		alerts->figures.updates++;
	else
		alerts->figures.alerts++;
	pst_emit(alerts, &emission);
	entry->told_ns = time_ns;
	entry->told_count = entry->count;
	entry->changed = false;
}

static void tell_update(struct pst_alerts *alerts, const char *id, struct pst_entry *entry,
			uint64_t time_ns)
{
	uint64_t most = alerts->keys.update_ns > WAIT_MAX_NS ? alerts->keys.update_ns : WAIT_MAX_NS;

	tell(alerts, id, entry, time_ns);
	entry->wait_ns = entry->wait_ns < most / 2 ? entry->wait_ns * 2 : most;
}

/* forget - an entry makes room: what it still has to say is said now */
static void forget(void *context, const void *key, void *value)
{
	struct pst_alerts *alerts = context;
	struct pst_entry *entry = value;

	if (has_news(entry))
		tell(alerts, key, entry, alerts->position.time_ns);
	free(entry->facts);
	entry->facts = NULL;
}

static void set_defaults(struct pst_alert_keys *keys)
{
	keys->update_ns = keys->update_ns ? keys->update_ns : UPDATE_NS;
	keys->storm_per_hour = keys->storm_per_hour ? keys->storm_per_hour : STORM_PER_HOUR;
	keys->max_findings = keys->max_findings ? keys->max_findings : FINDINGS_MAX;
}

struct pst_alerts *pst_alerts_new(const struct pst_alert_keys *keys, pst_record_fn emit,
				  void *context)
{
	struct pst_alerts *alerts = calloc(1, sizeof(*alerts));
	struct pst_table_shape shape = { .key_bytes = sizeof(struct pst_finding_key),
					 .value_bytes = sizeof(struct pst_entry) };

	if (!alerts)
		return NULL;
	alerts->keys = *keys;
	set_defaults(&alerts->keys);
	alerts->emit = emit;
	alerts->context = context;
	shape.capacity = alerts->keys.max_findings;
	shape.on_drop = forget;
	shape.context = alerts;
	alerts->findings = pst_table_new(&shape);
	if (!alerts->findings) {
		pst_alerts_free(alerts);
		return NULL;
	}
	return alerts;
}

void pst_alerts_free(struct pst_alerts *alerts)
{
	struct pst_entry *entry;

	if (!alerts)
		return;
	if (alerts->findings) {
		for (entry = NULL; (entry = pst_table_next(alerts->findings, entry, NULL));) {
			free(entry->facts);
			entry->facts = NULL; /* nothing is told any more: pst_alerts_flush was the
						time for it */
		}
	}
	pst_table_free(alerts->findings);
	free(alerts);
}

void pst_alerts_host(struct pst_alerts *alerts, const struct pst_host *host, uint64_t start_ns)
{
	alerts->speaker.host = *host;
	alerts->speaker.wall_offset_ns = host->wall_offset_ns;
	(void)pst_id_ephemeral(host, start_ns,
			       alerts->speaker.ephemeral_id); /* returns what it was given */
	alerts->introduced = true;
}

void pst_alerts_clock(struct pst_alerts *alerts, int64_t wall_offset_ns)
{
	alerts->speaker.wall_offset_ns = wall_offset_ns;
}

void pst_alerts_contracts(struct pst_alerts *alerts, const struct pst_contracts *contracts)
{
	alerts->contracts = contracts;
}

void pst_alerts_attrib(struct pst_alerts *alerts, struct pst_attrib *attrib)
{
	alerts->attrib = attrib;
}

void pst_alerts_position(struct pst_alerts *alerts, uint32_t cpu, uint64_t seq, uint64_t time_ns)
{
	struct pst_position *at = &alerts->position;

	if (at->cpu == cpu && at->seq == seq && at->time_ns == time_ns)
		return; /* ordinals go on */
	at->cpu = cpu;
	at->seq = seq;
	at->time_ns = time_ns;
	memset(alerts->ordinal, 0, sizeof(alerts->ordinal));
}

void pst_alerts_loss(struct pst_alerts *alerts, uint64_t time_ns)
{
	alerts->loss_until_ns = time_ns + LOSS_NS;
}

static struct pst_facts *take_facts(struct pst_alerts *alerts, const struct pst_finding *finding)
{
	struct pst_facts *facts = &alerts->scratch;

	pst_facts_init(facts);
	pst_facts_finding(facts, alerts->contracts, finding);
	pst_facts_others(facts, alerts->attrib, finding->process);
	if (alerts->keys.redact)
		pst_facts_redact(facts);
	return pst_facts_keep(facts);
}

/* now - what is judged again after a reload was last active long ago, but is told now */
static uint64_t now(const struct pst_alerts *alerts, const struct pst_finding *finding)
{
	uint64_t here = alerts->position.time_ns;

	return finding->time_ns > here ? finding->time_ns : here;
}

static uint32_t result_bit(const struct pst_finding *finding)
{
	const struct pst_channel *channel = finding->channel;

	if (!channel || !channel->last_result)
		return 0;
	assert((unsigned int)channel->last_result < PST_RESULTS);
	return 1u << (unsigned int)channel->last_result;
}

static void fold(struct pst_alerts *alerts, const struct pst_entry *entry,
		 const struct pst_finding *finding)
{
	uint64_t repeats = finding->occurrences;

	if (entry->count <= (repeats ? repeats : 1)) { /* its first ones */
		pst_storm_fold(alerts, finding->detector, finding->time_ns);
		repeats -= repeats ? 1 : 0;
	}
	pst_storm_repeat(alerts, finding, repeats);
}

static void tell_new(struct pst_alerts *alerts, const char *id, struct pst_entry *entry,
		     const struct pst_finding *finding)
{
	if (!pst_storm_admits(alerts, finding)) {
		fold(alerts, entry, finding);
		return;
	}
	entry->facts = take_facts(alerts, finding);
	if (!entry->facts)
		return; /* no memory: counted, and told with the next occurrence */
	entry->wait_ns = alerts->keys.update_ns;
	entry->told_results |= result_bit(finding);
	tell(alerts, id, entry, now(alerts, finding));
}

/* says_less - a socket that is only made, beside one of its kind that has a peer */
static bool says_less(const struct pst_facts *news, const struct pst_facts *held)
{
	return news->has_channel && held->has_channel && news->channel.bare && !held->channel.bare;
}

static void tell_again(struct pst_alerts *alerts, const char *id, struct pst_entry *entry,
		       const struct pst_finding *finding)
{
	struct pst_facts *facts = take_facts(alerts, finding);
	uint32_t untold = result_bit(finding) & ~entry->told_results;
	uint64_t time_ns = now(alerts, finding);

	if (facts && !says_less(facts, entry->facts)) { /* the newest occurrence speaks for all */
		free(entry->facts);
		entry->facts = facts;
	} else {
		free(facts);
	}
	entry->changed |= !finding->occurrences;
	entry->told_results |= untold;
	if (untold)
		tell(alerts, id, entry, time_ns);
	else if (time_ns >= entry->told_ns && time_ns - entry->told_ns >= entry->wait_ns)
		tell_update(alerts, id, entry, time_ns);
	else
		alerts->pending++;
}

void pst_alerts_found(struct pst_alerts *alerts, const struct pst_finding *finding)
{
	struct pst_finding_key key = { .id = "" };
	struct pst_entry *entry;
	bool is_known;

	(void)pst_id_finding(&alerts->speaker.host, alerts->contracts, finding,
			     key.id); /* returns what it was given */
	alerts->figures.by_detector[finding->detector] += finding->occurrences;
	entry = pst_table_put(alerts->findings, &key, NULL);
	if (!entry) { /* no memory for the table: no alert of its own, but counted */
		pst_storm_fold(alerts, finding->detector, finding->time_ns);
		return;
	}
	is_known = entry->count > 0;
	if (!is_known)
		entry->first_ns = finding->time_ns;
	entry->count += finding->occurrences;
	if (!entry->count)
		entry->count = 1; /* its occurrences were forgotten with it */
	if (finding->time_ns > entry->last_ns)
		entry->last_ns = finding->time_ns;
	if (entry->facts)
		tell_again(alerts, key.id, entry, finding);
	else if (!is_known || finding->occurrences)
		tell_new(alerts, key.id, entry, finding);
}

/* tell_due - updates whose wait is over, or all of them */
static void tell_due(struct pst_alerts *alerts, uint64_t time_ns, uint64_t wait_at_most)
{
	struct pst_entry *entry = NULL;
	const void *key;
	size_t left = 0;

	if (!alerts->pending)
		return;
	while ((entry = pst_table_next(alerts->findings, entry, &key))) {
		uint64_t wait = entry->wait_ns < wait_at_most ? entry->wait_ns : wait_at_most;

		if (!has_news(entry))
			continue;
		if (time_ns >= entry->told_ns && time_ns - entry->told_ns >= wait)
			tell_update(alerts, key, entry, time_ns);
		else
			left++;
	}
	alerts->pending = left;
}

void pst_alerts_tick(struct pst_alerts *alerts, uint64_t time_ns)
{
	pst_storm_tick(alerts, time_ns);
	tell_due(alerts, time_ns, UINT64_MAX);
}

void pst_alerts_flush(struct pst_alerts *alerts, uint64_t time_ns)
{
	tell_due(alerts, time_ns, 0);
	pst_storm_tell(alerts, time_ns);
}

void pst_alerts_figures(const struct pst_alerts *alerts, struct pst_alert_figures *out)
{
	*out = alerts->figures;
}
