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

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(an_unknown_program_is_named_by_its_thread_in_quotes),
		WORLD_CASE(a_child_is_named_with_what_it_is_charged_to),
		WORLD_CASE(a_lineage_is_told_from_its_root_at_most_eight_deep),
		WORLD_CASE(the_longest_names_fit),
		WORLD_CASE(seconds_never_go_back),
		WORLD_CASE(a_contract_that_is_none_has_no_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
