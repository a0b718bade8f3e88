// SPDX-License-Identifier: Apache-2.0
/* Do sets, windows and names hold what they mean, and nothing beside it? */
#include "contract_fixture.h"

#define MONDAY_14_05 (INT64_C(20780) * 86400 + 14 * 3600 + 5 * 60)

static enum pst_verdict to(const char *set_name, const char *peer)
{
	char entry[128];
	struct pst_contracts *set;
	struct pst_channel asked = channel(PST_TCP_CONNECT, peer, 443);
	enum pst_verdict found;

	(void)snprintf(entry, sizeof(entry), "{\"connect\":\"tcp\",\"to\":\"%s\"}", set_name);
	set = contracts_of(entry);
	found = judge(set, &asked).verdict;
	pst_contracts_free(set);
	return found;
}

static void private_is_what_no_router_of_the_internet_forwards(void **state)
{
	static const struct {
		const char *peer;
		enum pst_verdict verdict;
	} cases[] = {
		{ "10.0.0.0", PST_DECLARED },
		{ "10.255.255.255", PST_DECLARED },
		{ "9.255.255.255", PST_UNDECLARED },
		{ "11.0.0.0", PST_UNDECLARED },
		{ "172.16.0.0", PST_DECLARED },
		{ "172.31.255.255", PST_DECLARED },
		{ "172.15.255.255", PST_UNDECLARED },
		{ "172.32.0.0", PST_UNDECLARED },
		{ "192.168.0.1", PST_DECLARED },
		{ "192.169.0.0", PST_UNDECLARED },
		{ "127.0.0.1", PST_DECLARED },
		{ "169.254.1.1", PST_DECLARED },
		{ "fc00::1", PST_DECLARED },
		{ "fdff::1", PST_DECLARED },
		{ "fe00::1", PST_UNDECLARED },
		{ "fe80::1", PST_DECLARED },
		{ "fec0::1", PST_UNDECLARED },
		{ "::1", PST_DECLARED },
		{ "::2", PST_UNDECLARED },
		{ "203.0.113.9", PST_UNDECLARED },
		{ "2001:db8::1", PST_UNDECLARED },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (to("@private", cases[i].peer) != cases[i].verdict)
			fail_msg("%s", cases[i].peer);
}

static void local_is_loopback(void **state)
{
	(void)state;
	assert_int_equal(to("@local", "127.0.0.1"), PST_DECLARED);
	assert_int_equal(to("@local", "127.255.255.255"), PST_DECLARED);
	assert_int_equal(to("@local", "::1"), PST_DECLARED);
	assert_int_equal(to("@local", "128.0.0.1"), PST_UNDECLARED);
	assert_int_equal(to("@local", "10.0.0.1"), PST_UNDECLARED);
	assert_int_equal(to("@local", "fe80::1"), PST_UNDECLARED);
}

static void local_is_also_the_address_that_both_ends_have(void **state)
{
	struct pst_contracts *set = contracts_of("{\"connect\":\"tcp\",\"to\":\"@local\"},"
						 "{\"listen\":\"tcp\",\"on\":\"@local\","
						 "\"from\":\"@local\"}");
	struct pst_channel out = channel(PST_TCP_CONNECT, "203.0.113.9", 443),
			   in = channel(PST_TCP_ACCEPT, "203.0.113.9", 80),
			   door = channel(PST_TCP_LISTEN, "203.0.113.9", 80);

	(void)state;
	out.local = addr("203.0.113.9");
	assert_int_equal(judge(set, &out).verdict, PST_DECLARED);
	out.local = addr("203.0.113.8");
	assert_int_equal(judge(set, &out).verdict, PST_UNDECLARED);
	assert_string_equal(judge(set, &out).why_not, "203.0.113.9 is in none of: @local");
	in.local = addr("203.0.113.9");
	assert_int_equal(judge(set, &in).verdict, PST_DECLARED);
	in.local = addr("203.0.113.8");
	assert_int_equal(judge(set, &in).verdict, PST_UNDECLARED);
	door.local = addr("203.0.113.9");
	assert_int_equal(judge(set, &door).verdict, PST_UNDECLARED); /* others reach it */
	door.key.peer = addr("127.0.0.1");
	assert_int_equal(judge(set, &door).verdict, PST_DECLARED);
	door.key.peer = addr("0.0.0.0");
	assert_int_equal(judge(set, &door).verdict, PST_UNDECLARED);
	pst_contracts_free(set);
}

static void sets_stand_beside_addresses_and_are_told(void **state)
{
	struct pst_contracts *set = contracts_of(
		"{\"connect\":\"tcp\",\"to\":[\"192.0.2.1\",\"@private\",\"@resolvers\"]},"
		"{\"listen\":\"tcp\",\"from\":[\"@private\",\"@local\"]}");
	struct pst_channel asked = channel(PST_TCP_CONNECT, "203.0.113.9", 443),
			   came = channel(PST_TCP_ACCEPT, "203.0.113.9", 80);

	(void)state;
	pst_contracts_resolvers(set, NULL, 0);
	assert_string_equal(judge(set, &asked).why_not,
			    "203.0.113.9 is in none of: 192.0.2.1, @private, @resolvers");
	assert_string_equal(judge(set, &came).why_not,
			    "peer 203.0.113.9 is in none of: @local, @private");
	came.key.peer = addr("10.9.9.9");
	assert_int_equal(judge(set, &came).verdict, PST_DECLARED);
	asked.key.peer = addr("10.9.9.9");
	assert_int_equal(judge(set, &asked).by, PST_BY_ADDRESS);
	pst_contracts_free(set);
}

static void a_folded_network_is_private_when_all_of_it_is(void **state)
{
	struct pst_contracts *set = contracts_of("{\"connect\":\"tcp\",\"to\":\"@private\"}");
	struct pst_channel asked = channel(PST_TCP_CONNECT, "10.1.2.0", 443);

	(void)state;
	asked.folded = true;
	assert_int_equal(judge(set, &asked).verdict, PST_DECLARED);
	asked.key.peer = addr("203.0.113.0");
	assert_int_equal(judge(set, &asked).verdict, PST_UNDECLARED);
	pst_contracts_free(set);
}

static void resolvers_stand_in_to_only_and_a_wrong_set_is_told(void **state)
{
	(void)state;
	refuses_channel("{\"listen\":\"tcp\",\"from\":\"@resolvers\"}", 24,
			"\"@resolvers\" can stand in \"to\" only");
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"@privat\"}", 23,
			"did you mean \"@private\"?");
}

