// SPDX-License-Identifier: Apache-2.0
/* How is it asked who a program is, and the answer awaited? */
#include "asked.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WAITS 20 /* of kt_find: the tools may wait for a busy machine */

int kt_run_held(struct kt_actor *me, const char *path)
{
	pid_t child = fork();
	int ends[2];

	if (child == 0) {
		if (pipe(ends) == 0 && dup2(ends[0], 0) == 0) /* a script reads from itself */
			(void)execl(path, "sleep", "60", NULL);
		_exit(1);
	}
	me->child = (uint32_t)child;
	return child < 0;
}

bool kt_asked_of(const struct pst_event *exec, char path[4096], struct pst_sensor_ask *ask)
{
	if (!exec)
		return false;
	(void)snprintf(path, 4096, "%s", exec->exec.path);
	*ask = (struct pst_sensor_ask){ .start_ns = exec->task.proc.start_ns,
					.tgid = exec->task.proc.tgid,
					.inode = exec->exec.inode,
					.ctime_ns = exec->exec.ctime_ns,
					.dev_major = exec->exec.dev_major,
					.dev_minor = exec->exec.dev_minor,
					.path = path,
					.has_host_path = true };
	return true;
}

bool kt_is_identity(const struct pst_event *event, const void *path)
{
	return event->type == PST_EVENT_IDENTITY && event->identity.path.len == strlen(path) &&
	       memcmp(event->identity.path.data, path, strlen(path)) == 0;
}

const struct pst_event *kt_answer_to(struct kt *kt, const char *path)
{
	const struct pst_event *event = NULL;

	for (int i = 0; i < WAITS && !event; i++)
		event = kt_find(kt, kt_is_identity, path);
	return event;
}

const struct pst_event *kt_answer(struct kt *kt, const struct pst_sensor_ask *ask)
{
	return pst_sensor_identify(kt_sensor(kt), ask) < 0 ? NULL : kt_answer_to(kt, ask->path);
}
