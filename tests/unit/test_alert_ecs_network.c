// SPDX-License-Identifier: Apache-2.0
/* Does the other end stand in a record whatever the kind of the channel? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <netinet/in.h>
#include <cmocka.h>

#include "alert_fixture.h"
#include "golden.h"

static const struct pst_counters some = {
	.attempts = 1, .bytes_out = 1000, .bytes_in = 10, .packets_out = 2, .packets_in = 1
};

static void tell(struct fixture *f)
{
	pst_alerts_channel(f->alerts,
			   &(struct pst_flow){ &f->process, &f->channel, &some,
					       100000 * FIXTURE_S },
			   100300 * FIXTURE_S);
}

static void be(struct fixture *f, enum pst_kind kind, uint16_t family, uint16_t port)
{
	f->channel.key.kind = (uint16_t)kind;
	f->channel.key.port = port;
	f->channel.family = family;
	f->channel.protocol = 0;
}

static void icmp_has_its_number_and_no_port(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	be(f, PST_ICMP, AF_INET, 0);
	tell(f);
	assert_true(fixture_last_has(
		f, "\"network\":{\"type\":\"ipv4\",\"transport\":\"icmp\",\"iana_number\":\"1\""));
	assert_true(fixture_last_has(
		f,
		"\"destination\":{\"address\":\"203.0.113.44\",\"ip\":\"203.0.113.44\",\"bytes\":10,"));
	assert_true(fixture_last_has(f, "bkagent -> icmp 203.0.113.44: 1 flows"));
	fixture_free(f);
}

static void icmp_of_ipv6_has_another_number(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	be(f, PST_ICMP, AF_INET6, 0);
	f->channel.key.peer.b[10] = 0;
	tell(f);
	assert_true(fixture_last_has(f, "\"transport\":\"ipv6-icmp\",\"iana_number\":\"58\""));
	fixture_free(f);
}

static void a_raw_channel_has_the_protocol_of_its_key(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	be(f, PST_RAW, AF_INET, 253);
	tell(f);
	assert_true(fixture_last_has(f, "\"transport\":\"253\",\"iana_number\":\"253\""));
	assert_null(strstr(fixture_last(f), "\"port\":253"));
	be(f, PST_RAW, AF_INET, 47);
	tell(f);
	assert_true(fixture_last_has(f, "\"transport\":\"gre\",\"iana_number\":\"47\""));
	fixture_free(f);
}

static void a_raw_socket_without_a_peer_has_no_address_of_ip(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	be(f, PST_RAW, AF_INET, 1);
	memset(&f->channel.key.peer, 0, sizeof(f->channel.key.peer));
	f->channel.bare = true;
	tell(f);
	assert_true(fixture_last_has(f, "\"destination\":{\"address\":\"raw/1 *\",\"bytes\":10"));
	assert_true(fixture_last_has(f, "\"bare\":true"));
	fixture_free(f);
}

static void what_has_no_ip_stands_as_an_address_alone(void **state)
{
	static const uint8_t host[8] = { 0, 0, 0, 2, 0, 0, 0x13, 0x88 };
	struct fixture *f = fixture_new(NULL);

	(void)state;
	be(f, PST_VSOCK, AF_VSOCK, 0);
	memset(&f->channel.local, 0, sizeof(f->channel.local));
	memset(&f->channel.key.peer, 0, sizeof(f->channel.key.peer));
	memcpy(f->channel.key.peer.b, host, sizeof(host));
	tell(f);
	assert_true(fixture_last_has(
		f, "\"network\":{\"transport\":\"vsock\",\"direction\":\"egress\""));
	assert_true(
		fixture_last_has(f, "\"destination\":{\"address\":\"vsock:2:5000\",\"bytes\":10"));
	assert_true(fixture_last_has(f, "\"family\":\"AF_VSOCK\""));
	assert_null(strstr(fixture_last(f), "\"related\""));
	assert_null(strstr(fixture_last(f), "iana_number"));
	fixture_free(f);
}

static void a_unix_path_is_a_file_and_an_abstract_name_is_none(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	be(f, PST_UNIX, AF_UNIX, 0);
	f->channel.name = (char *)"/run/acme\x1b.sock";
	f->channel.name_len = 15;
	f->channel.peer_tgid = 77;
	tell(f);
	assert_true(fixture_last_has(f, "\"address\":\"unix:/run/acme\\\\x1b.sock\""));
	assert_true(fixture_last_has(f, "\"file\":{\"path\":\"/run/acme\\\\x1b.sock\"}"));
	assert_true(fixture_last_has(f, "\"peer_pid\":77"));
	f->channel.name = (char *)"\0acme";
	f->channel.name_len = 5;
	tell(f);
	assert_true(fixture_last_has(f, "\"address\":\"unix:@acme\""));
	assert_null(strstr(fixture_last(f), "\"file\""));
	fixture_free(f);
}

static void what_was_spoken_stands_with_its_names(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->channel.class_ = PST_CLASS_TLS;
	f->channel.server_name = (char *)"vault.example";
	f->channel.alpn = (char *)"h2,http/1.1";
	f->channel.name_mismatch = true;
	tell(f);
	assert_true(fixture_last_has(f, "\"protocol\":\"tls\""));
	assert_true(fixture_last_has(
		f,
		"\"tls\":{\"client\":{\"server_name\":\"vault.example\"},\"next_protocol\":\"h2,http/1.1\"}"));
	assert_true(fixture_last_has(f, "\"hosts\":[\"vault.example\"]"));
	assert_true(fixture_last_has(f, "\"name_mismatch\":true"));
	fixture_free(f);
}

static void who_opened_a_handed_over_socket_is_named(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->channel.handed = true;
	f->channel.owner = (struct pst_proc_id){ .start_ns = 17, .tgid = 1 };
	fixture_found(f, 100000 * FIXTURE_S);
	assert_true(fixture_last_has(
		f, "\"handed\":true,\"owner\":{\"entity_id\":\"f8818ede-1-17\",\"pid\":1}"));
	fixture_free(f);
}

static void how_bytes_were_counted_is_said(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	tell(f);
	assert_null(strstr(fixture_last(f), "bytes_include_headers"));
	f->channel.ip_bytes = true;
	f->channel.asked = true;
	tell(f);
	assert_true(fixture_last_has(f, "\"bytes_include_headers\":true,\"bytes_asked\":true"));
	fixture_free(f);
}

static void an_update_is_written_when_the_channel_is_gone(void **state)
{
	struct fixture *f = fixture_new(NULL);
	char *name = strdup("/run/gone");

	(void)state;
	be(f, PST_UNIX, AF_UNIX, 0);
	f->channel.name = name;
	f->channel.name_len = 9;
	fixture_found(f, 100000 * FIXTURE_S);
	f->finding.occurrences = 5;
	fixture_found(f, 100001 * FIXTURE_S);
	free(name);
	f->channel.name = NULL;
	f->channel.name_len = 0;
	pst_alerts_flush(f->alerts, 100002 * FIXTURE_S);
	assert_true(fixture_last_has(f, "\"state\":\"update\""));
	assert_true(fixture_last_has(f, "\"path\":\"/run/gone\""));
	fixture_free(f);
}

/* Everything that a record can say of a channel, in one: the schema's tests look at it. */
static void a_handed_over_vsock_is_byte_for_byte_the_golden_one(void **state)
{
	static const uint8_t host[8] = { 0, 0, 0, 2, 0, 0, 0x13, 0x88 };
	struct fixture *f = fixture_new(NULL);

	(void)state;
	be(f, PST_VSOCK, AF_VSOCK, 0);
	memset(&f->channel.local, 0, sizeof(f->channel.local));
	memset(&f->channel.key.peer, 0, sizeof(f->channel.key.peer));
	memcpy(f->channel.key.peer.b, host, sizeof(host));
	f->channel.handed = true;
	f->channel.owner = (struct pst_proc_id){ .start_ns = 17, .tgid = 1 };
	f->channel.late = true;
	f->channel.hidden = true;
	f->channel.bare = true;
	f->channel.kernel = true;
	f->channel.asked = true;
	f->channel.ip_bytes = true;
	f->channel.folded = true;
	f->channel.peer_tgid = 12;
	f->channel.class_ = PST_CLASS_HTTP2;
	f->agent.has_more = true;
	f->agent.caps_effective = UINT64_C(1) << 12 | UINT64_C(1) << 50;
	strcpy(f->agent.container_id, "0123456789ab");
	f->agent.runtime = "podman";
	f->process.netns = 4026531840;
	f->process.mntns = 4026531841;
	f->process.pidns = 4026531836;
	strcpy(f->finding.about, "sha256:00");
	fixture_found(f, 100000 * FIXTURE_S);
	assert_true(golden_is("alert_vsock.json", fixture_last(f)));
	fixture_free(f);
}

