// SPDX-License-Identifier: Apache-2.0
/* Does the profile page have the right sums, of programs and of processes, whoever still lives? */
#include <stdlib.h>

#include "engine_fixture.h"

#include "engine/view.h"

static void end_process(struct wire *w)
{
	struct pst_rec_exit rec = { .h = wire_head(w, PST_REC_EXIT, sizeof(rec)) };

	wire_send(w, &rec, sizeof(rec));
}

static bool page_has(struct wire *w, const char *what, enum pst_view_form form, const char *part)
{
	const struct pst_view_keys keys = { .what = what, .form = form };
	char *page = pst_view_profile(w->engine, &keys);
	bool found;

	assert_non_null(page);
	found = strstr(page, part) != NULL;
	if (!found)
		fprintf(stderr, "no %s in %s\n", part, page);
	free(page);
	return found;
}

static void short_lived(struct wire *w, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		wire_exec(w, 1000 + i, "brief");
		wire_connect(w, 80);
		wire_sample(w, (struct wire_count){ 80, 1, 1, 0, 100 });
		end_process(w);
	}
}

static void twenty_short_lived_processes_are_in_the_sum_of_their_program(void **state)
{
	struct wire *w = *state;

	short_lived(w, 20);
	assert_true(page_has(w, "brief", PST_VIEW_TEXT, "total: 2000 bytes out, 0 bytes in"));
	assert_true(page_has(w, "brief", PST_VIEW_TEXT,
			     "20 tried, 20 made, 0 failed; "
			     "20 channels of 20 processes"));
	assert_true(page_has(w, "/opt/acme/brief", PST_VIEW_JSON, "\"bytes_out\":\t2000"));
	assert_true(page_has(w, "brief", PST_VIEW_JSON, "\"pid\":\t1019"));
}

static void channels_that_made_room_stay_in_the_sum(void **state)
{
	struct wire *w = *state;

	short_lived(w, 200); /* 64 channels are kept */
	assert_true(page_has(w, "brief", PST_VIEW_TEXT, "total: 20000 bytes out"));
}

static void a_process_that_is_not_remembered_is_its_programs_all_the_same(void **state)
{
	struct wire *w = *state;

	w->config->max_processes = 8;
	wire_restart(w, 64);
	short_lived(w, 30);
	assert_true(page_has(w, "brief", PST_VIEW_TEXT, "total: 3000 bytes out"));
	assert_true(page_has(w, "1001", PST_VIEW_JSON, "\"bytes_out\":\t100"));
}

static void a_pid_has_its_own_channels_only(void **state)
{
	struct wire *w = *state;

	short_lived(w, 3);
	assert_true(page_has(w, "1001", PST_VIEW_TEXT, "total: 100 bytes out"));
	assert_true(page_has(w, "1001", PST_VIEW_TEXT, "pid 1001"));
	assert_true(page_has(w, "1", PST_VIEW_TEXT, "no channel of that program or process"));
}

static void the_program_with_most_bytes_comes_first(void **state)
{
	const struct pst_view_keys keys = { .what = "all", .form = PST_VIEW_TEXT };
	struct wire *w = *state;
	char *page;

	wire_connect(w, 80);
	wire_sample(w, (struct wire_count){ 80, 1, 1, 0, 5 });
	wire_connect(w, 81);
	wire_sample(w, (struct wire_count){ 81, 1, 1, 0, 7 });
	short_lived(w, 1);
	page = pst_view_profile(w->engine, &keys);
	assert_non_null(page);
	assert_true(strstr(page, "/opt/acme/brief") < strstr(page, "/opt/acme/agent"));
	assert_true(strstr(strstr(page, "/opt/acme/agent"), "203.0.113.9:81") <
		    strstr(strstr(page, "/opt/acme/agent"), "203.0.113.9:80"));
	free(page);
}

