// SPDX-License-Identifier: Apache-2.0
/* Which bytes are behind a program? The file is opened once, through /proc/PID/exe, and must be the
 * one that the EXEC told: by device, inode and change time. overlayfs and btrfs show stat(2) other
 * device numbers than the kernel's own; there inode and change time must do. A script is found by
 * its path, as its process sees it, and must be older than that process. */
#include "sensor/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "base/table.h"
#include "base/text.h"

#define STEP_BYTES 65536u
#define HASHES_MAX 512u /* that are remembered, about 150 bytes each */
#define NS_PER_SECOND 1000000000ull
#define WORD_NS NS_PER_SECOND	     /* between two words to who waits */
#define SLOW_NS (10 * NS_PER_SECOND) /* and four times what the rate asks: longer is no reading */
#define START_FIELD 20		     /* of /proc/PID/stat, counted behind the name: starttime */

struct file_key { /* equal bytes have equal hashes */
	uint64_t dev, inode, ctime_ns, size;
};

struct file_hash {
	uint8_t sha256[PST_SHA256_BYTES];
};

struct pst_hasher {
	struct pst_worker_keys keys;
	struct pst_table *hashes;
	uint8_t step[STEP_BYTES];
};

struct pst_hasher *pst_hasher_new(const struct pst_worker_keys *keys)
{
	const struct pst_table_shape shape = { .key_bytes = sizeof(struct file_key),
					       .value_bytes = sizeof(struct file_hash),
					       .capacity = HASHES_MAX };
	struct pst_hasher *hasher = calloc(1, sizeof(*hasher));

	if (!hasher)
		return NULL;
	hasher->keys = *keys;
	hasher->hashes = pst_table_new(&shape);
	if (hasher->hashes)
		return hasher;
	free(hasher);
	return NULL;
}

