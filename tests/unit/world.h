// SPDX-License-Identifier: Apache-2.0
/* A small host for the tests of detectors: processes, channels, one contract, and what was found.
 */
#ifndef PST_TESTS_WORLD_H
#define PST_TESTS_WORLD_H

#include "build.h"

#include "detect/detect.h"

#define WORLD_START (1000 * SECOND)
#define WORLD_SETTLE (600 * SECOND)
#define WORLD_FINDINGS 32

struct world {
	struct pst_detect detect;
	struct pst_prefix internal[2];
	struct pst_contracts *contracts;
	struct pst_finding found[WORLD_FINDINGS];
	size_t count;
};

static const char *const world_vendor_paths[] = { "/opt/", "/tmp/", NULL };

static inline void world_found(void *context, const struct pst_finding *finding)
{
	struct world *world = context;

	assert_true(world->count < WORLD_FINDINGS);
	world->found[world->count++] = *finding;
}

static inline struct pst_contracts *world_contracts(void)
{
	static const char text[] =
		"{ \"format\": 1, \"contract\": \"acme-backup\", \"version\": 7,\n"
		"  \"software\": [ { \"path\": \"/opt/acme/**\" } ],\n"
		"  \"channels\": [\n"
		"    { \"connect\": \"tcp\", \"to\": \"10.20.0.0/16\", \"port\": 443 } ],\n"
		"  \"exec\": [ \"/opt/acme/bin/*\" ] }\n";
	struct pst_contracts *set = pst_contracts_new();
	struct pst_diags diags;

	assert_non_null(set);
	pst_diags_init(&diags, "acme.json");
	assert_int_equal(pst_contracts_add(set, "acme.json", text, strlen(text), &diags), 0);
	pst_contracts_set_generation(set, 1);
	return set;
}

static inline int world_set_up(void **state)
{
	static const struct pst_attrib_keys attrib = { .vendor_paths = world_vendor_paths };
	static const struct pst_profile_keys profile = { .max_channels = 0 };
	struct world *world = test_calloc(1, sizeof(*world));

	assert_int_equal(pst_prefix_parse("10.0.0.0/8", &world->internal[0]), 0);
	assert_int_equal(pst_prefix_parse("fc00::/7", &world->internal[1]), 0);
	world->contracts = world_contracts();
	world->detect = (struct pst_detect){
		.keys = { .settle_ns = WORLD_SETTLE,
			  .internal = world->internal,
			  .internal_count = 2 },
		.attrib = pst_attrib_new(&attrib),
		.profile = pst_profile_new(&profile),
		.contracts = world->contracts,
		.started_ns = WORLD_START,
		.found = world_found,
		.context = world,
	};
	*state = world;
	return 0;
}

static inline int world_tear_down(void **state)
{
	struct world *world = *state;

	pst_profile_free(world->detect.profile);
	pst_attrib_free(world->detect.attrib);
	pst_contracts_free(world->contracts);
	test_free(world);
	return 0;
}

/* An EXEC as the engine handles it. */
static inline struct pst_process *world_exec(struct world *world, const struct pst_event *event)
{
	struct pst_process *process = pst_attrib_see(world->detect.attrib, event);

	assert_non_null(process);
	pst_contract_bind(world->contracts, process->image);
	(void)pst_profile_see(world->detect.profile, event, process, NULL);
	pst_detect_exec(&world->detect, event, process);
	return process;
}

/* A CHANNEL, RESULT or SAMPLE as the engine handles it, with the verdict that the test wants. */
static inline struct pst_channel *world_channel(struct world *world, const struct pst_event *event,
						enum pst_verdict verdict)
{
	struct pst_process *process = pst_attrib_see(world->detect.attrib, event);
	struct pst_channel *channel = pst_profile_see(world->detect.profile, event, process, NULL);
	struct pst_judgement judgement = {
		.verdict = verdict, .contract = -1, .clause = -1, .nearest = -1
	};

	assert_non_null(channel);
	if (verdict == PST_UNDECLARED) {
		judgement.contract = 0;
		judgement.nearest = 0;
		strcpy(judgement.why_not, "203.0.113.9 is not in 10.20.0.0/16");
	}
	channel->verdict = verdict;
	pst_detect_channel(
		&(struct pst_case){ &world->detect, event, process, channel, &judgement });
	return channel;
}

/* Software of the contract, software of a vendor under none, and software of the distribution. */
static inline struct pst_event world_start(struct world *world, uint32_t tgid, uint64_t time_ns,
					   const char *path)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, tgid, time_ns);
	struct pst_event exec = build_exec(&birth, time_ns, path);

	world_exec(world, &exec);
	return exec;
}

static inline size_t world_count(const struct world *world, enum pst_detector_id detector)
{
	size_t count = 0;

	for (size_t i = 0; i < world->count; i++)
		count += world->found[i].detector == detector;
	return count;
}

#define WORLD_CASE(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

#endif
