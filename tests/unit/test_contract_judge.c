// SPDX-License-Identifier: Apache-2.0
/* Is a channel declared, and what is said when it is not? */
#include "contract_fixture.h"

static enum pst_verdict verdict(const char *channels, enum pst_kind kind, const char *peer,
				uint16_t port)
{
	struct pst_contracts *set = contracts_of(channels);
	struct pst_channel asked = channel(kind, peer, port);
	enum pst_verdict found = judge(set, &asked).verdict;

	pst_contracts_free(set);
	return found;
}

static void a_connection_is_declared_by_address_and_port(void **state)
{
	const char *entry =
		"{\"connect\":\"tcp\",\"to\":\"10.20.0.0/16\",\"port\":[443,\"8000-8010\"]}";

	(void)state;
	assert_int_equal(verdict(entry, PST_TCP_CONNECT, "10.20.255.255", 443), PST_DECLARED);
	assert_int_equal(verdict(entry, PST_TCP_CONNECT, "10.21.0.0", 443), PST_UNDECLARED);
	assert_int_equal(verdict(entry, PST_TCP_CONNECT, "10.20.0.1", 444), PST_UNDECLARED);
	assert_int_equal(verdict(entry, PST_TCP_CONNECT, "10.20.0.1", 8000), PST_DECLARED);
	assert_int_equal(verdict(entry, PST_TCP_CONNECT, "10.20.0.1", 8010), PST_DECLARED);
	assert_int_equal(verdict(entry, PST_TCP_CONNECT, "10.20.0.1", 7999), PST_UNDECLARED);
	assert_int_equal(verdict(entry, PST_TCP_CONNECT, "10.20.0.1", 8011), PST_UNDECLARED);
	assert_int_equal(verdict(entry, PST_UDP_PEER, "10.20.0.1", 443), PST_UNDECLARED);
	assert_int_equal(verdict(entry, PST_TCP_LISTEN, "10.20.0.1", 443), PST_UNDECLARED);
}

static void an_absent_key_means_any(void **state)
{
	(void)state;
	assert_int_equal(verdict("{\"connect\":\"udp\"}", PST_UDP_PEER, "203.0.113.9", 9),
			 PST_DECLARED);
	assert_int_equal(verdict("{\"connect\":\"udp\",\"port\":53}", PST_UDP_PEER, "2001:db8::1",
				 53),
			 PST_DECLARED);
	assert_int_equal(verdict("{\"connect\":\"udp\",\"to\":\"::/0\"}", PST_UDP_PEER, "10.0.0.1",
				 53),
			 PST_UNDECLARED);
	assert_int_equal(verdict("{\"connect\":\"udp\",\"to\":\"0.0.0.0/0\"}", PST_UDP_PEER,
				 "2001:db8::1", 53),
			 PST_UNDECLARED);
	assert_int_equal(verdict("", PST_UDP_PEER, "10.0.0.1", 53), PST_UNDECLARED);
}

static void to_listen_everywhere_must_be_said(void **state)
{
	const char *local = "{\"listen\":\"tcp\",\"on\":\"127.0.0.1\",\"port\":9300}";
	const char *any = "{\"listen\":\"tcp\",\"on\":\"0.0.0.0\"}";

	(void)state;
	assert_int_equal(verdict(local, PST_TCP_LISTEN, "127.0.0.1", 9300), PST_DECLARED);
	assert_int_equal(verdict(local, PST_TCP_LISTEN, "0.0.0.0", 9300), PST_UNDECLARED);
	assert_int_equal(verdict(local, PST_TCP_LISTEN, "::", 9300), PST_UNDECLARED);
	assert_int_equal(verdict(local, PST_TCP_LISTEN, "127.0.0.1", 9301), PST_UNDECLARED);
	assert_int_equal(verdict(any, PST_TCP_LISTEN, "::", 1), PST_DECLARED);
	assert_int_equal(verdict(any, PST_TCP_LISTEN, "10.0.0.1", 1), PST_DECLARED);
	assert_int_equal(verdict("{\"listen\":\"tcp\",\"on\":\"::\"}", PST_TCP_LISTEN, "0.0.0.0",
				 1),
			 PST_DECLARED);
	assert_int_equal(verdict("{\"listen\":\"tcp\",\"on\":\"0.0.0.0/0\"}", PST_TCP_LISTEN,
				 "0.0.0.0", 1),
			 PST_DECLARED);
	assert_int_equal(verdict("{\"listen\":\"tcp\",\"on\":\"0.0.0.0/0\"}", PST_TCP_LISTEN,
				 "::", 1),
			 PST_UNDECLARED);
	assert_int_equal(verdict("{\"listen\":\"tcp\"}", PST_TCP_LISTEN, "::", 1), PST_DECLARED);
	assert_int_equal(verdict("{\"connect\":\"tcp\",\"to\":\"0.0.0.0\"}", PST_TCP_CONNECT,
				 "10.0.0.1", 1),
			 PST_UNDECLARED);
}

