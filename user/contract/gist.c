// SPDX-License-Identifier: Apache-2.0
/* Which entries can be passed over without a look? On a host with a thousand contracts an entry is
 * in no cache: looking at a hundred of them costs a hundred times the way to memory. What says that
 * most of them do not fit lies in a row, sixteen bytes each: protocol, ports, and a mark for each
 * network or folder that it names. A mark that is missing rules out; one that is there says
 * nothing, two places may share one. */
#include "contract/gist.h"

#include <string.h>

#include "base/fnv.h"
#include "contract/alias.h"

#define ALL UINT64_MAX

/* The last bytes have not reached the highest bits of the key: a multiplication brings them there.
 */
static uint64_t mark_of(uint64_t key)
{
	return UINT64_C(1) << ((key ^ key >> 29) * UINT64_C(0x9e3779b97f4a7c15) >> 58);
}

/* Of the network of the first @bits of an address. */
static uint64_t mark_place(const struct pst_addr *addr, uint8_t bits)
{
	size_t whole = bits / 8u;
	uint64_t key = pst_fnv_bytes(PST_FNV_START, addr->b, whole);

	if (bits % 8)
		key = pst_fnv_byte(key, (uint8_t)(addr->b[whole] & (0xff00u >> (bits % 8))));
	return mark_of(key) | mark_of(key * PST_FNV_PRIME); /* two: few other places have both */
}

/* The folder that a pattern begins with; without one it may match anywhere. */
static uint64_t mark_pattern(const char *pattern)
{
	uint64_t folder = pst_folder_of(pattern);

	return folder ? mark_of(folder) : ALL;
}

static void add_folder(void *context, uint64_t key)
{
	uint64_t *marks = context;

	*marks |= mark_of(key);
}

static uint64_t mark_name(const char *name)
{
	uint64_t marks = 0;

	pst_folder_each(name, add_folder, &marks);
	return marks;
}

static uint16_t sort_of(enum pst_clause_does does, uint16_t protocol)
{
	return (uint16_t)((unsigned int)does << 12 | protocol);
}
_Static_assert(PST_PROTOCOL_UNIX < 1u << 12, "a protocol has twelve bits");

/* Sets and "any" hold what is only known when it is asked. */
static bool holds_more(const struct pst_clause *clause)
{
	size_t i;

	for (i = 0; clause->does == PST_CLAUSE_LISTEN && i < clause->to_count; i++)
		if (clause->to[i].bits == 128 && pst_addr_is_zero(&clause->to[i].addr))
			return true;
	return clause->any_address || clause->resolvers || clause->to_local || clause->to_private;
}

static void mark_places(const struct pst_clause *clause, struct pst_gist *out)
{
	uint8_t shortest = 128;
	size_t i;

	for (i = 0; i < clause->to_count; i++)
		shortest = clause->to[i].bits < shortest ? clause->to[i].bits : shortest;
	if (!shortest)
		return;
	out->bits = shortest;
	out->marks = 0;
	for (i = 0; i < clause->to_count; i++)
		out->marks |= mark_place(&clause->to[i].addr, shortest);
}

static void bound_ports(const struct pst_clause *clause, struct pst_gist *out)
{
	uint32_t first = UINT32_MAX, last = 0;
	size_t i;

	out->first_port = 0;
	out->last_port = UINT16_MAX;
	for (i = 0; i < clause->port_count; i++) {
		first = clause->ports[i].first < first ? clause->ports[i].first : first;
		last = clause->ports[i].last > last ? clause->ports[i].last : last;
	}
	if (!clause->port_count || clause->ephemeral || last > UINT16_MAX)
		return;
	out->first_port = (uint16_t)first;
	out->last_port = (uint16_t)last;
}

struct pst_gist pst_gist_of(const struct pst_clause *clause)
{
	struct pst_gist gist = { .marks = ALL,
				 .sort = sort_of(clause->does, clause->protocol),
				 .has_names = clause->name_count > 0 };

	bound_ports(clause, &gist);
	if (clause->pattern)
		gist.marks = mark_pattern(clause->pattern);
	else if ((clause->does == PST_CLAUSE_CONNECT || clause->does == PST_CLAUSE_LISTEN) &&
		 !holds_more(clause))
		mark_places(clause, &gist);
	return gist;
}

struct pst_gist_asked pst_gist_ask(const struct pst_question *question)
{
	bool names = question->asks & PST_ASKS_NAME && !question->folded_away;

	return (struct pst_gist_asked){
		.sort = sort_of(question->does, question->protocol),
		.port = question->port < UINT16_MAX ? (uint16_t)question->port : UINT16_MAX,
		.any_port = !(question->asks & PST_ASKS_PORT) || question->folded_away,
		.any_place = !(question->asks & PST_ASKS_ADDRESS) || question->some_address ||
			     question->address.bits < 128,
		.folders = names ? mark_name(question->name) : ALL,
	};
}

static unsigned int rule_out_place(const struct pst_gist *gist, struct pst_gist_asked *asked,
				   struct pst_asking *asking)
{
	if (!gist->bits)
		return gist->marks == ALL || gist->marks & asked->folders ? 0 : PST_OUT_PLACE;
	if (asked->any_place)
		return 0;
	if (gist->marks && gist->bits != asked->bits) { /* without any: it holds names only */
		asked->bits = gist->bits;
		asked->marks = mark_place(&asking->question.address.addr, gist->bits);
	}
	if (gist->marks && (gist->marks & asked->marks) == asked->marks)
		return 0;
	if (!gist->has_names)
		return PST_OUT_PLACE;
	return pst_fit_has_names(asking) ? 0 : PST_OUT_NAME;
}

unsigned int pst_gist_rule_out(const struct pst_gist *gist, struct pst_gist_asked *asked,
			       struct pst_asking *asking)
{
	unsigned int out;

	if (gist->sort != asked->sort)
		return PST_OUT_SORT;
	out = rule_out_place(gist, asked, asking);
	if (!asked->any_port && (asked->port < gist->first_port || asked->port > gist->last_port))
		out |= PST_OUT_PORT;
	return out;
}
