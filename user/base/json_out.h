// SPDX-License-Identifier: Apache-2.0
/* How are the characters of JSON written, and how wide are they? Inside base/ only. Pure. */
#ifndef PST_BASE_JSON_OUT_H
#define PST_BASE_JSON_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json_comments.h"

#define PST_JSON_INDENT 2u

struct pst_json_out {
	char *text; /* NULL: only columns are counted */
	size_t len, room;
	size_t column; /* in characters */
	bool failed;   /* there was no room */
};

void pst_json_out(struct pst_json_out *out, const char *text, size_t len);
void pst_json_out_text(struct pst_json_out *out, const char *text);
void pst_json_out_blanks(struct pst_json_out *out, size_t count);
void pst_json_out_line(struct pst_json_out *out, size_t depth); /* a new line, and its indent */

/* pst_json_out_scalar - a scalar as it stands in a text; of a string only what must be, or would
 * not be seen, is escaped */
void pst_json_out_scalar(struct pst_json_out *out, const struct pst_json_slice *slice);

/* pst_json_char - the character at @at in a string that the reader accepted; returns how many bytes
 * stand for it */
size_t pst_json_char(const char *at, size_t len, uint32_t *code);

#endif
