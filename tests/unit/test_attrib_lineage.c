// SPDX-License-Identifier: Apache-2.0
/* Is a lineage followed as far as it may be, and no further? */
#include "attrib_fixture.h"

/* An agent, and a shell that it executed; @change may alter the shell's EXEC. */
static const struct pst_image *shell_below_agent(void *attrib,
						 void (*change)(struct pst_event *agent,
								struct pst_event *shell))
{
	struct pst_event birth = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event agent = build_exec(&birth, 200, "/opt/acme/agent");
	struct pst_event fork = build_fork(&agent, 11, 300);
	struct pst_event shell = build_exec(&fork, 400, "/bin/sh");

	if (change)
		change(&agent, &shell);
	pst_attrib_see(attrib, &agent);
	pst_attrib_see(attrib, &fork);
	return pst_attrib_see(attrib, &shell)->image;
}

static void a_shell_is_charged_to_the_agent_above_it(void **state)
{
	const struct pst_image *shell = shell_below_agent(*state, NULL);

	assert_ptr_equal(pst_attrib_subject(shell), shell->prev);
}

static void other_unit(struct pst_event *agent, struct pst_event *shell)
{
	(void)agent;
	shell->exec.cgroup = "/system.slice/other.service";
}

static void a_charge_ends_at_another_unit(void **state)
{
	assert_null(pst_attrib_subject(shell_below_agent(*state, other_unit)));
}

static void other_session(struct pst_event *agent, struct pst_event *shell)
{
	agent->exec.session_id = 1;
	shell->exec.session_id = 2;
}

static void a_charge_ends_at_another_login_session(void **state)
{
	assert_null(pst_attrib_subject(shell_below_agent(*state, other_session)));
}

static void one_session_unset(struct pst_event *agent, struct pst_event *shell)
{
	(void)agent;
	shell->exec.session_id = 2;
}

static void an_unset_session_ends_no_charge(void **state)
{
	assert_non_null(pst_attrib_subject(shell_below_agent(*state, one_session_unset)));
}

static void session_zero(struct pst_event *agent, struct pst_event *shell)
{
	agent->exec.session_id = 0;
	shell->exec.session_id = 2;
}

static void session_zero_is_none_too(void **state)
{
	assert_non_null(pst_attrib_subject(shell_below_agent(*state, session_zero)));
}

static void nothing_vendor(struct pst_event *agent, struct pst_event *shell)
{
	(void)shell;
	agent->exec.path = "/usr/bin/agent";
}

static void a_lineage_without_vendor_software_has_no_subject(void **state)
{
	assert_null(pst_attrib_subject(shell_below_agent(*state, nothing_vendor)));
}

/* @above living processes stand between the agent and the last shell, which is returned. */
static const struct pst_image *nest(void *attrib, unsigned int above)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event parent = build_exec(&birth, 200, "/opt/acme/agent");
	const struct pst_image *image = pst_attrib_see(attrib, &parent)->image;

	for (unsigned int i = 0; i < above; i++) {
		struct pst_event fork = build_fork(&parent, 11 + i, parent.time_ns + 1);

		pst_attrib_see(attrib, &fork);
		parent = build_exec(&fork, parent.time_ns + 2, "/bin/sh");
		image = pst_attrib_see(attrib, &parent)->image;
	}
	return image;
}

static void a_nest_of_living_shells_hides_no_vendor_software(void **state)
{
	assert_non_null(pst_attrib_subject(nest(*state, 1023)));
}

static void the_first_image_beyond_the_bound_is_not_looked_at(void **state)
{
	assert_null(pst_attrib_subject(nest(*state, 1024)));
}

static void an_image_that_is_not_older_is_not_linked(void **state)
{
	struct pst_event first = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event second = build_event(PST_EVENT_FORK, 11, 100);
	struct pst_event a = build_exec(&first, 200, "/opt/a"),
			 b = build_exec(&second, 200, "/opt/b");

	a.exec.prev = b.task.image;
	b.exec.prev = a.task.image; /* a ring, as only a forged recording has it */
	assert_null(pst_attrib_see(*state, &a)->image->prev);
	assert_null(pst_attrib_see(*state, &b)->image->prev);
}

static void a_guessed_link_leads_to_an_older_image_too(void **state)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event agent = build_exec(&birth, 200, "/opt/acme/agent");
	struct pst_event same = build_event(PST_EVENT_CHANNEL, 11, 150), later = same;

	pst_attrib_see(*state, &agent);
	same.task.parent = agent.task.proc;
	same.task.image = (struct pst_image_id){ .exec_ns = 200, .tgid = 11 };
	assert_null(pst_attrib_see(*state, &same)->image->prev);
	later.task.proc.tgid = 12;
	later.task.parent = agent.task.proc;
	later.task.image = (struct pst_image_id){ .exec_ns = 201, .tgid = 12 };
	assert_non_null(pst_attrib_see(*state, &later)->image->prev);
}

static void a_changed_lineage_is_judged_again_down_to_its_leaves(void **state)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event agent = build_exec(&birth, 200, "/opt/acme/agent");
	struct pst_event fork = build_fork(&agent, 11, 300);
	struct pst_event shell = build_exec(&fork, 400, "/bin/sh");
	struct pst_image *leaf;

	pst_attrib_see(*state, &fork); /* the agent's EXEC is late: its image is unknown */
	leaf = pst_attrib_see(*state, &shell)->image;
	leaf->contract_generation = 5;
	leaf->contract = 0;
	leaf->binder = leaf->prev;
	pst_attrib_see(*state, &agent);
	assert_int_equal(leaf->contract_generation, 0);
	assert_int_equal(leaf->contract, -1);
	assert_null(leaf->binder);
	assert_string_equal(leaf->prev->program->path, "/opt/acme/agent");
}

static void a_process_descends_from_who_forked_it_and_above(void **state)
{
	struct pst_event old = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event child = build_fork(&old, 11, 200);
	struct pst_event grandchild = build_fork(&child, 12, 300);
	struct pst_event again = build_event(PST_EVENT_FORK, 10, 400); /* the pid is used again */
	struct pst_event nobody = build_event(PST_EVENT_FORK, 99, 1);

	pst_attrib_see(*state, &old);
	pst_attrib_see(*state, &child);
	pst_attrib_see(*state, &grandchild);
	pst_attrib_see(*state, &again);
	assert_true(pst_attrib_descends(*state, &grandchild.task.proc, &old.task.proc));
	assert_true(pst_attrib_descends(*state, &grandchild.task.proc, &child.task.proc));
	assert_false(pst_attrib_descends(*state, &child.task.proc, &grandchild.task.proc));
	assert_false(pst_attrib_descends(*state, &child.task.proc, &child.task.proc));
	assert_false(pst_attrib_descends(*state, &grandchild.task.proc, &again.task.proc));
	assert_false(pst_attrib_descends(*state, &nobody.task.proc, &old.task.proc));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_shell_is_charged_to_the_agent_above_it),
		CASE(a_charge_ends_at_another_unit),
		CASE(a_charge_ends_at_another_login_session),
		CASE(an_unset_session_ends_no_charge),
		CASE(session_zero_is_none_too),
		CASE(a_lineage_without_vendor_software_has_no_subject),
		CASE(a_nest_of_living_shells_hides_no_vendor_software),
		CASE(the_first_image_beyond_the_bound_is_not_looked_at),
		CASE(an_image_that_is_not_older_is_not_linked),
		CASE(a_guessed_link_leads_to_an_older_image_too),
		CASE(a_changed_lineage_is_judged_again_down_to_its_leaves),
		CASE(a_process_descends_from_who_forked_it_and_above),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
