// SPDX-License-Identifier: Apache-2.0
/* Of which image is a container? As its runtime's file says, when it is the runtime's own. The
 * files are made where the runtimes keep theirs, of containers that nobody has. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "asked.h"
#include "base/container.h"

#define DIGITS "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee"
#define TASKS "/run/containerd/io.containerd.runtime.v2.task/k8s.io/"
#define DEPTH 8
#define WAITS 20 /* of kt_find */

struct made { /* folders that were not there before, and a file in the last */
	char path[256];
	size_t ends[DEPTH], count;
};

static bool make_folders(struct made *made, const char *path)
{
	*made = (struct made){ .count = 0 };
	(void)snprintf(made->path, sizeof(made->path), "%s", path);
	for (char *at = strchr(made->path + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		if (mkdir(made->path, 0700) == 0 && made->count < DEPTH)
			made->ends[made->count++] = (size_t)(at - made->path);
		*at = '/';
	}
	return access(made->path, F_OK) < 0; /* never somebody's own */
}

static void remove_made(struct made *made)
{
	(void)unlink(made->path);
	while (made->count) {
		made->path[made->ends[--made->count]] = '\0';
		(void)rmdir(made->path); /* empty, or it is not ours alone */
	}
}

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	return fd >= 0 && close(fd) == 0 && ok;
}

static bool is_container(const struct pst_event *event, const void *id)
{
	return event->type == PST_EVENT_CONTAINER && strcmp(event->container.id, id) == 0;
}

/* image_of - "RUNTIME/ID" by an answer; "(none)" without one */
static const char *image_of(struct kt *kt, const char *name)
{
	const struct pst_sensor_ask ask = { .path = name, .container = true };
	const struct pst_event *event = NULL;

	if (pst_sensor_identify(kt_sensor(kt), &ask) < 0)
		return "(none)";
	for (int i = 0; i < WAITS && !event; i++)
		event = kt_find(kt, is_container, strchr(name, '/') + 1);
	return event ? event->container.image : "(none)";
}

static void says(struct kt *kt, const char *name, const char *image)
{
	const char *got = image_of(kt, name);

	printf("# %.12s: \"%s\"\n", name, got);
	KT_TRUE(kt, strcmp(got, image) == 0);
}

static int act_nothing(struct kt_actor *me)
{
	(void)me;
	return 0;
}

static void check_each_runtimes_own_file_names_the_image(struct kt *kt, const struct kt_actor *me)
{
	static const struct {
		const char *name, *path, *text;
	} files[] = {
		{ "docker/" DIGITS "01", "/var/lib/docker/containers/" DIGITS "01/config.v2.json",
		  "{\"Config\":{\"Image\":\"acme/agent:1.4\"}}" },
		{ "containerd/" DIGITS "02", TASKS DIGITS "02/config.json",
		  "{\"annotations\":{\"io.kubernetes.cri.image-name\":\"acme/agent:1.4\"}}" },
		{ "cri-o/" DIGITS "03",
		  "/run/containers/storage/overlay-containers/" DIGITS "03/userdata/config.json",
		  "{\"annotations\":{\"io.kubernetes.cri-o.ImageName\":\"acme/agent:1.4\"}}" },
		{ "podman/" DIGITS "04",
		  "/run/containers/storage/vfs-containers/volatile-containers.json",
		  "[{\"id\":\"" DIGITS "04\",\"metadata\":\"{\\\"image-name\\\":"
		  "\\\"acme/agent:1.4\\\"}\"}]" },
	};

	(void)me;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct made made;

		if (make_folders(&made, files[i].path)) {
			KT_TRUE(kt, write_file(files[i].path, files[i].text));
			says(kt, files[i].name, "acme/agent:1.4");
			remove_made(&made);
		}
	}
}

enum spoilt { OWN, OTHERS, WRITABLE, LINK, FIFO, TOO_BIG, NO_JSON };

static bool spoil(const char *path, enum spoilt how)
{
	static const char text[] = "{\"Config\":{\"Image\":\"acme/agent:1.4\"}}";

	switch (how) {
	case OTHERS:
		return write_file(path, text) && chown(path, 4711, 0) == 0;
	case WRITABLE:
		return write_file(path, text) && chmod(path, 0622) == 0;
	case LINK:
		return symlink("/etc/passwd", path) == 0;
	case FIFO:
		return mkfifo(path, 0600) == 0;
	case TOO_BIG:
		return write_file(path, text) && truncate(path, PST_CONTAINER_FILE_MAX + 1) == 0;
	case NO_JSON:
		return write_file(path, text + 1);
	default:
		return write_file(path, text);
	}
}

static void check_a_file_that_is_not_the_runtimes_own_names_none(struct kt *kt,
								 const struct kt_actor *me)
{
	(void)me;
	for (enum spoilt how = OWN; how <= NO_JSON; how++) {
		char name[128], path[256];
		struct made made;

		(void)snprintf(name, sizeof(name), "docker/" DIGITS "1%u", (unsigned int)how);
		(void)snprintf(path, sizeof(path), "/var/lib/docker/containers/%s/config.v2.json",
			       name + strlen("docker/"));
		KT_NEED(kt, make_folders(&made, path));
		KT_TRUE(kt, spoil(path, how));
		says(kt, name, how == OWN ? "acme/agent:1.4" : "");
		remove_made(&made);
	}
	says(kt, "docker/" DIGITS "20", ""); /* of one that is not there */
	says(kt, "lxc/" DIGITS "21", "");
}

#define CONTAINER(name)                                      \
	{                                                    \
#name, act_nothing, check_##name, NULL, NULL \
	}

const struct kt_case kt_container_cases[] = {
	CONTAINER(each_runtimes_own_file_names_the_image),
	CONTAINER(a_file_that_is_not_the_runtimes_own_names_none),
	{ NULL, NULL, NULL, NULL, NULL },
};
