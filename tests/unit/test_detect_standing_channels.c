// SPDX-License-Identifier: Apache-2.0
/* standing_channels: one list per program, when it has settled, and never a second one? */
#include <stdio.h>

#include "exotic_fixture.h"

#define STARTED (WORLD_START + SECOND)

static struct pst_event collector(struct world *world)
{
	return world_start(world, 20, STARTED, "/opt/collector");
}

static void open_channel(struct world *world, const struct pst_event *task, enum pst_kind kind,
			 const char *peer)
{
	struct pst_event event = build_channel(task, task->time_ns + SECOND, kind, peer, 443);

	event.preexisting = task->preexisting;
	world_channel(world, &event, PST_UNMANAGED);
}

static void a_settled_program_is_listed_once(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector(world);
	const struct pst_finding *finding = &world->found[0];

	open_channel(world, &task, PST_TCP_CONNECT, "203.0.113.9");
	open_channel(world, &task, PST_UDP_PEER, "203.0.113.10");
	pst_detect_tick(&world->detect, STARTED + WORLD_SETTLE - 1);
	assert_int_equal(world->count, 0);
	pst_detect_tick(&world->detect, STARTED + WORLD_SETTLE);
	assert_int_equal(world->count, 1);
	assert_int_equal(finding->detector, PST_DETECTOR_STANDING_CHANNELS);
	assert_int_equal(finding->severity, PST_LOW);
	assert_null(finding->process);
	assert_int_equal(finding->standing_count, 2);
	assert_int_equal(finding->standing_total, 2);
	assert_int_equal(finding->judgement.verdict, PST_UNMANAGED);
	assert_string_equal(
		finding->message,
		"collector (no contract) has settled with 0 listeners beyond loopback and 2 external peers");
	assert_string_equal(finding->reason,
			    "talks to 203.0.113.9:443/tcp, talks to 203.0.113.10:443/udp");
	pst_detect_tick(&world->detect, STARTED + 3 * WORLD_SETTLE);
	assert_int_equal(world->count, 1);
}

static void a_program_with_nothing_to_list_settles_in_silence(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector(world);
	struct pst_process *process = pst_attrib_find(world->detect.attrib, &task.task.proc);

	open_channel(world, &task, PST_TCP_CONNECT, "10.1.2.3");
	open_channel(world, &task, PST_TCP_LISTEN, "127.0.0.1");
	pst_detect_tick(&world->detect, STARTED + WORLD_SETTLE);
	assert_int_equal(world->count, 0);
	assert_true(pst_profile_program(world->detect.profile, process->image->program)->settled);
}

static void what_ran_before_us_settles_at_the_first_tick(void **state)
{
	struct world *world = *state;
	struct pst_event task = build_before(20, 5, "/opt/collector");

	world_exec(world, &task);
	open_channel(world, &task, PST_TCP_LISTEN, "0.0.0.0");
	assert_int_equal(world->count, 0);
	pst_detect_tick(&world->detect, WORLD_START);
	assert_int_equal(world->count, 1);
	assert_true(world->found[0].preexisting);
	assert_string_equal(world->found[0].reason, "listens on 0.0.0.0:443/tcp");
}

static void a_childs_channels_stand_in_its_programs_list(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector(world);
	struct pst_event fork = build_fork(&task, 21, STARTED + SECOND);
	struct pst_event curl = build_exec(&fork, STARTED + 2 * SECOND, "/usr/bin/curl");

	pst_attrib_see(world->detect.attrib, &fork);
	world_exec(world, &curl);
	open_channel(world, &curl, PST_TCP_CONNECT, "203.0.113.9");
	pst_detect_tick(&world->detect, STARTED + WORLD_SETTLE);
	assert_int_equal(world->count, 1);
	assert_string_equal(world->found[0].subject->program->path, "/opt/collector");
}

static void the_same_channel_of_two_processes_is_listed_once(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector(world);
	struct pst_event worker = build_fork(&task, 21, STARTED + SECOND);

	pst_attrib_see(world->detect.attrib, &worker);
	open_channel(world, &task, PST_TCP_CONNECT, "203.0.113.9");
	open_channel(world, &worker, PST_TCP_CONNECT, "203.0.113.9");
	pst_detect_tick(&world->detect, STARTED + WORLD_SETTLE);
	assert_int_equal(world->found[0].standing_total, 1);
}

