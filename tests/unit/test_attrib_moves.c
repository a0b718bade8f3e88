// SPDX-License-Identifier: Apache-2.0
/* Does a unit stay in charge of what is put into another cgroup by anybody but systemd? */
#include "attrib_fixture.h"

/* The process of @caller executes a program in the cgroup @cgroup. */
static struct pst_event run(void *attrib, const struct pst_event *caller, const char *cgroup)
{
	struct pst_event exec = build_exec(caller, caller->time_ns + 10, "/bin/sh");

	exec.exec.cgroup = cgroup;
	assert_non_null(pst_attrib_see(attrib, &exec));
	return exec;
}

static struct pst_event forked(void *attrib, const struct pst_event *parent, uint32_t tgid)
{
	struct pst_event fork = build_fork(parent, tgid, parent->time_ns + 10);

	assert_non_null(pst_attrib_see(attrib, &fork));
	return fork;
}

/* A process below process 1 that runs a program of this cgroup. */
static struct pst_event start(void *attrib, uint32_t tgid, const char *cgroup)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, tgid, 100 + tgid);

	assert_non_null(pst_attrib_see(attrib, &birth));
	return run(attrib, &birth, cgroup);
}

static struct pst_event agent(void *attrib)
{
	struct pst_event birth = build_event(PST_EVENT_FORK, 10, 110);
	struct pst_event exec = build_exec(&birth, 200, "/opt/acme/agent");

	assert_non_null(pst_attrib_see(attrib, &exec));
	return exec;
}

static void move(void *attrib, const struct pst_event *mover, const struct pst_event *moved)
{
	struct pst_event event = build_as(mover, PST_EVENT_ACT, mover->time_ns + 1);

	event.act = (struct pst_act_seen){ .act = PST_MOVED, .other = moved->task.proc };
	assert_non_null(pst_attrib_see(attrib, &event));
}

static const struct pst_image *image_of(void *attrib, const struct pst_event *event)
{
	return pst_attrib_find(attrib, &event->task.proc)->image;
}

static void in_charge(void *attrib, const struct pst_event *event, const char *home)
{
	assert_string_equal(pst_image_home_unit(image_of(attrib, event)), home);
}

static const char evil[] = "/system.slice/evil.service";

static void without_a_move_the_cgroup_is_right(void **state)
{
	struct pst_event first = agent(*state), second;

	in_charge(*state, &first, "acme.service");
	second = run(*state, &first, evil);
	in_charge(*state, &second, "evil.service");
	assert_null(image_of(*state, &second)->home);
}

static void who_moves_himself_stays_in_the_charge_of_his_unit(void **state)
{
	struct pst_event first = agent(*state), second, third;

	move(*state, &first, &first);
	in_charge(*state, &first, "acme.service");
	second = run(*state, &first, evil);
	in_charge(*state, &second, "acme.service");
	assert_string_equal(image_of(*state, &second)->unit, "evil.service");
	third = run(*state, &second, evil);
	in_charge(*state, &third, "acme.service");
	assert_ptr_equal(pst_attrib_subject(image_of(*state, &third)),
			 image_of(*state, &third)->prev->prev);
}

static void so_does_his_child_wherever_it_went(void **state)
{
	struct pst_event first = agent(*state), child = forked(*state, &first, 11), second;

	move(*state, &child, &child);
	move(*state, &first, &first); /* elsewhere */
	second = run(*state, &child, evil);
	in_charge(*state, &second, "acme.service");
	child = forked(*state, &second, 12);
	second = run(*state, &child, "/third.service");
	in_charge(*state, &second, "acme.service");
}

static void a_helper_of_any_unit_but_systemds_changes_nothing(void **state)
{
	static const char *const helpers[] = { "/system.slice/acme.service", "/other.service", "/",
					       evil };
	struct pst_event first = agent(*state), helper, child;

	for (uint32_t i = 0; i < sizeof(helpers) / sizeof(helpers[0]); i++) {
		helper = start(*state, 20 + i, helpers[i]);
		child = forked(*state, &first, 40 + i);
		move(*state, &helper, &child);
		child = run(*state, &child, evil);
		in_charge(*state, &child, "acme.service");
	}
}

static void what_process_1_moves_is_handed_over(void **state)
{
	struct pst_event init = build_before(1, 1, "/usr/lib/systemd/systemd");
	struct pst_event first = agent(*state), child, second;

	init.exec.cgroup = "/";
	assert_non_null(pst_attrib_see(*state, &init));
	move(*state, &first, &first); /* others of its image went by themselves */
	child = forked(*state, &first, 11);
	move(*state, &init, &child);
	in_charge(*state, &child, "acme.service"); /* until it executes */
	second = run(*state, &child, "/user.slice/session-1.scope");
	in_charge(*state, &second, "session-1.scope");
	assert_null(image_of(*state, &second)->home);
	move(*state, &second, &second);
	second = run(*state, &second, evil);
	in_charge(*state, &second, "session-1.scope");
}

static void a_child_of_the_manager_that_moves_itself_is_handed_over(void **state)
{
	struct pst_event manager = start(*state, 30, "/init.scope");
	struct pst_event child = forked(*state, &manager, 31);

	move(*state, &child, &child);
	move(*state, &manager, &manager); /* at its own start */
	child = run(*state, &child, evil);
	in_charge(*state, &child, "evil.service");
}

