// SPDX-License-Identifier: Apache-2.0
/* Is each peer that was seen in one clause, and those of the same ports in the same? */
#include "draft_fixture.h"

#define EXTERNAL (1u << PST_DRAFT_EXTERNAL)

static struct past past;

static struct pst_past_channel *named(const char *name, const char *at, uint16_t port)
{
	struct pst_past_channel *channel = had(&past, PST_TCP_CONNECT, at, port);

	channel->names[0] = (char *)name;
	channel->name_count = 1;
	return channel;
}

static void peers_with_the_same_ports_share_a_clause(void **state)
{
	(void)state;
	begin(&past);
	(void)had(&past, PST_TCP_CONNECT, "10.0.0.2", 80);
	(void)had(&past, PST_TCP_CONNECT, "10.0.0.2", 443);
	(void)had(&past, PST_TCP_CONNECT, "10.0.0.1", 443);
	(void)had(&past, PST_TCP_CONNECT, "10.0.0.1", 80);
	(void)had(&past, PST_TCP_CONNECT, "10.0.0.3", 80);
	says(&past, 0, "\"to\": [ \"10.0.0.1\", \"10.0.0.2\" ],\n      \"port\": [ 80, 443 ]");
	says(&past, 0, "\"to\": \"10.0.0.3\",\n      \"port\": 80");
	says(&past, 0, "148 connections on 5 of 6 days");
}

static void a_name_stands_for_all_of_its_addresses(void **state)
{
	(void)state;
	begin(&past);
	(void)named("vault.bank.example", "203.0.113.1", 443);
	(void)named("vault.bank.example", "203.0.113.2", 443);
	says(&past, EXTERNAL, "\"to\": \"vault.bank.example\",\n      \"port\": 443");
	says(&past, 0, "// needs a person: the peer is none of the internal networks (external)");
	begin(&past);
	(void)named("this-host", "127.0.0.1", 443);
	says(&past, 0, "\"to\": \"127.0.0.1\"");
	begin(&past);
	(void)named("vault.bank.example\"", "203.0.113.1", 443);
	says(&past, EXTERNAL, "\"to\": \"203.0.113.1\"");
}

static void names_below_one_domain_stand_within_their_addresses(void **state)
{
	(void)state;
	begin(&past);
	(void)named("a.s3.acme.example", "10.9.1.1", 443);
	(void)named("b.s3.acme.example", "10.9.1.2", 443);
	(void)named("c.s3.acme.example", "10.9.1.9", 443);
	(void)named("www.acme.example", "10.9.2.1", 443);
	says(&past, 0, "\"to\": \"*.s3.acme.example\",\n      \"within\": \"10.9.1.0/28\"");
	says(&past, 0, "\"to\": \"www.acme.example\"");
	says(&past, 0, "// One name with a wildcard stands for several.");
}

static void the_configured_resolvers_are_called_so(void **state)
{
	const struct pst_past_program *program = &past.program;
	struct pst_draft_keys keys = keys_of(&program);
	const struct pst_addr resolver = addr("203.0.113.53");
	char *text;

	(void)state;
	begin(&past);
	(void)had(&past, PST_UDP_PEER, "203.0.113.53", 53);
	(void)had(&past, PST_UDP_PEER, "203.0.113.54", 53);
	(void)had(&past, PST_UDP_PEER, "203.0.113.53", 123);
	keys.resolvers = &resolver;
	keys.resolver_count = 1;
	text = pst_draft(&keys);
	assert_non_null(strstr(text, "    {\n      \"connect\": \"udp\",\n      \"to\": "
				     "\"@resolvers\",\n      \"port\": 53"));
	assert_non_null(strstr(text, "//   \"to\": \"203.0.113.54\",\n    //   \"port\": 53"));
	assert_non_null(strstr(text, "//   \"to\": \"203.0.113.53\",\n    //   \"port\": 123"));
	free(text);
}

static void many_addresses_of_a_network_are_the_network(void **state)
{
	char text[32];
	unsigned int i;

	(void)state;
	begin(&past);
	for (i = 1; i <= 8; i++) {
		(void)snprintf(text, sizeof(text), "10.7.7.%u", i);
		(void)had(&past, PST_TCP_CONNECT, text, 5432);
	}
	says(&past, 0, "\"to\": \"10.7.7.0/24\",\n      \"port\": 5432");
	says(&past, 0, "// One network stands for several of its addresses.");
}

