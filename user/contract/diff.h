// SPDX-License-Identifier: Apache-2.0
/* What does a contract allow, and what would change if another took its place? In words for people.
 * Pure. */
#ifndef PST_CONTRACT_DIFF_H
#define PST_CONTRACT_DIFF_H

#include "contract/contract.h"

enum pst_change_kind {
	PST_CHANGE_NEWLY,     /* the second allows it, the first did not */
	PST_CHANGE_NO_LONGER, /* the other way round */
	PST_CHANGE_OTHER,     /* neither wider nor narrower: a reason, a version */
};

struct pst_change {
	enum pst_change_kind kind;
	const char *about; /* key of a contract: "channels", "software", "exec" */
	char *text;	   /* "may newly connect by TCP to 203.0.113.0/24 on port 443"; printable */
	uint32_t line; /* of the entry: NEWLY in the second file, NO_LONGER in the first; 0: none */
};

struct pst_changes {
	struct pst_change *list;
	size_t count;
};

/*
 * pst_contract_compare - what changes when @after takes the place of @before
 * Entries are compared by what they allow, not by how that is written: sets of addresses, names,
 * ports, peers and patterns. Every change is told once; the same the other way round gives the same
 * changes with "newly" and "no longer" swapped.
 * Returns 0 and the changes, which pst_changes_clear frees; -ENOMEM; -E2BIG when one entry falls
 * into too many parts.
 */
int pst_contract_compare(const struct pst_contract *before, const struct pst_contract *after,
			 struct pst_changes *out);
void pst_changes_clear(struct pst_changes *changes);

struct pst_page_keys {
	unsigned int width; /* characters of a line */
	const struct pst_diags
		*notes; /* of its file: what this build does not judge; may be NULL */
};

/* pst_contract_page - the page; the caller frees it; NULL without memory */
char *pst_contract_page(const struct pst_contract *contract, const struct pst_page_keys *keys);

#endif
