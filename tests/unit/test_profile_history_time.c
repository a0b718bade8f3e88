// SPDX-License-Identifier: Apache-2.0
/* Are days, gaps and sizes counted once each, and is a rhythm told as it is? */
#include "history_fixture.h"
#include "profile/history_room.h"

static void days_are_bits_from_the_latest_on(void **state)
{
	struct pst_past_time time = { .days = 0 };

	(void)state;
	pst_past_time_add(&time, NOON_S);
	pst_past_time_add(&time, NOON_S + 60);
	assert_int_equal(time.days, 1);
	pst_past_time_add(&time, NOON_S + 3 * DAY_S);
	assert_int_equal(time.days, 9);
	assert_int_equal(time.days_total, 2);
	pst_past_time_add(&time, NOON_S + 2 * DAY_S); /* told late */
	pst_past_time_add(&time, NOON_S + 2 * DAY_S);
	assert_int_equal(time.days, 11);
	assert_int_equal(time.days_total, 3);
	assert_int_equal(time.last_s, NOON_S + 3 * DAY_S);
	pst_past_time_add(&time, NOON_S + 66 * DAY_S); /* 63 days on */
	assert_true(time.days == (UINT64_C(1) << 63 | 1));
	pst_past_time_add(&time, NOON_S + 130 * DAY_S); /* 64 days on */
	assert_int_equal(time.days, 1);
	assert_int_equal(time.days_total, 5);
	assert_int_equal(time.first_s, NOON_S);
}

static void midnight_begins_a_day(void **state)
{
	struct pst_past_time time = { .days = 0 };

	(void)state;
	pst_past_time_add(&time, 5 * DAY_S - 1);
	pst_past_time_add(&time, 5 * DAY_S);
	assert_int_equal(time.days, 3);
}

static void new_channels_are_counted_by_day(void **state)
{
	const struct pst_past_program *program;

	connect_to(*state, "/a", 1);
	connect_to(*state, "/a", 2);
	program = pst_history_program(*state, "/a", NOON_S + DAY_S);
	assert_int_equal(program->new_on_day[0], 0);
	assert_int_equal(program->new_on_day[1], 2);
	assert_int_equal(program->last_new_s, NOON_S);
	(void)pst_history_program(*state, "/a", NOON_S + 63 * DAY_S);
	assert_int_equal(program->new_on_day[63], 2);
	(void)pst_history_program(*state, "/a", NOON_S + 64 * DAY_S);
	for (size_t i = 0; i < PST_PAST_DAYS; i++)
		assert_int_equal(program->new_on_day[i], 0);
}

static struct pst_channel talker(void)
{
	return make_channel(PST_TCP_CONNECT, "203.0.113.9", 443, 0);
}

/* One more burst of a channel, as the kernel's ring has it. */
static void burst(struct pst_channel *channel, uint64_t at_ms, uint64_t bytes)
{
	struct pst_counters *count = &channel->count;

	count->burst[count->bursts++ % PST_EVENT_BURSTS] = (struct pst_burst){ at_ms * 1000000,
									       bytes };
	channel->last_ns = at_ms * 1000000;
}

static struct pst_past_channel *add_bursts(struct pst_history *history,
					   const struct pst_channel *channel, uint64_t bursts)
{
	const struct pst_counters since = { .bursts = bursts };
	const struct pst_past_sight sight = { .channel = channel,
					      .since = &since,
					      .wall_offset_ns = WALL_NS };

	return pst_history_add(history, pst_history_program(history, "/a", NOON_S), &sight, NULL);
}

static uint64_t sum(const uint8_t steps[PST_PAST_STEPS])
{
	uint64_t all = 0;

	for (size_t i = 0; i < PST_PAST_STEPS; i++)
		all += steps[i];
	return all;
}

static void gaps_and_sizes_go_by_powers_of_two(void **state)
{
	struct pst_channel channel = talker();
	const struct pst_past_channel *past;

	burst(&channel, 1000, 0);
	burst(&channel, 2024, 1);
	burst(&channel, 4071, 1024);
	past = add_bursts(*state, &channel, 3);
	assert_int_equal(past->gaps[10], 2); /* 1024 and 2047 ms */
	assert_int_equal(sum(past->gaps), 2);
	assert_int_equal(past->sizes[0], 2);
	assert_int_equal(past->sizes[10], 1);
	assert_int_equal(past->last_burst_s, NOON_S + 4);
}

static void a_full_histogram_is_halved_and_goes_on(void **state)
{
	struct pst_channel channel = talker();
	const struct pst_past_channel *past = NULL;

	for (unsigned int i = 0; i < 100; i++) {
		burst(&channel, 1000 * i, 1);
		add_bursts(*state, &channel, 1);
	}
	for (unsigned int i = 0; i < 255; i++) {
		burst(&channel, 1000 * (100 + i), 1000);
		past = add_bursts(*state, &channel, 1);
	}
	assert_int_equal(past->sizes[0], 100);
	assert_int_equal(past->sizes[9], 255);
	burst(&channel, 400000, 1000);
	past = add_bursts(*state, &channel, 1);
	assert_int_equal(past->sizes[0], 50);
	assert_int_equal(past->sizes[9], 128);
	assert_int_equal(past->count.bursts, 356);
}

