// SPDX-License-Identifier: Apache-2.0
/* channel_flood: is it told that peers fold, and a process with few of them left alone? */
#include "exotic_fixture.h"

static struct pst_event fold(const struct pst_event *task, enum pst_kind kind, const char *peer)
{
	struct pst_event event = sight_of_kind(task, kind, peer, 443);

	event.channel.folded = true;
	return event;
}

static void vendor_software_with_too_many_peers_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = fold(&task, PST_TCP_CONNECT, "203.0.113.0");

	world_channel(world, &seen, PST_UNMANAGED);
	assert_string_equal(
		only(world, PST_DETECTOR_CHANNEL_FLOOD)->message,
		"collector (no contract) talks to more peers than are kept apart: 203.0.113.0/24:443/tcp stands for several");
	assert_int_equal(world->found[0].severity, PST_MEDIUM);
	assert_true(world->found[0].by_kind);
	world_channel(world, &seen, PST_UNMANAGED);
	assert_int_equal(world->count, 1);
}

/* A result tells the fold's address before it is known that it is a fold: that peer counts too. */
static void all_that_folded_counts_though_some_was_judged_before(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event first = sight_of_kind(&task, PST_TCP_CONNECT, "203.0.113.0", 443);
	struct pst_event seen = build_sample(&first, first.time_ns + 1);

	world_channel(world, &first, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
	seen.sample.folded = true;
	seen.sample.count.attempts = 25;
	world_channel(world, &seen, PST_UNMANAGED);
	assert_int_equal(only(world, PST_DETECTOR_CHANNEL_FLOOD)->occurrences, 25);
}

static void a_fold_of_a_settled_program_is_told_once_and_not_as_a_new_peer_too(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = fold(&task, PST_TCP_CONNECT, "203.0.113.0");

	pst_detect_tick(&world->detect, WORLD_START + 2 * WORLD_SETTLE);
	seen.time_ns = WORLD_START + 3 * WORLD_SETTLE;
	world_channel(world, &seen, PST_UNMANAGED);
	(void)only(world, PST_DETECTOR_CHANNEL_FLOOD);
}

static void a_server_that_is_called_by_many_weighs_little(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = fold(&task, PST_TCP_ACCEPT, "203.0.113.0");

	world_channel(world, &seen, PST_UNMANAGED);
	assert_int_equal(only(world, PST_DETECTOR_CHANNEL_FLOOD)->severity, PST_LOW);
	assert_non_null(strstr(world->found[0].message, "is called by more peers"));
}

static void an_undeclared_fold_is_a_violation_only(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world);
	struct pst_event seen = fold(&task, PST_TCP_CONNECT, "203.0.113.0");

	world_channel(world, &seen, PST_UNDECLARED);
	(void)only(world, PST_DETECTOR_UNDECLARED_CHANNEL);
}

static void a_fold_that_may_hold_declared_peers_is_told(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world);
	struct pst_event seen = fold(&task, PST_TCP_CONNECT, "203.0.113.0");

	world_judged(world, &seen, PST_UNKNOWN);
	(void)only(world, PST_DETECTOR_CHANNEL_FLOOD);
}

static void declared_folds_single_peers_and_the_distribution_are_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world), other = collector_of(world),
			 daemon = daemon_of(world, "/usr/sbin/nginx");
	struct pst_event declared = fold(&task, PST_TCP_CONNECT, "10.20.0.0");
	struct pst_event single = sight_of_kind(&other, PST_TCP_CONNECT, "203.0.113.9", 443);
	struct pst_event called = fold(&daemon, PST_TCP_ACCEPT, "203.0.113.0");

	world_channel(world, &declared, PST_DECLARED);
	world_channel(world, &single, PST_UNMANAGED);
	world_channel(world, &called, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(vendor_software_with_too_many_peers_is_found),
		WORLD_CASE(all_that_folded_counts_though_some_was_judged_before),
		WORLD_CASE(a_fold_of_a_settled_program_is_told_once_and_not_as_a_new_peer_too),
		WORLD_CASE(a_server_that_is_called_by_many_weighs_little),
		WORLD_CASE(an_undeclared_fold_is_a_violation_only),
		WORLD_CASE(a_fold_that_may_hold_declared_peers_is_told),
		WORLD_CASE(declared_folds_single_peers_and_the_distribution_are_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
