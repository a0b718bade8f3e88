// SPDX-License-Identifier: Apache-2.0
/* queue: which lines wait, and which one goes when there is no room? */
#include "sink/queue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const unsigned int ranks[PST_DATASETS] = {
	[PST_CHANNEL_RECORD] = 0,
	[PST_EXEC_RECORD] = 0,
	[PST_HEALTH] = 1,
	[PST_ALERT] = 2,
};

void pst_queue_init(struct pst_queue *queue, size_t max_bytes)
{
	*queue = (struct pst_queue){ .max_bytes = max_bytes };
	queue->tail = &queue->head;
}

static void take_out(struct pst_queue *queue, struct pst_queued **link)
{
	struct pst_queued *entry = *link;

	*link = entry->next;
	if (queue->tail == &entry->next)
		queue->tail = link;
	queue->lines--;
	queue->bytes -= entry->len;
	free(entry);
}

void pst_queue_done(struct pst_queue *queue)
{
	while (queue->head)
		take_out(queue, &queue->head);
}

void pst_queue_shift(struct pst_queue *queue)
{
	assert(queue->head);
	take_out(queue, &queue->head);
}

/* least - the link to the oldest line of the lowest rank, at most @rank, that is not begun; NULL:
 * there is none */
static struct pst_queued **least(struct pst_queue *queue, unsigned int rank)
{
	struct pst_queued **link, **found = NULL;

	for (link = &queue->head; *link; link = &(*link)->next) {
		if ((*link)->done || (*link)->rank > rank)
			continue;
		if (!found || (*link)->rank < (*found)->rank)
			found = link;
	}
	return found;
}

uint64_t pst_queue_add(struct pst_queue *queue, enum pst_dataset dataset, const char *line,
		       size_t len)
{
	struct pst_queued *entry;
	uint64_t dropped = 0;

	while (queue->bytes + len > queue->max_bytes) {
		struct pst_queued **victim = least(queue, ranks[dataset]);

		if (!victim)
			return dropped + 1; /* all that waits matters more */
		take_out(queue, victim);
		dropped++;
	}
	entry = malloc(sizeof(*entry) + len);
	if (!entry)
		return dropped + 1;
	entry->next = NULL;
	entry->rank = ranks[dataset];
	entry->len = len;
	entry->done = 0;
	memcpy(entry->line, line, len);
	*queue->tail = entry;
	queue->tail = &entry->next;
	queue->lines++;
	queue->bytes += len;
	return dropped;
}
