// SPDX-License-Identifier: Apache-2.0
/* sink: which records does this sink take, under which number, and what waits? */
#include "sink/sink.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sink/room.h"

#define QUEUE_BYTES (1024u * 1024u)

static const struct pst_sink_ops *const kinds[] = {
#define SINK(name) &pst_sink_##name,
#include "sink/sinks.def"
#undef SINK
};

static const struct pst_sink_ops *find_kind(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i]->name, name))
			return kinds[i];
	return NULL;
}

int pst_sink_new(const char *kind, const struct pst_sink_keys *keys, struct pst_sink **out)
{
	const struct pst_sink_ops *ops = find_kind(kind);
	struct pst_sink *sink;
	int r;

	if (!ops)
		return -EINVAL;
	sink = calloc(1, sizeof(*sink));
	if (!sink)
		return -ENOMEM;
	sink->ops = ops;
	sink->keys = *keys;
	sink->keys.target = strdup(keys->target);
	sink->fd = -1;
	sink->figures.name = ops->name;
	pst_queue_init(&sink->queue, keys->queue_bytes ? keys->queue_bytes : QUEUE_BYTES);
	r = sink->keys.target ? ops->open(sink) : -ENOMEM;
	if (r < 0) {
		pst_sink_free(sink);
		return r;
	}
	*out = sink;
	return 0;
}

/* drain - write what waits, oldest first, until a write fails */
static void drain(struct pst_sink *sink)
{
	while (sink->queue.head) {
		struct pst_queued *head = sink->queue.head;
		int n = sink->ops->write(sink, head->line + head->done, head->len - head->done);

		if (n <= 0) { /* 0: nothing went, and nothing is wrong */
			sink->figures.last_error = -n;
			return;
		}
		sink->figures.last_error = 0;
		head->done += (size_t)n;
		assert(head->done <= head->len);
		if (head->done < head->len)
			continue;
		pst_queue_shift(&sink->queue);
		sink->figures.sent++;
	}
}

void pst_sink_free(struct pst_sink *sink)
{
	if (!sink)
		return;
	if (sink->fd >= 0)
		drain(sink);
	sink->ops->close(sink);
	pst_queue_done(&sink->queue);
	free((char *)sink->keys.target);
	free(sink);
}

/* render - the line of this sink; returns its length, or -EMSGSIZE */
static int render(struct pst_sink *sink, const struct pst_record *record, char *out)
{
	size_t len;

	if (!sink->keys.compact)
		return pst_record_line(record, sink->figures.last_sequence, out, PST_RECORD_MAX);
	(void)pst_compact_line(record->json, record->len, sink->keys.colour, out,
			       PST_RECORD_MAX - 1); /* returns @out */
	len = strlen(out);
	out[len++] = '\n';
	return (int)len;
}

void pst_sink_put(struct pst_sink *sink, const struct pst_record *record)
{
	char line[PST_RECORD_MAX];
	int len;

	if (!(sink->keys.datasets & (1u << (unsigned int)record->dataset)))
		return;
	sink->figures.last_sequence++; /* a dropped record leaves a hole that its reader can see */
	len = render(sink, record, line);
	if (len < 0) {
		sink->figures.dropped++;
		return;
	}
	sink->figures.dropped += pst_queue_add(&sink->queue, record->dataset, line, (size_t)len);
	drain(sink);
}

void pst_sink_flush(struct pst_sink *sink)
{
	if (sink->ops->check)
		sink->ops->check(sink);
	drain(sink);
}

int pst_sink_reopen(struct pst_sink *sink)
{
	int r;

	drain(sink); /* what belongs to the old target goes there */
	r = sink->ops->reopen ? sink->ops->reopen(sink) : 0;
	drain(sink);
	return r;
}

void pst_sink_figures(const struct pst_sink *sink, struct pst_sink_figures *out)
{
	*out = sink->figures;
	out->queued = sink->queue.lines;
}
