// SPDX-License-Identifier: Apache-2.0
/* Where does a program run that is to be learnt? In a cgroup that nobody else is in, and in a
 * network that has loopback only, so that it reaches nothing and what it tries is seen. */
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/learn.h"

#define CANNOT_EXECUTE 127 /* as shells say it */
#define REMOVE_TRIES 50u   /* 100 ms each: the last process may still be leaving */

static int find_root(char *out, size_t size)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	const struct mntent *mount;
	int r = -ENOENT;

	while (mounts && r < 0 && (mount = getmntent(mounts))) {
		if (strcmp(mount->mnt_type, "cgroup2") == 0)
			r = pst_text_format(out, size, "%s/postern-learn-%d", mount->mnt_dir,
					    (int)getpid());
	}
	if (mounts)
		(void)endmntent(mounts); /* it was only read */
	return r;
}

int pst_cage_open(struct pst_cage *cage)
{
	int r;

	*cage = (struct pst_cage){ .pid = -1, .gate = -1 };
	r = find_root(cage->path, sizeof(cage->path));
	if (r == 0 && mkdir(cage->path, 0755) < 0)
		r = -errno;
	if (r < 0) {
		pst_complain("learn: cannot make a cgroup%s%s: %s; it takes root and cgroup v2",
			     *cage->path ? " " : "", cage->path, strerror(-r));
		cage->path[0] = '\0';
	}
	return r;
}

static int write_file(const char *folder, const char *name, const char *text)
{
	char path[600];
	_cleanup_close_ int fd = -1;

	if (pst_text_format(path, sizeof(path), "%s/%s", folder, name) < 0)
		return -ENAMETOOLONG;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return write(fd, text, strlen(text)) < 0 ? -errno : 0;
}

static int raise_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	_cleanup_close_ int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request) < 0)
		return -errno;
	request.ifr_flags |= IFF_UP;
	return ioctl(fd, SIOCSIFFLAGS, &request) < 0 ? -errno : 0;
}

/* In the child: never returns. What it says is for the person who gave the command. */
static void become(const struct pst_cage *cage, int gate, char *const *command)
{
	char self[16], go;
	sigset_t none;
	int r;

	(void)pst_text_format(self, sizeof(self), "%d", (int)getpid()); /* fits */
	r = write_file(cage->path, "cgroup.procs", self);
	if (r == 0 && unshare(CLONE_NEWNET) < 0)
		r = -errno;
	if (r == 0)
		r = raise_loopback();
	if (r < 0) {
		pst_complain("learn: cannot give it a network of its own: %s", strerror(-r));
		_exit(CANNOT_EXECUTE);
	}
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL); /* cannot fail for this set */
	(void)signal(SIGPIPE, SIG_DFL);		     /* as above */
	if (read(gate, &go, 1) != 1)
		_exit(CANNOT_EXECUTE); /* the watch never began: who watches says why */
	(void)execvp(command[0], command);
	pst_complain("learn: cannot execute %s: %s", command[0], strerror(errno));
	_exit(CANNOT_EXECUTE);
}

int pst_cage_start(struct pst_cage *cage, char *const *command)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0) {
		pst_complain("learn: %s", strerror(errno));
		return -errno;
	}
	(void)fflush(NULL); /* what waits to be written is written once */
	cage->pid = fork();
	if (cage->pid == 0) {
		(void)close(ends[1]); /* else it would wait for itself */
		become(cage, ends[0], command);
	}
	(void)close(ends[0]); /* the child's */
	cage->gate = ends[1];
	if (cage->pid < 0) {
		pst_complain("learn: cannot start %s: %s", command[0], strerror(errno));
		return -errno;
	}
	return 0;
}

void pst_cage_go(struct pst_cage *cage)
{
	if (write(cage->gate, "g", 1) != 1)
		pst_complain("learn: it ended before it was let go");
	(void)close(cage->gate); /* nothing more is said */
	cage->gate = -1;
}

bool pst_cage_is_empty(const struct pst_cage *cage)
{
	char path[600], line[64];
	_cleanup_fclose_ FILE *file = NULL;
	int populated = 0;

	if (pst_text_format(path, sizeof(path), "%s/cgroup.events", cage->path) < 0)
		return true;
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "populated %d", &populated) == 1)
			break;
	return !populated;
}

void pst_cage_signal(const struct pst_cage *cage, int signal_number)
{
	char path[600], line[32];
	_cleanup_fclose_ FILE *file = NULL;
	int pid;

	if (signal_number == SIGKILL && write_file(cage->path, "cgroup.kill", "1") == 0)
		return; /* kernels before 5.14 have no such file */
	if (pst_text_format(path, sizeof(path), "%s/cgroup.procs", cage->path) < 0)
		return;
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) /* the kernel's own list */
		if (sscanf(line, "%d", &pid) == 1 && pid > 1)
			(void)kill(pid, signal_number); /* who has gone needs none */
}

int pst_cage_close(struct pst_cage *cage)
{
	const struct timespec pause = { .tv_nsec = 100000000 };
	int status = -1;
	unsigned int tries;

	if (cage->gate >= 0)
		(void)close(cage->gate); /* it ends by itself then */
	if (!cage->path[0])
		return -1;
	pst_cage_signal(cage, SIGKILL);
	if (cage->pid > 0) {
		(void)kill(cage->pid, SIGKILL);	      /* it may have left the cgroup, as root */
		(void)waitpid(cage->pid, &status, 0); /* it was ended, or had */
	}
	for (tries = 0; tries < REMOVE_TRIES && rmdir(cage->path) < 0; tries++) {
		pst_cage_signal(cage, SIGKILL);
		(void)nanosleep(&pause, NULL); /* a shorter one is tried again */
	}
	if (tries == REMOVE_TRIES)
		pst_complain("learn: %s stays: %s", cage->path, strerror(errno));
	return status;
}
