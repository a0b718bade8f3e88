// SPDX-License-Identifier: Apache-2.0
/* What is asked about a channel, and how far does an entry allow it? Inside contract/ only. */
#ifndef PST_CONTRACT_JUDGE_H
#define PST_CONTRACT_JUDGE_H

#include "contract/contract.h"

struct pst_question {
	enum pst_clause_does does;
	uint8_t protocol;
	uint16_t port;
	const char *does_name, *protocol_name; /* "connect", "tcp" */
	bool any_address;	   /* the address is not known: "to" and "on" are not asked */
	bool some_address;	   /* the address was folded away: it may be any */
	struct pst_prefix address; /* /128, or what peers were folded to */
	bool asks_from;
	bool some_from;
	struct pst_prefix from;
};

enum pst_fit { PST_FITS_NOT, PST_FITS_MAYBE, PST_FITS };

struct pst_fits { /* one entry against one question */
	enum pst_fit address, port, from;
};

/* pst_question_of - what a channel asks of a contract; false when a contract has no words for its
 * kind */
bool pst_question_of(const struct pst_channel *channel, struct pst_question *out);

/* pst_judge_explain - write into the judgement what kept an entry from allowing this */
void pst_judge_explain(const struct pst_question *question, const struct pst_clause *clause,
		       const struct pst_fits *fits, struct pst_judgement *judgement);

#endif
