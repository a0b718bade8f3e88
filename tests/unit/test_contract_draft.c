// SPDX-License-Identifier: Apache-2.0
/* Does a draft allow what was seen, and nothing that a person has to decide? */
#include "draft_fixture.h"

static struct past past; /* one test after the other */

static void everything(struct past *p)
{
	struct pst_past_channel *vault;

	begin(p);
	vault = had(p, PST_TCP_CONNECT, "203.0.113.7", 443);
	vault->names[0] = (char *)"vault.bank.example";
	vault->name_count = 1;
	(void)had(p, PST_TCP_CONNECT, "203.0.113.8", 8443);
	(void)had(p, PST_TCP_CONNECT, "10.1.2.3", 5432);
	(void)had(p, PST_UDP_PEER, "2001:db8::5", 123);
	(void)had(p, PST_TCP_LISTEN, "127.0.0.1", 9300);
	(void)had(p, PST_TCP_ACCEPT, "127.0.0.1", 9300);
	(void)had(p, PST_TCP_LISTEN, "0.0.0.0", 80);
	(void)had(p, PST_TCP_ACCEPT, "10.0.0.9", 80);
	(void)had(p, PST_UDP_LISTEN, "::1", 161);
	(void)had(p, PST_UDP_ACCEPT, "::1", 161);
	(void)had(p, PST_ICMP, "10.0.0.9", 0);
	(void)had(p, PST_RAW, "10.0.0.9", 89);
	(void)had(p, PST_UDPLITE, "10.0.0.9", 7);
	(void)had(p, PST_SCTP, "10.0.0.9", 7);
	(void)had(p, PST_SCTP_LISTEN, "127.0.0.1", 7);
	(void)had(p, PST_DCCP, "10.0.0.9", 7);
	(void)had(p, PST_DCCP_LISTEN, "127.0.0.1", 7);
	(void)had_named(p, PST_PACKET, "eth0", 4);
	(void)had_named(p, PST_XDP, "eth0", 4);
	(void)had(p, PST_VSOCK, "0:2:0:1388::", 0);
	(void)had(p, PST_VSOCK_LISTEN, "0:2:0:1389::", 0);
	(void)had_named(p, PST_UNIX, "/run/acme.sock", 14);
	(void)had_named(p, PST_UNIX_LISTEN, "\0acme", 5);
	(void)had(p, PST_NETLINK, "::", 16);
	(void)had_named(p, PST_ALG, "hash", 4);
	(void)had(p, PST_TIPC, "::", 0);
	(void)had(p, PST_BLUETOOTH, "::", 3);
	(void)had(p, PST_CAN, "::", 1);
	(void)had(p, PST_OTHER, "::", 24);
	(void)had_named(p, PST_TUNNEL, "tun0", 4);
	did(p, PST_PAST_EXEC, "/bin/sh");
	did(p, PST_PAST_FILTER, "tag:0123456789abcdef");
	did(p, PST_PAST_URING, "");
	did(p, PST_PAST_BPF, "6");
	did(p, PST_PAST_MEMFD, "");
	did(p, PST_PAST_DELETED, "");
	did(p, PST_PAST_MODULE, "net-pf-38");
	did(p, PST_PAST_HANDED, "/usr/lib/systemd/systemd");
}

static struct pst_channel channel_of(const struct pst_past_channel *seen)
{
	return (struct pst_channel){
		.key = { .kind = seen->kind, .port = seen->port, .peer = seen->peer },
		.sock_type = seen->sock_type,
		.name = seen->name,
		.name_len = seen->name_len
	};
}

/* How many of the channels the draft allows; names of hosts cannot be judged here, and pass. */
static size_t allowed(const struct past *p, unsigned int accept)
{
	struct pst_contracts *set = pst_contracts_new();
	char *text = draft(p, accept);
	size_t sum = 0, i;

	assert_int_equal(add_text(set, text), 0);
	for (i = 0; i < p->program.channel_count; i++) {
		struct pst_channel asked = channel_of(&p->channel[i]);
		enum pst_verdict verdict = judge(set, &asked).verdict;

		sum += verdict == PST_DECLARED ||
		       (verdict == PST_UNKNOWN && p->channel[i].name_count);
	}
	pst_contracts_free(set);
	free(text);
	return sum;
}