static uint64_t clock_ns(clockid_t id)
{
	struct timespec now;

	(void)clock_gettime(id, &now); /* cannot fail for these clocks */
	return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static uint64_t ctime_of(const struct stat *file)
{
	return (uint64_t)file->st_ctim.tv_sec * NS_PER_SECOND + (uint64_t)file->st_ctim.tv_nsec;
}

/* start_ticks - when the process began, in clock ticks since boot; 0 when it cannot be read */
static uint64_t start_ticks(int proc)
{
	_cleanup_close_ int fd = openat(proc, "stat", O_RDONLY | O_CLOEXEC);
	char text[1024], *at;
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (got <= 0)
		return 0;
	text[got] = '\0';
	at = strrchr(text, ')'); /* the name before it may hold anything */
	for (unsigned int field = 0; at && field < START_FIELD; field++)
		at = strchr(at + 1, ' ');
	return at ? strtoull(at + 1, NULL, 10) : 0;
}

/* open_process - its folder in /proc, which stays with the process; -ESRCH when that is gone */
static int open_process(const struct pst_worker_ask *ask)
{
	_cleanup_close_ int proc = -1;
	uint64_t ticks = ask->start_ns / (NS_PER_SECOND / (uint64_t)sysconf(_SC_CLK_TCK));
	char path[32];

	(void)pst_text_format(path, sizeof(path), "/proc/%u", ask->tgid); /* fits */
	proc = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (proc < 0 || start_ticks(proc) != ticks)
		return -ESRCH;
	return take_fd(&proc);
}

/* open_below - a path as a process with that root sees it; O_PATH: nothing is opened by it yet */
static int open_below(int root, const char *path)
{
	const struct open_how how = { .flags = O_PATH | O_CLOEXEC,
				      .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
	long fd = syscall(SYS_openat2, root, path, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

/* is_executed - is it the file that the EXEC told? */
static bool is_executed(int fd, const struct stat *file, const struct pst_worker_ask *ask)
{
	struct statfs fs;

	if (file->st_ino != ask->inode || ctime_of(file) != ask->ctime_ns)
		return false;
	if (major(file->st_dev) == ask->dev_major && minor(file->st_dev) == ask->dev_minor)
		return true;
	return fstatfs(fd, &fs) == 0 &&
	       (fs.f_type == OVERLAYFS_SUPER_MAGIC || fs.f_type == BTRFS_SUPER_MAGIC);
}

/* was_there - is the script older than the process that runs it? */
static bool was_there(const struct stat *file, const struct pst_worker_ask *ask)
{
	uint64_t began = ask->start_ns + clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_BOOTTIME);

	return ctime_of(file) <= began;
}

/* inspect - takes over @found, opened with O_PATH: the file behind it, readable, when it is the one
 * that is asked for; -ESTALE when it is another */
static int inspect(int found, const struct pst_worker_ask *ask, struct stat *file)
{
	_cleanup_close_ int path = found;
	char link[40];
	int fd;

	if (fstat(path, file) < 0)
		return -errno;
	if (!S_ISREG(file->st_mode)) /* to open a device may do things, a FIFO may wait */
		return -ESTALE;
	if (ask->flags & PST_ASK_SCRIPT ? !was_there(file, ask) : !is_executed(path, file, ask))
		return -ESTALE;
	(void)pst_text_format(link, sizeof(link), "/proc/self/fd/%d", path); /* fits */
	fd = open(link, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* open_running - what the process itself runs */
static int open_running(const struct pst_worker_ask *ask, struct stat *file)
{
	_cleanup_close_ int proc = open_process(ask);
	_cleanup_close_ int root = -1;
	int fd;

	if (proc < 0)
		return -ESRCH;
	if (ask->flags & PST_ASK_SCRIPT) {
		root = openat(proc, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
		fd = root < 0 ? -errno : open_below(root, ask->path);
	} else {
		fd = openat(proc, "exe", O_PATH | O_CLOEXEC);
		fd = fd < 0 ? -errno : fd;
	}
	return fd < 0 ? fd : inspect(fd, ask, file);
}

static int open_named(const struct pst_worker_ask *ask, struct stat *file)
{
	int fd = open(ask->path, O_PATH | O_CLOEXEC);

	return fd < 0 ? -errno : inspect(fd, ask, file);
}

/* open_program - readable; -ESTALE: only another file was found; other -errno: none was */
static int open_program(const struct pst_worker_ask *ask, struct stat *file)
{
	int running = open_running(ask, file), named;

	if (running >= 0 || !(ask->flags & PST_ASK_HOST_PATH))
		return running;
	named = open_named(ask, file); /* the process ended, or executes another program by now */
	return named < 0 && running == -ESTALE ? running : named;
}

/* pause_until - the reading keeps to its rate */
static void pause_until(uint64_t due_ns)
{
	const struct timespec due = { .tv_sec = (time_t)(due_ns / NS_PER_SECOND),
				      .tv_nsec = (long)(due_ns % NS_PER_SECOND) };

	(void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL); /* sooner does no harm */
}

/* time_of - at this rate; at most 2^40 bytes at 2^20 a second: as milliseconds it cannot overflow
 */
static uint64_t time_of(const struct pst_hasher *hasher, uint64_t bytes)
{
	return bytes * 1000 / hasher->keys.bytes_per_second * 1000000;
}

/* read_all - 0, or -errno; -EFBIG for a file that grew past the bound, -ETIMEDOUT for one that
 * comes by drops */
static int read_all(struct pst_hasher *hasher, int fd, struct pst_sha256 *sum, uint64_t *read_bytes)
{
	uint64_t begin = clock_ns(CLOCK_MONOTONIC), said = begin, now, total = 0;
	ssize_t got;

	while ((got = read(fd, hasher->step, STEP_BYTES)) > 0) {
		pst_sha256_add(sum, hasher->step, (size_t)got);
		total += (uint64_t)got;
		if (total > hasher->keys.max_bytes)
			return -EFBIG;
		pause_until(begin + time_of(hasher, total));
		now = clock_ns(CLOCK_MONOTONIC);
		if (now > begin + SLOW_NS + 4 * time_of(hasher, total))
			return -ETIMEDOUT;
		if (now < said + WORD_NS)
			continue;
		pst_worker_say(PST_WORD_READING);
		said = now;
	}
	*read_bytes = total;
	return got < 0 ? -errno : 0;
}

static uint32_t hash(struct pst_hasher *hasher, int fd, const struct stat *before,
		     uint8_t sha256[PST_SHA256_BYTES])
{
	struct pst_sha256 *sum = pst_sha256_begin();
	uint64_t total = 0;
	struct stat after;
	int r = sum ? read_all(hasher, fd, sum, &total) : -ENOMEM;

	if (r == 0 && (fstat(fd, &after) < 0 || ctime_of(&after) != ctime_of(before) ||
		       after.st_size != before->st_size || total != (uint64_t)before->st_size))
		r = -ESTALE; /* it changed while it was read */
	if (sum)
		pst_sha256_end(sum, r == 0 ? sha256 : NULL);
	if (r == -ETIMEDOUT)
		pst_worker_say(PST_WORD_SLOW);
	if (r == -EFBIG)
		return PST_IDENT_TOO_BIG;
	return r == 0 ? PST_IDENT_HASHED : PST_IDENT_UNVERIFIED;
}

/* look_up - hash it, once for each file as it is */
static uint32_t look_up(struct pst_hasher *hasher, int fd, const struct stat *file,
			uint8_t sha256[PST_SHA256_BYTES])
{
	const struct file_key key = { .dev = file->st_dev,
				      .inode = file->st_ino,
				      .ctime_ns = ctime_of(file),
				      .size = (uint64_t)file->st_size };
	struct file_hash *known = pst_table_find(hasher->hashes, &key);
	uint32_t state;

	if (known) {
		memcpy(sha256, known->sha256, PST_SHA256_BYTES);
		return PST_IDENT_HASHED;
	}
	if (key.size > hasher->keys.max_bytes)
		return PST_IDENT_TOO_BIG;
	state = hash(hasher, fd, file, sha256);
	known = state == PST_IDENT_HASHED ? pst_table_put(hasher->hashes, &key, NULL) : NULL;
	if (known) /* without memory it is read again */
		memcpy(known->sha256, sha256, PST_SHA256_BYTES);
	return state;
}

/* is_named - is that file what the host has under the path now? */
static bool is_named(const struct pst_worker_ask *ask, const struct stat *file)
{
	struct stat named;

	return ask->flags & PST_ASK_HOST_PATH && stat(ask->path, &named) == 0 &&
	       named.st_dev == file->st_dev && named.st_ino == file->st_ino;
}

bool pst_program_file(struct pst_hasher *hasher, const struct pst_worker_ask *ask,
		      struct pst_rec_identity *rec)
{
	struct stat file;
	_cleanup_close_ int fd = ask->flags & PST_ASK_BLIND ? -ESTALE : open_program(ask, &file);

	if (fd < 0) {
		rec->hash_state = fd == -ESTALE ? PST_IDENT_UNVERIFIED : PST_IDENT_GONE;
		if (!hasher->keys.hash)
			rec->hash_state = PST_IDENT_OFF;
		return false;
	}
	rec->size = (uint64_t)file.st_size;
	rec->hash_state = hasher->keys.hash ? look_up(hasher, fd, &file, rec->sha256) :
					      PST_IDENT_OFF;
	return is_named(ask, &file);
}
