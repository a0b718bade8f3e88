// SPDX-License-Identifier: Apache-2.0
/* When does one pattern stand for several names, and does it match them and no more than it must?
 */
#include "base/text.h"
#include "draft_fixture.h"

#define NAMES_MAX 8u

/* The patterns of NULL-terminated names, joined by blanks; each matches its own name. */
static int patterns(const char *const *names, char *out, size_t size)
{
	struct pst_draft_name list[NAMES_MAX];
	size_t count = 0, i;
	int made;

	for (; names[count]; count++)
		list[count] = (struct pst_draft_name){ .raw = names[count] };
	made = pst_draft_patterns(list, count);
	out[0] = '\0';
	for (i = 0; i < count; i++) {
		assert_true(pst_glob_match(list[i].pattern, list[i].raw));
		if (!i || strcmp(list[i].pattern, list[i - 1].pattern) != 0)
			(void)pst_text_append(out, size, "%s%s", i ? " " : "", list[i].pattern);
	}
	for (i = 0; i < count; i++)
		free(list[i].pattern);
	return made;
}

static void names_stand_for_themselves(void **state)
{
	char out[512];

	(void)state;
	assert_int_equal(patterns((const char *[]){ "/run/a1.sock", "/run/b1.sock", NULL }, out,
				  sizeof(out)),
			 0);
	assert_string_equal(out, "/run/a1.sock /run/b1.sock");
	assert_int_equal(
		patterns((const char *[]){ "/run/5432", "/run/5432", NULL }, out, sizeof(out)), 0);
	assert_string_equal(out, "/run/5432");
	assert_int_equal(patterns((const char *[]){ "/bin/md5sum", "/bin/sha1sum", NULL }, out,
				  sizeof(out)),
			 0);
	assert_string_equal(out, "/bin/md5sum /bin/sha1sum");
}

static void what_differs_in_numbers_only_is_a_star_there(void **state)
{
	char out[512];

	(void)state;
	assert_int_equal(
		patterns((const char *[]){ "/run/u/1000/p-17.s", "/run/u/1000/p-9.s", NULL }, out,
			 sizeof(out)),
		1);
	assert_string_equal(out, "/run/u/1000/p-*.s");
	assert_int_equal(patterns((const char *[]){ "/r/6ba7b810-9dad-11d1-80b4-00c04fd430c8",
						    "/r/123e4567-e89b-12d3-a456-426614174000",
						    NULL },
				  out, sizeof(out)),
			 1);
	assert_string_equal(out, "/r/*");
	assert_int_equal(patterns((const char *[]){ "@/x/deadbeef01", "@/x/0badcafe22ff", NULL },
				  out, sizeof(out)),
			 1);
	assert_string_equal(out, "@/x/*");
}

static void words_of_hex_letters_are_words(void **state)
{
	char out[512];

	(void)state;
	assert_int_equal(patterns((const char *[]){ "/r/defaced", "/r/effaced", NULL }, out,
				  sizeof(out)),
			 0);
	assert_int_equal(patterns((const char *[]){ "/r/deadbee1", "/r/deadbee22x", NULL }, out,
				  sizeof(out)),
			 0);
}

static void wildcards_of_a_name_are_quoted(void **state)
{
	char out[512];

	(void)state;
	assert_int_equal(
		patterns((const char *[]){ "/r/*?\\1", "/r/*?\\2", NULL }, out, sizeof(out)), 1);
	assert_string_equal(out, "/r/\\*\\?\\\\*");
	assert_int_equal(patterns((const char *[]){ "/r/\1", "/r/1", NULL }, out, sizeof(out)), 0);
}

static void a_path_is_one_that_a_contract_takes(void **state)
{
	char longest[600];

	(void)state;
	memset(longest, 'a', sizeof(longest));
	longest[0] = '/';
	longest[512] = '\0';
	assert_false(pst_draft_is_path(longest));
	longest[511] = '\0';
	assert_true(pst_draft_is_path(longest));
	assert_true(pst_draft_is_path("/opt/acme/..x"));
	assert_false(pst_draft_is_path("/"));
	assert_false(pst_draft_is_path(""));
	assert_false(pst_draft_is_path("opt"));
	assert_false(pst_draft_is_path("/opt/"));
	assert_false(pst_draft_is_path("/opt//x"));
	assert_false(pst_draft_is_path("/opt/../x"));
	assert_false(pst_draft_is_path("/opt/.."));
	assert_false(pst_draft_is_path("/opt/."));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_stand_for_themselves),
		cmocka_unit_test(what_differs_in_numbers_only_is_a_star_there),
		cmocka_unit_test(words_of_hex_letters_are_words),
		cmocka_unit_test(wildcards_of_a_name_are_quoted),
		cmocka_unit_test(a_path_is_one_that_a_contract_takes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
