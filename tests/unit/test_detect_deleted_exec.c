// SPDX-License-Identifier: Apache-2.0
/* deleted_exec: is an exec of a deleted file found, and an upgrade left alone? */
#include "exotic_fixture.h"

static uint32_t next_tgid = 100; /* no two processes of a test are the same */

static void execute(struct world *world, const char *caller, const char *path)
{
	uint32_t tgid = next_tgid += 2;
	struct pst_event task = world_start(world, tgid, WORLD_START + SECOND, caller);
	struct pst_event fork = build_fork(&task, tgid + 1, WORLD_START + 2 * SECOND);
	struct pst_event exec = build_exec(&fork, THEN, path);

	pst_attrib_see(world->detect.attrib, &fork);
	exec.exec.deleted = true;
	world_exec(world, &exec);
}

static void before(struct world *world, const char *path)
{
	struct pst_event exec = build_before(40, 5, path);

	exec.exec.deleted = true;
	world_exec(world, &exec);
}

static void a_deleted_file_that_is_executed_is_found_for_everybody(void **state)
{
	struct world *world = *state;

	execute(world, "/bin/dash", "/usr/lib/x/helper");
	assert_string_equal(only(world, PST_DETECTOR_DELETED_EXEC)->message,
			    "dash executed /usr/lib/x/helper after that file had been deleted");
	assert_int_equal(world->found[0].severity, PST_HIGH);
	assert_non_null(strstr(world->found[0].reason, "inode 7"));
}

static void one_from_a_writable_directory_is_critical(void **state)
{
	struct world *world = *state;

	execute(world, "/bin/dash", "/dev/shm/.x");
	assert_int_equal(only(world, PST_DETECTOR_DELETED_EXEC)->severity, PST_CRITICAL);
	assert_non_null(strstr(world->found[0].reason, "from a directory that anybody can write"));
}

static void an_implant_older_than_us_is_found_and_marked(void **state)
{
	struct world *world = *state;

	before(world, "/dev/shm/kdmtmpflush");
	assert_string_equal(only(world, PST_DETECTOR_DELETED_EXEC)->message,
			    "/dev/shm/kdmtmpflush runs, and its file is deleted");
	assert_true(world->found[0].preexisting);
}

static void an_upgrade_of_a_running_daemon_is_silent(void **state)
{
	struct world *world = *state;

	before(world, "/usr/sbin/sshd");
	before(world, "/opt/collector");
	assert_int_equal(world->count, 0);
}

static void systemds_pinned_executor_is_silent(void **state)
{
	struct world *world = *state;

	execute(world, "/usr/lib/systemd/systemd", "/usr/lib/systemd/systemd-executor");
	assert_int_equal(world->count, 0);
	execute(world, "/tmp/systemd", "/usr/lib/systemd/systemd-executor");
	assert_int_equal(world->count, 1);
}

static void a_memfd_is_another_detectors(void **state)
{
	struct world *world = *state;
	struct pst_event exec = daemon_of(world, "/usr/bin/python3");

	exec = build_exec(&exec, THEN, "/memfd:x");
	exec.exec.memfd = true;
	exec.exec.deleted = true;
	world_exec(world, &exec);
	assert_int_equal(world_count(world, PST_DETECTOR_DELETED_EXEC), 0);
}

static void a_contract_may_allow_it(void **state)
{
	struct world *world = *state;

	allow(world, "\"deleted_exec\": true");
	execute(world, "/opt/acme/agent", "/opt/acme/tmp/helper");
	assert_int_equal(world->count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(a_deleted_file_that_is_executed_is_found_for_everybody),
		WORLD_CASE(one_from_a_writable_directory_is_critical),
		WORLD_CASE(an_implant_older_than_us_is_found_and_marked),
		WORLD_CASE(an_upgrade_of_a_running_daemon_is_silent),
		WORLD_CASE(systemds_pinned_executor_is_silent),
		WORLD_CASE(a_memfd_is_another_detectors),
		WORLD_CASE(a_contract_may_allow_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
