// SPDX-License-Identifier: Apache-2.0
/* Are events charged to the right process and lineage, also when records are lost? */
#include "build.h"

#include "attrib/attrib.h"

static const char *const vendor_paths[] = { "/opt/", "/tmp/", NULL };
static const struct pst_attrib_keys keys = { .max_processes = 64,
					     .max_images = 64,
					     .vendor_paths = vendor_paths };

static int set_up(void **state)
{
	*state = pst_attrib_new(&keys);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	pst_attrib_free(*state);
	return 0;
}

static struct pst_attrib_figures figures(struct pst_attrib *attrib)
{
	struct pst_attrib_figures out;

	pst_attrib_figures(attrib, &out);
	return out;
}

static void an_exec_makes_a_process_with_its_image(void **state)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event exec = build_exec(&birth, 200, "/opt/acme/agent");
	struct pst_process *process = pst_attrib_see(*state, &exec);

	assert_non_null(process);
	assert_string_equal(process->image->program->path, "/opt/acme/agent");
	assert_string_equal(pst_program_name(process->image->program), "agent");
	assert_string_equal(process->image->cgroup, "/system.slice/acme.service");
	assert_string_equal(process->image->unit, "acme.service");
	assert_string_equal(process->comm, "comm");
	assert_int_equal(process->image->processes, 1);
	assert_int_equal(process->image->contract, -1);
	assert_ptr_equal(pst_attrib_find(*state, &exec.task.proc), process);
	assert_ptr_equal(pst_attrib_find_pid(*state, 10), process);
}

static void a_fork_runs_its_parents_image(void **state)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event exec = build_exec(&birth, 200, "/opt/acme/agent");
	struct pst_event fork = build_fork(&exec, 11, 300);
	const struct pst_image *image = pst_attrib_see(*state, &exec)->image;
	struct pst_process *child = pst_attrib_see(*state, &fork);

	assert_ptr_equal(child->image, image);
	assert_int_equal(image->processes, 2);
	assert_int_equal(child->parent.tgid, 10);
}

static void an_exec_names_the_image_that_called_it(void **state)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event agent = build_exec(&birth, 200, "/opt/acme/agent");
	struct pst_event fork = build_fork(&agent, 11, 300);
	struct pst_event sh = build_exec(&fork, 400, "/bin/sh");
	const struct pst_image *first = pst_attrib_see(*state, &agent)->image;
	struct pst_process *child;

	pst_attrib_see(*state, &fork);
	child = pst_attrib_see(*state, &sh);
	assert_ptr_equal(child->image->prev, first);
	assert_int_equal(first->children, 1);
	assert_int_equal(first->processes, 1);
	assert_ptr_equal(pst_attrib_subject(child->image), first);
}

static void a_lost_exec_costs_the_name_and_not_the_lineage(void **state)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event agent = build_exec(&birth, 200, "/opt/acme/agent");
	struct pst_event fork = build_fork(&agent, 11, 300);
	struct pst_event lost = build_exec(&fork, 400, "/bin/sh");
	struct pst_event channel = build_channel(&lost, 500, PST_TCP_CONNECT, "203.0.113.9", 443);
	struct pst_process *child;

	pst_attrib_see(*state, &agent);
	pst_attrib_see(*state, &fork);
	child = pst_attrib_see(*state, &channel);
	assert_string_equal(child->image->program->path, "");
	assert_string_equal(pst_program_name(child->image->program), "?");
	assert_string_equal(pst_attrib_subject(child->image)->program->path, "/opt/acme/agent");
	assert_true(figures(*state).unknown_images >= 1);
}

static void lost_forks_and_execs_leave_the_root_of_the_lineage(void **state)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event agent = build_exec(&birth, 200, "/opt/acme/agent");
	struct pst_event orphan = build_event(PST_EVENT_CHANNEL, 12, 600);

	pst_attrib_see(*state, &agent);
	orphan.task.root = agent.task.proc;
	orphan.task.parent = (struct pst_proc_id){ .start_ns = 300, .tgid = 11 }; /* never seen */
	orphan.task.image = (struct pst_image_id){ .exec_ns = 700, .tgid = 12 };
	assert_string_equal(
		pst_attrib_subject(pst_attrib_see(*state, &orphan)->image)->program->path,
		"/opt/acme/agent");
}

