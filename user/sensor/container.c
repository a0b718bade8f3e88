// SPDX-License-Identifier: Apache-2.0
/* Who says of which image a container is? Its runtime, in a file of its own, which the worker may
 * open, and only the clerk reads. Whoever may name cgroups may name a container that is not there,
 * or another's: the name is digits, and what is said of it is as true as the name. Blind to data
 * folders that were moved, containers that are no root's, and containerd without Kubernetes. */
#include "sensor/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

#define RUNTIME 16 /* of its name, with its NUL */
#define STORAGE "/var/lib/containers/storage/"
#define STORAGE_RUN "/run/containers/storage/"
#define TASKS "containerd/io.containerd.runtime.v2.task/k8s.io/"

/* In this order. Of one container: the folder, its ID, the file. Of all: the file alone. */
static const struct {
	const char *runtime, *folder, *file;
} places[] = {
	{ "docker", "/var/lib/docker/containers/", "/config.v2.json" },
	{ "containerd", "/run/" TASKS, "/config.json" },
	{ "containerd", "/run/k3s/" TASKS, "/config.json" },
	{ "cri-o", STORAGE_RUN "overlay-containers/", "/userdata/config.json" },
	{ "cri-o", STORAGE "overlay-containers/", "/userdata/config.json" },
	{ "podman", STORAGE "overlay-containers/containers.json", NULL },
	{ "podman", STORAGE "overlay-containers/volatile-containers.json", NULL },
	{ "podman", STORAGE_RUN "overlay-containers/volatile-containers.json", NULL },
	{ "podman", STORAGE "vfs-containers/containers.json", NULL },
	{ "podman", STORAGE "vfs-containers/volatile-containers.json", NULL },
	{ "podman", STORAGE_RUN "vfs-containers/volatile-containers.json", NULL },
	{ "podman", STORAGE "btrfs-containers/containers.json", NULL },
	{ "podman", STORAGE "zfs-containers/containers.json", NULL },
};

/* split - "RUNTIME/ID"; returns the ID, NULL when it is no such text */
static const char *split(const char *text, char runtime[RUNTIME])
{
	const char *id = strchr(text, '/');

	if (!id || id - text >= RUNTIME || !pst_container_is_id(id + 1))
		return NULL;
	memcpy(runtime, text, (size_t)(id - text));
	runtime[id - text] = '\0';
	return id + 1;
}

/* open_own - a file that nobody but root may have written; -errno */
static int open_own(const char *path)
{
	_cleanup_close_ int fd = open(path,
				      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat file;

	if (fd < 0 || fstat(fd, &file) < 0)
		return -errno;
	if (!S_ISREG(file.st_mode) || file.st_uid != 0 || file.st_mode & (S_IWGRP | S_IWOTH))
		return -EPERM;
	if (file.st_size > PST_CONTAINER_FILE_MAX)
		return -EFBIG;
	return take_fd(&fd);
}

static int open_place(size_t place, const char *id)
{
	char path[PST_PATH_MAX];

	(void)pst_text_format(path, sizeof(path), "%s%s%s", places[place].folder,
			      places[place].file ? id : "",
			      places[place].file ? places[place].file : ""); /* fits */
	return open_own(path);
}

void pst_container_ask(struct pst_clerk *clerk, const struct pst_worker_ask *ask,
		       struct pst_rec_container *rec)
{
	char runtime[RUNTIME] = "";
	const char *id = split(ask->path, runtime);

	memset(rec, 0, sizeof(*rec));
	memcpy(rec->runtime, runtime, sizeof(runtime));
	if (!id)
		return;
	memcpy(rec->id, id, PST_CONTAINER_ID);
	if (ask->flags & PST_ASK_BLIND)
		return;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && !rec->image[0]; i++) {
		_cleanup_close_ int fd = -1;

		if (strcmp(places[i].runtime, runtime) != 0)
			continue;
		fd = open_place(i, id);
		if (fd < 0)
			continue;
		pst_worker_say(PST_WORD_ASKING);
		memcpy(rec->image, pst_clerk_ask(clerk, ask->path, fd).image, sizeof(rec->image));
	}
}

/* read_all - into @text; its length, or -errno */
static ssize_t read_all(int file, char *text, size_t room)
{
	size_t len = 0;
	ssize_t got;

	while (len < room && (got = read(file, text + len, room - len)) != 0) {
		if (got < 0)
			return -errno;
		len += (size_t)got;
	}
	return len < room ? (ssize_t)len : -EFBIG;
}

struct pst_clerk_answer pst_container_read(int file, const char *text)
{
	struct pst_clerk_answer answer = { .owner = 0 };
	_cleanup_free_ char *bytes = malloc(PST_CONTAINER_FILE_MAX + 1);
	char runtime[RUNTIME];
	const char *id = split(text, runtime);
	ssize_t len = bytes && id ? read_all(file, bytes, PST_CONTAINER_FILE_MAX + 1) : -EINVAL;

	if (len >= 0)
		(void)pst_container_image(runtime, id, bytes, (size_t)len, answer.image);
	return answer;
}
