// SPDX-License-Identifier: Apache-2.0
/* Does a lineage stay short, without losing who binds it and whom it is charged to? */
#include "attrib_fixture.h"
#include "lineage_fixture.h"

#define MANY 20000u

/* One process executes @paths in turn, @count times; every image is bound as soon as it is seen. */
static struct pst_image *spin(void *attrib, const struct pst_contracts *set,
			      struct pst_event *event, const char *const paths[2])
{
	struct pst_image *image = NULL;

	for (uint32_t i = 0; i < MANY; i++) {
		*event = build_exec(event, event->time_ns + 1, paths[i % 2]);
		image = pst_attrib_see(attrib, event)->image;
		if (set)
			pst_contract_bind(set, image);
		assert_true(depth(image) <= PST_LINEAGE_MAX);
	}
	return image;
}

/* After @paths in turn, a shell below opens a channel: the process that has it, bound anew. */
static struct pst_image *shell_after(void *attrib, const struct pst_contracts *set,
				     const char *const paths[2])
{
	struct pst_event event = agent_of("/opt/acme/agent"), channel;
	struct pst_image *image = pst_attrib_see(attrib, &event)->image;

	if (set)
		pst_contract_bind(set, image);
	(void)spin(attrib, set, &event, paths); /* the event is its last */
	event = build_exec(&event, event.time_ns + 1, "/bin/sh");
	pst_attrib_see(attrib, &event);
	channel = build_channel(&event, event.time_ns + 1, PST_TCP_CONNECT, "203.0.113.9", 443);
	image = pst_attrib_see(attrib, &channel)->image;
	if (set)
		pst_contract_bind(set, image);
	assert_true(images(attrib) < 2 * PST_LINEAGE_MAX);
	return image;
}

static const char *const itself[2] = { "/opt/acme/agent", "/opt/acme/agent" };
static const char *const systems[2] = { "/bin/sh", "/usr/bin/env" };
static const char *const mixed[2] = { "/bin/sh", "/opt/acme/agent" };

static void executing_itself_in_a_row_is_no_way_out_of_a_contract(void **state)
{
	struct pst_contracts *set = contract("{\"path\":\"/opt/acme/**\"}");
	const struct pst_image *shell = shell_after(*state, set, itself);

	assert_int_equal(shell->contract, 0);
	assert_string_equal(shell->binder->program->path, "/opt/acme/agent");
	pst_contracts_free(set);
}

static void executing_itself_in_a_row_is_no_way_out_of_a_charge(void **state)
{
	const struct pst_image *subject = pst_attrib_subject(shell_after(*state, NULL, itself));

	assert_non_null(subject);
	assert_string_equal(subject->program->path, "/opt/acme/agent");
}

static void two_system_programs_in_turn_lose_no_vendor_software(void **state)
{
	const struct pst_image *shell = shell_after(*state, NULL, systems);

	assert_non_null(pst_attrib_subject(shell));
	assert_string_equal(shell->prev->program->path, "/usr/bin/env");
}

static void two_system_programs_in_turn_lose_no_binder(void **state)
{
	struct pst_contracts *set = contract("{\"path\":\"/opt/acme/**\"}");
	const struct pst_image *shell = shell_after(*state, set, systems);

	assert_int_equal(shell->contract, 0);
	assert_ptr_equal(shell->binder, pst_attrib_subject(shell));
	pst_contracts_free(set);
}

static void a_binder_that_returns_in_turn_stays_the_nearest_one(void **state)
{
	struct pst_contracts *set = contract("{\"path\":\"/opt/acme/**\"}");
	const struct pst_image *shell = shell_after(*state, set, mixed);

	assert_int_equal(shell->contract, 0);
	assert_ptr_equal(shell->binder, shell->prev);
	for (const struct pst_image *at = shell; at->prev; at = at->prev)
		assert_ptr_equal(at->binder, at == shell || at->binder != at ? at->prev : at);
	pst_contracts_free(set);
}

static void a_system_program_that_binds_is_not_taken_out(void **state)
{
	struct pst_contracts *set = contract("{\"path\":\"/usr/sbin/agent\"}");
	struct pst_event event = agent_of("/usr/sbin/agent");
	const struct pst_image *image;

	pst_contract_bind(set, pst_attrib_see(*state, &event)->image);
	image = spin(*state, set, &event, systems);
	assert_int_equal(image->contract, 0);
	assert_string_equal(image->binder->program->path, "/usr/sbin/agent");
	pst_contracts_free(set);
}

static void a_binder_whose_next_image_only_inherits_is_not_taken_out(void **state)
{
	struct pst_contracts *set = contract("{\"path\":\"/opt/acme/**\",\"uid\":7}");
	struct pst_event event = agent_of("/opt/acme/agent");
	const struct pst_image *image;

	event.task.uid = 7;
	pst_contract_bind(set, pst_attrib_see(*state, &event)->image);
	event.task.uid = 8;
	image = spin(*state, set, &event, itself);
	assert_int_equal(image->contract, 0);
	assert_int_equal(image->binder->uid, 7);
	pst_contracts_free(set);
}

