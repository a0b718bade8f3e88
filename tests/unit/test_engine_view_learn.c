// SPDX-License-Identifier: Apache-2.0
/* Is the right program drafted, and what is said when there is none of that name? */
#include "learn_fixture.h"

static char *learn(struct lesson *lesson, const char *what)
{
	name(lesson, what);
	return pst_view_learn(&lesson->keys, lesson->why);
}

static void drafts(struct lesson *lesson, const char *what, const char *expected)
{
	char *text = learn(lesson, what);

	assert_non_null(text);
	assert_non_null(strstr(text, expected));
	free(text);
}

static void refuses(struct lesson *lesson, const char *what, const char *expected)
{
	assert_null(learn(lesson, what));
	if (!strstr(lesson->why, expected))
		fail_msg("%s", lesson->why);
}

static void a_program_is_named_by_its_path_or_the_last_of_it(void **state)
{
	struct lesson lesson = begin_lesson();

	(void)state;
	(void)know(&lesson, "/opt/acme/agent", 80);
	(void)know(&lesson, "/opt/acme/backup", 81);
	drafts(&lesson, "/opt/acme/agent", "\"path\": \"/opt/acme/agent\"");
	drafts(&lesson, "backup", "\"port\": 81");
	pst_history_free(lesson.history);
}

static void two_programs_of_one_name_are_told_apart_by_a_person(void **state)
{
	struct lesson lesson = begin_lesson();

	(void)state;
	(void)know(&lesson, "/opt/new/agent", 80);
	(void)know(&lesson, "/opt/acme/agent", 80);
	refuses(&lesson, "agent",
		"several programs have that name: name them by path: /opt/acme/agent, "
		"/opt/new/agent");
	drafts(&lesson, "/opt/*/agent",
	       "\"software\": [ { \"path\": \"/opt/acme/agent\" }, { \"path\": \"/opt/new/agent\" } ]");
	pst_history_free(lesson.history);
}

static void who_is_not_known_is_told_who_is(void **state)
{
	struct lesson lesson = begin_lesson();

	(void)state;
	refuses(&lesson, "agent", "nothing is known yet of any program");
	(void)know(&lesson, "/opt/acme/agent", 80);
	refuses(&lesson, "agnet", "did you mean agent?");
	refuses(&lesson, "quite-another", "known are agent");
	refuses(&lesson, "/opt/acme/agenx", "did you mean /opt/acme/agent");
	lesson.keys.by = PST_DRAFT_BY_UNIT;
	refuses(&lesson, "agent", "nothing is known of a unit agent");
	pst_history_free(lesson.history);
}

static void vendor_software_that_it_executes_is_named(void **state)
{
	const char line[] =
		"// It executes /opt/acme/curl, whose deeds are not in it.\n"
		"// It executes /opt/acme/it's new, whose deeds are not in it.\n"
		"// One contract of all of them: postern learn /opt/acme/agent /opt/acme/curl "
		"'/opt/acme/it?s new'\n";
	const struct pst_past_deed deed = { PST_PAST_EXEC, "/opt/acme/curl", 1000 };
	const struct pst_past_deed next = { PST_PAST_EXEC, "/opt/acme/it's new", 1000 };
	struct lesson lesson = begin_lesson();
	struct pst_past_program *agent = know(&lesson, "/opt/acme/agent", 80);
	char *text;

	(void)state;
	know(&lesson, "/opt/acme/curl", 443)->vendor = true;
	know(&lesson, "/opt/acme/it's new", 444)->vendor = true;
	agent = pst_history_program(lesson.history, "/opt/acme/agent", NOON_S);
	text = learn(&lesson, "agent");
	assert_null(strstr(text, line));
	free(text);
	pst_history_fact(lesson.history, agent, &deed);
	pst_history_fact(lesson.history,
			 pst_history_program(lesson.history, "/opt/acme/curl", NOON_S), &next);
	drafts(&lesson, "agent", line);
	lesson.keys.whole = true; /* all was charged to the agent */
	text = learn(&lesson, "agent");
	assert_null(strstr(text, line));
	free(text);
	pst_history_free(lesson.history);
}

