// SPDX-License-Identifier: Apache-2.0
/* unexpected_exec: is a program outside of the list found, and one inside left alone? */
#include "world.h"

/* @caller runs, and executes @path. */
static struct pst_process *executes(struct world *world, const char *caller, const char *path)
{
	struct pst_event task = world_start(world, 10, WORLD_START + SECOND, caller);
	struct pst_event fork = build_fork(&task, 11, WORLD_START + 2 * SECOND);
	struct pst_event exec = build_exec(&fork, WORLD_START + 3 * SECOND, path);

	pst_attrib_see(world->detect.attrib, &fork);
	return world_exec(world, &exec);
}

static void a_shell_of_bound_software_is_found(void **state)
{
	struct world *world = *state;
	const struct pst_process *process = executes(world, "/opt/acme/agent", "/bin/bash");

	assert_int_equal(world->count, 1);
	assert_int_equal(world->found[0].detector, PST_DETECTOR_UNEXPECTED_EXEC);
	assert_int_equal(world->found[0].severity, PST_HIGH);
	assert_string_equal(
		world->found[0].message,
		"agent (acme-backup) executed /bin/bash: not in the exec list of contract acme-backup@7");
	assert_string_equal(world->found[0].reason, "pid 11 (agent > bash); the list has 1 entry");
	assert_ptr_equal(world->found[0].subject, process->image->prev);
}

static void another_program_weighs_less(void **state)
{
	struct world *world = *state;

	executes(world, "/opt/acme/agent", "/usr/bin/lsblk");
	assert_int_equal(world->count, 1);
	assert_int_equal(world->found[0].severity, PST_MEDIUM);
}

static void a_listed_program_is_silent(void **state)
{
	struct world *world = *state;

	executes(world, "/opt/acme/agent", "/opt/acme/bin/helper");
	assert_int_equal(world->count, 0);
}

static void what_starts_the_software_is_not_its_doing(void **state)
{
	struct world *world = *state;

	executes(world, "/usr/lib/systemd/systemd", "/opt/acme/agent");
	assert_int_equal(world->count, 0);
}

/* When the watch begins, a worker and its parent are two processes of one program. */
static void a_worker_older_than_us_was_forked(void **state)
{
	struct world *world = *state;
	struct pst_event task = world_start(world, 10, WORLD_START + SECOND, "/opt/acme/agent");
	struct pst_event worker = build_exec(&task, WORLD_START + 2 * SECOND, "/opt/acme/agent");
	struct pst_event tool = build_exec(&worker, WORLD_START + 3 * SECOND, "/bin/bash");

	worker.preexisting = true;
	world_exec(world, &worker);
	assert_int_equal(world->count, 0);
	tool.preexisting = true;
	world_exec(world, &tool);
	assert_int_equal(world->count, 1);
}

static void software_that_executes_itself_must_say_so(void **state)
{
	struct world *world = *state;

	executes(world, "/opt/acme/agent", "/opt/acme/agent");
	assert_int_equal(world->count, 1);
}

static void software_under_no_contract_executes_what_it_likes(void **state)
{
	struct world *world = *state;

	executes(world, "/opt/collector", "/bin/bash");
	assert_int_equal(world->count, 0);
}

static void a_program_without_a_known_path_is_not_judged(void **state)
{
	struct world *world = *state;

	executes(world, "/opt/acme/agent", "/");
	assert_int_equal(world->count, 0);
}

static void a_caller_that_an_older_set_bound_is_bound_again(void **state)
{
	struct world *world = *state;
	struct pst_event task = world_start(world, 10, WORLD_START + SECOND, "/opt/collector");
	struct pst_event exec = build_exec(&task, WORLD_START + 3 * SECOND, "/bin/bash");
	struct pst_image *caller = pst_attrib_find(world->detect.attrib, &task.task.proc)->image;

	caller->contract = 0; /* an index of a set that is gone */
	caller->contract_generation = 99;
	world_exec(world, &exec);
	assert_int_equal(world->count, 0);
}

static enum pst_verdict verdict_of(struct world *world, const struct pst_process *process)
{
	int32_t contract = -1;
	enum pst_verdict verdict = pst_detect_exec_verdict(world->contracts, process->image,
							   &contract);

	assert_int_equal(contract, verdict == PST_VERDICT_NONE ? -1 : 0);
	return verdict;
}

static void an_exec_that_the_list_names_is_declared(void **state)
{
	assert_int_equal(verdict_of(*state,
				    executes(*state, "/opt/acme/agent", "/opt/acme/bin/helper")),
			 PST_DECLARED);
}

static void an_exec_that_the_list_does_not_name_is_undeclared(void **state)
{
	assert_int_equal(verdict_of(*state, executes(*state, "/opt/acme/agent", "/bin/bash")),
			 PST_UNDECLARED);
}

static void an_exec_of_software_under_no_contract_has_no_verdict(void **state)
{
	assert_int_equal(verdict_of(*state, executes(*state, "/opt/collector", "/bin/bash")),
			 PST_VERDICT_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(a_shell_of_bound_software_is_found),
		WORLD_CASE(another_program_weighs_less),
		WORLD_CASE(a_listed_program_is_silent),
		WORLD_CASE(what_starts_the_software_is_not_its_doing),
		WORLD_CASE(a_worker_older_than_us_was_forked),
		WORLD_CASE(software_that_executes_itself_must_say_so),
		WORLD_CASE(software_under_no_contract_executes_what_it_likes),
		WORLD_CASE(a_program_without_a_known_path_is_not_judged),
		WORLD_CASE(a_caller_that_an_older_set_bound_is_bound_again),
		WORLD_CASE(an_exec_that_the_list_names_is_declared),
		WORLD_CASE(an_exec_that_the_list_does_not_name_is_undeclared),
		WORLD_CASE(an_exec_of_software_under_no_contract_has_no_verdict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
