// SPDX-License-Identifier: Apache-2.0
/* Is every thing that a program once did judged as it would be live, and told with its reason? */
#include "trial_fixture.h"

#define SOFTWARE "{\"path\":\"/opt/acme/**\"}"

static void tells(const struct pst_history *history, const char *rest, const char *line)
{
	struct pst_trial trial = trial_of(history, SOFTWARE, rest);

	assert_int_equal(trial.count, line ? 1 : 0);
	if (line)
		assert_string_equal(trial.lines[0], line);
	pst_trial_clear(&trial);
}

static void an_undeclared_channel_is_told_with_its_reason(void **state)
{
	const struct pst_channel channel = make_channel(PST_TCP_CONNECT, "203.0.113.9", 443, 0);

	did(*state, &channel, NULL, NULL);
	tells(*state, "\"channels\":[{\"connect\":\"tcp\",\"to\":\"203.0.113.9\",\"port\":80}]",
	      AGENT "  tcp_connect 203.0.113.9:443  on 1 day, last 2024-10-04: port 443 is not 80  "
		    "(would allow it: {\"connect\":\"tcp\",\"to\":\"203.0.113.9\",\"port\":443})");
}

/* The history has one entry for them, without a port. */
static void ports_of_the_kernels_choice_are_ephemeral(void **state)
{
	struct pst_trial trial;
	uint16_t port;

	for (port = 40000; port < 40010; port++) {
		const struct pst_channel channel = make_channel(PST_TCP_LISTEN, "127.0.0.1", port,
								0);

		did(*state, &channel, NULL, NULL);
	}
	tells(*state, "\"channels\":[{\"listen\":\"tcp\",\"port\":\"ephemeral\"}]", NULL);
	trial = trial_of(*state, SOFTWARE,
			 "\"channels\":[{\"listen\":\"tcp\",\"port\":\"1-32767\"}]");
	assert_int_equal(trial.count, 4); /* three of them, and all others */
	pst_trial_clear(&trial);
}

static void names_are_those_that_were_seen(void **state)
{
	const struct pst_channel one = make_channel(PST_TCP_CONNECT, "203.0.113.9", 443, 0);
	const struct pst_channel two = make_channel(PST_TCP_CONNECT, "203.0.113.10", 443, 0);

	did(*state, &one, "vault.bank.example", NULL);
	tells(*state, "\"channels\":[{\"connect\":\"tcp\",\"to\":\"*.bank.example\",\"port\":443}]",
	      NULL);
	did(*state, &two, "evil.example", NULL);
	tells(*state, "\"channels\":[{\"connect\":\"tcp\",\"to\":\"*.bank.example\",\"port\":443}]",
	      AGENT
	      "  tcp_connect 203.0.113.10:443 (evil.example)  on 1 day, last 2024-10-04: "
	      "203.0.113.10 is no address that a configured resolver gave for *.bank.example  "
	      "(would allow it: {\"connect\":\"tcp\",\"to\":\"203.0.113.10\",\"port\":443})");
}

static void a_name_holds_for_the_channel_that_it_led_to(void **state)
{
	const struct pst_channel named = make_channel(PST_TCP_CONNECT, "203.0.113.9", 443, 0);
	const struct pst_channel other = make_channel(PST_TCP_CONNECT, "203.0.113.9", 8443, 0);

	did(*state, &named, "vault.bank.example", NULL);
	did(*state, &other, NULL, NULL);
	tells(*state, "\"channels\":[{\"connect\":\"tcp\",\"to\":\"vault.bank.example\"}]",
	      AGENT
	      "  tcp_connect 203.0.113.9:8443  on 1 day, last 2024-10-04: 203.0.113.9 is no "
	      "address that a configured resolver gave for vault.bank.example  (would allow it: "
	      "{\"connect\":\"tcp\",\"to\":\"203.0.113.9\",\"port\":8443})");
}

static void what_only_the_host_knows_is_counted(void **state)
{
	const struct pst_channel channel = make_channel(PST_UDP_PEER, "203.0.113.53", 53, 0);
	struct pst_trial trial;

	did(*state, &channel, NULL, NULL);
	trial = trial_of(*state, SOFTWARE,
			 "\"channels\":[{\"connect\":\"udp\",\"to\":\"@resolvers\"}]");
	assert_int_equal(trial.count, 0);
	assert_int_equal(trial.unknown, 1);
	pst_trial_clear(&trial);
}

static void a_socket_is_known_by_its_name(void **state)
{
	struct pst_channel channel = make_channel(PST_UNIX, "::", 0, 0);

	channel.name = (char *)"/run/acme/x";
	channel.name_len = 11;
	did(*state, &channel, NULL, NULL);
	tells(*state, "\"channels\":[{\"unix\":\"/run/acme/*\"}]", NULL);
	tells(*state, "\"channels\":[]",
	      AGENT
	      "  unix unix:/run/acme/x  on 1 day, last 2024-10-04: no entry of the contract says "
	      "unix  (would allow it: {\"unix\":\"/run/acme/x\"})");
}

