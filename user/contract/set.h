// SPDX-License-Identifier: Apache-2.0
/* What does a set of contracts hold? Inside contract/ only. */
#ifndef PST_CONTRACT_SET_H
#define PST_CONTRACT_SET_H

#include "contract/contract.h"

struct pst_contracts {
	struct pst_contract **list; /* pointers, so that contracts do not move when one is added */
	size_t count;
	uint32_t generation;
	bool resolvers_known;
	struct pst_addr resolvers[PST_EVENT_RESOLVERS_MAX];
	size_t resolver_count;
	struct pst_contract_names names;
	struct pst_port_range ephemeral;
};

/* pst_stays_inside - is the other end of this unix socket software of the same contract? */
bool pst_stays_inside(const struct pst_contracts *set, const struct pst_image *image,
		      const struct pst_channel *channel);

#endif
