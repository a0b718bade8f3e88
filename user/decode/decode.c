// SPDX-License-Identifier: Apache-2.0
/* What does one frame say? A table by record type; each entry knows the size of its first version,
 * which no frame may undercut, and the size that this build knows, up to which a shorter one is
 * filled with zeros. */
#include "decode/decode.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decode/wire.h"

_Static_assert(PST_FRAME_MAX == PST_REC_MAX, "every record fits into a frame");
_Static_assert(PST_FRAME_HEAD >= offsetof(struct pst_rec, size) + sizeof(__u32),
	       "the size is in the frame's head");
_Static_assert(PST_EVENT_BURSTS == PST_BURSTS, "as many bursts as the wire has");
_Static_assert(PST_EVENT_RESOLVERS_MAX == PST_RESOLVERS_MAX, "as many resolvers as the wire has");

union any_record {
	struct pst_rec h;
#define RECORD(id, name, type) struct type as_##name;
#include "abi/records.def"
#undef RECORD
};

struct input {
	struct pst_decoder *decoder;
	const union any_record *rec;
	struct pst_tail tail;
};

struct pst_addr pst_wire_addr(const __u8 bytes[16])
{
	struct pst_addr addr;

	memcpy(addr.b, bytes, sizeof(addr.b));
	return addr;
}

int pst_wire_listed(uint32_t value, uint32_t end)
{
	if (value == 0)
		return -EBADMSG;
	return value < end ? 0 : -ENOTSUP;
}

struct pst_span pst_wire_span(struct pst_decoder *decoder, const void *in, size_t len)
{
	memcpy(decoder->tail, in, len);
	return (struct pst_span){ .data = decoder->tail, .len = len };
}

static int take_exec(const struct input *in, struct pst_event *out)
{
	return pst_wire_exec(in->decoder, &in->rec->as_EXEC, in->tail, &out->exec);
}

static int take_nothing(const struct input *in, struct pst_event *out)
{
	(void)in; /* FORK and TICK are their header */
	(void)out;
	return 0;
}

static int take_exit(const struct input *in, struct pst_event *out)
{
	out->exit_code = in->rec->as_EXIT.exit_code;
	return 0;
}

static int take_channel(const struct input *in, struct pst_event *out)
{
	return pst_wire_channel(in->decoder, &in->rec->as_CHANNEL, &out->channel);
}

static int take_result(const struct input *in, struct pst_event *out)
{
	return pst_wire_result(&in->rec->as_RESULT, &out->result);
}

static int take_sample(const struct input *in, struct pst_event *out)
{
	return pst_wire_sample(in->decoder, &in->rec->as_SAMPLE, &out->sample);
}

static int take_payload(const struct input *in, struct pst_event *out)
{
	return pst_wire_payload(in->decoder, &in->rec->as_PAYLOAD, in->tail, &out->payload);
}

static int take_filter(const struct input *in, struct pst_event *out)
{
	return pst_wire_filter(in->decoder, &in->rec->as_FILTER, in->tail, &out->filter);
}

static int take_act(const struct input *in, struct pst_event *out)
{
	const struct pst_rec_act *rec = &in->rec->as_ACT;

	if (rec->name_len > sizeof(rec->name))
		return -EBADMSG;
	out->act = (struct pst_act_seen){
		.act = (enum pst_act)rec->act,
		.value = rec->value,
		.other = { .start_ns = rec->other_start_ns, .tgid = rec->other_tgid },
		.number = rec->number,
	};
	memcpy(out->act.name, rec->name, rec->name_len);
	return pst_wire_listed(rec->act, PST_ACTS);
}

static int take_host(const struct input *in, struct pst_event *out)
{
	return pst_wire_host(&in->rec->as_HOST, &out->host);
}

static int take_host_names(const struct input *in, struct pst_event *out)
{
	return pst_wire_host_names(in->decoder, &in->rec->as_HOST_NAMES, &out->host_names);
}

