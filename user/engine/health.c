// SPDX-License-Identifier: Apache-2.0
/* Is postern itself well? Heartbeats, losses and refusals as health records, always emitted, never
 * filtered. */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "engine/internal.h"

static bool is_held(const struct pst_hook *hook)
{
	return hook->state == PST_ANSWERED || hook->state == PST_ATTACHED;
}

/* A slot is covered when one of its ranks holds it. */
static bool slot_is_covered(const struct pst_engine *engine, const char *slot)
{
	for (size_t i = 0; i < engine->hook_count; i++) {
		if (is_held(&engine->hooks[i]) && strcmp(engine->hooks[i].slot, slot) == 0)
			return true;
	}
	return false;
}

/* What this kernel does not have at all, or the operator does not want, is told as missing, but
 * nothing is broken that one could mend. */
static bool is_absent(const struct pst_hook *hook)
{
	return hook->state == PST_UNUSED || (hook->state == PST_REFUSED_BY_KERNEL &&
					     (hook->error == ENOENT || hook->error == EOPNOTSUPP));
}

/* What has nothing to see on this host is no loss: the coverage says so, and no record. */
static bool is_spared(const struct pst_hook *hook)
{
	return hook->state == PST_UNUSED && hook->error == EOPNOTSUPP;
}

/* faults - records that were lost since the last heartbeat and should not have been */
static uint64_t faults(const struct pst_engine *engine)
{
	return engine->lost - engine->lost_meant - engine->lost_told;
}

static const char *state_of(const struct pst_engine *engine)
{
	for (size_t i = 0; i < engine->hook_count; i++) {
		if (!is_absent(&engine->hooks[i]) &&
		    !slot_is_covered(engine, engine->hooks[i].slot))
			return "degraded";
	}
	return faults(engine) ? "degraded" : "ok";
}

static void fill(struct pst_engine *engine, struct pst_health *health)
{
	struct pst_alert_figures alert;
	struct pst_attrib_figures attrib;
	struct pst_profile_figures profile;
	size_t contracts = pst_contracts_count(engine->contracts);

	pst_alerts_figures(engine->alerts, &alert);
	pst_attrib_figures(engine->attrib, &attrib);
	pst_profile_figures(engine->profile, &profile);
	*health = (struct pst_health){
		.state = state_of(engine),
		.uptime_s = (engine->time_ns - engine->started_ns) / 1000000000u,
		.seen = engine->seen,
		.lost = engine->lost,
		.rejected = engine->rejected + engine->unknown_type,
		.filtered = engine->filtered,
		.emitted = alert.records,
		.unknown_verdicts = engine->unknown_verdicts,
		.sockets = engine->sockets,
		.vitals = engine->vitals,
		.contracts_loaded = (uint32_t)contracts,
		.contracts_signed = (uint32_t)pst_contracts_signed(engine->contracts),
		.contracts_rejected = engine->contracts_refused,
		.processes = attrib.living,
		.programs = attrib.programs,
		.channels = profile.channels,
		.evicted = attrib.evicted + profile.evicted,
		.hooks = engine->hooks,
		.hook_count = engine->hook_count,
		.coverage = engine->coverage.count ? engine->coverage.state : NULL,
		.losses = engine->losses.entry,
		.loss_count = pst_losses_sort(&engine->losses),
		.sinks = engine->sinks,
		.sink_count = engine->sink_count,
	};
}

void pst_engine_health(struct pst_engine *engine, const char *action, const char *message)
{
	struct pst_health health;

	fill(engine, &health);
	health.action = action;
	health.message = message;
	pst_alerts_health(engine->alerts, &health, engine->time_ns);
}

void pst_engine_health_error(struct pst_engine *engine, const char *action, const char *code,
			     const char *message)
{
	struct pst_health health;

	fill(engine, &health);
	health.action = action;
	health.message = message;
	health.error_code = code;
	health.error_type = action;
	health.error_message = message;
	health.state = "degraded";
	pst_alerts_health(engine->alerts, &health, engine->time_ns);
}

void pst_engine_warn(struct pst_engine *engine, const struct pst_warning *warning)
{
	if (engine->started_told) {
		pst_engine_health_error(engine, warning->action, warning->code, warning->message);
		return;
	}
	/* before the stream there is no host to speak of; each part of the caller warns once */
	assert(engine->warning_count < PST_WARNINGS_MAX);
	engine->warnings[engine->warning_count++] = *warning;
}

static void tell_warnings(struct pst_engine *engine)
{
	for (size_t i = 0; i < engine->warning_count; i++)
		pst_engine_warn(engine, &engine->warnings[i]);
	engine->warning_count = 0;
}