static void a_late_exec_fills_in_the_unknown_image(void **state)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event exec = build_exec(&birth, 200, "/opt/acme/agent");
	struct pst_event channel = build_channel(&exec, 300, PST_TCP_CONNECT, "203.0.113.9", 443);
	struct pst_image *image = pst_attrib_see(*state, &channel)->image;

	image->contract = 3;
	image->contract_generation = 9;
	assert_string_equal(image->program->path, "");
	assert_ptr_equal(pst_attrib_see(*state, &exec)->image, image);
	assert_string_equal(image->program->path, "/opt/acme/agent");
	assert_int_equal(image->contract, -1);
	assert_int_equal(image->contract_generation, 0);
}

static void an_image_is_described_once(void **state)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event exec = build_exec(&birth, 200, "/opt/acme/agent");
	struct pst_event again = build_exec(&birth, 200, "/opt/acme/forged");

	pst_attrib_see(*state, &exec);
	assert_string_equal(pst_attrib_see(*state, &again)->image->program->path,
			    "/opt/acme/agent");
}

static void an_owner_record_does_not_bring_back_an_older_image(void **state)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event first = build_exec(&birth, 200, "/opt/acme/agent");
	struct pst_event second = build_exec(&first, 300, "/bin/sh");
	struct pst_event owner = build_channel(&first, 400, PST_TCP_CONNECT, "203.0.113.9", 443);

	owner.no_task = true;
	pst_attrib_see(*state, &first);
	pst_attrib_see(*state, &second);
	assert_string_equal(pst_attrib_see(*state, &owner)->image->program->path, "/bin/sh");
}

static void an_exit_ends_the_process_but_keeps_it(void **state)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event exec = build_exec(&birth, 200, "/opt/acme/agent");
	struct pst_event exit = build_as(&exec, PST_EVENT_EXIT, 900);
	struct pst_process *process;

	exit.exit_code = 256;
	pst_attrib_see(*state, &exec);
	assert_int_equal(figures(*state).living, 1);
	process = pst_attrib_see(*state, &exit);
	assert_true(process->exited);
	assert_int_equal(process->exit_code, 256);
	assert_int_equal(process->exit_ns, 900);
	assert_int_equal(process->image->processes, 0);
	assert_int_equal(figures(*state).living, 0);
	assert_ptr_equal(pst_attrib_find(*state, &exec.task.proc), process);
}

static void a_pid_that_is_used_again_ends_its_former_owner(void **state)
{
	struct pst_event first = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event second = build_event(PST_EVENT_FORK, 10, 5000);

	pst_attrib_see(*state, &first);
	pst_attrib_see(*state, &second);
	assert_true(pst_attrib_find(*state, &first.task.proc)->exited);
	assert_int_equal(pst_attrib_find_pid(*state, 10)->id.start_ns, 5000);
}

static void an_event_without_a_task_names_nobody(void **state)
{
	struct pst_event nobody = build_event(PST_EVENT_CHANNEL, 10, 100);
	struct pst_event zero = build_event(PST_EVENT_TICK, 0, 0);

	nobody.no_owner = true;
	assert_null(pst_attrib_see(*state, &nobody));
	assert_null(pst_attrib_see(*state, &zero));
	assert_int_equal(figures(*state).processes, 0);
}

