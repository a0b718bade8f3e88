// SPDX-License-Identifier: Apache-2.0
/* Is a name learned from an answer that was asked for, of a resolver that is configured, and from
 * nothing else? */
#include "names_fixture.h"

#include <stdio.h>

static void an_answer_to_a_question_gives_a_name(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event task = build_event(PST_EVENT_FORK, 10, 100);

	(void)state;
	resolve(attrib, &task, "vault.bank.example", "203.0.113.9");
	assert_true(has(attrib, "203.0.113.9", "vault.bank.example"));
	assert_false(has(attrib, "203.0.113.10", "vault.bank.example"));
	assert_false(has(attrib, "203.0.113.9", "bank.example"));
	assert_int_equal(figures_of(attrib).dns_questions, 1);
	assert_int_equal(figures_of(attrib).dns_answers, 1);
	assert_int_equal(figures_of(attrib).named, 1);
	pst_attrib_free(attrib);
}

/* Each differs from the question in one thing. */
static void an_answer_that_fits_no_question_is_counted(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event task = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event question, event;
	int i;

	(void)state;
	for (i = 0; i < 7; i++) {
		question = ask(&task, 200, "a.example");
		(void)pst_attrib_see(attrib, &question);
		event = answer(&question, "203.0.113.9", 60);
		if (i == 0)
			dns.id++;
		else if (i == 1)
			dns.qtype = 28;
		else if (i == 2)
			strcpy(dns.question, "b.example");
		else if (i == 3)
			event.payload.cookie++;
		else if (i == 4)
			event.payload.local_port++;
		else if (i == 5)
			event.payload.peer_port++;
		else
			event.payload.peer = build_addr("10.0.0.54");
		(void)pst_attrib_see(attrib, &event);
		assert_int_equal(figures_of(attrib).dns_unmatched, i + 1);
	}
	assert_int_equal(figures_of(attrib).named, 0);
	assert_int_equal(figures_of(attrib).dns_untrusted, 0);
	pst_attrib_free(attrib);
}

static void who_is_no_configured_resolver_is_not_trusted(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event task = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event event = ask(&task, 200, "a.example");
	struct pst_event elsewhere = event;

	(void)state;
	event.payload.peer = build_addr("203.0.113.53");
	(void)pst_attrib_see(attrib, &event);
	event = answer(&event, "203.0.113.9", 60);
	(void)pst_attrib_see(attrib, &event);
	assert_int_equal(figures_of(attrib).dns_untrusted, 1);
	/* a port of the resolver's machine that anybody may have */
	dns.answer = false;
	elsewhere.payload.peer_port = 5353;
	(void)pst_attrib_see(attrib, &elsewhere);
	elsewhere = answer(&elsewhere, "203.0.113.9", 60);
	(void)pst_attrib_see(attrib, &elsewhere);
	assert_int_equal(figures_of(attrib).dns_untrusted, 2);
	assert_int_equal(figures_of(attrib).dns_unmatched, 0);
	assert_int_equal(figures_of(attrib).named, 0);
	pst_attrib_free(attrib);
}

/* One socket on the resolver's address and port, which hears what it sends. */
static void who_answers_itself_is_not_trusted(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event task = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event event = ask(&task, 200, "a.example");

	(void)state;
	event.payload.local = event.payload.peer;
	event.payload.local_port = event.payload.peer_port;
	(void)pst_attrib_see(attrib, &event);
	event = answer(&event, "203.0.113.9", 60);
	(void)pst_attrib_see(attrib, &event);
	assert_int_equal(figures_of(attrib).dns_untrusted, 1);
	assert_int_equal(figures_of(attrib).named, 0);
	/* a resolver on this host has the address too, not the port */
	event = ask(&task, 200, "a.example");
	event.payload.local = event.payload.peer;
	(void)pst_attrib_see(attrib, &event);
	event = answer(&event, "203.0.113.9", 60);
	(void)pst_attrib_see(attrib, &event);
	assert_int_equal(figures_of(attrib).named, 1);
	pst_attrib_free(attrib);
}

