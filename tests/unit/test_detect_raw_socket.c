// SPDX-License-Identifier: Apache-2.0
/* raw_socket: is a raw or unusual IP channel found, and a declared one or ping left alone? */
#include "exotic_fixture.h"

static void bound_software_with_a_raw_socket_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world);
	struct pst_event raw = sight_of_kind(&task, PST_RAW, "203.0.113.9", IPPROTO_ICMP);
	const struct pst_finding *finding;

	world_channel(world, &raw, PST_UNDECLARED);
	finding = only(world, PST_DETECTOR_RAW_SOCKET);
	assert_string_equal(
		finding->message,
		"agent (acme-backup) opened a raw icmp channel to 203.0.113.9: not in contract acme-backup@7");
	assert_non_null(strstr(finding->reason, "pid 10 (agent), opened 59 s after"));
	assert_non_null(strstr(finding->reason, "nearest is entry 1"));
	assert_int_equal(finding->severity, PST_HIGH);
	assert_int_equal(finding->score, 85);
	assert_true(finding->by_kind);
}

static void vendor_software_under_no_contract_is_found_at_once(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event raw = sight_of_kind(&task, PST_RAW, "203.0.113.9", 253);

	world_channel(world, &raw, PST_UNMANAGED);
	assert_string_equal(
		only(world, PST_DETECTOR_RAW_SOCKET)->message,
		"collector (no contract) opened a raw protocol 253 channel to 203.0.113.9");
	assert_int_equal(world->found[0].score, 70);
}

static void it_is_found_when_older_than_us_and_marked(void **state)
{
	struct world *world = *state;
	struct pst_event task = build_before(20, 5, "/opt/collector");
	struct pst_event raw = sight_of_kind(&task, PST_RAW, "203.0.113.9", IPPROTO_ICMP);

	world_exec(world, &task);
	raw.preexisting = true;
	world_channel(world, &raw, PST_UNMANAGED);
	assert_true(only(world, PST_DETECTOR_RAW_SOCKET)->preexisting);
	assert_non_null(strstr(world->found[0].reason, "was open before monitoring began"));
}

static void a_socket_that_is_only_created_is_told_and_its_use_updates_it(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event bare = sight_of_kind(&task, PST_RAW, NULL, IPPROTO_ICMP);
	struct pst_event used = sight_of_kind(&task, PST_RAW, "203.0.113.9", IPPROTO_ICMP);

	bare.channel.bare = true;
	world_channel(world, &bare, PST_UNMANAGED);
	assert_string_equal(only(world, PST_DETECTOR_RAW_SOCKET)->message,
			    "collector (no contract) opened a raw icmp socket");
	assert_non_null(strstr(world->found[0].reason, ", not used yet"));
	world_channel(world, &used, PST_UNMANAGED);
	assert_int_equal(world->count, 2);
	assert_true(world->found[0].by_kind && world->found[1].by_kind); /* one alert */
}

static void a_ping_socket_weighs_less_than_a_raw_one(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event ping = sight_of_kind(&task, PST_ICMP, "203.0.113.9", 0);

	ping.channel.sock_type = SOCK_DGRAM;
	world_channel(world, &ping, PST_UNMANAGED);
	assert_int_equal(only(world, PST_DETECTOR_RAW_SOCKET)->severity, PST_MEDIUM);
	assert_non_null(strstr(world->found[0].message, "opened a ping channel to 203.0.113.9"));
	ping.channel.sock_type = SOCK_RAW;
	ping.channel.peer = build_addr("203.0.113.10");
	world_channel(world, &ping, PST_UNMANAGED);
	assert_int_equal(world->found[1].severity, PST_HIGH);
	assert_non_null(strstr(world->found[1].message, "opened a raw icmp channel"));
}