static void who_comes_in_must_come_from_where_it_says(void **state)
{
	struct pst_contracts *set = contracts_of(
		"{\"listen\":\"tcp\",\"on\":\"10.0.0.0/8\",\"port\":9300,"
		"\"from\":\"10.1.0.0/16\"}");
	struct pst_channel asked = channel(PST_TCP_ACCEPT, "10.1.2.3", 9300);

	(void)state;
	asked.local = addr("10.0.0.1");
	assert_int_equal(judge(set, &asked).verdict, PST_DECLARED);
	asked.key.peer = addr("10.2.0.0");
	assert_int_equal(judge(set, &asked).verdict, PST_UNDECLARED);
	assert_string_equal(judge(set, &asked).why_not, "peer 10.2.0.0 is in none of: 10.1.0.0/16");
	asked.key.peer = addr("10.1.2.3");
	asked.local = addr("192.0.2.1");
	assert_int_equal(judge(set, &asked).verdict, PST_UNDECLARED);
	asked.local = (struct pst_addr){ { 0 } }; /* not known yet */
	assert_int_equal(judge(set, &asked).verdict, PST_DECLARED);
	asked.key.port = 9301;
	assert_int_equal(judge(set, &asked).verdict, PST_UNDECLARED);
	pst_contracts_free(set);
}

static void resolvers_are_unknown_until_they_are_told(void **state)
{
	struct pst_contracts *set =
		contracts_of("{\"connect\":\"udp\",\"to\":\"@resolvers\",\"port\":53}");
	struct pst_channel asked = channel(PST_UDP_PEER, "10.0.0.53", 53),
			   other = channel(PST_UDP_PEER, "10.0.0.54", 53);

	(void)state;
	assert_int_equal(judge(set, &asked).verdict, PST_UNKNOWN);
	pst_contracts_resolvers(set, &asked.key.peer, 1);
	assert_int_equal(judge(set, &asked).verdict, PST_DECLARED);
	assert_int_equal(judge(set, &other).verdict, PST_UNDECLARED);
	pst_contracts_resolvers(set, NULL, 0);
	assert_int_equal(judge(set, &asked).verdict, PST_UNDECLARED);
	pst_contracts_free(set);
}

static void what_only_a_name_may_allow_is_unknown(void **state)
{
	const char *entry =
		"{\"connect\":\"tcp\",\"to\":[\"a.example\",\"10.20.0.0/16\"],\"port\":443}";
	const char *narrow =
		"{\"connect\":\"tcp\",\"to\":\"a.example\",\"within\":\"203.0.113.0/24\"}";

	(void)state;
	assert_int_equal(verdict(entry, PST_TCP_CONNECT, "10.20.0.1", 443), PST_DECLARED);
	assert_int_equal(verdict(entry, PST_TCP_CONNECT, "203.0.113.9", 443), PST_UNKNOWN);
	assert_int_equal(verdict(entry, PST_TCP_CONNECT, "203.0.113.9", 8443), PST_UNDECLARED);
	assert_int_equal(verdict(entry, PST_UDP_PEER, "203.0.113.9", 443), PST_UNDECLARED);
	assert_int_equal(verdict(narrow, PST_TCP_CONNECT, "203.0.113.9", 443), PST_UNKNOWN);
	assert_int_equal(verdict(narrow, PST_TCP_CONNECT, "203.0.114.9", 443), PST_UNDECLARED);
	assert_int_equal(verdict("{\"listen\":\"udp\"}", PST_TCP_LISTEN, "10.0.0.1", 40000),
			 PST_UNDECLARED);
}

static void ephemeral_ports_are_a_range(void **state)
{
	const char *entry = "{\"connect\":\"tcp\",\"port\":[80,\"ephemeral\"]}";
	struct pst_contracts *set = contracts_of(entry);
	struct pst_channel asked = channel(PST_TCP_CONNECT, "10.0.0.1", 32767);

	(void)state;
	assert_int_equal(verdict(entry, PST_TCP_CONNECT, "10.0.0.1", 80), PST_DECLARED);
	assert_int_equal(verdict(entry, PST_TCP_CONNECT, "10.0.0.1", 32767), PST_UNDECLARED);
	assert_int_equal(verdict(entry, PST_TCP_CONNECT, "10.0.0.1", 32768), PST_DECLARED);
	assert_int_equal(verdict(entry, PST_TCP_CONNECT, "10.0.0.1", 60999), PST_DECLARED);
	assert_int_equal(verdict(entry, PST_TCP_CONNECT, "10.0.0.1", 61000), PST_UNDECLARED);
	pst_contracts_ephemeral(set, (struct pst_port_range){ 32767, 32767 });
	assert_int_equal(judge(set, &asked).verdict, PST_DECLARED);
	asked.key.port++;
	assert_int_equal(judge(set, &asked).verdict, PST_UNDECLARED);
	pst_contracts_free(set);
}

