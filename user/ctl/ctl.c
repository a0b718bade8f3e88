// SPDX-License-Identifier: Apache-2.0
/* ctl: who listens at the path, and who hears the next line? */
#include "ctl/ctl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "ctl/room.h"

#define RING_BYTES (256u * 1024u)
#define CLIENTS_MAX 32u
#define EVENTS_MAX 16

static int fill_address(const char *path, struct sockaddr_un *out)
{
	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (!*path)
		return -EINVAL;
	return pst_text_copy(out->sun_path, sizeof(out->sun_path), path) ? 0 : -ENAMETOOLONG;
}

/* clear_stale - take away a socket that nobody listens at; 0 when the name is free */
static int clear_stale(const struct sockaddr_un *address)
{
	_cleanup_close_ int fd = -1;
	struct stat st;

	if (lstat(address->sun_path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 || errno == EAGAIN)
		return -EADDRINUSE; /* EAGAIN: it listens, and its queue is full */
	if (errno != ECONNREFUSED)
		return -errno;
	return unlink(address->sun_path) < 0 ? -errno : 0;
}

/* set_rights - root, the own user, and the group; who comes in is asked again with SO_PEERCRED */
static int set_rights(struct pst_ctl *ctl)
{
	struct stat st;

	if (ctl->keys.has_group && chown(ctl->path, (uid_t)-1, ctl->keys.group) < 0)
		return -errno;
	if (chmod(ctl->path, ctl->keys.has_group ? 0660 : 0600) < 0)
		return -errno;
	if (lstat(ctl->path, &st) < 0)
		return -errno;
	ctl->dev = st.st_dev;
	ctl->ino = st.st_ino;
	return 0;
}

static int bind_path(int fd, const struct sockaddr_un *address)
{
	mode_t before = umask(0177); /* nobody else may connect before set_rights */
	int r = bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 ? -errno : 0;

	(void)umask(before); /* cannot fail */
	return r;
}

static int open_listener(struct pst_ctl *ctl)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };
	struct sockaddr_un address;
	int r = fill_address(ctl->path, &address);

	if (r == 0)
		r = clear_stale(&address);
	if (r < 0)
		return r;
	ctl->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ctl->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (ctl->listener < 0 || ctl->epoll < 0)
		return -errno;
	r = bind_path(ctl->listener, &address);
	if (r == 0)
		r = set_rights(ctl);
	if (r < 0)
		return r;
	if (listen(ctl->listener, 16) < 0 ||
	    epoll_ctl(ctl->epoll, EPOLL_CTL_ADD, ctl->listener, &event) < 0)
		return -errno;
	return 0;
}

static void set_defaults(struct pst_ctl *ctl)
{
	struct pst_ctl_keys *keys = &ctl->keys;

	keys->ring_bytes = keys->ring_bytes ? keys->ring_bytes : RING_BYTES;
	keys->client_bytes = keys->client_bytes ? keys->client_bytes : RING_BYTES;
	keys->clients_max = keys->clients_max ? keys->clients_max : CLIENTS_MAX;
	ctl->listener = ctl->epoll = -1;
}

int pst_ctl_new(const struct pst_ctl_keys *keys, struct pst_ctl **out)
{
	struct pst_ctl *ctl = calloc(1, sizeof(*ctl));
	size_t i;
	int r = -ENOMEM;

	if (!ctl)
		return -ENOMEM;
	ctl->keys = *keys;
	set_defaults(ctl);
	ctl->path = strdup(keys->path);
	ctl->clients = calloc(ctl->keys.clients_max, sizeof(*ctl->clients));
	for (i = 0; ctl->clients && i < ctl->keys.clients_max; i++)
		ctl->clients[i].fd = -1;
	if (ctl->path && ctl->clients && pst_ring_init(&ctl->recent, ctl->keys.ring_bytes) == 0)
		r = open_listener(ctl);
	if (r < 0) {
		pst_ctl_free(ctl);
		return r;
	}
	*out = ctl;
	return 0;
}

/* remove_own - the name, unless another daemon has put its own socket there */
static void remove_own(const struct pst_ctl *ctl)
{
	struct stat st;

	if (ctl->ino && lstat(ctl->path, &st) == 0 && st.st_dev == ctl->dev &&
	    st.st_ino == ctl->ino)
		(void)unlink(ctl->path); /* a socket that stays is replaced by the next start */
}

void pst_ctl_free(struct pst_ctl *ctl)
{
	size_t i;

	if (!ctl)
		return;
	for (i = 0; ctl->clients && i < ctl->keys.clients_max; i++) {
		if (ctl->clients[i].fd < 0)
			continue;
		pst_client_serve(ctl, &ctl->clients[i], 0);
		if (ctl->clients[i].fd >= 0)
			pst_client_close(ctl, &ctl->clients[i]);
	}
	if (ctl->path)
		remove_own(ctl);
	pst_close_fd(&ctl->listener);
	pst_close_fd(&ctl->epoll);
	pst_ring_done(&ctl->recent);
	free(ctl->clients);
	free(ctl->path);
	free(ctl);
}

int pst_ctl_fd(const struct pst_ctl *ctl)
{
	return ctl->epoll;
}

static void accept_some(struct pst_ctl *ctl)
{
	unsigned int i;

	for (i = 0; i < EVENTS_MAX; i++) {
		int fd = accept4(ctl->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0)
			return; /* nobody else; or a shortage: those who wait are still there in the
				   next round */
		pst_client_open(ctl, fd);
	}
}

void pst_ctl_poll(struct pst_ctl *ctl)
{
	struct epoll_event events[EVENTS_MAX];
	int n = epoll_wait(ctl->epoll, events, EVENTS_MAX, 0), i;
	bool knocked = false;

	for (i = 0; i < n; i++) {
		if (events[i].data.ptr)
			pst_client_serve(ctl, events[i].data.ptr, events[i].events);
		else
			knocked = true;
	}
	if (knocked) /* last: a new client must not get a place whose old events are still in the
			list */
		accept_some(ctl);
}

void pst_ctl_put(struct pst_ctl *ctl, const char *line, size_t len)
{
	size_t i;

	while (ctl->recent.used && len > ctl->recent.size - ctl->recent.used)
		pst_ring_take_line(&ctl->recent);
	(void)pst_ring_add(&ctl->recent, line,
			   len); /* false: longer than the whole ring; tails get it all the same */
	for (i = 0; i < ctl->keys.clients_max; i++)
		if (ctl->clients[i].fd >= 0 && ctl->clients[i].tails)
			pst_client_put(ctl, &ctl->clients[i], line, len);
}

void pst_ctl_figures(const struct pst_ctl *ctl, struct pst_ctl_figures *out)
{
	*out = ctl->figures;
}