static void other_transports_are_named_with_their_port(void **state)
{
	static const struct {
		enum pst_kind kind;
		const char *words;
	} sorts[] = { { PST_UDPLITE, "a UDP-Lite channel to 203.0.113.9:9000/udplite" },
		      { PST_SCTP, "an SCTP channel to 203.0.113.9:9000/sctp" },
		      { PST_DCCP, "a DCCP channel to 203.0.113.9:9000/dccp" } };
	struct world *world = *state;
	struct pst_event task = collector_of(world);

	for (size_t i = 0; i < 3; i++) {
		struct pst_event seen = sight_of_kind(&task, sorts[i].kind, "203.0.113.9", 9000);

		world_channel(world, &seen, PST_UNMANAGED);
		assert_int_equal(world->count, i + 1);
		assert_int_equal(world->found[i].detector, PST_DETECTOR_RAW_SOCKET);
		assert_non_null(strstr(world->found[i].message, sorts[i].words));
	}
}

static void the_figures_and_the_opener_stand_in_the_reason(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event raw = sight_of_kind(&task, PST_RAW, "203.0.113.9", IPPROTO_GRE);
	struct pst_event sample = build_sample(&raw, THEN + 30 * SECOND);

	raw.channel.handed = true;
	raw.channel.owner = (struct pst_proc_id){ .start_ns = 3, .tgid = 1 };
	world_channel(world, &raw, PST_UNMANAGED);
	assert_non_null(strstr(world->found[0].reason, ", on a socket that pid 1 opened"));
	sample.sample.count = (struct pst_counters){
		.attempts = 3, .bytes_out = 500, .packets_out = 5, .bytes_in = 60, .packets_in = 1
	};
	world_channel(world, &sample, PST_UNMANAGED);
	assert_int_equal(world->count, 2);
	assert_int_equal(world->found[0].occurrences, 1); /* that it took it over */
	assert_int_equal(world->found[1].occurrences, 3);
	assert_non_null(
		strstr(world->found[1].reason, "500 bytes out in 5 packets, 60 bytes in in 1"));
}

static void a_declared_or_unknown_one_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world);
	struct pst_event raw = sight_of_kind(&task, PST_RAW, "203.0.113.9", 112);

	world_channel(world, &raw, PST_DECLARED);
	world_channel(world, &raw, PST_UNKNOWN);
	assert_int_equal(world->count, 0);
	world_channel(world, &raw, PST_UNDECLARED); /* the contract changed */
	assert_int_equal(world->count, 1);
}

static void ping_of_the_distribution_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = daemon_of(world, "/usr/bin/ping");
	struct pst_event ping = sight_of_kind(&task, PST_ICMP, "203.0.113.9", 0);

	world_channel(world, &ping, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

static void ping_that_vendor_software_starts_is_charged_to_it(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event fork = build_fork(&task, 21, WORLD_START + 2 * SECOND);
	struct pst_event exec = build_exec(&fork, WORLD_START + 3 * SECOND, "/usr/bin/ping");
	struct pst_event ping = sight_of_kind(&exec, PST_ICMP, "203.0.113.9", 0);

	pst_attrib_see(world->detect.attrib, &fork);
	world_exec(world, &exec);
	world_channel(world, &ping, PST_UNMANAGED);
	assert_non_null(strstr(only(world, PST_DETECTOR_RAW_SOCKET)->message, "ping of collector"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(bound_software_with_a_raw_socket_is_found),
		WORLD_CASE(vendor_software_under_no_contract_is_found_at_once),
		WORLD_CASE(it_is_found_when_older_than_us_and_marked),
		WORLD_CASE(a_socket_that_is_only_created_is_told_and_its_use_updates_it),
		WORLD_CASE(a_ping_socket_weighs_less_than_a_raw_one),
		WORLD_CASE(other_transports_are_named_with_their_port),
		WORLD_CASE(the_figures_and_the_opener_stand_in_the_reason),
		WORLD_CASE(a_declared_or_unknown_one_is_silent),
		WORLD_CASE(ping_of_the_distribution_is_silent),
		WORLD_CASE(ping_that_vendor_software_starts_is_charged_to_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
