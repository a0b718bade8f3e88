// SPDX-License-Identifier: Apache-2.0
/* Is what "allow" says allowed, and nothing else? */
#include "contract_fixture.h"

static char *filters[] = { "tag:0123456789abcdef" };
static char *openers[] = { "/usr/lib/systemd/*" };
static char *modules[] = { "net-pf-16-*", "tun" };

static const struct pst_contract nothing;
static const struct pst_contract some = { .allow = { .filters = filters,
						     .filter_count = 1,
						     .handed_over = openers,
						     .handed_over_count = 1,
						     .modules = modules,
						     .module_count = 2,
						     .bpf = 1ull << 6,
						     .io_uring = true,
						     .memfd_exec = true,
						     .deleted_exec = true } };

static void a_contract_that_says_nothing_allows_nothing(void **state)
{
	const struct pst_contract *const none[] = { NULL, &nothing };
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		assert_false(pst_contract_allows_filter(none[i], filters[0]));
		assert_false(pst_contract_allows_uring(none[i]));
		assert_false(pst_contract_allows_handover(none[i], "/usr/lib/systemd/systemd"));
		assert_false(pst_contract_allows_memfd(none[i]));
		assert_false(pst_contract_allows_deleted(none[i]));
		assert_false(pst_contract_allows_module(none[i], "tun"));
		assert_false(pst_contract_allows_bpf(none[i], 6));
	}
}

static void switches_allow(void **state)
{
	(void)state;
	assert_true(pst_contract_allows_uring(&some));
	assert_true(pst_contract_allows_memfd(&some));
	assert_true(pst_contract_allows_deleted(&some));
}

static void filters_are_allowed_by_their_whole_hash(void **state)
{
	(void)state;
	assert_true(pst_contract_allows_filter(&some, "tag:0123456789abcdef"));
	assert_false(pst_contract_allows_filter(&some, "tag:0123456789abcde"));
	assert_false(pst_contract_allows_filter(&some, ""));
}

static void sockets_are_allowed_by_who_opened_them(void **state)
{
	struct pst_contract any = { .allow = { .any_handed_over = true } };

	(void)state;
	assert_true(pst_contract_allows_handover(&some, "/usr/lib/systemd/systemd"));
	assert_false(pst_contract_allows_handover(&some, "/usr/lib/systemd"));
	assert_false(pst_contract_allows_handover(&some, ""));
	assert_true(pst_contract_allows_handover(&any, ""));
}

static void modules_are_allowed_by_pattern(void **state)
{
	(void)state;
	assert_true(pst_contract_allows_module(&some, "net-pf-16-proto-4"));
	assert_true(pst_contract_allows_module(&some, "tun"));
	assert_false(pst_contract_allows_module(&some, "tunnel4"));
}

static void programs_are_allowed_by_their_type(void **state)
{
	const struct pst_contract all = { .allow = { .bpf = UINT64_MAX } };

	(void)state;
	assert_true(pst_contract_allows_bpf(&some, 6));
	assert_false(pst_contract_allows_bpf(&some, 5));
	assert_false(pst_contract_allows_bpf(&some, 7));
	assert_false(pst_contract_allows_bpf(&some, 64 + 6));
	assert_true(pst_contract_allows_bpf(&all, 0));
	assert_true(pst_contract_allows_bpf(&all, 64));
	assert_true(pst_contract_allows_bpf(&all, UINT32_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_contract_that_says_nothing_allows_nothing),
		cmocka_unit_test(switches_allow),
		cmocka_unit_test(filters_are_allowed_by_their_whole_hash),
		cmocka_unit_test(sockets_are_allowed_by_who_opened_them),
		cmocka_unit_test(modules_are_allowed_by_pattern),
		cmocka_unit_test(programs_are_allowed_by_their_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
