// SPDX-License-Identifier: Apache-2.0
/* Do people read why a channel is not declared? */
#include "contract_fixture.h"

static void says(const char *channels, struct pst_channel asked, const char *expected)
{
	struct pst_contracts *set = contracts_of(channels);
	struct pst_judgement found = judge(set, &asked);

	assert_string_equal(found.why_not, expected);
	pst_contracts_free(set);
}

static void the_reason_names_what_did_not_fit(void **state)
{
	(void)state;
	says("{\"connect\":\"tcp\",\"to\":\"10.20.0.0/16\",\"port\":443}",
	     channel(PST_TCP_CONNECT, "203.0.113.9", 8443),
	     "203.0.113.9 is in none of: 10.20.0.0/16; port 8443 is not 443");
	says("{\"connect\":\"tcp\",\"port\":[443,\"8000-8010\"]}",
	     channel(PST_TCP_CONNECT, "203.0.113.9", 8443), "port 8443 is none of: 443, 8000-8010");
	says("{\"connect\":\"tcp\",\"to\":[\"a.example\",\"10.0.0.1\"],\"within\":\"10.0.0.0/8\"}",
	     channel(PST_TCP_CONNECT, "203.0.113.9", 8443),
	     "203.0.113.9 is in none of: 10.0.0.1, a.example");
	says("{\"connect\":\"tcp\"}", channel(PST_UDP_PEER, "203.0.113.9", 53),
	     "no entry of the contract says connect udp");
	says("{\"connect\":\"tcp\"}", channel(PST_TCP_LISTEN, "::", 53),
	     "no entry of the contract says listen tcp");
}

static void a_doubt_is_named(void **state)
{
	(void)state;
	says("{\"connect\":\"tcp\",\"to\":\"a.example\"}",
	     channel(PST_TCP_CONNECT, "203.0.113.9", 443), "not judged: a host name");
	says("{\"connect\":\"tcp\",\"to\":\"@resolvers\"}",
	     channel(PST_TCP_CONNECT, "203.0.113.9", 443), "not judged: what @resolvers means");
	says("{\"connect\":\"tcp\",\"port\":\"ephemeral\"}",
	     channel(PST_TCP_CONNECT, "203.0.113.9", 443), "port 443 is not ephemeral");
	says("{\"connect\":\"tcp\",\"port\":[80,\"ephemeral\"]}",
	     channel(PST_TCP_CONNECT, "203.0.113.9", 443), "port 443 is none of: 80, ephemeral");
}

static void a_long_reason_is_cut(void **state)
{
	struct pst_contracts *set = contracts_of(
		"{\"connect\":\"tcp\",\"to\":[\"2001:db8:aaaa:bbbb::/64\","
		"\"2001:db8:aaaa:bbbc::/64\","
		"\"2001:db8:aaaa:bbbd::/64\",\"2001:db8:aaaa:bbbe::/64\","
		"\"2001:db8:aaaa:bbbf::/64\"]}");
	struct pst_channel asked = channel(PST_TCP_CONNECT,
					   "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", 1);
	struct pst_judgement found = judge(set, &asked);

	(void)state;
	assert_int_equal(strlen(found.why_not), sizeof(found.why_not) - 1);
	pst_contracts_free(set);
}

static void numbers_are_named(void **state)
{
	struct pst_channel asked = channel(PST_RAW, "203.0.113.9", 253);

	(void)state;
	says("{\"connect\":\"raw\",\"protocol\":47}", asked, "protocol 253 is not 47");
	says("{\"connect\":\"icmp\"}", asked, "no entry of the contract says connect raw");
	says("{\"netlink\":\"route\"}", channel(PST_NETLINK, "::", 15),
	     "no entry of the contract says netlink kobject_uevent");
	says("{\"family\":\"alg\"}", channel(PST_OTHER, "::", 77),
	     "no entry of the contract says family 77");
	asked = channel(PST_PACKET, "::", 0x88b5);
	asked.name = (char[]){ "eth1" };
	asked.name_len = 4;
	says("{\"packet\":\"eth0\",\"ethertype\":\"arp\"}", asked,
	     "eth1 is not eth0; ethertype 0x88b5 is not arp");
	asked.name_len = 0;
	asked.name = NULL;
	says("{\"packet\":\"eth0\"}", asked, "any interface is not eth0");
	says("{\"unix\":\"/a\"}", asked, "no entry of the contract says packet");
}

static void the_words_of_a_judgement_are_told(void **state)
{
	(void)state;
	assert_string_equal(pst_judged_by_name(PST_BY_ADDRESS_OF_NAME), "address_of_name");
	assert_string_equal(pst_judged_by_name(PST_BY_NOTHING), "");
	assert_string_equal(pst_judged_by_name(PST_JUDGED_BY), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_reason_names_what_did_not_fit),
		cmocka_unit_test(a_doubt_is_named),
		cmocka_unit_test(a_long_reason_is_cut),
		cmocka_unit_test(numbers_are_named),
		cmocka_unit_test(the_words_of_a_judgement_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
