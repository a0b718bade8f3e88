// SPDX-License-Identifier: Apache-2.0
/* clients: what waits for each reader, and what is done about those who do not read? */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "ctl/room.h"

#define NOTICE_MAX 96u
#define SENDS_MAX 8 /* per call: one fast reader does not keep the others waiting */

static void watch(struct pst_ctl *ctl, struct pst_client *client)
{
	struct epoll_event event = { .data.ptr = client };

	event.events = (client->deaf ? 0u : (uint32_t)(EPOLLIN | EPOLLRDHUP)) |
		       (client->out.used ? (uint32_t)EPOLLOUT : 0u);
	if (event.events != client->watched &&
	    epoll_ctl(ctl->epoll, EPOLL_CTL_MOD, client->fd, &event) == 0)
		client->watched = event.events;
}

void pst_client_close(struct pst_ctl *ctl, struct pst_client *client)
{
	(void)epoll_ctl(ctl->epoll, EPOLL_CTL_DEL, client->fd, NULL); /* closing removes it too */
	(void)close(client->fd); /* nothing waits for its result */
	pst_ring_done(&client->out);
	client->fd = -1;
	ctl->figures.clients--;
}

/* notice - tell a client how many lines it missed, as soon as there is room to say so */
static bool notice(struct pst_client *client)
{
	char line[NOTICE_MAX];

	if (!client->dropped)
		return true;
	(void)pst_text_format(line, sizeof(line), "{\"postern\":{\"tail_dropped\":%" PRIu64 "}}\n",
			      client->dropped); /* fits */
	if (!pst_ring_add(&client->out, line, strlen(line)))
		return false;
	client->dropped = 0;
	return true;
}

/* send_some - returns false when the client is gone */
static bool send_some(struct pst_client *client)
{
	unsigned int i;

	for (i = 0; i < SENDS_MAX && client->out.used; i++) {
		const char *bytes;
		size_t len = pst_ring_head(&client->out, &bytes);
		ssize_t n = send(client->fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		pst_ring_take(&client->out, (size_t)n);
	}
	return true;
}

static void push(struct pst_ctl *ctl, struct pst_client *client)
{
	bool alive = send_some(client);

	if (alive && client->tails && client->out.used < client->out.size / 2 && !notice(client))
		assert(client->out.size < 2 * NOTICE_MAX); /* half of a queue holds a notice */
	if (!alive || (client->closing && !client->out.used)) {
		pst_client_close(ctl, client);
		return;
	}
	watch(ctl, client);
}

void pst_client_put(struct pst_ctl *ctl, struct pst_client *client, const char *line, size_t len)
{
	if (client->dropped && (client->out.used > client->out.size / 2 || !notice(client))) {
		client->dropped++; /* once behind, stay so until half of the queue is free: few
				      notices, not one per line */
		ctl->figures.dropped++;
		return;
	}
	if (!pst_ring_add(&client->out, line, len)) {
		client->dropped++;
		ctl->figures.dropped++;
	}
	watch(ctl, client);
}

static struct pst_client *free_place(struct pst_ctl *ctl)
{
	struct pst_client *oldest = NULL;
	size_t i;

	for (i = 0; i < ctl->keys.clients_max; i++) {
		struct pst_client *client = &ctl->clients[i];

		if (client->fd < 0)
			return client;
		/* a place that never asked anything goes to somebody who may */
		if (!client->tails && !client->closing &&
		    (!oldest || client->number < oldest->number))
			oldest = client;
	}
	if (oldest)
		pst_client_close(ctl, oldest);
	return oldest;
}

void pst_client_open(struct pst_ctl *ctl, int fd)
{
	static const char full[] = "{\"postern\":{\"error\":\"too many readers\"}}\n";
	struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP };
	enum pst_ctl_permission may;
	struct pst_client *client = NULL;

	if (pst_peer_may(ctl, fd, &may)) {
		client = free_place(ctl);
		if (!client) /* a courtesy; the next one may find a place */
			(void)send(fd, full, sizeof(full) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	}
	if (!client || pst_ring_init(&client->out, ctl->keys.client_bytes) < 0) {
		ctl->figures.refused++;
		(void)close(fd); /* never used */
		return;
	}
	client->fd = fd;
	client->may = may;
	client->number = ++ctl->number;
	client->tails = client->closing = client->deaf = false;
	client->watched = event.events;
	client->dropped = 0;
	client->asked = 0;
	ctl->figures.clients++;
	ctl->figures.accepted++;
	event.data.ptr = client;
	if (epoll_ctl(ctl->epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		pst_client_close(ctl, client);
}

/* take_in - returns false when the client is gone or misbehaves */
static bool take_in(struct pst_ctl *ctl, struct pst_client *client)
{
	ssize_t n = recv(client->fd, client->request + client->asked,
			 PST_CTL_REQUEST_MAX - client->asked, MSG_DONTWAIT);
	char *end;

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0) { /* it will not ask any more, but may still listen; a closed one shows as
			 EPOLLHUP */
		client->deaf = true;
		return client->tails || client->closing;
	}
	if (client->tails || client->closing)
		return true; /* one request per connection: the rest is read and forgotten */
	client->asked += (size_t)n;
	client->request[client->asked] = '\0';
	end = memchr(client->request, '\n', client->asked);
	if (!end)
		return client->asked < PST_CTL_REQUEST_MAX;
	*end = '\0';
	client->asked = 0;
	pst_request_answer(ctl, client, client->request);
	return true;
}

void pst_client_serve(struct pst_ctl *ctl, struct pst_client *client, uint32_t events)
{
	if (client->fd < 0)
		return; /* closed earlier in the same round */
	if ((events & (EPOLLERR | EPOLLHUP)) ||
	    ((events & (EPOLLIN | EPOLLRDHUP)) && !take_in(ctl, client))) {
		pst_client_close(ctl, client);
		return;
	}
	push(ctl, client);
}
