// SPDX-License-Identifier: Apache-2.0
/* ring: which bytes wait, in order, in bounded memory? */
#include "ctl/ring.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int pst_ring_init(struct pst_ring *ring, size_t size)
{
	char *data = malloc(size);

	if (!data)
		return -ENOMEM;
	*ring = (struct pst_ring){ .data = data, .size = size };
	return 0;
}

void pst_ring_done(struct pst_ring *ring)
{
	free(ring->data);
	*ring = (struct pst_ring){ .data = NULL };
}

bool pst_ring_add(struct pst_ring *ring, const char *bytes, size_t len)
{
	size_t end, first;

	if (len > ring->size - ring->used)
		return false;
	end = (ring->start + ring->used) % ring->size;
	first = len < ring->size - end ? len : ring->size - end;
	memcpy(ring->data + end, bytes, first);
	memcpy(ring->data, bytes + first, len - first);
	ring->used += len;
	return true;
}

void pst_ring_take(struct pst_ring *ring, size_t len)
{
	assert(len <= ring->used);
	ring->start = (ring->start + len) % ring->size;
	ring->used -= len;
}

char pst_ring_at(const struct pst_ring *ring, size_t offset)
{
	assert(offset < ring->used);
	return ring->data[(ring->start + offset) % ring->size];
}

void pst_ring_take_line(struct pst_ring *ring)
{
	size_t len = 0;

	while (len < ring->used && pst_ring_at(ring, len) != '\n')
		len++;
	pst_ring_take(ring, len < ring->used ? len + 1 : ring->used);
}

size_t pst_ring_head(const struct pst_ring *ring, const char **out)
{
	size_t side_by_side = ring->size - ring->start;

	*out = ring->data + ring->start;
	return ring->used < side_by_side ? ring->used : side_by_side;
}

size_t pst_ring_last(const struct pst_ring *ring, size_t lines)
{
	size_t at = ring->used;

	if (!lines)
		return ring->used;
	while (at > 0) {
		if (at < ring->used && pst_ring_at(ring, at - 1) == '\n' && --lines == 0)
			break;
		at--;
	}
	return at;
}
