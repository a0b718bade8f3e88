// SPDX-License-Identifier: Apache-2.0
/* undeclared_channel: are attacks found at the attempt, and are their benign twins left alone? */
#include "exotic_fixture.h"

static struct pst_event agent(struct world *world)
{
	return world_start(world, 10, WORLD_START + SECOND, "/opt/acme/agent");
}

static struct pst_event collector(struct world *world)
{
	return world_start(world, 20, WORLD_START + SECOND, "/opt/collector");
}

static void an_undeclared_connect_is_found_at_the_attempt(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent(world);
	struct pst_event connect = build_channel(&task, WORLD_START + 2 * SECOND, PST_TCP_CONNECT,
						 "203.0.113.9", 443);
	const struct pst_finding *finding = &world->found[0];

	world_channel(world, &connect, PST_UNDECLARED);
	assert_int_equal(world->count, 1);
	assert_int_equal(finding->detector, PST_DETECTOR_UNDECLARED_CHANNEL);
	assert_int_equal(finding->severity, PST_HIGH);
	assert_string_equal(
		finding->message,
		"agent (acme-backup) connects to 203.0.113.9:443/tcp: not in contract acme-backup@7");
	assert_string_equal(
		finding->reason,
		"pid 10 (agent), 1 attempt; nearest is entry 1 (line 4): 203.0.113.9 is not in 10.20.0.0/16");
	assert_ptr_equal(finding->subject, finding->image);
	assert_int_equal(finding->time_ns, WORLD_START + 2 * SECOND);
	assert_false(finding->preexisting);
}

static void a_declared_connect_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent(world);
	struct pst_event connect = build_channel(&task, WORLD_START + 2 * SECOND, PST_TCP_CONNECT,
						 "10.20.0.9", 443);

	world_channel(world, &connect, PST_DECLARED);
	assert_int_equal(world->count, 0);
}

static void an_unknown_verdict_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent(world);
	struct pst_event connect = build_channel(&task, WORLD_START + 2 * SECOND, PST_TCP_CONNECT,
						 "203.0.113.9", 443);

	world_channel(world, &connect, PST_UNKNOWN);
	assert_int_equal(world->count, 0);
}

static void the_first_result_is_told_once(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent(world);
	struct pst_event connect = build_channel(&task, WORLD_START + 2 * SECOND, PST_TCP_CONNECT,
						 "203.0.113.9", 443);
	struct pst_event refused = build_result(&connect, WORLD_START + 3 * SECOND, PST_REFUSED);

	world_channel(world, &connect, PST_UNDECLARED);
	world_channel(world, &connect, PST_UNDECLARED);
	assert_int_equal(world->count, 1);
	world_channel(world, &refused, PST_UNDECLARED);
	assert_int_equal(world->count, 2);
	assert_string_equal(
		world->found[1].message,
		"agent (acme-backup) tried to connect to 203.0.113.9:443/tcp: not in contract acme-backup@7");
	assert_non_null(strstr(world->found[1].reason, "1 attempt, result: refused"));
	world_channel(world, &refused, PST_UNDECLARED);
	assert_int_equal(world->count, 2);
}

static void a_result_counts_nothing_and_growth_counts_itself(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent(world);
	struct pst_event connect = build_channel(&task, WORLD_START + 2 * SECOND, PST_TCP_CONNECT,
						 "203.0.113.9", 443);
	struct pst_event refused = build_result(&connect, WORLD_START + 3 * SECOND, PST_REFUSED);
	struct pst_event sample = build_sample(&connect, WORLD_START + 4 * SECOND);

	sample.sample.count = (struct pst_counters){ .attempts = 40, .failures = 40 };
	world_channel(world, &connect, PST_UNDECLARED);
	world_channel(world, &refused, PST_UNDECLARED);
	world_channel(world, &sample, PST_UNDECLARED);
	world_channel(world, &sample, PST_UNDECLARED); /* repeats itself */
	assert_int_equal(world->count, 3);
	assert_int_equal(world->found[0].occurrences, 1);
	assert_int_equal(world->found[1].occurrences, 0);
	assert_int_equal(world->found[2].occurrences, 39);
	assert_non_null(strstr(world->found[2].reason, "40 attempts, result: refused"));
}

