// SPDX-License-Identifier: Apache-2.0
/* Does a program have the digest that the kernel measured of its file as it is, and is that never
 * taken for more than it is? */
#include "build.h"

#include "attrib/attrib.h"

#define OF_KERNEL "1111111111111111111111111111111111111111111111111111111111111111"
#define OF_OURS "ab00000000000000000000000000000000000000000000000000000000000000"

static int set_up(void **state)
{
	static const struct pst_attrib_keys keys = { 0 };

	*state = pst_attrib_new(&keys);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	pst_attrib_free(*state);
	return 0;
}

static struct pst_event exec_of(uint32_t tgid, const char *path)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, tgid, 100 + tgid);
	struct pst_event exec = build_exec(&birth, 1000 + tgid, path);

	exec.exec.ctime_ns = 5;
	return exec;
}

static struct pst_program *run(void *attrib, const struct pst_event *exec)
{
	return pst_attrib_see(attrib, exec)->image->program;
}

static size_t measure(void *attrib, const struct pst_event *exec, const char *digest)
{
	struct pst_measured_seen seen = { .inode = exec->exec.inode,
					  .ctime_ns = exec->exec.ctime_ns,
					  .dev_major = exec->exec.dev_major,
					  .dev_minor = exec->exec.dev_minor };
	struct pst_identity_news news[PST_IDENTITY_NEWS];

	strcpy(seen.digest, digest);
	return pst_attrib_measured(attrib, &seen, news);
}

static size_t answer(void *attrib, const struct pst_event *exec, enum pst_hash_state hash_state)
{
	struct pst_identity_seen seen = { .inode = exec->exec.inode,
					  .ctime_ns = exec->exec.ctime_ns,
					  .hash_state = hash_state,
					  .sha256 = { 0xab } };
	struct pst_identity_news news[PST_IDENTITY_NEWS];

	seen.path = (struct pst_span){ .data = (const uint8_t *)exec->exec.path,
				       .len = strlen(exec->exec.path) };
	return pst_attrib_identity(attrib, &seen, news);
}

static void what_was_measured_before_the_exec_is_the_programs(void **state)
{
	struct pst_event exec = exec_of(10, "/opt/a");
	const struct pst_program *program;

	assert_int_equal(measure(*state, &exec, "sha256:" OF_KERNEL), 0); /* nobody runs it yet */
	program = run(*state, &exec);
	assert_string_equal(program->measured, "sha256:" OF_KERNEL);
	assert_string_equal(pst_program_sha256(program), OF_KERNEL);
	assert_int_equal(pst_program_hash_state(program), PST_HASH_MEASURED);
	assert_string_equal(pst_hash_state_name(PST_HASH_MEASURED), "measured by the kernel (IMA)");
}

static void what_is_measured_later_is_news_once(void **state)
{
	struct pst_event exec = exec_of(10, "/opt/a");
	const struct pst_program *program = run(*state, &exec);

	assert_null(program->measured);
	assert_string_equal(pst_program_sha256(program), "");
	assert_int_equal(measure(*state, &exec, "sha256:" OF_KERNEL), 1);
	assert_int_equal(measure(*state, &exec, "sha256:" OF_KERNEL), 0);
	assert_string_equal(pst_program_sha256(program), OF_KERNEL);
}

static void it_is_of_one_file_as_it_is_only(void **state)
{
	struct pst_event exec = exec_of(10, "/opt/a"), other = exec;
	const struct pst_program *program = run(*state, &exec);

	other.exec.inode++;
	assert_int_equal(measure(*state, &other, "sha256:" OF_KERNEL), 0);
	other = exec;
	other.exec.ctime_ns++;
	assert_int_equal(measure(*state, &other, "sha256:" OF_KERNEL), 0);
	other = exec;
	other.exec.dev_major++;
	assert_int_equal(measure(*state, &other, "sha256:" OF_KERNEL), 0);
	other = exec;
	other.exec.dev_minor++;
	assert_int_equal(measure(*state, &other, "sha256:" OF_KERNEL), 0);
	assert_null(program->measured);
}

static void all_programs_of_the_file_have_it(void **state)
{
	struct pst_event exec = exec_of(10, "/opt/a"), link = exec_of(11, "/opt/b");

	(void)measure(*state, &exec, "sha256:" OF_KERNEL);
	assert_string_equal(run(*state, &exec)->measured, "sha256:" OF_KERNEL);
	assert_string_equal(run(*state, &link)->measured, "sha256:" OF_KERNEL);
}

