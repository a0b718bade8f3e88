// SPDX-License-Identifier: Apache-2.0
/* What did each process do? What first sights, results and samples say of a channel, and what the
 * end of a process says of all that it had. */
#include <stdlib.h>
#include <string.h>

#include "profile/tables.h"

static struct pst_channel_seen seen_in_result(const struct pst_result_seen *result)
{
	return (struct pst_channel_seen){ .cookie = result->cookie,
					  .peer = result->peer,
					  .local = result->local,
					  .kind = result->kind,
					  .peer_port = result->peer_port,
					  .local_port = result->local_port };
}

/* A sample has the key as it is: one address, one port. */
static struct pst_channel_seen seen_in_sample(const struct pst_sample *sample)
{
	struct pst_channel_seen seen = { .cookie = sample->cookie,
					 .kind = sample->kind,
					 .family = sample->family,
					 .sock_type = sample->sock_type,
					 .protocol = sample->protocol,
					 .v6_socket = sample->v6_socket,
					 .ip_bytes = sample->ip_bytes,
					 .folded = sample->folded,
					 .handed = sample->handed,
					 .kernel = sample->kernel,
					 .asked = sample->asked,
					 .late = sample->late,
					 .hidden = sample->hidden,
					 .bare = sample->bare,
					 .name = sample->name };

	*(pst_kind_is_listener(sample->kind) ? &seen.local : &seen.peer) = sample->peer;
	*(pst_kind_is_inbound(sample->kind) ? &seen.local_port : &seen.peer_port) = sample->port;
	return seen;
}

static struct pst_channel *find_or_make(struct pst_profile *profile,
					const struct pst_channel_seen *seen,
					const struct pst_event *event,
					const struct pst_process *process)
{
	const struct pst_channel_key key = pst_channel_key_of(process, seen);
	struct pst_channel *channel = pst_channel_find(profile, &key);

	return channel ? channel : pst_channel_make(profile, &key, event, process);
}

static void set_open(struct pst_profile *profile, struct pst_channel *channel, bool open)
{
	profile->open += (size_t)open - (size_t)channel->open;
	channel->open = open;
}

static void at_least(uint64_t *counter, uint64_t value)
{
	if (*counter < value)
		*counter = value;
}

static void take_sight(struct pst_channel *channel, const struct pst_channel_seen *seen,
		       uint64_t time_ns)
{
	if (pst_kind_has_ip(seen->kind) && !pst_addr_is_zero(&seen->local))
		channel->local = seen->local;
	if (seen->local_port)
		channel->local_port = seen->local_port;
	if (seen->cookie)
		channel->cookie = seen->cookie;
	at_least(&channel->last_ns, time_ns);
}

/* Without memory a channel has no name: its key still tells it apart. */
static void take_name(struct pst_channel *channel, const struct pst_span *name)
{
	if (channel->name || !name->len || name->len > UINT16_MAX)
		return;
	channel->name = malloc(name->len + 1);
	if (!channel->name)
		return;
	memcpy(channel->name, name->data, name->len);
	channel->name[name->len] = '\0';
	channel->name_len = (uint16_t)name->len;
}

/* What was once true of one of its sockets stays; it is bare only as long as nothing more was seen
 * of it. */
static void take_nature(struct pst_channel *channel, const struct pst_channel_seen *seen,
			bool is_new)
{
	channel->turned = (seen->folded && !channel->folded) ||
			  (seen->handed && !channel->handed) || (seen->late && !channel->late) ||
			  (seen->hidden && !channel->hidden);
	channel->family = seen->family;
	channel->sock_type = seen->sock_type;
	channel->protocol = seen->protocol;
	channel->v6_socket = seen->v6_socket;
	channel->ip_bytes |= seen->ip_bytes;
	channel->folded |= seen->folded;
	channel->handed |= seen->handed;
	channel->kernel |= seen->kernel;
	channel->asked |= seen->asked;
	channel->late |= seen->late;
	channel->hidden |= seen->hidden;
	channel->bare = seen->bare && (is_new || channel->bare);
	take_name(channel, &seen->name);
}

/*
 * is_open - as far as known
 * What has connections lasts as long as one of them; a listener until it is closed; all else has no
 * state, so its channel lasts as long as its sockets. A socket that was handed on is still held by
 * who gave it, as far as anybody knows.
 */
