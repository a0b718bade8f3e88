// SPDX-License-Identifier: Apache-2.0
/* Which part of a network, of names, of numbers does an entry cover, and what is left of that when
 * another entry covers some of it? Sets, exact for addresses and ports. Inside contract/ only. */
#ifndef PST_CONTRACT_SCOPE_H
#define PST_CONTRACT_SCOPE_H

#include <stdbool.h>
#include <stddef.h>

#include "contract/contract.h"

/* Memory that lives as long as one comparison, and is given back at once. */
struct pst_pool {
	struct pst_pool_block *blocks;
	bool failed; /* some memory was not there: what was made is not whole */
};
void *pst_pool_room(struct pst_pool *pool, size_t count, size_t size); /* zeroed; NULL: failed */
void pst_pool_free(struct pst_pool *pool);

enum pst_place_kind {
	PST_PLACE_ANY,
	PST_PLACE_PREFIX,
	PST_PLACE_NAME,	   /* of hosts */
	PST_PLACE_PATTERN, /* glob of a path, a socket's name, a device */
	PST_PLACE_NUMBER,
	PST_PLACE_AMOUNT, /* up to a number of bytes */
	PST_PLACE_WORD,	  /* covers itself; "@private" and "@local" prefixes that surely belong */
};

struct pst_place {
	enum pst_place_kind kind;
	struct pst_prefix prefix;
	bool narrowed;	  /* a NAME: to the prefix */
	const char *text; /* borrowed of the contract */
	uint64_t number;
};

struct pst_region { /* a place without some that lie in it */
	struct pst_place base;
	struct pst_place *holes;
	size_t hole_count;
};

struct pst_scope { /* regions together */
	struct pst_region *list;
	size_t count;
};

/* pst_place_covers - does @wide hold all that @narrow does? Equal places do */
bool pst_place_covers(const struct pst_place *wide, const struct pst_place *narrow);

/* pst_glob_covers - does every name that @narrow matches match @wide too? false also when that
 * cannot be told */
bool pst_glob_covers(const char *wide, const char *narrow);

/* pst_scope_of - places together; those that others cover are left out */
struct pst_scope pst_scope_of(struct pst_pool *pool, const struct pst_place *places, size_t count);

bool pst_scope_is_any(const struct pst_scope *scope);

struct pst_scope_parts {
	struct pst_scope inside, outside;
};

/* pst_scope_touches - does some part of @scope lie in @by, whose regions have no holes? */
bool pst_scope_touches(const struct pst_scope *scope, const struct pst_scope *by);

/* pst_scope_split - the part of @scope that lies in @by, whose regions have no holes, and the rest
 */
struct pst_scope_parts pst_scope_split(struct pst_pool *pool, const struct pst_scope *scope,
				       const struct pst_scope *by);

struct pst_ranges {		     /* of ports, or of minutes of a week */
	struct pst_port_range *list; /* in order, apart */
	size_t count;
	uint32_t max;	    /* the highest number there is: 1 to it is any */
	bool ephemeral;	    /* and those of ip_local_port_range, whatever they are */
	bool not_ephemeral; /* of the list those are taken out */
};

struct pst_ranges_parts {
	struct pst_ranges inside, outside;
};

bool pst_ranges_are_any(const struct pst_ranges *ports);
bool pst_ranges_are_none(const struct pst_ranges *ports);
struct pst_ranges pst_ranges_of_ports(struct pst_pool *pool, const struct pst_clause *clause);

#define PST_WEEK_MIN 10080u /* minutes: 1 is the first of Monday */
struct pst_ranges pst_ranges_of_windows(struct pst_pool *pool, const struct pst_clause *clause);
bool pst_ranges_touch(const struct pst_ranges *ports, const struct pst_ranges *by);
struct pst_ranges_parts pst_ranges_split(struct pst_pool *pool, const struct pst_ranges *ports,
					 const struct pst_ranges *by);

#endif
