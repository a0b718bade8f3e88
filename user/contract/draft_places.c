// SPDX-License-Identifier: Apache-2.0
/* Which words name the places that were seen, and no more than those? */
#include "contract/draft_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define EPHEMERAL_FIRST 32768u /* ip_local_port_range, as the kernel sets it */
#define EPHEMERAL_LAST 60999u

bool pst_draft_is_external(const struct pst_draft_keys *keys, const struct pst_addr *addr)
{
	static const struct pst_prefix own[] = {
		/* link-local: never leaves the wire that the host hangs on */
		{ { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 169, 254 } }, 96 + 16 },
		{ { { 0xfe, 0x80 } }, 10 },
	};
	size_t i;

	if (pst_addr_is_zero(addr) || pst_addr_is_loopback(addr) ||
	    pst_prefix_holds(&own[0], addr) || pst_prefix_holds(&own[1], addr))
		return false;
	for (i = 0; i < keys->internal_count; i++)
		if (pst_prefix_holds(&keys->internal[i], addr))
			return false;
	return true;
}

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int kind_order(const struct pst_draft_place *a, const struct pst_draft_place *b)
{
	int result = strcmp(a->protocol, b->protocol);

	return result ? result : order(a->number, b->number);
}

static int at_order(const struct pst_draft_place *a, const struct pst_draft_place *b)
{
	int result = order(a->at, b->at);

	if (!result && a->at == PST_AT_NAME)
		result = strcmp(a->name, b->name);
	if (!result && a->at == PST_AT_NAME)
		result = order(a->wild, b->wild);
	if (!result && a->at == PST_AT_NAME)
		result = memcmp(&a->within, &b->within, sizeof(a->within));
	if (!result && a->at == PST_AT_PREFIX)
		result = memcmp(&a->prefix.addr, &b->prefix.addr, sizeof(a->prefix.addr));
	if (!result && a->at == PST_AT_PREFIX)
		result = order(a->prefix.bits, b->prefix.bits);
	return result;
}

int pst_draft_place_order(const void *left, const void *right)
{
	const struct pst_draft_place *a = left, *b = right;
	int result = kind_order(a, b);

	if (!result)
		result = order(a->needs, b->needs);
	if (!result)
		result = at_order(a, b);
	return result ? result : order(a->port, b->port);
}

bool pst_draft_same_place(const struct pst_draft_place *a, const struct pst_draft_place *b)
{
	return !kind_order(a, b) && a->needs == b->needs && !at_order(a, b);
}

/* As the kernel folds: /24, or IPv6 /56. */
static struct pst_prefix network_of(const struct pst_addr *addr)
{
	struct pst_prefix net = { .addr = *addr, .bits = pst_addr_is_v4(addr) ? 96 + 24 : 56 };

	memset(net.addr.b + net.bits / 8, 0, sizeof(net.addr.b) - net.bits / 8u);
	return net;
}

static int by_network(const void *left, const void *right)
{
	const struct pst_draft_place *a = left, *b = right;
	int result = kind_order(a, b);

	if (!result)
		result = order(a->at, b->at);
	if (!result)
		result = order(a->port, b->port);
	return result ? result : at_order(a, b);
}

static bool same_network(const struct pst_draft_place *a, const struct pst_draft_place *b)
{
	const struct pst_prefix net = network_of(&a->prefix.addr);

	return b->at == PST_AT_PREFIX && b->prefix.bits >= net.bits && !kind_order(a, b) &&
	       a->port == b->port &&
	       pst_addr_is_v4(&a->prefix.addr) == pst_addr_is_v4(&b->prefix.addr) &&
	       pst_prefix_holds(&net, &b->prefix.addr);
}

