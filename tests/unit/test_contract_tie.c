// SPDX-License-Identifier: Apache-2.0
/* Are two contracts that name the same software in the same words refused together? */
#include "contract_fixture.h"

#include <errno.h>

static void ties(const char *first, const char *second, int expected)
{
	struct pst_contracts *set = pst_contracts_new();

	assert_int_equal(add_contract(set, "first", first, ""), 0);
	assert_int_equal(add_contract(set, "second", second, ""), expected);
	assert_int_equal(pst_contracts_count(set), expected ? 1 : 2);
	pst_contracts_free(set);
}

static void the_same_words_are_refused_with_both_places(void **state)
{
	(void)state;
	ties("{\"uid\":7},\n{\"path\":\"/opt/acme/**\"}", "{\"path\":\"/opt/acme/**\"}", -EINVAL);
	assert_int_equal(said.errors, 1);
	assert_int_equal(said.list[0].line, 2);
	assert_int_equal(said.list[0].column, 13);
	assert_non_null(strstr(said.list[0].text,
			       "contract \"first\" names the same software in test.json:3:1"));
}

static void all_keys_count(void **state)
{
	(void)state;
	ties("{\"path\":\"/opt/a\",\"uid\":7}", "{\"uid\":7,\"path\":\"/opt/a\"}", -EINVAL);
	ties("{\"path\":\"/opt/a\",\"uid\":7}", "{\"path\":\"/opt/a\",\"uid\":8}", 0);
	ties("{\"path\":\"/opt/a\",\"uid\":0}", "{\"path\":\"/opt/a\"}", 0);
	ties("{\"path\":\"/opt/a\"}", "{\"path\":\"/opt/a\",\"unit\":\"a.service\"}", 0);
	ties("{\"unit\":\"a.service\"}", "{\"unit\":\"a.service\"}", -EINVAL);
	ties("{\"unit\":\"a.service\"}", "{\"unit\":\"b.service\"}", 0);
	ties("{\"package\":\"a\"}", "{\"package\":\"a\"}", -EINVAL);
	ties("{\"package\":\"a\"}", "{\"package\":\"b\"}", 0);
}

static void other_words_of_the_same_weight_are_no_tie(void **state)
{
	(void)state;
	ties("{\"path\":\"/opt/acme/**\"}", "{\"path\":\"/opt/acme/*\"}", 0);
}

static void one_contract_may_repeat_itself(void **state)
{
	(void)state;
	ties("{\"uid\":7},{\"uid\":7}", "{\"uid\":8}", 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_words_are_refused_with_both_places),
		cmocka_unit_test(all_keys_count),
		cmocka_unit_test(other_words_of_the_same_weight_are_no_tie),
		cmocka_unit_test(one_contract_may_repeat_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