static void outside_of_its_window_an_entry_allows_nothing(void **state)
{
	struct pst_contracts *set = contracts_of(
		"{\"connect\":\"tcp\",\"to\":\"10.0.0.0/8\",\"when\":[\"Mon-Fri 01:00-05:00\","
		"\"Sun 00:00-24:00\"]}");
	struct pst_channel asked = channel(PST_TCP_CONNECT, "10.1.2.3", 443);
	struct pst_judgement found;

	(void)state;
	found = judge(set, &asked);
	assert_int_equal(found.verdict, PST_UNKNOWN);
	assert_string_equal(found.why_not, "not judged: what time it is");
	pst_contracts_now(set, MONDAY_14_05);
	found = judge(set, &asked);
	assert_int_equal(found.verdict, PST_UNDECLARED);
	assert_int_equal(found.nearest, 0);
	assert_string_equal(found.why_not, "at Mon 14:05 UTC, entry allows Mon-Fri 01:00-05:00 and "
					   "Sun 00:00-24:00");
	pst_contracts_now(set, MONDAY_14_05 - 12 * 3600);
	assert_int_equal(judge(set, &asked).verdict, PST_DECLARED);
	asked.key.peer = addr("192.0.2.1");
	pst_contracts_now(set, MONDAY_14_05);
	assert_string_equal(judge(set, &asked).why_not,
			    "192.0.2.1 is in none of: 10.0.0.0/8; at Mon 14:05 UTC, entry allows "
			    "Mon-Fri 01:00-05:00 and Sun 00:00-24:00");
	pst_contracts_free(set);
}

static void another_entry_may_allow_it_at_another_time(void **state)
{
	struct pst_contracts *set = contracts_of(
		"{\"connect\":\"tcp\",\"port\":443,\"when\":\"Mon 01:00-05:00\"},"
		"{\"connect\":\"tcp\",\"port\":443,\"when\":\"Mon 14:00-15:00\"},"
		"{\"connect\":\"tcp\",\"port\":80}");
	struct pst_channel asked = channel(PST_TCP_CONNECT, "10.1.2.3", 443);

	(void)state;
	pst_contracts_now(set, MONDAY_14_05);
	assert_int_equal(judge(set, &asked).clause, 1);
	pst_contracts_now(set, MONDAY_14_05 + 3600);
	assert_int_equal(judge(set, &asked).verdict, PST_UNDECLARED);
	assert_int_equal(judge(set, &asked).nearest, 0); /* nearer than the one of another port */
	pst_contracts_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(private_is_what_no_router_of_the_internet_forwards),
		cmocka_unit_test(local_is_loopback),
		cmocka_unit_test(local_is_also_the_address_that_both_ends_have),
		cmocka_unit_test(sets_stand_beside_addresses_and_are_told),
		cmocka_unit_test(a_folded_network_is_private_when_all_of_it_is),
		cmocka_unit_test(resolvers_stand_in_to_only_and_a_wrong_set_is_told),
		cmocka_unit_test(outside_of_its_window_an_entry_allows_nothing),
		cmocka_unit_test(another_entry_may_allow_it_at_another_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
