// SPDX-License-Identifier: Apache-2.0
/* Do all first bytes have a class, and none a look beyond them? */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "decode/first.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Two bytes of what follows the first ones, one that says whether it is a datagram, then they. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pst_first first;
	uint8_t *exact;

	if (size < 3)
		return 0;
	exact = malloc(size - 3 ? size - 3 : 1);
	if (!exact)
		return 0;
	memcpy(exact, data + 3, size - 3);
	first = (struct pst_first){ .data = exact,
				    .len = size - 3,
				    .total = size - 3 + ((size_t)data[0] << 8 | data[1]),
				    .datagram = data[2] & 1 };
	if ((unsigned int)pst_first_class(&first) >= PST_CLASSES ||
	    strcmp(pst_class_name(PST_CLASSES), "unknown") != 0)
		abort();
	free(exact);
	return 0;
}