static bool is_open(const struct pst_channel *channel, const struct pst_process *process)
{
	const struct pst_counters *count = &channel->count;
	bool connects = channel->key.kind == PST_TCP_CONNECT || channel->key.kind == PST_TCP_ACCEPT;
	uint64_t sockets = (connects ? count->established : count->attempts) + count->taken;

	if (process->exited)
		return false;
	return sockets > count->closed && (connects || sockets > count->failures);
}

static void begin_count(struct pst_channel *channel, const struct pst_channel_seen *seen)
{
	*(seen->handed ? &channel->count.taken : &channel->count.attempts) = 1;
}

static struct pst_channel *see_channel(struct pst_profile *profile, const struct pst_event *event,
				       const struct pst_process *process)
{
	const struct pst_channel_seen *seen = &event->channel;
	struct pst_channel *channel = find_or_make(profile, seen, event, process);

	if (!channel)
		return NULL;
	if (profile->made)
		begin_count(channel, seen);
	take_sight(channel, seen, event->time_ns);
	take_nature(channel, seen, profile->made);
	channel->grew = true;
	if (seen->owner.tgid)
		channel->owner = seen->owner;
	if (seen->peer_tgid)
		channel->peer_tgid = seen->peer_tgid;
	if (!seen->handed &&
	    (seen->kind == PST_TCP_ACCEPT || (seen->kind == PST_TCP_CONNECT && event->preexisting)))
		at_least(&channel->count.established, 1);
	if (pst_kind_is_listener(seen->kind) && !profile->made && !channel->open)
		at_least(&channel->count.attempts, channel->count.closed + 1); /* again */
	set_open(profile, channel, is_open(channel, process));
	return channel;
}

static void count_result(struct pst_channel *channel, enum pst_result result)
{
	struct pst_counters *count = &channel->count;
	bool listens = pst_kind_is_listener((enum pst_kind)channel->key.kind);

	if (result == PST_ESTABLISHED)
		at_least(&count->established, 1);
	else if (result == PST_CLOSED)
		at_least(&count->closed, listens ? count->attempts + count->taken : 1);
	else
		at_least(&count->failures, 1);
}

static struct pst_channel *see_result(struct pst_profile *profile, const struct pst_event *event,
				      const struct pst_process *process)
{
	const struct pst_channel_seen seen = seen_in_result(&event->result);
	struct pst_channel *channel = find_or_make(profile, &seen, event, process);

	if (!channel)
		return NULL;
	if (profile->made)
		begin_count(channel, &seen);
	take_sight(channel, &seen, event->time_ns);
	channel->grew = true;
	channel->turned = false;
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
	       told->packets_out > known->packets_out || told->packets_in > known->packets_in ||
	       told->taken > known->taken || told->given > known->given;
}

static uint64_t more_of(uint64_t told, uint64_t known)
{
	return told > known ? told - known : 0;
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
	at_least(&count->taken, told->taken);
	at_least(&count->given, told->given);
	at_least(&count->bursts, told->bursts);
}

static struct pst_channel *see_sample(struct pst_profile *profile, const struct pst_event *event,
				      const struct pst_process *process)
{
	const struct pst_sample *sample = &event->sample;
	const struct pst_channel_seen seen = seen_in_sample(sample);
	struct pst_channel *channel = find_or_make(profile, &seen, event, process);

	if (!channel)
		return NULL;
	take_sight(channel, &seen, sample->last_ns ? sample->last_ns : event->time_ns);
	take_nature(channel, &seen, profile->made);
	if (sample->first_ns && sample->first_ns < channel->first_ns)
		channel->first_ns = sample->first_ns;
	if (profile->made && sample->last_ns)
		channel->last_ns = sample->last_ns;
	channel->grew = profile->made || is_more(&sample->count, &channel->count);
	channel->more_out = more_of(sample->count.bytes_out, channel->count.bytes_out);
	channel->more_bursts = more_of(sample->count.bursts, channel->count.bursts);
	take_counters(&channel->count, &sample->count);
	set_open(profile, channel, is_open(channel, process));
	return channel;
}

static struct pst_channel *see_exit(struct pst_profile *profile, const struct pst_event *event,
				    const struct pst_process *process)
{
	struct pst_holder *owner = pst_table_peek(profile->owners, &process->id);

	(void)event;
	for (struct pst_channel_slot *slot = owner ? owner->first : NULL; slot;
	     slot = slot->next) { /* at most max_channels of them */
		set_open(profile, &slot->channel, false);
		slot->ended = true;
	}
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
