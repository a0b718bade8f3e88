// SPDX-License-Identifier: Apache-2.0
/* Does one begin with a contract that is valid, canonical and allows nothing? */
#include "contract/writing.h"

#include <errno.h>
#include <stdlib.h>

#include "contract_fixture.h"

static char *begin(const struct pst_skeleton *skeleton)
{
	char *out = NULL;

	pst_diags_init(&said, "test.json");
	assert_true(pst_contract_skeleton(skeleton, &said, &out) > 0);
	return out;
}

static void it_is_valid_and_binds_whom_it_names(void **state)
{
	char *text = begin(&(struct pst_skeleton){ .id = "acme",
						   .vendor = "A \"B\" C",
						   .path = "/opt/a\\*b/**",
						   .unit = "acme.service" });
	struct pst_contracts *set = pst_contracts_new();
	const struct pst_contract *contract;

	(void)state;
	assert_int_equal(add_text(set, text), 0);
	contract = pst_contracts_at(set, 0);
	assert_string_equal(contract->id, "acme");
	assert_string_equal(contract->vendor, "A \"B\" C");
	assert_int_equal(contract->software_count, 1); /* all that is named must hold */
	assert_string_equal(contract->software[0].path, "/opt/a\\*b/**");
	assert_string_equal(contract->software[0].unit, "acme.service");
	assert_null(contract->software[0].package);
	assert_int_equal(contract->channel_count, 0);
	assert_false(contract->has_exec);
	pst_contracts_free(set);
	free(text);
}

static void it_is_canonical(void **state)
{
	char *text = begin(&(struct pst_skeleton){ .id = "acme", .package = "acme" });
	char *again = NULL;

	(void)state;
	assert_true(pst_contract_format(text, strlen(text), &said, &again) > 0);
	assert_string_equal(text, again);
	free(again);
	free(text);
}

/* The entries that it shows in comments, one behind the other. */
static void collect_entries(char *text, char *out, size_t out_size)
{
	char *line, *rest = text;
	size_t used = 0;

	while ((line = strsep(&rest, "\n"))) {
		if (!strncmp(line, "  //   {", 8))
			used += (size_t)snprintf(out + used, out_size - used, "%s\n", line + 7);
	}
}

static void what_its_comments_show_are_valid_entries(void **state)
{
	char *text = begin(&(struct pst_skeleton){ .id = "acme", .package = "acme" });
	struct pst_contracts *set = pst_contracts_new();
	char entries[2048] = "";

	(void)state;
	collect_entries(text, entries, sizeof(entries));
	assert_int_equal(add_contract(set, "acme", "{\"path\":\"/opt/acme/**\"}", entries), 0);
	assert_int_equal(pst_contracts_at(set, 0)->channel_count, 4);
	pst_contracts_free(set);
	free(text);
}

static void words_that_are_too_long_are_refused(void **state)
{
	static char longest[20000];
	char *out = NULL;

	(void)state;
	memset(longest, 'a', sizeof(longest) - 1);
	pst_diags_init(&said, "test.json");
	assert_int_equal(
		pst_contract_skeleton(&(struct pst_skeleton){ .id = longest, .package = "acme" },
				      &said, &out),
		-EINVAL);
	assert_int_equal(said.errors, 1);
	assert_null(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_valid_and_binds_whom_it_names),
		cmocka_unit_test(it_is_canonical),
		cmocka_unit_test(what_its_comments_show_are_valid_entries),
		cmocka_unit_test(words_that_are_too_long_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
