// SPDX-License-Identifier: Apache-2.0
/* Does an entry read in an alert as it was written? */
#include "contract_fixture.h"

static void check(const char *entry, const char *expected)
{
	struct pst_contracts *set = contracts_of(entry);

	assert_string_equal(pst_contracts_at(set, 0)->channels[0].text, expected);
	pst_contracts_free(set);
}

static void an_entry_becomes_one_line(void **state)
{
	(void)state;
	check("{ \"connect\" : \"tcp\", // why\n \"to\": [ \"10.0.0.1\", \"10.1.0.0/16\" ],\n "
	      "\"port\": 443 }",
	      "{\"connect\":\"tcp\",\"to\":[\"10.0.0.1\",\"10.1.0.0/16\"],\"port\":443}");
}

static void notes_are_left_out_and_strings_are_escaped(void **state)
{
	(void)state;
	check("{\"x-a\":1,\"connect\":\"tcp\",\"x-b\":[true,null],"
	      "\"why\":\"a\\\"b\\\\c\\u0001\xc3\xa4\"}",
	      "{\"connect\":\"tcp\",\"why\":\"a\\\"b\\\\c\\u0001\xc3\xa4\"}");
}

static void a_long_entry_is_cut_between_characters(void **state)
{
	struct pst_contracts *set;
	char entry[1200];
	const char *text;
	int used = snprintf(entry, sizeof(entry), "{\"connect\":\"tcp\",\"why\":\"");

	(void)state;
	while (used < 1040)
		used += snprintf(entry + used, sizeof(entry) - (size_t)used, "\xc3\xa4");
	(void)snprintf(entry + used, sizeof(entry) - (size_t)used, "\"}");
	set = contracts_of(entry);
	text = pst_contracts_at(set, 0)->channels[0].text;
	assert_in_range(strlen(text), 1015, 1023);
	assert_string_equal(text + strlen(text) - 6, "\xc3\xa4 ...");
	pst_contracts_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_becomes_one_line),
		cmocka_unit_test(notes_are_left_out_and_strings_are_escaped),
		cmocka_unit_test(a_long_entry_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
