// SPDX-License-Identifier: Apache-2.0
/* Does a record read well as one line, and can a hostile one harm a terminal? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "alert_fixture.h"

#define ARROW "\xe2\x86\x92"

static char out[1024];

static const char *plain(const char *json)
{
	return pst_compact_line(json, strlen(json), false, out, sizeof(out));
}

static void an_alert_says_when_what_who_where_and_why(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->channel.last_result = PST_REFUSED;
	pst_alerts_found(f->alerts, &f->finding);
	assert_string_equal(
		plain(fixture_last(f)),
		"09:41:07Z HIGH undeclared_channel bkagent[18734] acme-backup  tcp " ARROW
		" 203.0.113.44:8443  refused  undeclared"
		"  (nearest: {\"connect\":\"tcp\",\"to\":\"10.20.0.0/16\",\"port\":443,\"why\":\"backup vault\"})");
	fixture_free(f);
}

static void a_listener_listens(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->channel.key.kind = PST_TCP_LISTEN;
	f->channel.key.peer = (struct pst_addr){ { 0 } };
	f->channel.key.port = 9300;
	f->channel.family = 10;
	f->finding.detector = PST_DETECTOR_NEW_LISTENER;
	f->finding.preexisting = true;
	f->finding.judgement.nearest = -1;
	pst_alerts_found(f->alerts, &f->finding);
	assert_string_equal(
		plain(fixture_last(f)),
		"09:41:07Z HIGH new_listener bkagent[18734] acme-backup  tcp listens on [::]:9300  undeclared  preexisting");
	fixture_free(f);
}

static void an_accepted_peer_points_inwards(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->channel.key.kind = PST_TCP_ACCEPT;
	f->channel.key.port = 9300;
	pst_alerts_found(f->alerts, &f->finding);
	(void)plain(fixture_last(f));
	assert_non_null(strstr(out, "tcp 203.0.113.44 " ARROW " 10.20.7.14:9300"));
	fixture_free(f);
}

static const char *line_of(struct fixture *f, enum pst_kind kind, const char *name)
{
	f->channel.key.kind = (uint16_t)kind;
	f->channel.key.port = 0;
	f->channel.name = (char *)name;
	f->channel.name_len = (uint16_t)(name ? strlen(name) : 0);
	f->finding.judgement.nearest = -1;
	fixture_found(f, f->finding.time_ns + FIXTURE_S);
	return plain(fixture_last(f));
}

static void every_kind_points_at_its_end(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	assert_non_null(strstr(line_of(f, PST_ICMP, NULL), "  icmp " ARROW " 203.0.113.44  "));
	assert_non_null(strstr(line_of(f, PST_UNIX, "/run/x"), "  unix " ARROW " /run/x  "));
	assert_non_null(strstr(line_of(f, PST_TUNNEL, "tun0"), "  tunnel " ARROW " tun0  "));
	assert_non_null(
		strstr(line_of(f, PST_UNIX_LISTEN, "/run/x"), "  unix listens on /run/x  "));
	fixture_free(f);
}

static void a_raw_socket_is_told_by_its_protocol(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->channel.key.kind = PST_RAW;
	f->channel.key.port = 253;
	f->finding.judgement.nearest = -1;
	fixture_found(f, f->finding.time_ns + FIXTURE_S);
	assert_non_null(strstr(plain(fixture_last(f)), "  raw/253 " ARROW " 203.0.113.44  "));
	f->channel.key.peer = (struct pst_addr){ { 0 } };
	fixture_found(f, f->finding.time_ns + FIXTURE_S);
	assert_non_null(strstr(plain(fixture_last(f)), "  raw/253 " ARROW " *  "));
	fixture_free(f);
}

static void a_process_without_a_name_is_its_pid(void **state)
{
	struct fixture *f = fixture_new(NULL);
	struct pst_program unknown = { .path = "" };

	(void)state;
	f->agent.program = &unknown;
	f->process.comm[0] = '\0';
	fixture_found(f, f->finding.time_ns + FIXTURE_S);
	assert_non_null(
		strstr(plain(fixture_last(f)), " undeclared_channel pid 18734 acme-backup "));
	memcpy(f->process.comm, "bk", 3); /* the thread's own name is better than none */
	f->finding.subject = &f->shell;
	fixture_found(f, f->finding.time_ns + FIXTURE_S);
	assert_non_null(
		strstr(plain(fixture_last(f)), " undeclared_channel bk[18734] acme-backup "));
	fixture_free(f);
}

