// SPDX-License-Identifier: Apache-2.0
/* What happens with one frame, in which order? */
#include "engine/engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "engine/internal.h"

static void see_host(struct pst_engine *engine, const struct pst_event *event)
{
	engine->host = event->host;
	engine->wall_offset_ns = event->host.wall_offset_ns;
	engine->started_ns = event->time_ns;
	engine->detect.started_ns = event->time_ns;
	engine->detect.wall_offset_ns = event->host.wall_offset_ns;
	engine->past.begun_s = pst_past_now_s(engine);
	engine->past.looked_s = engine->past.begun_s;
	engine->day_ns = event->time_ns;
	engine->flows_due_ns = event->time_ns + engine->config->events_interval_ns;
	pst_alerts_host(engine->alerts, &event->host, event->time_ns);
	(void)pst_attrib_see(engine->attrib, event); /* names no process */
}

static void see_clock(struct pst_engine *engine, const struct pst_event *event)
{
	engine->wall_offset_ns = event->clock_wall_offset_ns;
	engine->detect.wall_offset_ns = event->clock_wall_offset_ns;
	pst_alerts_clock(engine->alerts, event->clock_wall_offset_ns);
}

static void see_resolvers(struct pst_engine *engine, const struct pst_event *event)
{
	struct pst_trust_change change;
	char message[1024];

	pst_trust_resolvers(&engine->resolvers, &event->resolvers, &change);
	engine->resolvers = event->resolvers;
	if (engine->started_told && (change.added || change.removed))
		pst_engine_health(engine, "resolvers-changed",
				  pst_trust_say("the resolvers", &change, message,
						sizeof(message)));
	(void)pst_attrib_see(engine->attrib, event); /* names no process */
	pst_contracts_resolvers(engine->contracts, event->resolvers.addr, event->resolvers.count);
}

static void see_hook(struct pst_engine *engine, const struct pst_event *event)
{
	struct pst_hook *hook = NULL;

	for (size_t i = 0; i < engine->hook_count; i++) {
		if (strcmp(engine->hooks[i].program, event->hook.program) == 0 &&
		    strcmp(engine->hooks[i].slot, event->hook.slot) == 0)
			hook = &engine->hooks[i];
	}
	if (!hook && engine->hook_count < PST_ENGINE_HOOKS_MAX)
		hook = &engine->hooks[engine->hook_count++];
	if (hook)
		*hook = event->hook;
	engine->hooks_changed = true;
	pst_engine_names(engine); /* with this slot answers may be seen, or no longer */
}

static void see_vitals(struct pst_engine *engine, const struct pst_event *event)
{
	engine->vitals = event->vitals;
}

static void see_loss(struct pst_engine *engine, const struct pst_event *event)
{
	engine->lost += event->loss.lost;
	engine->lost_why[event->loss.reason] += event->loss.lost;
	pst_losses_add(&engine->losses, event);
	if (event->loss.reason ==
	    PST_LOST_DNS) /* on purpose: a busy resolver is no fault of ours */
		engine->lost_meant += event->loss.lost;
	else
		pst_alerts_loss(engine->alerts, event->time_ns);
}

static void see_tick(struct pst_engine *engine, const struct pst_event *event)
{
	pst_engine_health_tick(engine);
	pst_engine_trust_tick(engine);
	pst_engine_identity_tick(engine);
	pst_engine_filters_tick(engine, event->time_ns);
	pst_detect_tick(&engine->detect, event->time_ns);
	pst_alerts_tick(engine->alerts, event->time_ns);
	pst_engine_flows_tick(engine, event->time_ns);
}

static void see_end(struct pst_engine *engine, const struct pst_event *event)
{
	(void)event; /* its reason is for people who read the recording */
	pst_engine_end(engine);
}

static void see_exec(struct pst_engine *engine, const struct pst_event *event)
{
	struct pst_process *process;

	pst_engine_past_leave(engine, &event->task.proc); /* still as what it was */
	process = pst_attrib_see(engine->attrib, event);
	if (!process)
		return;
	pst_engine_bind(engine, process);
	(void)pst_profile_see(engine->profile, event, process, NULL); /* an exec has no channel */
	pst_detect_exec(&engine->detect, event, process);
	pst_engine_flow_exec(engine, process);
	pst_engine_past_exec(engine, event, process);
	pst_engine_review_exec(engine, process);
	pst_engine_identify_container(engine, process); /* its file goes with it */
	pst_engine_identify(engine, process);
}

static void see_life(struct pst_engine *engine, const struct pst_event *event)
{
	struct pst_process *process = pst_attrib_see(engine->attrib, event);

	if (!process)
		return;
	(void)pst_profile_see(engine->profile, event, process,
			      NULL); /* a fork or an exit has no channel */
	if (event->type == PST_EVENT_EXIT)
		pst_engine_past_leave(engine, &process->id);
}

