// SPDX-License-Identifier: Apache-2.0
/* Is a whole contract read, and everything that is wrong with it told? */
#include "contract_fixture.h"

static const char example[] =
	"{\n"
	"  \"format\": 1, // a comment\n"
	"  \"contract\": \"acme-backup\", \"version\": 7, \"vendor\": \"Acme Corp.\",\n"
	"  \"software\": [ { \"path\": \"/opt/acme/backup/**\" }, { \"package\": "
	"\"acme-backup\" }, { \"unit\": \"acme-backup.service\" } ],\n"
	"  \"children\": \"all\",\n"
	"  \"channels\": [\n"
	"    { \"connect\": \"tcp\", \"to\": [\"vault.bank.example\", \"10.20.0.0/16\"], "
	"\"port\": 443, \"why\": \"backup vault\" },\n"
	"    { \"connect\": \"udp\", \"to\": \"@resolvers\", \"port\": 53 },\n"
	"    { \"listen\": \"tcp\", \"on\": \"127.0.0.1\", \"port\": 9300, \"from\": "
	"[\"127.0.0.0/8\"] },\n"
	"    { \"unix\": \"/run/systemd/journal/*\" }\n"
	"  ],\n"
	"  \"exec\": [\"/opt/acme/backup/bin/*\"],\n"
	"  \"limits\": { \"bytes_out_per_day\": \"2GiB\" },\n"
	"  \"on_violation\": \"alert\"\n"
	"}\n";

static void every_key_of_a_contract_is_read(void **state)
{
	struct pst_contracts *set = pst_contracts_new();
	const struct pst_contract *contract;

	(void)state;
	assert_int_equal(add_text(set, example), 0);
	contract = pst_contracts_at(set, 0);
	assert_string_equal(contract->id, "acme-backup");
	assert_int_equal(contract->version, 7);
	assert_string_equal(contract->vendor, "Acme Corp.");
	assert_int_equal(contract->software_count, 3);
	assert_int_equal(contract->children, PST_CHILDREN_ALL);
	assert_int_equal(contract->channel_count, 4);
	assert_int_equal(contract->channels[2].line, 9);
	assert_int_equal(contract->channels[2].column, 5);
	assert_true(contract->has_exec);
	assert_int_equal(contract->exec_count, 1);
	assert_int_equal(contract->bytes_out_per_day, UINT64_C(2) << 30);
	pst_contracts_free(set);
}

static void the_whole_example_is_taken_without_a_note(void **state)
{
	struct pst_contracts *set = pst_contracts_new();

	(void)state;
	assert_int_equal(add_text(set, example), 0);
	assert_int_equal(said.errors, 0);
	assert_int_equal(said.notes, 0);
	pst_contracts_free(set);
}

static void the_least_contract_has_defaults(void **state)
{
	struct pst_contracts *set = contracts_of("");
	const struct pst_contract *contract = pst_contracts_at(set, 0);

	(void)state;
	assert_null(contract->vendor);
	assert_int_equal(contract->children, PST_CHILDREN_ALL);
	assert_false(contract->has_exec);
	assert_int_equal(contract->bytes_out_per_day, 0);
	pst_contracts_free(set);
}

#define LEAST \
	"{\"format\":1,\"contract\":\"a\",\"version\":1,\"software\":[{\"uid\":0}],\"channels\":[]"
#define WITH(more) LEAST ",\n" more "}"

static void words_and_numbers_out_of_range_are_refused(void **state)
{
	(void)state;
	refuses("{\"format\":2,\"contract\":\"a\",\"version\":1,\"software\":[{\"uid\":0}],"
		"\"channels\":[]}",
		1, 11, "which reads contracts of format 1; format 2 needs a newer one");
	refuses("{\"format\":1,\"contract\":\"a b\",\"version\":1,\"software\":[{\"uid\":0}],"
		"\"channels\":[]}",
		1, 24, "name");
	refuses("{\"format\":1,\"contract\":\"a\",\"version\":0,\"software\":[{\"uid\":0}],"
		"\"channels\":[]}",
		1, 38, "from 1");
	refuses("{\"format\":1,\"contract\":\"a\",\"version\":1.5,\"software\":[{\"uid\":0}],"
		"\"channels\":[]}",
		1, 38, "whole");
	refuses(WITH("\"children\":\"alll\""), 2, 12, "did you mean \"all\"?");
	refuses(WITH("\"on_violation\":\"deny\""), 2, 16, "known here: alert");
	refuses(WITH("\"vendor\":\"\""), 2, 10, "0 bytes");
	refuses(WITH("\"limits\":{\"bytes\":1}"), 2, 11, "its keys are bytes_out_per_day");
	refuses(WITH("\"exec\":[1]"), 2, 9, "path pattern");
	refuses(WITH("\"exec\":[\"bin/x\"]"), 2, 9, "begins with");
}

static void a_name_has_1_to_64_characters(void **state)
{
	char id[PST_CONTRACT_ID_MAX + 2];
	struct pst_contracts *set = pst_contracts_new();

	(void)state;
	memset(id, 'a', sizeof(id));
	id[PST_CONTRACT_ID_MAX + 1] = '\0';
	assert_true(add_contract(set, id, "{\"uid\":0}", "") < 0);
	assert_true(add_contract(set, "", "{\"uid\":0}", "") < 0);
	id[PST_CONTRACT_ID_MAX] = '\0';
	assert_int_equal(add_contract(set, id, "{\"uid\":0}", ""), 0);
	pst_contracts_free(set);
}

static void an_empty_exec_list_says_that_nothing_may_be_executed(void **state)
{
	struct pst_contracts *set = pst_contracts_new();

	(void)state;
	assert_int_equal(add_text(set, WITH("\"exec\":[]")), 0);
	assert_true(pst_contracts_at(set, 0)->has_exec);
	pst_contracts_free(set);
}

static void a_contract_is_an_object(void **state)
{
	(void)state;
	refuses("[]", 1, 1, "must be an object, this is a list");
	refuses("", 1, 1, "empty");
}

static void all_errors_are_told_not_the_first(void **state)
{
	struct pst_contracts *set = pst_contracts_new();

	(void)state;
	assert_true(add_text(set,
			     "{\"format\":3,\n\"contract\":\"\",\n\"version\":\"1\","
			     "\n\"vendr\":\"x\",\n\"format\":1,\n"
			     "\"software\":[{}],\n\"channels\":[{\"connect\":\"tpc\",\"port\":0,"
			     "\"to\":\"10.0.0.1/8\"}]}") < 0);
	assert_int_equal(said.errors, 9);
	pst_contracts_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_of_a_contract_is_read),
		cmocka_unit_test(the_whole_example_is_taken_without_a_note),
		cmocka_unit_test(the_least_contract_has_defaults),
		cmocka_unit_test(words_and_numbers_out_of_range_are_refused),
		cmocka_unit_test(a_name_has_1_to_64_characters),
		cmocka_unit_test(an_empty_exec_list_says_that_nothing_may_be_executed),
		cmocka_unit_test(a_contract_is_an_object),
		cmocka_unit_test(all_errors_are_told_not_the_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