static void what_has_no_ip_stands_with_its_name_and_opener(void **state)
{
	struct wire *w = *state;
	struct pst_rec_channel rec = { .kind = PST_KIND_UNIX,
				       .family = AF_UNIX,
				       .sock_type = SOCK_STREAM,
				       .owner_tgid = 10,
				       .chan_flags = PST_CHAN_HANDED,
				       .name_len = 6,
				       .name = "/run/x" };

	rec.owner_start_ns = w->task.start_ns;
	wire_exec(w, 50, "worker");
	rec.h = wire_head(w, PST_REC_CHANNEL, sizeof(rec));
	wire_send(w, &rec, sizeof(rec));
	assert_true(page_has(w, "worker", PST_VIEW_TEXT, "unix:/run/x"));
	assert_true(page_has(w, "worker", PST_VIEW_TEXT, "(opened by agent[10])"));
	assert_true(page_has(w, "worker", PST_VIEW_JSON, "\"end\":\t\"unix:/run/x\""));
	assert_true(page_has(w, "worker", PST_VIEW_JSON, "\"taken\":\t1"));
}

static void packets_of_a_stream_are_not_zero_but_not_counted(void **state)
{
	struct wire *w = *state;

	wire_exec(w, 60, "talker");
	wire_connect(w, 80);
	wire_sample(w, (struct wire_count){ 80, 1, 1, 0, 7000 });
	assert_true(
		page_has(w, "talker", PST_VIEW_TEXT, "7.000 kB          0 B         -         -"));
	assert_true(page_has(w, "talker", PST_VIEW_TEXT, " - packets out, - packets in;"));
	assert_true(page_has(w, "talker", PST_VIEW_TEXT, "        - pkts out         - pkts in"));
	assert_false(page_has(w, "talker", PST_VIEW_JSON, "packets_out"));
}

static void send_udp(struct wire *w, uint16_t kind, uint32_t chan_flags)
{
	struct pst_rec_channel rec = { .h = wire_head(w, PST_REC_CHANNEL, sizeof(rec)),
				       .kind = kind,
				       .chan_flags = chan_flags,
				       .local_port = 5353,
				       .family = AF_INET,
				       .sock_type = SOCK_DGRAM };

	wire_peer(rec.peer);
	wire_peer(rec.local);
	if (chan_flags & PST_CHAN_BARE)
		memset(rec.peer, 0, sizeof(rec.peer));
	wire_send(w, &rec, sizeof(rec));
}

static void our_port_does_not_stand_behind_who_came(void **state)
{
	struct wire *w = *state;

	wire_exec(w, 61, "server");
	send_udp(w, PST_KIND_UDP_ACCEPT, 0);
	assert_true(page_has(w, "server", PST_VIEW_TEXT, "203.0.113.9 on port 5353"));
	assert_true(page_has(w, "server", PST_VIEW_JSON, "\"local_port\":\t5353"));
	assert_false(page_has(w, "server", PST_VIEW_JSON, "\"port\":"));
}

static void a_socket_that_was_only_made_has_no_peer(void **state)
{
	struct wire *w = *state;

	wire_exec(w, 62, "pinger");
	send_udp(w, PST_KIND_ICMP, PST_CHAN_BARE);
	assert_false(page_has(w, "pinger", PST_VIEW_JSON, "\"peer\":"));
	end_process(w);
	assert_true(page_has(w, "pinger", PST_VIEW_TEXT, "(only created)"));
}

static bool is_known(struct wire *w, const char *what)
{
	bool known = false;
	const struct pst_view_keys keys = { .what = what, .known = &known };

	free(pst_view_profile(w->engine, &keys));
	return known;
}

static void a_name_that_was_never_seen_is_not_known(void **state)
{
	struct wire *w = *state;

	wire_exec(w, 63, "silent"); /* opens nothing */
	assert_true(is_known(w, "silent"));
	assert_true(is_known(w, "/opt/acme/silent"));
	assert_true(is_known(w, "63"));
	assert_true(is_known(w, "all"));
	assert_false(is_known(w, "NOSUCH"));
	assert_false(is_known(w, "64"));
}

