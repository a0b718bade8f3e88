// SPDX-License-Identifier: Apache-2.0
/* Is what a refusal says read again as it was written, and is it JSON for everybody else? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"

static void says(const char *why, const char *line)
{
	char *made = pst_ctl_refusal(why);
	char read[PST_CTL_WHY_MAX] = "";

	assert_non_null(made);
	assert_string_equal(made, line);
	assert_true(pst_ctl_is_refusal(made, strlen(made) - 1, read)); /* as a line is read */
	assert_string_equal(read, why);
	free(made);
}

static void a_reason_is_read_as_it_was_written(void **state)
{
	(void)state;
	says("no such verb", "{\"postern\":{\"error\":\"no such verb\"}}\n");
	says("nothing is known of a program a\"b\\x1b, }}",
	     "{\"postern\":{\"error\":\"nothing is known of a program a\\\"b\\\\x1b, }}\"}}\n");
}

/* Names are cut anywhere: the answer is JSON all the same, and harmless. */
static void what_no_text_may_hold_is_made_harmless(void **state)
{
	char *made = pst_ctl_refusal("caf\xc3");

	(void)state;
	assert_string_equal(made, "{\"postern\":{\"error\":\"caf\\\\xc3\"}}\n");
	free(made);
}

static void the_longest_reason_is_whole(void **state)
{
	char why[PST_CTL_WHY_MAX + 10], read[PST_CTL_WHY_MAX];
	char *made;

	(void)state;
	memset(why, '"', sizeof(why) - 1);
	why[sizeof(why) - 1] = '\0';
	made = pst_ctl_refusal(why);
	assert_non_null(made);
	assert_true(pst_ctl_is_refusal(made, strlen(made) - 1, read));
	assert_int_equal(strlen(read), PST_CTL_WHY_MAX - 1); /* more is cut */
	free(made);
}

static void other_lines_are_no_refusal(void **state)
{
	static const char *const lines[] = {
		"",
		"{",
		"ok",
		"{\"postern\":{\"tail_dropped\":3}}",
		"{\"postern\":{\"error\":\"\"}}",
		"{\"postern\":{\"error\":\"cut",
		"{\"postern\":{\"error\":7}}",
	};
	char why[PST_CTL_WHY_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_false(pst_ctl_is_refusal(lines[i], strlen(lines[i]), why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reason_is_read_as_it_was_written),
		cmocka_unit_test(what_no_text_may_hold_is_made_harmless),
		cmocka_unit_test(the_longest_reason_is_whole),
		cmocka_unit_test(other_lines_are_no_refusal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
