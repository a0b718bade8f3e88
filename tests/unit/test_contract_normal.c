// SPDX-License-Identifier: Apache-2.0
/* Is what every program does left alone, and nothing that merely looks like it? */
#include "contract_fixture.h"

#include <sys/socket.h>

#include "build.h"

static bool is_normal(enum pst_kind kind, const char *name, size_t len)
{
	struct pst_channel asked = channel(kind, "::", 0);

	asked.name = (char *)name;
	asked.name_len = (uint16_t)len;
	asked.sock_type = SOCK_STREAM;
	return pst_contract_is_normal(&asked);
}

#define NAMED(kind, name) is_normal(kind, name, sizeof(name) - 1)

static void asking_the_kernel_about_its_network_is_normal(void **state)
{
	struct pst_channel asked = channel(PST_NETLINK, "::", 0);

	(void)state;
	assert_true(pst_contract_is_normal(&asked));
	asked.key.peer.b[0] = 1; /* and to be told of changes */
	assert_true(pst_contract_is_normal(&asked));
	asked.key.peer.b[7] = 1; /* another process */
	assert_false(pst_contract_is_normal(&asked));
	asked = channel(PST_NETLINK, "::", 15);
	assert_false(pst_contract_is_normal(&asked));
}

static void what_is_sent_to_groups_reaches_not_the_kernel_alone(void **state)
{
	struct pst_channel asked = channel(PST_NETLINK, "::", 0);

	(void)state;
	asked.key.peer.b[3] = 1;
	memset(asked.key.peer.b + 4, 0xff, 4);
	assert_false(pst_contract_is_normal(&asked));
}

static void what_was_folded_is_not(void **state)
{
	struct pst_channel asked = channel(PST_NETLINK, "::", 0);

	(void)state;
	asked.folded = true;
	assert_false(pst_contract_is_normal(&asked));
	asked = channel(PST_UNIX, "::", 0);
	asked.sock_type = SOCK_STREAM;
	assert_true(pst_contract_is_normal(&asked));
	asked.folded = true;
	assert_false(pst_contract_is_normal(&asked));
}

static void nobody_knows_to_whom_a_datagram_socket_without_a_pair_sends(void **state)
{
	struct pst_contracts *set = contracts_of("");
	struct pst_channel asked = channel(PST_UNIX, "::", 0);
	struct pst_judgement found;

	(void)state;
	asked.sock_type = SOCK_DGRAM;
	found = judge(set, &asked);
	assert_int_equal(found.verdict, PST_UNKNOWN);
	assert_string_equal(found.why_not, "not judged: to whom it sends");
	asked.peer_tgid = 7; /* of a pair that is known */
	found = judge(set, &asked);
	assert_int_equal(found.verdict, PST_DECLARED);
	assert_int_equal(found.by, PST_BY_NORMAL);
	asked.peer_tgid = 0;
	asked.sock_type = SOCK_SEQPACKET;
	assert_int_equal(judge(set, &asked).by, PST_BY_NORMAL);
	pst_contracts_free(set);
}

static void the_services_of_the_c_library_are_normal(void **state)
{
	(void)state;
	assert_true(NAMED(PST_UNIX, "/run/nscd/socket"));
	assert_true(NAMED(PST_UNIX, "/var/run/nscd/socket"));
	assert_true(NAMED(PST_UNIX, "/dev/log"));
	assert_true(NAMED(PST_UNIX, "/run/systemd/journal/stdout"));
	assert_true(NAMED(PST_UNIX, "/run/systemd/resolve/io.systemd.Resolve"));
	assert_true(is_normal(PST_UNIX, NULL, 0)); /* a pair */
	assert_false(NAMED(PST_UNIX, "/run/dbus/system_bus_socket"));
	assert_false(NAMED(PST_UNIX, "/run/systemd/journal/../private"));
	assert_false(NAMED(PST_UNIX, "\0/dev/log"));
	assert_false(NAMED(PST_UNIX, "/dev/log\0x"));
	assert_false(NAMED(PST_UNIX, "dev/log"));
	assert_false(NAMED(PST_UNIX_LISTEN, "/dev/log"));
}

static void other_kinds_are_not(void **state)
{
	int kind;

	(void)state;
	for (kind = PST_TCP_CONNECT; kind < PST_KINDS; kind++)
		if (kind != PST_UNIX && kind != PST_NETLINK)
			assert_false(is_normal((enum pst_kind)kind, NULL, 0));
}

static void what_is_normal_needs_no_entry_but_a_contract(void **state)
{
	struct pst_contracts *set = contracts_of("");
	struct pst_channel asked = channel(PST_NETLINK, "::", 0);
	struct pst_image unbound = { .contract = -1 };
	struct pst_judgement found = judge(set, &asked);

	(void)state;
	assert_int_equal(found.verdict, PST_DECLARED);
	assert_int_equal(found.by, PST_BY_NORMAL);
	assert_int_equal(found.clause, -1);
	pst_contract_judge(set, &unbound, &asked, &found);
	assert_int_equal(found.verdict, PST_UNMANAGED);
	pst_contracts_free(set);
}

static void software_of_one_contract_talks_to_itself(void **state)
{
	struct pst_attrib *attrib = pst_attrib_new(&(struct pst_attrib_keys){ .max_images = 64 });
	struct pst_contracts *set = contracts_of("");
	struct pst_event peer = build_before(20, 100, "/opt/acme/bin/server");
	struct pst_process *server = pst_attrib_see(attrib, &peer);
	struct pst_channel asked = channel(PST_UNIX, "::", 0);
	char path[] = "/tmp/x";

	(void)state;
	asked.name = path;
	asked.name_len = 6;
	asked.peer_tgid = 20;
	pst_contract_bind(set, server->image);
	assert_int_equal(judge(set, &asked).verdict, PST_UNDECLARED); /* processes are not known */
	pst_contracts_names(set, &(struct pst_contract_names){ .attrib = attrib });
	assert_int_equal(judge(set, &asked).verdict, PST_DECLARED);
	asked.peer_tgid = 21;
	assert_int_equal(judge(set, &asked).verdict, PST_UNDECLARED);
	asked.peer_tgid = 20;
	asked.key.kind = PST_UNIX_LISTEN;
	assert_int_equal(judge(set, &asked).verdict, PST_UNDECLARED);
	asked.key.kind = PST_UNIX;
	server->image->contract = -1;
	assert_int_equal(judge(set, &asked).verdict, PST_UNDECLARED);
	pst_contracts_free(set);
	pst_attrib_free(attrib);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asking_the_kernel_about_its_network_is_normal),
		cmocka_unit_test(what_is_sent_to_groups_reaches_not_the_kernel_alone),
		cmocka_unit_test(what_was_folded_is_not),
		cmocka_unit_test(nobody_knows_to_whom_a_datagram_socket_without_a_pair_sends),
		cmocka_unit_test(the_services_of_the_c_library_are_normal),
		cmocka_unit_test(other_kinds_are_not),
		cmocka_unit_test(what_is_normal_needs_no_entry_but_a_contract),
		cmocka_unit_test(software_of_one_contract_talks_to_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
