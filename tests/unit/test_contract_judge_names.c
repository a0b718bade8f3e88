// SPDX-License-Identifier: Apache-2.0
/* Is a host name in a contract the addresses that were resolved for it, and no others? */
#include "contract_fixture.h"

#include "names_fixture.h"

struct world {
	struct pst_attrib *attrib;
	struct pst_contracts *set;
	struct pst_event task;
};

static struct world world_of(const char *channels)
{
	struct world world = { .attrib = names_of_resolver(0),
			       .set = contracts_of(channels),
			       .task = build_event(PST_EVENT_FORK, 10, 100) };

	pst_contracts_names(world.set, &(struct pst_contract_names){ .attrib = world.attrib,
								     .dns_seen = true });
	(void)pst_attrib_see(world.attrib, &world.task);
	return world;
}

static void end_of(struct world *world)
{
	pst_contracts_free(world->set);
	pst_attrib_free(world->attrib);
}

static struct pst_judgement judged(const struct world *world, const char *peer)
{
	struct pst_channel asked = channel(PST_TCP_CONNECT, peer, 443);

	asked.key.proc = world->task.task.proc;
	return judge(world->set, &asked);
}

static void an_address_of_the_name_is_declared(void **state)
{
	struct world world = world_of("{\"connect\":\"tcp\",\"to\":[\"Vault.Bank.Example\"]}");
	struct pst_judgement found;

	(void)state;
	resolve(world.attrib, &world.task, "vault.bank.example", "203.0.113.9");
	resolve(world.attrib, &world.task, "other.example", "203.0.113.10");
	found = judged(&world, "203.0.113.9");
	assert_int_equal(found.verdict, PST_DECLARED);
	assert_int_equal(found.by, PST_BY_ADDRESS_OF_NAME);
	assert_string_equal(found.name, "vault.bank.example");
	found = judged(&world, "203.0.113.10");
	assert_int_equal(found.verdict, PST_UNDECLARED);
	assert_string_equal(found.why_not, "203.0.113.10 is no address that a configured resolver "
					   "gave for vault.bank.example");
	end_of(&world);
}

static void a_wildcard_holds_names_below(void **state)
{
	struct world world = world_of("{\"connect\":\"tcp\",\"to\":\"*.bank.example\"}");

	(void)state;
	resolve(world.attrib, &world.task, "a.vault.bank.example", "203.0.113.9");
	resolve(world.attrib, &world.task, "bank.example", "203.0.113.10");
	assert_int_equal(judged(&world, "203.0.113.9").verdict, PST_DECLARED);
	assert_int_equal(judged(&world, "203.0.113.10").verdict, PST_UNDECLARED);
	end_of(&world);
}

static void each_name_of_a_chain_of_aliases_is_one_of_the_address(void **state)
{
	static const struct {
		const char *entry;
		enum pst_verdict verdict;
	} cases[] = {
		{ "{\"connect\":\"tcp\",\"to\":\"www.vendor.example\"}", PST_DECLARED },
		{ "{\"connect\":\"tcp\",\"to\":\"edge.cdn.example\"}", PST_DECLARED },
		{ "{\"connect\":\"tcp\",\"to\":\"*.pop.cdn.example\"}", PST_DECLARED },
		{ "{\"connect\":\"tcp\",\"to\":\"*.edge.cdn.example\"}", PST_UNDECLARED },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct world world = world_of(cases[i].entry);

		resolve_over(world.attrib, &world.task,
			     (struct chain){ "www.vendor.example", "edge.cdn.example",
					     "a1.pop.cdn.example" },
			     "203.0.113.9");
		assert_int_equal(judged(&world, "203.0.113.9").verdict, cases[i].verdict);
		end_of(&world);
	}
}

static void within_narrows_what_was_resolved(void **state)
{
	struct world world = world_of("{\"connect\":\"tcp\",\"to\":[\"a.example\",\"10.9.0.0/16\"],"
				      "\"within\":\"10.0.0.0/8\"}");

	(void)state;
	resolve(world.attrib, &world.task, "a.example", "203.0.113.9");
	resolve(world.attrib, &world.task, "a.example", "10.1.2.3");
	assert_int_equal(judged(&world, "203.0.113.9").verdict, PST_UNDECLARED);
	assert_int_equal(judged(&world, "10.1.2.3").verdict, PST_DECLARED);
	assert_int_equal(judged(&world, "10.9.2.3").by, PST_BY_ADDRESS);
	end_of(&world);
}

