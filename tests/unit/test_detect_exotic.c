// SPDX-License-Identifier: Apache-2.0
/* exotic: what do all detectors of unusual kinds do alike? */
#include "exotic_fixture.h"

static void a_kind_is_told_by_one_detector_only(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world);

	for (int kind = PST_TCP_CONNECT; kind < PST_KINDS; kind++) {
		struct pst_event seen = sight_of_kind(&task, (enum pst_kind)kind, "203.0.113.9",
						      9000);
		size_t before = world->count;

		world_channel(world, &seen, PST_UNDECLARED);
		assert_int_equal(world->count, before + 1);
	}
}

static void the_same_sight_twice_is_told_once(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event raw = sight_of_kind(&task, PST_RAW, "203.0.113.9", 1);

	world_channel(world, &raw, PST_UNMANAGED);
	world_channel(world, &raw, PST_UNMANAGED);
	assert_int_equal(world->count, 1);
}

static void a_result_is_news_of_it_and_counts_nothing(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event sctp = sight_of_kind(&task, PST_SCTP, "203.0.113.9", 36412);
	struct pst_event refused = build_result(&sctp, THEN + SECOND, PST_REFUSED);

	world_channel(world, &sctp, PST_UNMANAGED);
	world_channel(world, &refused, PST_UNMANAGED);
	assert_int_equal(world->count, 2);
	assert_int_equal(world->found[1].occurrences, 0);
	assert_non_null(strstr(world->found[1].reason, ", result: refused"));
}

static void it_never_settles(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event raw = sight_of_kind(&task, PST_RAW, "203.0.113.9", 1);

	world_channel(world, &raw, PST_UNMANAGED);
	pst_detect_tick(&world->detect, WORLD_START + 2 * WORLD_SETTLE);
	assert_int_equal(world_count(world, PST_DETECTOR_STANDING_CHANNELS), 0);
	raw.time_ns = WORLD_START + 3 * WORLD_SETTLE;
	raw.channel.peer = build_addr("203.0.113.10");
	world_channel(world, &raw, PST_UNMANAGED);
	assert_int_equal(world_count(world, PST_DETECTOR_RAW_SOCKET), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(a_kind_is_told_by_one_detector_only),
		WORLD_CASE(the_same_sight_twice_is_told_once),
		WORLD_CASE(a_result_is_news_of_it_and_counts_nothing),
		WORLD_CASE(it_never_settles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
