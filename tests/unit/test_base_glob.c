// SPDX-License-Identifier: Apache-2.0
/* Does a pattern match the paths that it means, and only these? */
#include "base/text.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void a_star_stops_at_a_slash_and_two_do_not(void **state)
{
	(void)state;
	assert_true(pst_glob_match("/opt/*/bin", "/opt/acme/bin"));
	assert_false(pst_glob_match("/opt/*/bin", "/opt/acme/x/bin"));
	assert_true(pst_glob_match("/opt/**/bin", "/opt/acme/x/bin"));
	assert_true(pst_glob_match("/opt/*", "/opt/"));
	assert_false(pst_glob_match("/opt/?", "/opt//"));
	assert_true(pst_glob_match("/opt/?", "/opt/a"));
	assert_false(pst_glob_match("/opt/?", "/opt/"));
}

static void two_stars_match_everything_below_and_not_the_folder(void **state)
{
	(void)state;
	assert_true(pst_glob_match("/opt/acme/**", "/opt/acme/a"));
	assert_true(pst_glob_match("/opt/acme/**", "/opt/acme/a/b/c"));
	assert_false(pst_glob_match("/opt/acme/**", "/opt/acme"));
	assert_false(pst_glob_match("/opt/acme/**", "/opt/acme2/a"));
}

static void the_whole_path_must_match(void **state)
{
	(void)state;
	assert_true(pst_glob_match("/a", "/a"));
	assert_false(pst_glob_match("/a", "/ab"));
	assert_false(pst_glob_match("/ab", "/a"));
	assert_true(pst_glob_match("", ""));
	assert_false(pst_glob_match("", "a"));
	assert_true(pst_glob_match("**", ""));
}

static void stars_give_back_what_they_took_too_early(void **state)
{
	(void)state;
	assert_true(pst_glob_match("/a*b*c", "/aXbYbZc"));
	assert_true(pst_glob_match("**/lib/*.so", "/x/lib/y/lib/z.so"));
	assert_false(pst_glob_match("**/lib/*.so", "/x/lib/y/z.so"));
	assert_true(pst_glob_match("/a**b/c", "/a/b/cb/c"));
}

static void a_backslash_quotes(void **state)
{
	(void)state;
	assert_true(pst_glob_match("/a\\*", "/a*"));
	assert_false(pst_glob_match("/a\\*", "/ab"));
	assert_true(pst_glob_match("/a\\", "/a\\"));
}

static void hostile_patterns_take_no_longer(void **state)
{
	char pattern[PST_GLOB_MAX + 2], path[4097];
	size_t i;

	(void)state;
	for (i = 0; i + 2 < PST_GLOB_MAX; i += 3)
		memcpy(pattern + i, "**a", 3);
	pattern[i] = '\0';
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 2] = 'b';
	path[sizeof(path) - 1] = '\0';
	assert_false(pst_glob_match(pattern, path));
	path[sizeof(path) - 2] = 'a';
	assert_true(pst_glob_match(pattern, path));
}

static void a_pattern_above_the_bound_matches_nothing(void **state)
{
	char pattern[PST_GLOB_MAX + 2];

	(void)state;
	memset(pattern, 'a', sizeof(pattern));
	pattern[PST_GLOB_MAX] = '\0';
	assert_true(pst_glob_match(pattern, pattern));
	pattern[PST_GLOB_MAX] = 'a';
	pattern[PST_GLOB_MAX + 1] = '\0';
	assert_false(pst_glob_match(pattern, pattern));
}

static void the_longer_literal_head_weighs_more(void **state)
{
	(void)state;
	assert_int_equal(pst_glob_weight("/opt/**"), 10);
	assert_int_equal(pst_glob_weight("/opt/a"), 13);
	assert_int_equal(pst_glob_weight("/opt/a*"), 12);
	assert_int_equal(pst_glob_weight("\\*a?"), 4);
	assert_int_equal(pst_glob_weight(""), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_star_stops_at_a_slash_and_two_do_not),
		cmocka_unit_test(two_stars_match_everything_below_and_not_the_folder),
		cmocka_unit_test(the_whole_path_must_match),
		cmocka_unit_test(stars_give_back_what_they_took_too_early),
		cmocka_unit_test(a_backslash_quotes),
		cmocka_unit_test(hostile_patterns_take_no_longer),
		cmocka_unit_test(a_pattern_above_the_bound_matches_nothing),
		cmocka_unit_test(the_longer_literal_head_weighs_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
