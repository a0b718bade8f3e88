// SPDX-License-Identifier: Apache-2.0
/* Is each channel known once, with counters that only grow, whichever record comes first? */
#include "profile_fixture.h"

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
	before.more_out = 0; /* it said nothing more */
	assert_memory_equal(channel, &before, sizeof(before));
}

static void a_handed_over_socket_is_taken_and_no_attempt(void **state)
{
	struct pst_event taken = build_channel(&task, 500, PST_TCP_CONNECT, "203.0.113.9", 443);
	struct pst_event sample = build_sample(&taken, 600);
	struct pst_channel *channel;

	taken.channel.handed = true;
	taken.channel.owner = (struct pst_proc_id){ .start_ns = 7, .tgid = 9 };
	channel = see(*state, &taken);
	assert_int_equal(channel->count.attempts, 0);
	assert_int_equal(channel->count.taken, 1);
	assert_int_equal(channel->owner.tgid, 9);
	assert_true(channel->handed);
	assert_true(channel->turned);
	assert_true(channel->open);
	sample.sample.handed = true;
	sample.sample.count = (struct pst_counters){ .taken = 1, .closed = 1, .bytes_out = 5 };
	see(*state, &sample);
	assert_false(channel->turned);
	assert_false(channel->open);
	assert_int_equal(channel->count.bytes_out, 5);
}

static void a_sample_that_first_says_hidden_turns_the_channel(void **state)
{
	struct pst_event connect = build_channel(&task, 500, PST_TCP_CONNECT, "203.0.113.9", 443);
	struct pst_event sample = build_sample(&connect, 600);
	struct pst_channel *channel = see(*state, &connect);

	see(*state, &sample);
	assert_false(channel->turned);
	sample.sample.hidden = true;
	see(*state, &sample);
	assert_true(channel->turned);
	assert_true(channel->hidden);
	sample.sample.hidden = false;
	see(*state, &sample);
	assert_false(channel->turned);
	assert_true(channel->hidden);
}

static void a_channel_keeps_the_name_it_was_first_told(void **state)
{
	static const uint8_t name[] = "/run/door";
	struct pst_event event = build_channel(&task, 500, PST_UNIX, "::1", 0);
	struct pst_event sample = build_sample(&event, 600);
	struct pst_channel *channel;

	event.channel.name = (struct pst_span){ name, 9 };
	event.channel.peer_tgid = 77;
	channel = see(*state, &event);
	assert_string_equal(channel->name, "/run/door");
	assert_int_equal(channel->name_len, 9);
	assert_int_equal(channel->peer_tgid, 77);
	sample.sample.name = (struct pst_span){ name + 4, 5 };
	assert_ptr_equal(see(*state, &sample), channel);
	assert_string_equal(channel->name, "/run/door");
}

static void a_channel_is_bare_until_it_was_used(void **state)
{
	struct pst_event event = build_channel(&task, 500, PST_PACKET, "::2", 0x88b5);
	struct pst_event sample = build_sample(&event, 600);
	struct pst_channel *channel;

	event.channel.bare = true;
	channel = see(*state, &event);
	assert_true(channel->bare);
	assert_true(channel->open);
	see(*state, &sample);
	assert_false(channel->bare);
	sample.sample.bare = true;
	see(*state, &sample);
	assert_false(channel->bare);
}

static void a_listener_of_any_kind_is_keyed_by_where_it_listens(void **state)
{
	static const enum pst_kind kinds[] = { PST_UDP_LISTEN, PST_SCTP_LISTEN, PST_DCCP_LISTEN,
					       PST_VSOCK_LISTEN, PST_UNIX_LISTEN };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct pst_event listen = build_channel(&task, 500, kinds[i], "192.0.2.1", 53);
		struct pst_event sample = build_sample(&listen, 600);
		struct pst_event closed = build_result(&listen, 700, PST_CLOSED);
		struct pst_channel *channel = see(*state, &listen);

		assert_true(channel->open);
		assert_true(pst_addr_equal(&channel->key.peer, &listen.channel.local));
		assert_ptr_equal(see(*state, &sample), channel);
		see(*state, &closed);
		assert_false(channel->open);
	}
}

static void what_has_no_connections_is_open_while_its_sockets_are(void **state)
{
	struct pst_event ping = build_channel(&task, 500, PST_ICMP, "203.0.113.9", 0);
	struct pst_event sample = build_sample(&ping, 600);
	struct pst_channel *channel = see(*state, &ping);

	assert_true(channel->open);
	sample.sample.count = (struct pst_counters){ .attempts = 2, .closed = 1 };
	see(*state, &sample);
	assert_true(channel->open);
	sample.sample.count.closed = 2;
	see(*state, &sample);
	assert_false(channel->open);
}

static void an_attempt_that_failed_leaves_nothing_open(void **state)
{
	struct pst_event connect = build_channel(&task, 500, PST_UNIX, "::1", 0);
	struct pst_event refused = build_result(&connect, 510, PST_REFUSED);
	struct pst_channel *channel = see(*state, &connect);

	assert_true(channel->open);
	see(*state, &refused);
	assert_false(channel->open);
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
		CASE(a_handed_over_socket_is_taken_and_no_attempt),
		CASE(a_sample_that_first_says_hidden_turns_the_channel),
		CASE(a_channel_keeps_the_name_it_was_first_told),
		CASE(a_channel_is_bare_until_it_was_used),
		CASE(a_listener_of_any_kind_is_keyed_by_where_it_listens),
		CASE(what_has_no_connections_is_open_while_its_sockets_are),
		CASE(an_attempt_that_failed_leaves_nothing_open),
		CASE(a_sample_that_repeats_what_is_known_changes_nothing),
		CASE(an_event_without_a_process_concerns_no_channel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
