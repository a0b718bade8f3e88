// SPDX-License-Identifier: Apache-2.0
/* What do we see at once, late, or not at all, and why? From the states of the hooks. */
#ifndef PST_ENGINE_COVERAGE_H
#define PST_ENGINE_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "decode/coverage.h"
#include "decode/event.h"

#define PST_COVER_TEXT 160

struct pst_coverage_in {
	const struct pst_hook *hooks;
	size_t count;
	bool dns, first_bytes; /* are not switched off */
};

struct pst_coverage {
	size_t count; /* of the rows; 0: not judged yet */
	enum pst_cover_state state[PST_COVERS_MAX];
	char by[PST_COVERS_MAX][64]; /* the slots that see it: "connect4&connect6"; "": blind */
	char reason[PST_COVERS_MAX][PST_COVER_TEXT]; /* why not at once; "" when seen */
};

/* pst_coverage_judge - every row of the list */
void pst_coverage_judge(const struct pst_coverage_in *in, struct pst_coverage *out);

/* pst_coverage_shrunk - names of the rows that @now sees worse than @before did, ", " between them;
 * returns their number, and writes @out always; what does not fit is cut */
size_t pst_coverage_shrunk(const struct pst_coverage *before, const struct pst_coverage *now,
			   char *out, size_t size);

#endif