static void packets_that_nobody_counts_are_left_out(void **state)
{
	static const struct pst_counters moved = { .attempts = 1, .bytes_out = 7000 };
	struct fixture *f = fixture_new(NULL);

	(void)state;
	pst_alerts_channel(f->alerts,
			   &(struct pst_flow){ &f->process, &f->channel, &moved,
					       100000 * FIXTURE_S },
			   100300 * FIXTURE_S);
	assert_non_null(strstr(fixture_last(f), "\"bytes\":7000"));
	assert_null(strstr(fixture_last(f), "packets"));
	fixture_free(f);
}

static void a_declared_unix_channel_is_byte_for_byte_the_golden_one(void **state)
{
	static const struct pst_counters moved = {
		.attempts = 1, .bytes_out = 1000, .packets_out = 2, .taken = 1, .given = 2
	};
	struct fixture *f = fixture_new(NULL);

	(void)state;
	be(f, PST_UNIX, AF_UNIX, 0);
	f->channel.name = (char *)"/run/acme.sock";
	f->channel.name_len = 14;
	f->channel.verdict = PST_DECLARED;
	f->channel.judged_by = PST_BY_PATTERN;
	pst_alerts_channel(f->alerts,
			   &(struct pst_flow){ &f->process, &f->channel, &moved,
					       100000 * FIXTURE_S },
			   100300 * FIXTURE_S);
	assert_true(golden_is("channel_unix.json", fixture_last(f)));
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_handed_over_vsock_is_byte_for_byte_the_golden_one),
		cmocka_unit_test(a_declared_unix_channel_is_byte_for_byte_the_golden_one),
		cmocka_unit_test(packets_that_nobody_counts_are_left_out),
		cmocka_unit_test(icmp_has_its_number_and_no_port),
		cmocka_unit_test(icmp_of_ipv6_has_another_number),
		cmocka_unit_test(a_raw_channel_has_the_protocol_of_its_key),
		cmocka_unit_test(a_raw_socket_without_a_peer_has_no_address_of_ip),
		cmocka_unit_test(what_has_no_ip_stands_as_an_address_alone),
		cmocka_unit_test(a_unix_path_is_a_file_and_an_abstract_name_is_none),
		cmocka_unit_test(what_was_spoken_stands_with_its_names),
		cmocka_unit_test(who_opened_a_handed_over_socket_is_named),
		cmocka_unit_test(how_bytes_were_counted_is_said),
		cmocka_unit_test(an_update_is_written_when_the_channel_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