/* CHANNEL, RESULT and SAMPLE: all three carry the whole key, so that any of them can be the first
 * sight. */
static void see_channel(struct pst_engine *engine, const struct pst_event *event)
{
	struct pst_process *process = pst_attrib_see(engine->attrib, event);
	struct pst_channel *channel;
	bool is_new = false;

	channel = process ? pst_profile_see(engine->profile, event, process, &is_new) : NULL;
	if (!channel)
		return;
	if (is_new)
		pst_engine_past_first(engine, process, channel);
	if (is_new || pst_engine_must_judge(engine, event, process, channel)) {
		channel->image = process->image->id;
		channel->program = process->image->program->number;
		pst_engine_judge(engine, event, process, channel);
	} else if (!channel->told) {
		channel->judged = channel->count.attempts; /* nothing is wrong with them */
	}
	if (event->type == PST_EVENT_SAMPLE && channel->grew) {
		pst_engine_bind(engine, process);
		pst_detect_growth(&engine->detect, event, process, channel);
	}
	if (channel->handed && (is_new || channel->turned))
		pst_engine_past_handed(engine, process, channel);
	if (!is_new)
		return;
	pst_engine_past_add(engine, channel);
	pst_engine_flow_first(engine, process, channel);
}

typedef void (*see_fn)(struct pst_engine *engine, const struct pst_event *event);

static const see_fn see[PST_EVENT_TYPES] = {
	[PST_EVENT_EXEC] = see_exec,
	[PST_EVENT_FORK] = see_life,
	[PST_EVENT_EXIT] = see_life,
	[PST_EVENT_CHANNEL] = see_channel,
	[PST_EVENT_RESULT] = see_channel,
	[PST_EVENT_SAMPLE] = see_channel,
	[PST_EVENT_HOST] = see_host,
	[PST_EVENT_CLOCK] = see_clock,
	[PST_EVENT_LOSS] = see_loss,
	[PST_EVENT_TICK] = see_tick,
	[PST_EVENT_RESOLVERS] = see_resolvers,
	[PST_EVENT_HOOK] = see_hook,
	[PST_EVENT_VITALS] = see_vitals,
	[PST_EVENT_END] = see_end,
	[PST_EVENT_PAYLOAD] = pst_engine_see_payload,
	[PST_EVENT_FILTER] = pst_engine_see_filter,
	[PST_EVENT_ACT] = pst_engine_see_act,
	[PST_EVENT_HOST_NAMES] = pst_engine_see_host_names,
	[PST_EVENT_SOCKETS] = pst_engine_see_sockets,
	[PST_EVENT_IDENTITY] = pst_engine_see_identity,
	[PST_EVENT_MEASURED] = pst_engine_see_measured,
	[PST_EVENT_CONTAINER] = pst_engine_see_container,
};

static int refuse_stream(struct pst_engine *engine, const char *why)
{
	engine->refused_stream = true;
	engine->error = why;
	return -EPROTO;
}

static int open_stream(struct pst_engine *engine, const void *frame, size_t len)
{
	const char *why = pst_host_check(frame, len);

	if (why)
		return refuse_stream(engine, why);
	engine->opened = true;
	return 0;
}

static int make_track(struct pst_engine *engine, const struct pst_event *event)
{
	if (event->type != PST_EVENT_HOST || engine->track)
		return 0;
	engine->track = pst_seq_track_new(event->host.cpus ? event->host.cpus : 1);
	return engine->track ? 0 : refuse_stream(engine, "not enough memory to follow the stream");
}

int pst_engine_frame(struct pst_engine *engine, const void *frame, size_t len)
{
	struct pst_event event;
	uint64_t missing;
	int r;

	if (engine->refused_stream || engine->ended)
		return -EPROTO;
	if (!engine->opened && open_stream(engine, frame, len) < 0)
		return -EPROTO;
	r = pst_decode(engine->decoder, frame, len, &event);
	if (r < 0 && !engine->track)
		return refuse_stream(engine, "its first record, which names the host, is damaged");
	if (r == -ENOTSUP) {
		engine->unknown_type++;
		return 0;
	}
	if (r < 0) {
		engine->rejected++;
		return -EBADMSG;
	}
	if (make_track(engine, &event) < 0)
		return -EPROTO;
	engine->seen++;
	if (event.time_ns > engine->time_ns)
		engine->time_ns = event.time_ns;
	missing = pst_seq_track_see(engine->track, &event);
	if (missing) {
		engine->lost += missing;
		engine->lost_why[PST_LOST_SEQUENCE] += missing;
		pst_alerts_loss(engine->alerts, event.time_ns);
	}
	pst_alerts_position(engine->alerts, event.cpu, event.seq, engine->time_ns);
	see[event.type](engine, &event);
	return 0;
}

const char *pst_engine_error(const struct pst_engine *engine)
{
	return engine->error ? engine->error : "";
}

