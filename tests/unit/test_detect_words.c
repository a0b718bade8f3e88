// SPDX-License-Identifier: Apache-2.0
/* Do the sentences read well, whatever names came from outside? */
#include "world.h"

#include "detect/case.h"

static struct pst_program agent = { .path = (char *)"/opt/acme/agent" };
static struct pst_program unknown = { .path = (char *)"" };

static void an_unknown_program_is_named_by_its_thread_in_quotes(void **state)
{
	struct world *world = *state;
	struct pst_image image = { .program = &unknown };
	const struct pst_process process = { .image = &image, .comm = "kworker\x1b" };
	const struct pst_finding finding = { .process = &process,
					     .image = &image,
					     .subject = &image,
					     .judgement = { .contract = -1 } };
	char who[4 * PST_WORDS_NAME];

	assert_string_equal(pst_words_who(&world->detect, &finding, who),
			    "a program named \"kworker\\x1b\" (no contract)");
}

static void a_program_that_was_never_told_is_its_pid(void **state)
{
	const struct pst_image image = { .program = &unknown, .id = { .tgid = 1 } };
	char name[PST_WORDS_NAME], lineage[PST_WORDS_LINEAGE];

	(void)state;
	assert_string_equal(pst_words_program(&image, name), "pid 1");
	assert_string_equal(pst_words_lineage(&image, lineage), "pid 1");
}

static void a_child_is_named_with_what_it_is_charged_to(void **state)
{
	struct world *world = *state;
	struct pst_program curl = { .path = (char *)"/usr/bin/curl" };
	const struct pst_image subject = { .program = &agent }, image = { .program = &curl };
	const struct pst_finding finding = { .image = &image,
					     .subject = &subject,
					     .judgement = { .contract = 0 } };
	char who[4 * PST_WORDS_NAME];

	assert_string_equal(pst_words_who(&world->detect, &finding, who),
			    "curl of agent (acme-backup)");
}

static void a_lineage_is_told_from_its_root_at_most_eight_deep(void **state)
{
	struct pst_image chain[10];
	char out[PST_WORDS_LINEAGE];

	(void)state;
	for (size_t i = 0; i < 10; i++)
		chain[i] = (struct pst_image){ .program = &agent,
					       .prev = i ? &chain[i - 1] : NULL };
	assert_string_equal(pst_words_lineage(&chain[1], out), "agent > agent");
	assert_string_equal(pst_words_lineage(&chain[7], out),
			    "agent > agent > agent > agent > agent > agent > agent > agent");
	assert_string_equal(pst_words_lineage(&chain[8], out),
			    "... > agent > agent > agent > agent > agent > agent > agent > agent");
}

static void the_longest_names_fit(void **state)
{
	static char path[4000];
	struct pst_program longest = { .path = path };
	struct pst_image chain[9];
	char out[PST_WORDS_LINEAGE];

	(void)state;
	memset(path, '\x1b', sizeof(path) - 1);
	path[0] = '/';
	for (size_t i = 0; i < 9; i++)
		chain[i] = (struct pst_image){ .program = &longest,
					       .prev = i ? &chain[i - 1] : NULL };
	pst_words_lineage(&chain[8], out);
	assert_null(strchr(out, '\x1b'));
	assert_true(strlen(out) < sizeof(out));
}

static void seconds_never_go_back(void **state)
{
	(void)state;
	assert_int_equal(pst_words_seconds(SECOND, 3 * SECOND), 2);
	assert_int_equal(pst_words_seconds(SECOND, 3 * SECOND - 1), 1);
	assert_int_equal(pst_words_seconds(3 * SECOND, SECOND), 0);
}

static void a_contract_that_is_none_has_no_name(void **state)
{
	struct world *world = *state;
	char out[PST_WORDS_CONTRACT];

	assert_string_equal(pst_words_contract(&world->detect, 0, out), "acme-backup@7");
	assert_string_equal(pst_words_contract(&world->detect, -1, out), "");
	assert_string_equal(pst_words_contract(&world->detect, 1, out), "");
}

static const char *end_of(enum pst_kind kind, const char *peer, uint16_t port, char *out)
{
	const struct pst_channel channel = {
		.key = { .kind = (uint16_t)kind, .peer = build_addr(peer), .port = port }
	};

	return pst_words_end(&channel, out);
}

