// SPDX-License-Identifier: Apache-2.0
/* Is each channel an entry of its own, and does the right one make room? */
#include "profile_fixture.h"

static struct pst_channel *connect_to(void *profile, unsigned int network, unsigned int host)
{
	struct pst_event connect = build_channel(&task, 500, PST_TCP_CONNECT, "198.18.0.0", 443);

	connect.channel.peer.b[14] = (uint8_t)network;
	connect.channel.peer.b[15] = (uint8_t)host;
	return see(profile, &connect);
}

static void what_the_kernel_tells_apart_stays_apart(void **state)
{
	struct pst_event fold = build_channel(&task, 500, PST_TCP_CONNECT, "198.18.1.0", 443);
	const struct pst_channel *folded;

	fold.channel.folded = true;
	for (unsigned int i = 1; i <= 40; i++)
		assert_false(connect_to(*state, 1, i)->folded);
	folded = see(*state, &fold);
	assert_true(folded->folded);
	assert_ptr_equal(see(*state, &fold), folded);
	assert_int_equal(figures(*state).channels, 41);
}

static void closed_channels_make_room_before_open_ones(void **state)
{
	struct pst_event listen = build_channel(&task, 500, PST_TCP_LISTEN, "0.0.0.0", 9005);
	const struct pst_channel *door = see(*state, &listen);

	for (unsigned int i = 0; i < 1000; i++)
		connect_to(*state, i / 200, i % 200);
	assert_int_equal(figures(*state).channels, 64);
	assert_int_equal(figures(*state).evicted, 1001 - 64);
	assert_ptr_equal(see(*state, &listen), door);
	assert_int_equal(door->count.attempts, 1);
}

static void a_result_alone_makes_a_channel_of_its_kind(void **state)
{
	struct pst_event ping = build_channel(&task, 500, PST_ICMP, "2001:db8::1", 0);
	struct pst_event raw = build_channel(&task, 500, PST_RAW, "203.0.113.9", 253);
	struct pst_event ping_result = build_result(&ping, 510, PST_FAILED);
	struct pst_event raw_result = build_result(&raw, 510, PST_FAILED);

	assert_int_equal(see(*state, &ping_result)->family, AF_INET6);
	assert_int_equal(see(*state, &raw_result)->sock_type, SOCK_RAW);
	assert_int_equal(see(*state, &raw_result)->protocol, 253);
}

static size_t drops;
static uint64_t dropped_bytes;

static void count_drop(void *context, struct pst_channel *channel)
{
	assert_ptr_equal(context, &drops);
	drops++;
	dropped_bytes = channel->count.bytes_out;
}

static void what_is_forgotten_is_handed_on_while_the_profile_lives(void **state)
{
	const struct pst_profile_keys few = { .max_channels = 1,
					      .dropped = count_drop,
					      .context = &drops };
	struct pst_profile *profile = pst_profile_new(&few);
	struct pst_event first = build_channel(&task, 500, PST_TCP_CONNECT, "203.0.113.9", 443);
	struct pst_event second = build_channel(&task, 600, PST_TCP_CONNECT, "203.0.113.9", 444);
	struct pst_event sample = build_sample(&first, 550);

	(void)state;
	drops = 0;
	sample.sample.count.bytes_out = 77;
	see(profile, &first);
	see(profile, &sample);
	assert_int_equal(drops, 0);
	see(profile, &second);
	assert_int_equal(drops, 1);
	assert_int_equal(dropped_bytes, 77);
	pst_profile_free(profile);
	assert_int_equal(drops, 1);
}

/* One process after another: a channel with 10 bytes, then its end when @ends. */
static void live_and_die(struct pst_profile *profile, uint32_t tgid, bool ends)
{
	struct pst_event other = build_event(PST_EVENT_EXEC, tgid, 100);
	struct pst_process one = { .id = other.task.proc, .image = &image };
	struct pst_event connect = build_channel(&other, 500, PST_TCP_CONNECT, "203.0.113.9", 443);
	struct pst_event sample = build_sample(&connect, 550);
	struct pst_event exit = build_as(&other, PST_EVENT_EXIT, 900);

	sample.sample.count.bytes_out = 10;
	(void)pst_profile_see(profile, &connect, &one, NULL);
	(void)pst_profile_see(profile, &sample, &one, NULL);
	one.exited = ends;
	if (ends)
		(void)pst_profile_see(profile, &exit, &one, NULL);
}

static void what_ended_processes_carried_stays_their_programs(void **state)
{
	(void)pst_profile_program(*state, &program);
	for (uint32_t i = 0; i < 100; i++)
		live_and_die(*state, 1000 + i, true);
	assert_int_equal(pst_profile_gone(*state, program.number)->channels, 36);
	assert_int_equal(pst_profile_gone(*state, program.number)->bytes_out, 360);
	assert_null(pst_profile_gone(*state, 2));
}

static void what_a_living_process_may_tell_again_is_not_summed(void **state)
{
	(void)pst_profile_program(*state, &program);
	for (uint32_t i = 0; i < 100; i++)
		live_and_die(*state, 1000 + i, false);
	assert_null(pst_profile_gone(*state, program.number));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_the_kernel_tells_apart_stays_apart),
		CASE(closed_channels_make_room_before_open_ones),
		CASE(a_result_alone_makes_a_channel_of_its_kind),
		CASE(what_is_forgotten_is_handed_on_while_the_profile_lives),
		CASE(what_ended_processes_carried_stays_their_programs),
		CASE(what_a_living_process_may_tell_again_is_not_summed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
