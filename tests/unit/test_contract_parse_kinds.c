// SPDX-License-Identifier: Apache-2.0
/* Are entries about channels without an IP peer read, by word and by number? */
#include "contract/parse.h"

#include "contract_fixture.h"

static void numbers_have_words(void **state)
{
	struct pst_contracts *set = contracts_of(
		"{\"netlink\":\"kobject_uevent\"},{\"netlink\":31},{\"family\":\"alg\"},"
		"{\"family\":77},{\"packet\":\"eth0\",\"ethertype\":\"0x88b5\"},"
		"{\"packet\":\"*\",\"ethertype\":\"arp\"},{\"packet\":\"*\",\"ethertype\":3},"
		"{\"connect\":\"raw\",\"protocol\":253},{\"connect\":\"vsock\",\"cid\":2},"
		"{\"packet\":\"*\"}");
	const struct pst_clause *clause = pst_contracts_at(set, 0)->channels;
	static const uint32_t numbers[] = { 15, 31, 38, 77, 0x88b5, 0x0806, 3, 253, 2 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		assert_true(clause[i].has_number);
		assert_int_equal(clause[i].number, numbers[i]);
	}
	assert_false(clause[9].has_number);
	assert_string_equal(clause[4].pattern, "eth0");
	assert_int_equal(said.notes, 0);
	pst_contracts_free(set);
}

static void sockets_of_the_machine_have_names(void **state)
{
	struct pst_contracts *set = contracts_of(
		"{\"unix\":\"@agent-*\"},{\"listen\":\"unix\",\"path\":\"/run/acme/*.sock\"},"
		"{\"unix\":\"./relative\"},{\"unix\":\"**\"},{\"tunnel\":\"tun*\"}");
	const struct pst_clause *clause = pst_contracts_at(set, 0)->channels;

	(void)state;
	assert_int_equal(clause[0].does, PST_CLAUSE_UNIX);
	assert_string_equal(clause[0].pattern, "@agent-*");
	assert_int_equal(clause[1].does, PST_CLAUSE_LISTEN);
	assert_int_equal(clause[1].protocol, PST_PROTOCOL_UNIX);
	assert_string_equal(clause[1].pattern, "/run/acme/*.sock");
	assert_string_equal(clause[2].pattern, "./relative");
	assert_string_equal(clause[3].pattern, "**");
	assert_int_equal(clause[4].does, PST_CLAUSE_TUNNEL);
	assert_string_equal(clause[4].pattern, "tun*");
	pst_contracts_free(set);
}

static void mistakes_are_understood(void **state)
{
	(void)state;
	refuses_channel("{\"unix\":\"agent\"}", 9, "begins with \"/\", with \"@\"");
	refuses_channel("{\"unix\":\"*\"}", 9, "would match nothing");
	refuses_channel("{\"listen\":\"unix\",\"path\":\"x\"}", 25, "begins with");
	refuses_channel("{\"netlink\":\"rout\"}", 12, "did you mean \"route\"?");
	refuses_channel("{\"netlink\":256}", 12, "from 0 to 255");
	refuses_channel("{\"family\":\"algo\"}", 11, "did you mean \"alg\"?");
	refuses_channel("{\"family\":256}", 11, "from 0 to 255");
	refuses_channel("{\"packet\":\"*\",\"ethertype\":\"0x188b5\"}", 27, "unknown word");
	refuses_channel("{\"packet\":\"*\",\"ethertype\":\"0x\"}", 27, "unknown word");
	refuses_channel("{\"packet\":\"*\",\"ethertype\":\"88b5\"}", 27,
			"did you mean \"0x88b5\"?");
	refuses_channel("{\"packet\":\"*\",\"ethertype\":\"2054\"}", 27,
			"did you mean \"0x2054\", or 2054 without quotes?");
	refuses_channel("{\"packet\":\"*\",\"ethertype\":0}", 27, "no ethertype 0");
	refuses_channel("{\"packet\":\"*\",\"ethertype\":65536}", 27, "from 0 to 65535");
	refuses_channel("{\"packet\":\"\"}", 11, "from 1 to 31");
	refuses_channel("{\"packet\":\"sixteen-letters0\"}", 11, "at most 15 bytes, this has 16");
	refuses_channel("{\"tunnel\":\"sixteen*-letters0\"}", 11, "at most 15 bytes");
	refuses_channel("{\"unix\":\"@\"}", 9, "a name stands behind the \"@\"");
	refuses_channel("{\"unix\":\"/run/acme/\"}", 9, "ends in \"/\"");
	refuses_channel("{\"listen\":\"unix\",\"path\":\"./\"}", 25, "ends in \"/\"");
	refuses_channel("{\"connect\":\"raw\",\"protocol\":256}", 29, "from 0 to 255");
	refuses_channel("{\"connect\":\"vsock\",\"cid\":4294967295}", 26, "from 0 to 4294967294");
}

static void the_longest_name_of_a_device_is_read(void **state)
{
	struct pst_contracts *set = contracts_of(
		"{\"packet\":\"fifteen-letters\"},{\"tunnel\":\"*fifteen*-letters*\"},"
		"{\"unix\":\"@name/\"}");

	(void)state;
	assert_string_equal(pst_contracts_at(set, 0)->channels[0].pattern, "fifteen-letters");
	pst_contracts_free(set);
}

static void a_kind_with_an_entry_of_its_own_is_told_it(void **state)
{
	(void)state;
	assert_string_equal(pst_parse_other_entry("xdp"), "{\"family\":\"xdp\"}");
	assert_null(pst_parse_other_entry("tcp"));
	assert_null(pst_parse_other_entry("tpc"));
}

static void families_with_entries_of_their_own_are_refused(void **state)
{
	(void)state;
	refuses_channel("{\"family\":1}", 11, "an entry with unix");
	refuses_channel("{\"family\":2}", 11, "an entry with connect or listen");
	refuses_channel("{\"family\":17}", 11, "an entry with packet");
	refuses_channel("{\"family\":40}", 11, "vsock");
}

static void an_entry_says_one_pattern(void **state)
{
	(void)state;
	refuses_channel("{\"unix\":\"/a\",\"tunnel\":\"tun0\"}", 1, "this has 2");
	refuses_channel("{\"unix\":\"/a\",\"path\":\"/b\"}", 14, "listen unix");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_words),
		cmocka_unit_test(sockets_of_the_machine_have_names),
		cmocka_unit_test(mistakes_are_understood),
		cmocka_unit_test(the_longest_name_of_a_device_is_read),
		cmocka_unit_test(a_kind_with_an_entry_of_its_own_is_told_it),
		cmocka_unit_test(families_with_entries_of_their_own_are_refused),
		cmocka_unit_test(an_entry_says_one_pattern),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
