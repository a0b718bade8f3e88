// SPDX-License-Identifier: Apache-2.0
/* How long does a name hold, for whom, and which one led a process to an address? */
#include "names_fixture.h"

static void names_match_without_case_and_below_a_domain(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event task = build_event(PST_EVENT_FORK, 10, 100);

	(void)state;
	resolve(attrib, &task, "a.b.example", "203.0.113.9");
	assert_true(has(attrib, "203.0.113.9", "A.B.Example"));
	assert_true(has(attrib, "203.0.113.9", "*.b.example"));
	assert_true(has(attrib, "203.0.113.9", "*.EXAMPLE"));
	assert_false(has(attrib, "203.0.113.9", "*.a.b.example"));
	assert_false(has(attrib, "203.0.113.9", "*.c.example"));
	resolve(attrib, &task, "example", "203.0.113.10");
	assert_false(has(attrib, "203.0.113.10", "*.example"));
	resolve(attrib, &task, ".example", "203.0.113.11");
	assert_false(has(attrib, "203.0.113.11", "*.example"));
	pst_attrib_free(attrib);
}

static void a_name_holds_a_day(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event task = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event end = build_as(&task, PST_EVENT_EXIT, 200);

	(void)state;
	resolve(attrib, &task, "a.example", "203.0.113.9");
	(void)pst_attrib_see(attrib, &end);
	pass(attrib, 100 + 24 * HOUR);
	assert_true(has(attrib, "203.0.113.9", "a.example"));
	pass(attrib, 101 + 24 * HOUR);
	assert_false(has(attrib, "203.0.113.9", "a.example"));
	pst_attrib_free(attrib);
}

static void a_name_holds_as_long_as_its_ttl(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event task = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event end = build_as(&task, PST_EVENT_EXIT, 200);
	struct pst_event event = ask(&task, 100, "a.example");

	(void)state;
	(void)pst_attrib_see(attrib, &event);
	event = answer(&event, "203.0.113.9", 48 * 3600);
	(void)pst_attrib_see(attrib, &event);
	(void)pst_attrib_see(attrib, &end);
	pass(attrib, 100 + 48 * HOUR);
	assert_true(has(attrib, "203.0.113.9", "a.example"));
	pass(attrib, 101 + 48 * HOUR);
	assert_false(has(attrib, "203.0.113.9", "a.example"));
	pst_attrib_free(attrib);
}

static void a_name_holds_as_long_as_one_who_asked_lives(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event daemon = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event shorts, end = build_as(&daemon, PST_EVENT_EXIT, 100 * HOUR);
	uint32_t pid;

	(void)state;
	resolve(attrib, &daemon, "a.example", "203.0.113.9");
	for (pid = 20; pid < 30; pid++) {
		shorts = build_event(PST_EVENT_FORK, pid, 100 + pid);
		resolve(attrib, &shorts, "a.example", "203.0.113.9");
		shorts = build_as(&shorts, PST_EVENT_EXIT, 200);
		(void)pst_attrib_see(attrib, &shorts);
	}
	pass(attrib, 99 * HOUR);
	assert_true(has(attrib, "203.0.113.9", "a.example"));
	(void)pst_attrib_see(attrib, &end);
	assert_false(has(attrib, "203.0.113.9", "a.example"));
	pst_attrib_free(attrib);
}

static struct pst_event in_network(uint32_t tgid, uint32_t netns)
{
	struct pst_event task = build_event(PST_EVENT_FORK, tgid, 100);

	task.task.netns = netns;
	return task;
}

/* Whoever makes a network of his own can have any resolver in it. */
static void names_are_learned_in_the_network_of_the_host_and_hold_everywhere(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event init = in_network(1, 7), task = in_network(10, 7);
	struct pst_event jailed = in_network(11, 8);
	const struct pst_process *inside;
	struct pst_addr fake = build_addr("203.0.113.66"), real = build_addr("203.0.113.9");

	(void)state;
	(void)pst_attrib_see(attrib, &jailed); /* the first one seen */
	(void)pst_attrib_see(attrib, &init);
	(void)pst_attrib_see(attrib, &task);
	resolve(attrib, &jailed, "a.example", "203.0.113.66");
	assert_int_equal(figures_of(attrib).dns_untrusted, 1);
	resolve(attrib, &task, "a.example", "203.0.113.9");
	assert_int_equal(figures_of(attrib).dns_untrusted, 1);
	assert_true(has(attrib, "203.0.113.9", "a.example"));
	assert_false(has(attrib, "203.0.113.66", "a.example"));
	inside = pst_attrib_find(attrib, &task.task.proc);
	assert_false(pst_attrib_is_elsewhere(attrib, inside));
	assert_null(pst_attrib_name_for(attrib, inside, &fake));
	inside = pst_attrib_find(attrib, &jailed.task.proc);
	assert_true(pst_attrib_is_elsewhere(attrib, inside));
	assert_null(pst_attrib_name_for(attrib, inside, &fake));
	assert_string_equal(pst_attrib_name_for(attrib, inside, &real), "a.example");
	pst_attrib_free(attrib);
}