static void counts_of_a_file_keep_their_shares(void **state)
{
	uint32_t counts[PST_PAST_STEPS] = { [0] = 255, [1] = 17, [39] = 1 };
	uint8_t shares[PST_PAST_STEPS];

	(void)state;
	pst_past_shares(shares, counts);
	assert_int_equal(shares[0], 255);
	assert_int_equal(shares[1], 17);
	assert_int_equal(shares[39], 1);
	counts[0] = 256;
	pst_past_shares(shares, counts);
	assert_int_equal(shares[0], 128);
	assert_int_equal(shares[1], 8);
	assert_int_equal(shares[39], 0);
	counts[39] = UINT32_MAX;
	counts[38] = UINT32_MAX / 2;
	pst_past_shares(shares, counts);
	assert_int_equal(shares[39], 255);
	assert_int_equal(shares[38], 127);
	assert_int_equal(shares[0], 0);
}

static void no_burst_is_counted_twice(void **state)
{
	struct pst_channel channel = talker();
	const struct pst_past_channel *past;

	burst(&channel, 1000, 10);
	burst(&channel, 4000, 10);
	add_bursts(*state, &channel, 2);
	burst(&channel, 8000, 10);
	past = add_bursts(*state, &channel, 1);
	assert_int_equal(sum(past->sizes), 3);
	assert_int_equal(past->gap_count, 2);
	assert_int_equal(past->gap_ms[1], 4000);
	past = add_bursts(*state, &channel, 0);
	assert_int_equal(sum(past->sizes), 3);
}

static void a_burst_that_goes_on_waits(void **state)
{
	struct pst_channel channel = talker();
	const struct pst_counters none = { .bursts = 0 };
	const struct pst_counters one = { .bursts = 1 };
	struct pst_past_sight sight = {
		.channel = &channel, .since = &none, .bursting = true, .wall_offset_ns = WALL_NS
	};
	struct pst_past_program *program = pst_history_program(*state, "/a", NOON_S);
	const struct pst_past_channel *past;

	burst(&channel, 1000, 10);
	past = pst_history_add(*state, program, &sight, NULL);
	assert_int_equal(sum(past->sizes), 0);
	channel.count.burst[0].bytes = 4096;
	burst(&channel, 9000, 10);
	sight.since = &one;
	past = pst_history_add(*state, program, &sight, NULL);
	assert_int_equal(past->sizes[12], 1);
	assert_int_equal(sum(past->sizes), 1);
	sight.bursting = false;
	past = pst_history_add(*state, program, &sight, NULL);
	assert_int_equal(sum(past->sizes), 2);
	assert_int_equal(past->gap_ms[0], 8000);
}

static void what_the_ring_lost_has_no_gap(void **state)
{
	struct pst_channel channel = talker();
	const struct pst_past_channel *past;

	for (unsigned int i = 0; i < 20; i++)
		burst(&channel, 1000 + 2000 * i, 10);
	past = add_bursts(*state, &channel, 20);
	assert_int_equal(sum(past->sizes), 8);
	assert_int_equal(past->gap_count, 7);
}

static void the_next_process_follows_on_the_latest_one(void **state)
{
	struct pst_channel first = talker(), second = talker();
	const struct pst_past_channel *past;

	burst(&first, 1000, 10);
	add_bursts(*state, &first, 1);
	burst(&second, 301000, 10);
	past = add_bursts(*state, &second, 1);
	assert_int_equal(past->gap_count, 1);
	assert_int_equal(past->gap_ms[0], 300000);
}

static void a_rhythm_needs_four_gaps(void **state)
{
	struct pst_past_channel channel = { .gap_count = 3, .gap_ms = { 100, 100, 100, 100 } };
	struct pst_past_rhythm rhythm;

	(void)state;
	assert_false(pst_past_rhythm(&channel, &rhythm));
	channel.gap_count = 4;
	assert_true(pst_past_rhythm(&channel, &rhythm));
	assert_int_equal(rhythm.median_ms, 100);
	assert_int_equal(rhythm.spread_permille, 0);
	assert_int_equal(rhythm.gaps, 4);
}

static void a_rhythm_is_median_and_spread_without_the_outer_tenths(void **state)
{
	struct pst_past_channel channel = { .gap_count = 100 };
	struct pst_past_rhythm rhythm;

	(void)state;
	for (uint32_t i = 0; i < PST_PAST_GAPS; i++)
		channel.gap_ms[i] = 300000 + 1000 * (i % 3);
	channel.gap_ms[3] = 1;
	channel.gap_ms[9] = 9000000;
	assert_true(pst_past_rhythm(&channel, &rhythm));
	assert_int_equal(rhythm.median_ms, 301000);
	assert_int_equal(rhythm.spread_permille, 3);
	assert_int_equal(rhythm.gaps, PST_PAST_GAPS);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(days_are_bits_from_the_latest_on),
		T(midnight_begins_a_day),
		T(new_channels_are_counted_by_day),
		T(gaps_and_sizes_go_by_powers_of_two),
		T(a_full_histogram_is_halved_and_goes_on),
		T(counts_of_a_file_keep_their_shares),
		T(no_burst_is_counted_twice),
		T(a_burst_that_goes_on_waits),
		T(what_the_ring_lost_has_no_gap),
		T(the_next_process_follows_on_the_latest_one),
		T(a_rhythm_needs_four_gaps),
		T(a_rhythm_is_median_and_spread_without_the_outer_tenths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