static void ended_processes_make_room_before_idle_living_ones(void **state)
{
	struct pst_event daemon_birth = build_event(PST_EVENT_FORK, 5, 50);
	struct pst_event daemon = build_exec(&daemon_birth, 60, "/opt/acme/daemon");

	pst_attrib_see(*state, &daemon);
	for (uint32_t i = 0; i < 1000; i++) {
		struct pst_event birth = build_fork(&daemon, 100 + i, 1000 + 10 * i);
		struct pst_event exec = build_exec(&birth, 1005 + 10 * i, "/bin/true");
		struct pst_event exit = build_as(&exec, PST_EVENT_EXIT, 1009 + 10 * i);

		pst_attrib_see(*state, &birth);
		pst_attrib_see(*state, &exec);
		pst_attrib_see(*state, &exit);
		assert_true(figures(*state).processes <= 64);
		assert_true(figures(*state).images <= 64);
	}
	assert_non_null(pst_attrib_find(*state, &daemon.task.proc));
	assert_string_equal(pst_attrib_find_pid(*state, 5)->image->program->path,
			    "/opt/acme/daemon");
	assert_true(figures(*state).evicted > 900);
}

static void when_all_live_the_oldest_is_forced_out_and_nothing_dangles(void **state)
{
	struct pst_event parent = build_event(PST_EVENT_FORK, 99, 50);

	pst_attrib_see(*state, &parent);
	for (uint32_t i = 0; i < 300; i++) { /* a chain: each executes, forks, and lives on */
		struct pst_event child = build_fork(&parent, 100 + i, 1000 + 10 * i);
		struct pst_event exec = build_exec(&child, 1005 + 10 * i, "/opt/acme/link");

		pst_attrib_see(*state, &child);
		assert_non_null(pst_attrib_subject(pst_attrib_see(*state, &exec)->image));
		parent = exec;
	}
	assert_true(figures(*state).processes <= 64);
	assert_true(figures(*state).images <= 64);
}

static void a_parent_older_than_us_may_come_after_its_child(void **state)
{
	struct pst_event parent = build_before(10, 100, "/opt/acme/agent");
	struct pst_event child = build_before(11, 200, "/bin/sh");
	const struct pst_image *image;

	child.task.parent = parent.task.proc;
	image = pst_attrib_see(*state, &child)->image;
	pst_attrib_see(*state, &parent);
	assert_string_equal(image->prev->program->path, "/opt/acme/agent");
	assert_string_equal(pst_attrib_subject(image)->program->path, "/opt/acme/agent");
	assert_true(image->prev->program->ran_before_us);
	assert_int_equal(figures(*state).unknown_images, 1); /* init, which fathered it */
}

static bool count_it(void *context, struct pst_process *process)
{
	(void)process;
	return ++*(int *)context < 2;
}

static bool count_image(void *context, struct pst_image *image)
{
	(void)image;
	return ++*(int *)context < 100;
}

static void a_walk_stops_when_the_visitor_says_so(void **state)
{
	int processes = 0, images = 0;

	for (uint32_t i = 0; i < 5; i++) {
		struct pst_event event = build_event(PST_EVENT_FORK, 10 + i, 100 + i);

		pst_attrib_see(*state, &event);
	}
	pst_attrib_each(*state, count_it, &processes);
	pst_attrib_each_image(*state, count_image, &images);
	assert_int_equal(processes, 2);
	assert_int_equal(images, 5);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(an_exec_makes_a_process_with_its_image),
		CASE(a_fork_runs_its_parents_image),
		CASE(an_exec_names_the_image_that_called_it),
		CASE(a_lost_exec_costs_the_name_and_not_the_lineage),
		CASE(lost_forks_and_execs_leave_the_root_of_the_lineage),
		CASE(a_late_exec_fills_in_the_unknown_image),
		CASE(an_image_is_described_once),
		CASE(an_owner_record_does_not_bring_back_an_older_image),
		CASE(an_exit_ends_the_process_but_keeps_it),
		CASE(a_pid_that_is_used_again_ends_its_former_owner),
		CASE(an_event_without_a_task_names_nobody),
		CASE(ended_processes_make_room_before_idle_living_ones),
		CASE(when_all_live_the_oldest_is_forced_out_and_nothing_dangles),
		CASE(a_parent_older_than_us_may_come_after_its_child),
		CASE(a_walk_stops_when_the_visitor_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