static void every_kind_has_a_row(void **state)
{
	static const struct {
		uint16_t kind;
		const char *name;
	} kinds[] = {
		{ PST_KIND_TCP_CONNECT, "tcp_connect" },
		{ PST_KIND_TCP_LISTEN, "tcp_listen" },
		{ PST_KIND_TCP_ACCEPT, "tcp_accept" },
		{ PST_KIND_UDP_PEER, "udp_peer" },
		{ PST_KIND_UDP_LISTEN, "udp_listen" },
		{ PST_KIND_UDP_ACCEPT, "udp_accept" },
		{ PST_KIND_ICMP, "icmp" },
		{ PST_KIND_RAW, "raw" },
		{ PST_KIND_UDPLITE, "udplite" },
		{ PST_KIND_SCTP, "sctp" },
		{ PST_KIND_SCTP_LISTEN, "sctp_listen" },
		{ PST_KIND_DCCP, "dccp" },
		{ PST_KIND_DCCP_LISTEN, "dccp_listen" },
		{ PST_KIND_PACKET, "packet" },
		{ PST_KIND_XDP, "xdp" },
		{ PST_KIND_VSOCK, "vsock" },
		{ PST_KIND_VSOCK_LISTEN, "vsock_listen" },
		{ PST_KIND_UNIX, "unix" },
		{ PST_KIND_UNIX_LISTEN, "unix_listen" },
		{ PST_KIND_NETLINK, "netlink" },
		{ PST_KIND_ALG, "alg" },
		{ PST_KIND_TIPC, "tipc" },
		{ PST_KIND_BLUETOOTH, "bluetooth" },
		{ PST_KIND_CAN, "can" },
		{ PST_KIND_OTHER, "other" },
		{ PST_KIND_TUNNEL, "tunnel" },
	};
	struct wire *w = *state;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct pst_rec_channel rec = { .kind = kinds[i].kind,
					       .family = AF_INET,
					       .sock_type = SOCK_DGRAM };
		char row[64];

		wire_peer(rec.peer);
		wire_peer(rec.local);
		rec.h = wire_head(w, PST_REC_CHANNEL, sizeof(rec));
		wire_send(w, &rec, sizeof(rec));
		(void)snprintf(row, sizeof(row), "\"kind\":\t\"%s\"", kinds[i].name);
		assert_true(page_has(w, "agent", PST_VIEW_JSON, row));
		(void)snprintf(row, sizeof(row), "\n  %s ", kinds[i].name);
		assert_true(page_has(w, "agent", PST_VIEW_TEXT, row));
	}
	assert_int_equal(sizeof(kinds) / sizeof(kinds[0]), PST_KINDS - 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, wire_set_up, wire_tear_down)

/* The clock of a machine without a battery begins there. */
static void what_was_before_1970_stands_on_the_page(void **state)
{
	struct wire *w = *state;
	struct pst_rec_clock clock = { .h = wire_head(w, PST_REC_CLOCK, sizeof(clock)),
				       .wall_offset_ns = -2000 * (int64_t)WIRE_S };

	memset(&clock.h.task, 0, sizeof(clock.h.task));
	wire_send(w, &clock, sizeof(clock));
	wire_connect(w, 80);
	assert_true(page_has(w, "all", PST_VIEW_TEXT,
			     "1969-12-31T23:43:21Z  1969-12-31T23:43:21Z  1     declared"));
	assert_true(page_has(w, "all", PST_VIEW_JSON, "\"rows\":\t1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(twenty_short_lived_processes_are_in_the_sum_of_their_program),
		CASE(channels_that_made_room_stay_in_the_sum),
		CASE(a_process_that_is_not_remembered_is_its_programs_all_the_same),
		CASE(a_pid_has_its_own_channels_only),
		CASE(the_program_with_most_bytes_comes_first),
		CASE(what_has_no_ip_stands_with_its_name_and_opener),
		CASE(packets_of_a_stream_are_not_zero_but_not_counted),
		CASE(our_port_does_not_stand_behind_who_came),
		CASE(a_socket_that_was_only_made_has_no_peer),
		CASE(a_name_that_was_never_seen_is_not_known),
		CASE(every_kind_has_a_row),
		WIRE_CASE(what_was_before_1970_stands_on_the_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
