// SPDX-License-Identifier: Apache-2.0
/* Are names derived, stable, and different where they must be? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/socket.h>

#include "alert/ids.h"
#include "alert_fixture.h"

static void a_finding_id_is_f_and_sixteen_hex_digits(void **state)
{
	struct fixture *f = fixture_new(NULL);
	char id[PST_FINDING_ID_TEXT];

	(void)state;
	assert_ptr_equal(pst_id_finding(&f->host, f->contracts, &f->finding, id), id);
	assert_int_equal(strlen(id), 18);
	assert_memory_equal(id, "f:", 2);
	assert_int_equal(strspn(id + 2, "0123456789abcdef"), 16);
	fixture_free(f);
}

static void a_finding_id_depends_on_what_it_names_and_on_nothing_else(void **state)
{
	struct fixture *f = fixture_new(NULL);
	char first[PST_FINDING_ID_TEXT], id[PST_FINDING_ID_TEXT];

	(void)state;
	(void)pst_id_finding(&f->host, f->contracts, &f->finding, first);
	f->finding.time_ns++;
	f->finding.score--;
	f->channel.cookie++;
	f->channel.key.proc.start_ns++; /* another process of the same program */
	f->host.boot_id[0] = '0';	/* after a restart of the host */
	assert_string_equal(pst_id_finding(&f->host, f->contracts, &f->finding, id), first);
	f->channel.key.peer.b[15]++;
	assert_string_not_equal(pst_id_finding(&f->host, f->contracts, &f->finding, id), first);
	f->channel.key.peer.b[15]--;
	f->channel.key.kind = PST_UDP_PEER;
	assert_string_not_equal(pst_id_finding(&f->host, f->contracts, &f->finding, id), first);
	f->channel.key.kind = PST_TCP_CONNECT;
	f->finding.subject = &f->shell;
	assert_string_not_equal(pst_id_finding(&f->host, f->contracts, &f->finding, id), first);
	f->finding.subject = &f->agent;
	f->finding.judgement.contract = -1;
	assert_string_not_equal(pst_id_finding(&f->host, f->contracts, &f->finding, id), first);
	f->finding.judgement.contract = 0;
	f->host.machine_id[0] = '0';
	assert_string_not_equal(pst_id_finding(&f->host, f->contracts, &f->finding, id), first);
	fixture_free(f);
}

static const char *id_of(struct fixture *f, char out[PST_FINDING_ID_TEXT])
{
	return pst_id_finding(&f->host, f->contracts, &f->finding, out);
}

static void all_channels_of_a_kind_may_be_one_finding(void **state)
{
	struct fixture *f = fixture_new(NULL);
	char first[PST_FINDING_ID_TEXT], id[PST_FINDING_ID_TEXT];

	(void)state;
	f->finding.by_kind = true;
	(void)pst_id_finding(&f->host, f->contracts, &f->finding, first);
	f->channel.key.peer.b[15]++;
	f->channel.key.port++;
	assert_string_equal(pst_id_finding(&f->host, f->contracts, &f->finding, id), first);
	f->channel.key.kind = PST_UDP_PEER;
	assert_string_not_equal(pst_id_finding(&f->host, f->contracts, &f->finding, id), first);
	fixture_free(f);
}

static void what_a_finding_is_about_tells_it_apart(void **state)
{
	struct fixture *f = fixture_new(NULL);
	char first[PST_FINDING_ID_TEXT], id[PST_FINDING_ID_TEXT];

	(void)state;
	f->finding.channel = NULL;
	(void)pst_id_finding(&f->host, f->contracts, &f->finding, first);
	strcpy(f->finding.about, "dccp");
	assert_string_not_equal(pst_id_finding(&f->host, f->contracts, &f->finding, id), first);
	fixture_free(f);
}