static void without_sight_of_answers_what_is_not_known_is_unknown(void **state)
{
	struct world world = world_of("{\"connect\":\"tcp\",\"to\":\"a.example\"}");

	(void)state;
	pst_contracts_names(world.set, &(struct pst_contract_names){ .attrib = world.attrib });
	resolve(world.attrib, &world.task, "a.example", "203.0.113.9"); /* or the hosts file */
	assert_int_equal(judged(&world, "203.0.113.9").verdict, PST_DECLARED);
	assert_int_equal(judged(&world, "203.0.113.10").verdict, PST_UNKNOWN);
	assert_string_equal(judged(&world, "203.0.113.10").why_not, "not judged: a host name");
	end_of(&world);
}

static void a_folded_network_has_no_name(void **state)
{
	struct world world = world_of("{\"connect\":\"tcp\",\"to\":\"a.example\"}");
	struct pst_channel asked = channel(PST_TCP_CONNECT, "203.0.113.0", 443);

	(void)state;
	resolve(world.attrib, &world.task, "a.example", "203.0.113.0");
	asked.folded = true;
	assert_int_equal(judge(world.set, &asked).verdict, PST_UNKNOWN);
	end_of(&world);
}

static void the_names_of_another_network_do_not_count(void **state)
{
	struct world world = world_of("{\"connect\":\"tcp\",\"to\":\"a.example\"}");
	struct pst_event init = build_event(PST_EVENT_FORK, 1, 1);
	struct pst_event jailed = build_event(PST_EVENT_FORK, 11, 100);

	(void)state;
	init.task.netns = 7;
	jailed.task.netns = 8;
	(void)pst_attrib_see(world.attrib, &init);
	(void)pst_attrib_see(world.attrib, &jailed);
	resolve(world.attrib, &jailed, "a.example", "203.0.113.9");
	assert_int_equal(judged(&world, "203.0.113.9").verdict, PST_UNDECLARED);
	world.task = jailed; /* what it asked there is not known */
	assert_int_equal(judged(&world, "203.0.113.9").verdict, PST_UNKNOWN);
	world.task.task.netns = 7;
	resolve(world.attrib, &world.task, "a.example", "203.0.113.10");
	world.task = jailed;
	assert_int_equal(judged(&world, "203.0.113.10").verdict, PST_DECLARED);
	end_of(&world);
}

static void who_comes_in_may_have_a_name(void **state)
{
	struct world world = world_of("{\"listen\":\"tcp\",\"on\":\"self.example\","
				      "\"from\":[\"10.0.0.0/8\",\"a.example\"]}");
	struct pst_channel asked = channel(PST_TCP_ACCEPT, "203.0.113.9", 9300);

	(void)state;
	asked.local = addr("192.0.2.1");
	asked.key.proc = world.task.task.proc;
	assert_int_equal(judge(world.set, &asked).verdict, PST_UNDECLARED);
	resolve(world.attrib, &world.task, "a.example", "203.0.113.9");
	assert_int_equal(judge(world.set, &asked).verdict, PST_UNDECLARED);
	resolve(world.attrib, &world.task, "self.example", "192.0.2.1");
	assert_int_equal(judge(world.set, &asked).verdict, PST_DECLARED);
	end_of(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_of_the_name_is_declared),
		cmocka_unit_test(a_wildcard_holds_names_below),
		cmocka_unit_test(each_name_of_a_chain_of_aliases_is_one_of_the_address),
		cmocka_unit_test(within_narrows_what_was_resolved),
		cmocka_unit_test(without_sight_of_answers_what_is_not_known_is_unknown),
		cmocka_unit_test(a_folded_network_has_no_name),
		cmocka_unit_test(the_names_of_another_network_do_not_count),
		cmocka_unit_test(who_comes_in_may_have_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
