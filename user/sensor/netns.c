// SPDX-License-Identifier: Apache-2.0
/* Which sockets does the kernel hold that no descriptor leads to? Its tables of TCP and UDP sockets
 * are one per network namespace, and an iterator reads those of the namespace in which it was
 * opened. So for each in which a process lives a thread of its own enters it and opens them: the
 * daemon itself never moves. */
#include "sensor/room.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <bpf/bpf.h>

#include "base/cleanup.h"
#include "base/text.h"

#define NAMESPACES_MAX 256 /* that are looked into in one sweep; further ones are blind */

static const char *const programs[] = { "pst_iter_tcp", "pst_iter_udp" };

#define PROGRAMS (sizeof(programs) / sizeof(programs[0]))

struct visit {
	struct pst_sensor *sensor;
	uint64_t inode[NAMESPACES_MAX];
	size_t count;
	uint32_t seen, blind;
	int ns; /* the namespace to enter; -1: our own */
	int iter[PROGRAMS];
	bool entered;
};

/* enter - in a thread of its own, which ends in the namespace that it entered */
static void *enter(void *context)
{
	struct visit *visit = context;

	visit->entered = visit->ns < 0 || setns(visit->ns, CLONE_NEWNET) == 0;
	for (size_t i = 0; i < PROGRAMS; i++) {
		struct bpf_link *link = visit->sensor->links[pst_hooks_find(programs[i])];

		visit->iter[i] = visit->entered && link ? bpf_iter_create(bpf_link__fd(link)) : -1;
	}
	return NULL;
}

/* look_into - one namespace; @ns is its descriptor, or -1 for our own */
static void look_into(struct visit *visit, int ns)
{
	pthread_t thread;

	visit->ns = ns;
	visit->entered = false;
	for (size_t i = 0; i < PROGRAMS; i++)
		visit->iter[i] = -1;
	if (ns < 0)
		(void)enter(visit);
	else if (pthread_create(&thread, NULL, enter, visit) == 0)
		(void)pthread_join(thread, NULL); /* its end is all that is wanted */
	visit->seen += visit->entered;
	visit->blind += !visit->entered;
	for (size_t i = 0; i < PROGRAMS; i++) {
		if (visit->iter[i] < 0)
			continue; /* refused by this kernel: told by its HOOK frame */
		(void)pst_snapshot_read(visit->sensor,
					visit->iter[i]); /* the next sweep reads on */
		(void)close(visit->iter[i]);
	}
}

static bool is_new(struct visit *visit, uint64_t inode)
{
	for (size_t i = 0; i < visit->count; i++) {
		if (visit->inode[i] == inode)
			return false;
	}
	if (visit->count == NAMESPACES_MAX) {
		visit->blind += !visit->blind; /* how many more there are is not known */
		return false;
	}
	visit->inode[visit->count++] = inode;
	return true;
}

/* look_at_process - the namespace of a process, when it is not one that was looked into */
static void look_at_process(struct visit *visit, const char *pid)
{
	_cleanup_close_ int ns = -1;
	char path[64], target[64];
	unsigned long long inode;
	ssize_t len;

	if (pst_text_format(path, sizeof(path), "/proc/%s/ns/net", pid) < 0)
		return;
	len = readlink(path, target, sizeof(target) - 1);
	if (len <= 0) /* a process that has just ended */
		return;
	target[len] = '\0';
	if (sscanf(target, "net:[%llu]", &inode) != 1 || !is_new(visit, inode))
		return;
	ns = open(path, O_RDONLY | O_CLOEXEC);
	if (ns < 0)
		visit->blind++;
	else
		look_into(visit, ns);
}

static void look_at_all(struct visit *visit)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			look_at_process(visit, entry->d_name);
	}
	if (proc)
		(void)closedir(proc); /* it was only read */
}

static void tell(struct pst_sensor *sensor, const struct visit *visit)
{
	const struct pst_found found = pst_loader_take_found(sensor);
	struct pst_rec_sockets rec;

	pst_frame_open(sensor, &rec, PST_REC_SOCKETS, sizeof(rec));
	rec.seen = found.seen;
	rec.late = found.late;
	rec.hidden = found.hidden;
	rec.gone = sensor->gone;
	sensor->gone = 0;
	rec.namespaces = visit->seen;
	rec.blind_namespaces = visit->blind;
	pst_frame_send(sensor, &rec);
}

void pst_netns_sweep(struct pst_sensor *sensor)
{
	_cleanup_free_ struct visit *visit = calloc(1, sizeof(*visit));
	struct stat own;

	if (!visit)
		return; /* the next sweep tries again */
	visit->sensor = sensor;
	if (stat("/proc/self/ns/net", &own) == 0)
		(void)is_new(visit, own.st_ino);
	look_into(visit, -1);
	look_at_all(visit);
	tell(sensor, visit);
}
