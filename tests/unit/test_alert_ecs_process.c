// SPDX-License-Identifier: Apache-2.0
/* Do a process's parts stand where they belong, whatever is missing? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "alert_fixture.h"
#include "golden.h"

static void a_process_without_known_arguments_has_none(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->agent.args = NULL;
	f->agent.args_len = 0;
	pst_alerts_exec(f->alerts, &f->process, &f->agent, 1);
	assert_null(strstr(fixture_last(f), "command_line"));
	assert_null(strstr(fixture_last(f), "args"));
	fixture_free(f);
}

static void empty_arguments_are_arguments(void **state)
{
	static char args[] = "a\0\0b";
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->agent.args = args;
	f->agent.args_len = sizeof(args);
	pst_alerts_exec(f->alerts, &f->process, &f->agent, 1);
	assert_true(fixture_last_has(
		f, "\"command_line\":\"a  b\",\"args\":[\"a\",\"\",\"b\"],\"args_count\":3"));
	fixture_free(f);
}

static void the_working_directory_is_told_when_it_is_known(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	pst_alerts_exec(f->alerts, &f->process, &f->agent, 1);
	assert_null(strstr(fixture_last(f), "working_directory"));
	f->agent.cwd = (char *)"/opt/ac\"me";
	pst_alerts_exec(f->alerts, &f->process, &f->agent, 1);
	assert_true(fixture_last_has(f, "\"working_directory\":\"/opt/ac\\\"me\""));
	fixture_found(f, 5);
	assert_true(fixture_last_has(f, "\"working_directory\":\"/opt/ac\\\"me\""));
	fixture_free(f);
}

static void a_process_without_a_parent_has_none(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->process.parent.tgid = 0;
	f->agent.prev = NULL;
	pst_alerts_exec(f->alerts, &f->process, &f->agent, 1);
	assert_null(strstr(fixture_last(f), "\"parent\""));
	assert_null(strstr(fixture_last(f), "\"chain\""));
	fixture_free(f);
}

static void what_is_known_of_the_file_is_told(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	fixture_found(f, 5);
	assert_true(fixture_last_has(f, "\"hash\":{\"sha256\":\"9f86d081"));
	assert_true(fixture_last_has(
		f, "\"package\":{\"name\":\"acme-backup\",\"version\":\"7.2.1-3\"}"));
	assert_true(fixture_last_has(
		f, "\"program\":{\"owner\":\"vendor\",\"origin\":\"Acme Corp.\"}"));
	fixture_free(f);
}

static void of_a_script_the_hash_is_not_its_interpreters(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->agent_program.interpreter = (char *)"/usr/bin/python3";
	fixture_found(f, 5);
	assert_null(strstr(fixture_last(f), "\"hash\""));
	assert_true(fixture_last_has(f, "\"program\":{\"script\":\"/opt/acme/backup/bin/bkagent\","
					"\"sha256\":\"9f86d081"));
	fixture_free(f);
}

static void what_is_not_known_of_the_file_is_absent(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->agent_program.owner = PST_OWNER_UNKNOWN;
	f->agent_program.sha256[0] = '\0';
	f->agent_program.package = f->agent_program.version = f->agent_program.origin = NULL;
	fixture_found(f, 5);
	assert_null(strstr(fixture_last(f), "\"hash\""));
	assert_null(strstr(fixture_last(f), "\"package\""));
	assert_null(strstr(fixture_last(f), "\"program\""));
	fixture_free(f);
}

static void what_the_kernel_measured_stands_beside_our_hash(void **state)
{
	static char sha1[] = "sha1:000102030405060708090a0b0c0d0e0f10111213";
	static char sha256[] =
		"sha256:1111111111111111111111111111111111111111111111111111111111111111";
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->agent_program.measured = sha1;
	fixture_found(f, 5);
	assert_true(fixture_last_has(f, "\"hash\":{\"sha256\":\"9f86d081"));
	assert_true(fixture_last_has(f, "\"sha1\":\"000102030405060708090a0b0c0d0e0f10111213\"}"));
	assert_true(fixture_last_has(f, "\"program\":{\"measured\":\"sha1:00010203"));
	assert_null(strstr(fixture_last(f), "hash_by"));
	assert_null(strstr(fixture_last(f), "hashes_differ"));
	fixture_free(f);
	f = fixture_new(NULL);
	f->agent_program.measured = sha256;
	fixture_found(f, 5);
	assert_true(fixture_last_has(f, "\"hash\":{\"sha256\":\"9f86d081"));
	assert_true(fixture_last_has(f, "1111\",\"hashes_differ\":true,"));
	fixture_free(f);
}

static void where_ours_is_missing_the_kernels_hash_says_so(void **state)
{
	static char sha256[] =
		"sha256:1111111111111111111111111111111111111111111111111111111111111111";
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->agent_program.sha256[0] = '\0';
	f->agent_program.measured = sha256;
	fixture_found(f, 5);
	assert_true(fixture_last_has(f, "\"hash\":{\"sha256\":\"1111"));
	assert_true(fixture_last_has(f, "1111\",\"hash_by\":\"kernel\","));
	assert_true(golden_is("alert_measured.json", fixture_last(f)));
	fixture_free(f);
}

static void the_unit_in_charge_is_told_when_the_cgroup_names_another(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	fixture_found(f, 5);
	assert_null(strstr(fixture_last(f), "home_unit"));
	fixture_free(f);
	f = fixture_new(NULL);
	f->agent.home = (char *)"acme.service";
	fixture_found(f, 5);
	assert_true(fixture_last_has(
		f, "\"unit\":\"acme-backup.service\",\"home_unit\":\"acme.service\""));
	fixture_free(f);
}

static void sixty_five_arguments_are_cut_to_sixty_four(void **state)
{
	static char args[2 * 65];
	struct fixture *f = fixture_new(NULL);
	size_t i;

	(void)state;
	for (i = 0; i < 65; i++)
		memcpy(args + 2 * i, "a", 2);
	f->agent.args = args;
	f->agent.args_len = 2 * 64;
	pst_alerts_exec(f->alerts, &f->process, &f->agent, 1);
	assert_null(strstr(fixture_last(f), "truncated"));
	f->agent.args_len = 2 * 65;
	pst_alerts_exec(f->alerts, &f->process, &f->agent, 1);
	assert_true(fixture_last_has(f, "\"args_count\":65"));
	assert_true(fixture_last_has(f, "\"truncated\":[\"process.args\"]"));
	fixture_free(f);
}

static void a_path_with_a_quote_and_a_broken_byte_is_escaped(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->agent_program.path = (char *)"/opt/a\"b\xff/c\\d";
	pst_alerts_exec(f->alerts, &f->process, &f->agent, 1);
	assert_true(fixture_last_has(f, "\"executable\":\"/opt/a\\\"b\\\\xff/c\\\\x5cd\""));
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_without_known_arguments_has_none),
		cmocka_unit_test(empty_arguments_are_arguments),
		cmocka_unit_test(the_working_directory_is_told_when_it_is_known),
		cmocka_unit_test(a_process_without_a_parent_has_none),
		cmocka_unit_test(what_is_known_of_the_file_is_told),
		cmocka_unit_test(of_a_script_the_hash_is_not_its_interpreters),
		cmocka_unit_test(what_is_not_known_of_the_file_is_absent),
		cmocka_unit_test(what_the_kernel_measured_stands_beside_our_hash),
		cmocka_unit_test(where_ours_is_missing_the_kernels_hash_says_so),
		cmocka_unit_test(the_unit_in_charge_is_told_when_the_cgroup_names_another),
		cmocka_unit_test(sixty_five_arguments_are_cut_to_sixty_four),
		cmocka_unit_test(a_path_with_a_quote_and_a_broken_byte_is_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
