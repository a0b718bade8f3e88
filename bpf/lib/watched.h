/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Is this process one that we were told to watch? Programs that are attached to no cgroup run for
 * all. */
#ifndef PST_LIB_WATCHED_H
#define PST_LIB_WATCHED_H

#include "lib/task.h"

#define CGROUP_DEPTH 16 /* a watched cgroup is looked for among so many ancestors */

/* is_watched - is the task in the watched cgroup or below it? */
static __noinline int is_watched(struct task_struct *task)
{
	const struct kernfs_node *node = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn);

	if (pst_whole_host)
		return 1;
	for (int i = 0; i < CGROUP_DEPTH && node; i++) {
		if (BPF_CORE_READ(node, id) == pst_cgroup_id)
			return 1;
		node = kernfs_parent(node);
	}
	return 0;
}

#endif
