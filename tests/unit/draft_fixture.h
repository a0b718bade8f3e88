// SPDX-License-Identifier: Apache-2.0
/* What do the tests of drafts have in common? Programs with a past that is made by hand. */
#ifndef PST_TEST_DRAFT_FIXTURE_H
#define PST_TEST_DRAFT_FIXTURE_H

#include <stdlib.h>

#include "contract/draft.h"
#include "contract/draft_parts.h"
#include "contract_fixture.h"

#define DAY 86400u
#define NOW (20415u * DAY + 3600u) /* 2025-11-23 01:00 UTC */
#define CHANNELS_MAX 64u

struct past { /* one program; its channels and facts are kept here */
	struct pst_past_program program;
	struct pst_past_channel channel[CHANNELS_MAX];
	struct pst_past_channel *list[CHANNELS_MAX];
	struct pst_past_fact fact[CHANNELS_MAX];
};

static inline struct pst_past_time days(unsigned int count)
{
	return (struct pst_past_time){ .first_s = NOW - count * DAY,
				       .last_s = NOW,
				       .days = count < 64 ? (1ull << count) - 1 : UINT64_MAX,
				       .days_total = count };
}

static inline void begin(struct past *past)
{
	memset(past, 0, sizeof(*past));
	past->program.path = (char *)"/opt/acme/agent";
	past->program.channels = past->list;
	past->program.facts = past->fact;
	past->program.time = days(6);
	past->program.last_new_s = NOW - 4 * DAY;
}

static inline struct pst_past_channel *had(struct past *past, enum pst_kind kind, const char *peer,
					   uint16_t port)
{
	size_t at = past->program.channel_count++;

	assert_true(at < CHANNELS_MAX);
	past->list[at] = &past->channel[at];
	past->channel[at] = (struct pst_past_channel){ .kind = (uint16_t)kind,
						       .port = port,
						       .peer = addr(peer),
						       .time = days(5),
						       .count = { .attempts = 37 } };
	return past->list[at];
}

static inline struct pst_past_channel *had_named(struct past *past, enum pst_kind kind,
						 const char *name, size_t len)
{
	struct pst_past_channel *channel = had(past, kind, "::", 0);

	channel->name = (char *)name;
	channel->name_len = (uint16_t)len;
	channel->sock_type = 1;
	return channel;
}

static inline void did(struct past *past, enum pst_past_what what, const char *text)
{
	past->fact[past->program.fact_count++] = (struct pst_past_fact){
		.what = what, .text = (char *)text, .count = 3, .time = days(2)
	};
}

static inline struct pst_draft_keys keys_of(const struct pst_past_program *const *program)
{
	static struct pst_prefix internal[1];

	assert_int_equal(pst_prefix_parse("10.0.0.0/8", &internal[0]), 0);
	return (struct pst_draft_keys){ .programs = program,
					.program_count = 1,
					.internal = internal,
					.internal_count = 1,
					.now_s = NOW };
}

/* The draft with these classes accepted; it is valid as it stands. Freed by the caller. */
static inline char *draft(const struct past *past, unsigned int accept)
{
	const struct pst_past_program *program = &past->program;
	struct pst_draft_keys keys = keys_of(&program);
	struct pst_contracts *set = pst_contracts_new();
	char *text;

	keys.accept = accept;
	text = pst_draft(&keys);
	assert_non_null(text);
	if (add_text(set, text) != 0)
		fail_msg("%s\n%s", said.list[0].text, text);
	pst_contracts_free(set);
	return text;
}

static inline void says(const struct past *past, unsigned int accept, const char *what)
{
	char *text = draft(past, accept);

	if (!strstr(text, what))
		fail_msg("\"%s\" is not in\n%s", what, text);
	free(text);
}

static inline void says_not(const struct past *past, unsigned int accept, const char *what)
{
	char *text = draft(past, accept);

	if (strstr(text, what))
		fail_msg("\"%s\" is in\n%s", what, text);
	free(text);
}

#endif
