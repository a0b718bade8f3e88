// SPDX-License-Identifier: Apache-2.0
/* changed_channels: are the new peers of changed vendor software one finding, and do unusual kinds
 * not wait? */
#include "exotic_fixture.h"

#define STARTED (WORLD_START + SECOND)
#define CHANGED (STARTED + 100 * SECOND)
#define UNTIL (CHANGED + 1000 * SECOND)

/* Vendor software that has settled, and whose file was changed then. */
static struct pst_event changed(struct world *world)
{
	struct pst_event task = world_start(world, 20, STARTED, "/opt/collector");
	struct pst_process *process = pst_attrib_find(world->detect.attrib, &task.task.proc);
	struct pst_program_profile *profile = pst_profile_program(world->detect.profile,
								  process->image->program);

	profile->settled = true;
	profile->settled_ns = STARTED + SECOND;
	profile->review_from_ns = CHANGED;
	profile->review_until_ns = UNTIL;
	return task;
}

static struct pst_event connect_at(struct world *world, const struct pst_event *task,
				   uint64_t time_ns, const char *peer)
{
	struct pst_event event = build_channel(task, time_ns, PST_TCP_CONNECT, peer, 443);

	world_channel(world, &event, PST_UNMANAGED);
	return event;
}

static void new_peers_are_one_finding_that_grows(void **state)
{
	struct world *world = *state;
	struct pst_event task = changed(world);

	connect_at(world, &task, CHANGED, "203.0.113.9");
	connect_at(world, &task, UNTIL - 1, "203.0.113.10");
	assert_int_equal(world_count(world, PST_DETECTOR_CHANGED_CHANNELS), 2);
	assert_int_equal(world->count, 2);
	assert_int_equal(world->found[0].standing_total, 1);
	assert_int_equal(world->found[1].standing_total, 2);
	assert_string_equal(world->found[0].about, world->found[1].about);
	assert_null(world->found[1].channel);
	assert_ptr_equal(world->found[1].image, world->found[0].image);
	assert_int_equal(world->found[1].severity, PST_MEDIUM);
	assert_string_equal(
		world->found[1].message,
		"collector (no contract) has 2 external peers that are new since its file was changed");
	assert_string_equal(world->found[1].reason,
			    "talks to 203.0.113.9:443/tcp, talks to 203.0.113.10:443/tcp");
}

static void results_and_further_attempts_add_nothing(void **state)
{
	struct world *world = *state;
	struct pst_event task = changed(world);
	struct pst_event first = connect_at(world, &task, CHANGED, "203.0.113.9");
	struct pst_event result = build_result(&first, CHANGED + 5, PST_ESTABLISHED);

	world_channel(world, &result, PST_UNMANAGED);
	connect_at(world, &task, UNTIL + SECOND, "203.0.113.9");
	assert_int_equal(world->count, 1);
}

static void before_and_after_the_window_each_is_its_own(void **state)
{
	struct world *world = *state;
	struct pst_event task = changed(world);

	connect_at(world, &task, CHANGED - 1, "203.0.113.9");
	connect_at(world, &task, UNTIL, "203.0.113.10");
	assert_int_equal(world_count(world, PST_DETECTOR_UNDECLARED_CHANNEL), 2);
	assert_int_equal(world->count, 2);
}

static void what_was_there_before_the_change_is_not_new(void **state)
{
	struct world *world = *state;
	struct pst_event task = changed(world);

	connect_at(world, &task, CHANGED - 1, "203.0.113.9");
	connect_at(world, &task, CHANGED + 1, "203.0.113.10");
	assert_int_equal(world->found[1].detector, PST_DETECTOR_CHANGED_CHANNELS);
	assert_int_equal(world->found[1].standing_total, 1);
}

static void unusual_kinds_and_listeners_never_wait(void **state)
{
	struct world *world = *state;
	struct pst_event task = changed(world);
	struct pst_event raw = build_channel(&task, CHANGED + 1, PST_RAW, "203.0.113.9", 253);
	struct pst_event door = build_channel(&task, CHANGED + 2, PST_TCP_LISTEN, "0.0.0.0", 80);

	world_channel(world, &raw, PST_UNMANAGED);
	world_channel(world, &door, PST_UNMANAGED);
	assert_int_equal(world_count(world, PST_DETECTOR_RAW_SOCKET), 1);
	assert_int_equal(world_count(world, PST_DETECTOR_NEW_LISTENER), 1);
	assert_int_equal(world_count(world, PST_DETECTOR_CHANGED_CHANNELS), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(new_peers_are_one_finding_that_grows),
		WORLD_CASE(results_and_further_attempts_add_nothing),
		WORLD_CASE(before_and_after_the_window_each_is_its_own),
		WORLD_CASE(what_was_there_before_the_change_is_not_new),
		WORLD_CASE(unusual_kinds_and_listeners_never_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
