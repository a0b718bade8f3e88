// SPDX-License-Identifier: Apache-2.0
/* Are addresses, sets, names and ports read, and their mistakes understood? */
#include "contract_fixture.h"

static const struct pst_clause *clause_of(struct pst_contracts **set, const char *channels)
{
	*set = contracts_of(channels);
	return pst_contracts_at(*set, 0)->channels;
}

static void a_string_or_a_list_of_peers_is_read(void **state)
{
	struct pst_contracts *set;
	const struct pst_clause *clause = clause_of(
		&set,
		"{\"connect\":\"tcp\",\"to\":[\"10.0.0.1\",\"2001:db8::/32\",\"@resolvers\"]},"
		"{\"connect\":\"tcp\",\"to\":\"10.0.0.0/8\"}");

	(void)state;
	assert_int_equal(clause[0].to_count, 2);
	assert_int_equal(clause[0].to[0].bits, 128);
	assert_int_equal(clause[0].to[1].bits, 32);
	assert_true(clause[0].resolvers);
	assert_false(clause[0].name_count || clause[0].any_address);
	assert_int_equal(clause[1].to_count, 1);
	assert_false(clause[1].resolvers);
	pst_contracts_free(set);
}

static void a_prefix_with_host_bits_gets_the_right_one(void **state)
{
	(void)state;
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"10.20.1.7/16\"}", 23,
			"did you mean \"10.20.0.0/16\" or \"10.20.1.7\"?");
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"2001:db8::1/32\"}", 23,
			"did you mean \"2001:db8::/32\"");
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"10.0.0.1/0\"}", 23,
			"did you mean \"0.0.0.0/0\"");
}

static void what_is_meant_as_an_address_is_no_name(void **state)
{
	(void)state;
	refuses_channel("{\"connect\":\"tcp\",\"to\":[\"10.0.0.256\"]}", 24, "no address");
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"10.0.0\"}", 23, "no address");
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"vault.example/24\"}", 23, "no address");
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"vault.example:443\"}", 23, "no address");
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"\"}", 23, "no address");
}

static void names_follow_the_rules_of_host_names(void **state)
{
	struct pst_contracts *set;
	const struct pst_clause *clause =
		clause_of(&set, "{\"connect\":\"tcp\",\"to\":[\"localhost\",\"A-b.c_d.Example\","
				"\"3com.example\",\"*.example\"]},"
				"{\"listen\":\"tcp\",\"from\":[\"10.0.0.1\",\"a.example\"]}");

	(void)state;
	assert_int_equal(clause[0].name_count, 4);
	assert_string_equal(clause[0].names[1], "a-b.c_d.example");
	assert_string_equal(clause[0].names[3], "*.example");
	assert_int_equal(clause[0].to_count, 0);
	assert_int_equal(clause[1].from_count, 1);
	assert_int_equal(clause[1].from_name_count, 1);
	assert_string_equal(clause[1].from_names[0], "a.example");
	assert_int_equal(said.notes, 0);
	pst_contracts_free(set);
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"-a.example\"}", 23, "host name");
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"a..example\"}", 23, "host name");
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"*\"}", 23, "host name");
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"*.\"}", 23, "no address");
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"a.*.example\"}", 23, "host name");
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"*.*.example\"}", 23, "host name");
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"*a.example\"}", 23, "host name");
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"a b\"}", 23, "host name");
}

static void an_unknown_set_gets_a_suggestion(void **state)
{
	(void)state;
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"@resolver\"}", 23,
			"did you mean \"@resolvers\"?");
}

static void an_empty_list_is_no_way_to_say_any(void **state)
{
	(void)state;
	refuses_channel("{\"connect\":\"tcp\",\"to\":[]}", 23, "leave the key out");
	refuses_channel("{\"connect\":\"tcp\",\"port\":[]}", 25, "leave the key out");
	refuses_channel("{\"connect\":\"tcp\",\"to\":[7]}", 24, "not a number");
}

static void ports_ranges_and_lists_are_read(void **state)
{
	struct pst_contracts *set;
	const struct pst_clause *clause = clause_of(
		&set,
		"{\"connect\":\"tcp\",\"port\":[1,\"65535\",\"8000-8010\",\"7-7\",\"ephemeral\"]},"
		"{\"connect\":\"tcp\",\"port\":65535}");

	(void)state;
	assert_int_equal(clause[0].port_count, 4);
	assert_int_equal(clause[0].ports[1].first, 65535);
	assert_int_equal(clause[0].ports[2].first, 8000);
	assert_int_equal(clause[0].ports[2].last, 8010);
	assert_true(clause[0].ephemeral);
	assert_int_equal(said.notes, 0);
	assert_int_equal(clause[1].ports[0].last, 65535);
	pst_contracts_free(set);
}

static void ports_out_of_range_or_form_are_refused(void **state)
{
	static const char *const bad[] = {
		"0",	   "65536",	"1.5",	    "-1",	   "\"0\"",	     "\"65536\"",
		"\"\"",	   "\"08-10\"", "\"1-\"",   "\"-1\"",	   "\"1-2-3\"",	     "\"acme\"",
		"\"080\"", "\"1 - 2\"", "\"0-10\"", "\"1-65536\"", "\"99999999999\""
	};
	char entry[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		(void)snprintf(entry, sizeof(entry), "{\"connect\":\"tcp\",\"port\":%s}", bad[i]);
		refuses_channel(entry, 25, "from 1 to 65535");
	}
	refuses_channel("{\"connect\":\"tcp\",\"port\":[[1]]}", 26, "from 1 to 65535");
}

static void a_port_that_was_meant_is_suggested(void **state)
{
	(void)state;
	refuses_channel("{\"connect\":\"tcp\",\"port\":\"8010-8000\"}", 25,
			"ends before it begins; did you mean \"8000-8010\"?");
	assert_string_equal(said.list[0].suggestion, "8000-8010");
	refuses_channel("{\"connect\":\"tcp\",\"port\":\"https\"}", 25,
			"not names of services; did you mean 443?");
	assert_string_equal(said.list[0].suggestion, "443");
	refuses_channel("{\"connect\":\"tcp\",\"port\":\"0-10\"}", 25, "from 1 to 65535");
	assert_string_equal(said.list[0].suggestion, "");
	refuses_channel("{\"connect\":\"tcp\",\"to\":\"10.1.2.3/8\"}", 23, "did you mean");
	assert_string_equal(said.list[0].suggestion, "10.0.0.0/8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_string_or_a_list_of_peers_is_read),
		cmocka_unit_test(a_prefix_with_host_bits_gets_the_right_one),
		cmocka_unit_test(what_is_meant_as_an_address_is_no_name),
		cmocka_unit_test(names_follow_the_rules_of_host_names),
		cmocka_unit_test(an_unknown_set_gets_a_suggestion),
		cmocka_unit_test(an_empty_list_is_no_way_to_say_any),
		cmocka_unit_test(ports_ranges_and_lists_are_read),
		cmocka_unit_test(ports_out_of_range_or_form_are_refused),
		cmocka_unit_test(a_port_that_was_meant_is_suggested),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
