// SPDX-License-Identifier: Apache-2.0
/* Do people read why a channel is not declared, and what would declare it? */
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
	     "203.0.113.9 is in none of: 10.0.0.1, its host names");
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
	     channel(PST_TCP_CONNECT, "203.0.113.9", 443),
	     "not judged: whether the port is ephemeral");
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

static void allows(const struct pst_channel *asked, const char *expected)
{
	struct pst_contracts *set;
	char text[256];

	assert_string_equal(pst_contract_allow_text(asked, text, sizeof(text)), expected);
	set = contracts_of(text);
	assert_int_equal(judge(set, asked).verdict, PST_DECLARED);
	pst_contracts_free(set);
}

static void the_entry_that_would_allow_it_does(void **state)
{
	struct pst_channel asked = channel(PST_TCP_CONNECT, "203.0.113.9", 443);

	(void)state;
	allows(&asked, "{\"connect\":\"tcp\",\"to\":\"203.0.113.9\",\"port\":443}");
	asked = channel(PST_UDP_PEER, "2001:db8::1", 53);
	allows(&asked, "{\"connect\":\"udp\",\"to\":\"2001:db8::1\",\"port\":53}");
	asked = channel(PST_TCP_LISTEN, "::", 9300);
	allows(&asked, "{\"listen\":\"tcp\",\"on\":\"::\",\"port\":9300}");
	asked = channel(PST_TCP_ACCEPT, "192.0.2.7", 9300);
	allows(&asked, "{\"listen\":\"tcp\",\"port\":9300,\"from\":\"192.0.2.7\"}");
	asked.local = addr("10.0.0.1");
	allows(&asked,
	       "{\"listen\":\"tcp\",\"on\":\"10.0.0.1\",\"port\":9300,\"from\":\"192.0.2.7\"}");
}

static void folded_peers_are_allowed_as_prefixes(void **state)
{
	struct pst_channel asked = channel(PST_TCP_CONNECT, "203.0.113.0", 443);

	(void)state;
	asked.folded = true;
	allows(&asked, "{\"connect\":\"tcp\",\"to\":\"203.0.113.0/24\",\"port\":443}");
	asked.key.peer = addr("2001:db8:0:ab00::");
	allows(&asked, "{\"connect\":\"tcp\",\"to\":\"2001:db8:0:ab00::/56\",\"port\":443}");
	asked.key.peer = addr("::");
	allows(&asked, "{\"connect\":\"tcp\",\"port\":443}");
}

static void a_kind_without_words_has_no_entry(void **state)
{
	struct pst_channel asked = channel(PST_KINDS, "10.0.0.1", 1);
	char text[64];

	(void)state;
	assert_string_equal(pst_contract_allow_text(&asked, text, sizeof(text)), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_reason_names_what_did_not_fit),
		cmocka_unit_test(a_doubt_is_named),
		cmocka_unit_test(a_long_reason_is_cut),
		cmocka_unit_test(the_entry_that_would_allow_it_does),
		cmocka_unit_test(folded_peers_are_allowed_as_prefixes),
		cmocka_unit_test(a_kind_without_words_has_no_entry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