static void datagrams_are_no_attempts(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent(world);
	struct pst_event first = build_channel(&task, WORLD_START + 2 * SECOND, PST_UDP_PEER,
					       "203.0.113.9", 53);
	struct pst_event sample = build_sample(&first, WORLD_START + 4 * SECOND);

	sample.sample.count = (struct pst_counters){ .attempts = 1, .packets_out = 500 };
	world_channel(world, &first, PST_UNDECLARED);
	world_channel(world, &sample, PST_UNDECLARED);
	assert_int_equal(world->count, 1);
}

static void a_channel_that_was_declared_in_between_is_news_again(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent(world);
	struct pst_event connect = build_channel(&task, WORLD_START + 2 * SECOND, PST_TCP_CONNECT,
						 "203.0.113.9", 443);

	world_channel(world, &connect, PST_UNDECLARED);
	world_channel(world, &connect, PST_DECLARED);
	world_channel(world, &connect, PST_UNDECLARED);
	assert_int_equal(world->count, 2);
}

static void a_loopback_peer_weighs_less(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent(world);
	struct pst_event connect = build_channel(&task, WORLD_START + 2 * SECOND, PST_TCP_CONNECT,
						 "127.0.0.1", 8080);

	world_channel(world, &connect, PST_UNDECLARED);
	assert_int_equal(world->found[0].severity, PST_MEDIUM);
}

static void datagrams_and_accepted_peers_are_channels_too(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent(world);
	struct pst_event datagram = build_channel(&task, WORLD_START + 2 * SECOND, PST_UDP_PEER,
						  "2001:db8::9", 53);
	struct pst_event accept = build_channel(&task, WORLD_START + 3 * SECOND, PST_TCP_ACCEPT,
						"198.51.100.9", 9300);

	world_channel(world, &datagram, PST_UNDECLARED);
	world_channel(world, &accept, PST_UNDECLARED);
	assert_int_equal(world->count, 2);
	assert_non_null(strstr(world->found[0].message, "sends datagrams to [2001:db8::9]:53/udp"));
	assert_non_null(strstr(world->found[1].message,
			       "accepted a connection from 198.51.100.9 on port 9300/tcp"));
}

static void a_grandchild_is_charged_to_the_bound_software(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent(world);
	struct pst_event fork = build_fork(&task, 11, WORLD_START + 2 * SECOND);
	struct pst_event shell = build_exec(&fork, WORLD_START + 3 * SECOND, "/opt/acme/bin/sh");
	struct pst_event curl = build_exec(&shell, WORLD_START + 4 * SECOND, "/opt/acme/bin/curl");
	struct pst_event connect = build_channel(&curl, WORLD_START + 5 * SECOND, PST_TCP_CONNECT,
						 "203.0.113.9", 443);
	struct pst_process *process;

	pst_attrib_see(world->detect.attrib, &fork);
	world_exec(world, &shell);
	process = world_exec(world, &curl);
	process->image->binder = process->image->prev->prev; /* as by inheritance */
	world_channel(world, &connect, PST_UNDECLARED);
	assert_int_equal(world->count, 1);
	assert_ptr_equal(world->found[0].subject, process->image->prev->prev);
	assert_non_null(strstr(world->found[0].message, "curl of agent (acme-backup) connects to"));
	assert_non_null(strstr(world->found[0].reason, "agent > sh > curl"));
}

static void a_channel_older_than_us_is_judged_and_marked(void **state)
{
	struct world *world = *state;
	struct pst_event before = build_before(10, 5, "/opt/acme/agent");
	struct pst_event connect = build_channel(&before, WORLD_START + SECOND, PST_TCP_CONNECT,
						 "203.0.113.9", 443);

	world_exec(world, &before);
	connect.preexisting = true;
	world_channel(world, &connect, PST_UNDECLARED);
	assert_int_equal(world->count, 1);
	assert_true(world->found[0].preexisting);
	assert_non_null(strstr(world->found[0].message, "connected to"));
}

