// SPDX-License-Identifier: Apache-2.0
/* How does the other end of a channel read, whatever its kind? One line for people, SIEMs and
 * tables. bpf/abi/channel.h says what the 16 bytes of the key are where they are no address. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "profile/profile.h"
#include "profile/words.h"

#define NAME_TEXT 512 /* a name of 112 bytes with every one of them escaped fits */

static const char *const bluetooths[] = { "l2cap", "hci",  "sco",  "rfcomm",
					  "bnep",  "cmtp", "hidp", "avdtp" };

static const char *const cans[] = { [1] = "raw", [2] = "bcm", [6] = "isotp", [7] = "j1939" };

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static uint32_t big_endian(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       (uint32_t)bytes[3];
}

/* of_host - the kernel's own byte order, which is that of every record we read */
static uint32_t of_host(const uint8_t *bytes)
{
	uint32_t value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static const char *or_number(const char *name, uint32_t number, char out[12])
{
	if (name)
		return name;
	(void)pst_text_format(out, 12, "%" PRIu32, number); /* ten digits */
	return out;
}

/* word - the name of a number, or the number */
static const char *word(const struct pst_words *words, uint32_t number, char out[12])
{
	return or_number(pst_words_name(words, number), number, out);
}

/* word_at - the same of an array by number */
static const char *word_at(const char *const *names, size_t count, uint32_t number, char out[12])
{
	return or_number(number < count ? names[number] : NULL, number, out);
}

/* What does not fit is cut: a caller's line may be shorter than a name. */
#define SAY(...) ((void)pst_text_format(out, out_size, __VA_ARGS__))
#define ADD(...) ((void)pst_text_append(out, out_size, __VA_ARGS__))

static void say_address(const struct pst_channel *channel, char *out, size_t out_size)
{
	char text[PST_ADDR_TEXT];

	SAY("%s", pst_addr_format(&channel->key.peer, text));
}

static void say_folded(const struct pst_channel *channel, char *out, size_t out_size)
{
	char text[PST_ADDR_TEXT];

	(void)pst_addr_format(&channel->key.peer, text); /* returns what it was given */
	if (pst_addr_is_zero(&channel->key.peer))
		SAY("*");
	else
		SAY(pst_addr_is_v4(&channel->key.peer) ? "%s/24" : "[%s/56]", text);
}

/* Whoever comes has no port of their own here: the key's port is ours. */
static void say_accepted(const struct pst_channel *channel, char *out, size_t out_size)
{
	if (channel->folded)
		say_folded(channel, out, out_size);
	else
		say_address(channel, out, out_size);
	ADD(" on port %u", (unsigned int)channel->key.port);
}

static void say_ip(const struct pst_channel *channel, char *out, size_t out_size)
{
	char text[PST_ADDR_TEXT];

	if (!channel->folded) {
		SAY("%s", pst_addr_format_port(&channel->key.peer, channel->key.port, text));
		return;
	}
	say_folded(channel, out, out_size);
	ADD(":%u", (unsigned int)channel->key.port);
}

/* A socket that has no peer yet may send to any. */
static void say_bare_ip(const struct pst_channel *channel, char *out, size_t out_size)
{
	if (channel->folded || pst_addr_is_zero(&channel->key.peer))
		say_folded(channel, out, out_size);
	else
		say_address(channel, out, out_size);
}

static void say_icmp(const struct pst_channel *channel, char *out, size_t out_size)
{
	char peer[PST_ADDR_TEXT];

	say_bare_ip(channel, peer, sizeof(peer));
	SAY("icmp %s", peer);
}

static void say_raw(const struct pst_channel *channel, char *out, size_t out_size)
{
	char peer[PST_ADDR_TEXT];

	say_bare_ip(channel, peer, sizeof(peer));
	SAY("raw/%u %s", (unsigned int)channel->key.port, peer);
}

static void say_vsock(const struct pst_channel *channel, char *out, size_t out_size)
{
	uint32_t cid = big_endian(channel->key.peer.b), port = big_endian(channel->key.peer.b + 4);

	if (cid == UINT32_MAX)
		SAY("vsock:*");
	else
		SAY("vsock:%" PRIu32, cid);
	if (port == UINT32_MAX)
		ADD(":*");
	else
		ADD(":%" PRIu32, port);
}

static void say_unix(const struct pst_channel *channel, char *out, size_t out_size)
{
	char safe[NAME_TEXT];
	bool abstract = channel->name_len && !channel->name[0];

	if (!channel->name_len) {
		SAY("unix:(unnamed)");
		return;
	}
	(void)pst_text_safe(channel->name + abstract, channel->name_len - (size_t)abstract, safe,
			    sizeof(safe)); /* fits */
	SAY("unix:%s%s", abstract ? "@" : "", safe);
}

static void say_netlink(const struct pst_channel *channel, char *out, size_t out_size)
{
	uint32_t groups = big_endian(channel->key.peer.b),
		 peer = big_endian(channel->key.peer.b + 4);
	char number[12];

	SAY("netlink:%s", word(&pst_words_netlink, channel->key.port, number));
	if (groups)
		ADD("/0x%" PRIx32, groups);
	if (peer)
		ADD(":%" PRIu32, peer);
}

/* interface - its name, or its index; what no device is named stands for all of them */
static const char *interface(const struct pst_channel *channel, uint32_t index, char *out)
{
	if (channel->name_len)
		(void)pst_text_safe(channel->name, channel->name_len, out, NAME_TEXT); /* fits */
	else if (index)
		(void)pst_text_format(out, NAME_TEXT, "if%" PRIu32, index); /* fits */
	else
		(void)pst_text_copy(out, NAME_TEXT, "*"); /* fits */
	return out;
}

static void say_packet(const struct pst_channel *channel, char *out, size_t out_size)
{
	char name[NAME_TEXT];

	SAY("packet:%s/0x%04x", interface(channel, big_endian(channel->key.peer.b), name),
	    (unsigned int)channel->key.port);
}

static void say_xdp(const struct pst_channel *channel, char *out, size_t out_size)
{
	char name[NAME_TEXT];

	SAY("xdp:%s/%u", interface(channel, big_endian(channel->key.peer.b), name),
	    (unsigned int)channel->key.port);
}

static void say_named(const char *kind, const struct pst_channel *channel, char *out,
		      size_t out_size)
{
	char safe[NAME_TEXT];

	(void)pst_text_safe(channel->name ? channel->name : "?",
			    channel->name_len ? channel->name_len : 1, safe,
			    sizeof(safe)); /* fits */
	SAY("%s:%s", kind, safe);
}

static void say_alg(const struct pst_channel *channel, char *out, size_t out_size)
{
	say_named("alg", channel, out, out_size);
}

static void say_tunnel(const struct pst_channel *channel, char *out, size_t out_size)
{
	say_named("tunnel", channel, out, out_size);
}

/* struct sockaddr_tipc behind its family: addrtype, scope, type or ref, instance or node */
static void say_tipc(const struct pst_channel *channel, char *out, size_t out_size)
{
	const uint8_t *b = channel->key.peer.b;

	SAY("tipc:%" PRIu32 ":%" PRIu32, of_host(b + 2), of_host(b + 6));
}

static void add_device(const uint8_t *b, char *out, size_t out_size)
{
	ADD(":%02X:%02X:%02X:%02X:%02X:%02X", b[5], b[4], b[3], b[2], b[1], b[0]);
}

/* L2CAP has its service before the device's address, HCI has the number of a local adapter */
static void say_bluetooth(const struct pst_channel *channel, char *out, size_t out_size)
{
	const uint8_t *b = channel->key.peer.b;
	uint16_t protocol = channel->key.port;
	char number[12];

	SAY("bluetooth:%s", word_at(bluetooths, COUNT(bluetooths), protocol, number));
	if (protocol == 1) {
		ADD(":hci%u", b[0] | (unsigned int)b[1] << 8);
		return;
	}
	add_device(protocol == 0 ? b + 2 : b, out, out_size);
	if (protocol == 0)
		ADD("/%u", b[0] | (unsigned int)b[1] << 8);
	else if (protocol == 3)
		ADD("/%u", b[6]);
}

/* struct sockaddr_can behind its family: two bytes of padding, then the interface */
static void say_can(const struct pst_channel *channel, char *out, size_t out_size)
{
	char name[NAME_TEXT], number[12];

	SAY("can:%s/%s", word_at(cans, COUNT(cans), channel->key.port, number),
	    interface(channel, of_host(channel->key.peer.b + 2), name));
}

static void say_other(const struct pst_channel *channel, char *out, size_t out_size)
{
	uint32_t protocol = big_endian(channel->key.peer.b);
	char number[12];

	SAY("other:%s", word(&pst_words_family, channel->key.port, number));
	if (protocol)
		ADD("/%" PRIu32, protocol);
}

static void (*const say[PST_KINDS])(const struct pst_channel *channel, char *out,
				    size_t out_size) = {
	/* those that are missing are addresses with ports */
	[PST_TCP_ACCEPT] = say_accepted,
	[PST_UDP_ACCEPT] = say_accepted,
	[PST_ICMP] = say_icmp,
	[PST_RAW] = say_raw,
	[PST_PACKET] = say_packet,
	[PST_XDP] = say_xdp,
	[PST_VSOCK] = say_vsock,
	[PST_VSOCK_LISTEN] = say_vsock,
	[PST_UNIX] = say_unix,
	[PST_UNIX_LISTEN] = say_unix,
	[PST_NETLINK] = say_netlink,
	[PST_ALG] = say_alg,
	[PST_TIPC] = say_tipc,
	[PST_BLUETOOTH] = say_bluetooth,
	[PST_CAN] = say_can,
	[PST_OTHER] = say_other,
	[PST_TUNNEL] = say_tunnel,
};

const char *pst_channel_peer_text(const struct pst_channel *channel, char *out, size_t out_size)
{
	out[0] = '\0';
	if (channel->key.kind < PST_KINDS && say[channel->key.kind])
		say[channel->key.kind](channel, out, out_size);
	else
		say_ip(channel, out, out_size);
	return out;
}

int pst_channel_end_order(const struct pst_channel *a, const struct pst_channel *b)
{
	int r = (a->key.kind > b->key.kind) - (a->key.kind < b->key.kind);

	if (r == 0)
		r = memcmp(&a->key.peer, &b->key.peer, sizeof(a->key.peer));
	return r ? r : (a->key.port > b->key.port) - (a->key.port < b->key.port);
}
