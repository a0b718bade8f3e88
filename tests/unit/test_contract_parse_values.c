// SPDX-License-Identifier: Apache-2.0
/* Are sizes, paths and texts read and refused at their bounds? */
#include "contract_fixture.h"

static uint64_t limit_of(const char *value)
{
	struct pst_contracts *set = pst_contracts_new();
	uint64_t limit = 0;
	char text[512];

	(void)snprintf(text, sizeof(text),
		       "{\"format\":1,\"contract\":\"a\",\"version\":1,\"software\":[{\"uid\":0}],"
		       "\"channels\":[],"
		       "\"limits\":{\"bytes_out_per_day\":%s}}",
		       value);
	if (!add_text(set, text))
		limit = pst_contracts_at(set, 0)->bytes_out_per_day;
	pst_contracts_free(set);
	return limit;
}

static void sizes_are_numbers_or_have_a_unit(void **state)
{
	(void)state;
	assert_int_equal(limit_of("1"), 1);
	assert_int_equal(limit_of("\"17\""), 17);
	assert_int_equal(limit_of("\"17B\""), 17);
	assert_int_equal(limit_of("\"3kB\""), 3000);
	assert_int_equal(limit_of("\"3 KiB\""), 3072);
	assert_int_equal(limit_of("\"1MB\""), 1000000);
	assert_int_equal(limit_of("\"2TiB\""), UINT64_C(2) << 40);
}

static void sizes_of_no_bytes_or_too_many_are_refused(void **state)
{
	static const char *const bad[] = { "0",
					   "-1",
					   "1.5",
					   "\"\"",
					   "\"0GiB\"",
					   "\"GiB\"",
					   "\"1gib\"",
					   "\"1 \"",
					   "\"1GiB \"",
					   "\"-1\"",
					   "\"1000000000000000000\"",
					   "\"16777216TiB\"" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(limit_of(bad[i]), 0);
	assert_int_equal(limit_of("\"16777215TiB\""), UINT64_C(16777215) << 40);
	assert_int_equal(limit_of("\"999999999999999999\""), UINT64_C(999999999999999999));
}

static int add_path(const char *path)
{
	struct pst_contracts *set = pst_contracts_new();
	char software[2048];
	int err;

	(void)snprintf(software, sizeof(software), "{\"path\":\"%s\"}", path);
	err = add_contract(set, "a", software, "");
	pst_contracts_free(set);
	return err;
}

static void a_path_that_could_match_nothing_is_refused(void **state)
{
	static const char *const bad[] = { "",	       "opt/a",	    "*",	 "/opt//a",
					   "/opt/./a", "/opt/../a", "/opt/a/..", "/opt/.",
					   "/opt/a/",  "/" };
	static const char *const good[] = { "/opt/a", "/**", "/opt/.a/..b", "/opt/a.../*" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_true(add_path(bad[i]) < 0);
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(add_path(good[i]), 0);
}

static void a_path_ends_at_the_bound_of_patterns(void **state)
{
	char path[1025];

	(void)state;
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[1024] = '\0';
	assert_true(add_path(path) < 0);
	path[1023] = '\0';
	assert_int_equal(add_path(path), 0);
}

static void a_folder_gets_the_pattern_that_was_meant(void **state)
{
	(void)state;
	assert_true(add_path("/opt/acme/") < 0);
	assert_non_null(strstr(said.list[0].text, "did you mean \"/opt/acme/**\"?"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_numbers_or_have_a_unit),
		cmocka_unit_test(sizes_of_no_bytes_or_too_many_are_refused),
		cmocka_unit_test(a_path_that_could_match_nothing_is_refused),
		cmocka_unit_test(a_path_ends_at_the_bound_of_patterns),
		cmocka_unit_test(a_folder_gets_the_pattern_that_was_meant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