static int take_sockets(const struct input *in, struct pst_event *out)
{
	const struct pst_rec_sockets *rec = &in->rec->as_SOCKETS;

	out->sockets = (struct pst_sockets){ .seen = rec->seen,
					     .late = rec->late,
					     .hidden = rec->hidden,
					     .gone = rec->gone,
					     .namespaces = rec->namespaces,
					     .blind_namespaces = rec->blind_namespaces };
	return 0;
}

static int take_identity(const struct input *in, struct pst_event *out)
{
	return pst_wire_identity(in->decoder, &in->rec->as_IDENTITY, in->tail, &out->identity);
}

static int take_measured(const struct input *in, struct pst_event *out)
{
	return pst_wire_measured(&in->rec->as_MEASURED, &out->measured);
}

static int take_container(const struct input *in, struct pst_event *out)
{
	return pst_wire_container(&in->rec->as_CONTAINER, &out->container);
}

static int take_clock(const struct input *in, struct pst_event *out)
{
	out->clock_wall_offset_ns = in->rec->as_CLOCK.wall_offset_ns;
	return 0;
}

static int take_loss(const struct input *in, struct pst_event *out)
{
	const struct pst_rec_loss *rec = &in->rec->as_LOSS;

	out->loss = (struct pst_loss){ .lost = rec->lost,
				       .reason = (enum pst_loss_reason)rec->reason,
				       .cpu = rec->cpu };
	return pst_wire_listed(rec->reason, PST_LOST_REASONS);
}

static int take_resolvers(const struct input *in, struct pst_event *out)
{
	const struct pst_rec_resolvers *rec = &in->rec->as_RESOLVERS;

	if (rec->count > PST_RESOLVERS_MAX)
		return -EBADMSG;
	out->resolvers.count = rec->count;
	for (size_t i = 0; i < rec->count; i++) /* at most PST_RESOLVERS_MAX */
		out->resolvers.addr[i] = pst_wire_addr(rec->addr[i]);
	return 0;
}

static int take_hook(const struct input *in, struct pst_event *out)
{
	const struct pst_rec_hook *rec = &in->rec->as_HOOK;
	struct pst_hook *hook = &out->hook;

	hook->state = (enum pst_hook_state)rec->state;
	hook->error = rec->error;
	hook->rank = rec->rank;
	TAKE_TEXT(hook->slot, rec->slot);
	TAKE_TEXT(hook->program, rec->program);
	TAKE_TEXT(hook->blind_to, rec->blind_to);
	TAKE_TEXT(hook->why, rec->why);
	return pst_wire_listed(rec->state, PST_HOOK_STATES);
}

static int take_vitals(const struct input *in, struct pst_event *out)
{
	const struct pst_rec_vitals *rec = &in->rec->as_VITALS;

	out->vitals = (struct pst_vitals){
		.ring_bytes = rec->ring_bytes,
		.ring_high_water = rec->ring_high_water,
		.records = rec->records,
		.map_used = rec->map_used,
		.map_max = rec->map_max,
		.rss_kb = rec->rss_kb,
		.cpu_ms = rec->cpu_ms,
		.hooks_expected = rec->hooks_expected,
		.hooks_attached = rec->hooks_attached,
		.identity_refused = rec->identity_refused,
	};
	return 0;
}

static int take_end(const struct input *in, struct pst_event *out)
{
	out->end_reason = in->rec->as_END.reason;
	return 0;
}

struct shape {
	uint16_t type;
	uint16_t first; /* bytes in its first version; never changes */
	uint16_t known; /* bytes in this build */
	enum pst_event_type event;
	int (*take)(const struct input *in, struct pst_event *out);
};

