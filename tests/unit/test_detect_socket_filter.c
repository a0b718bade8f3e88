// SPDX-License-Identifier: Apache-2.0
/* socket_filter: is a sleeping back door found, and a DHCP client left alone? */
#include "exotic_fixture.h"
#include "filter_fixture.h"

#define HASH "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define CLASSIC(task, code) classic(task, code, sizeof(code))

static struct pst_event classic(const struct pst_event *task, const struct sock_filter *code,
				size_t bytes)
{
	struct pst_event event = build_as(task, PST_EVENT_FILTER, THEN);

	event.filter.family = AF_PACKET;
	event.filter.sock_type = SOCK_RAW;
	event.filter.insns = (uint32_t)(bytes / sizeof(*code));
	event.filter.code = (struct pst_span){ (const uint8_t *)code, bytes };
	strcpy(event.filter.hash, HASH);
	return event;
}

static void a_sleeping_back_door_is_critical(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = CLASSIC(&task, filter_of_a_back_door);
	const struct pst_finding *finding;

	world_filter(world, &seen);
	finding = only(world, PST_DETECTOR_SOCKET_FILTER);
	assert_int_equal(finding->severity, PST_CRITICAL);
	assert_int_equal(finding->score, 95);
	assert_string_equal(
		finding->message,
		"collector (no contract) attached a filter to a packet socket, which waits for certain bytes, " HASH);
	assert_non_null(strstr(finding->reason, "28 instructions, " HASH));
	assert_non_null(
		strstr(finding->reason, "; it compares bytes of the payload with 0x7255, 0x5293"));
	assert_string_equal(finding->about, HASH);
}

static void a_plain_filter_of_vendor_software_is_found_and_weighs_less(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = CLASSIC(&task, filter_of_a_dhcp_client);

	world_filter(world, &seen);
	assert_int_equal(only(world, PST_DETECTOR_SOCKET_FILTER)->severity, PST_HIGH);
	assert_int_equal(world->found[0].score, 80);
	assert_non_null(strstr(world->found[0].reason, "; with the port 68"));
}

static void a_filter_that_lets_nothing_pass_is_left_alone(void **state)
{
	static const struct sock_filter nothing[] = { { RET_K, 0, 0, 0 } };
	static const struct sock_filter all[] = { { RET_K, 0, 0, 65535 } };
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = CLASSIC(&task, nothing);

	seen.filter.unseen = 1; /* itself */
	world_filter(world, &seen);
	assert_int_equal(world->count, 0);
	seen = CLASSIC(&task, all);
	world_filter(world, &seen);
	(void)only(world, PST_DETECTOR_SOCKET_FILTER);
}

static void one_that_may_only_hide_another_is_not(void **state)
{
	static const struct sock_filter nothing[] = { { RET_K, 0, 0, 0 } };
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = CLASSIC(&task, nothing);

	seen.filter.unseen = 2; /* what hung there before was never read */
	world_filter(world, &seen);
	assert_non_null(strstr(only(world, PST_DETECTOR_SOCKET_FILTER)->reason,
			       "; it was changed 2 times before anybody saw it"));
	world->count = 0;
	seen.filter.unseen = 0;
	seen.filter.hash[0] = '\0'; /* cut: what follows may take something */
	world_filter(world, &seen);
	assert_int_equal(world->count, 1);
}

static void one_on_an_ordinary_socket_weighs_least(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = CLASSIC(&task, filter_of_a_capture);

	seen.filter.family = AF_INET;
	seen.filter.sock_type = SOCK_DGRAM;
	seen.filter.code.len = 0;
	seen.filter.code.data = NULL;
	seen.filter.hash[0] = '\0';
	world_filter(world, &seen);
	assert_int_equal(only(world, PST_DETECTOR_SOCKET_FILTER)->severity, PST_MEDIUM);
	assert_non_null(strstr(world->found[0].message, "attached a filter to a UDP socket"));
	assert_non_null(strstr(world->found[0].reason, "11 instructions, not seen whole"));
}

static void an_ebpf_filter_is_told_by_its_tag(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = build_as(&task, PST_EVENT_FILTER, THEN);

	seen.filter.family = AF_INET;
	seen.filter.sock_type = SOCK_RAW;
	seen.filter.ebpf = true;
	seen.filter.prog_id = 42;
	strcpy(seen.filter.hash, "tag:0123456789abcdef");
	world_filter(world, &seen);
	assert_non_null(strstr(only(world, PST_DETECTOR_SOCKET_FILTER)->reason,
			       "eBPF program 42, tag:0123456789abcdef"));
	assert_int_equal(world->found[0].severity, PST_HIGH);
}

