// SPDX-License-Identifier: Apache-2.0
/* What does each kind of channel ask of a contract? */
#include "contract_fixture.h"

#include <netinet/in.h>

#include "contract/judge.h"

static struct pst_question question(const struct pst_channel *asked)
{
	struct pst_question out;

	assert_true(pst_question_of(asked, &out));
	return out;
}

static void every_kind_asks_something(void **state)
{
	struct pst_channel asked = channel(PST_KINDS, "::", 0);
	struct pst_question out;
	int kind;

	(void)state;
	assert_false(pst_question_of(&asked, &out));
	for (kind = PST_TCP_CONNECT; kind < PST_KINDS; kind++) {
		asked = channel((enum pst_kind)kind, "203.0.113.9", 7);
		out = question(&asked);
		assert_true(out.asks);
		assert_true(!(out.asks & PST_ASKS_NUMBER) || out.number_name);
	}
}

static void an_accepted_connection_asks_where_it_comes_from(void **state)
{
	struct pst_channel asked = channel(PST_UDP_ACCEPT, "192.0.2.7", 514);
	struct pst_question out = question(&asked);

	(void)state;
	assert_int_equal(out.does, PST_CLAUSE_LISTEN);
	assert_int_equal(out.protocol, IPPROTO_UDP);
	assert_int_equal(out.asks, PST_ASKS_PORT | PST_ASKS_FROM);
	assert_true(pst_addr_equal(&out.from.addr, &asked.key.peer));
	asked.local = addr("10.0.0.1");
	assert_int_equal(question(&asked).asks, PST_ASKS_ADDRESS | PST_ASKS_PORT | PST_ASKS_FROM);
}

static void a_missing_peer_is_asked_only_where_there_is_always_one(void **state)
{
	struct pst_channel asked = channel(PST_RAW, "::", 89);

	(void)state;
	assert_int_equal(question(&asked).asks, PST_ASKS_NUMBER);
	asked.folded = true; /* any address, not none */
	assert_int_equal(question(&asked).asks, PST_ASKS_NUMBER | PST_ASKS_ADDRESS);
	assert_true(question(&asked).some_address);
	asked = channel(PST_TCP_CONNECT, "::", 89);
	assert_int_equal(question(&asked).asks, PST_ASKS_ADDRESS | PST_ASKS_PORT);
}

static void what_was_folded_past_all_bounds_may_be_anything(void **state)
{
	struct pst_contracts *set = contracts_of(
		"{\"connect\":\"tcp\",\"to\":\"10.1.0.0/16\",\"port\":443},"
		"{\"unix\":\"/run/x\"},{\"netlink\":\"audit\"}");
	struct pst_channel asked = channel(PST_TCP_CONNECT, "::", 0);

	(void)state;
	assert_int_equal(judge(set, &asked).verdict, PST_UNDECLARED);
	asked.folded = true;
	assert_int_equal(judge(set, &asked).verdict, PST_UNKNOWN);
	assert_string_equal(judge(set, &asked).why_not, "not judged: a folded address");
	asked.key.port = 444; /* the port was kept */
	assert_int_equal(judge(set, &asked).verdict, PST_UNDECLARED);
	asked = channel(PST_UNIX, "::", 0);
	asked.folded = true;
	assert_int_equal(judge(set, &asked).verdict, PST_UNKNOWN);
	asked.key.kind = PST_NETLINK;
	assert_int_equal(judge(set, &asked).verdict, PST_UNKNOWN);
	assert_string_equal(judge(set, &asked).why_not, "not judged: a folded peer");
	asked.key.kind = PST_UDP_PEER; /* of which no entry speaks */
	assert_int_equal(judge(set, &asked).verdict, PST_UNDECLARED);
	pst_contracts_free(set);
}

static void numbers_come_from_where_the_kind_keeps_them(void **state)
{
	struct pst_channel asked = channel(PST_VSOCK, "::", 0);

	(void)state;
	memcpy(asked.key.peer.b, "\0\0\1\2\0\0\3\4", 8);
	assert_int_equal(question(&asked).number, 258);
	assert_int_equal(question(&asked).port, 772);
	asked = channel(PST_XDP, "::", 5); /* a queue */
	assert_int_equal(question(&asked).number, 44);
	asked = channel(PST_OTHER, "::", 77);
	assert_int_equal(question(&asked).number, 77);
	asked = channel(PST_PACKET, "::", 0x88b5);
	assert_int_equal(question(&asked).number, 0x88b5);
}

static const char *name_of(const char *name, size_t len)
{
	static struct pst_question out;
	struct pst_channel asked = channel(PST_UNIX, "::", 0);

	asked.name = (char *)name;
	asked.name_len = (uint16_t)len;
	out = question(&asked);
	return out.name;
}

static void names_of_sockets_are_written_as_contracts_do(void **state)
{
	char longest[108];

	(void)state;
	assert_string_equal(name_of("/run/x", 6), "/run/x");
	assert_string_equal(name_of("/run/x\0\0", 8), "/run/x");
	assert_string_equal(name_of("x", 1), "./x");
	assert_string_equal(name_of("\0a\0b\0\0", 6), "@a@b");
	assert_string_equal(name_of("\0", 1), "@");
	assert_string_equal(name_of(NULL, 0), "");
	memset(longest, 'x', sizeof(longest));
	assert_int_equal(strlen(name_of(longest, sizeof(longest))), sizeof(longest) + 2);
}

static void a_bare_socket_asks_for_its_kind(void **state)
{
	struct pst_channel asked = channel(PST_UNIX, "::", 0);

	(void)state;
	asked.bare = true;
	assert_int_equal(question(&asked).asks, 0);
	asked.key.kind = PST_NETLINK;
	assert_int_equal(question(&asked).asks, PST_ASKS_NUMBER);
	asked.key.kind = PST_RAW;
	assert_int_equal(question(&asked).asks, 0);
	asked.key.port = 253;
	assert_int_equal(question(&asked).asks, PST_ASKS_NUMBER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_asks_something),
		cmocka_unit_test(an_accepted_connection_asks_where_it_comes_from),
		cmocka_unit_test(a_missing_peer_is_asked_only_where_there_is_always_one),
		cmocka_unit_test(what_was_folded_past_all_bounds_may_be_anything),
		cmocka_unit_test(numbers_come_from_where_the_kind_keeps_them),
		cmocka_unit_test(names_of_sockets_are_written_as_contracts_do),
		cmocka_unit_test(a_bare_socket_asks_for_its_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
