// SPDX-License-Identifier: Apache-2.0
/* What do resolvers and hosts file say, and what was changed there while we watched? Inside engine
 * only. */
#ifndef PST_ENGINE_TRUST_H
#define PST_ENGINE_TRUST_H

#include "base/table.h"
#include "decode/event.h"

struct pst_trust_change {
	uint32_t added, removed;
	char added_text[400], removed_text[400]; /* the first few of them */
};

struct pst_trust {
	struct pst_table *hosts; /* names with their addresses, as told last */
	uint32_t telling;	 /* which telling of the hosts file this is */
	bool watching;		 /* what is told now is no beginning */
	bool hosts_told;	 /* again, and not yet looked at as a whole */
	struct pst_trust_change hosts_change;
};

int pst_trust_init(struct pst_trust *trust); /* 0, or -1 without memory */
void pst_trust_clear(struct pst_trust *trust);

/* pst_trust_resolvers - what differs between two lists */
void pst_trust_resolvers(const struct pst_resolvers *before, const struct pst_resolvers *now,
			 struct pst_trust_change *change);

/* pst_trust_hosts - take in a line of the hosts file */
void pst_trust_hosts(struct pst_trust *trust, const struct pst_host_names *line);

/* pst_trust_hosts_end - every line was told: what changed since the telling before; false: nothing,
 * or it was not told again */
bool pst_trust_hosts_end(struct pst_trust *trust, struct pst_trust_change *change);

/* pst_trust_say - "WHAT changed: added ...; removed ..." into @out; returns @out */
const char *pst_trust_say(const char *what, const struct pst_trust_change *change, char *out,
			  size_t size);

#endif