static void with_all_accepted_it_allows_all_that_was_seen(void **state)
{
	(void)state;
	everything(&past);
	assert_int_equal(allowed(&past, PST_DRAFT_ALL), past.program.channel_count);
}

static void what_needs_a_person_is_a_comment_and_allows_nothing(void **state)
{
	struct pst_contracts *set = pst_contracts_new();
	const struct pst_contract *contract;
	char *text;

	(void)state;
	everything(&past);
	text = draft(&past, 0);
	assert_int_equal(add_text(set, text), 0);
	contract = pst_contracts_at(set, 0);
	/* 10.1.2.3, two listeners on loopback, icmp, udplite, sctp and dccp each way, two unix,
	   netlink; that of SCTP and DCCP alone differ in protocol */
	assert_int_equal(contract->channel_count, 12);
	assert_false(pst_contract_allows_uring(contract));
	assert_false(pst_contract_allows_filter(contract, "tag:0123456789abcdef"));
	assert_false(pst_contract_allows_memfd(contract));
	assert_false(pst_contract_allows_deleted(contract));
	assert_false(pst_contract_allows_module(contract, "net-pf-38"));
	assert_false(pst_contract_allows_bpf(contract, 6));
	assert_true(pst_contract_allows_handover(contract, "/usr/lib/systemd/systemd"));
	assert_int_equal(pst_contract_exec_allowed(contract, "/bin/sh"), 1);
	assert_non_null(strstr(text, "// needs a person: other hosts may connect (listeners)"));
	assert_non_null(strstr(text, "// { \"tunnel\": \"tun0\""));
	pst_contracts_free(set);
	free(text);
}

static void each_class_that_is_accepted_allows_more(void **state)
{
	size_t before;

	(void)state;
	everything(&past);
	before = allowed(&past, 0);
	assert_int_equal(allowed(&past, 1u << PST_DRAFT_LISTENERS), before + 2);
	assert_int_equal(allowed(&past, 1u << PST_DRAFT_EXTERNAL), before + 3);
	assert_int_equal(allowed(&past, 1u << PST_DRAFT_RAW), before + 1);
	assert_int_equal(allowed(&past, 1u << PST_DRAFT_PACKET), before + 1);
	assert_int_equal(allowed(&past, 1u << PST_DRAFT_VSOCK), before + 2);
	assert_int_equal(allowed(&past, 1u << PST_DRAFT_TUNNEL), before + 1);
	assert_int_equal(allowed(&past, 1u << PST_DRAFT_EXOTIC), before + 6);
}

static void what_an_alert_told_of_needs_a_person_too(void **state)
{
	(void)state;
	begin(&past);
	had(&past, PST_TCP_LISTEN, "0.0.0.0", 80)->proposed = true;
	assert_int_equal(allowed(&past, 1u << PST_DRAFT_LISTENERS), 0);
	assert_int_equal(allowed(&past, 1u << PST_DRAFT_LISTENERS | 1u << PST_DRAFT_ALERTED), 1);
}

static void a_program_that_did_nothing_may_do_nothing(void **state)
{
	(void)state;
	begin(&past);
	says(&past, 0, "\"channels\": []");
	says(&past, 0, "\"exec\": []");
}

static void what_everybody_does_needs_no_clause(void **state)
{
	(void)state;
	begin(&past);
	(void)had(&past, PST_NETLINK, "::", 0);
	(void)had_named(&past, PST_UNIX, "/run/nscd/socket", 16);
	(void)had_named(&past, PST_UNIX, NULL, 0);
	says(&past, PST_DRAFT_ALL, "\"channels\": []");
}

