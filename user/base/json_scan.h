// SPDX-License-Identifier: Apache-2.0
/* Where in a JSON text are we, and may it be handed to the parser? Inside base/ only. Pure. */
#ifndef PST_BASE_JSON_SCAN_H
#define PST_BASE_JSON_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"

struct pst_json_place {
	const char *text; /* the text as it was given, comments and all */
	size_t len;
	size_t at;
	uint32_t line, column; /* of the character at @at, from 1 */
};

/* pst_json_place_step - one character further, which must be there; a byte that starts no character
 * counts as one */
void pst_json_place_step(struct pst_json_place *place);

/*
 * pst_json_scan - refuse what must not reach the parser, and blank the comments
 * Refused: NUL, invalid UTF-8, a BOM, control characters, \u0000, nesting above PST_JSON_DEPTH_MAX,
 * comments and strings that never end.
 * @out: gets a copy of @len bytes and a NUL; comments became blanks, line ends stayed, so that
 * every offset is the same Returns 0, or -EINVAL with at least one error in @diags; @out is
 * undefined then.
 */
int pst_json_scan(const char *text, size_t len, char *out, struct pst_diags *diags);

/*
 * pst_json_complain_syntax - say where and why the parser stopped (json_syntax.c)
 * @start: the beginning of the text
 * @blanked: what pst_json_scan made of it
 * @at: the parser's offset, at most the length
 */
void pst_json_complain_syntax(const struct pst_json_place *start, const char *blanked, size_t at,
			      struct pst_diags *diags);

#endif
