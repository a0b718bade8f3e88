// SPDX-License-Identifier: Apache-2.0
/* Whose records were lost? The cgroups that lost most, by reason. */
#ifndef PST_ENGINE_LOSSES_H
#define PST_ENGINE_LOSSES_H

#include <stddef.h>
#include <stdint.h>

#include "alert/alert.h"

#define PST_LOSSES_KEPT 64
#define PST_LOSSES_TOLD 5

struct pst_losses {
	struct pst_health_loss entry[PST_LOSSES_KEPT];
	size_t count;
};

/* pst_losses_add - a loss without a cgroup is in the total only; when there is no room the least
 * entry goes */
void pst_losses_add(struct pst_losses *losses, const struct pst_event *loss);

/* pst_losses_sort - the most first; returns how many of them a record tells */
size_t pst_losses_sort(struct pst_losses *losses);

#endif
