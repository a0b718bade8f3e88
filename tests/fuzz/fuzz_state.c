// SPDX-License-Identifier: Apache-2.0
/* Can a state file break its reader? The sum is made good, so that what lies before it is reached.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "unit/history_bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was taken in can be written, and read again. */
static void write_again(struct pst_history *history)
{
	const char *why = "";
	size_t len = 0;
	uint8_t *bytes = history_bytes(history, 1, &len);

	assert(bytes && pst_history_read(history, bytes, len, &why) == 0);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pst_history_keys keys = {
		.max_programs = 8, .max_channels = 16, .max_channels_per_program = 8, .max_facts = 4
	};
	struct pst_history *history = pst_history_new(&keys);
	uint8_t *bytes = malloc(size + PST_SHA256_BYTES);
	const char *why = NULL;

	if (history && bytes) {
		memcpy(bytes, data, size);
		pst_sha256(bytes, size, bytes + size);
		if (pst_history_read(history, bytes, size + PST_SHA256_BYTES, &why) == 0)
			write_again(history);
		assert(pst_history_read(history, data, size, &why) == 0 || why);
	}
	free(bytes);
	pst_history_free(history);
	return 0;
}
