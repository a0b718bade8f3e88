// SPDX-License-Identifier: Apache-2.0
/* Which terms hold for a channel, and are their keys those of their texts? */
#include "terms_fixture.h"

#include "detect/case.h"

static void keys_are_made_of_name_entry_and_peer(void **state)
{
	struct pst_contract one = { .id = "ab" }, same = { .id = "ab" }, other = { .id = "a" };
	struct pst_clause clause = { .text = (char *)"c" }, longer = { .text = (char *)"bc" };
	struct pst_channel channel = { .key = { .kind = PST_TCP_CONNECT, .port = 443 } };
	uint64_t key = pst_terms_key(&one, &clause);

	(void)state;
	assert_true(key == pst_terms_key(&same, &clause));
	assert_false(key == pst_terms_key(&one, NULL));
	assert_false(key == pst_terms_key(&one, &longer));
	assert_false(key == pst_terms_key(&other, &longer));
	assert_true(pst_terms_mix(key, &channel) == pst_terms_mix(key, &channel));
	channel.key.port = 444;
	assert_false(pst_terms_mix(key, &channel) == key);
}

static void the_entry_that_declared_a_channel_holds_in_its_set_only(void **state)
{
	struct world *world = *state;
	struct pst_channel channel = { .verdict = PST_DECLARED, .clause = 1 };
	struct pst_judgement judgement = { .contract = 0 };
	const struct pst_case c = { .detect = &world->detect,
				    .channel = &channel,
				    .judgement = &judgement };

	terms(world, "", "{ \"connect\": \"tcp\" }, { \"connect\": \"udp\" }");
	channel.contract_generation = pst_contracts_generation(world->contracts);
	assert_int_equal(pst_terms_of(&c).index, 1);
	assert_ptr_equal(pst_terms_of(&c).clause,
			 &pst_contracts_at(world->contracts, 0)->channels[1]);
	channel.verdict = PST_UNDECLARED;
	assert_null(pst_terms_of(&c).clause);
	assert_non_null(pst_terms_of(&c).contract);
	channel.verdict = PST_DECLARED;
	channel.clause = 2;
	assert_null(pst_terms_of(&c).clause);
	channel.clause = -1; /* normal for everybody */
	assert_null(pst_terms_of(&c).clause);
	channel.clause = 0;
	channel.contract_generation++;
	assert_null(pst_terms_of(&c).clause);
	judgement.contract = -1;
	assert_null(pst_terms_of(&c).contract);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_made_of_name_entry_and_peer),
		WORLD_CASE(the_entry_that_declared_a_channel_holds_in_its_set_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
