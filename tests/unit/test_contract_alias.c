// SPDX-License-Identifier: Apache-2.0
/* Does a pattern below a folder that is a link match what the kernel tells? */
#include "contract_fixture.h"

#include "contract/alias.h"

static void a_pattern_below_bin_matches_below_usr(void **state)
{
	(void)state;
	assert_true(pst_alias_match("/bin/bash", "/bin/bash"));
	assert_true(pst_alias_match("/bin/bash", "/usr/bin/bash"));
	assert_true(pst_alias_match("/sbin/*", "/usr/sbin/sshd"));
	assert_true(pst_alias_match("/lib/acme/**", "/usr/lib/acme/a/b"));
	assert_true(pst_alias_match("/lib64/ld*", "/usr/lib64/ld.so"));
	assert_false(pst_alias_match("/bin/bash", "/usr/bin/dash"));
	assert_false(pst_alias_match("/bin/*", "/usr/bin/x/y"));
	assert_false(pst_alias_match("/bin/bash", "/usr/local/bin/bash"));
	assert_false(pst_alias_match("/bin/bash", "/usr/sbin/bash"));
	assert_false(pst_alias_match("/bin/bash", "/opt/usr/bin/bash"));
}

static void what_is_written_below_usr_means_usr(void **state)
{
	(void)state;
	assert_true(pst_alias_match("/usr/bin/bash", "/usr/bin/bash"));
	assert_false(pst_alias_match("/usr/bin/bash", "/bin/bash"));
	assert_false(pst_alias_match("/binary/x", "/usr/binary/x"));
}

static void run_and_var_run_are_one_either_way(void **state)
{
	(void)state;
	assert_true(pst_alias_match("/var/run/acme/*", "/run/acme/s"));
	assert_true(pst_alias_match("/run/acme/*", "/var/run/acme/s"));
	assert_true(pst_alias_match("/var/lock/x", "/run/lock/x"));
	assert_true(pst_alias_match("/run/lock/x", "/var/lock/x"));
	assert_false(pst_alias_match("/var/run/acme/*", "/run/other/s"));
	assert_false(pst_alias_match("/var/lib/x", "/run/lib/x"));
}

static void only_the_old_names_are_told_of(void **state)
{
	(void)state;
	assert_string_equal(pst_alias_of_old("/bin/sh")->path, "/usr/bin/");
	assert_string_equal(pst_alias_of_old("/var/run/x")->path, "/run/");
	assert_string_equal(pst_alias_of_old("/var/lock/x")->path, "/run/lock/");
	assert_null(pst_alias_of_old("/run/x"));
	assert_null(pst_alias_of_old("/usr/bin/sh"));
	assert_null(pst_alias_of_old("/opt/bin/sh"));
}

static void a_contract_says_what_else_a_pattern_stands_for(void **state)
{
	struct pst_contracts *set = pst_contracts_new();

	(void)state;
	assert_int_equal(add_text(set, "{\"format\":1,\"contract\":\"a\",\"version\":1,"
				       "\"software\":[{\"path\":\"/bin/acme\"}],\"exec\":"
				       "[\"/usr/bin/id\"],\"channels\":[{\"unix\":"
				       "\"/var/run/acme/*\"},{\"unix\":\"/run/b\"}]}"),
			 0);
	assert_int_equal(said.count, 2);
	assert_int_equal(said.list[0].level, PST_DIAG_NOTE);
	assert_non_null(strstr(said.list[0].text, "also stands for /usr/bin/acme"));
	assert_non_null(strstr(said.list[1].text, "also stands for /run/acme/*"));
	assert_string_equal(pst_contracts_at(set, 0)->software[0].path, "/bin/acme");
	pst_contracts_free(set);
}

static void sockets_programs_and_openers_go_by_it(void **state)
{
	struct pst_contracts *set = pst_contracts_new();
	struct pst_channel asked = { .key = { .kind = PST_UNIX },
				     .name = (char *)"/run/acme/s",
				     .name_len = 11 };
	const struct pst_contract *contract;

	(void)state;
	assert_int_equal(add_text(set, "{\"format\":1,\"contract\":\"a\",\"version\":1,"
				       "\"software\":[{\"path\":\"/opt/acme/**\"}],"
				       "\"exec\":[\"/bin/sh\"],\"allow\":{\"handed_over_sockets\":"
				       "[\"/sbin/acmed\"]},\"channels\":[{\"unix\":"
				       "\"/var/run/acme/*\"}]}"),
			 0);
	contract = pst_contracts_at(set, 0);
	assert_int_equal(judge(set, &asked).verdict, PST_DECLARED);
	assert_int_equal(pst_contract_exec_allowed(contract, "/usr/bin/sh"), 1);
	assert_int_equal(pst_contract_exec_allowed(contract, "/usr/bin/bash"), 0);
	assert_true(pst_contract_allows_handover(contract, "/usr/sbin/acmed"));
	assert_false(pst_contract_allows_handover(contract, "/usr/bin/acmed"));
	pst_contracts_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pattern_below_bin_matches_below_usr),
		cmocka_unit_test(what_is_written_below_usr_means_usr),
		cmocka_unit_test(run_and_var_run_are_one_either_way),
		cmocka_unit_test(only_the_old_names_are_told_of),
		cmocka_unit_test(a_contract_says_what_else_a_pattern_stands_for),
		cmocka_unit_test(sockets_programs_and_openers_go_by_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
