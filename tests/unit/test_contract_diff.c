// SPDX-License-Identifier: Apache-2.0
/* What holds of every comparison? Tried with each contract of the tests, from the top of the tree.
 */
#include "diff_fixture.h"

#include <errno.h>
#include <glob.h>

#define TEXT_MAX 65536
#define ENTRIES 1100u /* more than PST_BOXES_MAX */

static const char *const patterns[] = { "tests/replay/cases/*/contracts/*.json",
					"tests/fuzz/seeds/contract/every-kind.json",
					"tests/fuzz/seeds/contract/all-keys.json" };

static struct pst_contracts *read_file(const char *path)
{
	static char text[TEXT_MAX];
	struct pst_contracts *set = pst_contracts_new();
	FILE *file = fopen(path, "r");
	size_t len;

	assert_non_null(file);
	len = fread(text, 1, sizeof(text) - 1, file);
	(void)fclose(file);
	text[len] = '\0';
	assert_int_equal(add_text(set, text), 0);
	return set;
}

static void each_file(void (*try)(const char *path))
{
	size_t tried = 0;

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		glob_t found;

		assert_int_equal(glob(patterns[i], 0, NULL, &found), 0);
		for (size_t j = 0; j < found.gl_pathc; j++, tried++)
			try(found.gl_pathv[j]);
		globfree(&found);
	}
	assert_true(tried > 40);
}

static void same_as_itself(const char *path)
{
	struct pst_contracts *a = read_file(path), *b = read_file(path);

	assert_string_equal(changes_of(a, b), "");
	pst_contracts_free(a);
	pst_contracts_free(b);
}

static void no_contract_differs_from_itself(void **state)
{
	(void)state;
	each_file(same_as_itself);
}

/* The contract without one of its entries, as a view: what stays is shared. */
static void each_entry_counts(const char *path)
{
	struct pst_contracts *set = read_file(path);
	const struct pst_contract *whole = pst_contracts_at(set, 0);

	for (size_t without = 0; without < whole->channel_count; without++) {
		struct pst_contract less = *whole;
		struct pst_changes there, back;

		less.channels = calloc(whole->channel_count, sizeof(*less.channels));
		less.channel_count = 0;
		for (size_t i = 0; i < whole->channel_count; i++)
			if (i != without)
				less.channels[less.channel_count++] = whole->channels[i];
		assert_int_equal(pst_contract_compare(whole, &less, &there), 0);
		assert_int_equal(pst_contract_compare(&less, whole, &back), 0);
		if (!there.count)
			fail_msg("%s: without entry %zu nothing changes", path, without + 1);
		assert_int_equal(there.count, back.count);
		for (size_t i = 0; i < there.count; i++) {
			assert_int_equal(there.list[i].kind, PST_CHANGE_NO_LONGER);
			assert_int_equal(there.list[i].line, whole->channels[without].line);
			assert_int_equal(back.list[i].kind, PST_CHANGE_NEWLY);
			assert_string_equal(there.list[i].text + strlen("may no longer"),
					    back.list[i].text + strlen("may newly"));
		}
		pst_changes_clear(&there);
		pst_changes_clear(&back);
		free(less.channels);
	}
	pst_contracts_free(set);
}

static void without_any_entry_something_is_no_longer_allowed(void **state)
{
	(void)state;
	each_file(each_entry_counts);
}

static void an_entry_whose_parts_are_too_many_is_refused(void **state)
{
	struct pst_contract before = { .id = "a" }, after = { .id = "a" };
	struct pst_clause *narrow = calloc(ENTRIES, sizeof(*narrow));
	struct pst_clause wide = { .protocol = 6, .any_from = true, .any_address = true };
	struct pst_prefix *to = calloc(ENTRIES, sizeof(*to));
	struct pst_port_range *ports = calloc(ENTRIES, sizeof(*ports));
	struct pst_changes changes;

	(void)state;
	for (uint32_t i = 0; i < ENTRIES; i++) { /* each another address and another port */
		to[i].addr.b[14] = (uint8_t)(i >> 8);
		to[i].addr.b[15] = (uint8_t)i;
		to[i].addr.b[0] = 0x20;
		to[i].bits = 128;
		ports[i] = (struct pst_port_range){ 2 * i + 1, 2 * i + 1 };
		narrow[i] = (struct pst_clause){ .protocol = 6,
						 .any_from = true,
						 .to = &to[i],
						 .to_count = 1,
						 .ports = &ports[i],
						 .port_count = 1 };
	}
	before.channels = &wide;
	before.channel_count = 1;
	after.channels = narrow;
	after.channel_count = ENTRIES;
	assert_int_equal(pst_contract_compare(&before, &after, &changes), -E2BIG);
	free(narrow);
	free(to);
	free(ports);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_contract_differs_from_itself),
		cmocka_unit_test(without_any_entry_something_is_no_longer_allowed),
		cmocka_unit_test(an_entry_whose_parts_are_too_many_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
