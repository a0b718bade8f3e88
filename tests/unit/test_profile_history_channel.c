// SPDX-License-Identifier: Apache-2.0
/* Is each channel of a program one entry, over all of its processes, and known again? */
#include "history_fixture.h"

static void what_two_processes_did_is_summed(void **state)
{
	struct pst_channel channel = make_channel(PST_TCP_CONNECT, "203.0.113.9", 443, 0);
	struct pst_past_channel *past;
	bool is_new = false;

	channel.count.attempts = 3;
	channel.count.bytes_out = 100;
	past = add(*state, "/a", &channel, &is_new);
	assert_true(is_new);
	channel.key.proc.tgid = 77;
	assert_ptr_equal(add(*state, "/a", &channel, &is_new), past);
	assert_false(is_new);
	assert_int_equal(past->count.attempts, 6);
	assert_int_equal(past->count.bytes_out, 200);
	assert_int_equal(figures(*state).channels, 1);
}

static void kind_peer_port_and_name_tell_channels_apart(void **state)
{
	struct pst_channel channel = make_channel(PST_TCP_CONNECT, "203.0.113.9", 443, 0);
	struct pst_channel other = channel;

	add(*state, "/a", &channel, NULL);
	assert_true(knows(*state, "/a", &channel));
	other.key.kind = PST_UDP_PEER;
	assert_false(knows(*state, "/a", &other));
	other = channel;
	other.key.port = 444;
	assert_false(knows(*state, "/a", &other));
	other = channel;
	other.key.peer.b[15]++;
	assert_false(knows(*state, "/a", &other));
	other = channel;
	other.name = (char *)"x";
	other.name_len = 1;
	assert_false(knows(*state, "/a", &other));
	add(*state, "/a", &other, NULL);
	assert_true(knows(*state, "/a", &other));
	assert_int_equal(figures(*state).channels, 2);
	pst_history_program(*state, "/b", NOON_S);
	assert_false(knows(*state, "/b", &channel));
}

static void a_full_program_forgets_its_own_least_used_channel(void **state)
{
	const struct pst_channel first = make_channel(PST_TCP_CONNECT, "203.0.113.9", 1, 0);
	const struct pst_channel second = make_channel(PST_TCP_CONNECT, "203.0.113.9", 2, 0);

	assert_true(connect_to(*state, "/b", 1));
	for (uint16_t port = 1; port <= 8; port++)
		assert_true(connect_to(*state, "/a", port));
	assert_false(connect_to(*state, "/a", 1)); /* is used: the second one goes */
	assert_int_equal(figures(*state).evicted, 0);
	assert_true(connect_to(*state, "/a", 9));
	assert_int_equal(pst_history_find(*state, "/a")->channel_count, 8);
	assert_int_equal(pst_history_find(*state, "/a")->dropped, 1);
	assert_int_equal(figures(*state).evicted, 1);
	assert_true(knows(*state, "/a", &first));
	assert_false(knows(*state, "/a", &second));
	assert_true(knows(*state, "/b", &first));
}

static void a_full_history_forgets_the_least_used_channel_of_all(void **state)
{
	const struct pst_channel first = make_channel(PST_TCP_CONNECT, "203.0.113.9", 1, 0);

	for (uint16_t port = 1; port <= 8; port++)
		assert_true(connect_to(*state, "/a", port));
	for (uint16_t port = 1; port <= 8; port++)
		assert_true(connect_to(*state, "/b", port));
	assert_true(connect_to(*state, "/c", 1));
	assert_int_equal(figures(*state).channels, 16);
	assert_int_equal(pst_history_find(*state, "/a")->dropped, 1);
	assert_false(knows(*state, "/a", &first));
	assert_true(knows(*state, "/b", &first));
}

static void ports_that_the_kernel_chose_become_one_listener(void **state)
{
	struct pst_channel door = make_channel(PST_UDP_LISTEN, "0.0.0.0", 32768, 0);
	const struct pst_past_program *program;
	bool is_new;

	for (uint16_t i = 0; i < 3; i++) {
		door.key.port = (uint16_t)(40000 + i);
		assert_false(knows(*state, "/a", &door));
		add(*state, "/a", &door, NULL);
	}
	door.key.port = 50123;
	assert_false(knows(*state, "/a", &door));
	assert_int_equal(add(*state, "/a", &door, NULL)->port, 0);
	door.key.port = 60999;
	assert_true(knows(*state, "/a", &door));
	add(*state, "/a", &door, &is_new);
	assert_false(is_new);
	program = pst_history_find(*state, "/a");
	assert_int_equal(program->channel_count, 4);
	door.key.port = 32767; /* no port that the kernel chooses */
	assert_false(knows(*state, "/a", &door));
	door.key.port = 61000;
	assert_false(knows(*state, "/a", &door));
}

