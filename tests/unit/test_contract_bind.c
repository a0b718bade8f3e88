// SPDX-License-Identifier: Apache-2.0
/* Whom does a contract bind, and where does it end? */
#include "bind_fixture.h"

static void a_named_program_is_bound_and_another_is_not(void **state)
{
	struct pst_contracts *set = contracts_of("");
	struct person agent, other;

	(void)state;
	make(&agent, "/opt/acme/agent", NULL);
	make(&other, "/usr/bin/sh", NULL);
	assert_int_equal(bind(set, &agent), 0);
	assert_int_equal(agent.image.software, 0);
	assert_ptr_equal(agent.image.binder, &agent.image);
	assert_int_equal(bind(set, &other), -1);
	assert_null(other.image.binder);
	pst_contracts_free(set);
}

static void what_it_starts_is_bound_too(void **state)
{
	struct pst_contracts *set = contracts_of("");
	struct person agent, shell, tool;

	(void)state;
	make(&agent, "/opt/acme/agent", NULL);
	make(&shell, "/usr/bin/sh", &agent);
	make(&tool, "/usr/bin/curl", &shell);
	assert_int_equal(bind(set, &tool), 0);
	assert_int_equal(tool.image.software, -1);
	assert_ptr_equal(tool.image.binder, &agent.image);
	assert_ptr_equal(shell.image.binder, &agent.image);
	pst_contracts_free(set);
}

static void own_and_none_bind_no_children(void **state)
{
	static const char *const words[] = { "own", "none" };
	struct person agent, shell, second;
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct pst_contracts *set = pst_contracts_new();

		(void)snprintf(text, sizeof(text),
			       "{\"format\":1,\"contract\":\"a\",\"version\":1,\"children\":\"%s\","
			       "\"software\":[{\"path\":\"/opt/acme/**\"}],\"channels\":[]}",
			       words[i]);
		assert_int_equal(add_text(set, text), 0);
		make(&agent, "/opt/acme/agent", NULL);
		make(&shell, "/usr/bin/sh", &agent);
		make(&second, "/opt/acme/second", &shell);
		assert_int_equal(bind(set, &shell), -1);
		assert_int_equal(bind(set, &second), 0);
		pst_contracts_free(set);
	}
}

static void inheritance_ends_at_software_of_another_contract(void **state)
{
	struct pst_contracts *set = contracts_of("");
	struct person agent, other, shell;

	(void)state;
	assert_int_equal(
		add_text(set, "{\"format\":1,\"contract\":\"b\",\"version\":1,\"children\":\"own\","
			      "\"software\":[{\"path\":\"/opt/other\"}],\"channels\":[]}"),
		0);
	make(&agent, "/opt/acme/agent", NULL);
	make(&other, "/opt/other", &agent);
	make(&shell, "/usr/bin/sh", &other);
	assert_int_equal(bind(set, &other), 1);
	assert_int_equal(bind(set, &shell), -1);
	pst_contracts_free(set);
}

static void inheritance_ends_in_another_unit_for_all_below(void **state)
{
	struct pst_contracts *set = contracts_of("");
	struct person agent, same, left, below;

	(void)state;
	make(&agent, "/opt/acme/agent", NULL);
	agent.image.unit = (char *)"acme.service";
	make(&same, "/usr/bin/sh", &agent);
	same.image.unit = (char *)"acme.service";
	make(&left, "/usr/bin/sh", &same);
	left.image.unit = (char *)"other.service";
	make(&below, "/usr/bin/curl", &left);
	below.image.unit = (char *)"acme.service";
	assert_int_equal(bind(set, &below), -1);
	assert_int_equal(left.image.contract, -1);
	assert_int_equal(same.image.contract, 0);
	assert_int_equal(bind(set, &below), -1); /* also when those above are bound already */
	below.image.unit = (char *)"third.service";
	pst_contracts_set_generation(set, 2);
	assert_int_equal(bind(set, &below), -1);
	assert_int_equal(left.image.contract, -1);
	assert_int_equal(same.image.contract, 0);
	pst_contracts_free(set);
}

static void who_left_first_decides_for_all_below(void **state)
{
	struct pst_contracts *set = contracts_of("");
	struct person agent, left, back, again;

	(void)state;
	make(&agent, "/opt/acme/agent", NULL);
	agent.image.unit = (char *)"acme.service";
	make(&left, "/usr/bin/sh", &agent);
	left.image.unit = (char *)"other.service";
	make(&back, "/usr/bin/sh", &left);
	back.image.unit = (char *)"acme.service";
	make(&again, "/usr/bin/curl", &back);
	again.image.unit = (char *)"other.service";
	assert_int_equal(bind(set, &again), -1);
	assert_int_equal(back.image.contract, -1);
	pst_contracts_free(set);
}

