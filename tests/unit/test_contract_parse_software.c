// SPDX-License-Identifier: Apache-2.0
/* Is each entry of "software" read, and is one that names nobody refused? */
#include "contract_fixture.h"

static void refuses_software(const char *entries, uint32_t column, const char *what)
{
	char text[1024];

	(void)snprintf(
		text, sizeof(text),
		"{\"format\":1,\"contract\":\"a\",\"version\":1,\"channels\":[],\"software\":\n%s}",
		entries);
	refuses(text, 2, column, what);
}

static void all_keys_of_an_entry_are_read(void **state)
{
	struct pst_contracts *set = pst_contracts_new();
	const struct pst_software *software;

	(void)state;
	assert_int_equal(
		add_contract(set, "a",
			     "{\"path\":\"/opt/a\",\"unit\":\"a@*.service\",\"uid\":4294967294},"
			     "{\"package\":\"b\"}",
			     ""),
		0);
	software = pst_contracts_at(set, 0)->software;
	assert_string_equal(software[0].path, "/opt/a");
	assert_string_equal(software[0].unit, "a@*.service");
	assert_true(software[0].has_uid && software[0].uid == 4294967294u);
	assert_null(software[0].package);
	assert_string_equal(software[1].package, "b");
	assert_int_equal(said.notes, 0);
	pst_contracts_free(set);
}

static void an_entry_or_a_list_that_names_nobody_is_refused(void **state)
{
	(void)state;
	refuses_software("[{}]", 2, "names nobody");
	refuses_software("[{\"x-a\":1}]", 2, "names nobody");
	refuses_software("[]", 1, "bind nobody");
	refuses_software("[\"/opt/a\"]", 2, "must be an object");
}

static void a_unit_needs_its_ending(void **state)
{
	(void)state;
	refuses_software("[{\"unit\":\"acme\"}]", 10, "did you mean \"acme.service\"?");
	refuses_software("[{\"unit\":\"/acme.service\"}]", 10, "without \"/\"");
	refuses_software("[{\"unit\":\"\"}]", 10, "0 bytes");
}

static void a_user_is_a_number_that_can_be_one(void **state)
{
	(void)state;
	refuses_software("[{\"uid\":-1}]", 9, "from 0");
	refuses_software("[{\"uid\":4294967295}]", 9, "to 4294967294");
	refuses_software("[{\"uid\":\"root\"}]", 9, "number of a user");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_keys_of_an_entry_are_read),
		cmocka_unit_test(an_entry_or_a_list_that_names_nobody_is_refused),
		cmocka_unit_test(a_unit_needs_its_ending),
		cmocka_unit_test(a_user_is_a_number_that_can_be_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
