// SPDX-License-Identifier: Apache-2.0
/* handed_over_socket: is a stranger's socket found, and socket activation left alone? */
#include "exotic_fixture.h"

/* @task uses a connection that the process of @opener opened. */
static struct pst_event handed(const struct pst_event *task, const struct pst_event *opener)
{
	struct pst_event event = sight_of_kind(task, PST_TCP_CONNECT, "203.0.113.9", 443);

	event.channel.handed = true;
	event.channel.owner = opener->task.proc;
	return event;
}

static void a_strangers_socket_of_vendor_software_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event user = collector_of(world);
	struct pst_event opener = daemon_of(world, "/usr/bin/socat");
	struct pst_event seen = handed(&user, &opener);

	world_judged(world, &seen, PST_UNMANAGED);
	assert_string_equal(
		only(world, PST_DETECTOR_HANDED_OVER_SOCKET)->message,
		"collector (no contract) uses a tcp_connect socket to 203.0.113.9:443/tcp that socat opened");
	assert_string_equal(
		world->found[0].reason,
		"pid 20 (collector) does not descend from the opener, pid 30 (socat); 1 socket taken over");
	assert_int_equal(world->found[0].severity, PST_MEDIUM);
	world_judged(world, &seen, PST_UNMANAGED);
	assert_int_equal(world->count, 1);
}

static void the_distribution_that_speaks_for_vendor_software_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event opener = collector_of(world);
	struct pst_event user = daemon_of(world, "/usr/bin/socat");
	struct pst_event seen = handed(&user, &opener);

	world_judged(world, &seen, PST_UNMANAGED);
	assert_int_equal(only(world, PST_DETECTOR_HANDED_OVER_SOCKET)->severity, PST_HIGH);
	assert_int_equal(world->found[0].score, 70);
}

static void bound_software_is_found_though_its_peer_is_declared(void **state)
{
	struct world *world = *state;
	struct pst_event user = agent_of(world);
	struct pst_event opener = daemon_of(world, "/usr/bin/socat");
	struct pst_event seen = handed(&user, &opener);

	world_judged(world, &seen, PST_DECLARED);
	assert_int_equal(only(world, PST_DETECTOR_HANDED_OVER_SOCKET)->score, 75);
}

static void a_contract_may_name_the_opener(void **state)
{
	struct world *world = *state;
	struct pst_event user, opener, other, seen;

	allow(world, "\"handed_over_sockets\": [ \"/usr/bin/socat\" ]");
	user = agent_of(world);
	opener = daemon_of(world, "/usr/bin/socat");
	seen = handed(&user, &opener);
	world_judged(world, &seen, PST_DECLARED);
	assert_int_equal(world->count, 0);
	other = world_start(world, 31, WORLD_START + SECOND, "/usr/bin/ncat");
	seen = handed(&user, &other);
	seen.channel.peer = build_addr("203.0.113.10");
	world_judged(world, &seen, PST_DECLARED);
	assert_int_equal(world->count, 1);
}

static void socket_activation_by_systemd_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event user = collector_of(world);
	struct pst_event init = build_before(1, 2, "/usr/lib/systemd/systemd");
	struct pst_event seen = handed(&user, &init);

	world_exec(world, &init); /* how they are related is not known */
	seen.channel.kind = PST_TCP_ACCEPT;
	world_judged(world, &seen, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

static void what_a_descendant_gets_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event opener = daemon_of(world, "/usr/sbin/inetd");
	struct pst_event child = build_fork(&opener, 31, WORLD_START + 2 * SECOND);
	struct pst_event grandchild = build_fork(&child, 32, WORLD_START + 3 * SECOND);
	struct pst_event exec = build_exec(&grandchild, WORLD_START + 4 * SECOND, "/opt/handler");
	struct pst_event seen = handed(&exec, &opener);

	pst_attrib_see(world->detect.attrib, &child);
	pst_attrib_see(world->detect.attrib, &grandchild);
	world_exec(world, &exec);
	world_judged(world, &seen, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

static void workers_of_one_program_are_silent(void **state)
{
	struct world *world = *state;
	struct pst_event user = collector_of(world);
	struct pst_event opener = world_start(world, 21, WORLD_START + SECOND, "/opt/collector");
	struct pst_event seen = handed(&user, &opener);

	world_judged(world, &seen, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

static void two_programs_of_the_distribution_are_silent(void **state)
{
	struct world *world = *state;
	struct pst_event user = daemon_of(world, "/usr/sbin/sshd");
	struct pst_event opener = world_start(world, 31, WORLD_START + SECOND, "/usr/bin/socat");
	struct pst_event seen = handed(&user, &opener);

	world_judged(world, &seen, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

static void local_sockets_are_passed_around_all_day(void **state)
{
	static const enum pst_kind kinds[] = { PST_UNIX, PST_UNIX_LISTEN, PST_NETLINK };
	struct world *world = *state;
	struct pst_event user = collector_of(world);
	struct pst_event opener = daemon_of(world, "/usr/bin/dbus-broker");

	for (size_t i = 0; i < 3; i++) {
		struct pst_event seen = handed(&user, &opener);

		seen.channel.kind = kinds[i];
		world_judged(world, &seen, PST_UNMANAGED);
	}
	assert_int_equal(world->count, 0);
}

static void an_opener_that_is_gone_is_said_to_be(void **state)
{
	struct world *world = *state;
	struct pst_event user = collector_of(world);
	struct pst_event gone = build_event(PST_EVENT_FORK, 77, 7);
	struct pst_event seen = handed(&user, &gone);
	struct pst_event before = seen;

	before.preexisting = true; /* its chain may be lost */
	before.channel.peer = build_addr("203.0.113.10");
	world_judged(world, &before, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
	world_judged(world, &seen, PST_UNMANAGED);
	assert_non_null(strstr(only(world, PST_DETECTOR_HANDED_OVER_SOCKET)->message,
			       "that a process that is gone opened"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(a_strangers_socket_of_vendor_software_is_found),
		WORLD_CASE(the_distribution_that_speaks_for_vendor_software_is_found),
		WORLD_CASE(bound_software_is_found_though_its_peer_is_declared),
		WORLD_CASE(a_contract_may_name_the_opener),
		WORLD_CASE(socket_activation_by_systemd_is_silent),
		WORLD_CASE(what_a_descendant_gets_is_silent),
		WORLD_CASE(workers_of_one_program_are_silent),
		WORLD_CASE(two_programs_of_the_distribution_are_silent),
		WORLD_CASE(local_sockets_are_passed_around_all_day),
		WORLD_CASE(an_opener_that_is_gone_is_said_to_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