/* The network of a question is that of its socket, wherever its process is. */
static void a_socket_of_another_network_teaches_its_owner_nothing(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event init = in_network(1, 7), task = in_network(10, 7);
	struct pst_event event;

	(void)state;
	(void)pst_attrib_see(attrib, &init);
	(void)pst_attrib_see(attrib, &task);
	event = ask(&task, 200, "a.example");
	event.task.netns = 8;
	event.no_task = true;
	(void)pst_attrib_see(attrib, &event);
	event = answer(&event, "203.0.113.66", 60);
	(void)pst_attrib_see(attrib, &event);
	assert_false(has(attrib, "203.0.113.66", "a.example"));
	assert_int_equal(figures_of(attrib).dns_untrusted, 1);
	/* nor does a socket of init in a network of its own make that the host's */
	event = ask(&init, 200, "b.example");
	event.task.netns = 8;
	(void)pst_attrib_see(attrib, &event);
	resolve(attrib, &task, "b.example", "203.0.113.9");
	assert_true(has(attrib, "203.0.113.9", "b.example"));
	pst_attrib_free(attrib);
}

static void until_init_is_seen_the_first_network_is_the_hosts(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event first = in_network(10, 7), jailed = in_network(11, 8);

	(void)state;
	(void)pst_attrib_see(attrib, &first);
	resolve(attrib, &jailed, "a.example", "203.0.113.66");
	resolve(attrib, &first, "a.example", "203.0.113.9");
	assert_false(has(attrib, "203.0.113.66", "a.example"));
	assert_true(has(attrib, "203.0.113.9", "a.example"));
	pst_attrib_free(attrib);
}

static void the_name_that_a_process_asked_for_comes_first(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event one = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event two = build_event(PST_EVENT_FORK, 11, 200);
	struct pst_event three = build_event(PST_EVENT_FORK, 12, 300);
	struct pst_addr addr = build_addr("203.0.113.9"), other = build_addr("203.0.113.10");
	const char *names[PST_NAMES_MAX];

	(void)state;
	resolve(attrib, &one, "one.example", "203.0.113.9");
	resolve(attrib, &two, "two.example", "203.0.113.9");
	(void)pst_attrib_see(attrib, &three);
	assert_string_equal(pst_attrib_name_for(attrib, pst_attrib_find(attrib, &one.task.proc),
						&addr),
			    "one.example");
	assert_string_equal(pst_attrib_name_for(attrib, pst_attrib_find(attrib, &three.task.proc),
						&addr),
			    "two.example");
	assert_string_equal(pst_attrib_name_for(attrib, NULL, &addr), "two.example");
	assert_null(pst_attrib_name_for(attrib, NULL, &other));
	assert_int_equal(pst_attrib_names(attrib, &addr, names, PST_NAMES_MAX), 2);
	assert_string_equal(names[0], "two.example");
	assert_string_equal(names[1], "one.example");
	assert_int_equal(pst_attrib_names(attrib, &addr, names, 1), 1);
	assert_int_equal(pst_attrib_names(attrib, &other, names, 1), 0);
	pst_attrib_free(attrib);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_match_without_case_and_below_a_domain),
		cmocka_unit_test(a_name_holds_a_day),
		cmocka_unit_test(a_name_holds_as_long_as_its_ttl),
		cmocka_unit_test(a_name_holds_as_long_as_one_who_asked_lives),
		cmocka_unit_test(names_are_learned_in_the_network_of_the_host_and_hold_everywhere),
		cmocka_unit_test(a_socket_of_another_network_teaches_its_owner_nothing),
		cmocka_unit_test(until_init_is_seen_the_first_network_is_the_hosts),
		cmocka_unit_test(the_name_that_a_process_asked_for_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
