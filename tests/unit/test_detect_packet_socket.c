// SPDX-License-Identifier: Apache-2.0
/* packet_socket: is who reads whole frames found, and a capture of the distribution left alone? */
#include "exotic_fixture.h"

static struct pst_event packet(const struct pst_event *task, const char *interface, uint16_t type)
{
	struct pst_event event = sight_of_kind(task, PST_PACKET, NULL, type);

	if (interface)
		name_channel(&event, interface);
	return event;
}

static void bound_software_that_captures_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world);
	struct pst_event all = packet(&task, "eth0", 3);

	world_channel(world, &all, PST_UNDECLARED);
	assert_string_equal(
		only(world, PST_DETECTOR_PACKET_SOCKET)->message,
		"agent (acme-backup) opened a packet socket for all frames of eth0: not in contract acme-backup@7");
	assert_int_equal(world->found[0].severity, PST_HIGH);
	assert_int_equal(world->found[0].score, 85);
}

static void vendor_software_that_asks_for_one_ethertype_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event some = packet(&task, NULL, 0x88b5);

	world_channel(world, &some, PST_UNMANAGED);
	assert_string_equal(
		only(world, PST_DETECTOR_PACKET_SOCKET)->message,
		"collector (no contract) opened a packet socket for frames of type 0x88b5 of every interface");
	assert_int_equal(world->found[0].score, 75);
}

static void one_that_receives_nothing_yet_is_found_too(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event bare = packet(&task, NULL, 0);

	bare.channel.bare = true;
	world_channel(world, &bare, PST_UNMANAGED);
	assert_non_null(strstr(only(world, PST_DETECTOR_PACKET_SOCKET)->message,
			       "a packet socket that receives nothing yet"));
	assert_null(strstr(world->found[0].reason, "not used yet")); /* it may hear already */
}

static void an_xdp_socket_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event xdp = sight_of_kind(&task, PST_XDP, NULL, 2);

	name_channel(&xdp, "eth1");
	world_channel(world, &xdp, PST_UNMANAGED);
	assert_non_null(strstr(only(world, PST_DETECTOR_PACKET_SOCKET)->message,
			       "opened an XDP socket on eth1, queue 2"));
}

static void a_hostile_interface_name_is_made_safe(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event all = packet(&task, "e\x1b[2J", 3);

	world_channel(world, &all, PST_UNMANAGED);
	assert_null(strchr(only(world, PST_DETECTOR_PACKET_SOCKET)->message, '\x1b'));
}

static void a_declared_capture_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world);
	struct pst_event all = packet(&task, "eth0", 3);

	world_channel(world, &all, PST_DECLARED);
	assert_int_equal(world->count, 0);
}

static void the_distributions_dhcp_client_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = daemon_of(world, "/usr/sbin/dhclient");
	struct pst_event ip = packet(&task, "eth0", 0x800);

	world_channel(world, &ip, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(bound_software_that_captures_is_found),
		WORLD_CASE(vendor_software_that_asks_for_one_ethertype_is_found),
		WORLD_CASE(one_that_receives_nothing_yet_is_found_too),
		WORLD_CASE(an_xdp_socket_is_found),
		WORLD_CASE(a_hostile_interface_name_is_made_safe),
		WORLD_CASE(a_declared_capture_is_silent),
		WORLD_CASE(the_distributions_dhcp_client_is_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
