// SPDX-License-Identifier: Apache-2.0
/* Does every kind of channel say where its other end is? */
#include "build.h"

#include "profile/profile.h"

struct end {
	enum pst_kind kind;
	const char *address; /* NULL: @bytes */
	uint8_t bytes[16];
	uint16_t port;
	const char *name;
	uint16_t name_len;
	bool folded;
	const char *text;
};

static const struct end ends[] = {
	{ .kind = PST_TCP_CONNECT, .address = "10.1.2.3", .port = 443, .text = "10.1.2.3:443" },
	{ .kind = PST_UDP_PEER, .address = "2001:db8::1", .port = 53, .text = "[2001:db8::1]:53" },
	{ .kind = PST_TCP_CONNECT,
	  .address = "10.1.2.0",
	  .port = 443,
	  .folded = true,
	  .text = "10.1.2.0/24:443" },
	{ .kind = PST_UDP_PEER,
	  .address = "2001:db8::",
	  .port = 53,
	  .folded = true,
	  .text = "[2001:db8::/56]:53" },
	{ .kind = PST_TCP_CONNECT, .address = "::", .port = 443, .folded = true, .text = "*:443" },
	{ .kind = PST_TCP_ACCEPT,
	  .address = "10.1.2.3",
	  .port = 9300,
	  .text = "10.1.2.3 on port 9300" },
	{ .kind = PST_UDP_ACCEPT,
	  .address = "2001:db8::",
	  .port = 53,
	  .folded = true,
	  .text = "[2001:db8::/56] on port 53" },
	{ .kind = PST_UDP_ACCEPT,
	  .address = "::",
	  .port = 53,
	  .folded = true,
	  .text = "* on port 53" },
	{ .kind = PST_ICMP, .address = "203.0.113.9", .text = "icmp 203.0.113.9" },
	{ .kind = PST_RAW, .address = "203.0.113.9", .port = 253, .text = "raw/253 203.0.113.9" },
	{ .kind = PST_RAW, .address = "::", .port = 1, .text = "raw/1 *" },
	{ .kind = PST_VSOCK, .bytes = { 0, 0, 0, 2, 0, 0, 0x13, 0x88 }, .text = "vsock:2:5000" },
	{ .kind = PST_VSOCK_LISTEN,
	  .bytes = { 255, 255, 255, 255, 0, 0, 0x13, 0x88 },
	  .text = "vsock:*:5000" },
	{ .kind = PST_UNIX, .name = "/run/x", .name_len = 6, .text = "unix:/run/x" },
	{ .kind = PST_UNIX_LISTEN, .name = "\0abs", .name_len = 4, .text = "unix:@abs" },
	{ .kind = PST_UNIX, .name = "/a\n\x1b", .name_len = 4, .text = "unix:/a\\x0a\\x1b" },
	{ .kind = PST_UNIX, .text = "unix:(unnamed)" },
	{ .kind = PST_NETLINK, .port = 0, .text = "netlink:route" },
	{ .kind = PST_NETLINK, .port = 9, .bytes = { 0, 0, 0, 5 }, .text = "netlink:audit/0x5" },
	{ .kind = PST_NETLINK,
	  .port = 2,
	  .bytes = { 0, 0, 0, 0, 0, 0, 4, 0xd2 },
	  .text = "netlink:usersock:1234" },
	{ .kind = PST_NETLINK, .port = 31, .text = "netlink:31" },
	{ .kind = PST_PACKET,
	  .port = 0x88b5,
	  .bytes = { 0, 0, 0, 2 },
	  .name = "eth0",
	  .name_len = 4,
	  .text = "packet:eth0/0x88b5" },
	{ .kind = PST_PACKET, .port = 3, .bytes = { 0, 0, 0, 2 }, .text = "packet:if2/0x0003" },
	{ .kind = PST_PACKET, .port = 3, .text = "packet:*/0x0003" },
	{ .kind = PST_XDP,
	  .port = 1,
	  .bytes = { 0, 0, 0, 2 },
	  .name = "eth0",
	  .name_len = 4,
	  .text = "xdp:eth0/1" },
	{ .kind = PST_ALG, .name = "hash:sha256", .name_len = 11, .text = "alg:hash:sha256" },
	{ .kind = PST_TUNNEL, .port = 1, .name = "tun0", .name_len = 4, .text = "tunnel:tun0" },
	{ .kind = PST_TUNNEL, .port = 1, .text = "tunnel:?" },
	{ .kind = PST_BLUETOOTH,
	  .port = 3,
	  .bytes = { 0xff, 0xee, 0xdd, 0xcc, 0xbb, 0xaa, 7 },
	  .text = "bluetooth:rfcomm:AA:BB:CC:DD:EE:FF/7" },
	{ .kind = PST_BLUETOOTH,
	  .port = 0,
	  .bytes = { 1, 0, 0xff, 0xee, 0xdd, 0xcc, 0xbb, 0xaa },
	  .text = "bluetooth:l2cap:AA:BB:CC:DD:EE:FF/1" },
	{ .kind = PST_BLUETOOTH, .port = 1, .bytes = { 2 }, .text = "bluetooth:hci:hci2" },
	{ .kind = PST_CAN, .port = 1, .name = "can0", .name_len = 4, .text = "can:raw/can0" },
	{ .kind = PST_OTHER, .port = 15, .bytes = { 0, 0, 0, 2 }, .text = "other:pf_key/2" },
	{ .kind = PST_OTHER, .port = 99, .text = "other:99" },
};

