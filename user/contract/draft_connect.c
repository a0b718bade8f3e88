// SPDX-License-Identifier: Apache-2.0
/* Whom did it connect or send to? One entry for all places of a protocol that had the same ports
 * and want the same decision. */
#include "contract/draft_parts.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define PORT_DNS 53u

struct targets { /* places by what is said of them */
	struct pst_draft_place *places;
	size_t count;
	struct target {
		size_t first, count; /* places of it, by port */
		char *ports;	     /* as a member's value; "" any; ours */
		size_t drawn;	     /* ports that became a range */
		bool taken;
	} * list;
	size_t target_count;
};

static bool is_resolver(const struct pst_draft_keys *keys, const struct pst_question *question)
{
	size_t i;

	for (i = 0; question->port == PORT_DNS && i < keys->resolver_count; i++)
		if (question->address.bits == 128 &&
		    pst_addr_equal(&keys->resolvers[i], &question->address.addr))
			return true;
	return false;
}

/* Whoever owns a name says where it leads to: one of an internal peer must not lead out later. */
static struct pst_prefix network_of(const struct pst_draft_keys *keys, const struct pst_addr *addr)
{
	size_t i;

	for (i = 0; i < keys->internal_count; i++)
		if (pst_prefix_holds(&keys->internal[i], addr))
			return keys->internal[i];
	return (struct pst_prefix){ .bits = 0 };
}

static struct pst_draft_place place_of(const struct pst_draft_work *work,
				       const struct pst_past_channel *channel,
				       const struct pst_question *question)
{
	struct pst_draft_place place = {
		.protocol = question->protocol_name,
		.number = question->asks & PST_ASKS_NUMBER ? question->number + 1 : 0,
		.port = question->asks & PST_ASKS_PORT ? question->port : 0,
		.needs = channel->proposed ? 1u << PST_DRAFT_ALERTED : 0,
		.prefix = question->address,
		.folded = channel->folded,
		.at = PST_AT_PREFIX,
		.channel = channel,
	};

	if (!(question->asks & PST_ASKS_ADDRESS)) {
		place.at = PST_AT_ANY;
	} else if (is_resolver(work->keys, question)) {
		place.at = PST_AT_RESOLVERS;
	} else if (channel->name_count && !channel->folded &&
		   !pst_addr_is_loopback(&channel->peer) && pst_draft_is_name(channel->names[0])) {
		place.at = PST_AT_NAME;
		place.name = channel->names[0];
		place.within = network_of(work->keys, &channel->peer);
	}
	if (question->protocol == IPPROTO_RAW)
		place.needs |= 1u << PST_DRAFT_RAW;
	else if ((place.at == PST_AT_PREFIX || place.at == PST_AT_NAME) &&
		 pst_draft_is_external(work->keys, &channel->peer))
		place.needs |= 1u << PST_DRAFT_EXTERNAL;
	return place;
}

static bool connects(const struct pst_past_channel *channel)
{
	enum pst_kind kind = (enum pst_kind)channel->kind;

	return pst_kind_has_ip(kind) && !pst_kind_is_inbound(kind);
}

static size_t count_channels(const struct pst_draft_keys *keys)
{
	size_t sum = 0, i;

	for (i = 0; i < keys->program_count; i++)
		sum += keys->programs[i]->channel_count;
	return sum;
}

static void collect(struct pst_draft_work *work, struct targets *targets)
{
	const struct pst_draft_keys *keys = work->keys;
	struct pst_question question;
	size_t i, j;

	for (i = 0; i < keys->program_count; i++) {
		for (j = 0; j < keys->programs[i]->channel_count; j++) {
			const struct pst_past_channel *channel = keys->programs[i]->channels[j];

			if (connects(channel) && pst_draft_question(work, channel, &question))
				targets->places[targets->count++] = place_of(work, channel,
									     &question);
		}
	}
}

/* Who only receives asks for no address, and any entry of the protocol that stands allows it. */
static bool stands_elsewhere(const struct pst_draft_work *work, const struct targets *targets,
			     const struct pst_draft_place *place)
{
	size_t i;

	for (i = 0; i < targets->count; i++) {
		const struct pst_draft_place *other = &targets->places[i];

		if (other->at != PST_AT_ANY && !strcmp(other->protocol, place->protocol) &&
		    other->number == place->number &&
		    !(other->needs & ~(place->needs | work->keys->accept)))
			return true;
	}
	return false;
}

/* What was sent nowhere leaves no entry that allows sending anywhere: one for this host alone. */
static void narrow_receivers(const struct pst_draft_work *work, struct targets *targets)
{
	static const struct pst_prefix here = {
		{ { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1 } }, 128
	};
	size_t kept = 0, i;

	for (i = 0; i < targets->count; i++) {
		struct pst_draft_place *place = &targets->places[i];

		if (place->at == PST_AT_ANY && !stands_elsewhere(work, targets, place))
			place->prefix = here;
	}
	for (i = 0; i < targets->count; i++) {
		struct pst_draft_place place = targets->places[i];

		if (place.at == PST_AT_ANY && memcmp(&place.prefix, &here, sizeof(here)) != 0)
			continue;
		place.at = place.at == PST_AT_ANY ? PST_AT_PREFIX : place.at;
		targets->places[kept++] = place;
	}
	targets->count = kept;
}