static void what_would_allow_an_act_stands_behind_it(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->finding.detector = PST_DETECTOR_URING_NETWORK;
	f->finding.channel = NULL;
	f->finding.judgement.nearest = -1;
	fixture_found(f, f->finding.time_ns + FIXTURE_S);
	assert_non_null(strstr(plain(fixture_last(f)),
			       "  (would allow it: {\"allow\":{\"io_uring\":true}})"));
	fixture_free(f);
}

static void repeats_are_said(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	fixture_found(f, 100000 * FIXTURE_S);
	assert_null(strstr(plain(fixture_last(f)), "times"));
	fixture_found(f, 100001 * FIXTURE_S);
	pst_alerts_flush(f->alerts, 100002 * FIXTURE_S);
	assert_non_null(strstr(plain(fixture_last(f)), "  seen 2 times"));
	fixture_free(f);
}

static void standing_channels_are_listed_up_to_four(void **state)
{
	struct fixture *f = fixture_new(NULL);
	size_t i;

	(void)state;
	f->finding.detector = PST_DETECTOR_STANDING_CHANNELS;
	f->finding.severity = PST_LOW;
	f->finding.channel = NULL;
	f->finding.process = NULL;
	f->finding.judgement = (struct pst_judgement){
		.verdict = PST_UNMANAGED, .contract = -1, .clause = -1, .nearest = -1
	};
	for (i = 0; i < 6; i++)
		f->finding.standing[i] = &f->channel;
	f->finding.standing_count = 4;
	f->finding.standing_total = 4;
	fixture_found(f, 100000 * FIXTURE_S);
	assert_string_equal(
		plain(fixture_last(f)),
		"09:41:07Z LOW standing_channels bkagent  tcp_connect 203.0.113.44:8443, tcp_connect 203.0.113.44:8443, "
		"tcp_connect 203.0.113.44:8443, tcp_connect 203.0.113.44:8443  unmanaged");
	f->finding.image = &f->shell;
	f->finding.standing_count = 6;
	f->finding.standing_total = 6;
	fixture_found(f, 100000 * FIXTURE_S);
	assert_non_null(strstr(plain(fixture_last(f)), "8443, and 2 more  unmanaged"));
	fixture_free(f);
}

static void health_is_short(void **state)
{
	struct fixture *f = fixture_new(NULL);
	struct pst_health health = { .action = "heartbeat",
				     .message = "postern watches",
				     .state = "ok",
				     .vitals = { .hooks_expected = 21, .hooks_attached = 21 } };

	(void)state;
	pst_alerts_health(f->alerts, &health, 100000 * FIXTURE_S);
	assert_string_equal(
		plain(fixture_last(f)),
		"09:41:07Z INFO health heartbeat ok 21/21 hooks, 0 lost: postern watches");
	health.action = "contract-rejected";
	health.state = "degraded";
	health.error_code = "X";
	health.error_message = "acme.json:3:4: unknown key";
	pst_alerts_health(f->alerts, &health, 100000 * FIXTURE_S);
	assert_string_equal(
		plain(fixture_last(f)),
		"09:41:07Z MEDIUM health contract-rejected degraded 21/21 hooks, 0 lost: acme.json:3:4: unknown key");
	fixture_free(f);
}

static void channels_and_executions_read_too(void **state)
{
	struct fixture *f = fixture_new(NULL);
	const struct pst_counters some = { .attempts = 4, .bytes_out = 10, .bytes_in = 2 };

	(void)state;
	pst_alerts_channel(f->alerts, &(struct pst_flow){ &f->process, &f->channel, &some, 1 },
			   100000 * FIXTURE_S);
	assert_string_equal(plain(fixture_last(f)),
			    "09:41:07Z INFO channel bkagent[18734]  tcp " ARROW
			    " 203.0.113.44:8443  4 flows 12 B  undeclared");
	pst_alerts_exec(f->alerts, &f->process, &f->agent, 100000 * FIXTURE_S);
	assert_string_equal(
		plain(fixture_last(f)),
		"09:41:07Z INFO exec bkagent[18734]  /opt/acme/backup/bin/bkagent --daemon "
		"--password=***  by /usr/lib/systemd/systemd");
	fixture_free(f);
}

