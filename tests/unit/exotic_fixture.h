// SPDX-License-Identifier: Apache-2.0
/* What do the tests of the detectors of unusual things have in common? Channels of any kind,
 * filters, acts, and a contract that allows something. */
#ifndef PST_TESTS_EXOTIC_FIXTURE_H
#define PST_TESTS_EXOTIC_FIXTURE_H

#include <stdio.h>

#include "world.h"

#define THEN (WORLD_START + 60 * SECOND)

static inline struct pst_event agent_of(struct world *world) /* bound */
{
	return world_start(world, 10, WORLD_START + SECOND, "/opt/acme/agent");
}

static inline struct pst_event collector_of(struct world *world) /* a vendor's, under no contract */
{
	return world_start(world, 20, WORLD_START + SECOND, "/opt/collector");
}

static inline struct pst_event daemon_of(struct world *world, const char *path)
{
	return world_start(world, 30, WORLD_START + SECOND, path);
}

/* First sight of a channel of any kind; @peer: an address, or NULL for zero. */
static inline struct pst_event sight_of_kind(const struct pst_event *task, enum pst_kind kind,
					     const char *peer, uint16_t port)
{
	struct pst_event event = build_as(task, PST_EVENT_CHANNEL, THEN);
	struct pst_channel_seen *seen = &event.channel;

	seen->kind = kind;
	if (peer)
		*(pst_kind_is_listener(kind) ? &seen->local : &seen->peer) = build_addr(peer);
	*(pst_kind_is_inbound(kind) ? &seen->local_port : &seen->peer_port) = port;
	seen->cookie = 99;
	seen->sock_type = SOCK_RAW;
	return event;
}

static inline void name_channel(struct pst_event *event, const char *name)
{
	event->channel.name = (struct pst_span){ .data = (const uint8_t *)name,
						 .len = strlen(name) };
	event->channel.peer.b[0] =
		(uint8_t)name[strlen(name) - 1]; /* as a hash tells names apart */
}

/* The contract of the world, with this "allow". */
static inline void allow(struct world *world, const char *words)
{
	char text[512];
	struct pst_contracts *set = pst_contracts_new();
	struct pst_diags diags;
	int len;

	len = snprintf(text, sizeof(text),
		       "{ \"format\": 1, \"contract\": \"acme-backup\", \"version\": 7,\n"
		       "  \"software\": [ { \"path\": \"/opt/acme/**\" } ],\n"
		       "  \"channels\": [ { \"connect\": \"tcp\" } ],\n"
		       "  \"allow\": { %s } }\n",
		       words);
	assert_in_range(len, 1, sizeof(text) - 1);
	pst_diags_init(&diags, "acme.json");
	assert_int_equal(pst_contracts_add(set, "acme.json", text, (size_t)len, &diags), 0);
	pst_contracts_set_generation(set, 2);
	pst_contracts_free(world->contracts);
	world->contracts = set;
	world->detect.contracts = set;
}

/* As world_channel, with the contract that binds the process also where it declares the channel. */
static inline struct pst_channel *world_judged(struct world *world, const struct pst_event *event,
					       enum pst_verdict verdict)
{
	struct pst_process *process = pst_attrib_see(world->detect.attrib, event);
	struct pst_channel *channel = pst_profile_see(world->detect.profile, event, process, NULL);
	const struct pst_judgement judgement = { .verdict = verdict,
						 .contract = process->image->contract,
						 .clause = -1,
						 .nearest = -1 };

	assert_non_null(channel);
	channel->verdict = verdict;
	pst_detect_channel(
		&(struct pst_case){ &world->detect, event, process, channel, &judgement });
	return channel;
}

static inline void world_filter(struct world *world, const struct pst_event *event)
{
	pst_detect_filter(&world->detect, event, pst_attrib_see(world->detect.attrib, event));
}

static inline void world_act(struct world *world, const struct pst_event *event)
{
	pst_detect_act(&world->detect, event, pst_attrib_see(world->detect.attrib, event));
}

static inline const struct pst_finding *only(const struct world *world,
					     enum pst_detector_id detector)
{
	assert_int_equal(world->count, 1);
	assert_int_equal(world->found[0].detector, detector);
	return &world->found[0];
}

#endif
