// SPDX-License-Identifier: Apache-2.0
/* Which lines wait, and which one goes when there is no room? Channel and exec records first, then
 * health, alerts last. Used inside sink/ only. */
#ifndef PST_SINK_QUEUE_H
#define PST_SINK_QUEUE_H

#include <stddef.h>
#include <stdint.h>

#include "alert/alert.h"

struct pst_queued {
	struct pst_queued *next;
	unsigned int rank; /* higher ones stay longer */
	size_t len, done;  /* done: bytes that are written already; such a line is never dropped */
	char line[];
};

struct pst_queue {
	struct pst_queued *head, **tail;
	size_t lines, bytes, max_bytes;
};

void pst_queue_init(struct pst_queue *queue, size_t max_bytes);
void pst_queue_done(struct pst_queue *queue);

/* pst_queue_add - put a line at the end; returns how many lines were dropped for it, itself
 * included */
uint64_t pst_queue_add(struct pst_queue *queue, enum pst_dataset dataset, const char *line,
		       size_t len);
void pst_queue_shift(struct pst_queue *queue); /* forget the first line */

#endif
