// SPDX-License-Identifier: Apache-2.0
/* Is each channel known once, with counters that only grow, whichever record comes first? */
#include "build.h"

#include "profile/profile.h"

#define PEERS 8

static const struct pst_profile_keys keys = { .max_channels = 64, .max_peers_per_process = PEERS };
static struct pst_program program = { .path = (char *)"/opt/acme/agent", .number = 1 };
static struct pst_image image;
static struct pst_process process;
static struct pst_event task;

static int set_up(void **state)
{
	task = build_event(PST_EVENT_EXEC, 10, 100);
	image = (struct pst_image){ .id = task.task.image, .program = &program, .contract = -1 };
	process = (struct pst_process){ .id = task.task.proc, .image = &image };
	*state = pst_profile_new(&keys);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	pst_profile_free(*state);
	return 0;
}

static struct pst_profile_figures figures(struct pst_profile *profile)
{
	struct pst_profile_figures out;

	pst_profile_figures(profile, &out);
	return out;
}

static struct pst_channel *see(void *profile, const struct pst_event *event)
{
	return pst_profile_see(profile, event, &process, NULL);
}

static void a_connect_is_keyed_by_its_peer(void **state)
{
	struct pst_event connect = build_channel(&task, 500, PST_TCP_CONNECT, "203.0.113.9", 443);
	struct pst_addr peer = build_addr("203.0.113.9");
	bool is_new = false;
	struct pst_channel *channel = pst_profile_see(*state, &connect, &process, &is_new);

	assert_true(is_new);
	assert_true(pst_addr_equal(&channel->key.peer, &peer));
	assert_int_equal(channel->key.port, 443);
	assert_int_equal(channel->count.attempts, 1);
	assert_int_equal(channel->first_ns, 500);
	assert_false(channel->open);
	assert_false(channel->from_sample);
	assert_int_equal(channel->clause, -1);
	assert_ptr_equal(pst_profile_see(*state, &connect, &process, &is_new), channel);
	assert_false(is_new);
}

static void a_listener_is_keyed_by_where_it_listens(void **state)
{
	struct pst_event listen = build_channel(&task, 500, PST_TCP_LISTEN, "0.0.0.0", 9005);
	struct pst_event sample = build_sample(&listen, 600);
	struct pst_channel *channel = see(*state, &listen);

	assert_int_equal(channel->key.port, 9005);
	assert_int_equal(channel->local_port, 9005);
	assert_true(channel->open);
	assert_ptr_equal(see(*state, &sample), channel);
}

static void an_accepted_peer_hangs_on_the_local_port(void **state)
{
	struct pst_event accept = build_channel(&task, 500, PST_TCP_ACCEPT, "198.51.100.9", 9005);
	struct pst_channel *channel;

	accept.channel.peer_port = 50123;
	channel = see(*state, &accept);
	assert_int_equal(channel->key.port, 9005);
	assert_true(channel->open);
	assert_int_equal(channel->count.established, 1);
	accept.channel.peer_port = 50124;
	assert_ptr_equal(see(*state, &accept), channel);
}

static void a_result_is_written_to_its_channel(void **state)
{
	struct pst_event connect = build_channel(&task, 500, PST_TCP_CONNECT, "203.0.113.9", 443);
	struct pst_event refused = build_result(&connect, 510, PST_REFUSED);
	struct pst_event established = build_result(&connect, 520, PST_ESTABLISHED);
	struct pst_channel *channel = see(*state, &connect);

	refused.result.error = 111;
	assert_ptr_equal(see(*state, &refused), channel);
	assert_int_equal(channel->last_result, PST_REFUSED);
	assert_int_equal(channel->last_error, 111);
	assert_int_equal(channel->count.failures, 1);
	assert_false(channel->open);
	see(*state, &established);
	assert_int_equal(channel->count.established, 1);
	assert_int_equal(channel->last_ns, 520);
	assert_true(channel->open);
}

