// SPDX-License-Identifier: Apache-2.0
/* What did a program do on each channel, over all of its processes? One entry by kind, peer, port
 * and name; ports that the kernel chose become one; the least recently used entry makes room. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/digest.h"
#include "base/wall.h"
#include "profile/history_room.h"

#define EPHEMERAL_FIRST 32768u /* ip_local_port_range, as the kernel sets it */
#define EPHEMERAL_LAST 60999u
#define EPHEMERAL_SAME 3u /* so many different ones in a place are ports that were asked for */
#define NAME_MAX_BYTES 255u

static const struct pst_addr any_v6 = { .b = { 0 } };
static const struct pst_addr any_v4 = { .b = { [10] = 0xff, [11] = 0xff } };

struct pst_past_key pst_past_key_of(const struct pst_past_owner *owner,
				    const struct pst_past_channel *channel)
{
	struct pst_past_key key = { .program = owner->number,
				    .peer = channel->peer,
				    .kind = channel->kind,
				    .port = channel->port };
	uint8_t sum[PST_SHA256_BYTES];

	if (channel->name) {
		pst_sha256(channel->name, channel->name_len, sum);
		memcpy(key.name, sum, sizeof(key.name));
	}
	return key;
}

static struct pst_past_key key_of_seen(const struct pst_past_owner *owner,
				       const struct pst_channel *seen)
{
	const struct pst_past_channel as = { .kind = seen->key.kind,
					     .port = seen->key.port,
					     .peer = seen->key.peer,
					     .name = seen->name,
					     .name_len = seen->name_len };

	return pst_past_key_of(owner, &as);
}

struct pst_past_slot *pst_past_find(struct pst_history *history, const struct pst_past_key *key)
{
	struct pst_past_slot *slot = pst_table_find(history->channels, key);

	if (slot && slot->next) { /* not the most recently used one yet */
		DL_DELETE(slot->owner->oldest, slot);
		DL_APPEND(slot->owner->oldest, slot);
	}
	return slot;
}

static void list_out(struct pst_past_slot *slot)
{
	struct pst_past_program *program = &slot->owner->program;
	struct pst_past_slot *last =
		(struct pst_past_slot *)program->channels[program->channel_count - 1];

	program->channels[slot->at] = &last->channel;
	last->at = slot->at;
	program->channel_count--;
	DL_DELETE(slot->owner->oldest, slot);
}

void pst_past_channel_clear(struct pst_past_channel *channel)
{
	free(channel->name);
	free(channel->via);
	free(channel->server_name);
	for (uint32_t i = 0; i < PST_PAST_NAMES; i++)
		free(channel->names[i]);
}

void pst_past_channel_drop(void *context, const void *key, void *value)
{
	struct pst_past_slot *slot = value;

	(void)context;
	(void)key;
	list_out(slot);
	pst_past_channel_clear(&slot->channel);
}

static bool make_space(struct pst_past_owner *owner)
{
	struct pst_past_program *program = &owner->program;
	size_t room = owner->room ? 2 * owner->room : 4;
	struct pst_past_channel **grown;

	if (program->channel_count < owner->room)
		return true;
	grown = reallocarray(program->channels, room, sizeof(struct pst_past_channel *));
	if (!grown)
		return false;
	program->channels = grown;
	owner->room = room;
	return true;
}

static void forget(struct pst_history *history, const struct pst_past_slot *slot)
{
	const struct pst_past_key key = pst_past_key_of(slot->owner, &slot->channel);

	slot->owner->program.dropped++;
	history->evicted++;
	(void)pst_table_remove(history->channels, &key); /* it is there: we hold it */
}

/* Of a full program its own oldest channel goes, so that one program cannot take all the room of
 * the others by having many peers. */
static void make_room(struct pst_history *history, const struct pst_past_owner *owner)
{
	if (owner->program.channel_count >= history->keys.max_channels_per_program)
		forget(history, owner->oldest);
	else if (pst_table_count(history->channels) >= history->keys.max_channels)
		forget(history, pst_table_next(history->channels, NULL, NULL));
}

struct pst_past_slot *pst_past_make(struct pst_history *history, struct pst_past_owner *owner,
				    const struct pst_past_key *key)
{
	struct pst_past_program *program = &owner->program;
	struct pst_past_slot *slot;

	make_room(history, owner);
	if (!make_space(owner))
		return NULL;
	slot = pst_table_put(history->channels, key, NULL);
	if (!slot)
		return NULL;
	slot->owner = owner;
	slot->at = program->channel_count;
	program->channels[program->channel_count++] = &slot->channel;
	DL_APPEND(owner->oldest, slot);
	slot->channel.kind = key->kind;
	slot->channel.port = key->port;
	slot->channel.peer = key->peer;
	return slot;
}

