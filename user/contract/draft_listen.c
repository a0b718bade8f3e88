// SPDX-License-Identifier: Apache-2.0
/* Where did it listen, and who came? One entry for all ports that were open at the same places to
 * the same peers; ports that it draws by lot are a range. A listener on loopback admits this host
 * alone, whoever came; one beyond it names those that came, unless some were of outside. */
#include "contract/draft_parts.h"

#include <stdlib.h>
#include <string.h>

#define FROM_MAX 16u  /* places that came, before the networks of the house stand for them */
#define FLEETING_S 2u /* at most that long was a port open that served for one question */

struct door { /* one port of one protocol */
	const char *protocol;
	uint32_t port;
	unsigned int needs;
	char *on, *from; /* as members; "" any; ours */
	struct pst_draft_tally tally;
	bool taken;
};

struct doors {
	struct pst_draft_place *on, *from; /* listeners, and who was accepted */
	size_t on_count, from_count, room;
	struct door *list;
	size_t count;
};

static bool listens(const struct pst_past_channel *channel)
{
	enum pst_kind kind = (enum pst_kind)channel->kind;

	return pst_kind_has_ip(kind) && pst_kind_is_inbound(kind);
}

/* Was this very port taken again and again, or for days? Then the program chose it. */
static bool is_chosen(const struct pst_draft_keys *keys, const struct pst_past_channel *channel)
{
	size_t i, j;

	for (i = 0; i < keys->program_count; i++) {
		for (j = 0; j < keys->programs[i]->channel_count; j++) {
			const struct pst_past_channel *other = keys->programs[i]->channels[j];

			if (other->port == channel->port &&
			    pst_kind_is_listener((enum pst_kind)other->kind) &&
			    pst_kind_has_ip((enum pst_kind)other->kind) &&
			    (other->count.attempts > 1 || other->time.days_total > 1))
				return true;
		}
	}
	return false;
}

/* A port that was chosen by the kernel is another one next time. */
static uint32_t port_of(const struct pst_draft_keys *keys, const struct pst_past_channel *channel)
{
	const struct pst_port_range range = pst_draft_local_ports(keys);

	if (!channel->port) /* the history summed them up */
		return PST_DRAFT_EPHEMERAL;
	if (channel->port < range.first || channel->port > range.last || is_chosen(keys, channel))
		return channel->port;
	return PST_DRAFT_EPHEMERAL;
}

static struct pst_draft_place place_of(const struct pst_draft_work *work,
				       const struct pst_past_channel *channel,
				       const struct pst_question *question)
{
	bool accepted = question->asks & PST_ASKS_FROM;

	return (struct pst_draft_place){
		.protocol = question->protocol_name,
		.port = port_of(work->keys, channel),
		.needs = channel->proposed ? 1u << PST_DRAFT_ALERTED : 0,
		.prefix = accepted ? question->from : question->address,
		.folded = channel->folded,
		.at = (accepted ? question->some_from : question->some_address) ? PST_AT_ANY :
										  PST_AT_PREFIX,
		.channel = channel,
	};
}

static void collect(struct pst_draft_work *work, struct doors *doors)
{
	const struct pst_draft_keys *keys = work->keys;
	struct pst_question question;
	size_t i, j;

	for (i = 0; i < keys->program_count; i++) {
		for (j = 0; j < keys->programs[i]->channel_count; j++) {
			const struct pst_past_channel *channel = keys->programs[i]->channels[j];

			if (!listens(channel) || !pst_draft_question(work, channel, &question))
				continue;
			if (question.asks & PST_ASKS_FROM)
				doors->from[doors->from_count++] = place_of(work, channel,
									    &question);
			else
				doors->on[doors->on_count++] = place_of(work, channel, &question);
		}
	}
}

static bool is_fleeting(const struct pst_draft_place *place)
{
	const struct pst_past_channel *channel = place->channel;

	return place->port != PST_DRAFT_EPHEMERAL && channel->port >= PST_DRAFT_HIGH_FIRST &&
	       channel->count.attempts <= 1 && channel->count.closed &&
	       channel->time.last_s - channel->time.first_s <= FLEETING_S;
}

/* Does the program draw its ports by lot, as resolvers do? Then there are many in one place, each
 * for a moment. A server's own ports stay open, and are opened again when it starts again. */
static bool is_drawn(const struct doors *doors, const struct pst_draft_place *place)
{
	size_t drawn = 0, i;

	for (i = 0; is_fleeting(place) && i < doors->on_count; i++)
		drawn += !strcmp(doors->on[i].protocol, place->protocol) &&
			 pst_addr_equal(&doors->on[i].prefix.addr, &place->prefix.addr) &&
			 is_fleeting(&doors->on[i]);
	return drawn >= PST_DRAFT_MANY_PORTS;
}

