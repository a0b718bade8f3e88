/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a state file, all at once. */
#ifndef PST_TESTS_HISTORY_BYTES_H
#define PST_TESTS_HISTORY_BYTES_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "profile/history.h"

struct history_bytes {
	uint8_t *bytes;
	size_t len;
};

static inline int history_take(void *context, const void *bytes, size_t len)
{
	struct history_bytes *all = context;
	uint8_t *grown = realloc(all->bytes, all->len + len);

	if (!grown)
		return -ENOMEM;
	memcpy(grown + all->len, bytes, len);
	all->bytes = grown;
	all->len += len;
	return 0;
}

/* history_bytes - the caller frees them; NULL without memory */
static inline uint8_t *history_bytes(const struct pst_history *history, uint64_t now_s, size_t *len)
{
	struct history_bytes all = { .bytes = NULL };

	if (pst_history_write(history, now_s, history_take, &all) < 0) {
		free(all.bytes);
		return NULL;
	}
	*len = all.len;
	return all.bytes;
}

#endif
