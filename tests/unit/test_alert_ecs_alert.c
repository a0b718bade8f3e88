// SPDX-License-Identifier: Apache-2.0
/* Does a finding become the record that the SIEM was promised? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "alert_fixture.h"
#include "golden.h"

static void an_alert_is_byte_for_byte_the_golden_one(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->channel.last_result = PST_REFUSED;
	f->channel.last_error = 111;
	pst_alerts_found(f->alerts, &f->finding);
	assert_int_equal(f->count, 1);
	assert_int_equal(f->line[0].dataset, PST_ALERT);
	assert_int_equal(f->line[0].severity, PST_HIGH);
	assert_true(golden_is("alert.json", f->line[0].text));
	fixture_free(f);
}

static void a_listener_stands_as_destination(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->channel.key = (struct pst_channel_key){ .proc = f->process.id,
						   .kind = PST_TCP_LISTEN,
						   .port = 9300 };
	f->channel.key.peer = fixture_v4(0, 0, 0, 0);
	f->channel.local = f->channel.key.peer;
	f->finding.detector = PST_DETECTOR_NEW_LISTENER;
	pst_alerts_found(f->alerts, &f->finding);
	assert_true(fixture_last_has(f, "\"direction\":\"ingress\""));
	assert_true(fixture_last_has(
		f, "\"destination\":{\"address\":\"0.0.0.0\",\"ip\":\"0.0.0.0\",\"port\":9300}"));
	assert_true(fixture_last_has(f, "\"action\":\"listener-unexpected\""));
	assert_true(fixture_last_has(f, "\"outcome\":\"success\""));
	assert_null(strstr(fixture_last(f), "\"source\""));
	assert_null(strstr(fixture_last(f), "\"related\"")); /* nobody is 0.0.0.0 */
	fixture_free(f);
}

static void an_exec_that_happened_is_a_success_and_an_inventory_has_no_outcome(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->finding.channel = NULL;
	f->finding.detector = PST_DETECTOR_UNEXPECTED_EXEC;
	pst_alerts_found(f->alerts, &f->finding);
	assert_true(fixture_last_has(f, "\"outcome\":\"success\""));
	f->finding.detector = PST_DETECTOR_SHELL_ON_SOCKET;
	pst_alerts_found(f->alerts, &f->finding);
	assert_true(fixture_last_has(f, "\"outcome\":\"success\""));
	f->finding.detector = PST_DETECTOR_STANDING_CHANNELS;
	pst_alerts_found(f->alerts, &f->finding);
	assert_true(fixture_last_has(f, "\"outcome\":\"unknown\""));
	fixture_free(f);
}

static void an_accepted_peer_stands_as_source(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->channel.key.kind = PST_TCP_ACCEPT;
	f->channel.key.port = 9300;
	pst_alerts_found(f->alerts, &f->finding);
	assert_true(fixture_last_has(
		f, "\"source\":{\"address\":\"203.0.113.44\",\"ip\":\"203.0.113.44\"}"));
	assert_true(fixture_last_has(
		f,
		"\"destination\":{\"address\":\"10.20.7.14\",\"ip\":\"10.20.7.14\",\"port\":9300}"));
	assert_true(fixture_last_has(f, "\"related\":{\"ip\":[\"10.20.7.14\",\"203.0.113.44\"]}"));
	fixture_free(f);
}

static void an_unknown_result_is_an_unknown_outcome(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	pst_alerts_found(f->alerts, &f->finding);
	assert_true(fixture_last_has(f, "\"outcome\":\"unknown\""));
	assert_null(strstr(fixture_last(f), "\"result\""));
	fixture_free(f);
}

static void an_ipv6_peer_is_ipv6_and_a_mapped_one_is_not(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->channel.family = 10;
	pst_alerts_found(f->alerts, &f->finding);
	assert_true(fixture_last_has(f, "\"network\":{\"type\":\"ipv4\""));
	assert_true(fixture_last_has(f, "\"family\":\"AF_INET6\""));
	f->channel.key.peer =
		(struct pst_addr){ { 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9 } };
	pst_alerts_found(f->alerts, &f->finding);
	assert_true(fixture_last_has(f, "\"network\":{\"type\":\"ipv6\""));
	assert_true(fixture_last_has(f, "\"ip\":\"2001:db8::9\""));
	fixture_free(f);
}

