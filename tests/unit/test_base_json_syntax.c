// SPDX-License-Identifier: Apache-2.0
/* Do messages about broken JSON point at the fault and name it? */
#include "base/json.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void refuses(const char *text, uint32_t line, uint32_t column, const char *what)
{
	struct pst_diags diags;

	pst_diags_init(&diags, "f");
	assert_null(pst_json_read(text, strlen(text), &diags));
	assert_int_equal(diags.errors, 1);
	assert_int_equal(diags.list[0].line, line);
	assert_int_equal(diags.list[0].column, column);
	assert_non_null(strstr(diags.list[0].text, what));
}

static void a_text_that_ends_early_is_named(void **state)
{
	(void)state;
	refuses("", 1, 1, "empty");
	refuses("{\"a\":", 1, 6, "ends before");
}

static void a_comma_too_many_or_too_few_is_named(void **state)
{
	(void)state;
	refuses("{\"a\":1,}", 1, 8, "remove it");
	refuses("[1,]", 1, 4, "remove it");
	refuses("{\"a\":1\n\"b\":2}", 2, 1, "missing before");
}

static void a_key_without_quotes_is_pointed_at(void **state)
{
	(void)state;
	refuses("{a:1}", 1, 2, "key in double quotes");
	refuses("{\"a\":1,{", 1, 8, "key in double quotes");
}

static void a_wrong_value_is_pointed_at(void **state)
{
	(void)state;
	refuses("{\"a\": tru}", 1, 7, "not expected");
	refuses("[1,[x]]", 1, 5, "not expected");
	refuses("[1,2x]", 1, 5, "not expected");
	refuses("{\"a\":\"b, c\\q\"}", 1, 11, "escape");
	refuses("{\"a\" 1}", 1, 6, "not expected");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_that_ends_early_is_named),
		cmocka_unit_test(a_comma_too_many_or_too_few_is_named),
		cmocka_unit_test(a_key_without_quotes_is_pointed_at),
		cmocka_unit_test(a_wrong_value_is_pointed_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
