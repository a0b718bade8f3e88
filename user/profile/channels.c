// SPDX-License-Identifier: Apache-2.0
/* What did each process do? One entry per channel, found by its key; the entries of a process form
 * a list, so that its end closes them and the number of its peers is known. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "profile/tables.h"

/* What CHANNEL, RESULT and SAMPLE have in common. */
struct sight {
	struct pst_channel_key key;
	struct pst_addr local; /* zero: not told */
	uint16_t local_port;
	uint64_t cookie;
};

static struct pst_channel_key key_of(const struct pst_process *process, enum pst_kind kind,
				     const struct pst_addr *peer, uint16_t port)
{
	struct pst_channel_key key;

	memset(&key, 0, sizeof(key));
	key.proc = process->id;
	key.peer = *peer;
	key.kind = (uint16_t)kind;
	key.port = port;
	return key;
}

static struct sight sight_of_channel(const struct pst_event *event,
				     const struct pst_process *process)
{
	const struct pst_channel_seen *seen = &event->channel;
	const struct pst_addr *peer = seen->kind == PST_TCP_LISTEN ? &seen->local : &seen->peer;
	uint16_t port = pst_kind_is_inbound(seen->kind) ? seen->local_port : seen->peer_port;

	return (struct sight){ .key = key_of(process, seen->kind, peer, port),
			       .local = seen->local,
			       .local_port = seen->local_port,
			       .cookie = seen->cookie };
}

static struct sight sight_of_result(const struct pst_event *event,
				    const struct pst_process *process)
{
	const struct pst_result_seen *seen = &event->result;
	const struct pst_addr *peer = seen->kind == PST_TCP_LISTEN ? &seen->local : &seen->peer;
	uint16_t port = pst_kind_is_inbound(seen->kind) ? seen->local_port : seen->peer_port;

	return (struct sight){ .key = key_of(process, seen->kind, peer, port),
			       .local = seen->local,
			       .local_port = seen->local_port,
			       .cookie = seen->cookie };
}

static struct sight sight_of_sample(const struct pst_event *event,
				    const struct pst_process *process)
{
	const struct pst_sample *seen = &event->sample;
	struct sight sight = { .key = key_of(process, seen->kind, &seen->peer, seen->port),
			       .cookie = seen->cookie };

	if (pst_kind_is_inbound(seen->kind))
		sight.local_port = seen->port;
	if (seen->kind == PST_TCP_LISTEN)
		sight.local = seen->peer;
	return sight;
}

/* The network of a peer, /24 or /56: what stands for its members once a process has too many peers.
 */
static struct pst_addr network_of(const struct pst_addr *peer)
{
	struct pst_addr network = *peer;
	size_t keep = pst_addr_is_v4(peer) ? 15 : 7; /* bytes */

	memset(network.b + keep, 0, sizeof(network.b) - keep);
	return network;
}

/* A bound process is held against its contract peer by peer: the table's own bound is enough for
 * it. */
static bool must_fold(const struct pst_profile *profile, const struct sight *sight,
		      const struct pst_process *process)
{
	const struct pst_owner *owner = pst_table_peek(profile->owners, &sight->key.proc);

	return owner && owner->channels >= profile->keys.max_peers_per_process &&
	       sight->key.kind != PST_TCP_LISTEN && process->image->contract < 0;
}

static void list_in(struct pst_profile *profile, struct pst_channel_slot *slot)
{
	struct pst_owner *owner = pst_table_put(profile->owners, &slot->channel.key.proc, NULL);

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
	struct pst_owner *owner = slot->owner;

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

	(void)key;
	if (profile->keys.dropped)
		profile->keys.dropped(profile->keys.context, &slot->channel);
	list_out(profile, slot);
	profile->open -= slot->channel.open;
}

bool pst_channel_keep(void *context, const void *key, const void *value)
{
	const struct pst_channel_slot *slot = value;

	(void)context;
	(void)key;
	return slot->channel.open;
}

