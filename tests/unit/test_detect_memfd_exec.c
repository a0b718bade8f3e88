// SPDX-License-Identifier: Apache-2.0
/* memfd_exec: is a program from memory found, and a container runtime's own copy left alone? */
#include "exotic_fixture.h"

static uint32_t next_tgid = 100; /* no two processes of a test are the same */

/* @caller forks, and the child executes @path, which is a memfd. */
static struct pst_event from_memory(struct world *world, const char *caller, const char *path)
{
	uint32_t tgid = next_tgid += 2;
	struct pst_event task = world_start(world, tgid, WORLD_START + SECOND, caller);
	struct pst_event fork = build_fork(&task, tgid + 1, WORLD_START + 2 * SECOND);
	struct pst_event exec = build_exec(&fork, THEN, path);

	pst_attrib_see(world->detect.attrib, &fork);
	exec.exec.memfd = true;
	exec.exec.deleted = true;
	world_exec(world, &exec);
	return exec;
}

static void a_program_from_memory_is_found_for_everybody(void **state)
{
	struct world *world = *state;

	from_memory(world, "/usr/bin/python3", "/memfd:x");
	assert_string_equal(only(world, PST_DETECTOR_MEMFD_EXEC)->message,
			    "python3 executed a program from memory, /memfd:x: no file holds it");
	assert_int_equal(world->found[0].severity, PST_HIGH);
	assert_int_equal(world->found[0].score, 80);
}

static void vendor_software_that_does_it_is_critical(void **state)
{
	struct world *world = *state;

	from_memory(world, "/opt/collector", "/memfd:x");
	assert_int_equal(only(world, PST_DETECTOR_MEMFD_EXEC)->severity, PST_CRITICAL);
}

static void one_that_is_older_than_us_is_marked(void **state)
{
	struct world *world = *state;
	struct pst_event before = build_before(40, 5, "/memfd:x");

	before.exec.memfd = true;
	world_exec(world, &before);
	assert_true(only(world, PST_DETECTOR_MEMFD_EXEC)->preexisting);
	assert_non_null(strstr(world->found[0].reason, "was running before monitoring began"));
}

static void a_runtimes_own_copy_is_silent(void **state)
{
	struct world *world = *state;
	struct pst_event copy = from_memory(world, "/usr/sbin/runc",
					    "/memfd:runc_cloned:/proc/self/exe");
	struct pst_event again = build_exec(&copy, THEN + SECOND,
					    "/memfd:runc_cloned:/proc/self/exe");

	again.exec.memfd = true;
	again.exec.deleted = true;
	world_exec(world, &again);
	assert_int_equal(world->count, 0);
	from_memory(world, "/usr/bin/crun", "/memfd:crun_cloned:/proc/self/exe");
	assert_int_equal(world->count, 0);
}

static void who_only_takes_the_runtimes_name_is_found(void **state)
{
	struct world *world = *state;

	from_memory(world, "/tmp/runc", "/memfd:runc_cloned:/proc/self/exe");
	from_memory(world, "/usr/bin/python3", "/memfd:runc_cloned:/proc/self/exe");
	from_memory(world, "/usr/sbin/runc", "/memfd:x");
	from_memory(world, "/usr/sbin/runc", "/memfd:crun_cloned:/proc/self/exe");
	assert_int_equal(world->count, 4);
}

static void a_contract_may_allow_it(void **state)
{
	struct world *world = *state;

	allow(world, "\"memfd_exec\": true");
	from_memory(world, "/opt/acme/agent", "/memfd:x");
	assert_int_equal(world->count, 0);
}

static void a_contract_that_says_nothing_does_not(void **state)
{
	struct world *world = *state;

	from_memory(world, "/opt/acme/agent", "/memfd:x");
	assert_int_equal(world_count(world, PST_DETECTOR_MEMFD_EXEC), 1);
}

static void a_program_with_a_file_is_silent(void **state)
{
	struct world *world = *state;

	daemon_of(world, "/usr/bin/python3");
	collector_of(world);
	assert_int_equal(world->count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(a_program_from_memory_is_found_for_everybody),
		WORLD_CASE(vendor_software_that_does_it_is_critical),
		WORLD_CASE(one_that_is_older_than_us_is_marked),
		WORLD_CASE(a_runtimes_own_copy_is_silent),
		WORLD_CASE(who_only_takes_the_runtimes_name_is_found),
		WORLD_CASE(a_contract_may_allow_it),
		WORLD_CASE(a_contract_that_says_nothing_does_not),
		WORLD_CASE(a_program_with_a_file_is_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
