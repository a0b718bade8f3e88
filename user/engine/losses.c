// SPDX-License-Identifier: Apache-2.0
/* Whose records were lost? */
#include "engine/losses.h"

#include <stdlib.h>

static int more_first(const void *a, const void *b)
{
	const struct pst_health_loss *left = a, *right = b;

	if (left->lost != right->lost)
		return left->lost < right->lost ? 1 : -1;
	if (left->cgroup_id != right->cgroup_id)
		return left->cgroup_id < right->cgroup_id ? -1 : 1;
	return (int)left->reason - (int)right->reason;
}

void pst_losses_add(struct pst_losses *losses, const struct pst_event *loss)
{
	struct pst_health_loss *entry = NULL;

	if (!loss->task.cgroup_id)
		return;
	for (size_t i = 0; i < losses->count; i++) {
		if (losses->entry[i].cgroup_id == loss->task.cgroup_id &&
		    losses->entry[i].reason == loss->loss.reason)
			entry = &losses->entry[i];
	}
	if (!entry) {
		if (losses->count == PST_LOSSES_KEPT) {
			(void)pst_losses_sort(losses); /* the least stands last now */
			losses->count--;
		}
		entry = &losses->entry[losses->count++];
		*entry = (struct pst_health_loss){ .cgroup_id = loss->task.cgroup_id,
						   .reason = loss->loss.reason };
	}
	entry->lost += loss->loss.lost;
}

size_t pst_losses_sort(struct pst_losses *losses)
{
	qsort(losses->entry, losses->count, sizeof(losses->entry[0]), more_first);
	return losses->count < PST_LOSSES_TOLD ? losses->count : PST_LOSSES_TOLD;
}
