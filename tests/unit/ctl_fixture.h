// SPDX-License-Identifier: Apache-2.0
/* A control socket in a folder of its own, and up to four readers that never wait. */
#ifndef PST_TEST_CTL_FIXTURE_H
#define PST_TEST_CTL_FIXTURE_H

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "room.h"

struct house { /* a door, and up to four readers */
	struct room *room;
	struct pst_ctl *ctl;
	char socket[128];
	char asked[128]; /* what the callback saw */
	size_t reply_len;
	struct pst_ctl_reader reader[4];
};

static inline int answer(void *context, const char *line, char **reply)
{
	struct house *house = context;

	(void)snprintf(house->asked, sizeof(house->asked), "%s", line);
	if (!strcmp(line, "profile nothing"))
		return -EINVAL;
	*reply = malloc(house->reply_len + 8);
	assert_non_null(*reply);
	memset(*reply, 'r', house->reply_len);
	memcpy(*reply + house->reply_len, "ok\n", 4);
	return 0;
}

static inline struct house *house_new(const struct pst_ctl_keys *sizes)
{
	struct house *house = calloc(1, sizeof(*house));
	struct pst_ctl_keys keys = sizes ? *sizes : (struct pst_ctl_keys){ .ring_bytes = 0 };
	size_t i;

	assert_non_null(house);
	house->room = room_new();
	(void)snprintf(house->socket, sizeof(house->socket), "%s/postern.sock",
		       house->room->folder);
	keys.path = house->socket;
	keys.verb = answer;
	keys.context = house;
	assert_int_equal(pst_ctl_new(&keys, &house->ctl), 0);
	for (i = 0; i < 4; i++)
		house->reader[i].fd = -1;
	return house;
}

static inline void house_free(struct house *house)
{
	size_t i;

	pst_ctl_free(house->ctl);
	for (i = 0; i < 4; i++)
		if (house->reader[i].fd >= 0)
			(void)close(house->reader[i].fd);
	room_free(house->room);
	free(house);
}

/* ask - reader @i connects and sends its request; the daemon takes it in */
static inline void ask(struct house *house, size_t i, const char *request)
{
	house->reader[i].fd = pst_ctl_connect(house->socket);
	assert_true(house->reader[i].fd >= 0);
	assert_int_equal(pst_ctl_ask(house->reader[i].fd, request), 0);
	pst_ctl_poll(house->ctl); /* lets it in */
	pst_ctl_poll(house->ctl); /* reads, and sends what it can */
	pst_ctl_poll(house->ctl);
	assert_true(fcntl(house->reader[i].fd, F_SETFL, O_NONBLOCK) ==
		    0); /* a missing line is an error, not a wait */
}

static inline const char *line_of(struct house *house, size_t i)
{
	static char text[PST_CTL_LINE_MAX + 1];
	const char *line;
	size_t len;
	int r;

	pst_ctl_poll(house->ctl);
	r = pst_ctl_read_line(&house->reader[i], &line, &len);
	if (r != 1)
		return r == 0 ? "(end)" : "(nothing)";
	memcpy(text, line, len);
	text[len] = '\0';
	return text;
}

static inline void put(struct house *house, const char *text)
{
	char line[256];

	(void)snprintf(line, sizeof(line), "%s\n", text);
	pst_ctl_put(house->ctl, line, strlen(line));
}

#endif
