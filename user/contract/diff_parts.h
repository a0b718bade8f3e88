// SPDX-License-Identifier: Apache-2.0
/* What the parts of a comparison share. Inside contract/ only. */
#ifndef PST_CONTRACT_DIFF_PARTS_H
#define PST_CONTRACT_DIFF_PARTS_H

#include "contract/box.h"
#include "contract/diff.h"

struct pst_diff { /* one comparison */
	const struct pst_contract *before, *after;
	struct pst_pool pool;
	struct pst_changes changes;
	int error; /* the first; 0: none so far */
};

/* pst_diff_add - a change whose sentence is in @prose, which is taken */
void pst_diff_add(struct pst_diff *diff, const struct pst_change *change, struct pst_prose *prose);

struct pst_deed {	    /* something beside channels that a contract may allow */
	const char *about;  /* key: "exec" */
	const char *before; /* words before what it allows: "execute " */
	const char *any;    /* the same of everything: "execute any program" */
};

#define PST_DEEDS 8u

/* pst_deed_at - the deed and what @contract allows of it; an empty scope: nothing */
const struct pst_deed *pst_deed_at(size_t index);
struct pst_scope pst_deed_scope(struct pst_pool *pool, const struct pst_contract *contract,
				size_t index);
/* pst_deed_say - "execute /opt/acme/bin/x", "use the network through io_uring" */
void pst_deed_say(struct pst_prose *prose, size_t index, const struct pst_scope *scope);

/* The parts, each of which adds its changes. */
void pst_diff_channels(struct pst_diff *diff);
void pst_diff_software(struct pst_diff *diff);
void pst_diff_deeds(struct pst_diff *diff);
void pst_diff_other(struct pst_diff *diff);

#endif
