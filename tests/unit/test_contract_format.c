// SPDX-License-Identifier: Apache-2.0
/* Is a contract laid out as the manual shows one? */
#include "contract/writing.h"

#include <errno.h>
#include <stdlib.h>

#include "contract_fixture.h"

static char *made_of(const char *text)
{
	char *out = NULL;
	int64_t len;

	pst_diags_init(&said, "test.json");
	len = pst_contract_format(text, strlen(text), &said, &out);
	if (len < 0)
		fail_msg("%s", said.list[0].text);
	assert_int_equal(len, strlen(out));
	return out;
}

static void keys_come_in_the_usual_order_one_channel_a_line(void **state)
{
	char *out = made_of(
		"{\"x-b\":1,\"on_violation\":\"alert\",\"limits\":{},\"allow\":{},\"draft\":true,\n"
		"\"exec\":[],// none\n\"channels\":[{\"connect\":\"tcp\",\"port\":1}],\n"
		"\"children\":\"all\",\"software\":[{\"uid\":0}],\"vendor\":\"v\",\"version\":1,\n"
		"// the name\n\"contract\":\"a\",\"format\":1,\"x-a\":2}");

	(void)state;
	assert_string_equal(out, "{\n"
				 "  \"format\": 1,\n"
				 "  // the name\n"
				 "  \"contract\": \"a\",\n"
				 "  \"version\": 1,\n"
				 "  \"vendor\": \"v\",\n"
				 "  \"software\": [ { \"uid\": 0 } ],\n"
				 "  \"children\": \"all\",\n"
				 "  \"channels\": [\n"
				 "    { \"connect\": \"tcp\", \"port\": 1 }\n"
				 "  ],\n"
				 "  \"exec\": [], // none\n"
				 "  \"allow\": {},\n"
				 "  \"limits\": {},\n"
				 "  \"on_violation\": \"alert\",\n"
				 "  \"draft\": true,\n"
				 "  \"x-b\": 1,\n"
				 "  \"x-a\": 2\n"
				 "}\n");
	free(out);
}

static void the_order_of_an_entry_is_its_authors(void **state)
{
	char *out = made_of("{\"channels\":[{\"port\":1,\"connect\":\"tcp\"}]}");

	(void)state;
	assert_non_null(strstr(out, "{ \"port\": 1, \"connect\": \"tcp\" }"));
	free(out);
}

static void what_is_no_json_is_refused(void **state)
{
	char *out = NULL;

	(void)state;
	pst_diags_init(&said, "test.json");
	assert_int_equal(pst_contract_format("{\"a\":}", 6, &said, &out), -EINVAL);
	assert_null(out);
	assert_int_equal(said.list[0].column, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_come_in_the_usual_order_one_channel_a_line),
		cmocka_unit_test(the_order_of_an_entry_is_its_authors),
		cmocka_unit_test(what_is_no_json_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