static void an_entry_that_allows_beats_one_that_may(void **state)
{
	struct pst_contracts *set = contracts_of(
		"{\"connect\":\"tcp\",\"to\":\"a.example\"},{\"connect\":\"tcp\","
		"\"to\":\"10.0.0.0/8\"}");
	struct pst_channel asked = channel(PST_TCP_CONNECT, "10.0.0.1", 443);
	struct pst_judgement found = judge(set, &asked);

	(void)state;
	assert_int_equal(found.verdict, PST_DECLARED);
	assert_int_equal(found.clause, 1);
	assert_int_equal(found.nearest, -1);
	assert_string_equal(found.why_not, "");
	pst_contracts_free(set);
}

static void a_doubt_outlives_an_entry_that_does_not_fit(void **state)
{
	const char *name = "{\"connect\":\"tcp\",\"to\":\"a.example\"}";
	const char *both = "{\"connect\":\"tcp\",\"to\":\"a.example\"},"
			   "{\"connect\":\"tcp\",\"to\":\"10.0.0.0/8\"}";
	const char *near = "{\"connect\":\"tcp\",\"to\":\"10.0.0.0/8\",\"port\":1},"
			   "{\"connect\":\"tcp\",\"to\":\"a.example\"}";

	(void)state;
	assert_int_equal(verdict(name, PST_TCP_CONNECT, "203.0.113.9", 443), PST_UNKNOWN);
	assert_int_equal(verdict(both, PST_TCP_CONNECT, "203.0.113.9", 443), PST_UNKNOWN);
	assert_int_equal(verdict(near, PST_TCP_CONNECT, "10.0.0.1", 40000), PST_UNKNOWN);
}

static void software_under_no_contract_is_unmanaged(void **state)
{
	struct pst_contracts *set = contracts_of("{\"connect\":\"tcp\"}");
	struct pst_channel asked = channel(PST_TCP_CONNECT, "10.0.0.1", 443);
	struct pst_image image = { .contract = -1 };
	struct pst_judgement found;

	(void)state;
	pst_contract_judge(set, &image, &asked, &found);
	assert_int_equal(found.verdict, PST_UNMANAGED);
	assert_int_equal(found.contract, -1);
	assert_int_equal(found.nearest, -1);
	pst_contracts_free(set);
}

static void the_nearest_entry_fits_the_address_before_the_port(void **state)
{
	struct pst_contracts *set = contracts_of(
		"{\"connect\":\"udp\"},{\"connect\":\"tcp\",\"to\":\"192.0.2.0/24\",\"port\":8443},"
		"{\"connect\":\"tcp\",\"to\":\"10.0.0.0/8\",\"port\":443},{\"connect\":\"tcp\","
		"\"to\":\"192.0.2.0/24\",\"port\":1}");
	struct pst_channel asked = channel(PST_TCP_CONNECT, "10.0.0.1", 8443);
	struct pst_judgement found = judge(set, &asked);

	(void)state;
	assert_int_equal(found.verdict, PST_UNDECLARED);
	assert_int_equal(found.clause, -1);
	assert_int_equal(found.nearest, 2);
	assert_string_equal(found.why_not, "port 8443 is not 443");
	asked.key.peer = addr("203.0.113.9");
	found = judge(set, &asked);
	assert_int_equal(found.nearest, 1);
	assert_string_equal(found.why_not, "203.0.113.9 is in none of: 192.0.2.0/24");
	pst_contracts_free(set);
}

static void folded_peers_fit_when_all_of_them_do(void **state)
{
	struct pst_contracts *set =
		contracts_of("{\"connect\":\"tcp\",\"to\":[\"10.1.0.0/16\",\"10.2.3.0/25\"]}");
	struct pst_channel asked = channel(PST_TCP_CONNECT, "10.1.2.0", 443);

	(void)state;
	asked.folded = true;
	assert_int_equal(judge(set, &asked).verdict, PST_DECLARED);
	asked.key.peer = addr("10.2.3.0");
	assert_int_equal(judge(set, &asked).verdict, PST_UNKNOWN);
	asked.key.peer = addr("10.2.4.0");
	assert_int_equal(judge(set, &asked).verdict, PST_UNDECLARED);
	asked.key.peer = addr("::");
	assert_int_equal(judge(set, &asked).verdict, PST_UNKNOWN);
	pst_contracts_free(set);
}

