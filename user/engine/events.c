// SPDX-License-Identifier: Apache-2.0
/* What do first bytes, DNS, filters, acts and sweeps of the sockets change? The records that are no
 * channel of their own. */
#include <string.h>

#include "engine/internal.h"

#define FILTER_WAIT_NS 2000000000ull /* for the instructions of a filter */

static bool slot_is_held(const struct pst_engine *engine, const char *slot)
{
	for (size_t i = 0; i < engine->hook_count; i++) {
		const struct pst_hook *hook = &engine->hooks[i];

		if (strcmp(hook->slot, slot) == 0 &&
		    (hook->state == PST_ANSWERED || hook->state == PST_ATTACHED))
			return true;
	}
	return false;
}

/* A name that is not known is none only when every answer would have been seen. */
void pst_engine_names(struct pst_engine *engine)
{
	const struct pst_contract_names names = {
		.attrib = engine->attrib,
		.dns_seen = engine->config->sensor_dns && engine->names_told &&
			    !engine->host.no_names && slot_is_held(engine, "egress") &&
			    slot_is_held(engine, "ingress"),
	};

	pst_contracts_names(engine->contracts, &names);
}

static void tell_names(struct pst_engine *engine)
{
	if (engine->names_told)
		return;
	engine->names_told = true;
	pst_engine_names(engine);
}

/* Does the server name differ from every name that led to the address? Where no name is known there
 * is nothing to differ from. */
static bool is_other_name(const struct pst_engine *engine, const struct pst_event *event,
			  const struct pst_process *process)
{
	const struct pst_payload_seen *payload = &event->payload;
	const char *name;

	if (!payload->server_name[0] || payload->inbound || pst_kind_is_inbound(payload->kind) ||
	    !pst_kind_has_ip(payload->kind))
		return false;
	return !pst_attrib_is_elsewhere(engine->attrib, process) &&
	       pst_attrib_names(engine->attrib, &payload->peer, &name, 1) > 0 &&
	       !pst_attrib_has_name(engine->attrib, &payload->peer, payload->server_name);
}

void pst_engine_see_payload(struct pst_engine *engine, const struct pst_event *event)
{
	struct pst_process *process = pst_attrib_see(engine->attrib, event); /* learns names */
	struct pst_channel *channel;

	if (event->payload.form == PST_PAYLOAD_IS_BAD)
		engine->malformed++;
	if (event->payload.form == PST_PAYLOAD_IS_DNS)
		tell_names(engine);
	channel = process ? pst_profile_payload(engine->profile, event, process) : NULL;
	if (!channel || channel->name_mismatch || !is_other_name(engine, event, process))
		return;
	pst_channel_mismatch(channel, event->payload.server_name);
	pst_engine_judge(engine, event, process, channel);
}

static void judge_filter(struct pst_engine *engine, const struct pst_event *event)
{
	struct pst_process *process = pst_attrib_find(engine->attrib, &event->task.proc);

	if (!process)
		return; /* so long ago that it is forgotten: its socket is gone with it */
	pst_engine_bind(engine, process);
	pst_engine_past_filter(engine, event, process);
	pst_detect_filter(&engine->detect, event, process);
}

/* unhold - the filters that wait and are told no further: of a socket, or all that are due */
static void unhold(struct pst_engine *engine, uint64_t cookie, uint64_t due_ns)
{
	size_t left = 0;

	for (size_t i = 0; i < engine->filter_count; i++) {
		const struct pst_event *held = &engine->filters[i];

		if (held->filter.cookie == cookie && cookie)
			continue; /* what it holds is known now */
		if (held->time_ns <= due_ns)
			judge_filter(engine, held);
		else
			engine->filters[left++] = *held;
	}
	engine->filter_count = left;
}

/* How many were attached to that socket, and nobody saw what they do. */
static uint32_t count_held(const struct pst_engine *engine, uint64_t cookie)
{
	uint32_t count = 0;

	for (size_t i = 0; i < engine->filter_count; i++)
		count += cookie && engine->filters[i].filter.cookie == cookie;
	return count;
}

/* What a filter does is known a moment after it was attached: only then can it be judged by its
 * hash. Where the socket was closed before, it is judged without. */
void pst_engine_see_filter(struct pst_engine *engine, const struct pst_event *event)
{
	struct pst_event seen = *event;

	if (!pst_attrib_see(engine->attrib, event))
		return;
	if (!seen.filter.hash[0] && seen.filter.cookie &&
	    engine->filter_count < PST_ENGINE_FILTERS_MAX) {
		engine->filters[engine->filter_count++] = seen; /* it has no code to borrow */
		return;
	}
	seen.filter.unseen = count_held(engine, seen.filter.cookie);
	unhold(engine, seen.filter.cookie, 0);
	judge_filter(engine, &seen);
}

void pst_engine_filters_tick(struct pst_engine *engine, uint64_t time_ns)
{
	unhold(engine, 0, time_ns > FILTER_WAIT_NS ? time_ns - FILTER_WAIT_NS : 0);
}

void pst_engine_see_act(struct pst_engine *engine, const struct pst_event *event)
{
	struct pst_process *process = pst_attrib_see(engine->attrib, event);

	if (!process)
		return;
	pst_engine_bind(engine, process);
	pst_engine_past_act(engine, event, process);
	pst_detect_act(&engine->detect, event, process);
}

void pst_engine_see_host_names(struct pst_engine *engine, const struct pst_event *event)
{
	(void)pst_attrib_see(engine->attrib, event); /* names no process */
	pst_trust_hosts(&engine->trust, &event->host_names);
	tell_names(engine);
}

/* The lines of one telling come without a tick between them. */
void pst_engine_trust_tick(struct pst_engine *engine)
{
	struct pst_trust_change change;
	char message[1024];

	if (pst_trust_hosts_end(&engine->trust, &change))
		pst_engine_health(engine, "hosts-changed",
				  pst_trust_say("the hosts file", &change, message,
						sizeof(message)));
}

void pst_engine_see_sockets(struct pst_engine *engine, const struct pst_event *event)
{
	uint64_t late = engine->sockets.late + event->sockets.late;
	uint64_t gone = engine->sockets.gone + event->sockets.gone;

	engine->sockets = event->sockets;
	engine->sockets.late = late;
	engine->sockets.gone = gone;
}