static void hostile_bytes_stay_inside_of_their_strings(void **state)
{
	(void)state;
	begin(&past);
	past.program.path = (char *)"/opt/a\"\n{*\\\xff/x";
	(void)had_named(&past, PST_UNIX, "/run/\"\n} ]\xe2\x80\xae", 12);
	did(&past, PST_PAST_EXEC, "/bin/\n/* {");
	did(&past, PST_PAST_EXEC, "/bin//x");
	did(&past, PST_PAST_EXEC, "/bin/..");
	did(&past, PST_PAST_HANDED, "relative");
	past.program.unit_count = 1;
	past.program.units[0] = (char *)"x\n{.service";
	says(&past, PST_DRAFT_ALL, "/opt/a\\\"?{\\\\*");
	says(&past, PST_DRAFT_ALL, "x\\x0a{.service");
}

static char *draft_by(enum pst_draft_by by, const char *named, const char *id)
{
	const struct pst_past_program *program = &past.program;
	struct pst_draft_keys keys = keys_of(&program);

	keys.by = by;
	keys.named = named;
	keys.id = id;
	return pst_draft(&keys);
}

static void it_binds_what_was_asked_for(void **state)
{
	char *text;

	(void)state;
	begin(&past);
	text = draft_by(PST_DRAFT_BY_PACKAGE, "acme-backup", NULL);
	assert_non_null(strstr(text, "\"contract\": \"acme-backup\""));
	assert_non_null(strstr(text, "{ \"package\": \"acme-backup\" }"));
	free(text);
	text = draft_by(PST_DRAFT_BY_UNIT, "acme.service", "agent-1");
	assert_non_null(strstr(text, "\"contract\": \"agent-1\""));
	assert_non_null(strstr(text, "{ \"unit\": \"acme.service\" }"));
	free(text);
}

static void without_a_path_the_unit_is_bound_and_else_nothing(void **state)
{
	char *text;

	(void)state;
	begin(&past);
	past.program.foreign_root = true;
	assert_null(draft_by(PST_DRAFT_BY_PROGRAM, NULL, NULL));
	past.program.unit_count = 1;
	past.program.units[0] = (char *)"acme.service";
	text = draft_by(PST_DRAFT_BY_PROGRAM, NULL, NULL);
	assert_non_null(strstr(text, "{ \"unit\": \"acme.service\" }"));
	free(text);
}

static void classes_are_read_from_their_names(void **state)
{
	unsigned int bits = 7;
	char wrong[64];

	(void)state;
	assert_int_equal(pst_draft_accept("listeners,raw", &bits, wrong), 0);
	assert_int_equal(bits, 1u << PST_DRAFT_LISTENERS | 1u << PST_DRAFT_RAW);
	assert_int_equal(pst_draft_accept("all", &bits, wrong), 0);
	assert_int_equal(bits, PST_DRAFT_ALL);
	assert_int_equal(pst_draft_accept("raw,listener", &bits, wrong), -22);
	assert_string_equal(wrong, "listener");
	assert_int_equal(pst_draft_accept("", &bits, wrong), -22);
	assert_int_equal(pst_draft_accept("raw,", &bits, wrong), -22);
	assert_int_equal(bits, PST_DRAFT_ALL);
}

static void an_id_has_letters_that_contracts_take(void **state)
{
	char longest[66];

	(void)state;
	memset(longest, 'a', 65);
	longest[65] = '\0';
	assert_true(pst_draft_id_is_valid("acme-2.x_y"));
	assert_false(pst_draft_id_is_valid(""));
	assert_false(pst_draft_id_is_valid("a b"));
	assert_false(pst_draft_id_is_valid(longest));
	assert_true(pst_draft_id_is_valid(longest + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_all_accepted_it_allows_all_that_was_seen),
		cmocka_unit_test(what_needs_a_person_is_a_comment_and_allows_nothing),
		cmocka_unit_test(each_class_that_is_accepted_allows_more),
		cmocka_unit_test(what_an_alert_told_of_needs_a_person_too),
		cmocka_unit_test(a_program_that_did_nothing_may_do_nothing),
		cmocka_unit_test(what_everybody_does_needs_no_clause),
		cmocka_unit_test(hostile_bytes_stay_inside_of_their_strings),
		cmocka_unit_test(it_binds_what_was_asked_for),
		cmocka_unit_test(without_a_path_the_unit_is_bound_and_else_nothing),
		cmocka_unit_test(classes_are_read_from_their_names),
		cmocka_unit_test(an_id_has_letters_that_contracts_take),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
