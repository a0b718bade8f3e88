// SPDX-License-Identifier: Apache-2.0
/* What went over a channel, by its first bytes: which protocol, and to which name? */
#include <stdlib.h>
#include <string.h>

#include "profile/tables.h"

static char *copy_text(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = malloc(size);

	return copy ? memcpy(copy, text, size) : NULL;
}

/* The first word counts, unless it was only that it is text. */
static void take_class(struct pst_channel *channel, enum pst_class class_)
{
	if (channel->class_ == PST_CLASS_UNKNOWN ||
	    (channel->class_ == PST_CLASS_TEXT && class_ != PST_CLASS_UNKNOWN))
		channel->class_ = class_;
}

/* Without memory it stays unknown, and the next connection tells it. */
static void take_text(char **known, const char *text)
{
	if (!*known && *text)
		*known = copy_text(text);
}

/* The kernel may have put the peer into a network by now, /24 or /56, or under one key for all. */
static struct pst_channel *find_folded(struct pst_profile *profile,
				       const struct pst_channel_key *exact)
{
	size_t keep = pst_addr_is_v4(&exact->peer) ? 15 : 7; /* bytes */
	struct pst_channel_key key = *exact;
	struct pst_channel *channel;

	memset(key.peer.b + keep, 0, sizeof(key.peer.b) - keep);
	channel = pst_channel_find(profile, &key);
	if (!channel) {
		memset(&key.peer, 0, sizeof(key.peer));
		channel = pst_channel_find(profile, &key);
	}
	return channel && channel->folded ? channel : NULL;
}

struct pst_channel *pst_profile_payload(struct pst_profile *profile, const struct pst_event *event,
					const struct pst_process *process)
{
	const struct pst_payload_seen *payload = &event->payload;
	const struct pst_channel_seen seen = { .kind = payload->kind,
					       .peer = payload->peer,
					       .local = payload->local,
					       .peer_port = payload->peer_port,
					       .local_port = payload->local_port };
	struct pst_channel_key key;
	struct pst_channel *channel;

	if (!process || payload->form == PST_PAYLOAD_IS_BAD)
		return NULL;
	key = pst_channel_key_of(process, &seen);
	channel = pst_channel_find(profile, &key);
	if (!channel && pst_kind_has_ip(seen.kind))
		channel = find_folded(profile, &key);
	if (!channel)
		return NULL;
	take_class(channel, payload->class_);
	take_text(&channel->server_name, payload->server_name);
	take_text(&channel->alpn, payload->alpn);
	return channel;
}

void pst_channel_mismatch(struct pst_channel *channel, const char *server_name)
{
	char *name = copy_text(server_name);

	channel->name_mismatch = true;
	if (!name)
		return; /* the first one stays */
	free(channel->server_name);
	channel->server_name = name;
}
