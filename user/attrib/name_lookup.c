// SPDX-License-Identifier: Apache-2.0
/* Which names does an address have, now? */
#include "attrib/names.h"

#include <string.h>
#include <strings.h>

#include "attrib/tables.h"

#define PLACES 2u

/* Where the names of an address stand: what was learned in the host's network namespace, and the
 * hosts file. */
static size_t places_of(const struct pst_names *names, const struct pst_addr *addr,
			struct pst_name_place *out)
{
	uint32_t host = pst_names_host(names);

	out[0] = (struct pst_name_place){ .addr = *addr, .netns = host };
	out[1] = (struct pst_name_place){ .addr = *addr };
	return host ? PLACES : 1;
}

static bool holds(const struct pst_attrib *attrib, const struct pst_name *name)
{
	size_t i;

	if (name->hosts || attrib->names.now_ns <= name->until_ns)
		return true;
	for (i = 0; i < PST_NAME_ASKERS; i++)
		if (pst_is_running(attrib, &name->asker[i]))
			return true;
	return false;
}

/* A walk over all names that an address has, and that still hold. */
struct walk {
	const struct pst_attrib *attrib;
	struct pst_name_place place[PLACES];
	size_t count, next;
	const struct pst_name *at;
};

static struct walk walk_of(const struct pst_attrib *attrib, const struct pst_addr *addr)
{
	struct walk walk = { .attrib = attrib };

	walk.count = places_of(&attrib->names, addr, walk.place);
	return walk;
}

static const struct pst_name *next_name(struct walk *walk)
{
	walk->at = walk->at ? walk->at->next : NULL;
	for (;;) { /* bounded: places have at most PST_NAMES_MAX names */
		while (walk->at && !holds(walk->attrib, walk->at))
			walk->at = walk->at->next;
		if (walk->at || walk->next == walk->count)
			return walk->at;
		const struct pst_named *named = pst_table_peek(walk->attrib->names.addresses,
							       &walk->place[walk->next++]);
		walk->at = named ? named->first : NULL;
	}
}

static bool is_listed(const char *const *list, size_t count, const char *text)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(list[i], text) == 0)
			return true;
	return false;
}

bool pst_attrib_is_elsewhere(const struct pst_attrib *attrib, const struct pst_process *process)
{
	uint32_t host = pst_names_host(&attrib->names);

	return host && process->netns && process->netns != host;
}

size_t pst_attrib_names(const struct pst_attrib *attrib, const struct pst_addr *addr,
			const char **out, size_t max)
{
	struct walk walk = walk_of(attrib, addr);
	const struct pst_name *name;
	size_t count = 0;

	while (count < max && (name = next_name(&walk)))
		if (!is_listed(out, count, name->text))
			out[count++] = name->text;
	return count;
}

bool pst_name_matches(const char *pattern, const char *text)
{
	size_t tail, len = strlen(text);

	if (strncmp(pattern, "*.", 2) != 0)
		return strcasecmp(pattern, text) == 0;
	tail = strlen(pattern + 1);
	return len > tail && strcasecmp(pattern + 1, text + len - tail) == 0;
}

bool pst_attrib_has_name(const struct pst_attrib *attrib, const struct pst_addr *addr,
			 const char *pattern)
{
	struct walk walk = walk_of(attrib, addr);
	const struct pst_name *name;

	while ((name = next_name(&walk)))
		if (pst_name_matches(pattern, name->text))
			return true;
	return false;
}

/* When this process asked for the name last; 0: never. */
static uint64_t asked_by(const struct pst_name *name, const struct pst_process *process)
{
	size_t i;

	for (i = 0; process && i < PST_NAME_ASKERS; i++)
		if (pst_same_process(&name->asker[i], &process->id))
			return name->asked_ns[i];
	return 0;
}

const char *pst_attrib_name_for(const struct pst_attrib *attrib, const struct pst_process *process,
				const struct pst_addr *addr)
{
	struct walk walk = walk_of(attrib, addr);
	const struct pst_name *name, *best = NULL;

	while ((name = next_name(&walk))) {
		uint64_t own = asked_by(name, process), best_own;

		best_own = best ? asked_by(best, process) : 0;
		if (!best || own > best_own ||
		    (own == best_own && name->asked_ns[0] > best->asked_ns[0]))
			best = name;
	}
	return best ? best->text : NULL;
}
