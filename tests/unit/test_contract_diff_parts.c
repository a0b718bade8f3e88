// SPDX-License-Identifier: Apache-2.0
/* Are changes told of what is allowed, not of how it is written? */
#include "diff_fixture.h"

#define TCP(rest) "{\"connect\":\"tcp\"," rest "}"
#define ACME "\"software\":[{\"path\":\"/opt/acme/**\"}],\"channels\":[]"

static void another_way_to_write_it_is_no_change(void **state)
{
	(void)state;
	changes(TCP("\"to\":[\"10.0.0.1\",\"10.0.0.2\"],\"port\":[80,443]"),
		TCP("\"to\":\"10.0.0.2\",\"port\":443") "," TCP("\"to\":\"10.0.0.1\",\"port\":\"80-80\"") "," TCP(
			"\"to\":\"10.0.0.1\",\"port\":443") "," TCP("\"to\":\"10.0.0.2\",\"port\":80"),
		"");
	changes(TCP("\"to\":\"10.0.0.0/8\""), TCP("\"to\":[\"10.0.0.0/9\",\"10.128.0.0/9\"]"), "");
	changes(TCP("\"port\":\"1-65535\""), TCP("\"port\":[\"1-80\",\"81-65535\"]"), "");
	changes(TCP("\"to\":[\"0.0.0.0/0\",\"::/0\"]"), "{\"connect\":\"tcp\"}", "");
	changes("{\"listen\":\"tcp\",\"on\":\"0.0.0.0\"}", "{\"listen\":\"tcp\"}", "");
	changes("{\"packet\":\"*\"}", "{\"packet\":\"**\"}", "");
}

static void what_another_entry_covers_changes_nothing(void **state)
{
	(void)state;
	changes(TCP("\"to\":\"10.0.0.0/8\""),
		TCP("\"to\":\"10.0.0.0/8\"") "," TCP("\"to\":\"10.1.0.0/16\",\"port\":443"), "");
	changes("{\"unix\":\"/run/acme/**\"}",
		"{\"unix\":\"/run/acme/**\"},{\"unix\":\"/run/acme/x\"}", "");
	changes(TCP("\"to\":\"*.bank.example\""),
		TCP("\"to\":[\"*.bank.example\",\"vault.bank.example\"]"), "");
}

static void a_new_peer_is_told_with_its_reason(void **state)
{
	(void)state;
	changes("", TCP("\"to\":\"203.0.113.0/24\",\"port\":443,\"why\":\"second site\""),
		"+ may newly connect by TCP to 203.0.113.0/24 on port 443: second site\n");
}

static void what_two_entries_allow_is_told_once(void **state)
{
	(void)state;
	changes("", TCP("\"to\":\"10.0.0.1\"") "," TCP("\"to\":\"10.0.0.1\""),
		"+ may newly connect by TCP to 10.0.0.1 on any port\n");
}

static void a_narrower_prefix_takes_the_rest_away(void **state)
{
	(void)state;
	changes(TCP("\"to\":\"10.0.0.0/8\",\"port\":443"),
		TCP("\"to\":\"10.0.0.0/16\",\"port\":443"),
		"- may no longer connect by TCP to 10.0.0.0/8 (except 10.0.0.0/16) on port 443\n");
	changes(TCP("\"port\":443"), TCP("\"to\":\"vault.bank.example\",\"port\":443"),
		"- may no longer connect by TCP to any address (except vault.bank.example) on port 443\n");
}

static void a_longer_range_brings_the_ports_behind_it(void **state)
{
	(void)state;
	changes(TCP("\"to\":\"10.0.0.1\",\"port\":\"8000-8010\""),
		TCP("\"to\":\"10.0.0.1\",\"port\":\"8000-8020\""),
		"+ may newly connect by TCP to 10.0.0.1 on ports 8011-8020\n");
	changes(TCP("\"to\":\"10.0.0.1\",\"port\":443"), TCP("\"to\":\"10.0.0.1\""),
		"+ may newly connect by TCP to 10.0.0.1 on ports 1-442 and 444-65535\n");
}

static void an_entry_that_moves_is_told_both_ways(void **state)
{
	(void)state;
	changes("{\"listen\":\"tcp\",\"on\":\"127.0.0.1\",\"port\":9300,\"from\":\"127.0.0.0/8\"}",
		"{\"listen\":\"tcp\",\"on\":\"127.0.0.1\",\"port\":9300,\"from\":\"10.0.0.0/8\"}",
		"+ may newly listen by TCP on port 9300 of 127.0.0.1 for peers in 10.0.0.0/8\n"
		"- may no longer listen by TCP on port 9300 of 127.0.0.1 for peers in 127.0.0.0/8\n");
}

static void windows_periods_and_amounts_are_sides_too(void **state)
{
	(void)state;
	changes(TCP("\"to\":\"10.0.0.1\",\"when\":\"Mon-Fri 01:00-05:00\""),
		TCP("\"to\":\"10.0.0.1\",\"when\":\"Mon-Sat 01:00-06:00\""),
		"+ may newly connect by TCP to 10.0.0.1 on any port, Mon-Fri 05:00-06:00 and Sat "
		"01:00-06:00 UTC\n");
	changes(TCP("\"to\":\"10.0.0.1\",\"every\":\"5m\""), TCP("\"to\":\"10.0.0.1\""),
		"+ may newly connect by TCP to 10.0.0.1 on any port, not every 5m +-10%\n");
	changes(TCP("\"to\":\"10.0.0.1\",\"bytes_out_per_day\":\"2GiB\""),
		TCP("\"to\":\"10.0.0.1\",\"bytes_out_per_day\":\"1GiB\""),
		"- may no longer connect by TCP to 10.0.0.1 on any port, more than 1 GiB but at most 2 GiB "
		"out a day\n");
}