bool pst_past_name_ok(const char *name)
{
	size_t len = strnlen(name, NAME_MAX_BYTES + 1);

	if (!len || len > NAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (name[i] <= ' ' || name[i] > '~' || (name[i] >= 'A' && name[i] <= 'Z'))
			return false;
	}
	return true;
}

void pst_past_name_add(struct pst_past_channel *channel, const char *name)
{
	char lower[NAME_MAX_BYTES + 1] = "", *known = NULL;
	uint32_t at;

	for (size_t i = 0; i < NAME_MAX_BYTES && name[i]; i++)
		lower[i] = (char)tolower((unsigned char)name[i]);
	if (name[strnlen(name, NAME_MAX_BYTES)] || !pst_past_name_ok(lower))
		return; /* no name that a resolver tells */
	for (at = 0; at < channel->name_count && !known; at++) {
		if (strcmp(channel->names[at], lower) == 0)
			known = channel->names[at--];
	}
	if (!known) {
		known = strdup(lower);
		if (!known)
			return;
		if (at == PST_PAST_NAMES)
			free(channel->names[--at]);
		else
			channel->name_count++;
	}
	memmove(&channel->names[1], &channel->names[0], at * sizeof(channel->names[0]));
	channel->names[0] = known;
}

static bool may_be_ephemeral(const struct pst_channel_key *key)
{
	return pst_kind_is_inbound((enum pst_kind)key->kind) &&
	       pst_kind_has_ip((enum pst_kind)key->kind) && key->port >= EPHEMERAL_FIRST &&
	       key->port <= EPHEMERAL_LAST;
}

static bool is_folded_port(const struct pst_past_channel *channel)
{
	return !channel->port && pst_kind_is_listener((enum pst_kind)channel->kind) &&
	       pst_kind_has_ip((enum pst_kind)channel->kind);
}

/* Does this listener come with another port each time? Who comes in at such a port comes in at any
 * of them. */
static bool is_ephemeral(const struct pst_past_program *program, const struct pst_channel_key *key)
{
	bool listens = pst_kind_is_listener((enum pst_kind)key->kind);
	unsigned int same = 0;

	for (size_t i = 0; i < program->channel_count; i++) { /* at most max_channels_per_program */
		const struct pst_past_channel *past = program->channels[i];

		if (is_folded_port(past) && (!listens || past->kind == key->kind))
			return true;
		same += listens && past->kind == key->kind && past->port >= EPHEMERAL_FIRST &&
			past->port <= EPHEMERAL_LAST && pst_addr_equal(&past->peer, &key->peer);
	}
	return same >= EPHEMERAL_SAME;
}

/* find - the entry of a channel; @key becomes that under which it is to be made when there is none
 */
static struct pst_past_slot *find(struct pst_history *history, const struct pst_past_owner *owner,
				  const struct pst_channel *seen, struct pst_past_key *key)
{
	struct pst_past_slot *slot;

	*key = key_of_seen(owner, seen);
	slot = pst_past_find(history, key);
	if (slot || !may_be_ephemeral(&seen->key) || !is_ephemeral(&owner->program, &seen->key))
		return slot;
	key->port = 0;
	return pst_past_find(history, key);
}

/* Which of the program's listeners took this connection? By its own address, else any. */
static void count_accepted(struct pst_history *history, const struct pst_past_owner *owner,
			   const struct pst_channel *seen)
{
	const struct pst_addr *const places[] = { &seen->local, &any_v4, &any_v6 };
	struct pst_past_key key = { .program = owner->number };
	struct pst_past_slot *listener = NULL;

	if (seen->key.kind != PST_TCP_ACCEPT && seen->key.kind != PST_UDP_ACCEPT)
		return;
	key.kind = seen->key.kind == PST_TCP_ACCEPT ? PST_TCP_LISTEN : PST_UDP_LISTEN;
	for (size_t i = 0; i < 2 * (sizeof(places) / sizeof(places[0])) && !listener; i++) {
		key.peer = *places[i / 2];
		key.port = i % 2 ? 0 : seen->key.port;
		listener = pst_table_peek(history->channels, &key);
	}
	if (listener)
		listener->channel.accepted_from++;
}

static void take_nature(struct pst_past_channel *past, const struct pst_channel *seen)
{
	past->family = seen->family;
	past->sock_type = seen->sock_type;
	past->protocol = seen->protocol;
	past->v6_socket = seen->v6_socket;
	past->folded |= seen->folded;
	past->kernel |= seen->kernel;
	past->handed |= seen->handed;
	past->ip_bytes |= seen->ip_bytes;
	if (seen->verdict != PST_VERDICT_NONE)
		past->verdict = (uint8_t)seen->verdict;
	if (seen->server_name)
		pst_past_replace(&past->server_name, seen->server_name);
}