static void a_changed_file_has_none_until_it_is_measured(void **state)
{
	struct pst_event exec = exec_of(10, "/opt/a"), later = exec_of(11, "/opt/a");
	const struct pst_program *program;

	(void)measure(*state, &exec, "sha256:" OF_KERNEL);
	program = run(*state, &exec);
	later.exec.ctime_ns++;
	assert_ptr_equal(run(*state, &later), program);
	assert_null(program->measured);
	assert_int_equal(pst_program_hash_state(program), PST_HASH_UNKNOWN);
}

static void of_a_script_the_interpreter_was_measured(void **state)
{
	struct pst_event exec = exec_of(10, "/bin/sh");
	const struct pst_program *program;

	exec.exec.script = true;
	exec.exec.file = (struct pst_span){ .data = (const uint8_t *)"/opt/a.sh", .len = 9 };
	(void)measure(*state, &exec, "sha256:" OF_KERNEL);
	program = run(*state, &exec);
	assert_string_equal(program->path, "/opt/a.sh");
	assert_null(program->measured);
	assert_int_equal(measure(*state, &exec, "sha256:" OF_KERNEL), 0);
}

static void what_we_read_comes_first_and_may_differ(void **state)
{
	struct pst_event exec = exec_of(10, "/opt/a");
	const struct pst_program *program;

	(void)measure(*state, &exec, "sha256:" OF_KERNEL);
	program = run(*state, &exec);
	assert_false(pst_program_hashes_differ(program));
	assert_int_equal(answer(*state, &exec, PST_HASHED), 1);
	assert_string_equal(pst_program_sha256(program), OF_OURS);
	assert_int_equal(pst_program_hash_state(program), PST_HASHED);
	assert_true(pst_program_hashes_differ(program));
	assert_int_equal(measure(*state, &exec, "sha256:" OF_OURS), 1);
	assert_false(pst_program_hashes_differ(program));
}

static void where_ours_is_missing_the_kernels_stands(void **state)
{
	static const enum pst_hash_state missing[] = { PST_HASH_UNVERIFIED, PST_HASH_TOO_BIG,
						       PST_HASH_GONE, PST_HASH_OFF };

	for (uint32_t i = 0; i < 4; i++) {
		struct pst_event exec = exec_of(10 + i, "/opt/a");
		const struct pst_program *program;

		exec.exec.inode = 20 + i;
		(void)measure(*state, &exec, "sha256:" OF_KERNEL);
		program = run(*state, &exec);
		assert_int_equal(answer(*state, &exec, missing[i]), 1); /* there is no better */
		assert_int_equal(answer(*state, &exec, missing[i]), 0);
		assert_string_equal(pst_program_sha256(program), OF_KERNEL);
		assert_int_equal(pst_program_hash_state(program), PST_HASH_MEASURED);
		assert_false(pst_program_hashes_differ(program));
	}
}

static void another_algorithm_is_no_sha256(void **state)
{
	struct pst_event exec = exec_of(10, "/opt/a");
	const struct pst_program *program;

	(void)measure(*state, &exec, "sha1:1111111111111111111111111111111111111111");
	program = run(*state, &exec);
	assert_string_equal(program->measured, "sha1:1111111111111111111111111111111111111111");
	assert_null(pst_program_measured_sha256(program));
	assert_string_equal(pst_program_sha256(program), "");
	assert_int_equal(answer(*state, &exec, PST_HASH_GONE), 0);
	assert_int_equal(pst_program_hash_state(program), PST_HASH_GONE);
	assert_int_equal(answer(*state, &exec, PST_HASHED), 1);
	assert_false(pst_program_hashes_differ(program));
}

static void only_so_many_files_are_remembered(void **state)
{
	struct pst_event exec = exec_of(10, "/opt/a"), first = exec;

	for (uint64_t i = 0; i <= 2048; i++) { /* one more than there is room for */
		exec.exec.inode = 100 + i;
		(void)measure(*state, &exec, "sha256:" OF_KERNEL);
	}
	first.exec.inode = 100;
	assert_null(run(*state, &first)->measured);
	first = exec_of(11, "/opt/a");
	first.exec.inode = 101;
	assert_non_null(run(*state, &first)->measured);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_was_measured_before_the_exec_is_the_programs),
		CASE(what_is_measured_later_is_news_once),
		CASE(it_is_of_one_file_as_it_is_only),
		CASE(all_programs_of_the_file_have_it),
		CASE(a_changed_file_has_none_until_it_is_measured),
		CASE(of_a_script_the_interpreter_was_measured),
		CASE(what_we_read_comes_first_and_may_differ),
		CASE(where_ours_is_missing_the_kernels_stands),
		CASE(another_algorithm_is_no_sha256),
		CASE(only_so_many_files_are_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
