// SPDX-License-Identifier: Apache-2.0
/* Is every key beside the channels a set that is held against another, and put into words? */
#include "diff_fixture.h"

#include "contract/diff_parts.h"

#define HASH "0123456789abcdef"

/* The sentences of all deeds that are allowed, each ended by a semicolon. */
static void allows(const char *rest, const char *words)
{
	char whole[2048];
	struct pst_contracts *set;
	struct pst_pool pool = { .blocks = NULL };
	struct pst_prose prose = { .text = NULL };
	char *text;

	(void)snprintf(whole, sizeof(whole), "\"software\":[{\"uid\":0}],\"channels\":[]%s", rest);
	set = contract_with(whole);
	for (size_t i = 0; i < PST_DEEDS; i++) {
		struct pst_scope scope = pst_deed_scope(&pool, pst_contracts_at(set, 0), i);

		if (!scope.count)
			continue;
		pst_deed_say(&prose, i, &scope);
		pst_prose_say(&prose, ";");
	}
	text = pst_prose_take(&prose);
	assert_string_equal(text, words);
	free(text);
	pst_pool_free(&pool);
	pst_contracts_free(set);
}

static void without_an_exec_list_any_program_is_executed(void **state)
{
	(void)state;
	allows("", "execute any program;");
	allows(",\"exec\":[]", "");
	allows(",\"exec\":[\"/opt/a\",\"/opt/b/*\"]", "execute /opt/a and /opt/b/*;");
}

static void what_allow_says_is_told(void **state)
{
	(void)state;
	allows(",\"exec\":[],\"allow\":{\"filters\":[\"tag:" HASH "\"],\"modules\":[\"net-pf-*\"]}",
	       "attach the socket filter tag:" HASH ";have the kernel load the module net-pf-*;");
	allows(",\"exec\":[],\"allow\":{\"io_uring\":true,\"memfd_exec\":true,\"deleted_exec\":true}",
	       "use the network through io_uring;execute programs from memory;execute deleted files;");
	allows(",\"exec\":[],\"allow\":{\"handed_over_sockets\":[\"/usr/lib/systemd/*\"]}",
	       "use sockets that it was handed by /usr/lib/systemd/*;");
	allows(",\"exec\":[],\"allow\":{\"handed_over_sockets\":true,\"bpf\":\"*\"}",
	       "use sockets that anybody handed to it;load eBPF programs of any type;");
	allows(",\"exec\":[],\"allow\":{\"bpf\":[\"xdp\",\"sched_cls\"]}",
	       "load eBPF programs of the type sched_cls and xdp;");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_an_exec_list_any_program_is_executed),
		cmocka_unit_test(what_allow_says_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
