// SPDX-License-Identifier: Apache-2.0
/* ecs_health: how well is postern itself? Heartbeats, losses, refusals. */
#include <inttypes.h>
#include <string.h>

#include "alert/ecs.h"
#include "base/text.h"

enum pst_severity pst_ecs_health_severity(const struct pst_health *health)
{
	if (!strcmp(health->state, "failed"))
		return PST_HIGH;
	return health->error_code || strcmp(health->state, "ok") ? PST_MEDIUM : PST_INFO;
}

static bool is_held(const struct pst_hook *hook)
{
	return hook->state == PST_ANSWERED || hook->state == PST_ATTACHED;
}

static bool slot_is_covered(const struct pst_health *health, const char *slot)
{
	size_t i;

	for (i = 0; i < health->hook_count; i++)
		if (is_held(&health->hooks[i]) && !strcmp(health->hooks[i].slot, slot))
			return true;
	return false;
}

static void put_hooks(struct pst_ecs *ecs, const struct pst_health *health)
{
	size_t i;

	pst_ecs_put_uint(ecs, "postern.health.hooks.expected", health->vitals.hooks_expected);
	pst_ecs_put_uint(ecs, "postern.health.hooks.attached", health->vitals.hooks_attached);
	for (i = 0; i < health->hook_count; i++) {
		const struct pst_hook *hook = &health->hooks[i];
		char text[96];

		if (slot_is_covered(health, hook->slot))
			continue;
		(void)pst_text_format(text, sizeof(text), "%s/%s %s", hook->slot, hook->program,
				      pst_hook_state_name(hook->state)); /* 24 + 40 + a word */
		pst_ecs_add_raw(ecs, "postern.health.hooks.missing", text);
	}
}

static void put_coverage(struct pst_ecs *ecs, const enum pst_cover_state *state)
{
	static const char *const paths[] = { [PST_COVER_LATE] = "postern.health.coverage.late",
					     [PST_COVER_BLIND] = "postern.health.coverage.blind" };
	size_t rows, seen = 0;
	const struct pst_cover *row = pst_cover_rows(&rows);

	if (!state)
		return;
	for (size_t i = 0; i < rows; i++)
		seen += state[i] == PST_COVER_SEEN;
	pst_ecs_put_uint(ecs, "postern.health.coverage.seen", seen);
	for (size_t i = 0; i < rows; i++) {
		if (state[i] != PST_COVER_SEEN)
			pst_json_add_text(ecs->json, paths[state[i]], row[i].name);
	}
}

static void put_losses(struct pst_ecs *ecs, const struct pst_health *health)
{
	for (size_t i = 0; i < health->loss_count; i++) {
		const struct pst_health_loss *loss = &health->losses[i];
		struct pst_json *one = pst_json_add_object(ecs->json, "postern.health.losses");
		char id[24];

		if (!one)
			return; /* printing reports the lack of memory */
		(void)pst_text_format(id, sizeof(id), "%" PRIu64, loss->cgroup_id); /* fits */
		pst_json_put_text(one, "reason", pst_loss_name(loss->reason));
		pst_json_put_text(one, "cgroup_id", id);
		pst_json_put_count(one, "count", loss->lost);
	}
}

static void put_sinks(struct pst_ecs *ecs, const struct pst_health *health)
{
	size_t i;

	for (i = 0; i < health->sink_count; i++) {
		const struct pst_health_sink *sink = &health->sinks[i];
		char path[64];

		(void)pst_text_format(path, sizeof(path), "postern.health.sink.%s.queued",
				      sink->name); /* names: 15 characters */
		pst_ecs_put_uint(ecs, path, sink->queued);
		(void)pst_text_format(path, sizeof(path), "postern.health.sink.%s.dropped",
				      sink->name);
		pst_ecs_put_uint(ecs, path, sink->dropped);
		(void)pst_text_format(path, sizeof(path), "postern.health.sink.%s.last_sequence",
				      sink->name);
		pst_ecs_put_uint(ecs, path, sink->last_sequence);
	}
}

static void put_vitals(struct pst_ecs *ecs, const struct pst_vitals *vitals)
{
	struct pst_json *map;

	pst_ecs_put_uint(ecs, "postern.health.ringbuf.bytes", vitals->ring_bytes);
	pst_ecs_put_uint(ecs, "postern.health.ringbuf.high_water", vitals->ring_high_water);
	pst_ecs_put_uint(ecs, "postern.health.process.rss_kb", vitals->rss_kb);
	pst_ecs_put_uint(ecs, "postern.health.process.cpu_ms", vitals->cpu_ms);
	if (!vitals->map_max)
		return; /* no figures of the kernel side yet */
	map = pst_json_add_object(ecs->json, "postern.health.maps");
	if (!map)
		return; /* printing reports the lack of memory */
	pst_json_put_text(map, "name", "channels");
	pst_json_put_count(map, "used", vitals->map_used);
	pst_json_put_count(map, "max", vitals->map_max);
}

static void put_figures(struct pst_ecs *ecs, const struct pst_health *health)
{
	const struct {
		const char *path;
		uint64_t value;
	} figures[] = {
		{ "postern.health.uptime_s", health->uptime_s },
		{ "postern.health.events.seen", health->seen },
		{ "postern.health.events.lost", health->lost },
		{ "postern.health.events.rejected", health->rejected },
		{ "postern.health.events.filtered", health->filtered },
		{ "postern.health.events.emitted", health->emitted },
		{ "postern.health.verdicts.unknown", health->unknown_verdicts },
		{ "postern.health.sockets.late", health->sockets.late },
		{ "postern.health.sockets.hidden", health->sockets.hidden },
		{ "postern.health.sockets.gone", health->sockets.gone },
		{ "postern.health.identity.refused", health->vitals.identity_refused },
		{ "postern.health.contract.loaded", health->contracts_loaded },
		{ "postern.health.contract.signed", health->contracts_signed },
		{ "postern.health.contract.rejected", health->contracts_rejected },
		{ "postern.health.tables.processes", health->processes },
		{ "postern.health.tables.programs", health->programs },
		{ "postern.health.tables.channels", health->channels },
		{ "postern.health.tables.evicted", health->evicted },
	};
	size_t i;

	for (i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		pst_ecs_put_uint(ecs, figures[i].path, figures[i].value);
}

void pst_ecs_fill_health(struct pst_ecs *ecs, const void *what)
{
	const struct pst_ecs_health *record = what;
	const struct pst_health *health = record->health;
	const struct pst_ecs_head head = {
		.time_ns = record->time_ns,
		.id = record->event_id,
		.kind = health->error_code ? "pipeline_error" : "metric",
		.dataset = "postern.health",
		.action = health->action,
		.message = health->message,
		.category = { "host" },
		.type = { "info" },
	};

	pst_ecs_head(ecs, &head);
	pst_ecs_put_uint(ecs, "event.severity", (uint64_t)pst_ecs_health_severity(health));
	if (health->error_code) {
		pst_ecs_put_ours(ecs, "error.code", health->error_code);
		pst_ecs_put_ours(ecs, "error.type", health->error_type);
		pst_ecs_put_ours(ecs, "error.message", health->error_message);
	}
	pst_json_put_text(ecs->json, "postern.health.state", health->state);
	put_figures(ecs, health);
	put_vitals(ecs, &health->vitals);
	put_hooks(ecs, health);
	put_coverage(ecs, health->coverage);
	put_losses(ecs, health);
	put_sinks(ecs, health);
}