static void who_came_in_at_a_chosen_port_is_known_at_another(void **state)
{
	struct pst_channel door = make_channel(PST_TCP_LISTEN, "0.0.0.0", 0, 0);
	struct pst_channel client = make_channel(PST_TCP_ACCEPT, "198.51.100.7", 40100, 0);

	for (uint16_t i = 0; i < 4; i++) {
		door.key.port = (uint16_t)(40000 + i);
		add(*state, "/a", &door, NULL);
	}
	assert_int_equal(add(*state, "/a", &client, NULL)->port, 0);
	client.key.port = 45000;
	assert_true(knows(*state, "/a", &client));
	client.key.peer.b[15]++;
	assert_false(knows(*state, "/a", &client));
}

static void a_listener_counts_the_peers_that_it_accepted(void **state)
{
	const struct pst_channel door = make_channel(PST_TCP_LISTEN, "0.0.0.0", 9005, 0);
	struct pst_channel client = make_channel(PST_TCP_ACCEPT, "198.51.100.7", 9005, 0);
	const struct pst_past_channel *past = add(*state, "/a", &door, NULL);

	client.local = build_addr("192.0.2.1");
	add(*state, "/a", &client, NULL);
	add(*state, "/a", &client, NULL); /* the same one again */
	assert_int_equal(past->accepted_from, 1);
	client.key.peer.b[15]++;
	add(*state, "/a", &client, NULL);
	assert_int_equal(past->accepted_from, 2);
	client.key.port = 9006;
	add(*state, "/a", &client, NULL);
	assert_int_equal(past->accepted_from, 2);
}

static struct pst_past_channel *add_named(struct pst_history *history, const char *name)
{
	const struct pst_channel channel = make_channel(PST_TCP_CONNECT, "203.0.113.9", 443, 0);
	const struct pst_past_sight sight = {
		.channel = &channel, .since = &channel.count, .names = &name, .name_count = 1
	};

	return pst_history_add(history, pst_history_program(history, "/a", NOON_S), &sight, NULL);
}

static void names_are_merged_and_the_least_recent_goes(void **state)
{
	static const char *const told[] = { "one.example",  "two.example", "three.example",
					    "four.example", "ONE.example", "five.example" };
	const struct pst_past_channel *past = NULL;

	for (size_t i = 0; i < 6; i++)
		past = add_named(*state, told[i]);
	assert_int_equal(past->name_count, 4);
	assert_string_equal(past->names[0], "five.example");
	assert_string_equal(past->names[1], "one.example");
	assert_string_equal(past->names[2], "four.example");
	assert_string_equal(past->names[3], "three.example");
}

static void what_is_no_name_is_not_kept(void **state)
{
	char longest[257];

	memset(longest, 'a', sizeof(longest) - 1);
	longest[256] = '\0';
	assert_int_equal(add_named(*state, "a b")->name_count, 0);
	assert_int_equal(add_named(*state, "a\x1b[2J")->name_count, 0);
	assert_int_equal(add_named(*state, "")->name_count, 0);
	assert_int_equal(add_named(*state, longest)->name_count, 0);
	longest[255] = '\0';
	assert_int_equal(add_named(*state, longest)->name_count, 1);
}

static void via_stands_until_the_program_has_it_itself(void **state)
{
	const struct pst_channel channel = make_channel(PST_TCP_CONNECT, "203.0.113.9", 443, 0);
	const struct pst_past_sight sight = { .channel = &channel,
					      .since = &channel.count,
					      .via = "/usr/bin/curl" };
	struct pst_past_program *program = pst_history_program(*state, "/a", NOON_S);
	const struct pst_past_channel *past = pst_history_add(*state, program, &sight, NULL);

	assert_string_equal(past->via, "/usr/bin/curl");
	add(*state, "/a", &channel, NULL);
	assert_null(past->via);
	pst_history_add(*state, program, &sight, NULL);
	assert_null(past->via);
}

static void a_channel_reads_as_the_profile_has_it(void **state)
{
	const struct pst_channel door = make_channel(PST_TCP_LISTEN, "0.0.0.0", 9005, 0);
	const struct pst_channel again = pst_past_channel_of(add(*state, "/a", &door, NULL));
	char text[128];

	assert_string_equal(pst_channel_peer_text(&again, text, sizeof(text)), "0.0.0.0:9005");
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_two_processes_did_is_summed),
		T(kind_peer_port_and_name_tell_channels_apart),
		T(a_full_program_forgets_its_own_least_used_channel),
		T(a_full_history_forgets_the_least_used_channel_of_all),
		T(ports_that_the_kernel_chose_become_one_listener),
		T(who_came_in_at_a_chosen_port_is_known_at_another),
		T(a_listener_counts_the_peers_that_it_accepted),
		T(names_are_merged_and_the_least_recent_goes),
		T(what_is_no_name_is_not_kept),
		T(via_stands_until_the_program_has_it_itself),
		T(a_channel_reads_as_the_profile_has_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