static void a_question_is_answered_once_and_in_time(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event task = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event event = ask(&task, 200, "a.example");

	(void)state;
	(void)pst_attrib_see(attrib, &event);
	event = answer(&event, "203.0.113.9", 60);
	event.time_ns += 60 * SECOND;
	(void)pst_attrib_see(attrib, &event);
	event = answer(&event, "203.0.113.10", 60);
	(void)pst_attrib_see(attrib, &event);
	assert_true(has(attrib, "203.0.113.9", "a.example"));
	assert_false(has(attrib, "203.0.113.10", "a.example"));
	assert_int_equal(figures_of(attrib).dns_unmatched, 1);
	event = ask(&task, 100 * SECOND, "a.example");
	(void)pst_attrib_see(attrib, &event);
	event = answer(&event, "203.0.113.10", 60);
	event.time_ns += 60 * SECOND + 1;
	(void)pst_attrib_see(attrib, &event);
	assert_int_equal(figures_of(attrib).dns_unmatched, 2);
	pst_attrib_free(attrib);
}

static void an_error_names_nothing(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event task = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event event = ask(&task, 200, "a.example");

	(void)state;
	(void)pst_attrib_see(attrib, &event);
	event = answer(&event, "203.0.113.9", 60);
	dns.rcode = 3;
	(void)pst_attrib_see(attrib, &event);
	assert_int_equal(figures_of(attrib).named, 0);
	assert_int_equal(figures_of(attrib).dns_unmatched, 0);
	pst_attrib_free(attrib);
}

static void who_serves_names_learns_nothing(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event task = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event event = ask(&task, 200, "a.example");

	(void)state;
	event.payload.inbound = true;
	(void)pst_attrib_see(attrib, &event);
	event = answer(&event, "203.0.113.9", 60);
	event.payload.inbound = false;
	(void)pst_attrib_see(attrib, &event);
	assert_int_equal(figures_of(attrib).dns_questions, 0);
	assert_int_equal(figures_of(attrib).dns_answers, 0);
	assert_int_equal(figures_of(attrib).named, 0);
	pst_attrib_free(attrib);
}

static void a_question_of_nobody_has_no_answer(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event task = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event event = ask(&task, 200, "a.example");

	(void)state;
	event.no_owner = true;
	(void)pst_attrib_see(attrib, &event);
	event = answer(&event, "203.0.113.9", 60);
	(void)pst_attrib_see(attrib, &event);
	assert_int_equal(figures_of(attrib).dns_questions, 1);
	assert_int_equal(figures_of(attrib).dns_unmatched, 1);
	assert_int_equal(figures_of(attrib).named, 0);
	pst_attrib_free(attrib);
}

static void malformed_messages_are_counted(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event task = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event event = ask(&task, 200, "a.example");

	(void)state;
	event.payload.form = PST_PAYLOAD_IS_BAD;
	event.payload.dns = NULL;
	(void)pst_attrib_see(attrib, &event);
	event.payload.class_ = PST_CLASS_TLS;
	(void)pst_attrib_see(attrib, &event);
	assert_int_equal(figures_of(attrib).dns_malformed, 1);
	pst_attrib_free(attrib);
}

static void addresses_and_questions_are_bounded(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(2);
	struct pst_event task = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_event first = ask(&task, 200, "first.example");
	char name[64];
	int i;

	(void)state;
	resolve(attrib, &task, "a.example", "203.0.113.1");
	resolve(attrib, &task, "b.example", "203.0.113.2");
	resolve(attrib, &task, "a.example", "203.0.113.1"); /* used again */
	resolve(attrib, &task, "c.example", "203.0.113.3");
	assert_true(has(attrib, "203.0.113.1", "a.example"));
	assert_false(has(attrib, "203.0.113.2", "b.example"));
	assert_int_equal(figures_of(attrib).names_evicted, 1);
	assert_int_equal(figures_of(attrib).named, 2);
	(void)pst_attrib_see(attrib, &first);
	for (i = 0; i < 4; i++) { /* as many as may wait */
		struct pst_event event;

		(void)snprintf(name, sizeof(name), "%d.example", i);
		event = ask(&task, 200, name);
		(void)pst_attrib_see(attrib, &event);
	}
	first = ask(&task, 200, "first.example");
	first = answer(&first, "203.0.113.9", 60);
	(void)pst_attrib_see(attrib, &first);
	assert_int_equal(figures_of(attrib).dns_unmatched, 1);
	pst_attrib_free(attrib);
}

