// SPDX-License-Identifier: Apache-2.0
/* Are times, periods and limits of an entry read, and is what is wrong with them told? */
#include "contract_fixture.h"

static void an_entry_says_when_how_often_and_how_much(void **state)
{
	struct pst_contracts *set = contracts_of(
		"{\"connect\":\"tcp\",\"when\":[\"Mon-Fri 01:00-05:00\",\"Sat 00:00-24:00\"],"
		"\"every\":\"5m +-20%\",\"bytes_out_per_day\":\"2MB\"},"
		"{\"unix\":\"/run/x\",\"when\":\"daily 22:00-02:00\"}");
	const struct pst_clause *clause = pst_contracts_at(set, 0)->channels;

	(void)state;
	assert_true(pst_contracts_at(set, 0)->has_windows);
	assert_int_equal(clause[0].when_count, 2);
	assert_int_equal(clause[0].when[1].days, 1 << 5);
	assert_int_equal(clause[0].every.every_s, 300);
	assert_int_equal(clause[0].every.tolerance_pct, 20);
	assert_int_equal(clause[0].bytes_out_per_day, 2000000);
	assert_int_equal(clause[1].when_count, 1);
	assert_int_equal(clause[1].when[0].first_min, 22 * 60);
	assert_int_equal(clause[1].every.every_s, 0);
	assert_int_equal(clause[1].bytes_out_per_day, 0);
	assert_int_equal(said.notes, 0);
	pst_contracts_free(set);
}

static void without_windows_a_contract_has_none(void **state)
{
	struct pst_contracts *set = contracts_of("{\"connect\":\"tcp\"}");

	(void)state;
	assert_false(pst_contracts_at(set, 0)->has_windows);
	pst_contracts_free(set);
}

static void a_limit_of_the_contract_is_judged(void **state)
{
	struct pst_contracts *set = pst_contracts_new();

	(void)state;
	assert_int_equal(add_text(set, "{\"format\":1,\"contract\":\"a\",\"version\":1,"
				       "\"software\":[{\"uid\":0}],\"channels\":[],"
				       "\"limits\":{\"bytes_out_per_day\":\"2GiB\"}}"),
			 0);
	assert_int_equal(pst_contracts_at(set, 0)->bytes_out_per_day, UINT64_C(2) << 30);
	pst_contracts_free(set);
}

static void what_is_wrong_is_told_where_it_stands(void **state)
{
	(void)state;
	refuses_channel("{\"connect\":\"tcp\",\"when\":\"nights\"}", 25, "days and hours in UTC");
	refuses_channel("{\"connect\":\"tcp\",\"when\":[\"daily 01:00-02:00\",7]}", 46,
			"days and hours in UTC");
	refuses_channel("{\"connect\":\"tcp\",\"when\":[]}", 25, "leave the key out");
	refuses_channel("{\"connect\":\"tcp\",\"when\":7}", 25, "\"when\" must be days and hours");
	refuses_channel("{\"connect\":\"tcp\",\"every\":\"often\"}", 26, "a time from 2s to 31d");
	refuses_channel("{\"connect\":\"tcp\",\"bytes_out_per_day\":\"many\"}", 38,
			"a number of bytes from 1");
	refuses_channel("{\"listen\":\"tcp\",\"every\":\"5m\"}", 17,
			"\"every\" belongs to an entry with connect");
	refuses_channel("{\"unix\":\"/run/x\",\"bytes_out_per_day\":1}", 18,
			"\"bytes_out_per_day\" belongs to an entry with connect");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_says_when_how_often_and_how_much),
		cmocka_unit_test(without_windows_a_contract_has_none),
		cmocka_unit_test(a_limit_of_the_contract_is_judged),
		cmocka_unit_test(what_is_wrong_is_told_where_it_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
