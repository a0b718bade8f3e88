// SPDX-License-Identifier: Apache-2.0
/* tried: contracts held against what has already happened. */
#ifndef PST_CLI_TRIED_H
#define PST_CLI_TRIED_H

#include <stdbool.h>

#include "contract/contract.h"

struct pst_tried_keys {
	const char *against; /* a file */
	const char *config;  /* NULL: defaults */
	bool all;	     /* also alerts of software that no contract of the set binds */
};

/* Each takes @set over, prints what would have been said and returns an exit code. */
int pst_tried_recording(const struct pst_tried_keys *keys, struct pst_contracts *set);
int pst_tried_state(const struct pst_tried_keys *keys, struct pst_contracts *set);

#endif
