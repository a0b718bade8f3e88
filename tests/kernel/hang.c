// SPDX-License-Identifier: Apache-2.0
/* What does a reader meet whose file system never answers? Served by the protocol of /dev/fuse
 * itself, so that no library is needed. */
#include "hang.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_BYTES 4096
#define VALID_S 3600 /* what it said of a file is not asked again */
#define DROP_US 400000
#define NEVER_NODE 2
#define DROPS_NODE 3

struct request {
	struct fuse_in_header head;
	char body[128 * 1024];
};

static void reply(int fd, const struct request *request, int error, const void *body, size_t len)
{
	struct {
		struct fuse_out_header head;
		char body[256];
	} out = { .head = { .unique = request->head.unique, .error = error } };

	out.head.len = (uint32_t)(sizeof(out.head) + len);
	if (len)
		memcpy(out.body, body, len);
	if (write(fd, &out, out.head.len) < 0 && errno != ENOENT) /* the reader was ended */
		_exit(1);
}

static struct fuse_attr attr_of(uint64_t node)
{
	return (struct fuse_attr){ .ino = node,
				   .size = node == FUSE_ROOT_ID ? 0 : FILE_BYTES,
				   .mode = node == FUSE_ROOT_ID ? S_IFDIR | 0755 : S_IFREG | 0755,
				   .nlink = 1 };
}

static void look_up(int fd, const struct request *request)
{
	struct fuse_entry_out out = { .nodeid = 0, .entry_valid = VALID_S, .attr_valid = VALID_S };

	if (strcmp(request->body, HANG_LOST) == 0)
		return;
	if (strcmp(request->body, HANG_NEVER) == 0)
		out.nodeid = NEVER_NODE;
	if (strcmp(request->body, HANG_DROPS) == 0)
		out.nodeid = DROPS_NODE;
	out.attr = attr_of(out.nodeid);
	reply(fd, request, out.nodeid ? 0 : -ENOENT, &out, out.nodeid ? sizeof(out) : 0);
}

static void answer(int fd, const struct request *request)
{
	const struct fuse_init_out init = { .major = FUSE_KERNEL_VERSION,
					    .minor = 31,
					    .max_write = FILE_BYTES };
	const struct fuse_open_out open_out = { .open_flags = FOPEN_DIRECT_IO };
	struct fuse_attr_out attr = { .attr_valid = VALID_S };

	switch (request->head.opcode) {
	case FUSE_INIT:
		reply(fd, request, 0, &init, sizeof(init));
		break;
	case FUSE_LOOKUP:
		look_up(fd, request);
		break;
	case FUSE_GETATTR:
		attr.attr = attr_of(request->head.nodeid);
		reply(fd, request, 0, &attr, sizeof(attr));
		break;
	case FUSE_OPEN:
		reply(fd, request, 0, &open_out, sizeof(open_out));
		break;
	case FUSE_READ:
		if (request->head.nodeid == NEVER_NODE)
			break;
		(void)usleep(DROP_US); /* a shorter one is slow too */
		reply(fd, request, 0, "x", 1);
		break;
	case FUSE_FORGET: /* expect no answer */
	case FUSE_INTERRUPT:
		break;
	default:
		reply(fd, request, -ENOSYS, NULL, 0);
	}
}

static void serve(int fd)
{
	static struct request request;

	for (;;) { /* until it is ended */
		ssize_t got = read(fd, &request, sizeof(request));

		if (got >= (ssize_t)sizeof(request.head))
			answer(fd, &request);
		else if (got < 0 && errno != EINTR && errno != EAGAIN && errno != ENOENT)
			_exit(0); /* ENODEV: it was unmounted */
	}
}

pid_t kt_hang_mount(const char *folder)
{
	int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC), r;
	char options[96];
	pid_t pid;

	if (fd < 0)
		return -errno;
	(void)snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0", fd);
	r = mount("postern-hang", folder, "fuse", MS_NOSUID | MS_NODEV, options) < 0 ? -errno : 0;
	pid = r == 0 ? fork() : r;
	if (pid == 0)
		serve(fd);
	(void)close(fd); /* the child has it */
	return pid;
}