const char *pst_engine_say_contracts(const struct pst_engine *engine, char *out, size_t out_size)
{
	size_t count = pst_contracts_count(engine->contracts), i;

	(void)pst_text_format(out, out_size, "%zu contract%s in force", count,
			      count == 1 ? " is" : "s are"); /* fits */
	for (i = 0; i < count; i++) {
		const struct pst_contract *contract = pst_contracts_at(engine->contracts, i);
		size_t before = strlen(out);

		if (pst_text_append(out, out_size - 8, "%s%s version %" PRIu64 " %s%s",
				    i ? ", " : ": ", contract->id, contract->version,
				    *contract->signer ? "signed by " : "unsigned",
				    contract->signer) == 0)
			continue;
		out[before] = '\0';
		(void)pst_text_append(out, out_size, ", ..."); /* room was left */
		break;
	}
	return out;
}

static void tell_loss(struct pst_engine *engine)
{
	char message[512];
	const char *between = ": ";

	(void)pst_text_format(message, sizeof(message),
			      "%" PRIu64 " records were lost since the last heartbeat",
			      faults(engine)); /* fits, with all reasons */
	for (unsigned int i = 1; i < PST_LOST_REASONS; i++) {
		if (!engine->lost_why[i] || i == PST_LOST_DNS)
			continue;
		(void)pst_text_append(message, sizeof(message), "%s%" PRIu64 " by %s", between,
				      engine->lost_why[i], pst_loss_name((enum pst_loss_reason)i));
		between = ", ";
	}
	pst_engine_health_error(engine, "events-lost", "RECORDS_LOST", message);
}

/* same_reason - do both miss for one cause? Each slot stands for itself where none is known */
static bool same_reason(const struct pst_hook *a, const struct pst_hook *b)
{
	return strcmp(a->slot, b->slot) == 0 || (a->why[0] && strcmp(a->why, b->why) == 0);
}

static bool was_told(const struct pst_engine *engine, size_t hook)
{
	for (size_t i = 0; i < hook; i++) {
		if (!slot_is_covered(engine, engine->hooks[i].slot) &&
		    same_reason(&engine->hooks[i], &engine->hooks[hook]))
			return true;
	}
	return false;
}

/* tell_missing_like - one record for all slots that miss for the reason of this one */
static void tell_missing_like(struct pst_engine *engine, const struct pst_hook *first)
{
	char slots[512] = "", message[768];
	size_t count = 0;

	for (const struct pst_hook *hook = first; hook < engine->hooks + engine->hook_count;
	     hook++) {
		if (slot_is_covered(engine, hook->slot) || !same_reason(first, hook))
			continue;
		(void)pst_text_append(slots, sizeof(slots), "%s%s", count ? ", " : "",
				      hook->slot); /* cut is fine */
		count++;
	}
	(void)pst_text_format(message, sizeof(message),
			      "%s %s %s not covered: ", count > 1 ? "slots" : "slot", slots,
			      count > 1 ? "are" : "is"); /* cut is fine */
	if (first->why[0])
		(void)pst_text_append(message, sizeof(message), "%s", first->why);
	else
		(void)pst_text_append(message, sizeof(message), "%s %s", first->program,
				      pst_hook_state_name(first->state));
	pst_engine_health_error(engine, "hook-missing", "HOOK_MISSING", message);
}

static void tell_missing(struct pst_engine *engine)
{
	for (size_t i = 0; i < engine->hook_count; i++) {
		if (!slot_is_covered(engine, engine->hooks[i].slot) && !was_told(engine, i) &&
		    !is_spared(&engine->hooks[i]))
			tell_missing_like(engine, &engine->hooks[i]);
	}
}

/* look_at_coverage - after hooks changed; it is news when something is seen worse than before */
static void look_at_coverage(struct pst_engine *engine)
{
	const struct pst_coverage_in in = { .hooks = engine->hooks,
					    .count = engine->hook_count,
					    .dns = engine->config->sensor_dns,
					    .first_bytes = engine->config->sensor_first_bytes };
	struct pst_coverage now;
	char names[256], message[320];

	if (!engine->hooks_changed)
		return;
	engine->hooks_changed = false;
	pst_coverage_judge(&in, &now);
	if (pst_coverage_shrunk(&engine->coverage, &now, names, sizeof(names))) {
		engine->coverage = now;
		(void)pst_text_format(message, sizeof(message), "less is seen than before: %s",
				      names); /* fits */
		pst_engine_health_error(engine, "coverage-shrunk", "COVERAGE_SHRUNK", message);
	}
	engine->coverage = now;
}

void pst_engine_health_tick(struct pst_engine *engine)
{
	look_at_coverage(engine);
	if (!engine->started_told) {
		engine->started_told = true;
		engine->health_due_ns = engine->time_ns + engine->config->health_ns;
		pst_engine_health(engine, "started", "postern watches");
		tell_missing(engine);
		tell_warnings(engine);
		pst_engine_tell_units(engine);
		return;
	}
	if (engine->time_ns < engine->health_due_ns)
		return;
	engine->health_due_ns = engine->time_ns + engine->config->health_ns;
	if (faults(engine))
		tell_loss(engine);
	pst_engine_health(engine, "heartbeat", "postern watches");
	engine->lost_told = engine->lost - engine->lost_meant;
	memset(engine->lost_why, 0, sizeof(engine->lost_why));
}
