// SPDX-License-Identifier: Apache-2.0
/* Is "allow" read, and are its mistakes told? */
#include "contract_fixture.h"

#define HEAD \
	"{\"format\":1,\"contract\":\"a\",\"version\":1,\"software\":[{\"uid\":0}],\"channels\":[],\n"
#define HASH "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void every_key_is_read(void **state)
{
	struct pst_contracts *set = pst_contracts_new();
	const struct pst_allow *allow;

	(void)state;
	assert_int_equal(add_text(set, HEAD "\"allow\":{\"filters\":[\"" HASH
					    "\",\"tag:0123456789abcdef\"],\"io_uring\":true,"
					    "\"handed_over_sockets\":[\"/usr/lib/systemd/*\"],"
					    "\"memfd_exec\":true,\"deleted_exec\":true,"
					    "\"modules\":[\"net-pf-16-*\"],"
					    "\"bpf\":[\"xdp\",\"netfilter\"]}}"),
			 0);
	allow = &pst_contracts_at(set, 0)->allow;
	assert_int_equal(allow->filter_count, 2);
	assert_string_equal(allow->filters[0], HASH);
	assert_string_equal(allow->filters[1], "tag:0123456789abcdef");
	assert_int_equal(allow->handed_over_count, 1);
	assert_string_equal(allow->handed_over[0], "/usr/lib/systemd/*");
	assert_int_equal(allow->module_count, 1);
	assert_string_equal(allow->modules[0], "net-pf-16-*");
	assert_int_equal(allow->bpf, 1ull << 6 | 1ull << 32);
	assert_true(allow->io_uring && allow->memfd_exec && allow->deleted_exec);
	assert_false(allow->any_handed_over);
	assert_int_equal(said.notes, 0);
	pst_contracts_free(set);
}

static void sockets_of_anybody_can_be_allowed(void **state)
{
	struct pst_contracts *set = pst_contracts_new();

	(void)state;
	assert_int_equal(add_text(set, HEAD "\"allow\":{\"handed_over_sockets\":true}}"), 0);
	assert_true(pst_contracts_at(set, 0)->allow.any_handed_over);
	assert_false(pst_contracts_at(set, 0)->allow.io_uring);
	pst_contracts_free(set);
}

static void types_of_programs_are_a_word_a_list_or_all(void **state)
{
	static const struct {
		const char *text;
		uint64_t bits;
	} wanted[] = { { "\"sched_cls\"", 1u << 3 },
		       { "[\"socket_filter\"]", 1u << 1 },
		       { "\"*\"", UINT64_MAX },
		       { "[\"xdp\",\"*\"]", UINT64_MAX } };
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		struct pst_contracts *set = pst_contracts_new();

		(void)snprintf(text, sizeof(text), HEAD "\"allow\":{\"bpf\":%s}}", wanted[i].text);
		assert_int_equal(add_text(set, text), 0);
		assert_int_equal(pst_contracts_at(set, 0)->allow.bpf, wanted[i].bits);
		pst_contracts_free(set);
	}
}

static void one_text_is_a_list_of_one(void **state)
{
	struct pst_contracts *set = pst_contracts_new();
	const struct pst_allow *allow;

	(void)state;
	assert_int_equal(add_text(set,
				  HEAD "\"exec\":\"/usr/bin/sh\",\"allow\":{\"filters\":\"" HASH
				       "\",\"handed_over_sockets\":\"/usr/lib/systemd/*\","
				       "\"modules\":\"net-pf-16-*\"},\"vendor\":\"x\"}"),
			 0);
	allow = &pst_contracts_at(set, 0)->allow;
	assert_int_equal(allow->filter_count, 1);
	assert_string_equal(allow->filters[0], HASH);
	assert_int_equal(allow->handed_over_count, 1);
	assert_string_equal(allow->handed_over[0], "/usr/lib/systemd/*");
	assert_int_equal(allow->module_count, 1); /* and not what stands behind it */
	assert_string_equal(allow->modules[0], "net-pf-16-*");
	assert_int_equal(pst_contracts_at(set, 0)->exec_count, 1);
	assert_string_equal(pst_contracts_at(set, 0)->exec[0], "/usr/bin/sh");
	pst_contracts_free(set);
}

static void mistakes_are_told(void **state)
{
	(void)state;
	refuses(HEAD "\"allow\":{\"iouring\":true}}", 2, 10, "did you mean \"io_uring\"?");
	refuses(HEAD "\"allow\":{\"io_uring\":1}}", 2, 21, "true or false");
	refuses(HEAD "\"allow\":[]}", 2, 9, "an object");
	refuses(HEAD "\"allow\":{\"filters\":[\"sha256:00\"]}}", 2, 21, "a filter is named");
	refuses(HEAD "\"allow\":{\"filters\":[\"tag:0123456789ABCDEF\"]}}", 2, 21, "lower case");
	refuses(HEAD "\"allow\":{\"filters\":[7]}}", 2, 21, "not a number");
	refuses(HEAD "\"allow\":{\"filters\":[]}}", 2, 20, "leave the key out");
	refuses(HEAD "\"allow\":{\"handed_over_sockets\":[\"systemd\"]}}", 2, 33, "begins with");
	refuses(HEAD "\"allow\":{\"modules\":[\"\"]}}", 2, 21, "from 1 to 63");
	refuses(HEAD "\"allow\":{\"bpf\":[\"XDP\"]}}", 2, 17, "known here: socket_filter,");
	refuses(HEAD "\"allow\":{\"bpf\":\"sched_cl\"}}", 2, 16, "did you mean \"sched_cls\"?");
	refuses(HEAD "\"allow\":{\"bpf\":[]}}", 2, 16, "leave the key out");
	refuses(HEAD "\"allow\":{\"bpf\":[6]}}", 2, 17, "not a number");
	refuses(HEAD "\"allow\":{\"bpf\":true}}", 2, 16, "or a list of types");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_read),
		cmocka_unit_test(sockets_of_anybody_can_be_allowed),
		cmocka_unit_test(types_of_programs_are_a_word_a_list_or_all),
		cmocka_unit_test(one_text_is_a_list_of_one),
		cmocka_unit_test(mistakes_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
