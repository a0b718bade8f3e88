// SPDX-License-Identifier: Apache-2.0
/* Is each entry of "channels" read, and are keys refused where they mean nothing? */
#include "contract_fixture.h"

static void the_kinds_of_entry_are_read(void **state)
{
	struct pst_contracts *set = contracts_of(
		"{\"connect\":\"udp\",\"why\":\"time\"},{\"listen\":\"tcp\","
		"\"from\":\"10.0.0.0/8\"},"
		"{\"unix\":\"/run/a\"},{\"listen\":\"udp\"}");
	const struct pst_clause *clause = pst_contracts_at(set, 0)->channels;

	(void)state;
	assert_int_equal(clause[0].does, PST_CLAUSE_CONNECT);
	assert_int_equal(clause[0].protocol, 17);
	assert_true(clause[0].any_address && clause[0].any_from);
	assert_string_equal(clause[0].why, "time");
	assert_int_equal(clause[1].does, PST_CLAUSE_LISTEN);
	assert_int_equal(clause[1].protocol, 6);
	assert_int_equal(clause[1].from_count, 1);
	assert_true(clause[1].any_address && !clause[1].any_from);
	assert_int_equal(clause[2].does, PST_CLAUSE_UNIX);
	assert_string_equal(clause[2].pattern, "/run/a");
	assert_int_equal(clause[3].protocol, 17);
	assert_int_equal(said.notes, 0);
	pst_contracts_free(set);
}

static void an_entry_says_one_thing(void **state)
{
	(void)state;
	refuses_channel(
		"{\"port\":1}", 1,
		"exactly one of connect, listen, unix, packet, netlink, family and tunnel; this has "
		"0");
	refuses_channel("{\"connect\":\"tcp\",\"listen\":\"tcp\",\"to\":\"::1\"}", 1, "this has 2");
	refuses_channel("7", 1, "must be an object");
}

static void an_unknown_protocol_gets_a_suggestion(void **state)
{
	(void)state;
	refuses_channel("{\"connect\":\"tpc\"}", 12, "unknown word \"tpc\"");
	refuses_channel("{\"listen\":\"TCP\"}", 11, "did you mean \"tcp\"?");
}

static void a_kind_that_stands_elsewhere_is_told_where(void **state)
{
	(void)state;
	refuses_channel("{\"connect\":\"unix\"}", 12,
			"unix is declared as {\"unix\":\"/run/acme/socket\"}");
	refuses_channel(
		"{\"listen\":\"icmp\"}", 11,
		"\"listen\" takes tcp, udp, sctp, dccp, vsock and unix; icmp is declared as "
		"{\"connect\":\"icmp\"}");
	refuses_channel("{\"connect\":\"icmpv6\"}", 12, "unknown word \"icmpv6\"");
}

static void ports_are_read_when_the_protocol_is_known(void **state)
{
	struct pst_contracts *set = contracts_of(
		"{\"port\":[70000,\"1-4294967295\"],\"listen\":\"vsock\"},"
		"{\"connect\":\"sctp\",\"port\":\"ephemeral\"}");
	const struct pst_clause *clause = pst_contracts_at(set, 0)->channels;

	(void)state;
	assert_int_equal(clause[0].ports[0].first, 70000);
	assert_int_equal(clause[0].ports[1].last, UINT32_MAX);
	assert_int_equal(clause[1].protocol, 132);
	assert_true(clause[1].ephemeral);
	pst_contracts_free(set);
	refuses_channel("{\"port\":70000,\"listen\":\"tcp\"}", 9, "65535");
	refuses_channel("{\"connect\":\"vsock\",\"port\":\"ephemeral\"}", 27,
			"from 1 to 4294967295");
	refuses_channel("{\"connect\":\"vsock\",\"port\":\"4294967296\"}", 27,
			"from 1 to 4294967295");
}

static void resolvers_are_peers_to_connect_to(void **state)
{
	(void)state;
	refuses_channel("{\"listen\":\"tcp\",\"from\":\"@resolvers\"}", 24, "\"to\" only");
	refuses_channel("{\"listen\":\"tcp\",\"on\":[\"@resolvers\"]}", 22, "\"to\" only");
}

static void within_narrows_names_only(void **state)
{
	struct pst_contracts *set = contracts_of(
		"{\"connect\":\"tcp\",\"within\":\"10.0.0.0/8\",\"to\":\"a.example\"}");

	(void)state;
	assert_true(pst_contracts_at(set, 0)->channels[0].has_within);
	assert_int_equal(pst_contracts_at(set, 0)->channels[0].within.bits, 104);
	pst_contracts_free(set);
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"10.0.0.1\",\"within\":\"10.0.0.0/8\"}", 43,
			"narrows host names");
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"a.example\",\"within\":\"10.0.0.1/8\"}", 44,
			"did you mean");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kinds_of_entry_are_read),
		cmocka_unit_test(an_entry_says_one_thing),
		cmocka_unit_test(an_unknown_protocol_gets_a_suggestion),
		cmocka_unit_test(a_kind_that_stands_elsewhere_is_told_where),
		cmocka_unit_test(ports_are_read_when_the_protocol_is_known),
		cmocka_unit_test(resolvers_are_peers_to_connect_to),
		cmocka_unit_test(within_narrows_names_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
