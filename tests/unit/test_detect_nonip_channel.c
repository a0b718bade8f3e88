// SPDX-License-Identifier: Apache-2.0
/* nonip_channel: is a channel that is no IP found, and everyday means left alone? */
#include "exotic_fixture.h"

static struct pst_event vsock(const struct pst_event *task, uint8_t cid, uint8_t port)
{
	struct pst_event event = sight_of_kind(task, PST_VSOCK, NULL, 0);

	event.channel.peer.b[3] = cid;
	event.channel.peer.b[7] = port;
	return event;
}

static void vendor_software_that_talks_to_the_hypervisor_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = vsock(&task, 2, 50);

	world_channel(world, &seen, PST_UNMANAGED);
	assert_string_equal(only(world, PST_DETECTOR_NONIP_CHANNEL)->message,
			    "collector (no contract) opened a channel to vsock:2:50");
	assert_int_equal(world->found[0].severity, PST_HIGH);
	assert_int_equal(world->found[0].score, 70);
}

static void bound_software_weighs_more(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world);
	struct pst_event seen = vsock(&task, 2, 50);

	world_channel(world, &seen, PST_UNDECLARED);
	assert_int_equal(only(world, PST_DETECTOR_NONIP_CHANNEL)->score, 80);
}

static void each_family_is_found_once(void **state)
{
	static const enum pst_kind kinds[] = { PST_TIPC, PST_BLUETOOTH, PST_CAN, PST_OTHER };
	struct world *world = *state;
	struct pst_event task = collector_of(world);

	for (size_t i = 0; i < 4; i++) {
		struct pst_event seen = sight_of_kind(&task, kinds[i], NULL, 3);

		world_channel(world, &seen, PST_UNMANAGED);
		assert_int_equal(world->count, i + 1);
		assert_int_equal(world->found[i].detector, PST_DETECTOR_NONIP_CHANNEL);
	}
}

static void a_bare_socket_is_told_by_its_kind(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = sight_of_kind(&task, PST_BLUETOOTH, NULL, 0);

	seen.channel.bare = true;
	world_channel(world, &seen, PST_UNMANAGED);
	assert_non_null(strstr(only(world, PST_DETECTOR_NONIP_CHANNEL)->message,
			       "opened a bluetooth socket"));
}

static void the_kernels_cryptography_weighs_little(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = sight_of_kind(&task, PST_ALG, NULL, 0);

	name_channel(&seen, "hash:sha256");
	world_channel(world, &seen, PST_UNMANAGED);
	assert_int_equal(only(world, PST_DETECTOR_NONIP_CHANNEL)->severity, PST_LOW);
	assert_non_null(strstr(world->found[0].message, "alg:hash:sha256"));
}

static void a_declared_guest_agent_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world);
	struct pst_event seen = vsock(&task, 2, 50);

	world_channel(world, &seen, PST_DECLARED);
	assert_int_equal(world->count, 0);
}

static void the_distributions_guest_agent_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = daemon_of(world, "/usr/sbin/qemu-ga");
	struct pst_event seen = vsock(&task, 2, 50);

	world_channel(world, &seen, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

static void unix_and_netlink_of_vendor_software_are_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event local = sight_of_kind(&task, PST_UNIX, NULL, 0);
	struct pst_event netlink = sight_of_kind(&task, PST_NETLINK, NULL, 16);

	name_channel(&local, "/run/nscd/socket");
	world_channel(world, &local, PST_UNMANAGED);
	world_channel(world, &netlink, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(vendor_software_that_talks_to_the_hypervisor_is_found),
		WORLD_CASE(bound_software_weighs_more),
		WORLD_CASE(each_family_is_found_once),
		WORLD_CASE(a_bare_socket_is_told_by_its_kind),
		WORLD_CASE(the_kernels_cryptography_weighs_little),
		WORLD_CASE(a_declared_guest_agent_is_silent),
		WORLD_CASE(the_distributions_guest_agent_is_silent),
		WORLD_CASE(unix_and_netlink_of_vendor_software_are_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
