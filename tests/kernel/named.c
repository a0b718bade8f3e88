// SPDX-License-Identifier: Apache-2.0
/* Which channel has this name, and what did it carry? */
#include <string.h>
#include <unistd.h>

#include "named.h"

static char block[4096];

bool kt_is_named(const struct pst_event *event, const void *context)
{
	const struct named *wanted = context;
	const struct pst_span *name = event->type == PST_EVENT_CHANNEL ? &event->channel.name :
									 &event->sample.name;
	enum pst_kind kind = event->type == PST_EVENT_CHANNEL ? event->channel.kind :
								event->sample.kind;

	return event->type == wanted->type && event->task.proc.tgid == wanted->tgid &&
	       kind == wanted->kind && name->len == wanted->len &&
	       (!wanted->len || memcmp(name->data, wanted->name, wanted->len) == 0);
}

/* The last of several samples counts. */
struct last {
	kt_match match;
	const void *wanted;
	size_t skip;
};

static bool is_last(const struct pst_event *event, const void *context)
{
	struct last *last = (struct last *)(uintptr_t)context; /* counts down on the way */

	return last->match(event, last->wanted) && last->skip-- == 0;
}

const struct pst_event *kt_last(struct kt *kt, kt_match match, const void *wanted)
{
	struct last last = { match, wanted, 0 };

	kt_sweep(kt);
	kt_sweep_now(kt);
	last.skip = kt_count(kt, match, wanted);
	return last.skip-- ? kt_find(kt, is_last, &last) : NULL;
}

void kt_check_side(struct kt *kt, const struct named *who, uint64_t out, uint64_t in)
{
	struct named wanted = *who;
	const struct pst_event *event;

	wanted.type = PST_EVENT_CHANNEL;
	event = kt_find(kt, kt_is_named, &wanted);
	KT_NEED(kt, event);
	KT_TRUE(kt, event->channel.cookie != 0);
	KT_TRUE(kt, !event->no_task || event->channel.late); /* a sweep may come first */
	KT_EQUAL(kt, kt_count(kt, kt_is_named, &wanted), 1);
	wanted.type = PST_EVENT_SAMPLE;
	event = kt_last(kt, kt_is_named, &wanted);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.bytes_out, out);
	if (event->sample.asked) /* before Linux 6.3 nothing tells what is received */
		return;
	KT_EQUAL(kt, event->sample.count.bytes_in, in);
}

int kt_read_all(int fd, size_t len)
{
	ssize_t got;

	for (; len; len -= (size_t)got) {
		got = read(fd, block, len < sizeof(block) ? len : sizeof(block));
		if (got <= 0)
			return 1;
	}
	return 0;
}