static void an_end_is_told_with_its_transport(void **state)
{
	char out[PST_WORDS_PEER];

	(void)state;
	assert_string_equal(end_of(PST_TCP_CONNECT, "203.0.113.9", 443, out),
			    "203.0.113.9:443/tcp");
	assert_string_equal(end_of(PST_UDP_LISTEN, "::", 53, out), "[::]:53/udp");
	assert_string_equal(end_of(PST_SCTP, "203.0.113.9", 36412, out), "203.0.113.9:36412/sctp");
	assert_string_equal(end_of(PST_UDP_ACCEPT, "203.0.113.9", 53, out),
			    "203.0.113.9 on port 53/udp");
	assert_string_equal(end_of(PST_NETLINK, "::", 0, out), "netlink:route");
	assert_string_equal(end_of((enum pst_kind)99, "203.0.113.9", 1, out), "203.0.113.9:1");
}

static void a_fold_is_told_as_a_network(void **state)
{
	struct pst_channel channel = { .folded = true };
	char out[PST_WORDS_PEER];

	(void)state;
	assert_string_equal(pst_words_address(&channel, out), "any address");
	channel.key.peer = build_addr("203.0.113.0");
	assert_string_equal(pst_words_address(&channel, out), "203.0.113.0/24");
	channel.key.peer = build_addr("2001:db8::");
	assert_string_equal(pst_words_address(&channel, out), "2001:db8::/56");
	channel.folded = false;
	assert_string_equal(pst_words_address(&channel, out), "2001:db8::");
}

static void what_a_sweep_found_was_not_opened_then(void **state)
{
	struct pst_channel channel = { .key = { .proc = { .start_ns = 1000000000 } },
				       .first_ns = 18000000000 };
	char out[80] = "";

	(void)state;
	pst_words_add_since(&channel, out, sizeof(out));
	assert_string_equal(out, ", opened 17 s after its process began");
	out[0] = '\0';
	channel.late = true;
	pst_words_add_since(&channel, out, sizeof(out));
	assert_string_equal(out, ", found by a sweep 17 s after its process began");
}

static void the_longest_end_is_cut(void **state)
{
	static char name[112];
	const struct pst_channel channel = { .key = { .kind = PST_UNIX },
					     .name = name,
					     .name_len = sizeof(name) };
	char out[PST_WORDS_PEER];

	(void)state;
	memset(name, 1, sizeof(name)); /* each byte is escaped */
	assert_int_equal(strlen(pst_words_end(&channel, out)), PST_WORDS_PEER - 1);
}

static void of_a_list_the_first_four_are_named(void **state)
{
	struct pst_channel channel[5];
	struct pst_finding finding = { .standing_count = 0 };

	(void)state;
	for (uint16_t i = 0; i < 5; i++)
		channel[i] =
			(struct pst_channel){ .key = { .peer = build_addr("203.0.113.9"),
						       .kind = i ? PST_TCP_CONNECT : PST_TCP_LISTEN,
						       .port = (uint16_t)(80 + i) } };
	for (size_t i = 0; i < 4; i++)
		assert_true(pst_case_list(&finding, &channel[i]));
	pst_words_add_list(&finding);
	assert_string_equal(finding.reason,
			    "listens on 203.0.113.9:80/tcp, talks to 203.0.113.9:81/tcp, "
			    "talks to 203.0.113.9:82/tcp, talks to 203.0.113.9:83/tcp");
	finding.reason[0] = '\0';
	assert_true(pst_case_list(&finding, &channel[4]));
	pst_words_add_list(&finding);
	assert_non_null(strstr(finding.reason, "203.0.113.9:83/tcp and 1 more"));
	assert_null(strstr(finding.reason, ":84"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(an_unknown_program_is_named_by_its_thread_in_quotes),
		WORLD_CASE(a_program_that_was_never_told_is_its_pid),
		WORLD_CASE(a_child_is_named_with_what_it_is_charged_to),
		WORLD_CASE(a_lineage_is_told_from_its_root_at_most_eight_deep),
		WORLD_CASE(the_longest_names_fit),
		WORLD_CASE(seconds_never_go_back),
		WORLD_CASE(a_contract_that_is_none_has_no_name),
		cmocka_unit_test(an_end_is_told_with_its_transport),
		cmocka_unit_test(a_fold_is_told_as_a_network),
		cmocka_unit_test(what_a_sweep_found_was_not_opened_then),
		cmocka_unit_test(the_longest_end_is_cut),
		cmocka_unit_test(of_a_list_the_first_four_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