static void acts_are_held_against_what_allow_says(void **state)
{
	static const struct {
		enum pst_past_what what;
		const char *text, *allow, *words;
	} acts[] = {
		{ PST_PAST_EXEC, "/bin/sh", "\"exec\":[\"/bin/sh\"]", "executed /bin/sh" },
		{ PST_PAST_HANDED, "/usr/bin/x",
		  "\"allow\":{\"handed_over_sockets\":[\"/usr/bin/x\"]}",
		  "was handed a socket by /usr/bin/x" },
		{ PST_PAST_FILTER, "tag:0123456789abcdef",
		  "\"allow\":{\"filters\":[\"tag:0123456789abcdef\"]}",
		  "attached the socket filter tag:0123456789abcdef" },
		{ PST_PAST_MODULE, "net-pf-16", "\"allow\":{\"modules\":[\"net-pf-*\"]}",
		  "had the kernel load the module net-pf-16" },
		{ PST_PAST_URING, "", "\"allow\":{\"io_uring\":true}",
		  "used the network through io_uring" },
		{ PST_PAST_BPF, "6", "\"allow\":{\"bpf\":\"xdp\"}",
		  "loaded an eBPF program of type 6" },
		{ PST_PAST_MEMFD, "", "\"allow\":{\"memfd_exec\":true}",
		  "executed a program from memory" },
		{ PST_PAST_DELETED, "", "\"allow\":{\"deleted_exec\":true}",
		  "executed a deleted file" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		struct pst_history *history = pst_history_new(&history_keys);
		char rest[256], line[256];

		pst_history_fact(history, pst_history_program(history, AGENT, NOON_S),
				 &(struct pst_past_deed){ acts[i].what, acts[i].text, NOON_S });
		(void)snprintf(rest, sizeof(rest), "\"channels\":[],%s", acts[i].allow);
		tells(history, rest, NULL);
		(void)snprintf(line, sizeof(line), AGENT "  %s  on 1 day, last 2024-10-04",
			       acts[i].words);
		tells(history, "\"channels\":[],\"exec\":[]", line);
		pst_history_free(history);
	}
}

static void a_contract_without_an_exec_list_says_nothing_of_programs(void **state)
{
	pst_history_fact(*state, pst_history_program(*state, AGENT, NOON_S),
			 &(struct pst_past_deed){ PST_PAST_EXEC, "/bin/sh", NOON_S });
	tells(*state, "\"channels\":[]", NULL);
}

static void who_may_execute_an_interpreter_may_give_it_a_script(void **state)
{
	static const char script[] = "/opt/acme/job.py";
	static const char told[] = AGENT "  executed /opt/acme/job.py  on 1 day, last 2024-10-04";
	static const char may[] = "\"channels\":[],\"exec\":[\"/usr/bin/python3*\"]";
	struct pst_past_program *job = pst_history_program(*state, script, NOON_S);

	pst_history_fact(*state, pst_history_program(*state, AGENT, NOON_S),
			 &(struct pst_past_deed){ PST_PAST_EXEC, script, NOON_S });
	tells(*state, may, told); /* nobody knows what runs it */
	job->interpreter = strdup("/usr/bin/python3.11");
	tells(*state, may, told); /* by its first line: what was executed is the script */
	job->argument = true;
	tells(*state, may, NULL);
	tells(*state, "\"channels\":[],\"exec\":[\"/opt/acme/job.py\"]", NULL);
	tells(*state, "\"channels\":[],\"exec\":[\"/usr/bin/perl\"]", told);
}

static void who_may_hand_over_is_known_by_its_interpreter_too(void **state)
{
	static const char script[] = "/opt/acme/job.py";
	static const char may[] =
		"\"channels\":[],\"allow\":{\"handed_over_sockets\":[\"/usr/bin/python3*\"]}";
	struct pst_past_program *job = pst_history_program(*state, script, NOON_S);

	pst_history_fact(*state, pst_history_program(*state, AGENT, NOON_S),
			 &(struct pst_past_deed){ PST_PAST_HANDED, script, NOON_S });
	job->interpreter = strdup("/usr/bin/python3.11");
	tells(*state, may,
	      AGENT "  was handed a socket by /opt/acme/job.py  on 1 day, last 2024-10-04");
	job->argument = true;
	tells(*state, may, NULL);
}

static void hostile_words_are_harmless(void **state)
{
	pst_history_fact(*state, pst_history_program(*state, AGENT, NOON_S),
			 &(struct pst_past_deed){ PST_PAST_MODULE, "\x1b[2J", NOON_S });
	tells(*state, "\"channels\":[]",
	      AGENT "  had the kernel load the module \\x1b[2J  on 1 day, last 2024-10-04");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_undeclared_channel_is_told_with_its_reason,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(ports_of_the_kernels_choice_are_ephemeral, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(names_are_those_that_were_seen, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_name_holds_for_the_channel_that_it_led_to, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(what_only_the_host_knows_is_counted, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_socket_is_known_by_its_name, set_up, tear_down),
		cmocka_unit_test(acts_are_held_against_what_allow_says),
		cmocka_unit_test_setup_teardown(
			a_contract_without_an_exec_list_says_nothing_of_programs, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(who_may_execute_an_interpreter_may_give_it_a_script,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(who_may_hand_over_is_known_by_its_interpreter_too,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(hostile_words_are_harmless, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
