// SPDX-License-Identifier: Apache-2.0
/* Has every number one word, and every word one number? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/bpf.h>
#include <string.h>

#include "profile/words.h"

static void is_one_to_one(const struct pst_words *words)
{
	size_t i, j;

	assert_true(words->count > 0 && words->count <= PST_WORDS_MAX);
	for (i = 0; i < words->count; i++) {
		assert_string_equal(pst_words_name(words, words->list[i].number),
				    words->list[i].name);
		for (j = 0; j < i; j++)
			assert_string_not_equal(words->list[i].name, words->list[j].name);
	}
}

static void words_and_numbers_are_one_to_one(void **state)
{
	(void)state;
	is_one_to_one(&pst_words_netlink);
	is_one_to_one(&pst_words_family);
	is_one_to_one(&pst_words_ethertype);
	is_one_to_one(&pst_words_bpf);
}

static void numbers_are_the_kernels(void **state)
{
	(void)state;
	assert_string_equal(pst_words_name(&pst_words_netlink, 0), "route");
	assert_string_equal(pst_words_name(&pst_words_netlink, 16), "generic");
	assert_string_equal(pst_words_name(&pst_words_family, 38), "alg");
	assert_string_equal(pst_words_name(&pst_words_ethertype, 0x86dd), "ipv6");
	for (size_t i = 0; i < pst_words_bpf.count; i++)
		assert_true(pst_words_bpf.list[i].number < 64); /* a contract has a bit for each */
	assert_string_equal(pst_words_name(&pst_words_bpf, BPF_PROG_TYPE_SOCKET_FILTER),
			    "socket_filter");
	assert_string_equal(pst_words_name(&pst_words_bpf, BPF_PROG_TYPE_XDP), "xdp");
	assert_string_equal(pst_words_name(&pst_words_bpf, BPF_PROG_TYPE_SK_LOOKUP), "sk_lookup");
	assert_null(pst_words_name(&pst_words_bpf, BPF_PROG_TYPE_KPROBE));
	assert_null(pst_words_name(&pst_words_netlink, 17));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_and_numbers_are_one_to_one),
		cmocka_unit_test(numbers_are_the_kernels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
