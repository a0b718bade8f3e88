// SPDX-License-Identifier: Apache-2.0
/* uring_network: is the network through io_uring found, and an allowed database left alone? */
#include "exotic_fixture.h"

static struct pst_event operation(const struct pst_event *task, enum pst_act act, uint32_t opcode)
{
	struct pst_event event = build_as(task, PST_EVENT_ACT, THEN);

	event.act = (struct pst_act_seen){ .act = act, .number = opcode };
	return event;
}

static void vendor_software_that_connects_so_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = operation(&task, PST_URING_NETWORK, 16);

	world_act(world, &seen);
	assert_string_equal(only(world, PST_DETECTOR_URING_NETWORK)->message,
			    "collector (no contract) uses the network through io_uring");
	assert_non_null(
		strstr(world->found[0].reason,
		       "first connect operation (opcode 16), 59 s after its process began"));
	assert_int_equal(world->found[0].severity, PST_LOW);
	assert_string_equal(world->found[0].about, ""); /* one alert for all operations */
}

static void bound_software_that_may_not_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world);
	struct pst_event seen = operation(&task, PST_URING_NETWORK, 200);

	world_act(world, &seen);
	assert_non_null(strstr(only(world, PST_DETECTOR_URING_NETWORK)->message,
			       ": not in contract acme-backup@7"));
	assert_non_null(strstr(world->found[0].reason, "first unknown operation (opcode 200)"));
	assert_int_equal(world->found[0].severity, PST_MEDIUM);
}

static void bound_software_that_may_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task, seen;

	allow(world, "\"io_uring\": true");
	task = agent_of(world);
	seen = operation(&task, PST_URING_NETWORK, 16);
	world_act(world, &seen);
	assert_int_equal(world->count, 0);
}

static void a_ring_for_files_and_the_distribution_are_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event daemon = daemon_of(world, "/usr/sbin/mariadbd");
	struct pst_event ring = operation(&task, PST_URING, 0);
	struct pst_event seen = operation(&daemon, PST_URING_NETWORK, 16);

	world_act(world, &ring);
	world_act(world, &seen);
	assert_int_equal(world->count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(vendor_software_that_connects_so_is_found),
		WORLD_CASE(bound_software_that_may_not_is_found),
		WORLD_CASE(bound_software_that_may_is_silent),
		WORLD_CASE(a_ring_for_files_and_the_distribution_are_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