static void sets_of_addresses_are_told_by_their_word(void **state)
{
	(void)state;
	changes(TCP("\"to\":\"@local\""), TCP("\"to\":\"@private\""),
		"+ may newly connect by TCP to @private on any port\n"
		"- may no longer connect by TCP to @local on any port\n");
	changes(TCP("\"to\":\"@private\""), TCP("\"to\":[\"10.0.0.0/8\",\"192.168.1.1\"]"),
		"- may no longer connect by TCP to @private (except 10.0.0.0/8 and 192.168.1.1) on any "
		"port\n");
	changes(TCP("\"to\":[\"@private\",\"@local\"]"),
		TCP("\"to\":[\"@private\",\"@local\",\"10.0.0.0/8\",\"127.0.0.1\"]"), "");
	changes("{\"listen\":\"tcp\",\"from\":\"@private\"}",
		"{\"listen\":\"tcp\",\"from\":\"@local\"}",
		"+ may newly listen by TCP on any port of any address for peers in @local\n"
		"- may no longer listen by TCP on any port of any address for peers in @private\n");
}

static void another_reason_is_told_though_nothing_else_changes(void **state)
{
	(void)state;
	changes(TCP("\"to\":\"10.0.0.1\",\"why\":\"vault\""), TCP("\"to\":\"10.0.0.1\""),
		"~ the reason why it may connect by TCP to 10.0.0.1 on any port is none, was \"vault\"\n");
	changes(TCP("\"to\":\"10.0.0.1\",\"why\":\"a\"") "," TCP(
			"\"to\":\"10.0.0.1\",\"why\":\"b\""),
		TCP("\"to\":\"10.0.0.1\",\"why\":\"b\"") "," TCP(
			"\"to\":\"10.0.0.1\",\"why\":\"a\""),
		"");
}

static void software_is_a_set_too(void **state)
{
	(void)state;
	changes_with(
		ACME,
		"\"software\":[{\"path\":\"/opt/acme/**\"},{\"unit\":\"acme-index.service\","
		"\"uid\":33}],\"channels\":[]",
		"+ newly binds programs (except /opt/acme/**) in the unit acme-index.service of "
		"the user 33\n");
	changes_with(ACME, "\"software\":[{\"path\":\"/opt/acme/bin/*\"}],\"channels\":[]",
		     "- no longer binds programs at /opt/acme/** (except /opt/acme/bin/*)\n");
	changes_with(ACME, ACME ",\"children\":\"none\"",
		     "~ of what its programs start it binds nothing, was: all\n");
}

static void deeds_are_sets_too(void **state)
{
	(void)state;
	changes_with(ACME, ACME ",\"exec\":[\"/opt/acme/bin/*\"]",
		     "- may no longer execute any program (except /opt/acme/bin/*)\n");
	changes_with(ACME ",\"allow\":{\"bpf\":[\"xdp\"]}",
		     ACME ",\"allow\":{\"bpf\":\"*\",\"io_uring\":true}",
		     "+ may newly use the network through io_uring\n"
		     "+ may newly load eBPF programs of any type (except xdp)\n");
	changes_with(ACME ",\"allow\":{\"modules\":[\"net-pf-*\"]}",
		     ACME ",\"allow\":{\"modules\":[\"net-pf-16-proto-9\"]}",
		     "- may no longer have the kernel load the module net-pf-* (except "
		     "net-pf-16-proto-9)\n");
}

static void limits_and_vendor_are_told(void **state)
{
	(void)state;
	changes_with(ACME ",\"limits\":{\"bytes_out_per_day\":\"1GiB\"}", ACME,
		     "+ may newly send more than 1 GiB out a day\n");
	changes_with(ACME, ACME ",\"vendor\":\"Acme\\u001b[2J\"",
		     "~ its vendor is \"Acme\\x1b[2J\", was none\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_way_to_write_it_is_no_change),
		cmocka_unit_test(what_another_entry_covers_changes_nothing),
		cmocka_unit_test(a_new_peer_is_told_with_its_reason),
		cmocka_unit_test(what_two_entries_allow_is_told_once),
		cmocka_unit_test(a_narrower_prefix_takes_the_rest_away),
		cmocka_unit_test(a_longer_range_brings_the_ports_behind_it),
		cmocka_unit_test(an_entry_that_moves_is_told_both_ways),
		cmocka_unit_test(windows_periods_and_amounts_are_sides_too),
		cmocka_unit_test(sets_of_addresses_are_told_by_their_word),
		cmocka_unit_test(another_reason_is_told_though_nothing_else_changes),
		cmocka_unit_test(software_is_a_set_too),
		cmocka_unit_test(deeds_are_sets_too),
		cmocka_unit_test(limits_and_vendor_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