static void bound_software_is_found_unless_its_filter_is_named(void **state)
{
	struct world *world = *state;
	struct pst_event task, seen;

	allow(world, "\"filters\": [ \"" HASH "\" ]");
	task = agent_of(world);
	seen = CLASSIC(&task, filter_of_a_dhcp_client);
	world_filter(world, &seen);
	assert_int_equal(world->count, 0);
	seen.filter.hash[7] = 'f'; /* another filter */
	world_filter(world, &seen);
	assert_non_null(strstr(only(world, PST_DETECTOR_SOCKET_FILTER)->message,
			       ": not in contract acme-backup@7"));
}

static void the_distributions_dhcp_client_and_capture_are_silent(void **state)
{
	struct world *world = *state;
	struct pst_event client = daemon_of(world, "/usr/sbin/dhclient");
	struct pst_event capture = world_start(world, 31, WORLD_START, "/usr/bin/tcpdump");
	struct pst_event a = CLASSIC(&client, filter_of_a_dhcp_client);
	struct pst_event b = CLASSIC(&capture, filter_of_a_capture);

	world_filter(world, &a);
	world_filter(world, &b);
	assert_int_equal(world->count, 0);
}

static void a_daemon_whose_file_an_upgrade_replaced_counts_only_with_a_magic(void **state)
{
	struct world *world = *state;
	struct pst_event task = build_before(40, 5, "/usr/sbin/NetworkManager");
	struct pst_event seen;

	task.exec.deleted = true;
	world_exec(world, &task);
	seen = CLASSIC(&task, filter_of_a_dhcp_client);
	world_filter(world, &seen);
	assert_int_equal(world->count, 0);
	seen = CLASSIC(&task, filter_of_a_back_door);
	world_filter(world, &seen);
	assert_int_equal(only(world, PST_DETECTOR_SOCKET_FILTER)->severity, PST_CRITICAL);
}

static void a_program_from_memory_is_found_whosever_it_is(void **state)
{
	struct world *world = *state;
	struct pst_event task = build_before(40, 5, "/memfd:x");
	struct pst_event seen;

	task.exec.memfd = true;
	world_exec(world, &task);
	seen = CLASSIC(&task, filter_of_a_capture);
	world_filter(world, &seen);
	assert_int_equal(world_count(world, PST_DETECTOR_SOCKET_FILTER), 1);
	assert_int_equal(world->found[1].severity, PST_CRITICAL);
}

static void a_watch_of_devices_over_netlink_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = CLASSIC(&task, filter_of_a_capture);

	seen.filter.family = AF_NETLINK;
	world_filter(world, &seen);
	assert_int_equal(world->count, 0);
}

static void a_magic_on_an_ordinary_socket_is_not_critical(void **state)
{
	static const struct sock_filter magic[] = { { LDH_ABS, 0, 0, 8 },
						    { JEQ_K, 0, 1, 0x7255 },
						    { RET_K, 0, 0, 1 },
						    { RET_K, 0, 0, 0 } };
	struct world *world = *state;
	struct pst_event task = collector_of(world);
	struct pst_event seen = CLASSIC(&task, magic);

	seen.filter.family = AF_INET;
	seen.filter.sock_type = SOCK_DGRAM;
	world_filter(world, &seen);
	assert_int_equal(only(world, PST_DETECTOR_SOCKET_FILTER)->severity, PST_HIGH);
	assert_int_equal(world->found[0].score, 75);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(a_sleeping_back_door_is_critical),
		WORLD_CASE(a_plain_filter_of_vendor_software_is_found_and_weighs_less),
		WORLD_CASE(a_filter_that_lets_nothing_pass_is_left_alone),
		WORLD_CASE(one_that_may_only_hide_another_is_not),
		WORLD_CASE(one_on_an_ordinary_socket_weighs_least),
		WORLD_CASE(an_ebpf_filter_is_told_by_its_tag),
		WORLD_CASE(bound_software_is_found_unless_its_filter_is_named),
		WORLD_CASE(the_distributions_dhcp_client_and_capture_are_silent),
		WORLD_CASE(a_daemon_whose_file_an_upgrade_replaced_counts_only_with_a_magic),
		WORLD_CASE(a_program_from_memory_is_found_whosever_it_is),
		WORLD_CASE(a_watch_of_devices_over_netlink_is_silent),
		WORLD_CASE(a_magic_on_an_ordinary_socket_is_not_critical),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