static void udp_listens_like_tcp(void **state)
{
	const char *entry = "{\"listen\":\"udp\",\"on\":\"127.0.0.1\",\"port\":514,"
			    "\"from\":\"127.0.0.0/8\"}";

	(void)state;
	assert_int_equal(verdict(entry, PST_UDP_LISTEN, "127.0.0.1", 514), PST_DECLARED);
	assert_int_equal(verdict(entry, PST_UDP_LISTEN, "0.0.0.0", 514), PST_UNDECLARED);
	assert_int_equal(verdict(entry, PST_UDP_ACCEPT, "127.0.0.9", 514), PST_DECLARED);
	assert_int_equal(verdict(entry, PST_UDP_ACCEPT, "10.0.0.1", 514), PST_UNDECLARED);
	assert_int_equal(verdict(entry, PST_UDP_PEER, "127.0.0.1", 514), PST_UNDECLARED);
}

static void protocols_do_not_stand_for_each_other(void **state)
{
	const char *raw = "{\"connect\":\"raw\",\"protocol\":253,\"to\":\"10.0.0.0/8\"}";

	(void)state;
	assert_int_equal(verdict("{\"connect\":\"icmp\",\"to\":\"10.0.0.0/8\"}", PST_ICMP,
				 "10.0.0.1", 0),
			 PST_DECLARED);
	assert_int_equal(verdict("{\"connect\":\"icmp\",\"to\":\"10.0.0.0/8\"}", PST_ICMP,
				 "11.0.0.1", 0),
			 PST_UNDECLARED);
	assert_int_equal(verdict(raw, PST_RAW, "10.0.0.1", 253), PST_DECLARED);
	assert_int_equal(verdict(raw, PST_RAW, "10.0.0.1", 254), PST_UNDECLARED);
	assert_int_equal(verdict(raw, PST_RAW, "11.0.0.1", 253), PST_UNDECLARED);
	assert_int_equal(verdict(raw, PST_ICMP, "10.0.0.1", 0), PST_UNDECLARED);
	assert_int_equal(verdict("{\"connect\":\"sctp\"}", PST_DCCP, "10.0.0.1", 1),
			 PST_UNDECLARED);
	assert_int_equal(verdict("{\"family\":\"alg\"}", PST_ALG, "::", 0), PST_DECLARED);
	assert_int_equal(verdict("{\"family\":\"alg\"}", PST_TIPC, "::", 0), PST_UNDECLARED);
	assert_int_equal(verdict("{\"netlink\":\"generic\"}", PST_NETLINK, "::", 16), PST_DECLARED);
	assert_int_equal(verdict("{\"netlink\":\"generic\"}", PST_NETLINK, "::", 15),
			 PST_UNDECLARED);
}

static enum pst_verdict verdict_of_name(const char *channels, enum pst_kind kind, uint16_t port,
					char *name)
{
	struct pst_contracts *set = contracts_of(channels);
	struct pst_channel asked = channel(kind, "::", port);
	enum pst_verdict found;

	asked.name = name;
	asked.name_len = (uint16_t)strlen(name);
	found = judge(set, &asked).verdict;
	pst_contracts_free(set);
	return found;
}

static void names_of_sockets_and_devices_are_matched(void **state)
{
	const char *below = "{\"unix\":\"/opt/acme/**\"}";
	const char *frames = "{\"packet\":\"eth0\",\"ethertype\":\"lldp\"}";
	char own[] = "/opt/acme/run/a.sock", climbing[] = "/opt/acme/../../run/docker.sock";
	char eth0[] = "eth0", eth1[] = "eth1", none[] = "", tun[] = "tun7";

	(void)state;
	assert_int_equal(verdict_of_name(below, PST_UNIX, 0, own), PST_DECLARED);
	assert_int_equal(verdict_of_name(below, PST_UNIX, 0, climbing), PST_UNDECLARED);
	assert_int_equal(verdict_of_name("{\"unix\":\"/opt/acme/../../run/*\"}", PST_UNIX, 0,
					 climbing),
			 PST_DECLARED);
	assert_int_equal(verdict_of_name(below, PST_UNIX_LISTEN, 0, own), PST_UNDECLARED);
	assert_int_equal(verdict_of_name(frames, PST_PACKET, 0x88cc, eth0), PST_DECLARED);
	assert_int_equal(verdict_of_name(frames, PST_PACKET, 0x88cc, eth1), PST_UNDECLARED);
	assert_int_equal(verdict_of_name(frames, PST_PACKET, 3, eth0), PST_UNDECLARED);
	assert_int_equal(verdict_of_name(frames, PST_PACKET, 0x88cc, none), PST_UNDECLARED);
	assert_int_equal(verdict_of_name("{\"packet\":\"*\"}", PST_PACKET, 3, none), PST_DECLARED);
	assert_int_equal(verdict_of_name("{\"tunnel\":\"tun*\"}", PST_TUNNEL, 1, tun),
			 PST_DECLARED);
	assert_int_equal(verdict_of_name("{\"tunnel\":\"tap*\"}", PST_TUNNEL, 1, tun),
			 PST_UNDECLARED);
}

