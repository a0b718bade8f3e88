/* SPDX-License-Identifier: Apache-2.0 */
/* A history, and channels to add to it as the profile would have them. */
#ifndef PST_TESTS_HISTORY_FIXTURE_H
#define PST_TESTS_HISTORY_FIXTURE_H

#include <stdlib.h>

#include "build.h"
#include "history_bytes.h"
#include "profile/history.h"

#define DAY_S 86400ull
#define NOON_S (20000 * DAY_S + 12 * 3600)     /* 2024-10-04T12:00:00Z */
#define WALL_NS ((int64_t)NOON_S * 1000000000) /* the stream began at noon */

static const struct pst_history_keys history_keys = {
	.max_programs = 4, .max_channels = 16, .max_channels_per_program = 8, .max_facts = 4
};

static inline int set_up(void **state)
{
	*state = pst_history_new(&history_keys);
	return *state ? 0 : -1;
}

static inline int tear_down(void **state)
{
	pst_history_free(*state);
	return 0;
}

static inline struct pst_history_figures figures(const struct pst_history *history)
{
	struct pst_history_figures out;

	pst_history_figures(history, &out);
	return out;
}

/* A channel of the profile, first and last active @at_s seconds after noon. */
static inline struct pst_channel make_channel(enum pst_kind kind, const char *peer, uint16_t port,
					      uint64_t at_s)
{
	return (struct pst_channel){
		.key = { .kind = (uint16_t)kind, .port = port, .peer = build_addr(peer) },
		.family = AF_INET,
		.sock_type = SOCK_STREAM,
		.protocol = IPPROTO_TCP,
		.first_ns = at_s * SECOND,
		.last_ns = at_s * SECOND,
		.clause = -1
	};
}

/* add - all that the channel counted, as the program's own */
static inline struct pst_past_channel *add(struct pst_history *history, const char *path,
					   const struct pst_channel *channel, bool *is_new)
{
	const struct pst_past_sight sight = { .channel = channel,
					      .since = &channel->count,
					      .wall_offset_ns = WALL_NS };
	struct pst_past_program *program = pst_history_program(history, path,
							       NOON_S + channel->last_ns / SECOND);

	assert_non_null(program);
	return pst_history_add(history, program, &sight, is_new);
}

/* connect_to - one new peer of a program, by number */
static inline bool connect_to(struct pst_history *history, const char *path, uint16_t number)
{
	const struct pst_channel channel = make_channel(PST_TCP_CONNECT, "203.0.113.9", number, 0);
	bool is_new = false;

	assert_non_null(add(history, path, &channel, &is_new));
	return is_new;
}

static inline bool knows(struct pst_history *history, const char *path,
			 const struct pst_channel *channel)
{
	const struct pst_past_program *program = pst_history_find(history, path);

	return program && pst_history_knows(history, program, channel);
}

/* A history in which every field of the file is something else than zero. */
static inline struct pst_history *make_full(void)
{
	static const char *const names[] = { "Vault.bank.example", "cdn.bank.example" };
	struct pst_history *history = pst_history_new(&history_keys);
	struct pst_channel channel = make_channel(PST_TCP_CONNECT, "203.0.113.9", 443, 60);
	struct pst_channel door = make_channel(PST_TCP_LISTEN, "0.0.0.0", 9005, 10);
	struct pst_channel local = make_channel(PST_UNIX, "::", 0, 20);
	struct pst_counters since = { 9, 8, 1, 7, 1000, 2000, 30, 40, 2, 1, 2, { { 0, 0 } } };
	const struct pst_past_sight sight = { .channel = &channel,
					      .since = &since,
					      .via = "/usr/bin/curl",
					      .names = names,
					      .name_count = 2,
					      .wall_offset_ns = WALL_NS };
	struct pst_past_program *program;

	assert_non_null(history);
	channel.count = since;
	channel.count.burst[0] = (struct pst_burst){ 1 * SECOND, 100 };
	channel.count.burst[1] = (struct pst_burst){ 31 * SECOND, 900 };
	channel.verdict = PST_DECLARED;
	channel.server_name = (char *)"vault.bank.example";
	channel.v6_socket = channel.ip_bytes = channel.handed = true;
	local.name = (char *)"\0abstract";
	local.name_len = 9;
	local.kernel = local.folded = true;
	program = pst_history_program(history, "/opt/acme/bin/agent.py", NOON_S);
	program->interpreter = strdup("/usr/bin/python3");
	program->vendor = program->memfd = program->settled = program->standing_told = true;
	program->units[0] = strdup("acme.service");
	program->unit_count = 1;
	program->execs = 3;
	program->seen_s = 600;
	program->review_until_s = NOON_S + DAY_S;
	pst_history_identity(program, &(struct pst_past_identity){ .hash_state = PST_HASH_GONE,
								   .owner = PST_OWNER_VENDOR,
								   .package = (char *)"acme",
								   .version = (char *)"1.2-3",
								   .first_s = NOON_S,
								   .last_s = NOON_S + 1 });
	pst_history_add(history, program, &sight, NULL)->proposed = true;
	pst_history_fact(history, program,
			 &(struct pst_past_deed){ PST_PAST_EXEC, "/usr/bin/curl", NOON_S + 5 });
	add(history, "/opt/acme/bin/agent.py", &door, NULL)->accepted_from = 5;
	add(history, "/usr/sbin/cron", &local, NULL);
	pst_history_foreign(history, "/usr/sbin/cron", NOON_S + 9);
	return history;
}

#endif
