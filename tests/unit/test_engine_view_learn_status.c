// SPDX-License-Identifier: Apache-2.0
/* Is a program called settled when it is, and not before? */
#include "learn_fixture.h"

static void says(struct lesson *lesson, const char *expected)
{
	char *text = pst_view_learn_status(&lesson->keys, lesson->why);

	assert_non_null(text);
	if (!strstr(text, expected))
		fail_msg("\"%s\" is not in\n%s", expected, text);
	free(text);
}

static void advice_follows_from_what_was_new_when(void **state)
{
	struct lesson lesson = begin_lesson();
	struct pst_past_program *program = know(&lesson, "/opt/acme/agent", 80);

	(void)state;
	name(&lesson, "agent");
	program->time = (struct pst_past_time){ .first_s = NOON_S,
						.last_s = NOON_S + 5 * DAY_S,
						.days_total = 6 };
	program->last_new_s = NOON_S + 2 * DAY_S;
	says(&lesson,
	     "no new channel for 3.0 days of 5.0 days watched: a draft is likely complete");
	program->last_new_s = NOON_S + 3 * DAY_S;
	says(&lesson, "still new channels: watch on");
	program->time.last_s = NOON_S + DAY_S - 1;
	program->last_new_s = NOON_S;
	says(&lesson, "not watched for a day yet");
	program->time.last_s = NOON_S + DAY_S;
	says(&lesson, "no new channel for 24.0 hours of 24.0 hours watched: a draft is likely");
	pst_history_free(lesson.history);
}

static void the_curve_has_a_mark_for_each_day(void **state)
{
	struct lesson lesson = begin_lesson();
	struct pst_past_program *program = know(&lesson, "/opt/acme/agent", 80);

	(void)state;
	name(&lesson, "agent");
	program->time.first_s = NOON_S;
	program->time.last_s = NOON_S + 3 * DAY_S;
	memset(program->new_on_day, 0, sizeof(program->new_on_day));
	program->new_on_day[3] = 9;
	program->new_on_day[2] = 1;
	says(&lesson, "#.__   9 1 0 0\n");
	pst_history_free(lesson.history);
}

static void without_a_name_all_are_in_a_table(void **state)
{
	struct lesson lesson = begin_lesson();

	(void)state;
	(void)know(&lesson, "/opt/acme/agent", 80);
	know(&lesson, "/opt/ac\nme", 81)->time.days_total = 7;
	says(&lesson, "\n/opt/acme/agent ");
	says(&lesson, "\n/opt/ac\\x0ame                                7 ");
	name(&lesson, "nobody");
	assert_null(pst_view_learn_status(&lesson.keys, lesson.why));
	pst_history_free(lesson.history);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(advice_follows_from_what_was_new_when),
		cmocka_unit_test(the_curve_has_a_mark_for_each_day),
		cmocka_unit_test(without_a_name_all_are_in_a_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
