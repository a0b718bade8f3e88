// SPDX-License-Identifier: Apache-2.0
/* What is left of a set of places when another one is taken out? Prefixes hold each other or are
 * apart, and so do names and patterns, as far as that can be told: what is left of a place is that
 * place with holes. */
#include "contract/scope.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "contract/judge.h"

#define WILDCARDS "*?\\"
#define LOOKS_MAX 4096u /* places that are held against each other; of more all are kept */

struct pst_pool_block {
	struct pst_pool_block *next;
	max_align_t bytes[];
};

void *pst_pool_room(struct pst_pool *pool, size_t count, size_t size)
{
	struct pst_pool_block *block;
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - sizeof(*block))
		block = NULL;
	else
		block = calloc(1, sizeof(*block) + bytes);
	if (!block) {
		pool->failed = true;
		return NULL;
	}
	block->next = pool->blocks;
	pool->blocks = block;
	return block->bytes;
}

void pst_pool_free(struct pst_pool *pool)
{
	struct pst_pool_block *block = pool->blocks, *next;

	for (; block; block = next) {
		next = block->next;
		free(block);
	}
	pool->blocks = NULL;
}

static bool has_wildcards(const char *pattern)
{
	return pattern[strcspn(pattern, WILDCARDS)] != '\0';
}

/* A pattern whose wildcards stand at its end covers what begins as it does: with two stars all of
 * that, with one what has no further slash. */
bool pst_glob_covers(const char *wide, const char *narrow)
{
	size_t len = strcspn(wide, WILDCARDS);
	const char *stars = wide + len;

	if (!strcmp(wide, narrow))
		return true;
	if (strstr(narrow, "/../") && !strstr(wide, "/../")) /* see climbs_away in judge.c */
		return false;
	if (!has_wildcards(narrow))
		return pst_glob_match(wide, narrow);
	if (strncmp(wide, narrow, len) != 0)
		return false;
	if (!strcmp(stars, "**"))
		return narrow[len] != '\0';
	return !strcmp(stars, "*") && !strchr(narrow + len, '/') && !strstr(narrow + len, "**");
}

static bool prefix_covers(const struct pst_prefix *wide, const struct pst_prefix *narrow)
{
	return wide->bits <= narrow->bits && pst_prefix_holds(wide, &narrow->addr);
}

/* "*.bank.example" stands for one or more labels. */
static bool name_covers(const char *wide, const char *narrow)
{
	size_t wide_len = strlen(wide), len = strlen(narrow);

	if (!strcmp(wide, narrow))
		return true;
	if (strncmp(wide, "*.", 2) != 0)
		return false;
	if (!strncmp(narrow, "*.", 2)) /* which stands for a label at least, too */
		len--, narrow++;
	return len > wide_len - 1 && !strcmp(narrow + len - (wide_len - 1), wide + 1);
}

bool pst_place_covers(const struct pst_place *wide, const struct pst_place *narrow)
{
	if (wide->kind == PST_PLACE_ANY)
		return true;
	if (wide->kind == PST_PLACE_PREFIX && narrow->kind == PST_PLACE_NAME)
		return narrow->narrowed && prefix_covers(&wide->prefix, &narrow->prefix);
	if (wide->kind == PST_PLACE_WORD && narrow->kind == PST_PLACE_PREFIX)
		return pst_set_holds(wide->text, &narrow->prefix);
	if (wide->kind != narrow->kind)
		return false;
	switch (wide->kind) {
	case PST_PLACE_PREFIX:
		return prefix_covers(&wide->prefix, &narrow->prefix);
	case PST_PLACE_NAME:
		return name_covers(wide->text, narrow->text) &&
		       (!wide->narrowed ||
			(narrow->narrowed && prefix_covers(&wide->prefix, &narrow->prefix)));
	case PST_PLACE_PATTERN:
		return pst_glob_covers(wide->text, narrow->text);
	case PST_PLACE_NUMBER:
		return wide->number == narrow->number;
	case PST_PLACE_AMOUNT:
		return wide->number >= narrow->number;
	default:
		return !strcmp(wide->text, narrow->text);
	}
}

/* Two halves of a prefix are that prefix: the other half of @half among the holes, or NULL. All of
 * IPv4 is no half of anything. */
static struct pst_place *find_other_half(struct pst_region *region, const struct pst_place *half)
{
	struct pst_prefix other = half->prefix;

	if (half->kind != PST_PLACE_PREFIX || !other.bits)
		return NULL;
	other.addr.b[(other.bits - 1) / 8] ^= (uint8_t)(0x80u >> (other.bits - 1) % 8);
	if (pst_addr_is_v4(&half->prefix.addr) != pst_addr_is_v4(&other.addr))
		return NULL;
	for (size_t i = 0; i < region->hole_count; i++)
		if (region->holes[i].kind == PST_PLACE_PREFIX &&
		    region->holes[i].prefix.bits == other.bits &&
		    pst_addr_equal(&region->holes[i].prefix.addr, &other.addr))
			return &region->holes[i];
	return NULL;
}

/* Keeps the holes that @place does not cover. */
static void drop_holes(struct pst_region *region, const struct pst_place *place)
{
	size_t kept = 0;

	for (size_t i = 0; i < region->hole_count; i++)
		if (!pst_place_covers(place, &region->holes[i]))
			region->holes[kept++] = region->holes[i];
	region->hole_count = kept;
}

/* Room for one more hole in a region that others may share: its holes are copied, with as many
 * again. @room: how many it has that are its own */
