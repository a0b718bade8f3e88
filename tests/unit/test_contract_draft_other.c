// SPDX-License-Identifier: Apache-2.0
/* Is there a clause, or a proposal, for every kind that has no IP peer? */
#include "draft_fixture.h"

static struct past past;

static void sockets_of_this_host_are_clauses(void **state)
{
	(void)state;
	begin(&past);
	(void)had_named(&past, PST_UNIX, "/run/acme.sock", 14);
	(void)had_named(&past, PST_UNIX, "\0acme", 5);
	(void)had_named(&past, PST_UNIX, "rel", 3);
	(void)had_named(&past, PST_UNIX_LISTEN, "/run/own.sock", 13);
	says(&past, 0, "{ \"unix\": \"/run/acme.sock\", \"why\"");
	says(&past, 0, "{ \"unix\": \"@acme\", \"why\"");
	says(&past, 0, "{ \"unix\": \"./rel\", \"why\"");
	says(&past, 0, "\"listen\": \"unix\",\n      \"path\": \"/run/own.sock\"");
}

static void several_variants_of_a_path_are_one_clause(void **state)
{
	(void)state;
	begin(&past);
	(void)had_named(&past, PST_UNIX, "/run/p-17.sock", 14);
	(void)had_named(&past, PST_UNIX, "/run/p-18.sock", 14);
	says(&past, 0, "{ \"unix\": \"/run/p-*.sock\", \"why\": \"74 times");
	says(&past, 0, "// One pattern stands for several paths.");
	begin(&past); /* whom it asked, and where it listens, are two things */
	(void)had_named(&past, PST_UNIX, "/run/p-17.sock", 14);
	(void)had_named(&past, PST_UNIX_LISTEN, "/run/p-18.sock", 14);
	says(&past, 0, "{ \"unix\": \"/run/p-17.sock\"");
	says(&past, 0, "\"path\": \"/run/p-18.sock\"");
}

static void the_kernels_families_are_told_once_each(void **state)
{
	(void)state;
	begin(&past);
	(void)had(&past, PST_NETLINK, "::", 16);
	(void)had(&past, PST_NETLINK, "::1", 16);
	(void)had(&past, PST_NETLINK, "::", 15);
	says(&past, 0, "{ \"netlink\": \"generic\", \"why\": \"74 times");
	says(&past, 0, "{ \"netlink\": \"kobject_uevent\"");
}

static void what_is_unusual_needs_a_person(void **state)
{
	static const struct {
		enum pst_kind kind;
		const char *peer, *entry;
		unsigned int accept;
	} cases[] = {
		{ PST_PACKET, "::", "{ \"packet\": \"eth0\", \"ethertype\": \"0x0003\", \"why\"",
		  1u << PST_DRAFT_PACKET },
		{ PST_VSOCK, "0:2:0:1388::", "\"connect\": \"vsock\",", 1u << PST_DRAFT_VSOCK },
		{ PST_TUNNEL, "::", "{ \"tunnel\": \"eth0\", \"why\"", 1u << PST_DRAFT_TUNNEL },
		{ PST_XDP, "::", "{ \"family\": \"xdp\", \"why\"", 1u << PST_DRAFT_EXOTIC },
		{ PST_CAN, "::", "{ \"family\": \"can\", \"why\"", 1u << PST_DRAFT_EXOTIC },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(&past);
		(void)had_named(&past, cases[i].kind, "eth0", 4);
		past.channel[0].peer = addr(cases[i].peer);
		past.channel[0].port = 3;
		says(&past, 0, "    // needs a person: ");
		says(&past, PST_DRAFT_ALL & ~cases[i].accept, "    // needs a person: ");
		says_not(&past, cases[i].accept, "needs a person");
		says(&past, cases[i].accept, cases[i].entry);
	}
}

static void who_sends_to_nobody_known_is_counted(void **state)
{
	(void)state;
	begin(&past);
	had_named(&past, PST_UNIX, NULL, 0)->sock_type = 2;
	says(&past, PST_DRAFT_ALL, "\"channels\": []");
	says(&past, PST_DRAFT_ALL, "// Not in it: one channel");
}

static void what_has_no_place_yet_is_allowed_with_what_has_one(void **state)
{
	(void)state;
	begin(&past);
	(void)had_named(&past, PST_TUNNEL, NULL, 0);
	says(&past, PST_DRAFT_ALL, "{ \"tunnel\": \"*\"");
	(void)had_named(&past, PST_TUNNEL, "tun0", 4);
	says(&past, PST_DRAFT_ALL, "{ \"tunnel\": \"tun0\"");
	says_not(&past, PST_DRAFT_ALL, "{ \"tunnel\": \"*\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sockets_of_this_host_are_clauses),
		cmocka_unit_test(several_variants_of_a_path_are_one_clause),
		cmocka_unit_test(the_kernels_families_are_told_once_each),
		cmocka_unit_test(what_is_unusual_needs_a_person),
		cmocka_unit_test(who_sends_to_nobody_known_is_counted),
		cmocka_unit_test(what_has_no_place_yet_is_allowed_with_what_has_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
