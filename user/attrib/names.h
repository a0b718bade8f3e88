// SPDX-License-Identifier: Apache-2.0
/* Which names led to an address? The tables behind attrib.h's names. Inside attrib/ only. */
#ifndef PST_ATTRIB_NAMES_H
#define PST_ATTRIB_NAMES_H

#include "attrib/attrib.h"
#include "base/table.h"

#define PST_NAME_ASKERS 4u /* of one name and address that are remembered */

struct pst_name_place {
	struct pst_addr addr;
	uint32_t netns; /* the host's; 0 for the hosts file */
};
_Static_assert(sizeof(struct pst_name_place) == 20, "no padding in a key");

struct pst_name {
	struct pst_name *next;
	struct pst_proc_id asker[PST_NAME_ASKERS]; /* the latest first; zero: none */
	uint64_t asked_ns[PST_NAME_ASKERS];
	uint64_t until_ns; /* it holds at least so long */
	bool hosts;
	char text[];
};

struct pst_named { /* the names of one address; the latest first */
	struct pst_name *first;
};

struct pst_names {
	struct pst_table *questions; /* that wait for an answer */
	struct pst_table *addresses; /* with their names */
	struct pst_resolvers resolvers;
	uint32_t host_netns;  /* of process 1; 0 until it was seen */
	uint32_t first_netns; /* of the first process seen, which stands for it until then */
	uint64_t now_ns;      /* of the latest event */
	uint64_t dropped;     /* names that made room for another one of their address */
	uint64_t asked, answered, unmatched, untrusted, malformed;
};

/* pst_names_init - 0, or -1 without memory; pst_names_clear frees either way */
int pst_names_init(struct pst_names *names, const struct pst_attrib_keys *keys);
void pst_names_clear(struct pst_names *names);

/* pst_names_see - take in any event, before its process is looked up */
void pst_names_see(struct pst_attrib *attrib, const struct pst_event *event);

/* pst_names_host - the host's network namespace, the only one in which names are learned; 0: not
 * known */
static inline uint32_t pst_names_host(const struct pst_names *names)
{
	return names->host_netns ? names->host_netns : names->first_netns;
}

static inline bool pst_same_process(const struct pst_proc_id *a, const struct pst_proc_id *b)
{
	return a->start_ns == b->start_ns && a->tgid == b->tgid;
}

/* pst_is_running - is this process in the table, and has not ended? */
bool pst_is_running(const struct pst_attrib *attrib, const struct pst_proc_id *id);

#endif
