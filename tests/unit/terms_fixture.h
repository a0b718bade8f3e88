// SPDX-License-Identifier: Apache-2.0
/* What do the tests of limits and periods have in common? A contract with terms, and samples that
 * are judged as the engine does. */
#ifndef PST_TESTS_TERMS_FIXTURE_H
#define PST_TESTS_TERMS_FIXTURE_H

#include "exotic_fixture.h"

#define DAY_NS (86400 * SECOND)

/* The contract of the world from now on. */
static inline void terms(struct world *world, const char *limits, const char *channels)
{
	char text[1024];
	struct pst_contracts *set = pst_contracts_new();
	struct pst_diags diags;

	(void)snprintf(text, sizeof(text),
		       "{ \"format\": 1, \"contract\": \"acme-backup\", \"version\": 7,\n"
		       "\"software\": [ { \"path\": \"/opt/acme/**\" } ],\n"
		       "\"limits\": { %s },\n\"channels\": [\n%s ] }\n",
		       limits, channels);
	pst_diags_init(&diags, "acme.json");
	if (pst_contracts_add(set, "acme.json", text, strlen(text), &diags))
		fail_msg("%s", diags.list[0].text);
	pst_contracts_set_generation(set, pst_contracts_generation(world->detect.contracts) + 1);
	pst_contracts_free(world->contracts);
	world->contracts = set;
	world->detect.contracts = set;
}

/* A SAMPLE as the engine handles it. */
static inline struct pst_channel *grow(struct world *world, const struct pst_event *sample)
{
	struct pst_process *process = pst_attrib_see(world->detect.attrib, sample);
	struct pst_channel *channel = pst_profile_see(world->detect.profile, sample, process, NULL);
	struct pst_judgement judgement;

	assert_non_null(channel);
	pst_contract_bind(world->contracts, process->image);
	pst_contract_judge(world->contracts, process->image, channel, &judgement);
	channel->verdict = judgement.verdict;
	channel->clause = judgement.clause;
	channel->contract_generation = pst_contracts_generation(world->contracts);
	pst_detect_growth(&world->detect, sample, process, channel);
	return channel;
}

#endif
