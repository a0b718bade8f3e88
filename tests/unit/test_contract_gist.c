// SPDX-License-Identifier: Apache-2.0
/* Does a gist rule out nothing that fits? Each entry is held against each question, by its gist and
 * by itself. */
#include "contract_fixture.h"

#include "contract/gist.h"
#include "names_fixture.h"

static const char *const entries[] = {
	"{\"connect\":\"tcp\"}",
	"{\"connect\":\"tcp\",\"to\":\"10.1.2.3\",\"port\":443}",
	("{\"connect\":\"tcp\",\"to\":[\"10.1.0.0/16\",\"10.1.2.3\",\"192.0.2.0/28\"],"
	 "\"port\":[443,\"8000-8010\"]}"),
	"{\"connect\":\"tcp\",\"to\":[\"2001:db8::/33\",\"10.0.0.0/9\"]}",
	"{\"connect\":\"tcp\",\"to\":\"10.0.0.0/9\"}",
	"{\"connect\":\"tcp\",\"to\":\"0.0.0.0/0\"}",
	"{\"connect\":\"tcp\",\"to\":\"::/0\",\"port\":\"ephemeral\"}",
	"{\"connect\":\"tcp\",\"to\":\"a.example\"}",
	"{\"connect\":\"tcp\",\"to\":[\"b.example\",\"203.0.113.9\"]}",
	"{\"connect\":\"tcp\",\"to\":\"@private\"}",
	"{\"connect\":\"tcp\",\"to\":\"@local\",\"port\":80}",
	"{\"connect\":\"udp\",\"to\":\"@resolvers\",\"port\":53}",
	"{\"connect\":\"vsock\",\"cid\":2,\"port\":[70000,\"70010-70020\"]}",
	"{\"connect\":\"icmp\",\"to\":\"10.1.2.3\"}",
	"{\"connect\":\"raw\",\"protocol\":253,\"to\":\"10.1.2.3\"}",
	"{\"listen\":\"tcp\",\"on\":\"0.0.0.0\",\"port\":443}",
	"{\"listen\":\"tcp\",\"on\":\"10.1.2.3\",\"from\":\"192.0.2.0/28\"}",
	"{\"listen\":\"tcp\",\"on\":[\"::1\",\"@local\"]}",
	"{\"listen\":\"unix\",\"path\":\"/run/acme/*\"}",
	"{\"unix\":\"**\"}",
	"{\"unix\":\"/var/run/acme/**\"}",
	"{\"unix\":\"/run/ac?e/s\"}",
	"{\"unix\":\"/run/acm\\\\e/s\"}",
	"{\"unix\":\"@acme/*\"}",
	"{\"unix\":\"./acme\"}",
	"{\"packet\":\"*\"}",
	"{\"packet\":\"eth0\",\"ethertype\":\"0x88b5\"}",
	"{\"netlink\":\"generic\"}",
	"{\"tunnel\":\"tun*\"}",
};
#define ENTRIES (sizeof(entries) / sizeof(entries[0]))

static const char *const peers[] = {
	"10.1.2.3", "10.1.255.1",  "10.200.0.1",  "192.0.2.15", "192.0.2.16", "127.0.0.1",
	"::1",	    "2001:db8::5", "203.0.113.9", "0.0.0.0",	"::",	      "2001:db8:8000::1"
};
static const uint16_t ports[] = { 0, 53, 80, 443, 8000, 8010, 8011, 40000, 65535 };
static const char *const names[] = { "",     "/run/acme/s", "/var/run/acme/s", "/run/other", "acme",
				     "eth0", "tun7",	    "/run/acme/a/b" };

static struct pst_contracts *set_of_all(void)
{
	char text[3900] = "";
	size_t i;

	for (i = 0; i < ENTRIES; i++)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
			       i ? "," : "", entries[i]);
	return contracts_of(text);
}

static size_t ruled_out; /* of all; a test program is one thread */