void pst_engine_end(struct pst_engine *engine)
{
	if (engine->ended || !engine->opened)
		return;
	engine->ended = true;
	pst_engine_filters_tick(engine, UINT64_MAX);
	pst_engine_trust_tick(engine);
	pst_alerts_flush(engine->alerts, engine->time_ns);
	pst_engine_past_end(engine);
	pst_engine_flows_end(engine);
	pst_engine_health(engine, "stopping", "postern stops");
}

void pst_engine_contracts(struct pst_engine *engine, struct pst_contracts *set)
{
	pst_contracts_free(engine->contracts);
	engine->contracts = set;
	engine->generation++;
	pst_contracts_set_generation(set, engine->generation);
	pst_contracts_resolvers(set, engine->resolvers.addr, engine->resolvers.count);
	pst_engine_names(engine);
	engine->detect.contracts = set;
	engine->detect.standing_next_ns = 0; /* other programs may be under no contract now */
	pst_alerts_contracts(engine->alerts, set);
}

void pst_engine_reload(struct pst_engine *engine, struct pst_contracts *set, uint32_t refused,
		       const char *why)
{
	char message[640];

	if (!set) {
		engine->contracts_refused += refused;
		(void)pst_text_format(message, sizeof(message), "the contracts in force stay: %s",
				      why); /* cut is fine */
		pst_engine_health_error(engine, "contract-rejected", "CONTRACT_INVALID", message);
		return;
	}
	pst_engine_contracts(engine, set);
	pst_engine_judge_all(engine);
	pst_engine_health(engine, "contract-loaded",
			  pst_engine_say_contracts(engine, message, sizeof(message)));
	pst_engine_tell_units(engine);
}

/* Counts what the budget of channel and exec records is spent on, and passes everything on. */
static void emit(void *context, const struct pst_record *record)
{
	struct pst_engine *engine = context;

	if (record->dataset == PST_CHANNEL_RECORD || record->dataset == PST_EXEC_RECORD)
		engine->day_bytes += record->len;
	engine->emit(engine->context, record);
}

static void found(void *context, const struct pst_finding *finding)
{
	struct pst_engine *engine = context;

	pst_alerts_found(engine->alerts, finding);
}

static int make_rooms(struct pst_engine *engine, const struct pst_config *config)
{
	const struct pst_attrib_keys attrib = {
		.max_processes = config->max_processes,
		.max_images = config->max_images,
		.vendor_paths = (const char *const *)config->vendor_paths.list
	};
	const struct pst_profile_keys profile = { .max_channels = config->max_channels,
						  .max_programs = config->max_programs,
						  .dropped = pst_engine_flow_drop,
						  .context = engine };
	const struct pst_history_keys past = { .max_programs = config->max_programs,
					       .max_channels = config->max_channels };
	const struct pst_alert_keys alert = { .update_ns = config->update_ns,
					      .storm_per_hour = (uint32_t)config->storm_per_hour,
					      .max_findings = config->max_findings,
					      .redact = config->redact };

	engine->decoder = pst_decoder_new();
	engine->attrib = pst_attrib_new(&attrib);
	engine->profile = pst_profile_new(&profile);
	engine->alerts = pst_alerts_new(&alert, emit, engine);
	if (pst_trust_init(&engine->trust) < 0)
		return -ENOMEM;
	if (pst_engine_past_make(&engine->past, &past) < 0)
		return -ENOMEM;
	if (!engine->decoder || !engine->attrib || !engine->profile || !engine->alerts)
		return -ENOMEM;
	pst_alerts_attrib(engine->alerts, engine->attrib);
	return 0;
}

struct pst_engine *pst_engine_new(const struct pst_engine_keys *keys)
{
	struct pst_engine *engine = calloc(1, sizeof(*engine));
	struct pst_contracts *none = pst_contracts_new();

	if (!engine || !none || make_rooms(engine, keys->config) < 0) {
		pst_contracts_free(none);
		pst_engine_free(engine);
		return NULL;
	}
	engine->config = keys->config;
	engine->emit = keys->emit;
	engine->identify = keys->identify;
	engine->context = keys->context;
	engine->stretch = 1;
	engine->detect = (struct pst_detect){
		.keys = { .settle_ns = keys->config->settle_ns,
			  .internal = keys->config->internal_networks.list,
			  .internal_count = keys->config->internal_networks.count },
		.attrib = engine->attrib,
		.profile = engine->profile,
		.found = found,
		.context = engine
	};
	pst_engine_contracts(engine, none);
	return engine;
}

void pst_engine_free(struct pst_engine *engine)
{
	if (!engine)
		return;
	pst_alerts_free(engine->alerts);
	pst_profile_free(engine->profile);
	pst_attrib_free(engine->attrib);
	pst_contracts_free(engine->contracts);
	pst_seq_track_free(engine->track);
	pst_trust_clear(&engine->trust);
	pst_engine_past_clear(&engine->past);
	pst_decoder_free(engine->decoder);
	free(engine);
}