/* ---- software under no contract ---- */

static void connect_unmanaged(struct world *world, const struct pst_event *task, uint64_t time_ns,
			      const char *peer)
{
	struct pst_event connect = build_channel(task, time_ns, PST_TCP_CONNECT, peer, 443);

	world_channel(world, &connect, PST_UNMANAGED);
}

static void before_it_has_settled_vendor_software_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector(world);
	uint64_t settled = WORLD_START + SECOND + WORLD_SETTLE;

	pst_detect_tick(&world->detect, settled - 1);
	connect_unmanaged(world, &task, settled - 1, "203.0.113.9");
	assert_int_equal(world->count, 0);
}

static void after_it_has_settled_a_new_external_peer_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector(world);
	uint64_t settled = WORLD_START + SECOND + WORLD_SETTLE;

	pst_detect_tick(&world->detect, settled);
	connect_unmanaged(world, &task, settled + 5 * SECOND, "203.0.113.9");
	assert_int_equal(world->count, 1);
	assert_int_equal(world->found[0].severity, PST_MEDIUM);
	assert_string_equal(
		world->found[0].message,
		"collector (no contract) connects to 203.0.113.9:443/tcp: a new external peer");
	assert_non_null(
		strstr(world->found[0].reason, "first seen 5 s after the program had settled"));
}

static void an_internal_peer_of_settled_software_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector(world);

	pst_detect_tick(&world->detect, WORLD_START + SECOND + WORLD_SETTLE);
	connect_unmanaged(world, &task, WORLD_START + 700 * SECOND, "10.1.2.3");
	connect_unmanaged(world, &task, WORLD_START + 700 * SECOND, "127.0.0.1");
	assert_int_equal(world->count, 0);
}

static void software_of_the_distribution_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = world_start(world, 30, WORLD_START + SECOND, "/usr/bin/apt");

	pst_detect_tick(&world->detect, WORLD_START + SECOND + WORLD_SETTLE);
	connect_unmanaged(world, &task, WORLD_START + 700 * SECOND, "203.0.113.9");
	assert_int_equal(world->count, 0);
}

static void a_peer_from_before_settling_stays_silent_when_it_is_judged_again(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector(world);
	struct pst_event connect = build_channel(&task, WORLD_START + 2 * SECOND, PST_TCP_CONNECT,
						 "203.0.113.9", 443);
	struct pst_event sample = build_sample(&connect, WORLD_START + 800 * SECOND);
	struct pst_channel *channel = world_channel(world, &connect, PST_UNMANAGED);

	pst_detect_tick(&world->detect, WORLD_START + SECOND + WORLD_SETTLE);
	assert_int_equal(world_count(world, PST_DETECTOR_STANDING_CHANNELS), 1);
	channel->told = 0; /* as after a reload of contracts */
	world_channel(world, &sample, PST_UNMANAGED);
	assert_int_equal(world_count(world, PST_DETECTOR_UNDECLARED_CHANNEL), 0);
}

