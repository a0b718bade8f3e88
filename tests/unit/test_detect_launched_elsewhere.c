// SPDX-License-Identifier: Apache-2.0
/* launched_elsewhere: is who talks to a launcher found, and the journal left alone? */
#include "exotic_fixture.h"

static struct pst_event to_socket(const struct pst_event *task, const char *path)
{
	struct pst_event event = sight_of_kind(task, PST_UNIX, NULL, 0);

	name_channel(&event, path);
	return event;
}

static void vendor_software_that_talks_to_docker_is_found(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = to_socket(&task, "/var/run/docker.sock");

	world_channel(world, &seen, PST_UNMANAGED);
	assert_string_equal(
		only(world, PST_DETECTOR_LAUNCHED_ELSEWHERE)->message,
		"collector (no contract) talks to unix:/var/run/docker.sock, which starts containers or machines");
	assert_int_equal(world->found[0].severity, PST_HIGH);
	assert_int_equal(world->found[0].score, 70);
}

static void bound_software_without_an_entry_is_found_once(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world);
	struct pst_event seen = to_socket(&task, "/run/systemd/private");

	world_channel(world, &seen, PST_UNDECLARED);
	assert_non_null(strstr(only(world, PST_DETECTOR_LAUNCHED_ELSEWHERE)->message,
			       "which starts services: not in contract acme-backup@7"));
	assert_int_equal(world->found[0].score, 80);
}

static void each_launcher_is_known(void **state)
{
	static const char *const paths[] = {
		"/run/containerd/containerd.sock",
		"/run/podman/podman.sock",
		"/run/crio/crio.sock",
		"/run/libvirt/libvirt-sock",
		"/run/user/1000/systemd/private",
		"/run/docker.sock",
	};
	struct world *world = *state;
	struct pst_event task = collector_of(world);

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct pst_event seen = to_socket(&task, paths[i]);

		seen.channel.peer.b[1] = (uint8_t)i;
		world_channel(world, &seen, PST_UNMANAGED);
		assert_int_equal(world->count, i + 1);
		assert_int_equal(world->found[i].severity, PST_HIGH);
	}
}

static void the_bus_weighs_little(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = to_socket(&task, "/run/dbus/system_bus_socket");

	world_channel(world, &seen, PST_UNMANAGED);
	assert_int_equal(only(world, PST_DETECTOR_LAUNCHED_ELSEWHERE)->severity, PST_LOW);
}

static void a_declared_launcher_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = agent_of(world);
	struct pst_event seen = to_socket(&task, "/run/docker.sock");

	world_channel(world, &seen, PST_DECLARED);
	assert_int_equal(world->count, 0);
}

static void the_journal_and_names_that_look_alike_are_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event journal = to_socket(&task, "/run/systemd/journal/socket");
	struct pst_event other = to_socket(&task, "/srv/run/docker.sock");
	struct pst_event longer = to_socket(&task, "/run/docker.sock.old");

	world_channel(world, &journal, PST_UNMANAGED);
	world_channel(world, &other, PST_UNMANAGED);
	world_channel(world, &longer, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

static void an_abstract_name_is_no_launcher(void **state)
{
	static const char name[] = "\0/run/docker.sock";
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = sight_of_kind(&task, PST_UNIX, NULL, 0);

	seen.channel.name = (struct pst_span){ (const uint8_t *)name, sizeof(name) - 1 };
	world_channel(world, &seen, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

static void the_distribution_may_talk_to_its_launchers(void **state)
{
	struct world *world = *state;
	struct pst_event task = daemon_of(world, "/usr/bin/docker");
	struct pst_event seen = to_socket(&task, "/run/docker.sock");

	world_channel(world, &seen, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

static void a_name_that_goes_on_behind_a_nul_is_no_launcher(void **state)
{
	static const char name[] = "/run/docker.sock\0x";
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = sight_of_kind(&task, PST_UNIX, NULL, 0);

	seen.channel.name = (struct pst_span){ (const uint8_t *)name, sizeof(name) - 1 };
	world_channel(world, &seen, PST_UNMANAGED);
	assert_int_equal(world->count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(vendor_software_that_talks_to_docker_is_found),
		WORLD_CASE(bound_software_without_an_entry_is_found_once),
		WORLD_CASE(each_launcher_is_known),
		WORLD_CASE(the_bus_weighs_little),
		WORLD_CASE(a_declared_launcher_is_silent),
		WORLD_CASE(the_journal_and_names_that_look_alike_are_silent),
		WORLD_CASE(an_abstract_name_is_no_launcher),
		WORLD_CASE(the_distribution_may_talk_to_its_launchers),
		WORLD_CASE(a_name_that_goes_on_behind_a_nul_is_no_launcher),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