static void add_counters(struct pst_past_count *to, const struct pst_counters *since)
{
	to->attempts += since->attempts;
	to->established += since->established;
	to->failures += since->failures;
	to->closed += since->closed;
	to->bytes_out += since->bytes_out;
	to->bytes_in += since->bytes_in;
	to->packets_out += since->packets_out;
	to->packets_in += since->packets_in;
	to->taken += since->taken;
	to->given += since->given;
	to->bursts += since->bursts;
}

static bool take_name(struct pst_past_channel *past, const struct pst_channel *seen)
{
	if (!seen->name)
		return true;
	past->name = malloc((size_t)seen->name_len + 1);
	if (!past->name)
		return false;
	memcpy(past->name, seen->name, seen->name_len);
	past->name[seen->name_len] = '\0';
	past->name_len = seen->name_len;
	return true;
}

static struct pst_past_slot *begin(struct pst_history *history, struct pst_past_owner *owner,
				   const struct pst_past_key *key,
				   const struct pst_past_sight *sight)
{
	struct pst_past_slot *slot = pst_past_make(history, owner, key);

	if (!slot)
		return NULL;
	if (!take_name(&slot->channel, sight->channel)) {
		(void)pst_table_remove(history->channels, key); /* it is there: just made */
		return NULL;
	}
	pst_past_time_add(&slot->channel.time,
			  pst_wall_s(sight->channel->first_ns, sight->wall_offset_ns));
	slot->channel.via = pst_past_copy(sight->via);
	count_accepted(history, owner, sight->channel);
	return slot;
}

struct pst_past_channel *pst_history_add(struct pst_history *history,
					 struct pst_past_program *program,
					 const struct pst_past_sight *sight, bool *is_new)
{
	struct pst_past_owner *owner = pst_past_owner_of(program);
	uint64_t last_s = pst_wall_s(sight->channel->last_ns, sight->wall_offset_ns);
	struct pst_past_key key;
	struct pst_past_slot *slot = find(history, owner, sight->channel, &key);
	bool made = !slot;

	if (made)
		slot = begin(history, owner, &key, sight);
	if (!slot)
		return NULL;
	take_nature(&slot->channel, sight->channel);
	if (!sight->via)
		pst_past_replace(&slot->channel.via, NULL); /* it has it itself */
	for (size_t i = sight->name_count; i-- > 0;)	    /* the first is the latest */
		pst_past_name_add(&slot->channel, sight->names[i]);
	pst_past_bursts(&slot->channel, sight);
	add_counters(&slot->channel.count, sight->since);
	pst_past_time_add(&slot->channel.time, last_s);
	pst_past_program_active(program, last_s);
	if (made)
		pst_past_program_new(program, slot->channel.time.first_s);
	if (is_new)
		*is_new = made;
	return &slot->channel;
}

const struct pst_past_channel *pst_history_knows(const struct pst_history *history,
						 const struct pst_past_program *program,
						 const struct pst_channel *channel)
{
	const struct pst_past_owner *owner = pst_past_owner_of(program);
	struct pst_past_key key = key_of_seen(owner, channel);
	const struct pst_past_slot *slot = pst_table_peek(history->channels, &key);

	if (!slot && may_be_ephemeral(&channel->key)) {
		key.port = 0;
		slot = pst_table_peek(history->channels, &key);
	}
	return slot ? &slot->channel : NULL;
}

static struct pst_counters counters_of(const struct pst_past_count *count)
{
	return (struct pst_counters){ .attempts = count->attempts,
				      .established = count->established,
				      .failures = count->failures,
				      .closed = count->closed,
				      .bytes_out = count->bytes_out,
				      .bytes_in = count->bytes_in,
				      .packets_out = count->packets_out,
				      .packets_in = count->packets_in,
				      .taken = count->taken,
				      .given = count->given,
				      .bursts = count->bursts };
}

struct pst_channel pst_past_channel_of(const struct pst_past_channel *past)
{
	return (struct pst_channel){
		.key = { .peer = past->peer, .kind = past->kind, .port = past->port },
		.family = past->family,
		.sock_type = past->sock_type,
		.protocol = past->protocol,
		.v6_socket = past->v6_socket,
		.ip_bytes = past->ip_bytes,
		.folded = past->folded,
		.handed = past->handed,
		.kernel = past->kernel,
		.name = past->name,
		.name_len = past->name_len,
		.server_name = past->server_name,
		.count = counters_of(&past->count),
		.verdict = past->verdict,
		.clause = -1
	};
}