static void a_peer_from_before_our_start_is_silent_even_when_it_is_found_late(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector(world);
	struct pst_event connect = build_channel(&task, WORLD_START + 700 * SECOND, PST_TCP_CONNECT,
						 "203.0.113.9", 443);

	pst_detect_tick(&world->detect, WORLD_START + SECOND + WORLD_SETTLE);
	connect.preexisting = true;
	world_channel(world, &connect, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

static void a_child_of_settled_software_is_charged_to_it(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector(world);
	struct pst_event fork = build_fork(&task, 21, WORLD_START + 700 * SECOND);
	struct pst_event curl = build_exec(&fork, WORLD_START + 701 * SECOND, "/usr/bin/curl");

	pst_detect_tick(&world->detect, WORLD_START + SECOND + WORLD_SETTLE);
	pst_attrib_see(world->detect.attrib, &fork);
	world_exec(world, &curl);
	connect_unmanaged(world, &curl, WORLD_START + 702 * SECOND, "203.0.113.9");
	assert_int_equal(world->count, 1);
	assert_string_equal(world->found[0].subject->program->path, "/opt/collector");
	assert_non_null(
		strstr(world->found[0].message, "curl of collector (no contract) connects to"));
}

static void names_from_outside_are_made_safe(void **state)
{
	struct world *world = *state;
	struct pst_event task = world_start(world, 10, WORLD_START + SECOND, "/opt/acme/\x1b[2J\n");
	struct pst_event connect = build_channel(&task, WORLD_START + 2 * SECOND, PST_TCP_CONNECT,
						 "203.0.113.9", 443);

	world_channel(world, &connect, PST_UNDECLARED);
	assert_null(strpbrk(world->found[0].message, "\x1b\n"));
	assert_null(strpbrk(world->found[0].reason, "\x1b\n"));
	assert_non_null(strstr(world->found[0].message, "\\x1b[2J\\x0a (acme-backup)"));
}

static void unix_and_netlink_of_bound_software_are_judged_and_weigh_less(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent(world);
	struct pst_event local = sight_of_kind(&task, PST_UNIX, NULL, 0);
	struct pst_event netlink = sight_of_kind(&task, PST_NETLINK, NULL, 16);

	name_channel(&local, "/run/other.sock");
	world_channel(world, &local, PST_UNDECLARED);
	world_channel(world, &netlink, PST_UNDECLARED);
	assert_int_equal(world->count, 2);
	assert_non_null(strstr(world->found[0].message, "connects to unix:/run/other.sock"));
	assert_non_null(strstr(world->found[1].message, "talks to netlink:generic"));
	assert_int_equal(world->found[0].severity, PST_MEDIUM);
	assert_int_equal(world->found[1].severity, PST_MEDIUM);
}

static void who_sends_datagrams_to_bound_software_is_judged(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent(world);
	struct pst_event seen = sight_of_kind(&task, PST_UDP_ACCEPT, "203.0.113.9", 161);

	world_channel(world, &seen, PST_UNDECLARED);
	assert_non_null(strstr(only(world, PST_DETECTOR_UNDECLARED_CHANNEL)->message,
			       "received datagrams from 203.0.113.9 on port 161/udp"));
	assert_int_equal(world->found[0].severity, PST_HIGH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(an_undeclared_connect_is_found_at_the_attempt),
		WORLD_CASE(a_declared_connect_is_silent),
		WORLD_CASE(an_unknown_verdict_is_silent),
		WORLD_CASE(the_first_result_is_told_once),
		WORLD_CASE(a_result_counts_nothing_and_growth_counts_itself),
		WORLD_CASE(datagrams_are_no_attempts),
		WORLD_CASE(a_channel_that_was_declared_in_between_is_news_again),
		WORLD_CASE(a_loopback_peer_weighs_less),
		WORLD_CASE(datagrams_and_accepted_peers_are_channels_too),
		WORLD_CASE(a_grandchild_is_charged_to_the_bound_software),
		WORLD_CASE(a_channel_older_than_us_is_judged_and_marked),
		WORLD_CASE(before_it_has_settled_vendor_software_is_silent),
		WORLD_CASE(after_it_has_settled_a_new_external_peer_is_found),
		WORLD_CASE(an_internal_peer_of_settled_software_is_silent),
		WORLD_CASE(software_of_the_distribution_is_silent),
		WORLD_CASE(a_peer_from_before_settling_stays_silent_when_it_is_judged_again),
		WORLD_CASE(a_peer_from_before_our_start_is_silent_even_when_it_is_found_late),
		WORLD_CASE(a_child_of_settled_software_is_charged_to_it),
		WORLD_CASE(names_from_outside_are_made_safe),
		WORLD_CASE(unix_and_netlink_of_bound_software_are_judged_and_weigh_less),
		WORLD_CASE(who_sends_datagrams_to_bound_software_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