/* fold_run - those of one network, which stand together; whether they were folded */
static bool fold_run(struct pst_draft_place *run, size_t count)
{
	const struct pst_prefix net = network_of(&run->prefix.addr);
	unsigned int needs = 0;
	bool folded = false;
	size_t distinct = 0, i;

	for (i = 0; i < count; i++) {
		distinct += !i || !pst_addr_equal(&run[i].prefix.addr, &run[i - 1].prefix.addr);
		folded |= run[i].folded;
		needs |= run[i].needs;
	}
	if (distinct < PST_DRAFT_FOLD && !folded)
		return false;
	for (i = 0; i < count; i++) {
		run[i].prefix = net;
		run[i].needs = needs;
	}
	return true;
}

size_t pst_draft_fold(struct pst_draft_place *places, size_t count)
{
	size_t made = 0, start, end;

	if (count)
		qsort(places, count, sizeof(*places), by_network);
	for (start = 0; start < count; start = end) {
		for (end = start + 1; end < count && places[start].at == PST_AT_PREFIX &&
				      same_network(&places[start], &places[end]);)
			end++;
		if (same_network(&places[start], &places[start])) /* it is inside of one */
			made += fold_run(places + start, end - start);
	}
	return made;
}

void pst_draft_say_place(struct pst_prose *out, const struct pst_draft_place *place)
{
	char text[PST_ADDR_TEXT];

	if (place->at == PST_AT_RESOLVERS)
		pst_prose_say(out, "\"@resolvers\"");
	else if (place->wild) /* a host name: nothing in it is to be quoted */
		pst_prose_say(out, "\"*.%s\"", place->name);
	else if (place->at == PST_AT_NAME)
		pst_draft_say_string(out, place->name);
	else
		pst_prose_say(out, "\"%s\"", pst_judge_prefix_text(&place->prefix, text));
}

struct pst_port_range pst_draft_local_ports(const struct pst_draft_keys *keys)
{
	return keys->ephemeral.last ? keys->ephemeral :
				      (struct pst_port_range){ EPHEMERAL_FIRST, EPHEMERAL_LAST };
}

struct ports { /* what was said, to know whether it is a list */
	struct pst_prose text;
	size_t parts;
};

static void say_range(struct ports *ports, uint32_t first, uint32_t last)
{
	const char *between = ports->parts++ ? "," : "";

	if (first == PST_DRAFT_HIGH)
		pst_prose_say(&ports->text, "%s\"%u-%u\"", between, PST_DRAFT_HIGH_FIRST,
			      UINT16_MAX);
	else if (first == PST_DRAFT_EPHEMERAL)
		pst_prose_say(&ports->text, "%s\"ephemeral\"", between);
	else if (first == last)
		pst_prose_say(&ports->text, "%s%" PRIu32, between, first);
	else if (last == first + 1)
		pst_prose_say(&ports->text, "%s%" PRIu32 ",%" PRIu32, between, first, last);
	else
		pst_prose_say(&ports->text, "%s\"%" PRIu32 "-%" PRIu32 "\"", between, first, last);
	ports->parts += last == first + 1;
}

void pst_draft_say_ports(struct pst_prose *out, const uint32_t *ports, size_t count)
{
	const bool high = count && ports[count - 1] == PST_DRAFT_HIGH;
	struct ports said = { .parts = 0 };
	size_t i = 0;

	while (i < count) {
		uint32_t first = ports[i], last = first;

		while (++i < count &&
		       (ports[i] == last || (ports[i] == last + 1 && ports[i] <= UINT16_MAX)))
			last = ports[i];
		if (high && first >= PST_DRAFT_HIGH_FIRST && first < PST_DRAFT_EPHEMERAL)
			continue;
		if (high && first < PST_DRAFT_HIGH_FIRST && last >= PST_DRAFT_HIGH_FIRST)
			last = PST_DRAFT_HIGH_FIRST - 1;
		say_range(&said, first, last);
	}
	out->failed |= said.text.failed;
	if (!said.text.failed && said.parts)
		pst_prose_say(out, said.parts > 1 ? "[%s]" : "%s", said.text.text);
	free(said.text.text);
}
