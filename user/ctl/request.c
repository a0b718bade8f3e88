// SPDX-License-Identifier: Apache-2.0
/* request: which verb does a client's line name, may the client use it, and what is the answer? */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "ctl/room.h"

#define LAST_MAX 1000000u

static const struct {
	const char *name;
	enum pst_ctl_permission needs;
} verbs[PST_VERBS] = {
#define VERB(id, name, permission, help) [PST_VERB_##id] = { name, permission },
#include "ctl/verbs.def"
#undef VERB
};

static void say(struct pst_ctl *ctl, struct pst_client *client, const char *error)
{
	char line[160];

	/* our own words only: nothing to escape */
	(void)pst_text_format(line, sizeof(line), "{\"postern\":{\"error\":\"%s\"}}\n", error);
	pst_client_put(ctl, client, line, strlen(line));
	client->closing = true;
}

static enum pst_ctl_verb find_verb(const char *line)
{
	size_t len = strcspn(line, " ");
	unsigned int i;

	for (i = 0; i < PST_VERBS; i++)
		if (strlen(verbs[i].name) == len && !strncmp(verbs[i].name, line, len))
			break;
	return (enum pst_ctl_verb)i;
}

/* parse_tail - "tail", "tail -n N"; returns 0, or -EINVAL */
static int parse_tail(const char *line, size_t *last)
{
	const char *at = line + strlen("tail");
	size_t n = 0;

	if (!*at) {
		*last = 0;
		return 0;
	}
	if (strncmp(at, " -n ", 4) || !at[4])
		return -EINVAL;
	for (at += 4; *at >= '0' && *at <= '9' && n <= LAST_MAX; at++)
		n = 10 * n + (size_t)(*at - '0');
	if (*at || n > LAST_MAX)
		return -EINVAL;
	*last = n;
	return 0;
}

/* send_recent - the last lines, as far as the client's queue takes them, oldest dropped first */
static void send_recent(struct pst_ctl *ctl, struct pst_client *client, size_t last)
{
	const struct pst_ring *recent = &ctl->recent;
	size_t at = pst_ring_last(recent, last);

	while (recent->used - at > client->out.size - client->out.used) {
		while (at < recent->used && pst_ring_at(recent, at) != '\n')
			at++;
		at++;
		client->dropped++;
		ctl->figures.dropped++;
	}
	for (; at < recent->used; at++) {
		char byte = pst_ring_at(recent, at);

		(void)pst_ring_add(&client->out, &byte, 1); /* there is room: see above */
	}
}

static void tail(struct pst_ctl *ctl, struct pst_client *client, const char *line)
{
	size_t last;

	if (parse_tail(line, &last) < 0) {
		say(ctl, client, "tail takes nothing or -n N");
		return;
	}
	client->tails = true;
	send_recent(ctl, client, last);
}

static void pass_on(struct pst_ctl *ctl, struct pst_client *client, const char *line)
{
	_cleanup_free_ char *reply = NULL;
	int r = ctl->keys.verb ? ctl->keys.verb(ctl->keys.context, line, &reply) : -ENOTSUP;
	size_t len;

	if (r < 0 || !reply) {
		say(ctl, client,
		    r == -EINVAL ? "the request is not understood" : "the request failed");
		return;
	}
	len = strlen(reply);
	client->closing = true;
	if (pst_ring_add(&client->out, reply, len))
		return;
	/* longer than the queue of a reader of lines: give this one answer room of its own */
	pst_ring_done(&client->out);
	if (pst_ring_init(&client->out, len) == 0)
		(void)pst_ring_add(&client->out, reply, len); /* just the size */
}

void pst_request_answer(struct pst_ctl *ctl, struct pst_client *client, const char *line)
{
	enum pst_ctl_verb verb = find_verb(line);

	if (verb == PST_VERBS)
		say(ctl, client, "no such verb");
	else if (verbs[verb].needs > client->may)
		say(ctl, client, "not permitted");
	else if (verb == PST_VERB_TAIL)
		tail(ctl, client, line);
	else
		pass_on(ctl, client, line);
}