/* A wrapper opens nothing, yet what it executes is held against the contract that binds it. */
static void what_a_wrapper_starts_is_named_with_it(void **state)
{
	const char line[] = "// It executes /opt/acme/wrap, whose deeds are not in it.\n"
			    "// It executes /opt/acme/curl, whose deeds are not in it.\n";
	const struct pst_past_deed deed = { PST_PAST_EXEC, "/opt/acme/wrap", 1000 };
	const struct pst_past_deed next = { PST_PAST_EXEC, "/opt/acme/curl", 1000 };
	struct lesson lesson = begin_lesson();
	struct pst_past_program *wrap;

	(void)state;
	pst_history_fact(lesson.history, know(&lesson, "/opt/acme/agent", 80), &deed);
	know(&lesson, "/opt/acme/curl", 443)->vendor = true;
	wrap = pst_history_program(lesson.history, "/opt/acme/wrap", NOON_S);
	wrap->vendor = true;
	pst_history_fact(lesson.history, wrap, &next);
	drafts(&lesson, "agent", line);
	drafts(&lesson, "agent", "postern learn /opt/acme/agent /opt/acme/wrap /opt/acme/curl\n");
	pst_history_free(lesson.history);
}

static void several_programs_are_one_contract(void **state)
{
	const struct pst_past_deed deed = { PST_PAST_EXEC, "/opt/acme/curl", 1000 };
	struct lesson lesson = begin_lesson();

	(void)state;
	pst_history_fact(lesson.history, know(&lesson, "/opt/acme/agent", 80), &deed);
	know(&lesson, "/opt/acme/curl", 443)->vendor = true;
	(void)know(&lesson, "/opt/other", 82);
	name(&lesson, "agent");
	lesson.names[1] = "/opt/acme/c*";
	lesson.keys.name_count = 2;
	for (unsigned int i = 0; i < 2; i++) {
		char *text = pst_view_learn(&lesson.keys, lesson.why);

		assert_non_null(text);
		assert_non_null(strstr(text, "\"software\": [ { \"path\": \"/opt/acme/agent\" }, { "
					     "\"path\": \"/opt/acme/curl\" } ]"));
		assert_non_null(strstr(text, "\"port\": [ 80, 443 ]"));
		assert_null(strstr(text, "not in it"));
		free(text);
		name(&lesson, "/opt/acme/**");
	}
	lesson.names[1] = "/opt/acme/d*";
	lesson.keys.name_count = 2;
	assert_null(pst_view_learn(&lesson.keys, lesson.why));
	assert_string_equal(lesson.why, "nothing is known of a program /opt/acme/d*; did you mean "
					"/opt/acme/curl?");
	pst_history_free(lesson.history);
}

static void programs_of_a_package_are_one_contract(void **state)
{
	const struct pst_past_identity identity = { .package = (char *)"acme",
						    .version = (char *)"1" };
	struct lesson lesson = begin_lesson();

	(void)state;
	(void)pst_history_identity(know(&lesson, "/opt/acme/agent", 80), &identity);
	(void)pst_history_identity(know(&lesson, "/opt/acme/backup", 81), &identity);
	(void)know(&lesson, "/opt/other", 82);
	lesson.keys.by = PST_DRAFT_BY_PACKAGE;
	drafts(&lesson, "acme", "\"software\": [ { \"package\": \"acme\" } ]");
	drafts(&lesson, "acme", "\"port\": [ 80, 81 ]");
	pst_history_free(lesson.history);
}

static void what_no_contract_can_name_is_said(void **state)
{
	struct lesson lesson = begin_lesson();

	(void)state;
	know(&lesson, "/memfd:x", 80)->memfd = true;
	refuses(&lesson, "/memfd:x", "no contract can name it");
	pst_history_free(lesson.history);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_is_named_by_its_path_or_the_last_of_it),
		cmocka_unit_test(two_programs_of_one_name_are_told_apart_by_a_person),
		cmocka_unit_test(who_is_not_known_is_told_who_is),
		cmocka_unit_test(vendor_software_that_it_executes_is_named),
		cmocka_unit_test(what_a_wrapper_starts_is_named_with_it),
		cmocka_unit_test(several_programs_are_one_contract),
		cmocka_unit_test(programs_of_a_package_are_one_contract),
		cmocka_unit_test(what_no_contract_can_name_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