/* Below the image that the agent was started by, and the agent. */
static const struct pst_image *row_of_shells(void *attrib, unsigned int count)
{
	struct pst_event event = agent_of("/opt/acme/agent");
	const struct pst_image *image = pst_attrib_see(attrib, &event)->image;

	for (unsigned int i = 0; i < count; i++) {
		event = build_exec(&event, event.time_ns + 1, "/bin/sh");
		image = pst_attrib_see(attrib, &event)->image;
	}
	return image;
}

static void a_lineage_of_the_wanted_length_is_left_alone(void **state)
{
	const struct pst_image *image = row_of_shells(*state, PST_LINEAGE_MAX - 2);

	assert_int_equal(depth(image), PST_LINEAGE_MAX);
	assert_int_equal(image->prev->prev->id.exec_ns, image->id.exec_ns - 2);
}

static void one_image_more_costs_the_nearest_above_the_caller(void **state)
{
	const struct pst_image *image = row_of_shells(*state, PST_LINEAGE_MAX - 1);

	assert_int_equal(depth(image), PST_LINEAGE_MAX);
	assert_int_equal(images(*state), PST_LINEAGE_MAX);
	assert_int_equal(image->prev->id.exec_ns, image->id.exec_ns - 1);
	assert_int_equal(image->prev->prev->id.exec_ns, image->id.exec_ns - 3);
	assert_int_equal(image->prev->prev->children, 1);
}

static void what_a_process_runs_is_not_taken_out(void **state)
{
	struct pst_event event = agent_of("/opt/acme/agent"), fork;
	const struct pst_image *wanted, *at;

	pst_attrib_see(*state, &event);
	event = build_exec(&event, event.time_ns + 1, "/bin/sh");
	pst_attrib_see(*state, &event);
	fork = build_fork(&event, 11, event.time_ns + 1);
	wanted = pst_attrib_see(*state, &fork)->image;
	event.time_ns++;
	at = spin(*state, NULL, &event, systems);
	assert_true(leads_to(at, wanted));
}

static void lost_execs_fill_no_table(void **state)
{
	struct pst_contracts *set = contract("{\"path\":\"/opt/acme/**\"}");
	struct pst_event event = agent_of("/opt/acme/agent"), channel;
	struct pst_image *image = NULL;

	for (unsigned int i = 0; i < 998; i++) { /* of three, one is seen, one named, one lost */
		event = build_exec(&event, event.time_ns + 2, "/opt/acme/agent");
		if (i % 3 == 0)
			pst_contract_bind(set, pst_attrib_see(*state, &event)->image);
		channel = build_channel(&event, event.time_ns + 1, PST_TCP_CONNECT, "192.0.2.1", 1);
		if (i % 3 == 1)
			image = pst_attrib_see(*state, &channel)->image;
	}
	pst_contract_bind(set, image);
	assert_true(images(*state) < 2 * PST_LINEAGE_MAX);
	assert_int_equal(image->contract, 0);
	pst_contracts_free(set);
}

/* Shells below @parent that all live on, so that only what stands above them can be spared. */
static struct pst_image *nest(void *attrib, const struct pst_contracts *set,
			      struct pst_event parent)
{
	struct pst_image *image = NULL;

	for (uint32_t i = 0; i < 2 * PST_LINEAGE_MAX; i++) {
		struct pst_event fork = build_fork(&parent, 100 + i, parent.time_ns + 1);

		pst_attrib_see(attrib, &fork);
		parent = build_exec(&fork, parent.time_ns + 2, "/bin/sh");
		image = pst_attrib_see(attrib, &parent)->image;
		if (set)
			pst_contract_bind(set, image);
	}
	return image;
}

/* An agent that executed @path, from then on as another user, in whom the nest begins. */
static struct pst_image *nest_below_agent(void *attrib, const struct pst_contracts *set,
					  const char *agent, const char *path)
{
	struct pst_event event = agent_of(agent);
	struct pst_image *image;

	event.task.uid = 7;
	image = pst_attrib_see(attrib, &event)->image;
	if (set)
		pst_contract_bind(set, image);
	event = build_exec(&event, 300, path);
	event.task.uid = 8;
	image = pst_attrib_see(attrib, &event)->image;
	if (set)
		pst_contract_bind(set, image);
	return nest(attrib, set, event);
}

static void vendor_software_is_never_spared(void **state)
{
	assert_non_null(
		pst_attrib_subject(nest_below_agent(*state, NULL, "/opt/acme/agent", "/bin/sh")));
}

static void vendor_software_above_itself_is_spared(void **state)
{
	const struct pst_image *image = nest_below_agent(*state, NULL, "/opt/acme/agent",
							 "/opt/acme/agent");

	assert_string_equal(pst_attrib_subject(image)->program->path, "/opt/acme/agent");
	assert_int_equal(pst_attrib_subject(image)->uid, 8);
	assert_int_equal(images(*state), 2 * PST_LINEAGE_MAX + 1); /* init is spared too */
}

