// SPDX-License-Identifier: Apache-2.0
/* Where do profiles live while the daemon does not? In one file of the state folder, which is read
 * at start, and written aside and renamed at each interval and at the end. A child writes it, which
 * has everything as it was when it was made: a slow disk keeps nobody waiting. It ends with its
 * parent, so that it never takes the place of what a later daemon wrote. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "engine/source.h"
#include "engine/state.h"
#include "profile/history.h"

#define STATE_MAX (UINT64_C(1) << 28) /* bytes; every bound filled makes a tenth of it */
#define MOMENT_NS 1000000

static int path_of(const char *folder, char *out, size_t out_size)
{
	return pst_text_format(out, out_size, "%s/%s", folder, PST_STATE_FILE);
}

static void warn(struct pst_engine *engine, struct pst_warning *warning)
{
	char safe[sizeof(warning->message)];

	(void)pst_text_safe_again(warning->message, strlen(warning->message), safe,
				  sizeof(safe)); /* a cut message still says what */
	memcpy(warning->message, safe, sizeof(safe));
	pst_engine_warn(engine, warning);
}

/* A file that cannot be used is kept for whoever wants to know why, and never written over. */
static void refuse(struct pst_engine *engine, const char *path, const char *why)
{
	struct pst_warning warning = { .action = "state-refused", .code = "STATE_INVALID" };
	char kept[4096];
	int r = pst_state_keep_aside(path, kept, sizeof(kept));

	(void)pst_text_format(warning.message, sizeof(warning.message),
			      "the profiles of earlier sessions in %s were not taken in: %s; %s %s",
			      path, why, r == 0 ? "the file is kept as" : "it could not be kept:",
			      r == 0 ? kept : strerror(-r)); /* a cut message still says what */
	warn(engine, &warning);
}

bool pst_source_is_state(const char *path)
{
	_cleanup_fclose_ FILE *file = strcmp(path, "-") != 0 ? fopen(path, "re") : NULL;
	char magic[sizeof(PST_STATE_MAGIC) - 1];

	return file && fread(magic, sizeof(magic), 1, file) == 1 &&
	       memcmp(magic, PST_STATE_MAGIC, sizeof(magic)) == 0;
}

int pst_source_state(struct pst_history *history, const char *path, const char **why)
{
	_cleanup_free_ char *bytes = NULL;
	int64_t len = pst_source_text(path, STATE_MAX, &bytes);
	int r = len < 0 ? (int)len :
			  pst_history_read(history, (const uint8_t *)bytes, (size_t)len, why);

	if (r == -ENOMEM)
		*why = "there is not enough memory for it";
	else if (len < 0)
		*why = strerror(-r);
	return r;
}

int pst_source_history(struct pst_engine *engine, const char *folder)
{
	const char *why = "";
	char path[4096];
	int r = path_of(folder, path, sizeof(path));

	if (r < 0)
		return r;
	r = pst_source_state(pst_engine_history(engine), path, &why);
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		refuse(engine, path, why);
	return r;
}

struct saved {
	const struct pst_history *history;
	uint64_t now_s;
	int fd;
};

static int put(void *context, const void *bytes, size_t len)
{
	const struct saved *saved = context;

	return pst_state_write(saved->fd, bytes, len);
}

static int fill(void *context, int fd)
{
	struct saved *saved = context;

	saved->fd = fd;
	return pst_history_write(saved->history, saved->now_s, put, saved);
}

static int write_file(const struct pst_engine *engine, const char *folder, uint64_t now_s)
{
	struct saved saved = { .history = pst_engine_history(engine), .now_s = now_s };
	char path[4096];
	int r = path_of(folder, path, sizeof(path));

	return r < 0 ? r : pst_state_replace_by(path, fill, &saved);
}

/* tell - returns @r */
static int tell(struct pst_engine *engine, const char *folder, int r)
{
	struct pst_warning warning = { .action = "state-unsaved", .code = "STATE_UNSAVED" };

	if (r == 0)
		return 0;
	(void)pst_text_format(
		warning.message, sizeof(warning.message),
		"the profiles could not be written to %s/%s: %s; the file of the last time stays",
		folder, PST_STATE_FILE, strerror(-r)); /* a cut message still says what */
	warn(engine, &warning);
	return r;
}

int pst_source_history_save(struct pst_engine *engine, const char *folder, uint64_t now_s)
{
	pst_engine_remember(engine);
	return tell(engine, folder, write_file(engine, folder, now_s));
}

/* Does not return. It holds nothing of the parent's: neither its lock nor its sockets, nor what it
 * watches with. Signals that the parent has blocked, it has too. */
static void be_child(const struct pst_engine *engine, const struct pst_save *save, pid_t parent)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* cannot fail */
	if (getppid() != parent || close_range(STDERR_FILENO + 1, ~0u, 0) < 0)
		_exit(ECANCELED);
	(void)prctl(PR_SET_NAME, "postern-save");	       /* cannot fail either */
	_exit(-write_file(engine, save->folder, save->now_s)); /* an errno is below 256 */
}

int pst_source_history_begin(struct pst_engine *engine, struct pst_save *save)
{
	pid_t parent = getpid(), pid;

	if (save->pid)
		return -EBUSY;
	pst_engine_remember(engine);
	pid = fork();
	if (pid == 0)
		be_child(engine, save, parent);
	if (pid < 0)
		return tell(engine, save->folder, -errno);
	save->pid = pid;
	return 0;
}

int pst_source_history_ended(struct pst_engine *engine, struct pst_save *save)
{
	int status = 0;
	pid_t pid = save->pid ? waitpid(save->pid, &status, WNOHANG) : -1;

	if (pid == 0)
		return -EAGAIN;
	save->pid = 0;
	if (pid < 0)
		return -ECHILD;
	return tell(engine, save->folder, WIFEXITED(status) ? -WEXITSTATUS(status) : -ECANCELED);
}

int pst_source_history_wait(struct pst_engine *engine, struct pst_save *save, unsigned int ms)
{
	const struct timespec moment = { .tv_nsec = MOMENT_NS };
	int r;

	while ((r = pst_source_history_ended(engine, save)) == -EAGAIN && ms--)
		(void)nanosleep(&moment, NULL); /* a shorter one is fine */
	return r == -EAGAIN ? tell(engine, save->folder, -ETIMEDOUT) : r;
}
