// SPDX-License-Identifier: Apache-2.0
/* hidden_socket: is a socket without a descriptor found, and the kernel's own left alone? */
#include "exotic_fixture.h"

static struct pst_event hidden(const struct pst_event *task)
{
	struct pst_event event = sight_of_kind(task, PST_TCP_CONNECT, "10.20.0.9", 443);

	event.channel.hidden = true;
	return event;
}

static void a_hidden_socket_is_found_though_its_peer_is_declared(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world), seen = hidden(&task);

	world_judged(world, &seen, PST_DECLARED);
	assert_string_equal(
		only(world, PST_DETECTOR_HIDDEN_SOCKET)->message,
		"agent (acme-backup) has a tcp_connect channel that no descriptor shows: 10.20.0.9:443/tcp");
	assert_int_equal(world->found[0].severity, PST_HIGH);
	assert_non_null(strstr(world->found[0].reason, "cookie 0x63"));
	world_judged(world, &seen, PST_DECLARED);
	assert_int_equal(world->count, 1);
}

static void one_of_the_distribution_is_found_too_and_weighs_less(void **state)
{
	struct world *world = *state;
	struct pst_event task = daemon_of(world, "/usr/sbin/sshd"), seen = hidden(&task);

	world_judged(world, &seen, PST_UNMANAGED);
	assert_int_equal(only(world, PST_DETECTOR_HIDDEN_SOCKET)->severity, PST_MEDIUM);
}

static void the_kernels_own_socket_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = daemon_of(world, "/usr/sbin/mount.nfs"), seen = hidden(&task);

	seen.channel.kernel = true;
	world_judged(world, &seen, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

static void who_may_use_io_uring_may_register_sockets_with_it(void **state)
{
	struct world *world = *state;
	struct pst_event task, seen;

	allow(world, "\"io_uring\": true");
	task = agent_of(world);
	seen = hidden(&task);
	world_judged(world, &seen, PST_DECLARED);
	assert_int_equal(world->count, 0);
}

static void a_socket_with_a_descriptor_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world), seen = hidden(&task);

	seen.channel.hidden = false;
	world_judged(world, &seen, PST_DECLARED);
	assert_int_equal(world->count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(a_hidden_socket_is_found_though_its_peer_is_declared),
		WORLD_CASE(one_of_the_distribution_is_found_too_and_weighs_less),
		WORLD_CASE(the_kernels_own_socket_is_silent),
		WORLD_CASE(who_may_use_io_uring_may_register_sockets_with_it),
		WORLD_CASE(a_socket_with_a_descriptor_is_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