static void what_was_only_created_is_judged_by_its_kind(void **state)
{
	struct pst_contracts *set = contracts_of(
		"{\"connect\":\"raw\",\"protocol\":253,\"to\":\"10.0.0.0/8\"},"
		"{\"packet\":\"eth0\",\"ethertype\":\"lldp\"},{\"family\":\"alg\"}");
	struct pst_channel asked = channel(PST_RAW, "::", 253);

	(void)state;
	asked.bare = true;
	assert_int_equal(judge(set, &asked).verdict, PST_DECLARED);
	assert_int_equal(judge(set, &asked).by, PST_BY_KIND);
	asked.key.port = 254;
	assert_int_equal(judge(set, &asked).verdict, PST_UNDECLARED);
	asked.key.kind = PST_PACKET;
	assert_int_equal(judge(set, &asked).verdict, PST_DECLARED);
	asked.key.kind = PST_TIPC;
	assert_int_equal(judge(set, &asked).verdict, PST_UNDECLARED);
	pst_contracts_free(set);
}

static void what_made_it_declared_is_told(void **state)
{
	struct pst_contracts *set = contracts_of(
		"{\"connect\":\"tcp\",\"to\":\"10.0.0.0/8\"},{\"connect\":\"udp\","
		"\"to\":\"@resolvers\"},{\"connect\":\"icmp\"},{\"unix\":\"/a\"}");
	struct pst_channel asked = channel(PST_TCP_CONNECT, "10.0.0.1", 1);
	char path[] = "/a";

	(void)state;
	pst_contracts_resolvers(set, &asked.key.peer, 1);
	assert_int_equal(judge(set, &asked).by, PST_BY_ADDRESS);
	asked.key.kind = PST_UDP_PEER;
	assert_int_equal(judge(set, &asked).by, PST_BY_RESOLVERS);
	asked.key.kind = PST_ICMP;
	assert_int_equal(judge(set, &asked).by, PST_BY_KIND);
	asked.key.kind = PST_UNIX;
	asked.name = path;
	asked.name_len = 2;
	assert_int_equal(judge(set, &asked).by, PST_BY_PATTERN);
	asked.key.kind = PST_SCTP;
	assert_int_equal(judge(set, &asked).by, PST_BY_NOTHING);
	pst_contracts_free(set);
}

static void a_kind_without_words_is_not_judged(void **state)
{
	(void)state;
	assert_int_equal(verdict("{\"connect\":\"tcp\"}", PST_KINDS, "10.0.0.1", 1),
			 PST_VERDICT_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_is_declared_by_address_and_port),
		cmocka_unit_test(an_absent_key_means_any),
		cmocka_unit_test(to_listen_everywhere_must_be_said),
		cmocka_unit_test(who_comes_in_must_come_from_where_it_says),
		cmocka_unit_test(resolvers_are_unknown_until_they_are_told),
		cmocka_unit_test(what_only_a_name_may_allow_is_unknown),
		cmocka_unit_test(ephemeral_ports_are_a_range),
		cmocka_unit_test(udp_listens_like_tcp),
		cmocka_unit_test(protocols_do_not_stand_for_each_other),
		cmocka_unit_test(names_of_sockets_and_devices_are_matched),
		cmocka_unit_test(what_was_only_created_is_judged_by_its_kind),
		cmocka_unit_test(what_made_it_declared_is_told),
		cmocka_unit_test(an_entry_that_allows_beats_one_that_may),
		cmocka_unit_test(a_doubt_outlives_an_entry_that_does_not_fit),
		cmocka_unit_test(software_under_no_contract_is_unmanaged),
		cmocka_unit_test(the_nearest_entry_fits_the_address_before_the_port),
		cmocka_unit_test(folded_peers_fit_when_all_of_them_do),
		cmocka_unit_test(a_kind_without_words_is_not_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
