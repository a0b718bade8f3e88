// SPDX-License-Identifier: Apache-2.0
/* How often is it expected? Inside contract/ and its readers only. */
#ifndef PST_CONTRACT_PERIOD_H
#define PST_CONTRACT_PERIOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pst_period {
	uint32_t every_s;	/* 0: nothing is expected */
	uint32_t tolerance_pct; /* how far a gap may lie from it, either way */
};

/* pst_period_parse - "5m", "1h +-10%", "1d"; 0, or -EINVAL */
int pst_period_parse(const char *text, struct pst_period *out);

/* pst_period_holds - is a gap of @gap_ns within the tolerance? */
bool pst_period_holds(const struct pst_period *period, uint64_t gap_ns);

#define PST_PERIOD_TEXT 32

/* pst_period_text - "5m +-10%"; returns @out, of PST_PERIOD_TEXT bytes */
const char *pst_period_text(const struct pst_period *period, char *out);

#endif