static void set_open(struct pst_profile *profile, struct pst_channel *channel, bool open)
{
	profile->open += (size_t)open - (size_t)channel->open;
	channel->open = open;
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

static void begin(struct pst_channel *channel, const struct pst_event *event,
		  const struct pst_process *process)
{
	bool is_udp = channel->key.kind == PST_UDP_PEER;

	channel->image = event->task.image.tgid ? event->task.image : process->image->id;
	channel->preexisting = event->preexisting;
	channel->from_sample = event->type != PST_EVENT_CHANNEL;
	channel->family = pst_addr_is_v4(&channel->key.peer) ? AF_INET : AF_INET6;
	channel->sock_type = is_udp ? SOCK_DGRAM : SOCK_STREAM;
	channel->protocol = is_udp ? IPPROTO_UDP : IPPROTO_TCP;
	channel->first_ns = event->time_ns;
	channel->last_ns = event->time_ns;
	channel->count.attempts = 1;
	channel->clause = -1;
}

static struct pst_channel *find_or_make(struct pst_profile *profile, struct sight *sight,
					const struct pst_event *event,
					const struct pst_process *process)
{
	struct pst_channel_slot *slot = pst_table_find(profile->channels, &sight->key);
	bool folded = false, created;

	profile->made = false;
	if (!slot && must_fold(profile, sight, process)) {
		folded = true;
		sight->key.peer = network_of(&sight->key.peer);
		slot = pst_table_find(profile->channels, &sight->key);
	}
	if (slot)
		return &slot->channel;
	make_room(profile);
	slot = pst_table_put(profile->channels, &sight->key, &created);
	if (!slot)
		return NULL;
	slot->channel.key = sight->key;
	slot->channel.folded = folded;
	begin(&slot->channel, event, process);
	list_in(profile, slot);
	profile->from_samples += slot->channel.from_sample;
	profile->made = true;
	return &slot->channel;
}

static void at_least(uint64_t *counter, uint64_t value)
{
	if (*counter < value)
		*counter = value;
}

static void take_sight(struct pst_channel *channel, const struct sight *sight, uint64_t time_ns)
{
	if (!pst_addr_is_zero(&sight->local))
		channel->local = sight->local;
	if (sight->local_port)
		channel->local_port = sight->local_port;
	if (sight->cookie)
		channel->cookie = sight->cookie;
	at_least(&channel->last_ns, time_ns);
}

/*
 * is_open - as far as known
 * A listener is open until it is closed; datagrams have no state, so their channel lasts as long as
 * its sockets.
 */
static bool is_open(const struct pst_channel *channel, const struct pst_process *process)
{
	const struct pst_counters *count = &channel->count;

	if (process->exited)
		return false;
	if (channel->key.kind == PST_TCP_LISTEN || channel->key.kind == PST_UDP_PEER)
		return count->attempts > count->closed;
	return count->established > count->closed;
}

static struct pst_channel *see_channel(struct pst_profile *profile, const struct pst_event *event,
				       const struct pst_process *process)
{
	const struct pst_channel_seen *seen = &event->channel;
	struct sight sight = sight_of_channel(event, process);
	struct pst_channel *channel = find_or_make(profile, &sight, event, process);

	if (!channel)
		return NULL;
	take_sight(channel, &sight, event->time_ns);
	channel->grew = true;
	channel->family = seen->family;
	channel->sock_type = seen->sock_type;
	channel->protocol = seen->protocol;
	channel->v6_socket = seen->v6_socket;
	channel->ip_bytes |= seen->ip_bytes;
	channel->folded |= seen->folded;
	if (seen->kind == PST_TCP_ACCEPT || (seen->kind == PST_TCP_CONNECT && event->preexisting))
		at_least(&channel->count.established, 1);
	if (seen->kind == PST_TCP_LISTEN && !profile->made && !channel->open)
		channel->count.attempts = channel->count.closed + 1; /* it listens again */
	set_open(profile, channel, is_open(channel, process));
	return channel;
}

static void count_result(struct pst_channel *channel, enum pst_result result)
{
	struct pst_counters *count = &channel->count;

	if (result == PST_ESTABLISHED)
		at_least(&count->established, 1);
	else if (result == PST_CLOSED)
		at_least(&count->closed, channel->key.kind == PST_TCP_LISTEN ? count->attempts : 1);
	else
		at_least(&count->failures, 1);
}

static struct pst_channel *see_result(struct pst_profile *profile, const struct pst_event *event,
				      const struct pst_process *process)
{
	struct sight sight = sight_of_result(event, process);
	struct pst_channel *channel = find_or_make(profile, &sight, event, process);

	if (!channel)
		return NULL;
	take_sight(channel, &sight, event->time_ns);
	channel->grew = true;
	channel->last_result = event->result.result;
	channel->last_error = event->result.error;
	count_result(channel, event->result.result);
	set_open(profile, channel, is_open(channel, process));
	return channel;
}

static bool is_more(const struct pst_counters *told, const struct pst_counters *known)
{
	return told->attempts > known->attempts || told->established > known->established ||
	       told->failures > known->failures || told->closed > known->closed ||
	       told->bytes_out > known->bytes_out || told->bytes_in > known->bytes_in ||
	       told->packets_out > known->packets_out || told->packets_in > known->packets_in;
}

static void take_counters(struct pst_counters *count, const struct pst_counters *told)
{
	if (told->bursts >= count->bursts)
		memcpy(count->burst, told->burst, sizeof(count->burst));
	at_least(&count->attempts, told->attempts);
	at_least(&count->established, told->established);
	at_least(&count->failures, told->failures);
	at_least(&count->closed, told->closed);
	at_least(&count->bytes_out, told->bytes_out);
	at_least(&count->bytes_in, told->bytes_in);
	at_least(&count->packets_out, told->packets_out);
	at_least(&count->packets_in, told->packets_in);
	at_least(&count->bursts, told->bursts);
}

static struct pst_channel *see_sample(struct pst_profile *profile, const struct pst_event *event,
				      const struct pst_process *process)
{
	const struct pst_sample *seen = &event->sample;
	struct sight sight = sight_of_sample(event, process);
	struct pst_channel *channel = find_or_make(profile, &sight, event, process);

	if (!channel)
		return NULL;
	take_sight(channel, &sight, seen->last_ns ? seen->last_ns : event->time_ns);
	channel->family = seen->family;
	channel->sock_type = seen->sock_type;
	channel->protocol = seen->protocol;
	channel->v6_socket = seen->v6_socket;
	channel->ip_bytes |= seen->ip_bytes;
	channel->folded |= seen->folded;
	if (seen->first_ns && seen->first_ns < channel->first_ns)
		channel->first_ns = seen->first_ns;
	if (profile->made && seen->last_ns)
		channel->last_ns = seen->last_ns;
	channel->grew = profile->made || is_more(&seen->count, &channel->count);
	take_counters(&channel->count, &seen->count);
	set_open(profile, channel, is_open(channel, process));
	return channel;
}

static struct pst_channel *see_exit(struct pst_profile *profile, const struct pst_event *event,
				    const struct pst_process *process)
{
	struct pst_owner *owner = pst_table_peek(profile->owners, &process->id);

	(void)event;
	for (struct pst_channel_slot *slot = owner ? owner->first : NULL; slot; slot = slot->next)
		set_open(profile, &slot->channel, false); /* at most max_channels of them */
	return NULL;
}

typedef struct pst_channel *(*see_fn)(struct pst_profile *profile, const struct pst_event *event,
				      const struct pst_process *process);

static const see_fn see[PST_EVENT_TYPES] = {
	[PST_EVENT_CHANNEL] = see_channel,	 [PST_EVENT_RESULT] = see_result,
	[PST_EVENT_SAMPLE] = see_sample,	 [PST_EVENT_EXIT] = see_exit,
	[PST_EVENT_EXEC] = pst_profile_see_exec,
};

struct pst_channel *pst_profile_see(struct pst_profile *profile, const struct pst_event *event,
				    const struct pst_process *process, bool *is_new)
{
	struct pst_channel *channel;

	profile->made = false;
	channel = process && see[event->type] ? see[event->type](profile, event, process) : NULL;
	if (is_new)
		*is_new = profile->made;
	return channel;
}
