// SPDX-License-Identifier: Apache-2.0
/* Where does one character end? Inside base/ only: text.c, diag.c and the JSON reader share it.
 * Pure. */
#ifndef PST_BASE_UTF8_H
#define PST_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * pst_utf8_char - decode the character at the start of @in (RFC 3629: no surrogates, no overlong
 * forms) Returns its length, 1 to 4, and sets @code; 0 when no valid character starts here or @len
 * is 0.
 */
size_t pst_utf8_char(const uint8_t *in, size_t len, uint32_t *code);

/* pst_utf8_is_unseen - a control, bidirectional or zero-width character: one that changes a line
 * without being seen */
bool pst_utf8_is_unseen(uint32_t code);

#endif