static void a_grandchild_is_charged_to_its_vendor(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->process.id = (struct pst_proc_id){ .start_ns = 200, .tgid = 20991 };
	f->process.parent = (struct pst_proc_id){ .start_ns = 91823377120033, .tgid = 18734 };
	f->process.image = &f->shell;
	f->finding.image = &f->shell;
	pst_alerts_found(f->alerts, &f->finding);
	assert_true(fixture_last_has(f, "\"executable\":\"/usr/bin/bash\""));
	assert_true(fixture_last_has(f, "\"root\":\"/opt/acme/backup/bin/bkagent\""));
	assert_true(fixture_last_has(
		f, "\"chain\":[\"/opt/acme/backup/bin/bkagent\",\"/usr/lib/systemd/systemd\"]"));
	assert_true(fixture_last_has(
		f,
		"\"parent\":{\"entity_id\":\"f8818ede-18734-91823377120033\",\"pid\":18734,\"name\":\"bkagent\""));
	fixture_free(f);
}

static void a_fork_without_exec_has_a_parent_that_ran_the_same(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->process.id.tgid = 18735;
	f->process.parent = (struct pst_proc_id){ .start_ns = 91823377120033, .tgid = 18734 };
	pst_alerts_found(f->alerts, &f->finding);
	assert_true(fixture_last_has(
		f,
		"\"pid\":18734,\"name\":\"bkagent\",\"executable\":\"/opt/acme/backup/bin/bkagent\"}"));
	fixture_free(f);
}

static void a_finding_about_a_program_needs_no_process(void **state)
{
	struct fixture *f = fixture_new(NULL);
	struct pst_channel other = f->channel;

	(void)state;
	other.key.kind = PST_TCP_LISTEN;
	other.key.peer = fixture_v4(0, 0, 0, 0);
	other.key.port = 9300;
	f->finding.detector = PST_DETECTOR_STANDING_CHANNELS;
	f->finding.process = NULL;
	f->finding.channel = NULL;
	f->finding.standing[0] = &other;
	f->finding.standing[1] = &f->channel;
	f->finding.standing_count = 2;
	f->finding.standing_total = 2;
	pst_alerts_found(f->alerts, &f->finding);
	assert_true(fixture_last_has(
		f,
		"\"standing\":[\"tcp_listen 0.0.0.0:9300\",\"tcp_connect 203.0.113.44:8443\"],\"standing_total\":2"));
	assert_null(strstr(fixture_last(f), "\"pid\""));
	assert_null(strstr(fixture_last(f), "\"truncated\""));
	fixture_free(f);
}

static void more_standing_channels_than_are_listed_are_said_to_be_cut(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->finding.channel = NULL;
	f->finding.standing[0] = &f->channel;
	f->finding.standing_count = 1;
	f->finding.standing_total = 2;
	pst_alerts_found(f->alerts, &f->finding);
	assert_true(fixture_last_has(f, "\"standing_total\":2"));
	assert_true(fixture_last_has(f, "\"truncated\":[\"postern.standing\"]"));
	fixture_free(f);
}

static void secrets_of_the_command_line_do_not_leave(void **state)
{
	struct pst_alert_keys plain = { .redact = false };
	struct fixture *f = fixture_new(NULL);

	(void)state;
	pst_alerts_found(f->alerts, &f->finding);
	assert_null(strstr(fixture_last(f), "hunter2"));
	assert_true(fixture_last_has(f, "--password=***"));
	fixture_free(f);
	f = fixture_new(&plain);
	pst_alerts_found(f->alerts, &f->finding);
	assert_true(fixture_last_has(f, "--password=hunter2"));
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_alert_is_byte_for_byte_the_golden_one),
		cmocka_unit_test(a_listener_stands_as_destination),
		cmocka_unit_test(
			an_exec_that_happened_is_a_success_and_an_inventory_has_no_outcome),
		cmocka_unit_test(an_accepted_peer_stands_as_source),
		cmocka_unit_test(an_unknown_result_is_an_unknown_outcome),
		cmocka_unit_test(an_ipv6_peer_is_ipv6_and_a_mapped_one_is_not),
		cmocka_unit_test(a_grandchild_is_charged_to_its_vendor),
		cmocka_unit_test(a_fork_without_exec_has_a_parent_that_ran_the_same),
		cmocka_unit_test(a_finding_about_a_program_needs_no_process),
		cmocka_unit_test(more_standing_channels_than_are_listed_are_said_to_be_cut),
		cmocka_unit_test(secrets_of_the_command_line_do_not_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