static void counters_never_go_back(void **state)
{
	struct pst_event connect = build_channel(&task, 500, PST_TCP_CONNECT, "203.0.113.9", 443);
	struct pst_event more = build_sample(&connect, 600), less = build_sample(&connect, 700);
	struct pst_channel *channel = see(*state, &connect);

	more.sample.count = (struct pst_counters){
		.attempts = 9, .established = 8, .bytes_out = 1000, .bursts = 2
	};
	more.sample.count.burst[1].bytes = 77;
	less.sample.count = (struct pst_counters){
		.attempts = 3, .bytes_out = 999, .bytes_in = 5, .bursts = 1
	};
	see(*state, &more);
	see(*state, &less);
	assert_int_equal(channel->count.attempts, 9);
	assert_int_equal(channel->count.established, 8);
	assert_int_equal(channel->count.bytes_out, 1000);
	assert_int_equal(channel->count.bytes_in, 5);
	assert_int_equal(channel->count.bursts, 2);
	assert_int_equal(channel->count.burst[1].bytes, 77);
}

static void a_sample_makes_up_for_a_lost_first_sight(void **state)
{
	struct pst_event lost = build_channel(&task, 500, PST_TCP_CONNECT, "203.0.113.9", 443);
	struct pst_event sample = build_sample(&lost, 900);
	bool is_new = false;
	struct pst_channel *channel;

	sample.sample.count = (struct pst_counters){ .attempts = 2, .established = 2, .closed = 1 };
	sample.sample.last_ns = 800;
	channel = pst_profile_see(*state, &sample, &process, &is_new);
	assert_true(is_new);
	assert_true(channel->from_sample);
	assert_true(channel->open);
	assert_int_equal(channel->first_ns, 500);
	assert_int_equal(channel->last_ns, 800);
	assert_int_equal(channel->family, AF_INET);
	assert_int_equal(figures(*state).from_samples, 1);
	assert_ptr_equal(see(*state, &lost), channel);
}

static void a_result_makes_up_for_a_lost_first_sight(void **state)
{
	struct pst_event lost = build_channel(&task, 500, PST_TCP_CONNECT, "203.0.113.9", 443);
	struct pst_event result = build_result(&lost, 510, PST_ESTABLISHED);
	bool is_new = false;
	struct pst_channel *channel = pst_profile_see(*state, &result, &process, &is_new);

	assert_true(is_new);
	assert_true(channel->from_sample);
	assert_int_equal(channel->protocol, IPPROTO_TCP);
	assert_int_equal(channel->count.attempts, 1);
}

static void a_connection_is_open_while_more_were_established_than_closed(void **state)
{
	struct pst_event connect = build_channel(&task, 500, PST_TCP_CONNECT, "203.0.113.9", 443);
	struct pst_event sample = build_sample(&connect, 600);
	struct pst_channel *channel;

	sample.sample.count = (struct pst_counters){ .attempts = 2, .established = 2, .closed = 1 };
	channel = see(*state, &sample);
	assert_true(channel->open);
	sample.sample.count.closed = 2;
	see(*state, &sample);
	assert_false(channel->open);
	assert_int_equal(figures(*state).open_channels, 0);
}

static void a_listener_closes_and_may_listen_again(void **state)
{
	struct pst_event listen = build_channel(&task, 500, PST_TCP_LISTEN, "0.0.0.0", 9005);
	struct pst_event closed = build_result(&listen, 600, PST_CLOSED);
	struct pst_channel *channel = see(*state, &listen);

	see(*state, &closed);
	assert_false(channel->open);
	see(*state, &listen);
	assert_true(channel->open);
	see(*state, &closed);
	assert_false(channel->open);
}

static void the_end_of_a_process_closes_its_channels_only(void **state)
{
	struct pst_event listen = build_channel(&task, 500, PST_TCP_LISTEN, "0.0.0.0", 9005);
	struct pst_event other_task = build_event(PST_EVENT_EXEC, 11, 100);
	struct pst_event other = build_channel(&other_task, 500, PST_TCP_LISTEN, "0.0.0.0", 9006);
	struct pst_event exit = build_as(&task, PST_EVENT_EXIT, 900);
	struct pst_event late = build_sample(&listen, 950);
	struct pst_process second = { .id = other_task.task.proc, .image = &image };
	const struct pst_channel *mine = see(*state, &listen);
	const struct pst_channel *others = pst_profile_see(*state, &other, &second, NULL);

	assert_int_equal(figures(*state).open_channels, 2);
	process.exited = true;
	assert_null(see(*state, &exit));
	assert_false(mine->open);
	assert_true(others->open);
	see(*state, &late);
	assert_false(mine->open);
	assert_int_equal(figures(*state).open_channels, 1);
}

static struct pst_channel *connect_to(void *profile, unsigned int network, unsigned int host)
{
	struct pst_event connect = build_channel(&task, 500, PST_TCP_CONNECT, "198.18.0.0", 443);

