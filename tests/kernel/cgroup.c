// SPDX-License-Identifier: Apache-2.0
/* A cgroup for the actors alone: what is attached to it sees nobody else. */
#include <errno.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kt.h"

int kt_make_cgroup(char *out, size_t room)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *mount;
	int r = -ENOENT;

	while (mounts && (mount = getmntent(mounts))) {
		if (strcmp(mount->mnt_type, "cgroup2") != 0)
			continue;
		(void)snprintf(out, room, "%s/postern-kernel-test-%d", mount->mnt_dir, getpid());
		r = mkdir(out, 0755) < 0 ? -errno : 0;
		break;
	}
	if (mounts)
		(void)endmntent(mounts); /* it was only read */
	return r;
}
