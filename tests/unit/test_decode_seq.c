// SPDX-License-Identifier: Apache-2.0
/* Is every hole found once, and no overtaking taken for one? */
#include "build.h"

#include "decode/decode.h"

static int set_up(void **state)
{
	*state = pst_seq_track_new(2);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	pst_seq_track_free(*state);
	return 0;
}

static uint64_t see(void *track, uint32_t cpu, uint64_t seq)
{
	struct pst_event event = build_event(PST_EVENT_FORK, 1, 1);

	event.cpu = cpu;
	event.seq = seq;
	return pst_seq_track_see(track, &event);
}

static uint64_t end(void *track)
{
	struct pst_event event = build_event(PST_EVENT_END, 0, 0);

	return pst_seq_track_see(track, &event);
}

static void a_sequence_without_holes_misses_nothing(void **state)
{
	for (uint64_t seq = 1; seq < 500; seq++)
		assert_int_equal(see(*state, 0, seq), 0);
	assert_int_equal(end(*state), 0);
}

static void a_hole_is_lost_when_it_is_64_behind(void **state)
{
	see(*state, 0, 1);
	for (uint64_t seq = 3; seq < 2 + 64; seq++) /* 2 is missing */
		assert_int_equal(see(*state, 0, seq), 0);
	assert_int_equal(see(*state, 0, 2 + 64), 1);
	assert_int_equal(see(*state, 0, 2 + 65), 0);
	assert_int_equal(end(*state), 0);
}

static void a_record_that_was_overtaken_is_not_lost(void **state)
{
	see(*state, 0, 1);
	for (uint64_t seq = 3; seq < 2 + 64; seq++)
		see(*state, 0, seq);
	assert_int_equal(see(*state, 0, 2), 0);
	for (uint64_t seq = 2 + 64; seq < 300; seq++)
		assert_int_equal(see(*state, 0, seq), 0);
}

static void a_jump_beyond_the_window_loses_all_between(void **state)
{
	see(*state, 0, 10);
	assert_int_equal(see(*state, 0, 10 + 64), 0); /* all 63 between may still come */
	assert_int_equal(see(*state, 0, 10 + 64 + 1000), 63 + 1000 - 64);
	assert_int_equal(end(*state), 63);
}

static void the_largest_jump_does_not_overflow(void **state)
{
	see(*state, 0, 1);
	assert_int_equal(see(*state, 0, UINT64_MAX), UINT64_MAX - 2 - 63);
	assert_int_equal(see(*state, 0, 5), 0); /* counted as lost long ago */
}

static void holes_that_are_open_at_the_end_are_lost(void **state)
{
	see(*state, 0, 1);
	see(*state, 0, 3);
	see(*state, 1, 1);
	see(*state, 1, 4);
	assert_int_equal(end(*state), 3);
	assert_int_equal(end(*state), 0);
}

static void cpus_count_for_themselves(void **state)
{
	see(*state, 0, 1);
	assert_int_equal(see(*state, 1, 1000), 0);
	assert_int_equal(see(*state, 0, 2), 0);
	assert_int_equal(see(*state, 2, 7), 0); /* no such cpu */
	assert_int_equal(end(*state), 0);
}

static void what_the_sensor_and_iterators_make_has_no_sequence(void **state)
{
	struct pst_event sample = build_event(PST_EVENT_SAMPLE, 1, 1),
			 before = build_event(PST_EVENT_EXEC, 1, 1);

	sample.seq = 5000;
	before.seq = 5000;
	before.preexisting = true;
	see(*state, 0, 1);
	assert_int_equal(pst_seq_track_see(*state, &sample), 0);
	assert_int_equal(pst_seq_track_see(*state, &before), 0);
	assert_int_equal(see(*state, 0, 0), 0);
	assert_int_equal(see(*state, 0, 2), 0);
	assert_int_equal(end(*state), 0);
}

static void every_kind_of_record_that_a_program_sends_is_numbered(void **state)
{
	static const enum pst_event_type types[] = {
		PST_EVENT_EXEC,	  PST_EVENT_FORK,    PST_EVENT_EXIT,   PST_EVENT_CHANNEL,
		PST_EVENT_RESULT, PST_EVENT_PAYLOAD, PST_EVENT_FILTER, PST_EVENT_ACT,
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct pst_event event = build_event(types[i], 1, 1);

		event.seq = i + 1;
		assert_int_equal(pst_seq_track_see(*state, &event), 0);
	}
	assert_int_equal(end(*state), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_sequence_without_holes_misses_nothing),
		CASE(a_hole_is_lost_when_it_is_64_behind),
		CASE(a_record_that_was_overtaken_is_not_lost),
		CASE(a_jump_beyond_the_window_loses_all_between),
		CASE(the_largest_jump_does_not_overflow),
		CASE(holes_that_are_open_at_the_end_are_lost),
		CASE(cpus_count_for_themselves),
		CASE(what_the_sensor_and_iterators_make_has_no_sequence),
		CASE(every_kind_of_record_that_a_program_sends_is_numbered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