static void a_unit_that_begins_from_none_ends_nothing(void **state)
{
	struct pst_contracts *set = contracts_of("");
	struct person agent, shell;

	(void)state;
	make(&agent, "/opt/acme/agent", NULL);
	agent.image.unit = (char *)"acme.service";
	make(&shell, "", &agent);
	assert_int_equal(bind(set, &shell), 0);
	agent.image.unit = (char *)"";
	agent.image.cgroup = (char *)"";
	shell.image.unit = (char *)"acme.service";
	assert_int_equal(bind(set, &shell), 0);
	agent.image.cgroup =
		(char *)"/known"; /* in no unit: whoever is may make one of that name */
	assert_int_equal(bind(set, &shell), 0);
	pst_contracts_free(set);
}

static void who_entered_another_units_cgroup_by_himself_stays_bound(void **state)
{
	struct pst_contracts *set = contracts_of("");
	struct person agent, shell;

	(void)state;
	make(&agent, "/opt/acme/agent", NULL);
	agent.image.unit = (char *)"acme.service";
	make(&shell, "/usr/bin/sh", &agent);
	shell.image.unit = (char *)"evil.service";
	shell.image.home = (char *)"acme.service";
	assert_int_equal(bind(set, &shell), 0);
	shell.image.home = (char *)""; /* of no known unit */
	assert_int_equal(bind(set, &shell), 0);
	shell.image.home = (char *)"other.service";
	assert_int_equal(bind(set, &shell), -1);
	shell.image.home = NULL; /* systemd put it there */
	assert_int_equal(bind(set, &shell), -1);
	agent.image.unit = shell.image.unit; /* by himself */
	agent.image.home = (char *)"acme.service";
	assert_int_equal(bind(set, &shell), -1);
	pst_contracts_free(set);
}

static void entering_a_units_cgroup_gains_no_contract(void **state)
{
	struct pst_contracts *set = contracts_of("");
	struct person agent, shell;

	(void)state;
	assert_int_equal(add_contract(set, "wide", "{\"unit\":\"wide.service\"}", ""), 0);
	make(&agent, "/opt/acme/agent", NULL);
	agent.image.unit = (char *)"acme.service";
	make(&shell, "/usr/bin/sh", &agent);
	shell.image.unit = (char *)"wide.service";
	shell.image.home = (char *)"acme.service";
	assert_int_equal(bind(set, &shell), 0);
	shell.image.prev = NULL;
	assert_int_equal(bind(set, &shell), -1);
	shell.image.home = (char *)"";
	assert_int_equal(bind(set, &shell), -1);
	shell.image.home =
		(char *)"wide.service"; /* it may be elsewhere, and is still what it was */
	shell.image.unit = (char *)"acme.service";
	assert_int_equal(bind(set, &shell), 1);
	pst_contracts_free(set);
}

static void only_a_change_of_session_ends_inheritance(void **state)
{
	static const struct {
		uint32_t binder, image;
		int32_t bound;
	} cases[] = { { 5, 5, 0 },	    { 5, 6, -1 }, { UINT32_MAX, 6, 0 },
		      { 5, UINT32_MAX, 0 }, { 0, 6, 0 },  { 5, 0, 0 } }; /* 0 and -1: none */
	struct pst_contracts *set = contracts_of("");
	struct person agent, shell;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make(&agent, "/opt/acme/agent", NULL);
		make(&shell, "/usr/bin/sh", &agent);
		agent.image.session_id = cases[i].binder;
		shell.image.session_id = cases[i].image;
		assert_int_equal(bind(set, &shell), cases[i].bound);
	}
	pst_contracts_free(set);
}

static void a_long_lineage_is_no_way_out(void **state)
{
	static struct person row[2000]; /* too large for a stack */
	struct pst_contracts *set = contracts_of("");
	size_t i;

	(void)state;
	make(&row[0], "/opt/acme/agent", NULL);
	for (i = 1; i < 2000; i++)
		make(&row[i], "/usr/bin/sh", &row[i - 1]);
	assert_int_equal(bind(set, &row[1999]), 0);
	assert_int_equal(row[1].image.contract, 0);
	pst_contracts_set_generation(set, 2);
	row[0].program.path = (char *)"/usr/bin/agent";
	assert_int_equal(bind(set, &row[1999]), -1);
	assert_int_equal(row[1].image.contract, -1);
	pst_contracts_free(set);
}

static void a_path_that_is_not_the_hosts_matches_nothing(void **state)
{
	struct pst_contracts *set = contracts_of("");
	struct person agent;

	(void)state;
	make(&agent, "/opt/acme/agent", NULL);
	agent.program.foreign_root = true;
	assert_int_equal(bind(set, &agent), -1);
	make(&agent, "/opt/acme/agent", NULL);
	agent.program.path_cut = true;
	assert_int_equal(bind(set, &agent), -1);
	make(&agent, "/opt/acme/agent", NULL);
	agent.program.memfd = true;
	assert_int_equal(bind(set, &agent), -1);
	make(&agent, "/opt/acme/agent", NULL);
	agent.program.deleted = true;
	assert_int_equal(bind(set, &agent), 0);
	make(&agent, "", NULL);
	assert_int_equal(bind(set, &agent), -1);
	pst_contracts_free(set);
}

