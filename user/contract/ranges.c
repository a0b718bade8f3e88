// SPDX-License-Identifier: Apache-2.0
/* Which ports, and which minutes of the week, does an entry cover, and what is left of them when
 * another covers some? Which ports are ephemeral is known to the host only: they are a set of their
 * own, which all ports cover. */
#include "contract/scope.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define DAYS 7u
#define DAY_MIN 1440u

static int by_first(const void *a, const void *b)
{
	const struct pst_port_range *left = a, *right = b;

	return left->first < right->first ? -1 : left->first > right->first;
}

bool pst_ranges_are_any(const struct pst_ranges *ports)
{
	return ports->count == 1 && ports->list[0].first <= 1 &&
	       ports->list[0].last == ports->max && !ports->not_ephemeral;
}

bool pst_ranges_are_none(const struct pst_ranges *ports)
{
	return !ports->count && !ports->ephemeral;
}

/* Ranges in order; those that touch are one. */
static void join(struct pst_ranges *ports)
{
	size_t kept = 0;

	if (ports->count > 1)
		qsort(ports->list, ports->count, sizeof(*ports->list), by_first);
	for (size_t i = 0; i < ports->count; i++) {
		struct pst_port_range *last = kept ? &ports->list[kept - 1] : NULL;

		if (last && (last->last == ports->max || ports->list[i].first <= last->last + 1)) {
			if (ports->list[i].last > last->last)
				last->last = ports->list[i].last;
		} else {
			ports->list[kept++] = ports->list[i];
		}
	}
	ports->count = kept;
}

struct pst_ranges pst_ranges_of_ports(struct pst_pool *pool, const struct pst_clause *clause)
{
	struct pst_ranges ports = {
		.max = clause->protocol == PST_PROTOCOL_VSOCK ? UINT32_MAX : UINT16_MAX,
		.ephemeral = clause->ephemeral,
	};
	bool any = !clause->port_count && !clause->ephemeral;

	ports.list = pst_pool_room(pool, clause->port_count + any, sizeof(*ports.list));
	if (!ports.list)
		return ports;
	ports.count = clause->port_count + any;
	if (any)
		ports.list[0] = (struct pst_port_range){ 1, ports.max };
	else if (clause->port_count)
		memcpy(ports.list, clause->ports, clause->port_count * sizeof(*ports.list));
	join(&ports);
	if (pst_ranges_are_any(&ports))
		ports.ephemeral = false; /* they are among them */
	return ports;
}

/* A window may end on the next day, and that of Sunday on Monday. */
static void add_window(struct pst_ranges *minutes, uint32_t day, const struct pst_window *window)
{
	uint32_t first = day * DAY_MIN + window->first_min + 1;
	uint32_t last = day * DAY_MIN + window->last_min;

	if (window->first_min >= window->last_min)
		last += DAY_MIN;
	if (last > PST_WEEK_MIN) {
		minutes->list[minutes->count++] = (struct pst_port_range){ 1, last - PST_WEEK_MIN };
		last = PST_WEEK_MIN;
	}
	minutes->list[minutes->count++] = (struct pst_port_range){ first, last };
}

struct pst_ranges pst_ranges_of_windows(struct pst_pool *pool, const struct pst_clause *clause)
{
	struct pst_ranges minutes = { .max = PST_WEEK_MIN };

	minutes.list = pst_pool_room(pool, 2 * DAYS * clause->when_count + 1,
				     sizeof(*minutes.list));
	if (!minutes.list)
		return minutes;
	if (!clause->when_count)
		minutes.list[minutes.count++] = (struct pst_port_range){ 1, PST_WEEK_MIN };
	for (size_t i = 0; i < clause->when_count; i++)
		for (uint32_t day = 0; day < DAYS; day++)
			if (clause->when[i].days >> day & 1)
				add_window(&minutes, day, &clause->when[i]);
	join(&minutes);
	return minutes;
}

static void append(struct pst_ranges *ports, uint32_t first, uint32_t last)
{
	ports->list[ports->count++] = (struct pst_port_range){ first, last };
}

/* Both lists are in order; @by is walked as far as it ends below the next range. */
static void split_ranges(const struct pst_ranges *ports, const struct pst_ranges *by,
			 struct pst_ranges_parts *parts)
{
	for (size_t i = 0, next = 0; i < ports->count; i++) {
		uint32_t first = ports->list[i].first, last = ports->list[i].last;
		bool rest = true;

		while (next < by->count && by->list[next].last < first)
			next++;
		for (size_t j = next; rest && j < by->count && by->list[j].first <= last; j++) {
			uint32_t from = by->list[j].first > first ? by->list[j].first : first;
			uint32_t to = by->list[j].last < last ? by->list[j].last : last;

			if (from > first)
				append(&parts->outside, first, from - 1);
			append(&parts->inside, from, to);
			rest = to < last;
			first = to + rest;
		}
		if (rest)
			append(&parts->outside, first, last);
	}
}

bool pst_ranges_touch(const struct pst_ranges *ports, const struct pst_ranges *by)
{
	size_t i = 0, j = 0;

	while (i < ports->count && j < by->count) {
		if (ports->list[i].last < by->list[j].first)
			i++;
		else if (by->list[j].last < ports->list[i].first)
			j++;
		else
			return true;
	}
	return (ports->ephemeral && (by->ephemeral || pst_ranges_are_any(by))) ||
	       (by->ephemeral && pst_ranges_are_any(ports));
}

struct pst_ranges_parts pst_ranges_split(struct pst_pool *pool, const struct pst_ranges *ports,
					 const struct pst_ranges *by)
{
	struct pst_ranges_parts parts = { .inside = { .max = ports->max },
					  .outside = { .max = ports->max } };
	size_t most = ports->count + by->count + 1; /* each border makes one more */

	parts.inside.list = pst_pool_room(pool, most, sizeof(*ports->list));
	parts.outside.list = pst_pool_room(pool, most, sizeof(*ports->list));
	if (!parts.inside.list || !parts.outside.list)
		return parts;
	split_ranges(ports, by, &parts);
	parts.inside.not_ephemeral = parts.outside.not_ephemeral = ports->not_ephemeral;
	if (ports->ephemeral) {
		if (by->ephemeral || pst_ranges_are_any(by))
			parts.inside.ephemeral = true;
		else
			parts.outside.ephemeral = true;
	} else if (by->ephemeral && pst_ranges_are_any(ports)) {
		parts.inside.ephemeral = true;
		parts.outside.not_ephemeral = true;
	}
	return parts;
}
