// SPDX-License-Identifier: Apache-2.0
/* Who reads the files behind programs, so that the sensor never waits for a disk? A process that
 * was forked before the sensor held anything, and ends with it. It keeps two capabilities: to look
 * into other processes, and to read what only its owner may read. It parses nothing but the
 * sensor's own requests. */
#include "sensor/worker.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/ioprio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"

#define NICENESS 19
#define KEPT (1ull << CAP_SYS_PTRACE | 1ull << CAP_DAC_READ_SEARCH)

void pst_worker_say(enum pst_worker_word word)
{
	const uint8_t said = (uint8_t)word;

	(void)send(PST_OWN_FD, &said, sizeof(said), MSG_NOSIGNAL); /* nobody there: serve ends */
}

struct worker {
	struct pst_hasher *hasher;
	struct pst_clerk clerk;
	bool has_clerk, packages;
	struct pst_worker_ask ask;
	union pst_worker_answer answer;
};

/* Whose is the path, when another file or none is there by now? That a package of the distribution
 * owns it says nothing of the one that was executed. That none does says all: a program must not
 * get out of being a vendor's by touching or removing its own file. */
static bool is_excuse(const struct pst_clerk_answer *found, bool is_named)
{
	return !is_named && found->owner == PST_IDENT_OWNER_DISTRO;
}

static void tell_owner(struct worker *worker, bool is_named)
{
	struct pst_rec_identity *rec = &worker->answer.rec;
	struct pst_clerk_answer found;

	pst_worker_say(PST_WORD_ASKING);
	found = pst_clerk_ask(&worker->clerk, worker->ask.path, -1);
	if (is_excuse(&found, is_named))
		return;
	rec->owner = found.owner;
	(void)pst_text_copy((char *)rec->manager, sizeof(rec->manager), found.manager);
	(void)pst_text_copy((char *)rec->package, sizeof(rec->package), found.package);
	(void)pst_text_copy((char *)rec->version, sizeof(rec->version), found.version);
	(void)pst_text_copy((char *)rec->origin, sizeof(rec->origin), found.origin);
}

/* identify - @len bytes of a request, to the answer; returns the answer's size */
static size_t identify(struct worker *worker, size_t len)
{
	struct pst_rec_identity *rec = &worker->answer.rec;
	const struct pst_worker_ask *ask = &worker->ask;
	bool is_named;

	memset(rec, 0, sizeof(*rec));
	rec->inode = ask->inode;
	rec->ctime_ns = ask->ctime_ns;
	rec->dev_major = ask->dev_major;
	rec->dev_minor = ask->dev_minor;
	rec->path_len = (uint16_t)(len - PST_ASK_HEAD - 1);
	memcpy(worker->answer.path, ask->path, rec->path_len);
	is_named = pst_program_file(worker->hasher, ask, rec);
	if (ask->flags & PST_ASK_HOST_PATH && worker->packages)
		tell_owner(worker, is_named);
	return sizeof(*rec) + rec->path_len;
}

static size_t answer(struct worker *worker, size_t len)
{
	struct pst_rec_container *rec = &worker->answer.container;

	if (!(worker->ask.flags & PST_ASK_CONTAINER))
		return identify(worker, len);
	pst_container_ask(&worker->clerk, &worker->ask, rec);
	return sizeof(*rec);
}

static void serve(struct worker *worker)
{
	struct pst_worker_ask *ask = &worker->ask;
	ssize_t got;

	while ((got = recv(PST_OWN_FD, ask, sizeof(*ask), 0)) > (ssize_t)PST_ASK_HEAD) {
		size_t len = (size_t)got;

		if (ask->path[len - PST_ASK_HEAD - 1]) /* the sensor ends each with a NUL */
			break;
		len = answer(worker, len);
		if (send(PST_OWN_FD, &worker->answer, len, MSG_NOSIGNAL) < 0)
			break;
		if (worker->has_clerk && worker->clerk.fd < 0)
			break; /* it may make no other one: its successor does */
	}
	_exit(0);
}

static void work(const struct pst_worker_keys *keys)
{
	struct worker *worker = calloc(1, sizeof(*worker));

	(void)prctl(PR_SET_NAME, "postern-worker");
	if (!worker)
		_exit(1);
	worker->hasher = pst_hasher_new(keys);
	if (!worker->hasher)
		_exit(1);
	worker->clerk.fd = -1;
	worker->packages = keys->packages;
	pst_clerk_start(&worker->clerk, keys->origins);
	worker->has_clerk = worker->clerk.fd >= 0;
	(void)setpriority(PRIO_PROCESS, 0, NICENESS); /* to yield is always allowed */
	(void)syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0,
		      IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 0));
	pst_privilege_keep(KEPT);
	serve(worker);
}

pid_t pst_worker_start(const struct pst_worker_keys *keys, int *fd)
{
	pid_t parent = getpid(), pid;
	int ends[2], r = 0;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	pid = fork();
	if (pid == 0) {
		pst_privilege_child(parent, ends[1]);
		work(keys);
	}
	if (pid < 0)
		r = -errno;
	(void)close(ends[1]);
	if (r == 0) {
		*fd = ends[0];
		return pid;
	}
	(void)close(ends[0]);
	return r;
}
