// SPDX-License-Identifier: Apache-2.0
/* Does a draft say what was done beside channels, and leave to a person what he has to decide? */
#include "draft_fixture.h"

static struct past past;

static void programs_that_were_executed_are_listed(void **state)
{
	(void)state;
	begin(&past);
	did(&past, PST_PAST_EXEC, "/usr/bin/md5sum");
	did(&past, PST_PAST_EXEC, "/bin/sh");
	did(&past, PST_PAST_EXEC, "/opt/acme/job-1");
	did(&past, PST_PAST_EXEC, "/opt/acme/job-2");
	says(&past, 0,
	     "  // 12 times on 2 of 6 days, last 2025-11-23\n"
	     "  \"exec\": [ \"/bin/sh\", \"/opt/acme/job-*\", \"/usr/bin/md5sum\" ]");
}

static void a_program_in_memory_is_executed_with_a_persons_leave_only(void **state)
{
	(void)state;
	begin(&past);
	did(&past, PST_PAST_EXEC, "/memfd:x");
	did(&past, PST_PAST_MEMFD, "");
	says(&past, 0, "\"exec\": []");
	says(&past, 0, "// \"memfd_exec\": true");
	says(&past, 1u << PST_DRAFT_MEMORY, "\"exec\": [ \"/memfd:x\" ]");
	says(&past, 1u << PST_DRAFT_MEMORY, "\n    \"memfd_exec\": true");
}

static void hashes_are_taken_as_they_are(void **state)
{
	(void)state;
	begin(&past);
	did(&past, PST_PAST_FILTER, "tag:0123456789abcdef");
	did(&past, PST_PAST_FILTER, "tag:0123456789abcde0");
	says(&past, 1u << PST_DRAFT_FILTERS,
	     "\"filters\": [ \"tag:0123456789abcde0\", \"tag:0123456789abcdef\" ]");
	says(&past, 0, "// needs a person: a filter may hide what arrives (filters)");
}

static void types_of_programs_have_words(void **state)
{
	(void)state;
	begin(&past);
	did(&past, PST_PAST_BPF, "6");
	did(&past, PST_PAST_BPF, "1");
	did(&past, PST_PAST_BPF, "5"); /* a contract has no word for it */
	did(&past, PST_PAST_BPF, "x");
	says(&past, 1u << PST_DRAFT_BPF, "\"bpf\": [ \"socket_filter\", \"xdp\" ]");
}

static void whose_sockets_it_holds_is_a_clause(void **state)
{
	(void)state;
	begin(&past);
	did(&past, PST_PAST_HANDED, "/usr/lib/systemd/systemd");
	did(&past, PST_PAST_HANDED, "/opt/acme/agent"); /* its own */
	did(&past, PST_PAST_URING, "");
	says(&past, 0, "\n    \"handed_over_sockets\": [ \"/usr/lib/systemd/systemd\" ]\n");
	says(&past, 0, "    // \"io_uring\": true,\n");
	says(&past, 1u << PST_DRAFT_IO_URING, "\n    \"io_uring\": true\n");
}

static void who_did_nothing_beside_has_no_allow(void **state)
{
	(void)state;
	begin(&past);
	says_not(&past, 0, "\"allow\"");
	says(&past, 0, "// it was not seen to execute any program\n  \"exec\": []");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_that_were_executed_are_listed),
		cmocka_unit_test(a_program_in_memory_is_executed_with_a_persons_leave_only),
		cmocka_unit_test(hashes_are_taken_as_they_are),
		cmocka_unit_test(types_of_programs_have_words),
		cmocka_unit_test(whose_sockets_it_holds_is_a_clause),
		cmocka_unit_test(who_did_nothing_beside_has_no_allow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