/* is_drawn - a port that the other end's kernel may have chosen, and that was used once */
static bool is_drawn(const struct pst_draft_keys *keys, const struct pst_draft_place *place)
{
	const struct pst_port_range range = pst_draft_local_ports(keys);

	return place->port >= range.first && place->port <= range.last &&
	       place->channel->count.attempts <= 1;
}

/* fold_drawn - where they are many, as of clients that are answered or of connections for data,
 * they are all that a kernel may choose; places of one target, by port. Returns how many. */
static size_t fold_drawn(const struct pst_draft_keys *keys, struct pst_draft_place *places,
			 size_t count)
{
	size_t drawn = 0, i;

	for (i = 0; i < count; i++)
		drawn += is_drawn(keys, &places[i]) && (!i || places[i].port != places[i - 1].port);
	if (drawn < PST_DRAFT_MANY_PORTS)
		return 0;
	for (i = 0; i < count; i++)
		if (is_drawn(keys, &places[i]))
			places[i].port = PST_DRAFT_EPHEMERAL;
	qsort(places, count, sizeof(*places), pst_draft_place_order);
	return drawn;
}

/* target_ports - what can be said of the ports of one place; NULL without memory */
static char *target_ports(const struct pst_draft_place *places, size_t count)
{
	struct pst_prose text = { .text = NULL };
	uint32_t *ports = calloc(count, sizeof(*ports));
	size_t i;

	if (!ports)
		return NULL;
	for (i = 0; i < count; i++)
		ports[i] = places[i].port;
	if (ports[count - 1])
		pst_draft_say_ports(&text, ports, count);
	free(ports);
	return pst_prose_take(&text);
}

static void find_targets(struct pst_draft_work *work, struct targets *targets)
{
	size_t start, end;

	for (start = 0; start < targets->count; start = end) {
		struct target *target = &targets->list[targets->target_count++];

		for (end = start + 1;
		     end < targets->count &&
		     pst_draft_same_place(&targets->places[start], &targets->places[end]);)
			end++;
		target->first = start;
		target->count = end - start;
		target->drawn = fold_drawn(work->keys, targets->places + start, end - start);
		target->ports = target_ports(targets->places + start, end - start);
		work->failed |= !target->ports;
	}
}

static bool belong_together(const struct targets *targets, const struct target *a,
			    const struct target *b)
{
	const struct pst_draft_place *x = &targets->places[a->first];
	const struct pst_draft_place *y = &targets->places[b->first];

	return x->at == y->at && !strcmp(x->protocol, y->protocol) && x->number == y->number &&
	       x->needs == y->needs && !strcmp(a->ports, b->ports) &&
	       !memcmp(&x->within, &y->within, sizeof(x->within));
}

static void say_head(struct pst_prose *out, const struct pst_draft_place *place)
{
	pst_prose_say(out, "\"connect\":\"%s\"", place->protocol);
	if (place->number)
		pst_prose_say(out, ",\"protocol\":%" PRIu32, place->number - 1);
}

/* One entry of the target and all that belong to it. */
static void enter(struct pst_draft_work *work, struct targets *targets, size_t index)
{
	const struct target *first = &targets->list[index];
	const struct pst_draft_place *place = &targets->places[first->first];
	struct pst_prose text = { .text = NULL }, to = { .text = NULL };
	struct pst_draft_tally tally = { .attempts = 0 };
	char within[PST_ADDR_TEXT];
	size_t places = 0, i, j;

	for (i = index; i < targets->target_count; i++) {
		struct target *target = &targets->list[i];

		if (target->taken || !belong_together(targets, first, target))
			continue;
		target->taken = true;
		pst_prose_say(&to, places++ ? "," : "");
		pst_draft_say_place(&to, &targets->places[target->first]);
		for (j = 0; j < target->count; j++)
			pst_draft_tally_add(&tally, targets->places[target->first + j].channel);
		tally.ports += target->drawn;
	}
	say_head(&text, place);
	if (!to.failed)
		pst_prose_say(&text, places > 1 ? ",\"to\":[%s]" : ",\"to\":%s", to.text);
	if (place->within.bits)
		pst_prose_say(&text, ",\"within\":\"%s\"",
			      pst_judge_prefix_text(&place->within, within));
	if (first->ports[0])
		pst_prose_say(&text, ",\"port\":%s", first->ports);
	text.failed |= to.failed;
	free(to.text);
	pst_draft_enter(work, &text, place->needs, &tally);
}

void pst_draft_connects(struct pst_draft_work *work)
{
	size_t room = count_channels(work->keys) + 1, i;
	struct targets targets = { .places = calloc(room, sizeof(*targets.places)),
				   .list = calloc(room, sizeof(*targets.list)) };

	work->failed |= !targets.places || !targets.list;
	if (!work->failed) {
		collect(work, &targets);
		narrow_receivers(work, &targets);
		work->domains += pst_draft_fold_names(targets.places, targets.count);
		work->networks += pst_draft_fold(targets.places, targets.count);
		if (targets.count)
			qsort(targets.places, targets.count, sizeof(*targets.places),
			      pst_draft_place_order);
		find_targets(work, &targets);
	}
	for (i = 0; !work->failed && i < targets.target_count; i++)
		if (!targets.list[i].taken)
			enter(work, &targets, i);
	for (i = 0; i < targets.target_count; i++)
		free(targets.list[i].ports);
	free(targets.list);
	free(targets.places);
}