/* came_to_drawn - some port of that protocol was drawn, and nothing else is known to have listened
 * at the one where @from came */
static bool came_to_drawn(const struct doors *doors, const struct pst_draft_place *from)
{
	bool drawn = false;
	size_t i;

	for (i = 0; i < doors->on_count; i++) {
		const struct pst_draft_place *on = &doors->on[i];

		if (strcmp(on->protocol, from->protocol) != 0)
			continue;
		if (on->port == from->port)
			return false;
		drawn |= on->port == PST_DRAFT_HIGH;
	}
	return drawn && from->port >= PST_DRAFT_HIGH_FIRST && from->port <= UINT16_MAX;
}

static void fold_drawn(struct doors *doors)
{
	size_t i;

	for (i = 0; i < doors->on_count; i++)
		if (is_drawn(doors, &doors->on[i]))
			doors->on[i].port = PST_DRAFT_HIGH;
	for (i = 0; i < doors->from_count; i++)
		if (came_to_drawn(doors, &doors->from[i]))
			doors->from[i].port = PST_DRAFT_HIGH;
}

static bool at_door(const struct door *door, const struct pst_draft_place *place)
{
	return place->port == door->port && !strcmp(place->protocol, door->protocol);
}

static void find_doors(struct doors *doors)
{
	size_t i, j;

	for (i = 0; i < doors->on_count + doors->from_count; i++) {
		const struct pst_draft_place *place = i < doors->on_count ?
							      &doors->on[i] :
							      &doors->from[i - doors->on_count];

		for (j = 0; j < doors->count && !at_door(&doors->list[j], place);)
			j++;
		if (j == doors->count)
			doors->list[doors->count++] = (struct door){ .protocol = place->protocol,
								     .port = place->port };
		doors->list[j].needs |= place->needs;
		pst_draft_tally_add(&doors->list[j].tally, place->channel);
		doors->list[j].tally.ports += i < doors->on_count && place->port == PST_DRAFT_HIGH;
	}
}

/* All of 127.0.0.0/8 is this host, and a client there has any of them. */
static struct pst_draft_place widened(const struct pst_draft_place *place)
{
	struct pst_draft_place wide = *place;

	if (pst_addr_is_loopback(&place->prefix.addr) && pst_addr_is_v4(&place->prefix.addr)) {
		memset(wide.prefix.addr.b + 13, 0, 3);
		wide.prefix.bits = 96 + 8;
	}
	return wide;
}

/* say_all - places of the door as a member's value, each once; the callers sorted them */
static char *say_all(const char *key, const struct pst_draft_place *places, size_t count)
{
	struct pst_prose list = { .text = NULL }, out = { .text = NULL };
	size_t said = 0, i;

	for (i = 0; i < count; i++) {
		if (i && pst_draft_same_place(&places[i - 1], &places[i]))
			continue;
		pst_prose_say(&list, said++ ? "," : "");
		pst_draft_say_place(&list, &places[i]);
	}
	if (said && !list.failed)
		pst_prose_say(&out, said > 1 ? ",\"%s\":[%s]" : ",\"%s\":%s", key, list.text);
	out.failed |= list.failed;
	free(list.text);
	return pst_prose_take(&out);
}

/* select_places - those of a door, told apart by place alone; @out has room for all */
static size_t select_places(const struct door *door, const struct pst_draft_place *from,
			    size_t count, struct pst_draft_place *out)
{
	size_t found = 0, i;

	for (i = 0; i < count; i++) {
		if (!at_door(door, &from[i]))
			continue;
		out[found] = from[i];
		out[found++].needs = 0;
	}
	return found;
}

static void say_on(struct doors *doors, struct door *door, struct pst_draft_place *room)
{
	size_t count = select_places(door, doors->on, doors->on_count, room), i;

	for (i = 0; i < count; i++)
		if (!pst_addr_is_loopback(&room[i].prefix.addr))
			door->needs |= 1u << PST_DRAFT_LISTENERS;
	if (!count) { /* who came is known, where it listened is not */
		count = select_places(door, doors->from, doors->from_count, room);
		for (i = 0; i < count; i++) {
			if (!pst_addr_is_loopback(&room[i].prefix.addr)) {
				door->needs |= 1u << PST_DRAFT_LISTENERS;
				count = 0;
			} else {
				room[i] = widened(&room[i]);
			}
		}
	}
	if (count)
		qsort(room, count, sizeof(*room), pst_draft_place_order);
	door->on = say_all("on", room, count);
}