static bool make_room(struct pst_pool *pool, struct pst_region *region, size_t *room)
{
	struct pst_place *holes;

	if (region->hole_count < *room)
		return true;
	*room = 2 * (region->hole_count + 1);
	holes = pst_pool_room(pool, *room, sizeof(*holes));
	if (!holes)
		return false;
	if (region->hole_count)
		memcpy(holes, region->holes, region->hole_count * sizeof(*holes));
	region->holes = holes;
	return true;
}

/* Takes @place, which lies in the region, out of it; its base may be covered then. */
static void dig(struct pst_region *region, struct pst_place place)
{
	size_t bit;

	drop_holes(region, &place);
	while (find_other_half(region, &place)) { /* at most 128 times: it loses a bit */
		bit = --place.prefix.bits;
		place.prefix.addr.b[bit / 8] &= (uint8_t) ~(0x80u >> bit % 8);
		drop_holes(region, &place);
	}
	region->holes[region->hole_count++] = place;
}

/* All of IPv4 and all of IPv6 are any address. */
static bool is_empty(const struct pst_region *region)
{
	bool v4 = false, v6 = false;

	for (size_t i = 0; i < region->hole_count; i++) {
		const struct pst_place *hole = &region->holes[i];

		if (pst_place_covers(hole, &region->base))
			return true;
		v6 |= hole->kind == PST_PLACE_PREFIX && hole->prefix.bits == 0;
		v4 |= hole->kind == PST_PLACE_PREFIX && hole->prefix.bits == 96 &&
		      pst_addr_is_v4(&hole->prefix.addr);
	}
	return v4 && v6;
}

static bool is_in_hole(const struct pst_region *region, const struct pst_place *place)
{
	for (size_t i = 0; i < region->hole_count; i++)
		if (pst_place_covers(&region->holes[i], place))
			return true;
	return false;
}

/* The list has room for the next power of two. */
static void append(struct pst_pool *pool, struct pst_scope *scope, const struct pst_region *region)
{
	struct pst_region *grown;

	if (!(scope->count & (scope->count - 1))) {
		grown = pst_pool_room(pool, scope->count ? 2 * scope->count : 1, sizeof(*grown));
		if (!grown)
			return;
		if (scope->count)
			memcpy(grown, scope->list, scope->count * sizeof(*grown));
		scope->list = grown;
	}
	scope->list[scope->count++] = *region;
}

/* The part of @region that is @place, which lies in it: with those of its holes that lie there. */
static struct pst_region cut_out(struct pst_pool *pool, const struct pst_region *region,
				 const struct pst_place *place)
{
	struct pst_region part = { .base = *place };

	part.holes = pst_pool_room(pool, region->hole_count + 1, sizeof(*part.holes));
	for (size_t i = 0; part.holes && i < region->hole_count; i++)
		if (pst_place_covers(place, &region->holes[i]))
			part.holes[part.hole_count++] = region->holes[i];
	return part;
}

static void split_region(struct pst_pool *pool, struct pst_region region,
			 const struct pst_scope *by, struct pst_scope_parts *parts)
{
	struct pst_region part;
	size_t room = 0;

	for (size_t i = 0; i < by->count; i++) {
		const struct pst_place *place = &by->list[i].base;

		if (pst_place_covers(place, &region.base)) {
			append(pool, &parts->inside, &region);
			return;
		}
		if (!pst_place_covers(&region.base, place) || is_in_hole(&region, place))
			continue;
		part = cut_out(pool, &region, place);
		append(pool, &parts->inside, &part);
		if (!make_room(pool, &region, &room))
			return;
		dig(&region, *place);
		if (is_empty(&region))
			return;
	}
	append(pool, &parts->outside, &region);
}

static bool region_touches(const struct pst_region *region, const struct pst_scope *by)
{
	for (size_t i = 0; i < by->count; i++) {
		const struct pst_place *place = &by->list[i].base;

		if (pst_place_covers(place, &region->base) ||
		    (pst_place_covers(&region->base, place) && !is_in_hole(region, place)))
			return true;
	}
	return false;
}

bool pst_scope_touches(const struct pst_scope *scope, const struct pst_scope *by)
{
	for (size_t i = 0; i < scope->count; i++)
		if (region_touches(&scope->list[i], by))
			return true;
	return false;
}

struct pst_scope_parts pst_scope_split(struct pst_pool *pool, const struct pst_scope *scope,
				       const struct pst_scope *by)
{
	struct pst_scope_parts parts = { .inside = { .list = NULL } };

	for (size_t i = 0; i < scope->count; i++)
		split_region(pool, scope->list[i], by, &parts);
	return parts;
}

struct pst_scope pst_scope_of(struct pst_pool *pool, const struct pst_place *places, size_t count)
{
	struct pst_scope scope = { .list = NULL };
	size_t looks = count <= LOOKS_MAX ? count : 0;

	for (size_t i = 0; i < count; i++) {
		bool covered = false;

		for (size_t j = 0; j < looks && !covered; j++)
			covered = j != i && pst_place_covers(&places[j], &places[i]) &&
				  (j < i || !pst_place_covers(&places[i], &places[j]));
		if (!covered)
			append(pool, &scope, &(struct pst_region){ .base = places[i] });
	}
	return scope;
}

bool pst_scope_is_any(const struct pst_scope *scope)
{
	return scope->count == 1 && scope->list[0].base.kind == PST_PLACE_ANY &&
	       !scope->list[0].hole_count;
}
