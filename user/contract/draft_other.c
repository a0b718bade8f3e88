// SPDX-License-Identifier: Apache-2.0
/* What did it open that has no IP peer? Sockets of this host by their names, and the kinds that a
 * person has to decide about by the entry that would allow each. */
#include "contract/draft_parts.h"

#include <stdlib.h>
#include <string.h>

#define ENTRY_MAX 512u

static const unsigned int wants[PST_KINDS] = {
	[PST_PACKET] = 1u << PST_DRAFT_PACKET, [PST_XDP] = 1u << PST_DRAFT_EXOTIC,
	[PST_VSOCK] = 1u << PST_DRAFT_VSOCK,   [PST_VSOCK_LISTEN] = 1u << PST_DRAFT_VSOCK,
	[PST_ALG] = 1u << PST_DRAFT_EXOTIC,    [PST_TIPC] = 1u << PST_DRAFT_EXOTIC,
	[PST_CAN] = 1u << PST_DRAFT_EXOTIC,    [PST_BLUETOOTH] = 1u << PST_DRAFT_EXOTIC,
	[PST_OTHER] = 1u << PST_DRAFT_EXOTIC,  [PST_TUNNEL] = 1u << PST_DRAFT_TUNNEL,
};

struct other { /* one channel, and the entry that would allow it */
	const struct pst_past_channel *channel;
	char *members; /* compact; ours */
	unsigned int needs;
};

struct others {
	struct other *list;
	size_t count;
	struct pst_draft_name *names[2]; /* of unix sockets: connected to, listened on */
	size_t name_count[2];
};

static bool is_unix(const struct pst_past_channel *channel)
{
	return channel->kind == PST_UNIX || channel->kind == PST_UNIX_LISTEN;
}

static unsigned int needs_of(const struct pst_past_channel *channel)
{
	return wants[channel->kind] | (channel->proposed ? 1u << PST_DRAFT_ALERTED : 0);
}

static char *allow_text(const struct pst_past_channel *past)
{
	const struct pst_channel channel = pst_past_channel_of(past);
	char text[ENTRY_MAX];
	size_t len;

	(void)pst_contract_allow_text(&channel, text, sizeof(text)); /* "": nothing fits */
	len = strlen(text);
	return len > 2 ? strndup(text + 1, len - 2) : NULL;
}

static void add(struct pst_draft_work *work, struct others *others,
		const struct pst_past_channel *channel, char *members)
{
	if (!members) { /* no entry has words for it, or memory ran out: the next one tells */
		work->folded_away++;
		return;
	}
	others->list[others->count++] = (struct other){ .channel = channel,
							.members = members,
							.needs = needs_of(channel) };
}

/* A socket or device that was only made, and has no place yet, is allowed by any entry of its kind.
 */
static bool has_no_place(const struct pst_past_channel *channel)
{
	return (channel->kind == PST_PACKET || channel->kind == PST_TUNNEL ||
		channel->kind == PST_VSOCK) &&
	       !channel->name_len && pst_addr_is_zero(&channel->peer);
}

static bool has_place_elsewhere(const struct pst_draft_keys *keys, uint16_t kind)
{
	size_t i, j;

	for (i = 0; i < keys->program_count; i++)
		for (j = 0; j < keys->programs[i]->channel_count; j++)
			if (keys->programs[i]->channels[j]->kind == kind &&
			    !has_no_place(keys->programs[i]->channels[j]))
				return true;
	return false;
}

static void collect(struct pst_draft_work *work, struct others *others,
		    const struct pst_past_channel *channel)
{
	bool listens = channel->kind == PST_UNIX_LISTEN;
	struct pst_question question;

	if (pst_kind_has_ip((enum pst_kind)channel->kind) ||
	    (has_no_place(channel) && has_place_elsewhere(work->keys, channel->kind)) ||
	    !pst_draft_question(work, channel, &question))
		return;
	if (is_unix(channel) && question.name[0]) {
		char *raw = strdup(question.name);

		work->failed |= !raw;
		others->names[listens][others->name_count[listens]++] =
			(struct pst_draft_name){ .raw = raw, .of = channel };
		return;
	}
	add(work, others, channel, allow_text(channel));
}

static void take_names(struct pst_draft_work *work, struct others *others, bool listens)
{
	struct pst_draft_name *names = others->names[listens];
	size_t count = others->name_count[listens], i;
	int made = work->failed ? -1 : pst_draft_patterns(names, count);

	work->failed |= made < 0;
	work->paths += made > 0 ? (size_t)made : 0;
	for (i = 0; i < count; i++) {
		struct pst_prose text = { .text = NULL };

		if (!work->failed) {
			pst_prose_say(&text,
				      listens ? "\"listen\":\"unix\",\"path\":" : "\"unix\":");
			pst_draft_say_string(&text, names[i].pattern);
			work->failed |= text.failed;
			add(work, others, names[i].of, text.text);
		}
		free(names[i].pattern);
		free((char *)names[i].raw); /* was made by collect */
	}
}

static int by_members(const void *left, const void *right)
{
	const struct other *a = left, *b = right;
	int result = strcmp(a->members, b->members);

	return result ? result : (a->needs > b->needs) - (a->needs < b->needs);
}

/* The same entry for several channels stands once, and wants what any of them does. */
static void enter_all(struct pst_draft_work *work, struct others *others)
{
	size_t start, end;

	if (others->count)
		qsort(others->list, others->count, sizeof(*others->list), by_members);
	for (start = 0; start < others->count; start = end) {
		struct pst_draft_tally tally = { .attempts = 0 };
		struct pst_prose text = { .text = NULL };
		unsigned int needs = 0;

		for (end = start; end < others->count &&
				  !strcmp(others->list[start].members, others->list[end].members);
		     end++) {
			needs |= others->list[end].needs;
			pst_draft_tally_add(&tally, others->list[end].channel);
		}
		pst_prose_say(&text, "%s", others->list[start].members);
		pst_draft_enter(work, &text, needs, &tally);
	}
}

void pst_draft_others(struct pst_draft_work *work)
{
	const struct pst_draft_keys *keys = work->keys;
	struct others others = { .count = 0 };
	size_t room = 1, i, j;

	for (i = 0; i < keys->program_count; i++)
		room += keys->programs[i]->channel_count;
	others.list = calloc(room, sizeof(*others.list));
	others.names[0] = calloc(room, sizeof(*others.names[0]));
	others.names[1] = calloc(room, sizeof(*others.names[1]));
	work->failed |= !others.list || !others.names[0] || !others.names[1];
	for (i = 0; !work->failed && i < keys->program_count; i++)
		for (j = 0; j < keys->programs[i]->channel_count; j++)
			collect(work, &others, keys->programs[i]->channels[j]);
	take_names(work, &others, false);
	take_names(work, &others, true);
	if (!work->failed)
		enter_all(work, &others);
	for (i = 0; i < others.count; i++)
		free(others.list[i].members);
	free(others.names[0]);
	free(others.names[1]);
	free(others.list);
}