#define SHAPE(name, bytes, function)                                                    \
	{                                                                               \
		.type = PST_REC_##name, .first = (bytes), .event = PST_EVENT_##name,    \
		.take = (function), .known = sizeof(((union any_record *)0)->as_##name) \
	}

static const struct shape shapes[] = {
	SHAPE(EXEC, 296, take_exec),
	SHAPE(FORK, 128, take_nothing),
	SHAPE(EXIT, 136, take_exit),
	SHAPE(CHANNEL, 200, take_channel),
	SHAPE(RESULT, 184, take_result),
	SHAPE(SAMPLE, 384, take_sample),
	SHAPE(HOST, 608, take_host),
	SHAPE(CLOCK, 136, take_clock),
	SHAPE(LOSS, 144, take_loss),
	SHAPE(TICK, 128, take_nothing),
	SHAPE(RESOLVERS, 264, take_resolvers),
	SHAPE(HOOK, 464, take_hook),
	SHAPE(VITALS, 192, take_vitals),
	SHAPE(END, 136, take_end),
	SHAPE(PAYLOAD, 184, take_payload),
	SHAPE(FILTER, 176, take_filter),
	SHAPE(ACT, 224, take_act),
	SHAPE(HOST_NAMES, 664, take_host_names),
	SHAPE(SOCKETS, 168, take_sockets),
	SHAPE(IDENTITY, 600, take_identity),
	SHAPE(MEASURED, 224, take_measured),
	SHAPE(CONTAINER, 464, take_container),
};
_Static_assert(sizeof(shapes) / sizeof(shapes[0]) == PST_EVENT_TYPES, "every event has its record");

static const struct shape *find_shape(uint16_t type)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		if (shapes[i].type == type)
			return &shapes[i];
	}
	return NULL;
}

static void take_task(const struct pst_rec_task *rec, struct pst_task *out)
{
	*out = (struct pst_task){
		.proc = { .start_ns = rec->start_ns, .tgid = rec->tgid },
		.parent = { .start_ns = rec->parent_start_ns, .tgid = rec->parent_tgid },
		.root = { .start_ns = rec->root_start_ns, .tgid = rec->root_tgid },
		.image = { .exec_ns = rec->image.exec_ns, .tgid = rec->image.tgid },
		.cgroup_id = rec->cgroup_id,
		.tid = rec->tid,
		.uid = rec->uid,
		.netns = rec->netns,
		.mntns = rec->mntns,
		.pidns = rec->pidns,
	};
	TAKE_TEXT(out->comm, rec->comm);
}

static void take_head(const struct pst_rec *rec, struct pst_event *out)
{
	out->no_task = rec->flags & PST_RF_NO_TASK;
	out->preexisting = rec->flags & PST_RF_PREEXISTING;
	out->no_owner = (rec->flags & PST_RF_NO_OWNER) || rec->task.tgid == 0;
	out->cpu = rec->cpu;
	out->seq = rec->seq;
	out->time_ns = rec->time_ns;
	take_task(&rec->task, &out->task);
}

struct pst_decoder *pst_decoder_new(void)
{
	return calloc(1, sizeof(struct pst_decoder));
}

void pst_decoder_free(struct pst_decoder *decoder)
{
	free(decoder);
}

int pst_frame_size(const void *head)
{
	uint32_t size;

	memcpy(&size, (const uint8_t *)head + offsetof(struct pst_rec, size), sizeof(size));
	if (size < sizeof(struct pst_rec) || size > PST_FRAME_MAX)
		return -EBADMSG;
	return (int)size;
}

int pst_decode(struct pst_decoder *decoder, const void *frame, size_t len, struct pst_event *out)
{
	union any_record rec;
	struct pst_event event;
	struct input in = { .decoder = decoder, .rec = &rec };
	const struct shape *shape;
	int r;

	if (len < sizeof(rec.h) || len > PST_FRAME_MAX)
		return -EBADMSG;
	memset(&rec, 0, sizeof(rec));
	memcpy(&rec.h, frame, sizeof(rec.h));
	if (rec.h.size != len)
		return -EBADMSG;
	shape = find_shape(rec.h.type);
	if (!shape)
		return -ENOTSUP;
	if (len < shape->first)
		return -EBADMSG;
	memcpy(&rec, frame, len < shape->known ? len : shape->known);
	if (len > shape->known)
		in.tail = (struct pst_tail){ .data = (const uint8_t *)frame + shape->known,
					     .len = len - shape->known };
	memset(&event, 0, sizeof(event));
	event.type = shape->event;
	take_head(&rec.h, &event);
	r = shape->take(&in, &event);
	if (r < 0)
		return r;
	*out = event;
	return 0;
}
