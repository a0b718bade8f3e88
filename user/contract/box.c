// SPDX-License-Identifier: Apache-2.0
/* What is left of an entry when others cover some of it? Side by side: what lies outside on one is
 * left whatever the others say, what lies inside is held against the next. */
#include "contract/box.h"

#include <errno.h>
#include <string.h>

#include "contract/judge.h"

#define SETS 3u /* "@resolvers", "@local", "@private" */

static struct pst_scope any_place(struct pst_pool *pool)
{
	return pst_scope_of(pool, &(struct pst_place){ .kind = PST_PLACE_ANY }, 1);
}

static struct pst_scope one_number(struct pst_pool *pool, uint32_t number)
{
	const struct pst_place place = { .kind = PST_PLACE_NUMBER, .number = number };

	return pst_scope_of(pool, &place, 1);
}

/* NULL, and a pattern for everything: any */
static struct pst_scope one_pattern(struct pst_pool *pool, const char *pattern)
{
	const struct pst_place place = { .kind = PST_PLACE_PATTERN, .text = pattern };

	if (!pattern || !strcmp(pattern, "*") || !strcmp(pattern, "**"))
		return any_place(pool);
	return pst_scope_of(pool, &place, 1);
}

struct peers { /* a "to", "on" or "from" */
	const struct pst_prefix *prefix;
	size_t count;
	char *const *names;
	size_t name_count;
	const struct pst_prefix *within; /* NULL: names are not narrowed */
	bool resolvers, local, private;
};

static struct pst_scope scope_of_peers(struct pst_pool *pool, const struct peers *peers)
{
	size_t count = 0;
	struct pst_place *places = pst_pool_room(pool, peers->count + peers->name_count + SETS,
						 sizeof(*places));

	if (!places)
		return (struct pst_scope){ .list = NULL };
	for (size_t i = 0; i < peers->name_count; i++, count++) {
		places[count] = (struct pst_place){ .kind = PST_PLACE_NAME,
						    .text = peers->names[i] };
		places[count].narrowed = peers->within != NULL;
		if (peers->within)
			places[count].prefix = *peers->within;
	}
	for (size_t i = 0; i < peers->count; i++)
		places[count++] = (struct pst_place){
			.kind = PST_PLACE_PREFIX,
			.prefix = peers->prefix[i],
		};
	if (peers->resolvers)
		places[count++] = (struct pst_place){ PST_PLACE_WORD, .text = "@resolvers" };
	if (peers->local)
		places[count++] = (struct pst_place){ PST_PLACE_WORD, .text = "@local" };
	if (peers->private)
		places[count++] = (struct pst_place){ PST_PLACE_WORD, .text = "@private" };
	return pst_scope_of(pool, places, count);
}

static struct pst_scope where_of(struct pst_pool *pool, const struct pst_clause *clause)
{
	const struct peers peers = {
		.prefix = clause->to,
		.count = clause->to_count,
		.names = clause->names,
		.name_count = clause->name_count,
		.within = clause->has_within ? &clause->within : NULL,
		.resolvers = clause->resolvers,
		.local = clause->to_local,
		.private = clause->to_private,
	};

	if (clause->does != PST_CLAUSE_CONNECT && clause->does != PST_CLAUSE_LISTEN)
		return one_pattern(pool, clause->pattern);
	if (clause->protocol == PST_PROTOCOL_UNIX)
		return one_pattern(pool, clause->pattern);
	return clause->any_address || pst_listens_on_any(clause) ? any_place(pool) :
								   scope_of_peers(pool, &peers);
}

static struct pst_scope every_of(struct pst_pool *pool, const struct pst_clause *clause)
{
	struct pst_place place = { .kind = PST_PLACE_WORD };
	char *text = clause->every.every_s ? pst_pool_room(pool, PST_PERIOD_TEXT, 1) : NULL;

	if (!text)
		return any_place(pool);
	place.text = pst_period_text(&clause->every, text);
	return pst_scope_of(pool, &place, 1);
}

struct pst_scope pst_scope_of_amount(struct pst_pool *pool, uint64_t bytes)
{
	const struct pst_place place = { .kind = PST_PLACE_AMOUNT, .number = bytes };

	return bytes ? pst_scope_of(pool, &place, 1) : any_place(pool);
}

struct pst_box pst_box_of_clause(struct pst_pool *pool, const struct pst_clause *clause)
{
	const struct peers from = {
		.prefix = clause->from,
		.count = clause->from_count,
		.names = clause->from_names,
		.name_count = clause->from_name_count,
		.local = clause->from_local,
		.private = clause->from_private,
	};

