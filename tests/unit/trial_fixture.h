// SPDX-License-Identifier: Apache-2.0
/* What do the tests of trials have in common? A history of one program, and what a contract says of
 * it. */
#ifndef PST_TESTS_TRIAL_FIXTURE_H
#define PST_TESTS_TRIAL_FIXTURE_H

#include "history_fixture.h"

#include <stdio.h>

#include "engine/trial.h"

#define AGENT "/opt/acme/bin/agent"

static inline struct pst_contracts *trial_contract(const char *software, const char *rest)
{
	static struct pst_diags diags; /* large; a test program is one thread */
	struct pst_contracts *set = pst_contracts_new();
	char text[2048];
	int len =
		snprintf(text, sizeof(text),
			 "{\"format\":1,\"contract\":\"acme\",\"version\":1,\"software\":[%s],%s}",
			 software, rest);

	pst_diags_init(&diags, "test.json");
	if (pst_contracts_add(set, "test.json", text, (size_t)len, &diags) < 0)
		fail_msg("%s", diags.list[0].text);
	return set;
}

/* The trial of this history under one contract; the caller clears it. */
static inline struct pst_trial trial_of(const struct pst_history *history, const char *software,
					const char *rest)
{
	struct pst_contracts *set = trial_contract(software, rest);
	struct pst_trial trial;

	assert_int_equal(pst_trial_of(history, set, &trial), 0);
	pst_contracts_free(set);
	return trial;
}

/* A channel of the agent, whose peer was known by @name (NULL: by none), had by @via. */
static inline void did(struct pst_history *history, const struct pst_channel *channel,
		       const char *name, const char *via)
{
	const struct pst_past_sight sight = { .channel = channel,
					      .since = &channel->count,
					      .via = via,
					      .names = &name,
					      .name_count = name != NULL,
					      .wall_offset_ns = WALL_NS };

	assert_non_null(pst_history_add(history, pst_history_program(history, AGENT, NOON_S),
					&sight, NULL));
}

#endif