	connect.channel.peer.b[14] = (uint8_t)network;
	connect.channel.peer.b[15] = (uint8_t)host;
	return see(profile, &connect);
}

static void the_last_peer_within_the_bound_is_kept_apart(void **state)
{
	for (unsigned int i = 0; i < PEERS; i++)
		assert_false(connect_to(*state, 1, i)->folded);
	assert_int_equal(figures(*state).channels, PEERS);
}

static void peers_beyond_the_bound_fold_to_their_network(void **state)
{
	const struct pst_channel *first, *known;
	struct pst_addr network = build_addr("198.18.2.0");

	for (unsigned int i = 0; i < PEERS; i++)
		connect_to(*state, 1, i);
	first = connect_to(*state, 2, 7);
	assert_true(first->folded);
	assert_true(pst_addr_equal(&first->key.peer, &network));
	assert_ptr_equal(connect_to(*state, 2, 8), first);
	assert_ptr_not_equal(connect_to(*state, 3, 8), first);
	known = connect_to(*state, 1, 0);
	assert_false(known->folded);
	assert_int_equal(figures(*state).channels, PEERS + 2);
}

static void peers_of_bound_software_are_never_folded(void **state)
{
	image.contract = 0;
	for (unsigned int i = 0; i < 3 * PEERS; i++)
		assert_false(connect_to(*state, 1, i)->folded);
}

static void closed_channels_make_room_before_open_ones(void **state)
{
	struct pst_event listen = build_channel(&task, 500, PST_TCP_LISTEN, "0.0.0.0", 9005);
	const struct pst_channel *door = see(*state, &listen);

	image.contract = 0; /* not folded */
	for (unsigned int i = 0; i < 1000; i++)
		connect_to(*state, i / 200, i % 200);
	assert_int_equal(figures(*state).channels, 64);
	assert_int_equal(figures(*state).evicted, 1001 - 64);
	assert_ptr_equal(see(*state, &listen), door);
	assert_int_equal(door->count.attempts, 1);
}

static void an_event_without_a_process_concerns_no_channel(void **state)
{
	struct pst_event connect = build_channel(&task, 500, PST_TCP_CONNECT, "203.0.113.9", 443);
	struct pst_event fork = build_fork(&task, 11, 600);
	bool is_new = true;

	assert_null(pst_profile_see(*state, &connect, NULL, &is_new));
	assert_false(is_new);
	assert_null(see(*state, &fork));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void a_sample_that_repeats_what_is_known_changes_nothing(void **state)
{
	struct pst_event connect = build_channel(&task, 500, PST_TCP_CONNECT, "203.0.113.9", 443);
	struct pst_event sample = build_sample(&connect, 600);
	struct pst_channel *channel = see(*state, &connect);
	struct pst_channel before;

	assert_true(channel->grew);
	sample.sample.count = (struct pst_counters){ .attempts = 1, .bytes_out = 9 };
	see(*state, &sample);
	assert_true(channel->grew);
	assert_int_equal(channel->last_ns, 600);
	before = *channel;
	sample.time_ns = 700; /* a later sweep; the channel's own last time is still 600 */
	see(*state, &sample);
	assert_false(channel->grew);
	before.grew = false;
	assert_memory_equal(channel, &before, sizeof(before));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_connect_is_keyed_by_its_peer),
		CASE(a_listener_is_keyed_by_where_it_listens),
		CASE(an_accepted_peer_hangs_on_the_local_port),
		CASE(a_result_is_written_to_its_channel),
		CASE(counters_never_go_back),
		CASE(a_sample_makes_up_for_a_lost_first_sight),
		CASE(a_result_makes_up_for_a_lost_first_sight),
		CASE(a_connection_is_open_while_more_were_established_than_closed),
		CASE(a_listener_closes_and_may_listen_again),
		CASE(the_end_of_a_process_closes_its_channels_only),
		CASE(the_last_peer_within_the_bound_is_kept_apart),
		CASE(peers_beyond_the_bound_fold_to_their_network),
		CASE(peers_of_bound_software_are_never_folded),
		CASE(closed_channels_make_room_before_open_ones),
		CASE(a_sample_that_repeats_what_is_known_changes_nothing),
		CASE(what_is_forgotten_is_handed_on_while_the_profile_lives),
		CASE(an_event_without_a_process_concerns_no_channel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
