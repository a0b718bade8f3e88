// SPDX-License-Identifier: Apache-2.0
/* When do names become a wildcard, and how far does it reach? */
#include "draft_fixture.h"

static struct pst_draft_place named(const char *name, const char *at)
{
	return (struct pst_draft_place){ .protocol = "tcp",
					 .port = 443,
					 .at = PST_AT_NAME,
					 .name = name,
					 .prefix = { addr(at), 128 } };
}

static void three_names_below_one_domain_are_a_wildcard_within_their_addresses(void **state)
{
	struct pst_draft_place places[3] = { named("a.acme.example", "203.0.113.1"),
					     named("b.acme.example", "203.0.113.9"),
					     named("c.acme.example", "203.0.114.1") };
	const struct pst_draft_place before[3] = { places[0], places[1], places[2] };
	char text[PST_ADDR_TEXT];

	(void)state;
	places[1].needs = 2;
	assert_int_equal(pst_draft_fold_names(places, 2), 0);
	assert_int_equal(pst_draft_fold_names(places, 3), 1);
	assert_true(places[0].wild && places[2].wild);
	assert_string_equal(places[0].name, "acme.example");
	assert_string_equal(pst_judge_prefix_text(&places[0].within, text), "203.0.112.0/22");
	assert_true(pst_draft_same_place(&places[0], &places[2]));
	assert_int_equal(places[2].needs, 2);
	memcpy(places, before, sizeof(places));
	places[2].port = 80;
	assert_int_equal(pst_draft_fold_names(places, 3), 0);
	memcpy(places, before, sizeof(places));
	places[2].prefix.addr = addr("9.9.9.9"); /* nothing in common that is worth the name */
	assert_int_equal(pst_draft_fold_names(places, 3), 0);
	memcpy(places, before, sizeof(places));
	places[2].prefix.addr = addr("2001:db8::1");
	assert_int_equal(pst_draft_fold_names(places, 3), 0);
}

static void names_of_a_registry_are_not_one_owners(void **state)
{
	struct pst_draft_place top[3] = { named("a.example", "10.0.0.1"),
					  named("b.example", "10.0.0.2"),
					  named("c.example", "10.0.0.3") };
	struct pst_draft_place second[3] = { named("a.co.uk", "10.0.0.1"),
					     named("b.co.uk", "10.0.0.2"),
					     named("c.co.uk", "10.0.0.3") };
	struct pst_draft_place third[3] = { named("a.acme.co.uk", "10.0.0.1"),
					    named("b.acme.co.uk", "10.0.0.2"),
					    named("c.acme.co.uk", "10.0.0.3") };

	(void)state;
	assert_int_equal(pst_draft_fold_names(top, 3), 0);
	assert_int_equal(pst_draft_fold_names(second, 3), 0);
	assert_int_equal(pst_draft_fold_names(third, 3), 1);
}

static void a_name_is_one_that_a_contract_takes(void **state)
{
	char label[80];

	(void)state;
	memset(label, 'a', 64);
	label[64] = '\0';
	assert_true(pst_draft_is_name("vault.bank.example"));
	assert_true(pst_draft_is_name("_sip.bank.example"));
	assert_true(pst_draft_is_name(label + 1));
	assert_false(pst_draft_is_name(label));
	assert_false(pst_draft_is_name(""));
	assert_false(pst_draft_is_name("a..b"));
	assert_false(pst_draft_is_name("a.b."));
	assert_false(pst_draft_is_name("-a.b"));
	assert_false(pst_draft_is_name("a-.b"));
	assert_false(pst_draft_is_name("a\" b.example"));
	assert_false(pst_draft_is_name("10.0.0.1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			three_names_below_one_domain_are_a_wildcard_within_their_addresses),
		cmocka_unit_test(names_of_a_registry_are_not_one_owners),
		cmocka_unit_test(a_name_is_one_that_a_contract_takes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
