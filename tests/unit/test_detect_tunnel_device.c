// SPDX-License-Identifier: Apache-2.0
/* tunnel_device: is a tunnel found, and a declared VPN left alone? */
#include "exotic_fixture.h"

static struct pst_event tunnel(const struct pst_event *task, const char *name, uint16_t sort)
{
	struct pst_event event = sight_of_kind(task, PST_TUNNEL, NULL, sort);

	name_channel(&event, name);
	return event;
}

static void vendor_software_with_a_tunnel_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = tunnel(&task, "dns0", 1);

	world_channel(world, &seen, PST_UNMANAGED);
	assert_string_equal(only(world, PST_DETECTOR_TUNNEL_DEVICE)->message,
			    "collector (no contract) made the TUN device dns0");
	assert_int_equal(world->found[0].severity, PST_HIGH);
	assert_int_equal(world->found[0].score, 75);
}

static void bound_software_with_another_tunnel_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world);
	struct pst_event seen = tunnel(&task, "tap7", 2);

	world_channel(world, &seen, PST_UNDECLARED);
	assert_string_equal(
		only(world, PST_DETECTOR_TUNNEL_DEVICE)->message,
		"agent (acme-backup) made the TAP device tap7: not in contract acme-backup@7");
	assert_int_equal(world->found[0].score, 85);
}

static void a_link_of_another_sort_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = tunnel(&task, "wg0", 0);

	world_channel(world, &seen, PST_UNMANAGED);
	assert_non_null(strstr(only(world, PST_DETECTOR_TUNNEL_DEVICE)->message,
			       "made the network link wg0"));
}

static void a_declared_vpn_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world);
	struct pst_event seen = tunnel(&task, "tun0", 1);

	world_channel(world, &seen, PST_DECLARED);
	assert_int_equal(world->count, 0);
}

static void the_distributions_vpn_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = daemon_of(world, "/usr/sbin/openvpn");
	struct pst_event seen = tunnel(&task, "tun0", 1);

	world_channel(world, &seen, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(vendor_software_with_a_tunnel_is_found),
		WORLD_CASE(bound_software_with_another_tunnel_is_found),
		WORLD_CASE(a_link_of_another_sort_is_found),
		WORLD_CASE(a_declared_vpn_is_silent),
		WORLD_CASE(the_distributions_vpn_is_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