static void a_script_is_bound_by_its_own_path(void **state)
{
	struct pst_contracts *set = contracts_of("");
	struct person script, other;

	(void)state;
	make(&script, "/opt/acme/report.py", NULL);
	script.program.interpreter = (char *)"/usr/bin/python3";
	make(&other, "/usr/local/report.py", NULL);
	other.program.interpreter = (char *)"/opt/acme/python3";
	assert_int_equal(bind(set, &script), 0);
	assert_ptr_equal(script.image.binder, &script.image);
	assert_int_equal(bind(set, &other), -1);
	pst_contracts_free(set);
}

static void all_keys_of_an_entry_must_hold(void **state)
{
	struct pst_contracts *set = pst_contracts_new();
	struct person agent;

	(void)state;
	assert_int_equal(add_contract(set, "a",
				      "{\"path\":\"/opt/**\",\"unit\":\"acme*.service\",\"uid\":7}",
				      ""),
			 0);
	make(&agent, "/opt/agent", NULL);
	agent.image.unit = (char *)"acme-1.service";
	agent.image.uid = 7;
	assert_int_equal(bind(set, &agent), 0);
	agent.image.uid = 8;
	assert_int_equal(bind(set, &agent), -1);
	agent.image.uid = 7;
	agent.image.unit = (char *)"";
	assert_int_equal(bind(set, &agent), -1);
	pst_contracts_free(set);
}

static void the_most_special_contract_wins(void **state)
{
	struct pst_contracts *set = pst_contracts_new();
	struct person agent;

	(void)state;
	assert_int_equal(add_contract(set, "d", "{\"uid\":0}", ""), 0);
	assert_int_equal(add_contract(set, "c", "{\"unit\":\"u.service\"}", ""), 0);
	assert_int_equal(add_contract(set, "b", "{\"path\":\"/opt/**\"}", ""), 0);
	assert_int_equal(add_contract(set, "a2", "{\"path\":\"/opt/acme/**\"}", ""), 0);
	assert_int_equal(add_contract(set, "a1", "{\"uid\":9},{\"path\":\"/opt/acme/*\"}", ""), 0);
	make(&agent, "/opt/acme/x", NULL);
	agent.image.unit = (char *)"u.service";
	assert_int_equal(bind(set, &agent), 4); /* a1 before a2 */
	assert_int_equal(agent.image.software, 1);
	agent.program.path = (char *)"/opt/x";
	assert_int_equal(bind(set, &agent), 2);
	agent.program.path = (char *)"/usr/x";
	assert_int_equal(bind(set, &agent), 1);
	agent.image.unit = (char *)"v.service";
	assert_int_equal(bind(set, &agent), 0);
	pst_contracts_free(set);
}

static void exec_lists_answer_yes_no_or_nothing(void **state)
{
	struct pst_contracts *set = contracts_of("");

	(void)state;
	assert_int_equal(pst_contract_exec_allowed(pst_contracts_at(set, 0), "/bin/sh"), -1);
	assert_int_equal(add_text(set, "{\"format\":1,\"contract\":\"b\",\"version\":1,"
				       "\"software\":[{\"uid\":0}],\"channels\":[],"
				       "\"exec\":[\"/opt/*\",\"/bin/sh\"]}"),
			 0);
	assert_int_equal(pst_contract_exec_allowed(pst_contracts_at(set, 1), "/bin/sh"), 1);
	assert_int_equal(pst_contract_exec_allowed(pst_contracts_at(set, 1), "/opt/x"), 1);
	assert_int_equal(pst_contract_exec_allowed(pst_contracts_at(set, 1), "/bin/bash"), 0);
	pst_contracts_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_named_program_is_bound_and_another_is_not),
		cmocka_unit_test(what_it_starts_is_bound_too),
		cmocka_unit_test(own_and_none_bind_no_children),
		cmocka_unit_test(inheritance_ends_at_software_of_another_contract),
		cmocka_unit_test(inheritance_ends_in_another_unit_for_all_below),
		cmocka_unit_test(who_left_first_decides_for_all_below),
		cmocka_unit_test(a_unit_that_begins_from_none_ends_nothing),
		cmocka_unit_test(who_entered_another_units_cgroup_by_himself_stays_bound),
		cmocka_unit_test(entering_a_units_cgroup_gains_no_contract),
		cmocka_unit_test(only_a_change_of_session_ends_inheritance),
		cmocka_unit_test(a_long_lineage_is_no_way_out),
		cmocka_unit_test(a_path_that_is_not_the_hosts_matches_nothing),
		cmocka_unit_test(a_script_is_bound_by_its_own_path),
		cmocka_unit_test(all_keys_of_an_entry_must_hold),
		cmocka_unit_test(the_most_special_contract_wins),
		cmocka_unit_test(exec_lists_answer_yes_no_or_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
