// SPDX-License-Identifier: Apache-2.0
/* How a program can be started: by path, by descriptor, from memory, deleted, as a script. */
#include "zoo.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char *const argv_exit[] = { (char[]){ "zoo" }, (char[]){ "--exit" }, NULL };
static char *const no_env[] = { NULL };

static int in_child(int (*start)(int fd), int fd)
{
	int status = 1;
	pid_t child = fork();

	if (child == 0)
		_exit(start(fd) == 0 ? 0 : 1);
	return child > 0 && waitpid(child, &status, 0) == child && status == 0 ? 0 : 1;
}

static int copy_to(int out)
{
	int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct stat info;
	off_t at = 0;

	if (self < 0 || out < 0 || fstat(self, &info) < 0)
		return -1;
	while (at < info.st_size) {
		if (sendfile(out, self, &at, (size_t)(info.st_size - at)) <= 0)
			return -1;
	}
	return 0;
}

static int by_path(int unused)
{
	(void)unused;
	return execve("/proc/self/exe", argv_exit, no_env);
}

static int by_descriptor(int fd)
{
	return (int)syscall(SYS_execveat, fd, "", argv_exit, no_env, AT_EMPTY_PATH);
}

static int ex_execve(void)
{
	return in_child(by_path, -1);
}

static int ex_execveat(void)
{
	return in_child(by_descriptor, open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
}

static int ex_memfd(void)
{
	int fd = memfd_create("evil", MFD_CLOEXEC);

	return copy_to(fd) == 0 ? in_child(by_descriptor, fd) : 1;
}

static int by_proc(int fd)
{
	char path[40];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return execve(path, argv_exit, no_env);
}

static int ex_unlinked(void)
{
	char path[] = "/tmp/zoo-XXXXXX";
	int out = mkstemp(path), fd;

	if (copy_to(out) < 0 || fchmod(out, 0700) < 0)
		return 1;
	(void)close(out);
	fd = open(path, O_RDONLY);
	(void)unlink(path);
	return in_child(by_proc, fd);
}

static char script[] = "/tmp/zoo-script-XXXXXX";

static int by_script(int unused)
{
	(void)unused;
	return execve(script, argv_exit, no_env);
}

static int ex_shebang(void)
{
	char self[512] = { 0 };
	char text[600];
	int out, len, r;

	(void)strcpy(script, "/tmp/zoo-script-XXXXXX");
	out = mkstemp(script);
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) <= 0)
		return 1;
	len = snprintf(text, sizeof(text), "#!%s --exit\n", self);
	if (write(out, text, (size_t)len) != len || fchmod(out, 0700) < 0)
		return 1;
	(void)close(out);
	r = in_child(by_script, -1);
	(void)unlink(script);
	return r;
}

const struct zoo_row zoo_exec_rows[] = {
	{ "ex_execve", ex_execve },	{ "ex_execveat", ex_execveat }, { "ex_memfd", ex_memfd },
	{ "ex_unlinked", ex_unlinked }, { "ex_shebang", ex_shebang },	{ NULL, NULL },
};