static void a_finding_without_a_known_contract_has_an_id_too(void **state)
{
	struct fixture *f = fixture_new(NULL);
	char none[PST_FINDING_ID_TEXT], id[PST_FINDING_ID_TEXT];

	(void)state;
	f->finding.judgement.contract = -1;
	(void)id_of(f, none);
	f->finding.judgement.contract = 1; /* one behind the last */
	assert_string_equal(id_of(f, id), none);
	f->finding.judgement.contract = 0;
	assert_string_not_equal(id_of(f, id), none);
	assert_string_equal(pst_id_finding(&f->host, NULL, &f->finding, id), none);
	fixture_free(f);
}

static void an_exec_is_told_apart_by_its_caller(void **state)
{
	struct fixture *f = fixture_new(NULL);
	char first[PST_FINDING_ID_TEXT], id[PST_FINDING_ID_TEXT];

	(void)state;
	f->finding.detector = PST_DETECTOR_UNEXPECTED_EXEC;
	f->finding.channel = NULL;
	f->finding.image = &f->shell;
	(void)id_of(f, first);
	f->shell.stdio_mask = 1;
	f->shell.stdio[0] = (struct pst_stdio){ .family = AF_INET, .peer_port = 9 };
	assert_string_equal(id_of(f, id), first);
	f->shell.prev = &f->systemd;
	assert_string_not_equal(id_of(f, id), first);
	f->shell.prev = NULL;
	assert_string_not_equal(id_of(f, id), first);
	fixture_free(f);
}

static void a_shell_is_told_apart_by_its_lowest_connection(void **state)
{
	struct fixture *f = fixture_new(NULL);
	char first[PST_FINDING_ID_TEXT], id[PST_FINDING_ID_TEXT];

	(void)state;
	f->finding.detector = PST_DETECTOR_SHELL_ON_SOCKET;
	f->finding.channel = NULL;
	f->finding.image = &f->shell;
	f->shell.stdio_mask = 6;
	f->shell.stdio[0] = (struct pst_stdio){ .family = AF_INET, .peer_port = 1 }; /* unset */
	f->shell.stdio[1] = (struct pst_stdio){ .peer = fixture_v4(203, 0, 113, 9),
						.family = AF_INET,
						.peer_port = 4444 };
	f->shell.stdio[2] = f->shell.stdio[1];
	(void)id_of(f, first);
	f->shell.stdio[0].peer_port++;
	f->shell.stdio[2].peer_port++;
	assert_string_equal(id_of(f, id), first);
	f->shell.stdio[1].peer_port++;
	assert_string_not_equal(id_of(f, id), first);
	f->shell.stdio[1].peer_port--;
	f->shell.stdio[1].peer.b[15]++;
	assert_string_not_equal(id_of(f, id), first);
	f->shell.stdio[1].peer.b[15]--;
	f->shell.prev = &f->systemd;
	assert_string_not_equal(id_of(f, id), first);
	fixture_free(f);
}

static bool same_for_ports(struct fixture *f, uint16_t one, uint16_t other)
{
	char a[PST_FINDING_ID_TEXT], b[PST_FINDING_ID_TEXT];

	f->channel.key.port = one;
	(void)id_of(f, a);
	f->channel.key.port = other;
	return strcmp(a, id_of(f, b)) == 0;
}

static void ephemeral_listeners_under_no_contract_are_one_finding(void **state)
{
	struct fixture *f = fixture_new(NULL);

	(void)state;
	f->finding.detector = PST_DETECTOR_NEW_LISTENER;
	f->finding.judgement.contract = -1;
	f->channel.key.kind = PST_TCP_LISTEN;
	assert_true(same_for_ports(f, 32768, 60999));
	assert_false(same_for_ports(f, 32767, 32768));
	assert_false(same_for_ports(f, 60999, 61000));
	assert_false(same_for_ports(f, 8080, 8081));
	f->finding.judgement.contract = 0;
	assert_false(same_for_ports(f, 40000, 40001));
	f->finding.judgement.contract = -1;
	f->finding.detector = PST_DETECTOR_UNDECLARED_CHANNEL;
	assert_false(same_for_ports(f, 40000, 40001));
	fixture_free(f);
}