static void nobody_stays_bound_by_an_image_that_was_spared(void **state)
{
	struct pst_event event = agent_of("/opt/acme/agent");
	struct pst_image *first = pst_attrib_see(*state, &event)->image, *second, *shell;

	event = build_exec(&event, 300, "/opt/acme/agent");
	second = pst_attrib_see(*state, &event)->image;
	event = build_exec(&event, 301, "/bin/sh");
	shell = pst_attrib_see(*state, &event)->image;
	first->binder = first;
	second->binder = second;
	shell->binder = first; /* as a set said that is gone */
	shell->contract = 0;
	first->has_bound = true;
	(void)nest(*state, NULL, event); /* asked for its length only */
	assert_null(second->prev);
	assert_null(shell->binder);
	assert_int_equal(shell->contract, -1);
}

static void what_binds_is_never_spared(void **state)
{
	struct pst_contracts *set = contract("{\"path\":\"/usr/sbin/agent\"}");
	const struct pst_image *image = nest_below_agent(*state, set, "/usr/sbin/agent", "/bin/sh");

	assert_string_equal(image->binder->program->path, "/usr/sbin/agent");
	while (image->prev)
		image = image->prev;
	assert_string_equal(image->program->path, "/usr/sbin/agent");
	pst_contracts_free(set);
}

static void what_binds_the_same_program_as_another_user_is_not_spared(void **state)
{
	struct pst_contracts *set = contract("{\"path\":\"/opt/acme/**\",\"uid\":7}");
	const struct pst_image *image = nest_below_agent(*state, set, "/opt/acme/agent",
							 "/opt/acme/agent");

	assert_int_equal(image->binder->uid, 7);
	while (image->prev)
		image = image->prev;
	assert_int_equal(image->uid, 7);
	pst_contracts_free(set);
}

static void what_was_not_judged_with_the_rest_is_not_spared(void **state)
{
	struct pst_event event = agent_of("/usr/sbin/agent");
	struct pst_image *agent = pst_attrib_see(*state, &event)->image;
	const struct pst_image *image;

	event = build_exec(&event, 300, "/bin/sh");
	pst_attrib_see(*state, &event)->image->contract_generation = 5;
	image = nest(*state, NULL, event);
	assert_true(leads_to(image, agent));
}

static void a_caller_of_two_is_not_spared(void **state)
{
	struct pst_event event = agent_of("/usr/sbin/agent"), fork, other;
	const struct pst_image *image, *twice;

	twice = pst_attrib_see(*state, &event)->image;
	fork = build_fork(&event, 50, 250);
	pst_attrib_see(*state, &fork);
	other = build_exec(&fork, 260, "/bin/true");
	pst_attrib_see(*state, &other);
	event = build_exec(&event, 300, "/bin/sh");
	pst_attrib_see(*state, &event);
	image = nest(*state, NULL, event);
	assert_true(leads_to(image, twice));
	assert_ptr_equal(pst_attrib_find(*state, &other.task.proc)->image->prev, twice);
}

static void a_parent_that_is_yet_to_be_described_is_not_spared(void **state)
{
	struct pst_event parent = build_before(10, 100, "/opt/acme/agent");
	struct pst_event child = build_before(11, 200, "/bin/sh");
	const struct pst_image *image;

	child.task.parent = parent.task.proc;
	pst_attrib_see(*state, &child);
	image = nest(*state, NULL, child);
	pst_attrib_see(*state, &parent);
	assert_string_equal(pst_attrib_subject(image)->program->path, "/opt/acme/agent");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(executing_itself_in_a_row_is_no_way_out_of_a_contract),
		CASE(executing_itself_in_a_row_is_no_way_out_of_a_charge),
		CASE(two_system_programs_in_turn_lose_no_vendor_software),
		CASE(two_system_programs_in_turn_lose_no_binder),
		CASE(a_binder_that_returns_in_turn_stays_the_nearest_one),
		CASE(a_system_program_that_binds_is_not_taken_out),
		CASE(a_binder_whose_next_image_only_inherits_is_not_taken_out),
		CASE(a_lineage_of_the_wanted_length_is_left_alone),
		CASE(one_image_more_costs_the_nearest_above_the_caller),
		CASE(what_a_process_runs_is_not_taken_out),
		CASE(lost_execs_fill_no_table),
		CASE(vendor_software_is_never_spared),
		CASE(vendor_software_above_itself_is_spared),
		CASE(nobody_stays_bound_by_an_image_that_was_spared),
		CASE(what_binds_is_never_spared),
		CASE(what_binds_the_same_program_as_another_user_is_not_spared),
		CASE(what_was_not_judged_with_the_rest_is_not_spared),
		CASE(a_caller_of_two_is_not_spared),
		CASE(a_parent_that_is_yet_to_be_described_is_not_spared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
