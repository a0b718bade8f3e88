// SPDX-License-Identifier: Apache-2.0
/* Does the page of a contract say all that it holds? */
#include "diff_fixture.h"

static const char backup[] =
	"\"vendor\":\"Acme Corp.\",\"software\":[{\"path\":\"/opt/acme/**\"}],\"channels\":["
	"{\"listen\":\"tcp\",\"on\":\"127.0.0.1\",\"port\":9300},"
	"{\"connect\":\"tcp\",\"to\":\"vault.bank.example\",\"port\":443,\"why\":\"backup vault\"}],"
	"\"exec\":[\"/opt/acme/bin/*\"],\"limits\":{\"bytes_out_per_day\":\"2GiB\"}";

static char *page_of(const char *rest, unsigned int width)
{
	struct pst_contracts *set = contract_with(rest);
	const struct pst_page_keys keys = { .width = width, .notes = &said };
	char *page = pst_contract_page(pst_contracts_at(set, 0), &keys);

	pst_contracts_free(set);
	assert_non_null(page);
	return page;
}

static void a_page_says_what_a_contract_allows(void **state)
{
	char *page = page_of(backup, 72);

	(void)state;
	assert_string_equal(
		page, "Contract acme, version 1, of Acme Corp.\n"
		      "\n"
		      "It binds\n"
		      "  - programs below /opt/acme\n"
		      "  - and what they start, unless another contract names it or it enters\n"
		      "    another unit or login session\n"
		      "\n"
		      "It may\n"
		      "  - connect by TCP to vault.bank.example on port 443: backup vault\n"
		      "  - listen by TCP on port 9300 of 127.0.0.1 for any peer\n"
		      "\n"
		      "Beside channels it may\n"
		      "  - execute /opt/acme/bin/*\n"
		      "\n"
		      "All of it together may send\n"
		      "  - at most 2 GiB out a day\n"
		      "\n"
		      "A host name stands for every address that a configured resolver, or the\n"
		      "hosts file, gave for it.\n"
		      "Every other channel is an alert, but for what every program has: asking\n"
		      "the kernel about its network, the name service, the journal.\n");
	free(page);
}

static void no_line_is_longer_than_the_page(void **state)
{
	static const unsigned int widths[] = { 40, 60, 80 };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		char *page = page_of(backup, widths[i]), *line = page;

		for (size_t len; *line; line += len + 1) {
			len = strcspn(line, "\n");
			assert_true(len <= widths[i]);
		}
		free(page);
	}
}

static void what_means_more_than_it_says_is_told(void **state)
{
	struct pst_contracts *set = contract_with(backup);
	struct pst_diags notes;
	const struct pst_page_keys keys = { .width = 80, .notes = &notes };
	char *page;

	(void)state;
	pst_diags_init(&notes, "test.json");
	pst_diags_add(&notes, PST_DIAG_NOTE, 7, 3, "this also stands for %s", "/usr/bin/x");
	page = pst_contract_page(pst_contracts_at(set, 0), &keys);
	assert_non_null(strstr(page, "\nNotes\n  - line 7: this also stands for /usr/bin/x\n"));
	free(page);
	pst_contracts_free(set);
}

static void sets_are_explained_where_they_stand(void **state)
{
	static const char *const entries[] = {
		"{\"connect\":\"udp\",\"to\":\"@resolvers\"}",
		"{\"connect\":\"tcp\",\"to\":\"@local\"}",
		"{\"listen\":\"tcp\",\"from\":\"@private\"}",
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		char rest[256], *page;

		(void)snprintf(rest, sizeof(rest), "\"software\":[{\"uid\":33}],\"channels\":[%s]",
			       entries[i]);
		page = page_of(rest, 80);
		assert_non_null(strstr(page, "\n@resolvers are"));
		free(page);
	}
}

static void an_empty_contract_allows_no_channel(void **state)
{
	char *page = page_of("\"software\":[{\"uid\":33}],\"channels\":[],\"exec\":[]", 80);

	(void)state;
	assert_non_null(strstr(page, "\nIt may open no channel\n"));
	assert_null(strstr(page, "Beside channels"));
	assert_null(strstr(page, "host name"));
	assert_null(strstr(page, "@resolvers"));
	free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_says_what_a_contract_allows),
		cmocka_unit_test(no_line_is_longer_than_the_page),
		cmocka_unit_test(what_means_more_than_it_says_is_told),
		cmocka_unit_test(sets_are_explained_where_they_stand),
		cmocka_unit_test(an_empty_contract_allows_no_channel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
