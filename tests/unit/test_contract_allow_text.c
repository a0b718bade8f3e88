// SPDX-License-Identifier: Apache-2.0
/* Is there an entry for every kind of channel, and does it allow just that? */
#include "contract_fixture.h"

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

static struct pst_channel named(enum pst_kind kind, uint16_t port, const char *name, size_t len)
{
	struct pst_channel asked = channel(kind, "::", port);

	asked.name = (char *)name;
	asked.name_len = (uint16_t)len;
	return asked;
}

static void channels_without_a_port_are_allowed_by_address(void **state)
{
	struct pst_channel asked = channel(PST_ICMP, "203.0.113.9", 0);

	(void)state;
	allows(&asked, "{\"connect\":\"icmp\",\"to\":\"203.0.113.9\"}");
	asked = channel(PST_RAW, "203.0.113.9", 253);
	allows(&asked, "{\"connect\":\"raw\",\"protocol\":253,\"to\":\"203.0.113.9\"}");
	asked = channel(PST_RAW, "::", 89); /* only receives */
	allows(&asked, "{\"connect\":\"raw\",\"protocol\":89}");
	asked.bare = true;
	allows(&asked, "{\"connect\":\"raw\",\"protocol\":89}");
	asked.key.port = 0;
	allows(&asked, "{\"connect\":\"raw\"}");
}

static void other_transports_are_allowed_like_tcp(void **state)
{
	struct pst_channel asked = channel(PST_SCTP, "203.0.113.9", 3868);

	(void)state;
	allows(&asked, "{\"connect\":\"sctp\",\"to\":\"203.0.113.9\",\"port\":3868}");
	asked = channel(PST_DCCP_LISTEN, "::", 5);
	allows(&asked, "{\"listen\":\"dccp\",\"on\":\"::\",\"port\":5}");
	asked = channel(PST_UDPLITE, "203.0.113.9", 9);
	allows(&asked, "{\"connect\":\"udplite\",\"to\":\"203.0.113.9\",\"port\":9}");
	asked = channel(PST_UDP_LISTEN, "0.0.0.0", 514);
	allows(&asked, "{\"listen\":\"udp\",\"on\":\"0.0.0.0\",\"port\":514}");
	asked = channel(PST_UDP_ACCEPT, "192.0.2.7", 514);
	allows(&asked, "{\"listen\":\"udp\",\"port\":514,\"from\":\"192.0.2.7\"}");
}

static void vsock_has_a_machine_and_a_port(void **state)
{
	struct pst_channel asked = channel(PST_VSOCK, "::", 0);

	(void)state;
	asked.key.peer.b[3] = 2;
	asked.key.peer.b[5] = 1; /* 65536 + 0x1388 */
	asked.key.peer.b[6] = 0x13;
	asked.key.peer.b[7] = 0x88;
	allows(&asked, "{\"connect\":\"vsock\",\"cid\":2,\"port\":70536}");
	asked.key.kind = PST_VSOCK_LISTEN;
	memset(asked.key.peer.b, 0xff, 4); /* any machine */
	allows(&asked, "{\"listen\":\"vsock\",\"port\":70536}");
}

static void sockets_of_the_machine_are_allowed_by_name(void **state)
{
	struct pst_channel asked = named(PST_UNIX, 0, "/run/x", 6);

	(void)state;
	allows(&asked, "{\"unix\":\"/run/x\"}");
	asked = named(PST_UNIX_LISTEN, 0, "\0agent\0\0", 8);
	allows(&asked, "{\"listen\":\"unix\",\"path\":\"@agent\"}");
	asked = named(PST_UNIX, 0, "rel*a?b\\c\"d\xff", 12);
	allows(&asked, "{\"unix\":\"./rel\\\\*a\\\\?b\\\\\\\\c?d?\"}");
}

static void what_is_no_socket_of_a_network_is_allowed_by_its_kind(void **state)
{
	struct pst_channel asked = named(PST_PACKET, 0x88b5, "eth0", 4);

	(void)state;
	allows(&asked, "{\"packet\":\"eth0\",\"ethertype\":\"0x88b5\"}");
	asked = named(PST_PACKET, 0, NULL, 0);
	allows(&asked, "{\"packet\":\"*\"}");
	asked = named(PST_TUNNEL, 1, "tun0", 4);
	allows(&asked, "{\"tunnel\":\"tun0\"}");
	asked = named(PST_NETLINK, 15, NULL, 0);
	allows(&asked, "{\"netlink\":\"kobject_uevent\"}");
	asked = named(PST_NETLINK, 31, NULL, 0);
	allows(&asked, "{\"netlink\":31}");
	asked = named(PST_ALG, 0, "hash:sha256", 11);
	allows(&asked, "{\"family\":\"alg\"}");
	asked = named(PST_XDP, 3, "eth0", 4);
	allows(&asked, "{\"family\":\"xdp\"}");
	asked = named(PST_OTHER, 77, NULL, 0);
	allows(&asked, "{\"family\":77}");
}

static void every_kind_has_words(void **state)
{
	static char name[] = "/x";
	char text[256];
	int kind;

	(void)state;
	for (kind = PST_TCP_CONNECT; kind < PST_KINDS; kind++) {
		struct pst_channel asked = channel((enum pst_kind)kind, "203.0.113.9", 7);

		if (kind == PST_UNIX || kind == PST_UNIX_LISTEN) {
			asked.name = name;
			asked.name_len = 2;
		}
		allows(&asked, pst_contract_allow_text(&asked, text, sizeof(text)));
		asked.bare = true;
		allows(&asked, pst_contract_allow_text(&asked, text, sizeof(text)));
	}
}

static void half_an_entry_is_none(void **state)
{
	struct pst_channel asked = channel(PST_TCP_CONNECT, "203.0.113.9", 443);
	char text[48];

	(void)state;
	assert_string_equal(pst_contract_allow_text(&asked, text, sizeof(text) - 1), "");
	assert_string_not_equal(pst_contract_allow_text(&asked, text, sizeof(text)), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_entry_that_would_allow_it_does),
		cmocka_unit_test(folded_peers_are_allowed_as_prefixes),
		cmocka_unit_test(a_kind_without_words_has_no_entry),
		cmocka_unit_test(channels_without_a_port_are_allowed_by_address),
		cmocka_unit_test(other_transports_are_allowed_like_tcp),
		cmocka_unit_test(vsock_has_a_machine_and_a_port),
		cmocka_unit_test(sockets_of_the_machine_are_allowed_by_name),
		cmocka_unit_test(what_is_no_socket_of_a_network_is_allowed_by_its_kind),
		cmocka_unit_test(every_kind_has_words),
		cmocka_unit_test(half_an_entry_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
