// SPDX-License-Identifier: Apache-2.0
/* What is an address, and does a prefix hold it? */
#include "base/addr.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define V4_BITS 96u /* a mapped IPv4 address begins behind ::ffff: */

static const uint8_t v4_head[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

bool pst_addr_is_v4(const struct pst_addr *a)
{
	return !memcmp(a->b, v4_head, sizeof(v4_head));
}

bool pst_addr_is_zero(const struct pst_addr *a)
{
	static const uint8_t zero[16];

	return !memcmp(a->b, zero, 16) || (pst_addr_is_v4(a) && !memcmp(a->b + 12, zero, 4));
}

bool pst_addr_equal(const struct pst_addr *a, const struct pst_addr *b)
{
	return !memcmp(a->b, b->b, sizeof(a->b));
}

bool pst_addr_is_loopback(const struct pst_addr *a)
{
	static const struct pst_addr one = { { [15] = 1 } };

	return pst_addr_equal(a, &one) || (pst_addr_is_v4(a) && a->b[12] == 127);
}

/* The prefix is that of IPv4 addresses: ::/0 holds no IPv4 address, 0.0.0.0/0 no IPv6 one. */
static bool is_v4_prefix(const struct pst_prefix *p)
{
	return p->bits >= V4_BITS && pst_addr_is_v4(&p->addr);
}

bool pst_prefix_holds(const struct pst_prefix *p, const struct pst_addr *a)
{
	size_t whole = p->bits / 8;
	uint8_t mask = (uint8_t)(0xff00u >> (p->bits % 8));

	assert(p->bits <= 128);
	if (pst_addr_is_v4(a) != is_v4_prefix(p) || memcmp(p->addr.b, a->b, whole))
		return false;
	return whole == 16 || ((p->addr.b[whole] ^ a->b[whole]) & mask) == 0;
}

int pst_addr_parse(const char *text, struct pst_addr *out)
{
	struct pst_addr found = { { 0 } };

	if (inet_pton(AF_INET, text, found.b + 12) == 1)
		memcpy(found.b, v4_head, sizeof(v4_head));
	else if (inet_pton(AF_INET6, text, found.b) != 1)
		return -EINVAL;
	*out = found;
	return 0;
}

/* One to three digits without a leading zero, at most @max; -EINVAL else. */
static int parse_bits(const char *text, unsigned int max)
{
	unsigned int value = 0;
	size_t i;

	if (!text[0] || (text[0] == '0' && text[1]))
		return -EINVAL;
	for (i = 0; text[i]; i++) { /* at most 4 rounds */
		if (i == 3 || text[i] < '0' || text[i] > '9')
			return -EINVAL;
		value = value * 10 + (unsigned int)(text[i] - '0');
	}
	return value <= max ? (int)value : -EINVAL;
}

static bool has_host_bits(const struct pst_addr *a, unsigned int bits)
{
	unsigned int i;

	for (i = bits; i < 128; i++)
		if (a->b[i / 8] & (0x80u >> (i % 8)))
			return true;
	return false;
}

int pst_prefix_parse(const char *text, struct pst_prefix *out)
{
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	bool dotted = !memchr(text, ':', len);
	unsigned int first = dotted ? V4_BITS : 0;
	struct pst_prefix found = { .bits = 128 };
	char addr[PST_ADDR_TEXT];
	int bits;

	if (len >= sizeof(addr))
		return -EINVAL;
	memcpy(addr, text, len);
	addr[len] = '\0';
	if (pst_addr_parse(addr, &found.addr))
		return -EINVAL;
	if (slash) {
		bits = parse_bits(slash + 1, 128 - first);
		if (bits < 0)
			return -EINVAL;
		found.bits = (uint8_t)((unsigned int)bits + first);
	}
	if (has_host_bits(&found.addr, found.bits))
		return -ERANGE;
	*out = found;
	return 0;
}

const char *pst_addr_format(const struct pst_addr *a, char *out)
{
	const char *done = pst_addr_is_v4(a) ? inet_ntop(AF_INET, a->b + 12, out, PST_ADDR_TEXT) :
					       inet_ntop(AF_INET6, a->b, out, PST_ADDR_TEXT);

	assert(done);
	return done;
}

const char *pst_addr_format_port(const struct pst_addr *a, uint16_t port, char *out)
{
	char addr[PST_ADDR_TEXT];
	int len;

	len = snprintf(out, PST_ADDR_TEXT, pst_addr_is_v4(a) ? "%s:%u" : "[%s]:%u",
		       pst_addr_format(a, addr), (unsigned int)port);
	assert(len > 0 && len < PST_ADDR_TEXT);
	return out;
}
