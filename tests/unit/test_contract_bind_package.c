// SPDX-License-Identifier: Apache-2.0
/* Does a contract that names a package bind what is known to be of it? */
#include "bind_fixture.h"

static void an_entry_with_a_package_binds_what_is_known_to_be_of_it(void **state)
{
	struct pst_contracts *set = pst_contracts_new();
	struct person agent;

	(void)state;
	assert_int_equal(add_contract(set, "a", "{\"path\":\"/opt/**\",\"package\":\"acme*\"}", ""),
			 0);
	make(&agent, "/opt/agent", NULL);
	assert_int_equal(bind(set, &agent), -1);
	agent.program.package = (char *)"acme-backup";
	assert_int_equal(bind(set, &agent), 0);
	agent.program.package = (char *)"not-acme";
	assert_int_equal(bind(set, &agent), -1);
	pst_contracts_free(set);
}

static void a_path_is_more_special_than_a_package_and_that_than_a_unit(void **state)
{
	struct pst_contracts *set = pst_contracts_new();
	struct person agent;

	(void)state;
	assert_int_equal(add_contract(set, "a", "{\"unit\":\"acme-backup.service\",\"uid\":0}", ""),
			 0);
	assert_int_equal(add_contract(set, "b", "{\"package\":\"acme*\"}", ""), 0);
	make(&agent, "/opt/agent", NULL);
	agent.image.unit = (char *)"acme-backup.service";
	agent.program.package = (char *)"acme-backup";
	assert_int_equal(bind(set, &agent), 1);
	assert_int_equal(add_contract(set, "c", "{\"package\":\"acme-backup\"}", ""), 0);
	assert_int_equal(bind(set, &agent), 2);
	assert_int_equal(add_contract(set, "d", "{\"path\":\"/**\"}", ""), 0);
	assert_int_equal(bind(set, &agent), 3);
	pst_contracts_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_with_a_package_binds_what_is_known_to_be_of_it),
		cmocka_unit_test(a_path_is_more_special_than_a_package_and_that_than_a_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