static void colour_goes_around_the_severity_only(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	pst_alerts_found(f->alerts, &f->finding);
	(void)pst_compact_line(fixture_last(f), strlen(fixture_last(f)), true, out, sizeof(out));
	assert_memory_equal(out, "09:41:07Z \x1b[31mHIGH\x1b[0m undeclared", 34);
	assert_null(strchr(out + 27, '\x1b'));
	fixture_free(f);
}

static void control_characters_of_a_hostile_record_are_escaped(void **state)
{
	(void)state;
	assert_string_equal(
		plain("{\"@timestamp\":\"2026-11-22T09:41:07.000000Z\",\"event\":{\"dataset\":\"postern.exec\"},"
		      "\"process\":{\"name\":\"a\\u001b[31mb\",\"pid\":7}}"),
		"09:41:07Z INFO exec a\\x1b[31mb[7]");
	assert_string_equal(
		plain("{\"@timestamp\":\"2026-11-22T\\u001b[2J\\u001b[3;.000000Z\",\"event\":{\"dataset\":\"postern.exec\"}}"),
		"\\x1b[2J\\x1b[3;Z INFO exec");
}

static void what_is_no_record_is_shown_escaped(void **state)
{
	(void)state;
	assert_string_equal(plain("hello \x1b[2J\n"), "hello \\x1b[2J");
	assert_string_equal(plain("{\"a\":1}\n"), "{\"a\":1}");
	assert_string_equal(plain("[1]"), "[1]");
	assert_string_equal(plain("{\"@timestamp\":7,\"event\":[]}"),
			    "{\"@timestamp\":7,\"event\":[]}");
	assert_string_equal(plain(""), "");
}

static void a_notice_of_the_live_socket_is_a_sentence(void **state)
{
	(void)state;
	assert_string_equal(plain("{\"postern\":{\"tail_dropped\":7}}\n"),
			    "-- 7 lines were left out here: this reader was too slow");
	assert_string_equal(plain("{\"postern\":{\"error\":\"no such verb\"}}"), "-- no such verb");
}

static void a_small_buffer_gets_what_fits(void **state)
{
	struct fixture *f = fixture_new(NULL);
	char small[20];

	(void)state;
	pst_alerts_found(f->alerts, &f->finding);
	assert_string_equal(pst_compact_line(fixture_last(f), strlen(fixture_last(f)), false, small,
					     sizeof(small)),
			    "09:41:07Z HIGH unde");
	small[0] = 'x';
	(void)pst_compact_line(fixture_last(f), strlen(fixture_last(f)), false, small, 0);
	assert_int_equal(small[0], 'x');
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_alert_says_when_what_who_where_and_why),
		cmocka_unit_test(a_listener_listens),
		cmocka_unit_test(an_accepted_peer_points_inwards),
		cmocka_unit_test(every_kind_points_at_its_end),
		cmocka_unit_test(a_raw_socket_is_told_by_its_protocol),
		cmocka_unit_test(a_process_without_a_name_is_its_pid),
		cmocka_unit_test(what_would_allow_an_act_stands_behind_it),
		cmocka_unit_test(repeats_are_said),
		cmocka_unit_test(standing_channels_are_listed_up_to_four),
		cmocka_unit_test(health_is_short),
		cmocka_unit_test(channels_and_executions_read_too),
		cmocka_unit_test(colour_goes_around_the_severity_only),
		cmocka_unit_test(control_characters_of_a_hostile_record_are_escaped),
		cmocka_unit_test(what_is_no_record_is_shown_escaped),
		cmocka_unit_test(a_notice_of_the_live_socket_is_a_sentence),
		cmocka_unit_test(a_small_buffer_gets_what_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
