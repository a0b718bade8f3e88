// SPDX-License-Identifier: Apache-2.0
/* May we do what we need, and which permission is missing by name? */
#include "sensor/room.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/text.h"

#define PROC_PID_INIT_INO \
	0xEFFFFFFCu /* inode of the initial pid namespace, include/linux/proc_ns.h */

struct capability {
	const char *name;
	unsigned int bit;
	bool by_admin; /* CAP_SYS_ADMIN includes it */
	const char *why;
};

/* uapi/linux/capability.h; their numbers never change */
static const struct capability needed[] = {
	{ "CAP_BPF", 39, true, "to load kernel programs and maps" },
	{ "CAP_PERFMON", 38, true, "to attach them to tracepoints and read kernel structures" },
	{ "CAP_NET_ADMIN", 12, false, "to attach them to a cgroup" },
	{ "CAP_SYS_PTRACE", 19, false,
	  "to read the command lines and files of other users' processes" },
	{ "CAP_DAC_READ_SEARCH", 2, false, "to read programs that only their owner may read" },
};

#define NEEDED (sizeof(needed) / sizeof(needed[0]))
#define CAP_SYS_ADMIN_BIT 21u

static uint64_t effective(void)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/self/status", "re");
	char line[256];

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, "CapEff:", 7) == 0)
			return strtoull(line + 7, NULL, 16);
	}
	return 0;
}

static bool holds(uint64_t mask, const struct capability *cap)
{
	if (mask & 1ull << cap->bit)
		return true;
	return cap->by_admin && mask & 1ull << CAP_SYS_ADMIN_BIT;
}

static int check_namespace(char *error)
{
	struct stat st;

	if (stat("/proc/self/ns/pid", &st) == 0 && (uint32_t)st.st_ino != PROC_PID_INIT_INO) {
		(void)pst_text_format(
			error, PST_SENSOR_ERROR,
			"not in the initial pid namespace, so processes outside could not be named; run it on the "
			"host itself, or in a container that shares the host's pid namespace (--pid=host)");
		return -EPERM;
	}
	return 0;
}

int pst_caps_check(char *error)
{
	uint64_t mask = effective();
	bool missing = false;

	error[0] = '\0';
	for (size_t i = 0; i < NEEDED; i++) {
		if (holds(mask, &needed[i]))
			continue;
		(void)pst_text_append(error, PST_SENSOR_ERROR, "%s%s %s",
				      missing ? "; " : "missing privilege: ", needed[i].name,
				      needed[i].why);
		missing = true;
	}
	if (!missing)
		return check_namespace(error);
	(void)pst_text_append(error, PST_SENSOR_ERROR, "; run it as root");
	return -EPERM;
}

const struct pst_sensor_capability *pst_sensor_capabilities(size_t *count)
{
	static struct pst_sensor_capability list[NEEDED];
	uint64_t mask = effective();

	for (size_t i = 0; i < NEEDED; i++) {
		list[i] = (struct pst_sensor_capability){ .name = needed[i].name,
							  .why = needed[i].why };
		list[i].held = holds(mask, &needed[i]);
	}
	*count = NEEDED;
	return list;
}
