// SPDX-License-Identifier: Apache-2.0
/* Is a secret found by its name and its place, and are its bounds right? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "alert/redact.h"

static bool is_name(const char *name)
{
	return pst_secret_is_name(name, strlen(name));
}

static void names_that_end_in_a_secret_word_are_secret(void **state)
{
	(void)state;
	assert_true(is_name("--db-password"));
	assert_true(is_name("PGPASSWORD"));
	assert_true(is_name("MYSQL_PWD"));
	assert_true(is_name("AccountKey"));
	assert_true(is_name("dbPass"));
	assert_false(is_name("--compass"));
	assert_false(is_name("OLDPWD"));
	assert_false(is_name("passwords_file"));
	assert_false(is_name("key"));
	assert_false(is_name(""));
	assert_true(pst_secret_is_header("Cookie", 6));
	assert_false(pst_secret_is_header("Cookies", 7));
}

static void a_value_ends_where_the_next_begins(void **state)
{
	static const char url[] = "http://h/?token=abc&x=1";
	size_t end;

	(void)state;
	assert_int_equal(pst_secret_find(url, strlen(url), 0, &end), 16);
	assert_int_equal(end, 19);
	assert_int_equal(pst_secret_find(url, strlen(url), 20, &end), strlen(url));
	assert_int_equal(pst_secret_find("a=b", 3, 0, &end), 3);
	assert_int_equal(end, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_that_end_in_a_secret_word_are_secret),
		cmocka_unit_test(a_value_ends_where_the_next_begins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