static void the_longest_paths_have_an_id(void **state)
{
	struct fixture *f = fixture_new(NULL);
	char *path = malloc(4097), id[PST_FINDING_ID_TEXT];

	(void)state;
	assert_non_null(path);
	memset(path, 'a', 4096);
	path[4096] = '\0';
	f->agent_program.path = path;
	f->shell_program.path = path;
	f->finding.image = &f->shell;
	f->finding.detector = PST_DETECTOR_UNEXPECTED_EXEC;
	f->finding.channel = NULL; /* the caller's path is a third one */
	assert_int_equal(strlen(pst_id_finding(&f->host, f->contracts, &f->finding, id)), 18);
	free(path);
	fixture_free(f);
}

static void an_entity_is_boot_pid_and_start(void **state)
{
	struct fixture *f = fixture_new(NULL);
	struct pst_proc_id most = { .start_ns = UINT64_MAX, .tgid = UINT32_MAX };
	char id[PST_ENTITY_ID_TEXT];

	(void)state;
	assert_string_equal(pst_id_entity(&f->host, &f->process.id, id),
			    "f8818ede-18734-91823377120033");
	assert_string_equal(pst_id_entity(&f->host, &most, id),
			    "f8818ede-4294967295-18446744073709551615");
	fixture_free(f);
}

static void every_place_in_the_stream_has_its_own_event_id(void **state)
{
	struct fixture *f = fixture_new(NULL);
	const struct pst_position places[] = {
		{ .cpu = 0, .seq = 0 },
		{ .cpu = 1, .seq = 0 },
		{ .cpu = 0, .seq = 1 },
		{ .cpu = 0, .seq = 0, .time_ns = 1 },
		{ .cpu = 0, .seq = 0, .dataset = 1 },
		{ .cpu = 0, .seq = 0, .ordinal = 1 },
	};
	char ids[6][PST_UUID_TEXT];
	size_t i, j;

	(void)state;
	for (i = 0; i < 6; i++) {
		(void)pst_id_event(&f->host, &places[i], ids[i]);
		assert_int_equal(strlen(ids[i]), 36);
		assert_int_equal(ids[i][14], '8'); /* UUID version */
		for (j = 0; j < i; j++)
			assert_string_not_equal(ids[i], ids[j]);
	}
	fixture_free(f);
}

static void another_start_is_another_ephemeral_id(void **state)
{
	struct fixture *f = fixture_new(NULL);
	char a[PST_UUID_TEXT], b[PST_UUID_TEXT];

	(void)state;
	assert_string_equal(pst_id_ephemeral(&f->host, 1, a), pst_id_ephemeral(&f->host, 1, b));
	assert_string_not_equal(pst_id_ephemeral(&f->host, 1, a), pst_id_ephemeral(&f->host, 2, b));
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_id_is_f_and_sixteen_hex_digits),
		cmocka_unit_test(a_finding_id_depends_on_what_it_names_and_on_nothing_else),
		cmocka_unit_test(all_channels_of_a_kind_may_be_one_finding),
		cmocka_unit_test(what_a_finding_is_about_tells_it_apart),
		cmocka_unit_test(a_finding_without_a_known_contract_has_an_id_too),
		cmocka_unit_test(an_exec_is_told_apart_by_its_caller),
		cmocka_unit_test(a_shell_is_told_apart_by_its_lowest_connection),
		cmocka_unit_test(ephemeral_listeners_under_no_contract_are_one_finding),
		cmocka_unit_test(the_longest_paths_have_an_id),
		cmocka_unit_test(an_entity_is_boot_pid_and_start),
		cmocka_unit_test(every_place_in_the_stream_has_its_own_event_id),
		cmocka_unit_test(another_start_is_another_ephemeral_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
