// SPDX-License-Identifier: Apache-2.0
/* What is there to see, and which hooks see it? The rows of bpf/abi/coverage.def. */
#ifndef PST_DECODE_COVERAGE_H
#define PST_DECODE_COVERAGE_H

#include <stddef.h>

#define PST_COVERS_MAX 64

struct pst_cover {
	const char *name; /* of a kind of channel, or another thing to see */
	const char *text; /* for people */
	/* slots: "a&b|c": alternatives, the best first; "" where there are none */
	const char *seen; /* at once */
	const char *late; /* by a sweep, or at the first use */
	const char *why;  /* what is missed while nothing sees it at once */
};

enum pst_cover_state { PST_COVER_SEEN, PST_COVER_LATE, PST_COVER_BLIND };

const char *pst_cover_state_name(enum pst_cover_state state); /* "late" */

/* pst_cover_rows - all of them, in the list's order; static; at most PST_COVERS_MAX */
const struct pst_cover *pst_cover_rows(size_t *count);

#endif
