// SPDX-License-Identifier: Apache-2.0
/* Does the page of vendor software say, in words, what a new user should see first? */
#include <stdlib.h>

#include "identity_fixture.h"

#include "engine/view.h"

static char *page_of(struct wire *w)
{
	char *page = pst_view_vendors(w->engine, PST_VIEW_TEXT);

	assert_non_null(page);
	return page;
}

static void assert_page(struct wire *w, const char *text)
{
	char *page = page_of(w);

	assert_string_equal(page, text);
	free(page);
}

static void assert_has(struct wire *w, const char *part)
{
	char *page = page_of(w);

	if (!strstr(page, part))
		fail_msg("no '%s' in:\n%s", part, page);
	free(page);
}

static void a_program_of_a_package_is_told_with_all_that_is_known(void **state)
{
	struct wire *w = *state;

	wire_reload(w, WIRE_CONTRACT_NOTHING);
	run_own(w, 20, "tool");
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "acme-tools", "7.2" });
	wire_connect(w, 443);
	assert_page(w, "2 programs that no package of the distribution owns; 1 under no contract\n"
		       "\n"
		       "/usr/bin/tool  no contract\n"
		       "  package acme-tools 7.2; 1 process\n"
		       "  talks to tcp_connect 203.0.113.9:443\n"
		       "\n"
		       "/opt/acme/agent  contract acme@9\n"
		       "  its package is not known; 1 process\n"
		       "  no listener beyond loopback, no external peer, no unusual channel\n");
}

static void what_no_package_owns_is_said_so(void **state)
{
	struct wire *w = *state;

	run_own(w, 20, "tool");
	answer(w, (struct answer){ PST_IDENT_OWNER_NONE, "", "" });
	assert_has(w, "/usr/bin/tool  no contract\n  owned by no package; 1 process\n");
}

static void what_ended_and_held_nothing_open_is_counted(void **state)
{
	struct wire *w = *state;
	struct pst_rec_exit end;

	run_own(w, 20, "tool");
	answer(w, (struct answer){ PST_IDENT_OWNER_NONE, "", "" });
	end = (struct pst_rec_exit){ .h = wire_head(w, PST_REC_EXIT, sizeof(end)) };
	wire_send(w, &end, sizeof(end));
	assert_page(w, "2 programs that no package of the distribution owns; 1 under no contract\n"
		       "\n"
		       "/opt/acme/agent  contract acme@1\n"
		       "  its package is not known; 1 process\n"
		       "  no listener beyond loopback, no external peer, no unusual channel\n"
		       "\n"
		       "1 more ended and held nothing of that open; -o json has it\n");
}

static void what_the_distribution_owns_is_not_there(void **state)
{
	struct wire *w = *state;
	char *page;

	run_own(w, 20, "tool");
	answer(w, (struct answer){ PST_IDENT_OWNER_DISTRO, "tools", "1" });
	page = page_of(w);
	assert_null(strstr(page, "tool"));
	assert_non_null(strstr(page, "1 program that no package"));
	free(page);
}

static void a_host_without_vendor_software_is_told_so(void **state)
{
	struct wire *w = *state;

	(void)snprintf(w->asked_path, sizeof(w->asked_path), "/opt/acme/agent");
	answer(w, (struct answer){ PST_IDENT_OWNER_DISTRO, "agent", "1" });
	assert_page(w, "nothing runs here that no package of the distribution owns\n");
}

static void many_peers_are_counted_and_a_few_named(void **state)
{
	struct wire *w = *state;

	for (uint16_t port = 1; port <= 6; port++)
		wire_connect(w, port);
	assert_has(w, "  talks to tcp_connect 203.0.113.9:1, tcp_connect 203.0.113.9:2, "
		      "tcp_connect 203.0.113.9:3, tcp_connect 203.0.113.9:4 and 2 more\n");
}

static void hostile_names_are_made_safe(void **state)
{
	struct wire *w = *state;
	char *page;

	run_own(w, 20, "\033[2Jx\ny");
	answer(w, (struct answer){ PST_IDENT_OWNER_VENDOR, "p\033[1m", "\n7" });
	page = page_of(w);
	assert_null(strchr(page, '\033'));
	assert_non_null(strstr(page, "/usr/bin/\\x1b[2Jx\\x0ay  no contract\n"));
	assert_non_null(strstr(page, "package p\\x1b[1m \\x0a7"));
	free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIRE_CASE(a_program_of_a_package_is_told_with_all_that_is_known),
		WIRE_CASE(what_no_package_owns_is_said_so),
		WIRE_CASE(what_ended_and_held_nothing_open_is_counted),
		WIRE_CASE(what_the_distribution_owns_is_not_there),
		WIRE_CASE(a_host_without_vendor_software_is_told_so),
		WIRE_CASE(many_peers_are_counted_and_a_few_named),
		WIRE_CASE(hostile_names_are_made_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
