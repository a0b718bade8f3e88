// SPDX-License-Identifier: Apache-2.0
/* Are unknown, mistyped and missing keys told with what may stand there? */
#include "contract/parse.h"

#include "contract_fixture.h"

#define HEAD \
	"{\"format\":1,\"contract\":\"a\",\"version\":1,\"software\":[{\"uid\":0}],\"channels\":[]"

static void an_unknown_key_is_told_with_its_place_and_a_suggestion(void **state)
{
	(void)state;
	refuses(HEAD ",\n  \"vendr\":\"x\"}", 2, 3,
		"unknown key \"vendr\" in a contract, did you mean \"vendor\"?; its keys are "
		"format, contract,");
	refuses(HEAD ",\n  \"zzzzzz\":\"x\"}", 2, 3,
		"unknown key \"zzzzzz\" in a contract; its keys are");
	refuses_channel("{\"connect\":\"tcp\",\"prot\":443}", 18, "did you mean \"port\"?");
}

static void a_mistyped_value_is_told_with_what_is_wanted(void **state)
{
	(void)state;
	refuses(HEAD ",\n  \"vendor\":[]}", 2, 12,
		"\"vendor\" must be the vendor's name, this is a list");
	refuses_channel("{\"connect\":7}", 12, "this is a number");
	refuses_channel("{\"connect\":\"tcp\",\"port\":null}", 25, "this is null");
}

static void a_key_that_is_misspelt_is_not_missing_too(void **state)
{
	(void)state;
	refuses("{\"format\":1,\"contract\":\"a\",\"version\":1,\"software\":[{\"uid\":0}],\n"
		"\"chanels\":[]}",
		2, 1, "did you mean \"channels\"?");
	assert_string_equal(said.list[0].suggestion, "channels");
	refuses("{\"format\":1,\"contract\":\"a\",\"version\":1,\"channels\":[],\n"
		"\"software\":[{\"pth\":\"/a\"}]}",
		2, 14, "did you mean \"path\"?");
}

static void a_missing_key_is_told_where_its_object_ends(void **state)
{
	(void)state;
	refuses("\n {\"format\":1,\"contract\":\"a\",\"version\":1,\"software\":[{\"uid\":0}]\n  }",
		3, 3, "needs the key \"channels\"");
	refuses("{\"contract\":\"a\",\"version\":1,\"software\":[{\"uid\":0}],\"channels\":[]}", 1,
		65, "needs the key \"format\"");
}

static void keys_that_begin_with_x_are_notes_everywhere(void **state)
{
	struct pst_contracts *set = pst_contracts_new();

	(void)state;
	assert_int_equal(
		add_text(set, "{\"x-a\":{\"b\":[1]},\"format\":1,\"contract\":\"a\",\"version\":1,"
			      "\"limits\":{\"x-l\":1},"
			      "\"software\":[{\"uid\":0,\"x-b\":1}],"
			      "\"channels\":[{\"connect\":\"tcp\",\"x-c\":null}]}"),
		0);
	assert_string_equal(pst_contracts_at(set, 0)->channels[0].text, "{\"connect\":\"tcp\"}");
	pst_contracts_free(set);
	refuses(HEAD ",\n\"xa\":1}", 2, 1, "unknown key");
}

static void keys_are_case_sensitive(void **state)
{
	(void)state;
	refuses(HEAD ",\n\"Vendor\":\"x\"}", 2, 1, "did you mean \"vendor\"?");
}

static void a_second_key_is_told_once(void **state)
{
	(void)state;
	refuses(HEAD ",\n\"vendor\":\"a\",\n\"vendor\":\"b\"}", 3, 1, "second time");
}

static void a_list_of_words_is_written_for_people(void **state)
{
	static const char *const words[] = { "a", "b", "c" };
	char out[PST_DIAG_TEXT];

	(void)state;
	assert_string_equal(pst_parse_keys_text(words, 0, out), "");
	assert_string_equal(pst_parse_keys_text(words, 1, out), "a");
	assert_string_equal(pst_parse_keys_text(words, 2, out), "a and b");
	assert_string_equal(pst_parse_keys_text(words, 3, out), "a, b and c");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unknown_key_is_told_with_its_place_and_a_suggestion),
		cmocka_unit_test(a_mistyped_value_is_told_with_what_is_wanted),
		cmocka_unit_test(a_key_that_is_misspelt_is_not_missing_too),
		cmocka_unit_test(a_missing_key_is_told_where_its_object_ends),
		cmocka_unit_test(keys_that_begin_with_x_are_notes_everywhere),
		cmocka_unit_test(keys_are_case_sensitive),
		cmocka_unit_test(a_second_key_is_told_once),
		cmocka_unit_test(a_list_of_words_is_written_for_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
