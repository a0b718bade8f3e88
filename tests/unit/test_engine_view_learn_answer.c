// SPDX-License-Identifier: Apache-2.0
/* Is a request of a client read right, whatever it says? */
#include "learn_fixture.h"

static void answers(struct lesson *lesson, const char *line, const char *expected)
{
	char *text = pst_view_learn_line(&lesson->keys, line, lesson->why);

	if (!text || !strstr(text, expected))
		fail_msg("%s: %s", line, text ? text : lesson->why);
	free(text);
}

static void refuses(struct lesson *lesson, const char *line, const char *expected)
{
	assert_null(pst_view_learn_line(&lesson->keys, line, lesson->why));
	if (!strstr(lesson->why, expected))
		fail_msg("%s: %s", line, lesson->why);
}

static void a_request_names_what_is_to_be_learnt(void **state)
{
	struct lesson lesson = begin_lesson();

	(void)state;
	(void)know(&lesson, "/opt/acme/agent", 80);
	(void)know(&lesson, "/opt/my agent", 81);
	answers(&lesson, "learn program=/opt/acme/agent", "\"contract\": \"agent\"");
	answers(&lesson, "learn id=x1 accept=raw,bpf program=/opt/acme/agent",
		"\"contract\": \"x1\"");
	answers(&lesson, "learn accept=raw program=/opt/acme/agent",
		"// Accepted by option, without a look at each: raw");
	answers(&lesson, "learn program=/opt/my agent", "/opt/my agent");
	answers(&lesson, "learn program=/opt/acme/agent program=/opt/my agent",
		"\"port\": [ 80, 81 ]");
	answers(&lesson, "learn program=/opt/*/agent program=my agent", "\"port\": [ 80, 81 ]");
	answers(&lesson, "learn status program=agent program=my agent", "/opt/my agent");
	answers(&lesson, "learn status", "PROGRAM");
	answers(&lesson, "learn status program=agent", "watched");
	pst_history_free(lesson.history);
}

static void what_is_no_request_is_refused(void **state)
{
	struct lesson lesson = begin_lesson();
	char line[8192];
	size_t i;

	(void)state;
	(void)know(&lesson, "/opt/acme/agent", 80);
	refuses(&lesson, "learn", "what is to be learnt?");
	refuses(&lesson, "learn accept=everything program=agent", "accept takes no 'everything'");
	refuses(&lesson, "learn id=a/b program=agent", "no contract may have that id");
	refuses(&lesson, "learn stat program=agent", "a word of the request is none");
	refuses(&lesson, "learn unit=agent", "nothing is known of a unit");
	memset(line, 'x', sizeof(line));
	memcpy(line, "learn program=", 14);
	line[sizeof(line) - 1] = '\0';
	refuses(&lesson, line, "too long");
	line[5] = '\0'; /* "learn" */
	for (i = 0; i <= PST_LEARN_NAMES; i++)
		(void)strcat(line, " program=x");
	refuses(&lesson, line, "more than 64 programs are named");
	line[strlen(line) - strlen(" program=x")] = '\0';
	refuses(&lesson, line, "nothing is known of a program x");
	pst_history_free(lesson.history);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_names_what_is_to_be_learnt),
		cmocka_unit_test(what_is_no_request_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