static struct pst_channel channel_of(const struct end *end)
{
	struct pst_channel channel = { .key = { .kind = (uint16_t)end->kind, .port = end->port },
				       .name = (char *)end->name,
				       .name_len = end->name_len,
				       .folded = end->folded };

	memcpy(channel.key.peer.b, end->bytes, sizeof(end->bytes));
	if (end->address)
		channel.key.peer = build_addr(end->address);
	return channel;
}

static void each_kind_has_its_words(void **state)
{
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct pst_channel channel = channel_of(&ends[i]);

		assert_string_equal(pst_channel_peer_text(&channel, text, sizeof(text)),
				    ends[i].text);
	}
}

static void a_tipc_service_is_told_by_its_numbers(void **state)
{
	struct pst_channel channel = { .key = { .kind = PST_TIPC } };
	uint32_t type = 18888, instance = 17;
	char text[64];

	(void)state;
	memcpy(channel.key.peer.b + 2, &type, sizeof(type));
	memcpy(channel.key.peer.b + 6, &instance, sizeof(instance));
	assert_string_equal(pst_channel_peer_text(&channel, text, sizeof(text)), "tipc:18888:17");
}

static void a_small_buffer_holds_a_terminated_beginning(void **state)
{
	struct pst_channel channel = { .key = { .kind = PST_UNIX },
				       .name = (char *)"/run/x",
				       .name_len = 6 };
	char text[8];

	(void)state;
	assert_string_equal(pst_channel_peer_text(&channel, text, sizeof(text)), "unix:/r");
}

static void ends_are_in_order_by_kind_then_peer_then_port(void **state)
{
	struct pst_channel sorted[4] = { { .key = { .kind = PST_TCP_CONNECT, .port = 443 } },
					 { .key = { .kind = PST_TCP_CONNECT, .port = 444 } },
					 { .key = { .kind = PST_TCP_CONNECT, .port = 1 } },
					 { .key = { .kind = PST_UDP_PEER, .port = 1 } } };

	(void)state;
	sorted[2].key.peer.b[15] = 1;
	assert_true(PST_TCP_CONNECT < PST_UDP_PEER);
	for (int i = 0; i < 4; i++) {
		for (int j = 0; j < 4; j++) {
			int order = pst_channel_end_order(&sorted[i], &sorted[j]);

			assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
		}
	}
	sorted[1] = sorted[0];
	sorted[1].key.proc.tgid = 7; /* another process has it */
	assert_int_equal(pst_channel_end_order(&sorted[0], &sorted[1]), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_has_its_words),
		cmocka_unit_test(a_tipc_service_is_told_by_its_numbers),
		cmocka_unit_test(a_small_buffer_holds_a_terminated_beginning),
		cmocka_unit_test(ends_are_in_order_by_kind_then_peer_then_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
