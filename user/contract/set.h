// SPDX-License-Identifier: Apache-2.0
/* What does a set of contracts hold? Inside contract/ only. */
#ifndef PST_CONTRACT_SET_H
#define PST_CONTRACT_SET_H

#include "contract/contract.h"
#include "contract/index.h"

struct pst_contracts {
	struct pst_contract **list; /* pointers, so that contracts do not move when one is added */
	size_t count;
	uint32_t generation;
	bool resolvers_known;
	struct pst_addr resolvers[PST_EVENT_RESOLVERS_MAX];
	size_t resolver_count;
	struct pst_contract_names names;
	struct pst_port_range ephemeral;
	bool has_time;
	int64_t wall_s;		/* UTC */
	struct pst_index index; /* of the entries of "software" */
};

/* pst_tie_check - an error for each entry of "software" that another contract of the set has
 * word for word: which of them binds would be chance; how many there were */
size_t pst_tie_check(const struct pst_contracts *set, const struct pst_contract *contract,
		     struct pst_diags *diags);

/* pst_stays_inside - is the other end of this unix socket software of the same contract? */
bool pst_stays_inside(const struct pst_contracts *set, const struct pst_image *image,
		      const struct pst_channel *channel);

#endif
