// SPDX-License-Identifier: Apache-2.0
/* Is the copy of a finding whole, bounded, and independent of what it was copied from? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "alert/facts.h"
#include "alert_fixture.h"

static struct pst_facts facts;

static void a_kept_copy_says_the_same(void **state)
{
	struct fixture *f = fixture_new(NULL);
	struct pst_facts *kept;

	(void)state;
	pst_facts_init(&facts);
	pst_facts_finding(&facts, f->contracts, &f->finding);
	kept = pst_facts_keep(&facts);
	assert_non_null(kept);
	memset(&facts, 0xee, sizeof(facts));
	assert_string_equal(pst_fact(kept, PST_FACT_EXECUTABLE), "/opt/acme/backup/bin/bkagent");
	assert_string_equal(pst_fact(kept, PST_FACT_CONTRACT), "acme-backup");
	assert_string_equal(pst_fact(kept, PST_FACT_VERSION), "7");
	assert_string_equal(pst_fact(kept, PST_FACT_WOULD_ALLOW),
			    "{\"connect\":\"tcp\",\"to\":\"203.0.113.44\",\"port\":8443}");
	assert_null(pst_fact(kept, PST_FACT_CLAUSE));
	free(kept);
	fixture_free(f);
}

static void indices_outside_of_the_set_name_no_contract(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	pst_facts_init(&facts);
	f->finding.judgement.contract = 1; /* the set has one, number 0 */
	pst_facts_finding(&facts, f->contracts, &f->finding);
	assert_null(pst_fact(&facts, PST_FACT_CONTRACT));
	pst_facts_init(&facts);
	f->finding.judgement.contract = 0;
	f->finding.judgement.nearest = 1; /* it has one clause, number 0 */
	pst_facts_finding(&facts, f->contracts, &f->finding);
	assert_string_equal(pst_fact(&facts, PST_FACT_CONTRACT), "acme-backup");
	assert_null(pst_fact(&facts, PST_FACT_NEAREST));
	fixture_free(f);
}

static void a_declared_channel_needs_no_entry(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	pst_facts_init(&facts);
	f->finding.judgement.verdict = PST_DECLARED;
	f->finding.judgement.clause = 0;
	pst_facts_finding(&facts, f->contracts, &f->finding);
	assert_null(pst_fact(&facts, PST_FACT_WOULD_ALLOW));
	assert_non_null(pst_fact(&facts, PST_FACT_CLAUSE));
	fixture_free(f);
}

static void an_act_is_allowed_by_its_own_words(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	pst_facts_init(&facts);
	f->finding.detector = PST_DETECTOR_SOCKET_FILTER;
	f->finding.channel = NULL;
	strcpy(f->finding.about, "tag:0123456789abcdef");
	pst_facts_finding(&facts, f->contracts, &f->finding);
	assert_string_equal(pst_fact(&facts, PST_FACT_WOULD_ALLOW),
			    "{\"allow\":{\"filters\":[\"tag:0123456789abcdef\"]}}");
	pst_facts_init(&facts);
	f->finding.detector = PST_DETECTOR_HANDED_OVER_SOCKET;
	f->finding.channel = &f->channel; /* whose entry would not allow the hand-over */
	f->finding.about[0] = '\0';
	pst_facts_finding(&facts, f->contracts, &f->finding);
	assert_string_equal(pst_fact(&facts, PST_FACT_WOULD_ALLOW),
			    "{\"allow\":{\"handed_over_sockets\":true}}");
	fixture_free(f);
}

static void a_program_that_was_executed_is_allowed_by_its_path(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	pst_facts_init(&facts);
	f->finding.detector = PST_DETECTOR_UNEXPECTED_EXEC;
	f->finding.channel = NULL;
	pst_facts_finding(&facts, f->contracts, &f->finding);
	assert_string_equal(pst_fact(&facts, PST_FACT_WOULD_ALLOW),
			    "{\"exec\":[\"/opt/acme/backup/bin/bkagent\"]}");
	fixture_free(f);
}

static void a_circle_of_images_ends(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->systemd.prev = &f->agent; /* no input makes this; nothing may hang if one does */
	pst_facts_init(&facts);
	pst_facts_finding(&facts, f->contracts, &f->finding);
	assert_int_equal(facts.chain_count, PST_FACTS_CHAIN_MAX);
	fixture_free(f);
}

static void text_that_finds_no_room_is_absent(void **state)
{
	static char path[4096];
	static struct pst_image images[40];
	static struct pst_program program;
	struct fixture *f = fixture_new(NULL);
	size_t i;

	(void)state;
	memset(path, 'p', sizeof(path) - 1);
	program.path = path;
	for (i = 0; i < 40; i++)
		images[i] = (struct pst_image){ .program = &program,
						.unit = path,
						.home = path,
						.cgroup = path,
						.prev = i < 39 ? &images[i + 1] : NULL,
						.id.tgid = 18734 };
	pst_facts_init(&facts);
	f->process.image = &images[0];
	f->finding.image = &images[0];
	f->finding.subject = &images[0];
	pst_facts_finding(&facts, f->contracts, &f->finding);
	assert_true(facts.text_len <= PST_FACTS_TEXT);
	assert_int_equal(strlen(pst_fact(&facts, PST_FACT_EXECUTABLE)), 1024);
	fixture_free(f);
}

static void the_parent_is_who_forked_not_who_executed(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	assert_ptr_equal(pst_facts_parent(&f->process, &f->agent), &f->systemd);
	f->shell.id.tgid = 18734; /* the same process executed twice */
	assert_ptr_equal(pst_facts_parent(&f->process, &f->shell), &f->systemd);
	f->process.id.tgid = 5; /* a fork runs what its parent ran */
	assert_ptr_equal(pst_facts_parent(&f->process, &f->agent), &f->agent);
	f->process.id.tgid = 1;
	assert_null(pst_facts_parent(&f->process, &f->systemd));
	fixture_free(f);
}

static void the_executable_of_a_script_is_its_interpreter(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	pst_facts_init(&facts);
	pst_facts_process(&facts, &f->process, &f->agent);
	assert_null(pst_fact(&facts, PST_FACT_SCRIPT));
	f->agent_program.interpreter = (char *)"/usr/bin/python3";
	pst_facts_init(&facts);
	pst_facts_process(&facts, &f->process, &f->agent);
	assert_string_equal(pst_fact(&facts, PST_FACT_EXECUTABLE), "/usr/bin/python3");
	assert_string_equal(pst_fact(&facts, PST_FACT_NAME), "bkagent");
	assert_string_equal(pst_fact(&facts, PST_FACT_SCRIPT), "/opt/acme/backup/bin/bkagent");
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_executable_of_a_script_is_its_interpreter),
		cmocka_unit_test(a_kept_copy_says_the_same),
		cmocka_unit_test(indices_outside_of_the_set_name_no_contract),
		cmocka_unit_test(a_declared_channel_needs_no_entry),
		cmocka_unit_test(an_act_is_allowed_by_its_own_words),
		cmocka_unit_test(a_program_that_was_executed_is_allowed_by_its_path),
		cmocka_unit_test(a_circle_of_images_ends),
		cmocka_unit_test(text_that_finds_no_room_is_absent),
		cmocka_unit_test(the_parent_is_who_forked_not_who_executed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
