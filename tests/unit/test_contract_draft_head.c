// SPDX-License-Identifier: Apache-2.0
/* Does the reader of a draft learn what it binds, and how far it can be trusted? */
#include "draft_fixture.h"

static struct past past;

static void it_says_what_was_watched_and_how_long(void **state)
{
	(void)state;
	begin(&past);
	says(&past, 0, "// Drafted by 'postern learn' on 2025-11-23.");
	says(&past, 0, "// Program: /opt/acme/agent\n");
	says(&past, 0,
	     "// Watched: on 6 days, 2025-11-17 to 2025-11-23; the last new channel came 4.0 days "
	     "before the end\n");
	past.program.time = days(1);
	past.program.last_new_s = NOW - 90 * 60;
	says(&past, 0, "// Watched: on 1 day, ");
	says(&past, 0, "came 90 minutes before the end");
	past.program.last_new_s = NOW - 120 * 60;
	says(&past, 0, "came 2.0 hours before the end");
}

static void it_says_whose_program_it_is(void **state)
{
	(void)state;
	begin(&past);
	past.program.interpreter = (char *)"/usr/bin/python3";
	past.program.identity_count = 2;
	past.program.identity[0].owner = PST_OWNER_VENDOR;
	past.program.identity[0].package = (char *)"acme\nbackup";
	past.program.identity[0].version = (char *)"4.2";
	memset(past.program.identity[0].sha256, 'a', 64);
	past.program.unit_count = 2;
	past.program.units[0] = (char *)"acme.service";
	past.program.units[1] = (char *)"acme-2.service";
	says(&past, 0,
	     "// Program: /opt/acme/agent, run by /usr/bin/python3; package of a vendor: "
	     "acme\\x0abackup 4.2; sha256 aaaaaaaaaaaaaaaa...; it is the 2. file there; unit "
	     "acme.service, acme-2.service\n");
}

static void it_says_what_is_missing_and_what_nobody_looked_at(void **state)
{
	(void)state;
	begin(&past);
	says_not(&past, 0, "forgotten");
	says_not(&past, 0, "Accepted");
	says_not(&past, 0, "What needs a person");
	past.program.dropped = 3;
	(void)had(&past, PST_TCP_LISTEN, "0.0.0.0", 80);
	says(&past, 0, "// Not in it: 3 channels or deeds that were forgotten to make room.");
	says(&past, 0, "// What needs a person is a comment and is not allowed");
	says(&past, 1u << PST_DRAFT_LISTENERS | 1u << PST_DRAFT_RAW,
	     "// Accepted by option, without a look at each: listeners, raw\n");
	says_not(&past, 1u << PST_DRAFT_LISTENERS, "What needs a person");
}

static void it_names_the_command_that_drafts_the_whole(void **state)
{
	static const char *const apart[] = { "/opt/acme/up load", "/opt/acme/$(x)'\n\\", "/**" };
	const struct pst_past_program *programs[] = { &past.program, &past.program };
	struct pst_draft_keys keys = keys_of(programs);
	char *text;

	(void)state;
	begin(&past);
	says_not(&past, 0, "One contract of all of them");
	keys.program_count = 2; /* one of them in a container: the path says both */
	keys.apart = apart;
	keys.apart_count = 3;
	text = pst_draft(&keys);
	assert_non_null(text);
	assert_non_null(
		strstr(text, "// It executes /opt/acme/up load, whose deeds are not in it.\n"));
	assert_non_null(strstr(text,
			       "// One contract of all of them: postern learn /opt/acme/agent "
			       "'/opt/acme/up load' '/opt/acme/$(x)\?\?\?' '/\?\?'\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_says_what_was_watched_and_how_long),
		cmocka_unit_test(it_says_whose_program_it_is),
		cmocka_unit_test(it_says_what_is_missing_and_what_nobody_looked_at),
		cmocka_unit_test(it_names_the_command_that_drafts_the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