static void compare(struct pst_contracts *set, const struct pst_channel *channel)
{
	struct pst_asking asking = { .set = set };
	const struct pst_contract *contract = pst_contracts_at(set, 0);
	struct pst_gist_asked asked;
	size_t i;

	if (!pst_question_of(channel, &asking.question))
		return;
	asked = pst_gist_ask(&asking.question);
	for (i = 0; i < ENTRIES; i++) {
		const struct pst_clause *clause = &contract->channels[i];
		unsigned int out = pst_gist_rule_out(&contract->gists[i], &asked, &asking);
		bool same = clause->does == asking.question.does &&
			    clause->protocol == asking.question.protocol;
		struct pst_fits fits = { .port = pst_fit_port(&asking, clause) };

		assert_int_equal(!(out & PST_OUT_SORT), same);
		if (!same)
			continue;
		pst_fit_address(&asking, clause, &fits);
		pst_fit_pattern(&asking.question, clause, &fits);
		if ((out & PST_OUT_PORT && fits.port != PST_FITS_NOT) ||
		    (out & PST_OUT_PLACE && fits.address != PST_FITS_NOT) ||
		    (out & PST_OUT_NAME && fits.address == PST_FITS))
			fail_msg("entry %s, kind %u, port %u, name %s", entries[i],
				 channel->key.kind, channel->key.port,
				 channel->name ? channel->name : "");
		ruled_out += out != 0;
	}
}

static void compare_all(struct pst_contracts *set)
{
	struct pst_channel channel = { .folded = false };
	size_t i, j, k;

	for (i = 0; i < PST_KINDS; i++)
		for (j = 0; j < sizeof(peers) / sizeof(peers[0]); j++)
			for (k = 0; k < sizeof(ports) / sizeof(ports[0]); k++) {
				channel.key = (struct pst_channel_key){ .kind = (uint16_t)i,
									.peer = addr(peers[j]),
									.port = ports[k] };
				channel.local = addr(peers[(j + k) % 4]);
				channel.name = (char *)names[k % 8];
				channel.name_len = (uint16_t)strlen(names[k % 8]);
				channel.folded = false;
				channel.bare = false;
				compare(set, &channel);
				channel.folded = true;
				compare(set, &channel);
				channel.key.peer = (struct pst_addr){ { 0 } };
				channel.key.port = 0;
				compare(set, &channel);
				channel.folded = false;
				channel.bare = true;
				compare(set, &channel);
			}
}

static void a_vsock_port_has_32_bits(struct pst_contracts *set)
{
	static const uint32_t vsock_ports[] = { 4464, 65535, 65536, 70000, 70010, 70020, 70021 };
	size_t i;

	for (i = 0; i < sizeof(vsock_ports) / sizeof(vsock_ports[0]); i++) {
		struct pst_channel channel = { .key = { .kind = PST_VSOCK } };
		uint8_t *b = channel.key.peer.b;

		b[3] = 2;
		b[5] = (uint8_t)(vsock_ports[i] >> 16);
		b[6] = (uint8_t)(vsock_ports[i] >> 8);
		b[7] = (uint8_t)vsock_ports[i];
		compare(set, &channel);
	}
}

static void what_is_ruled_out_does_not_fit(void **state)
{
	struct pst_contracts *set = set_of_all();

	(void)state;
	compare_all(set);
	a_vsock_port_has_32_bits(set);
	assert_true(ruled_out > 1000); /* or nothing was compared */
	pst_contracts_free(set);
}

static void names_are_ruled_out_only_while_none_is_known(void **state)
{
	struct pst_contracts *set = set_of_all();
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event task = build_event(PST_EVENT_FORK, 10, 100);

	(void)state;
	pst_contracts_names(set,
			    &(struct pst_contract_names){ .attrib = attrib, .dns_seen = true });
	pst_contracts_resolvers(set, NULL, 0);
	resolve(attrib, &task, "a.example", "192.0.2.16");
	resolve(attrib, &task, "b.example", "10.1.2.3");
	compare_all(set);
	pst_contracts_free(set);
	pst_attrib_free(attrib);
}

static void most_entries_of_another_place_are_ruled_out(void **state)
{
	struct pst_contracts *set = pst_contracts_new();
	struct pst_asking asking = { .set = set };
	struct pst_channel asked_for = channel(PST_TCP_CONNECT, "198.51.100.77", 443);
	struct pst_gist_asked asked;
	char text[3900] = "";
	unsigned int i, left = 0;

	(void)state;
	for (i = 0; i < 64; i++)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
			       "%s{\"connect\":\"tcp\",\"to\":\"10.0.%u.0/24\"}", i ? "," : "", i);
	assert_int_equal(add_contract(set, "a", "{\"uid\":0}", text), 0);
	assert_true(pst_question_of(&asked_for, &asking.question));
	asked = pst_gist_ask(&asking.question);
	for (i = 0; i < 64; i++)
		left += !pst_gist_rule_out(&pst_contracts_at(set, 0)->gists[i], &asked, &asking);
	assert_in_range(left, 0, 4);
	pst_contracts_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_ruled_out_does_not_fit),
		cmocka_unit_test(names_are_ruled_out_only_while_none_is_known),
		cmocka_unit_test(most_entries_of_another_place_are_ruled_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
