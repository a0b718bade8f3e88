// SPDX-License-Identifier: Apache-2.0
/* Does every entry read as it is meant? */
#include "contract_fixture.h"

#include <stdlib.h>

#include "contract/box.h"

/* The entry reads so. */
static void reads(const char *entry, const char *words)
{
	struct pst_contracts *set = contracts_of(entry);
	struct pst_pool pool = { .blocks = NULL };
	struct pst_prose prose = { .text = NULL };
	const struct pst_box box = pst_box_of_clause(&pool, &pst_contracts_at(set, 0)->channels[0]);
	char *text;

	pst_box_say(&prose, &box);
	text = pst_prose_take(&prose);
	assert_string_equal(text, words);
	free(text);
	pst_pool_free(&pool);
	pst_contracts_free(set);
}

static void channels_of_networks(void **state)
{
	(void)state;
	reads("{\"connect\":\"tcp\",\"to\":[\"vault.bank.example\",\"10.20.0.0/16\",\"2001:db8::/32\"],"
	      "\"port\":443}",
	      "connect by TCP to vault.bank.example, 10.20.0.0/16 and 2001:db8::/32 on port 443");
	reads("{\"connect\":\"udp\",\"to\":\"@resolvers\",\"port\":[53,\"8000-8010\"]}",
	      "connect by UDP to @resolvers on ports 53 and 8000-8010");
	reads("{\"connect\":\"sctp\",\"to\":\"*.bank.example\",\"within\":\"10.0.0.0/8\","
	      "\"port\":[9,\"ephemeral\"]}",
	      "connect by SCTP to *.bank.example within 10.0.0.0/8 on ports 9 and ephemeral ones");
	reads("{\"connect\":\"dccp\"}", "connect by DCCP to any address on any port");
	reads("{\"connect\":\"udplite\",\"port\":\"ephemeral\"}",
	      "connect by UDP-Lite to any address on ephemeral ports");
	reads("{\"connect\":\"icmp\",\"to\":\"10.0.0.0/8\"}", "send ICMP to 10.0.0.0/8");
	reads("{\"connect\":\"raw\",\"protocol\":253}",
	      "use raw IP sockets of protocol 253 to any address");
	reads("{\"connect\":\"vsock\",\"cid\":2,\"port\":5000}",
	      "connect by vsock to machine 2 on port 5000");
}

static void listeners(void **state)
{
	(void)state;
	reads("{\"listen\":\"tcp\",\"on\":\"127.0.0.1\",\"port\":9300,\"from\":\"127.0.0.0/8\"}",
	      "listen by TCP on port 9300 of 127.0.0.1 for peers in 127.0.0.0/8");
	reads("{\"listen\":\"udp\",\"on\":\"0.0.0.0\",\"port\":514}",
	      "listen by UDP on port 514 of any address for any peer");
	reads("{\"listen\":\"vsock\",\"port\":5000}", "listen by vsock on port 5000");
	reads("{\"listen\":\"unix\",\"path\":\"/run/acme/*.sock\"}",
	      "listen on the unix socket /run/acme/*.sock");
}

static void channels_of_this_machine(void **state)
{
	(void)state;
	reads("{\"unix\":\"@agent-*\"}", "use the unix socket @agent-*");
	reads("{\"unix\":\"**\"}", "use unix sockets of any name");
	reads("{\"packet\":\"eth0\",\"ethertype\":\"0x88b5\"}",
	      "open packet sockets on eth0 for ethertype 0x88b5");
	reads("{\"packet\":\"*\",\"ethertype\":\"arp\"}",
	      "open packet sockets on any interface for ethertype arp");
	reads("{\"netlink\":\"kobject_uevent\"}", "use netlink sockets of protocol kobject_uevent");
	reads("{\"netlink\":31}", "use netlink sockets of protocol 31");
	reads("{\"family\":\"alg\"}", "use sockets of the family alg");
	reads("{\"tunnel\":\"tun*\"}", "open the tunnel device tun*");
}

static void conditions(void **state)
{
	(void)state;
	reads("{\"connect\":\"tcp\",\"when\":\"Mon-Fri 01:00-05:00\",\"every\":\"5m +-10%\","
	      "\"bytes_out_per_day\":\"2GiB\"}",
	      "connect by TCP to any address on any port, Mon-Fri 01:00-05:00 UTC, every 5m +-10%, "
	      "at most 2 GiB out a day");
	reads("{\"connect\":\"tcp\",\"when\":\"daily 22:00-02:00\",\"bytes_out_per_day\":1000}",
	      "connect by TCP to any address on any port, daily 00:00-02:00 and daily 22:00-24:00 UTC, "
	      "at most 1000 bytes out a day");
}

static void hostile_names_are_harmless(void **state)
{
	(void)state;
	reads("{\"unix\":\"/run/\\u001b[2J\"}", "use the unix socket /run/\\x1b[2J");
}

static void of_many_holes_some_are_shown(void **state)
{
	struct pst_pool pool = { .blocks = NULL };
	struct pst_prose prose = { .text = NULL };
	struct pst_place holes[10];
	struct pst_region region = { .base = { .kind = PST_PLACE_ANY }, .holes = holes };
	const struct pst_scope scope = { &region, 1 };
	char *text;

	(void)state;
	for (uint32_t i = 0; i < 10; i++)
		holes[i] = (struct pst_place){ .kind = PST_PLACE_NUMBER, .number = i };
	region.hole_count = 8;
	pst_scope_say(&prose, &scope, "any");
	text = pst_prose_take(&prose);
	assert_string_equal(text, "any (except 0, 1, 2, 3, 4, 5, 6 and 7)");
	free(text);
	region.hole_count = 10;
	pst_scope_say(&prose, &scope, "any");
	text = pst_prose_take(&prose);
	assert_string_equal(text, "any (except 0, 1, 2, 3, 4, 5, 6, 7 and 2 more)");
	free(text);
	pst_pool_free(&pool);
}

/* The software reads so. */
static void names(const struct pst_software *software, const char *words)
{
	struct pst_pool pool = { .blocks = NULL };
	struct pst_prose prose = { .text = NULL };
	const struct pst_box box = pst_box_of_software(&pool, software);
	char *text;

	pst_box_say_software(&prose, &box);
	text = pst_prose_take(&prose);
	assert_string_equal(text, words);
	free(text);
	pst_pool_free(&pool);
}

static void software(void **state)
{
	(void)state;
	names(&(struct pst_software){ .path = (char *)"/opt/acme/**" }, "programs below /opt/acme");
	names(&(struct pst_software){ .path = (char *)"/opt/acme/x" }, "the program /opt/acme/x");
	names(&(struct pst_software){ .path = (char *)"/opt/*/x" }, "programs at /opt/*/x");
	names(&(struct pst_software){ .unit = (char *)"a.service", .has_uid = true, .uid = 33 },
	      "programs in the unit a.service of the user 33");
	names(&(struct pst_software){ .package = (char *)"acme-backup" },
	      "programs of the package acme-backup");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(channels_of_networks),
		cmocka_unit_test(listeners),
		cmocka_unit_test(channels_of_this_machine),
		cmocka_unit_test(conditions),
		cmocka_unit_test(hostile_names_are_harmless),
		cmocka_unit_test(of_many_holes_some_are_shown),
		cmocka_unit_test(software),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
