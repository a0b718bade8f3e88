// SPDX-License-Identifier: Apache-2.0
/* Which entries of "software" may name an image? Inside contract/ only. */
#ifndef PST_CONTRACT_INDEX_H
#define PST_CONTRACT_INDEX_H

#include "contract/contract.h"

struct pst_index_item {
	uint64_t key;
	int32_t contract, software; /* indices in the set and in the contract */
	uint32_t next;		    /* of the same chain; UINT32_MAX: the last */
};

struct pst_index {
	struct pst_index_item *items;
	size_t count, room;
	uint32_t *heads; /* of chains: UINT32_MAX: empty */
	size_t head_count;
};

/* pst_index_add - take in the entries of the set's contract number @at; 0, or -ENOMEM with nothing
 * changed that can be seen */
int pst_index_add(struct pst_index *index, const struct pst_contract *contract, int32_t at);

/* pst_index_each - visit each entry that may name the image, and perhaps others; some twice */
void pst_index_each(const struct pst_index *index, const struct pst_image *image,
		    void (*visit)(void *context, const struct pst_index_item *item), void *context);

void pst_index_clear(struct pst_index *index);

#endif