static void who_enters_the_managers_unit_is_no_manager(void **state)
{
	struct pst_event first = agent(*state), child;

	move(*state, &first, &first);
	first = run(*state, &first, "/init.scope");
	child = forked(*state, &first, 11);
	move(*state, &first, &child);
	child = run(*state, &child, evil);
	in_charge(*state, &child, "acme.service");
}

static void what_was_handed_over_may_be_sorted_by_others_but_not_by_itself(void **state)
{
	struct pst_event manager = start(*state, 30, "/init.scope"), first = agent(*state);
	struct pst_event child = forked(*state, &first, 11), below;

	move(*state, &first, &first); /* others of its image went by themselves */
	move(*state, &manager, &child);
	move(*state, &first, &child); /* as a container runtime does */
	below = forked(*state, &child, 12);
	below = run(*state, &below, "/machine.slice/libpod-1.scope/container");
	in_charge(*state, &below, "libpod-1.scope");
	move(*state, &child, &child);
	child = run(*state, &child, evil);
	in_charge(*state, &child, "acme.service");
}

static void a_hand_over_is_to_that_unit_and_to_no_other(void **state)
{
	struct pst_event manager = start(*state, 30, "/init.scope"), first = agent(*state);
	struct pst_event hand = build_as(&manager, PST_EVENT_ACT, manager.time_ns + 1);
	struct pst_event right = forked(*state, &first, 11), wrong;

	hand.act = (struct pst_act_seen){ .act = PST_MOVED, .other = right.task.proc };
	strcpy(hand.act.name, "run-1.scope");
	assert_non_null(pst_attrib_see(*state, &hand));
	wrong = forked(*state, &right, 12); /* handed over as its parent is */
	move(*state, &right, &wrong);
	wrong = run(*state, &wrong, "/system.slice/victim.service");
	in_charge(*state, &wrong, "acme.service");
	right = run(*state, &right, "/system.slice/run-1.scope");
	in_charge(*state, &right, "run-1.scope");
}

static void a_hand_over_counts_for_one_execution(void **state)
{
	struct pst_event manager = start(*state, 30, "/init.scope"), first = agent(*state);
	struct pst_event helper = start(*state, 40, "/system.slice/acme.service"), second;

	move(*state, &manager, &first);
	second = run(*state, &first, "/system.slice/acme.service");
	move(*state, &helper, &second);
	second = run(*state, &second, evil);
	in_charge(*state, &second, "acme.service");
}

static void leaving_all_units_first_is_no_way_out(void **state)
{
	struct pst_event first = agent(*state), second, third;

	move(*state, &first, &first);
	second = run(*state, &first, "/nobodys");
	in_charge(*state, &second, "acme.service");
	move(*state, &second, &second);
	third = run(*state, &second, evil);
	in_charge(*state, &third, "acme.service");
}

static void who_had_no_unit_gains_none(void **state)
{
	struct pst_event first = start(*state, 10, "/nobodys");

	move(*state, &first, &first);
	first = run(*state, &first, evil);
	in_charge(*state, &first, "");
	assert_string_equal(image_of(*state, &first)->unit, "evil.service");
}

static void coming_home_is_no_other_unit(void **state)
{
	struct pst_event first = agent(*state);

	move(*state, &first, &first);
	first = run(*state, &first, evil);
	first = run(*state, &first, "/system.slice/acme.service");
	in_charge(*state, &first, "acme.service");
	assert_null(image_of(*state, &first)->home);
}

static void a_lost_fork_or_exec_is_no_way_out(void **state)
{
	struct pst_event first = agent(*state), child, lost;

	child = build_fork(&first, 11, first.time_ns + 10); /* never seen */
	move(*state, &first, &child);
	child = run(*state, &child, evil);
	in_charge(*state, &child, "acme.service");
	lost = build_exec(&child, child.time_ns + 10, "/bin/sh"); /* never seen */
	child = run(*state, &lost, "/third.service");
	in_charge(*state, &child, "acme.service");
}

static void a_later_record_of_another_cgroup_changes_no_unit(void **state)
{
	struct pst_event first = agent(*state), fork;

	move(*state, &first, &first);
	first.task.cgroup_id = 77;
	fork = build_as(&first, PST_EVENT_FORK, first.time_ns + 5);
	assert_non_null(pst_attrib_see(*state, &fork));
	assert_int_equal(pst_attrib_find(*state, &first.task.proc)->cgroup_id, 77);
	assert_string_equal(image_of(*state, &first)->unit, "acme.service");
	in_charge(*state, &first, "acme.service");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(without_a_move_the_cgroup_is_right),
		CASE(who_moves_himself_stays_in_the_charge_of_his_unit),
		CASE(so_does_his_child_wherever_it_went),
		CASE(a_helper_of_any_unit_but_systemds_changes_nothing),
		CASE(what_process_1_moves_is_handed_over),
		CASE(a_child_of_the_manager_that_moves_itself_is_handed_over),
		CASE(who_enters_the_managers_unit_is_no_manager),
		CASE(what_was_handed_over_may_be_sorted_by_others_but_not_by_itself),
		CASE(a_hand_over_is_to_that_unit_and_to_no_other),
		CASE(a_hand_over_counts_for_one_execution),
		CASE(leaving_all_units_first_is_no_way_out),
		CASE(who_had_no_unit_gains_none),
		CASE(coming_home_is_no_other_unit),
		CASE(a_lost_fork_or_exec_is_no_way_out),
		CASE(a_later_record_of_another_cgroup_changes_no_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
