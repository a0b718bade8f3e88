// SPDX-License-Identifier: Apache-2.0
/* Does the execution of a program become a record that says who ran what? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "alert_fixture.h"
#include "golden.h"

static void run_shell(struct fixture *f)
{
	f->process.id = (struct pst_proc_id){ .start_ns = 20991 * FIXTURE_S, .tgid = 20991 };
	f->process.parent = (struct pst_proc_id){ .start_ns = 91823377120033, .tgid = 18734 };
	f->process.image = &f->shell;
}

static void an_execution_is_byte_for_byte_the_golden_one(void **state)
{
	static char args[] = "bash\0-c\0curl -s http://10.0.0.1/";
	struct fixture *f = fixture_new(NULL);

	(void)state;
	run_shell(f);
	f->shell.args = args;
	f->shell.args_len = sizeof(args);
	f->shell.contract = 0;
	f->shell.contract_generation = pst_contracts_generation(f->contracts);
	pst_alerts_exec(f->alerts, &f->process, &f->shell, 100000 * FIXTURE_S);
	assert_int_equal(f->count, 1);
	assert_int_equal(f->line[0].dataset, PST_EXEC_RECORD);
	assert_true(golden_is("exec.json", f->line[0].text));
	fixture_free(f);
}

static void the_number_of_cut_arguments_is_not_guessed(void **state)
{
	static char args[] = "bash\0-c";
	struct fixture *f = fixture_new(NULL);

	(void)state;
	run_shell(f);
	f->shell.args = args;
	f->shell.args_len = sizeof(args);
	pst_alerts_exec(f->alerts, &f->process, &f->shell, 100000 * FIXTURE_S);
	assert_true(fixture_last_has(f, "\"args_count\":2"));
	f->shell.args_cut = true;
	pst_alerts_exec(f->alerts, &f->process, &f->shell, 100000 * FIXTURE_S);
	assert_null(strstr(fixture_last(f), "args_count"));
	assert_true(
		fixture_last_has(f, "\"truncated\":[\"process.command_line\",\"process.args\"]"));
	fixture_free(f);
}

static void a_memfd_says_so(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	run_shell(f);
	f->shell_program.path = (char *)"/memfd:x";
	f->shell_program.memfd = true;
	pst_alerts_exec(f->alerts, &f->process, &f->shell, 100000 * FIXTURE_S);
	assert_true(fixture_last_has(f, "\"memfd\":true"));
	fixture_free(f);
}

static void an_unknown_image_is_named_by_its_comm(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	run_shell(f);
	f->shell_program.path = (char *)"";
	(void)snprintf(f->process.comm, sizeof(f->process.comm), "evil\n\x1b[31m");
	pst_alerts_exec(f->alerts, &f->process, &f->shell, 100000 * FIXTURE_S);
	assert_true(fixture_last_has(f, "\"name\":\"evil\\\\x0a\\\\x1b[31m\""));
	fixture_free(f);
}

static const char exec_contract[] =
	"{\"format\":1,\"contract\":\"acme-list\",\"version\":3,\"children\":\"own\","
	"\"software\":[{\"path\":\"/opt/acme/backup/**\"}],"
	"\"channels\":[],\"exec\":[\"/usr/bin/dash\"]}";

/* The shell runs under no contract; what started it is bound by one with an exec list. */
static void the_callers_contract_judges_the_exec(void **state)
{
	struct fixture *f = fixture_new(NULL);
	struct pst_contracts *set = pst_contracts_new();
	static struct pst_diags diags;

	(void)state;
	pst_diags_init(&diags, "list.json");
	assert_int_equal(pst_contracts_add(set, "list.json", exec_contract, strlen(exec_contract),
					   &diags),
			 0);
	pst_contracts_set_generation(set, 5);
	pst_alerts_contracts(f->alerts, set);
	run_shell(f);
	pst_alerts_exec(f->alerts, &f->process, &f->shell, 100000 * FIXTURE_S);
	assert_true(fixture_last_has(f, "\"contract\":{\"id\":\"acme-list\",\"version\":\"3\","
					"\"verdict\":\"undeclared\""));
	assert_null(strstr(fixture_last(f), "lineage_vendor")); /* nothing binds it */
	f->shell_program.path = (char *)"/usr/bin/dash";
	pst_alerts_exec(f->alerts, &f->process, &f->shell, 100000 * FIXTURE_S);
	assert_true(fixture_last_has(f, "\"verdict\":\"declared\""));
	pst_alerts_contracts(f->alerts, f->contracts);
	pst_contracts_free(set);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_execution_is_byte_for_byte_the_golden_one),
		cmocka_unit_test(the_number_of_cut_arguments_is_not_guessed),
		cmocka_unit_test(a_memfd_says_so),
		cmocka_unit_test(the_callers_contract_judges_the_exec),
		cmocka_unit_test(an_unknown_image_is_named_by_its_comm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