/* The networks of the house in place of those of their addresses that came. */
static void widen_to_house(const struct pst_draft_keys *keys, struct pst_draft_place *place)
{
	size_t i;

	for (i = 0; i < keys->internal_count; i++)
		if (keys->internal[i].bits <= place->prefix.bits &&
		    pst_prefix_holds(&keys->internal[i], &place->prefix.addr))
			place->prefix = keys->internal[i];
}

static size_t distinct(const struct pst_draft_place *places, size_t count)
{
	size_t sum = 0, i;

	for (i = 0; i < count; i++)
		sum += !i || !pst_draft_same_place(&places[i - 1], &places[i]);
	return sum;
}

static void say_from(const struct pst_draft_work *work, struct doors *doors, struct door *door,
		     struct pst_draft_place *room)
{
	size_t count = select_places(door, doors->from, doors->from_count, room), i;

	if (!(door->needs & 1u << PST_DRAFT_LISTENERS))
		count = 0;
	for (i = 0; i < count; i++) {
		room[i] = widened(&room[i]);
		if (room[i].at == PST_AT_ANY ||
		    pst_draft_is_external(work->keys, &room[i].prefix.addr))
			count = 0; /* strangers come: whoever they are next time */
	}
	(void)pst_draft_fold(room, count); /* told by the entry itself */
	if (count)
		qsort(room, count, sizeof(*room), pst_draft_place_order);
	if (distinct(room, count) > FROM_MAX) {
		for (i = 0; i < count; i++)
			widen_to_house(work->keys, &room[i]);
		qsort(room, count, sizeof(*room), pst_draft_place_order);
	}
	door->from = say_all("from", room, count);
}

static int by_number(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static void enter(struct pst_draft_work *work, struct doors *doors, size_t index, uint32_t *ports)
{
	const struct door first = doors->list[index];
	struct pst_prose text = { .text = NULL };
	struct pst_draft_tally tally = { .attempts = 0 };
	size_t count = 0, i;

	for (i = index; i < doors->count; i++) {
		struct door *door = &doors->list[i];

		if (door->taken || door->needs != first.needs || strcmp(door->on, first.on) != 0 ||
		    strcmp(door->from, first.from) != 0 ||
		    strcmp(door->protocol, first.protocol) != 0)
			continue;
		door->taken = true;
		ports[count++] = door->port;
		tally.attempts += door->tally.attempts;
		tally.accepted += door->tally.accepted;
		tally.peers += door->tally.peers;
		tally.ports += door->tally.ports;
		pst_draft_tally_time(&tally.time, &door->tally.time);
	}
	qsort(ports, count, sizeof(*ports), by_number);
	pst_prose_say(&text, "\"listen\":\"%s\"%s", first.protocol, first.on);
	pst_prose_say(&text, ",\"port\":");
	pst_draft_say_ports(&text, ports, count);
	pst_prose_say(&text, "%s", first.from);
	pst_draft_enter(work, &text, first.needs, &tally);
}

static void enter_all(struct pst_draft_work *work, struct doors *doors)
{
	struct pst_draft_place *room = calloc(doors->room, sizeof(*room));
	uint32_t *ports = calloc(doors->room, sizeof(*ports));
	size_t i;

	work->failed |= !room || !ports;
	for (i = 0; !work->failed && i < doors->count; i++) {
		say_on(doors, &doors->list[i], room);
		say_from(work, doors, &doors->list[i], room);
		work->failed = !doors->list[i].on || !doors->list[i].from;
	}
	for (i = 0; !work->failed && i < doors->count; i++)
		if (!doors->list[i].taken)
			enter(work, doors, i, ports);
	for (i = 0; i < doors->count; i++) {
		free(doors->list[i].on);
		free(doors->list[i].from);
	}
	free(ports);
	free(room);
}

void pst_draft_listens(struct pst_draft_work *work)
{
	struct doors doors = { .room = 1 };
	size_t i;

	for (i = 0; i < work->keys->program_count; i++)
		doors.room += work->keys->programs[i]->channel_count;
	doors.on = calloc(doors.room, sizeof(*doors.on));
	doors.from = calloc(doors.room, sizeof(*doors.from));
	doors.list = calloc(doors.room, sizeof(*doors.list));
	work->failed |= !doors.on || !doors.from || !doors.list;
	if (!work->failed) {
		collect(work, &doors);
		fold_drawn(&doors);
		find_doors(&doors);
		enter_all(work, &doors);
	}
	free(doors.list);
	free(doors.from);
	free(doors.on);
}
