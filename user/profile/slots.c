// SPDX-License-Identifier: Apache-2.0
/* Which entry of the table is this channel? Found by its key, or made; the entries of a process
 * form a list, so that its end closes them. One entry of the kernel's map is one entry here: it
 * folds the peers of a process that has too many, and what it tells apart is kept apart, so that
 * counters are never told for one channel and added to another. */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "profile/tables.h"

struct socket_kind {
	uint16_t family, sock_type, protocol;
};

/* What a channel is made of by its kind alone: a RESULT says no more. Those that are missing can
 * be of several sorts. */
static const struct socket_kind sockets[PST_KINDS] = {
	[PST_TCP_CONNECT] = { AF_INET, SOCK_STREAM, IPPROTO_TCP },
	[PST_TCP_LISTEN] = { AF_INET, SOCK_STREAM, IPPROTO_TCP },
	[PST_TCP_ACCEPT] = { AF_INET, SOCK_STREAM, IPPROTO_TCP },
	[PST_UDP_PEER] = { AF_INET, SOCK_DGRAM, IPPROTO_UDP },
	[PST_UDP_LISTEN] = { AF_INET, SOCK_DGRAM, IPPROTO_UDP },
	[PST_UDP_ACCEPT] = { AF_INET, SOCK_DGRAM, IPPROTO_UDP },
	[PST_ICMP] = { AF_INET, SOCK_DGRAM, IPPROTO_ICMP },
	[PST_RAW] = { AF_INET, SOCK_RAW, 0 },
	[PST_UDPLITE] = { AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE },
	[PST_SCTP] = { AF_INET, SOCK_STREAM, IPPROTO_SCTP },
	[PST_SCTP_LISTEN] = { AF_INET, SOCK_STREAM, IPPROTO_SCTP },
	[PST_DCCP] = { AF_INET, SOCK_DCCP, IPPROTO_DCCP },
	[PST_DCCP_LISTEN] = { AF_INET, SOCK_DCCP, IPPROTO_DCCP },
	[PST_PACKET] = { AF_PACKET, SOCK_RAW, 0 },
	[PST_XDP] = { AF_XDP, SOCK_RAW, 0 },
	[PST_VSOCK] = { AF_VSOCK, SOCK_STREAM, 0 },
	[PST_VSOCK_LISTEN] = { AF_VSOCK, SOCK_STREAM, 0 },
	[PST_UNIX] = { AF_UNIX, 0, 0 },
	[PST_UNIX_LISTEN] = { AF_UNIX, SOCK_STREAM, 0 },
	[PST_NETLINK] = { AF_NETLINK, SOCK_RAW, 0 },
	[PST_ALG] = { AF_ALG, SOCK_SEQPACKET, 0 },
	[PST_TIPC] = { AF_TIPC, 0, 0 },
	[PST_BLUETOOTH] = { AF_BLUETOOTH, 0, 0 },
	[PST_CAN] = { AF_CAN, SOCK_RAW, 0 },
};

struct pst_channel_key pst_channel_key_of(const struct pst_process *process,
					  const struct pst_channel_seen *seen)
{
	struct pst_channel_key key;

	memset(&key, 0, sizeof(key));
	key.proc = process->id;
	key.peer = pst_kind_is_listener(seen->kind) ? seen->local : seen->peer;
	key.kind = (uint16_t)seen->kind;
	key.port = pst_kind_is_inbound(seen->kind) ? seen->local_port : seen->peer_port;
	return key;
}

static void list_in(struct pst_profile *profile, struct pst_channel_slot *slot)
{
	struct pst_holder *owner = pst_table_put(profile->owners, &slot->channel.key.proc, NULL);

	if (!owner)
		return; /* without memory it is in no list, and stays open until it is evicted */
	slot->owner = owner;
	slot->next = owner->first;
	if (owner->first)
		owner->first->prev = slot;
	owner->first = slot;
	owner->channels++;
}

static void list_out(struct pst_profile *profile, struct pst_channel_slot *slot)
{
	struct pst_holder *owner = slot->owner;

	if (!owner)
		return;
	if (slot->prev)
		slot->prev->next = slot->next;
	else
		owner->first = slot->next;
	if (slot->next)
		slot->next->prev = slot->prev;
	if (--owner->channels == 0)
		(void)pst_table_remove(profile->owners,
				       &slot->channel.key.proc); /* it is there: we hold it */
}

void pst_channel_drop(void *context, const void *key, void *value)
{
	struct pst_profile *profile = context;
	struct pst_channel_slot *slot = value;
	struct pst_program_profile *program;

	(void)key;
	if (profile->keys.dropped)
		profile->keys.dropped(profile->keys.context, &slot->channel);
	list_out(profile, slot);
	profile->open -= slot->channel.open;
	/* a living process's channel may come back with all that it counted */
	program = profile->programs && slot->ended ?
			  pst_table_peek(profile->programs, &slot->channel.program) :
			  NULL;
	if (program)
		pst_totals_add(&program->gone, &slot->channel.count);
	free(slot->channel.name);
	free(slot->channel.server_name);
	free(slot->channel.alpn);
}

bool pst_channel_keep(void *context, const void *key, const void *value)
{
	const struct pst_channel_slot *slot = value;

	(void)context;
	(void)key;
	return slot->channel.open;
}

/* Open ones at the old end are moved to the young one: each is passed over once in a turn of the
 * table. */
static void make_room(struct pst_profile *profile)
{
	const struct pst_channel_slot *slot;
	const void *key;

	if (pst_table_count(profile->channels) < profile->keys.max_channels ||
	    profile->open == pst_table_count(profile->channels))
		return;
	while ((slot = pst_table_next(profile->channels, NULL, &key)) && slot->channel.open)
		(void)pst_table_find(profile->channels, key); /* counts as use */
}

static uint16_t family_of(const struct pst_channel_key *key)
{
	uint16_t family = sockets[key->kind].family;

	return family == AF_INET && !pst_addr_is_v4(&key->peer) ? AF_INET6 : family;
}

static void begin(struct pst_channel *channel, const struct pst_event *event,
		  const struct pst_process *process)
{
	const struct socket_kind *socket = &sockets[channel->key.kind];

	channel->image = event->task.image.tgid ? event->task.image : process->image->id;
	channel->program = process->image->program->number;
	channel->preexisting = event->preexisting;
	channel->from_sample = event->type != PST_EVENT_CHANNEL;
	channel->family = family_of(&channel->key);
	channel->sock_type = socket->sock_type;
	channel->protocol = channel->key.kind == PST_RAW ? channel->key.port : socket->protocol;
	channel->first_ns = event->time_ns;
	channel->last_ns = event->time_ns;
	channel->clause = -1;
}

struct pst_channel *pst_channel_find(struct pst_profile *profile, const struct pst_channel_key *key)
{
	struct pst_channel_slot *slot = pst_table_find(profile->channels, key);

	return slot ? &slot->channel : NULL;
}

struct pst_channel *pst_channel_make(struct pst_profile *profile, const struct pst_channel_key *key,
				     const struct pst_event *event,
				     const struct pst_process *process)
{
	struct pst_channel_slot *slot;
	bool created;

	make_room(profile);
	slot = pst_table_put(profile->channels, key, &created);
	if (!slot)
		return NULL;
	slot->channel.key = *key;
	slot->ended = process->exited;
	begin(&slot->channel, event, process);
	list_in(profile, slot);
	profile->from_samples += slot->channel.from_sample;
	profile->made = true;
	return &slot->channel;
}