static void many_ports_that_its_kernel_chose_are_ephemeral(void **state)
{
	unsigned int i;

	(void)state;
	begin(&past);
	for (i = 0; i < 7; i++)
		had(&past, PST_UDP_PEER, "127.0.0.1", (uint16_t)(32768 + 1000 * i))
			->count.attempts = 1;
	had(&past, PST_UDP_PEER, "127.0.0.1", 32767)->count.attempts = 1;
	had(&past, PST_UDP_PEER, "127.0.0.1", 61000)->count.attempts = 1;
	had(&past, PST_UDP_PEER, "127.0.0.2", 40000)->count.attempts = 1;
	had(&past, PST_UDP_PEER, "127.0.0.1", 50000)->count.attempts = 2; /* there is a server */
	says_not(&past, 0, "ephemeral");
	had(&past, PST_UDP_PEER, "127.0.0.1", 60999)->count.attempts = 1;
	says(&past, 0, "\"port\": [ 32767, 50000, 61000, \"ephemeral\" ]");
	says(&past, 0, "8 different ports, each once: others the next time");
	says(&past, 0, "\"to\": \"127.0.0.2\",\n      \"port\": 40000");
}

static void what_the_kernel_folded_away_is_counted_and_left_out(void **state)
{
	(void)state;
	begin(&past);
	had(&past, PST_TCP_CONNECT, "::", 0)->folded = true;
	had(&past, PST_UDP_PEER, "::", 0)->folded = true;
	says(&past, PST_DRAFT_ALL, "\"channels\": []");
	says(&past, PST_DRAFT_ALL, "// 2 channels are not in it");
}

static void raw_sockets_have_their_protocol(void **state)
{
	(void)state;
	begin(&past);
	(void)had(&past, PST_RAW, "10.0.0.9", 89);
	(void)had(&past, PST_RAW, "::", 1);
	says(&past, 0, "//   \"protocol\": 89,\n    //   \"to\": \"10.0.0.9\"");
	says(&past, 1u << PST_DRAFT_RAW,
	     "\"protocol\": 1,\n      \"to\": \"127.0.0.1\""); /* it only received */
}

static void who_only_receives_gets_no_leave_to_send(void **state)
{
	(void)state;
	begin(&past);
	(void)had(&past, PST_ICMP, "::", 0);
	says(&past, 0, "{ \"connect\": \"icmp\", \"to\": \"127.0.0.1\", \"why\"");
	(void)had(&past, PST_ICMP, "203.0.113.9", 0);
	says(&past, 0, "{ \"connect\": \"icmp\", \"to\": \"127.0.0.1\", \"why\"");
	says_not(&past, EXTERNAL, "127.0.0.1"); /* the other entry allows it to be */
}

static void a_name_of_an_internal_peer_does_not_lead_out(void **state)
{
	struct pst_past_channel *channel;

	(void)state;
	begin(&past);
	channel = had(&past, PST_TCP_CONNECT, "10.0.0.5", 443);
	channel->names[0] = (char *)"db.acme.example";
	channel->name_count = 1;
	says(&past, 0, "\"db.acme.example\",\n      \"within\": \"10.0.0.0/8\",");
	channel = had(&past, PST_TCP_CONNECT, "203.0.113.5", 443);
	channel->names[0] = (char *)"db.acme.example";
	channel->name_count = 1;
	says(&past, EXTERNAL, "\"db.acme.example\",\n      \"within\": \"10.0.0.0/8\",");
	says(&past, EXTERNAL, "\"db.acme.example\",\n      \"port\": 443");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(peers_with_the_same_ports_share_a_clause),
		cmocka_unit_test(a_name_stands_for_all_of_its_addresses),
		cmocka_unit_test(names_below_one_domain_stand_within_their_addresses),
		cmocka_unit_test(the_configured_resolvers_are_called_so),
		cmocka_unit_test(many_addresses_of_a_network_are_the_network),
		cmocka_unit_test(many_ports_that_its_kernel_chose_are_ephemeral),
		cmocka_unit_test(what_the_kernel_folded_away_is_counted_and_left_out),
		cmocka_unit_test(raw_sockets_have_their_protocol),
		cmocka_unit_test(who_only_receives_gets_no_leave_to_send),
		cmocka_unit_test(a_name_of_an_internal_peer_does_not_lead_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
