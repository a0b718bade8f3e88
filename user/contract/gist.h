// SPDX-License-Identifier: Apache-2.0
/* Which entries can be passed over without a look? Inside contract/ only. */
#ifndef PST_CONTRACT_GIST_H
#define PST_CONTRACT_GIST_H

#include "contract/judge.h"

struct pst_gist {	/* of one entry; all of a contract lie in a row: see gist.c */
	uint64_t marks; /* a bit for each place or folder that it names, by a hash of it */
	uint16_t sort;	/* what it does and by which protocol */
	uint16_t first_port, last_port; /* 0 to the last one: also those behind it */
	uint8_t bits; /* of the places that are marked; 0: the marks are of folders, or all set */
	bool has_names;
};
_Static_assert(sizeof(struct pst_gist) == 16, "a hundred of them are 25 cache lines");

struct pst_gist_asked { /* what a question needs of a gist */
	uint16_t sort;
	uint16_t port; /* the last one stands for those of vsock behind it too */
	bool any_port, any_place;
	uint8_t bits;	/* that @marks was made for */
	uint64_t marks; /* of the place that is asked for */
	uint64_t folders;
};

/* pst_gist_of - the gist of an entry */
struct pst_gist pst_gist_of(const struct pst_clause *clause);

/* pst_gist_ask - what a question needs of gists */
struct pst_gist_asked pst_gist_ask(const struct pst_question *question);

/* What keeps an entry from fitting. */
#define PST_OUT_SORT 0x01u  /* it speaks of something else */
#define PST_OUT_PORT 0x02u  /* the port cannot fit, nor may it */
#define PST_OUT_PLACE 0x04u /* neither can the address or name */
#define PST_OUT_NAME 0x08u  /* only a name might, and none is known */

/* pst_gist_rule_out - what keeps the entry from what is asked; 0: nothing that a gist knows of */
unsigned int pst_gist_rule_out(const struct pst_gist *gist, struct pst_gist_asked *asked,
			       struct pst_asking *asking);

#endif