static void an_address_has_at_most_eight_names(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event task = build_event(PST_EVENT_FORK, 10, 100);
	char name[64];
	int i;

	(void)state;
	for (i = 0; i < PST_NAMES_MAX; i++) {
		(void)snprintf(name, sizeof(name), "%d.example", i);
		resolve(attrib, &task, name, "203.0.113.9");
	}
	resolve(attrib, &task, "0.example", "203.0.113.9"); /* the latest now */
	assert_int_equal(figures_of(attrib).names_evicted, 0);
	resolve(attrib, &task, "new.example", "203.0.113.9");
	assert_true(has(attrib, "203.0.113.9", "new.example"));
	assert_true(has(attrib, "203.0.113.9", "0.example"));
	assert_false(has(attrib, "203.0.113.9", "1.example"));
	assert_true(has(attrib, "203.0.113.9", "2.example"));
	assert_int_equal(figures_of(attrib).names_evicted, 1);
	pst_attrib_free(attrib);
}

static struct pst_event hosts_line(const char *addr, const char *names, size_t len)
{
	struct pst_event event = build_event(PST_EVENT_HOST_NAMES, 0, 0);

	event.host_names.addr = build_addr(addr);
	event.host_names.names = (struct pst_span){ .data = (const uint8_t *)names, .len = len };
	return event;
}

static void the_hosts_file_names_until_it_is_told_again(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event line = hosts_line("10.0.0.9", "Vault\0vault.example.\0\0a b", 24);

	(void)state;
	(void)pst_attrib_see(attrib, &line);
	pass(attrib, 1000 * HOUR);
	assert_true(has(attrib, "10.0.0.9", "vault"));
	assert_true(has(attrib, "10.0.0.9", "vault.example"));
	assert_false(has(attrib, "10.0.0.9", "a b"));
	line = hosts_line("10.0.0.8", "other", 5); /* the last name may have no end */
	line.host_names.first = true;
	(void)pst_attrib_see(attrib, &line);
	assert_false(has(attrib, "10.0.0.9", "vault"));
	assert_true(has(attrib, "10.0.0.8", "other"));
	pst_attrib_free(attrib);
}

static void the_hosts_file_is_not_pushed_out(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(2);
	struct pst_event line = hosts_line("10.0.0.9", "vault", 6);
	struct pst_event task = build_event(PST_EVENT_FORK, 10, 100);

	(void)state;
	(void)pst_attrib_see(attrib, &line);
	resolve(attrib, &task, "a.example", "203.0.113.1");
	resolve(attrib, &task, "b.example", "203.0.113.2");
	assert_true(has(attrib, "10.0.0.9", "vault"));
	assert_false(has(attrib, "203.0.113.1", "a.example"));
	pst_attrib_free(attrib);
}

static void a_chain_of_aliases_names_the_address_and_the_question_comes_first(void **state)
{
	struct pst_attrib *attrib = names_of_resolver(0);
	struct pst_event task = build_event(PST_EVENT_FORK, 10, 100);
	struct pst_addr addr = build_addr("203.0.113.9");
	const char *names[PST_NAMES_MAX];

	(void)state;
	resolve_over(attrib, &task, (struct chain){ "q.example", "a.example", "b.example" },
		     "203.0.113.9");
	assert_int_equal(pst_attrib_names(attrib, &addr, names, PST_NAMES_MAX), 3);
	assert_string_equal(names[0], "q.example");
	assert_string_equal(names[1], "a.example");
	assert_string_equal(names[2], "b.example");
	assert_string_equal(pst_attrib_name_for(attrib, pst_attrib_find(attrib, &task.task.proc),
						&addr),
			    "q.example");
	pass(attrib, 24 * HOUR + task.time_ns + 1); /* who asked still lives */
	assert_true(has(attrib, "203.0.113.9", "b.example"));
	pst_attrib_free(attrib);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chain_of_aliases_names_the_address_and_the_question_comes_first),
		cmocka_unit_test(an_answer_to_a_question_gives_a_name),
		cmocka_unit_test(an_answer_that_fits_no_question_is_counted),
		cmocka_unit_test(who_is_no_configured_resolver_is_not_trusted),
		cmocka_unit_test(who_answers_itself_is_not_trusted),
		cmocka_unit_test(a_question_is_answered_once_and_in_time),
		cmocka_unit_test(an_error_names_nothing),
		cmocka_unit_test(who_serves_names_learns_nothing),
		cmocka_unit_test(a_question_of_nobody_has_no_answer),
		cmocka_unit_test(malformed_messages_are_counted),
		cmocka_unit_test(addresses_and_questions_are_bounded),
		cmocka_unit_test(an_address_has_at_most_eight_names),
		cmocka_unit_test(the_hosts_file_names_until_it_is_told_again),
		cmocka_unit_test(the_hosts_file_is_not_pushed_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
