// SPDX-License-Identifier: Apache-2.0
/* Is postern itself well? Heartbeats, losses and refusals as health records, always emitted, never
 * filtered. */
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

/* What this kernel does not have at all is told as missing, but nothing is broken that one could
 * mend. */
static bool is_absent(const struct pst_hook *hook)
{
	return hook->state == PST_REFUSED_BY_KERNEL && hook->error == ENOENT;
}

static const char *state_of(const struct pst_engine *engine)
{
	for (size_t i = 0; i < engine->hook_count; i++) {
		if (!is_absent(&engine->hooks[i]) &&
		    !slot_is_covered(engine, engine->hooks[i].slot))
			return "degraded";
	}
	return engine->lost > engine->lost_told ? "degraded" : "ok";
}

static void fill(const struct pst_engine *engine, struct pst_health *health)
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
		.vitals = engine->vitals,
		.contracts_loaded = (uint32_t)contracts,
		.contracts_rejected = engine->contracts_refused,
		.processes = attrib.living,
		.programs = attrib.programs,
		.channels = profile.channels,
		.evicted = attrib.evicted + profile.evicted,
		.hooks = engine->hooks,
		.hook_count = engine->hook_count,
		.sinks = engine->sinks,
		.sink_count = engine->sink_count,
	};
	for (size_t i = 0; i < contracts; i++)
		health->not_judged += pst_contracts_at(engine->contracts, i)->not_judged;
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

static void tell_loss(struct pst_engine *engine)
{
	char message[128];
	uint64_t lost = engine->lost - engine->lost_told;

	(void)pst_text_format(message, sizeof(message),
			      "%" PRIu64 " records were lost since the last heartbeat",
			      lost); /* fits */
	pst_engine_health_error(engine, "events-lost", "RECORDS_LOST", message);
}

static void tell_missing(struct pst_engine *engine)
{
	char message[192];

	for (size_t i = 0; i < engine->hook_count; i++) {
		if (slot_is_covered(engine, engine->hooks[i].slot))
			continue;
		(void)pst_text_format(
			message, sizeof(message), "slot %s is not covered: %s %s",
			engine->hooks[i].slot, engine->hooks[i].program,
			pst_hook_state_name(engine->hooks[i].state)); /* bounded names */
		pst_engine_health_error(engine, "hook-missing", "HOOK_MISSING", message);
	}
}

void pst_engine_health_tick(struct pst_engine *engine)
{
	if (!engine->started_told) {
		engine->started_told = true;
		engine->health_due_ns = engine->time_ns + engine->config->health_ns;
		pst_engine_health(engine, "started", "postern watches");
		tell_missing(engine);
		return;
	}
	if (engine->time_ns < engine->health_due_ns)
		return;
	engine->health_due_ns = engine->time_ns + engine->config->health_ns;
	if (engine->lost > engine->lost_told)
		tell_loss(engine);
	pst_engine_health(engine, "heartbeat", "postern watches");
	engine->lost_told = engine->lost;
}
