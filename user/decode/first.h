// SPDX-License-Identifier: Apache-2.0
/* Which protocol speaks like this? */
#ifndef PST_DECODE_FIRST_H
#define PST_DECODE_FIRST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/payload.h"

struct pst_first {
	const uint8_t *data;
	size_t len;
	size_t total; /* of the datagram or segment that they begin */
	bool datagram;
};

/* pst_first_class - what the first bytes, of which 16 are enough, look like; a look, no proof */
enum pst_class pst_first_class(const struct pst_first *first);

#endif
