// SPDX-License-Identifier: Apache-2.0
/* Do contracts stand together, each under its own name? */
#include "contract_fixture.h"

#include <errno.h>

static void a_contract_keeps_its_origin(void **state)
{
	struct pst_contracts *set = pst_contracts_new();

	(void)state;
	assert_int_equal(add_text(set, "{\"format\":1,\"contract\":\"a\",\"version\":1,"
				       "\"software\":[{\"uid\":0}],\"channels\":[]}"),
			 0);
	assert_string_equal(pst_contracts_at(set, 0)->file, "test.json");
	assert_string_equal(
		pst_contracts_at(set, 0)->digest,
		"sha256:75bbae71e21e6f298c434930c81b20e8f6aa17a1b539028a394991974f981b7a");
	pst_contracts_free(set);
}

static void a_name_is_taken_once(void **state)
{
	struct pst_contracts *set = pst_contracts_new();

	(void)state;
	assert_int_equal(add_contract(set, "a", "{\"uid\":0}", ""), 0);
	assert_int_equal(add_contract(set, "a", "{\"uid\":1}", ""), -EEXIST);
	assert_int_equal(said.errors, 1);
	assert_non_null(strstr(said.list[0].text, "already read from test.json"));
	assert_int_equal(pst_contracts_count(set), 1);
	assert_int_equal(add_contract(set, "A", "{\"uid\":1}", ""), 0);
	assert_int_equal(pst_contracts_count(set), 2);
	pst_contracts_free(set);
}

static void a_broken_contract_changes_nothing(void **state)
{
	struct pst_contracts *set = contracts_of("");
	const struct pst_contract *first = pst_contracts_at(set, 0);

	(void)state;
	assert_int_equal(add_text(set, "{"), -EINVAL);
	assert_int_equal(pst_contracts_count(set), 1);
	assert_int_equal(add_contract(set, "b", "{\"uid\":2}", ""), 0);
	assert_ptr_equal(pst_contracts_at(set, 0), first);
	pst_contracts_free(set);
}

static void errors_of_an_earlier_file_do_not_count(void **state)
{
	struct pst_contracts *set = pst_contracts_new();
	const char *text =
		"{\"format\":1,\"contract\":\"a\",\"version\":1,\"software\":[{\"uid\":0}],"
		"\"channels\":[]}";

	(void)state;
	pst_diags_init(&said, "f");
	assert_int_equal(pst_contracts_add(set, "f", "{", 1, &said), -EINVAL);
	assert_int_equal(pst_contracts_add(set, "f", text, strlen(text), &said), 0);
	pst_contracts_free(set);
}

static void a_set_has_a_generation_that_is_never_zero(void **state)
{
	struct pst_contracts *set = pst_contracts_new();

	(void)state;
	assert_int_not_equal(pst_contracts_generation(set), 0);
	pst_contracts_set_generation(set, 9);
	assert_int_equal(pst_contracts_generation(set), 9);
	pst_contracts_free(set);
	pst_contracts_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_contract_keeps_its_origin),
		cmocka_unit_test(a_name_is_taken_once),
		cmocka_unit_test(a_broken_contract_changes_nothing),
		cmocka_unit_test(errors_of_an_earlier_file_do_not_count),
		cmocka_unit_test(a_set_has_a_generation_that_is_never_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
