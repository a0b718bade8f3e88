// SPDX-License-Identifier: Apache-2.0
/* Which bytes wait, in order, in bounded memory? A ring of whole lines. Used inside ctl/ only. */
#ifndef PST_CTL_RING_H
#define PST_CTL_RING_H

#include <stdbool.h>
#include <stddef.h>

struct pst_ring {
	char *data;
	size_t size, start, used;
};

int pst_ring_init(struct pst_ring *ring, size_t size); /* 0 or -ENOMEM */
void pst_ring_done(struct pst_ring *ring);
bool pst_ring_add(struct pst_ring *ring, const char *bytes,
		  size_t len); /* false: no room, nothing was added */
void pst_ring_take(struct pst_ring *ring,
		   size_t len); /* forget the oldest @len bytes; at most what is in it */
void pst_ring_take_line(struct pst_ring *ring); /* forget up to the first newline, or everything */

/* pst_ring_head - the oldest bytes that lie side by side; returns how many */
size_t pst_ring_head(const struct pst_ring *ring, const char **out);

/* pst_ring_last - offset, from the oldest byte, where the last @lines lines begin */
size_t pst_ring_last(const struct pst_ring *ring, size_t lines);
char pst_ring_at(const struct pst_ring *ring, size_t offset);

#endif