static void a_closed_listener_stands_nowhere(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector(world);
	struct pst_event listen = build_channel(&task, STARTED + SECOND, PST_TCP_LISTEN, "0.0.0.0",
						443);
	struct pst_event closed = build_result(&listen, STARTED + 2 * SECOND, PST_CLOSED);

	world_channel(world, &listen, PST_UNMANAGED);
	world_channel(world, &closed, PST_UNMANAGED);
	pst_detect_tick(&world->detect, STARTED + WORLD_SETTLE);
	assert_int_equal(world_count(world, PST_DETECTOR_STANDING_CHANNELS), 0);
}

static void bound_software_and_the_distributions_are_not_listed(void **state)
{
	struct world *world = *state;
	struct pst_event agent = world_start(world, 10, STARTED, "/opt/acme/agent");
	struct pst_event apt = world_start(world, 30, STARTED, "/usr/bin/apt");

	open_channel(world, &agent, PST_TCP_CONNECT, "203.0.113.9");
	open_channel(world, &apt, PST_TCP_CONNECT, "203.0.113.9");
	pst_detect_tick(&world->detect, STARTED + WORLD_SETTLE);
	assert_int_equal(world->count, 0);
}

static void a_long_list_is_cut_and_its_total_told(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector(world);
	char peer[PST_ADDR_TEXT];

	for (unsigned int i = 0; i < PST_STANDING_MAX + 6; i++) {
		assert_true(snprintf(peer, sizeof(peer), "203.0.113.%u", i) > 0);
		open_channel(world, &task, PST_TCP_CONNECT, peer);
	}
	pst_detect_tick(&world->detect, STARTED + WORLD_SETTLE);
	assert_int_equal(world->found[0].standing_count, PST_STANDING_MAX);
	assert_int_equal(world->found[0].standing_total, PST_STANDING_MAX + 6);
	assert_non_null(strstr(world->found[0].message, "70 external peers"));
	assert_non_null(strstr(world->found[0].reason, " and 66 more"));
}

static void more_programs_than_settle_at_once_settle_in_the_next_tick(void **state)
{
	struct world *world = *state;
	char path[32];

	for (uint32_t i = 0; i < 70; i++) {
		struct pst_event task;

		assert_true(snprintf(path, sizeof(path), "/opt/p%u", i) > 0);
		task = world_start(world, 100 + i, STARTED, path);
		if (i >= 62)
			open_channel(world, &task, PST_TCP_CONNECT, "203.0.113.9");
	}
	pst_detect_tick(&world->detect, STARTED + WORLD_SETTLE);
	assert_int_equal(world->count, 2);
	pst_detect_tick(&world->detect, STARTED + WORLD_SETTLE + SECOND);
	assert_int_equal(world->count, 8);
}

static void udp_listeners_stand_in_the_list_and_unusual_kinds_do_not(void **state)
{
	struct world *world = *state;
	struct pst_event task = build_before(20, 5, "/opt/collector");
	struct pst_event seen;

	world_exec(world, &task);
	task.time_ns = WORLD_START;
	seen = sight_of_kind(&task, PST_UDP_LISTEN, "0.0.0.0", 161);
	seen.preexisting = true;
	world_channel(world, &seen, PST_UNMANAGED);
	seen = sight_of_kind(&task, PST_RAW, "203.0.113.9", 1);
	seen.preexisting = true;
	world_channel(world, &seen, PST_UNMANAGED);
	assert_int_equal(world->count, 1); /* the raw one, at once */
	pst_detect_tick(&world->detect, WORLD_START + SECOND);
	assert_int_equal(world->count, 2);
	assert_int_equal(world->found[1].standing_total, 1);
	assert_string_equal(world->found[1].reason, "listens on 0.0.0.0:161/udp");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(a_settled_program_is_listed_once),
		WORLD_CASE(a_program_with_nothing_to_list_settles_in_silence),
		WORLD_CASE(what_ran_before_us_settles_at_the_first_tick),
		WORLD_CASE(a_childs_channels_stand_in_its_programs_list),
		WORLD_CASE(the_same_channel_of_two_processes_is_listed_once),
		WORLD_CASE(a_closed_listener_stands_nowhere),
		WORLD_CASE(bound_software_and_the_distributions_are_not_listed),
		WORLD_CASE(a_long_list_is_cut_and_its_total_told),
		WORLD_CASE(more_programs_than_settle_at_once_settle_in_the_next_tick),
		WORLD_CASE(udp_listeners_stand_in_the_list_and_unusual_kinds_do_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