	return (struct pst_box){
		.does = clause->does,
		.protocol = clause->protocol,
		.side = {
			[PST_SIDE_WHERE] = where_of(pool, clause),
			[PST_SIDE_NUMBER] = clause->has_number ? one_number(pool, clause->number) :
								 any_place(pool),
			[PST_SIDE_FROM] = clause->any_from ? any_place(pool) :
							     scope_of_peers(pool, &from),
			[PST_SIDE_EVERY] = every_of(pool, clause),
			[PST_SIDE_AMOUNT] = pst_scope_of_amount(pool, clause->bytes_out_per_day),
		},
		.ports = pst_ranges_of_ports(pool, clause),
		.minutes = pst_ranges_of_windows(pool, clause),
	};
}

struct pst_box pst_box_of_software(struct pst_pool *pool, const struct pst_software *software)
{
	const struct pst_clause no_clause = { .any_address = true, .any_from = true };
	struct pst_box box = pst_box_of_clause(pool, &no_clause); /* all sides are open */

	box.side[PST_SIDE_PATH] = one_pattern(pool, software->path);
	box.side[PST_SIDE_PACKAGE] = one_pattern(pool, software->package);
	box.side[PST_SIDE_UNIT] = one_pattern(pool, software->unit);
	if (software->has_uid)
		box.side[PST_SIDE_UID] = one_number(pool, software->uid);
	return box;
}

/* The list has room for the next power of two. */
static void append(struct pst_pool *pool, struct pst_boxes *boxes, const struct pst_box *box)
{
	struct pst_box *grown;

	if (!(boxes->count & (boxes->count - 1))) {
		grown = pst_pool_room(pool, boxes->count ? 2 * boxes->count : 1, sizeof(*grown));
		if (!grown)
			return;
		if (boxes->count)
			memcpy(grown, boxes->list, boxes->count * sizeof(*grown));
		boxes->list = grown;
	}
	boxes->list[boxes->count++] = *box;
}

struct parts { /* of a box, side by side */
	struct pst_scope_parts side[PST_SIDES];
	struct pst_ranges_parts ports, minutes;
};

static void split(struct pst_pool *pool, const struct pst_box *box, const struct pst_box *by,
		  struct parts *parts)
{
	for (size_t i = 0; i < PST_SIDES; i++)
		parts->side[i] = pst_scope_split(pool, &box->side[i], &by->side[i]);
	parts->ports = pst_ranges_split(pool, &box->ports, &by->ports);
	parts->minutes = pst_ranges_split(pool, &box->minutes, &by->minutes);
}

bool pst_box_touches(const struct pst_box *a, const struct pst_box *b)
{
	if (a->does != b->does || a->protocol != b->protocol)
		return false;
	for (size_t i = 0; i < PST_SIDES; i++)
		if (!pst_scope_touches(&a->side[i], &b->side[i]))
			return false;
	return pst_ranges_touch(&a->ports, &b->ports) && pst_ranges_touch(&a->minutes, &b->minutes);
}

/* Adds to @left what @by leaves of @box. */
static void take_out(struct pst_pool *pool, struct pst_box box, const struct pst_box *by,
		     struct pst_boxes *left)
{
	struct parts parts;

	if (!pst_box_touches(&box, by)) {
		append(pool, left, &box);
		return;
	}
	split(pool, &box, by, &parts);
	for (size_t i = 0; i < PST_SIDES; i++) {
		box.side[i] = parts.side[i].outside;
		if (box.side[i].count)
			append(pool, left, &box);
		box.side[i] = parts.side[i].inside;
	}
	box.ports = parts.ports.outside;
	if (!pst_ranges_are_none(&box.ports))
		append(pool, left, &box);
	box.ports = parts.ports.inside;
	box.minutes = parts.minutes.outside;
	if (!pst_ranges_are_none(&box.minutes))
		append(pool, left, &box);
}

static bool any_touches(const struct pst_boxes *boxes, const struct pst_box *by)
{
	for (size_t i = 0; i < boxes->count; i++)
		if (pst_box_touches(&boxes->list[i], by))
			return true;
	return false;
}

int pst_box_rest(struct pst_pool *pool, const struct pst_box *box, const struct pst_boxes *by,
		 struct pst_boxes *out)
{
	struct pst_boxes rest = { .list = NULL };

	append(pool, &rest, box);
	for (size_t i = 0; i < by->count && rest.count; i++) {
		struct pst_boxes left = { .list = NULL };

		if (!any_touches(&rest, &by->list[i]))
			continue;
		for (size_t j = 0; j < rest.count; j++)
			take_out(pool, rest.list[j], &by->list[i], &left);
		if (left.count > PST_BOXES_MAX)
			return -E2BIG;
		rest = left;
	}
	if (pool->failed)
		return -ENOMEM;
	*out = rest;
	return 0;
}
