// SPDX-License-Identifier: Apache-2.0
/* Which programs stand on the page of vendor software, and which of their channels? */
#include <stdlib.h>
#include <string.h>

#include "engine/internal.h"
#include "engine/view_vendors.h"

struct by_number { /* which row a program is in */
	uint32_t number, vendor;
};

struct collecting {
	const struct pst_engine *engine;
	struct pst_vendors *out;
	const struct pst_image **images; /* of vendor programs */
	size_t image_count, image_room;
	struct by_number *numbers;
	size_t number_count;
	size_t channel_room;
};

/* grow - room for one more; false without memory */
static bool grow(void **list, size_t count, size_t *room, size_t size)
{
	size_t wanted = *room ? *room * 2 : 64;
	void *grown;

	if (count < *room)
		return true;
	grown = reallocarray(*list, wanted, size);
	if (!grown)
		return false;
	*list = grown;
	*room = wanted;
	return true;
}

static bool note_image(void *context, struct pst_image *image)
{
	struct collecting *c = context;
	void *list = c->images;

	if (!image->program->vendor || !image->program->path[0])
		return true;
	c->out->failed |= !grow(&list, c->image_count, &c->image_room, sizeof(struct pst_image *));
	c->images = list;
	if (!c->out->failed)
		c->images[c->image_count++] = image;
	return !c->out->failed;
}

static int compare_texts(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* The name that a row has; in a container and on the host the same path is another's. */
static int compare_names(const struct pst_program *a, const struct pst_program *b)
{
	int r = compare_texts(a->path, b->path);

	if (r == 0)
		r = (a->foreign_root > b->foreign_root) - (a->foreign_root < b->foreign_root);
	return r ? r : (a->memfd > b->memfd) - (a->memfd < b->memfd);
}

/* Of one name the latest program first, and of that what runs. */
static int by_name(const void *left, const void *right)
{
	const struct pst_image *a = *(const struct pst_image *const *)left,
			       *b = *(const struct pst_image *const *)right;
	int r = compare_names(a->program, b->program);

	if (r != 0)
		return r;
	if (a->program->number != b->program->number)
		return a->program->number > b->program->number ? -1 : 1;
	if (!a->processes != !b->processes)
		return a->processes ? -1 : 1;
	return (a->id.exec_ns > b->id.exec_ns) - (a->id.exec_ns < b->id.exec_ns);
}

static const struct pst_contract *contract_of(const struct pst_engine *engine,
					      const struct pst_image *image)
{
	const struct pst_contracts *set = pst_engine_contract_set(engine);

	if (image->contract_generation != pst_contracts_generation(set) || image->contract < 0)
		return NULL;
	return pst_contracts_at(set, (size_t)image->contract);
}

/* A script's inode is its interpreter's: all that ran it ran one file. */
static bool is_another_file(const struct pst_vendor *row, const struct pst_program *program)
{
	return !program->interpreter || !row->files;
}

static void make_rows(struct collecting *c)
{
	struct pst_vendors *out = c->out;
	const struct pst_program *former = NULL;
	struct pst_vendor *at = NULL;

	for (size_t i = 0; i < c->image_count; i++) {
		const struct pst_image *image = c->images[i];

		if (!former || compare_names(former, image->program) != 0) {
			at = &out->list[out->count++];
			*at = (struct pst_vendor){ .program = image->program,
						   .image = image,
						   .contract = contract_of(c->engine, image) };
		}
		if (former != image->program) {
			at->files += is_another_file(at, image->program);
			c->numbers[c->number_count++] =
				(struct by_number){ .number = image->program->number,
						    .vendor = (uint32_t)(out->count - 1) };
		}
		if (!at->image->processes && image->processes)
			at->image = image;
		at->processes += image->processes;
		former = image->program;
	}
}

static int compare_numbers(const void *left, const void *right)
{
	const struct by_number *a = left, *b = right;

	return (a->number > b->number) - (a->number < b->number);
}

static bool is_external(const struct pst_engine *engine, const struct pst_channel *channel)
{
	return !channel->folded && pst_is_external(&engine->detect, &channel->key.peer);
}

/* Returns its sort, or PST_VENDOR_SORTS for what everybody has. */
static enum pst_vendor_sort sort_of(const struct pst_engine *engine,
				    const struct pst_channel *channel)
{
	switch ((enum pst_kind)channel->key.kind) {
	case PST_TCP_LISTEN:
	case PST_UDP_LISTEN:
		return channel->open && !pst_addr_is_loopback(&channel->key.peer) ?
			       PST_VENDOR_LISTENS :
			       PST_VENDOR_SORTS;
	case PST_TCP_CONNECT:
	case PST_UDP_PEER:
		return is_external(engine, channel) ? PST_VENDOR_EXTERNAL : PST_VENDOR_SORTS;
	case PST_TCP_ACCEPT:
	case PST_UDP_ACCEPT:
	case PST_UNIX:
	case PST_UNIX_LISTEN:
	case PST_NETLINK:
		return PST_VENDOR_SORTS;
	default:
		return PST_VENDOR_UNUSUAL;
	}
}

/* What vendor software is charged with: its own doing, and that of what it started. */
static uint32_t number_of(const struct collecting *c, const struct pst_channel *channel)
{
	const struct pst_process *process = pst_attrib_find(pst_engine_attrib(c->engine),
							    &channel->key.proc);
	const struct pst_image *subject = process ? pst_attrib_subject(process->image) : NULL;

	return subject ? subject->program->number : channel->program;
}

static bool note_channel(void *context, struct pst_channel *channel)
{
	struct collecting *c = context;
	struct pst_vendors *out = c->out;
	enum pst_vendor_sort sort = sort_of(c->engine, channel);
	const struct by_number key = { .number = number_of(c, channel) }, *found;
	void *list = out->channels;

	found = sort == PST_VENDOR_SORTS ? NULL :
					   bsearch(&key, c->numbers, c->number_count,
						   sizeof(*c->numbers), compare_numbers);
	if (!found)
		return true;
	out->failed |= !grow(&list, out->channel_count, &c->channel_room, sizeof(*out->channels));
	out->channels = list;
	if (!out->failed)
		out->channels[out->channel_count++] = (struct pst_vendor_channel){
			.vendor = found->vendor, .sort = sort, .channel = channel
		};
	return !out->failed;
}

static int by_end(const void *left, const void *right)
{
	const struct pst_vendor_channel *a = left, *b = right;
	int r;

	if (a->vendor != b->vendor)
		return a->vendor < b->vendor ? -1 : 1;
	if (a->sort != b->sort)
		return a->sort < b->sort ? -1 : 1;
	r = pst_channel_end_order(a->channel, b->channel);
	if (r != 0)
		return r;
	return compare_texts(a->channel->name, b->channel->name);
}

/* Several processes may hold the same: it is told once. */
static void count_ends(struct pst_vendors *out)
{
	size_t kept = 0;

	if (out->channel_count)
		qsort(out->channels, out->channel_count, sizeof(*out->channels), by_end);
	for (size_t i = 0; i < out->channel_count; i++) {
		struct pst_vendor_channel *one = &out->channels[i];
		struct pst_vendor *vendor = &out->list[one->vendor];

		if (kept && by_end(&out->channels[kept - 1], one) == 0)
			continue;
		if (!vendor->count[one->sort]++)
			vendor->first[one->sort] = kept;
		out->channels[kept++] = *one;
	}
	out->channel_count = kept;
}

static size_t weight(const struct pst_vendor *vendor)
{
	return vendor->count[PST_VENDOR_UNUSUAL] + vendor->count[PST_VENDOR_EXTERNAL] +
	       vendor->count[PST_VENDOR_LISTENS];
}

static int by_need(const void *left, const void *right)
{
	const struct pst_vendor *a = left, *b = right;

	if (!a->contract != !b->contract)
		return a->contract ? 1 : -1;
	if (weight(a) != weight(b))
		return weight(a) > weight(b) ? -1 : 1;
	return compare_names(a->program, b->program);
}

static void collect(struct collecting *c)
{
	struct pst_vendors *out = c->out;

	pst_attrib_each_image(pst_engine_attrib(c->engine), note_image, c);
	if (out->failed || !c->image_count)
		return;
	out->list = calloc(c->image_count, sizeof(*out->list));
	c->numbers = calloc(c->image_count, sizeof(*c->numbers));
	out->failed = !out->list || !c->numbers;
	if (out->failed)
		return;
	qsort(c->images, c->image_count, sizeof(struct pst_image *), by_name);
	make_rows(c);
	qsort(c->numbers, c->number_count, sizeof(*c->numbers), compare_numbers);
	pst_profile_each(pst_engine_profile(c->engine), note_channel, c);
	count_ends(out);
	qsort(out->list, out->count, sizeof(*out->list), by_need);
	for (size_t i = 0; i < out->count; i++)
		out->unbound += !out->list[i].contract;
}

void pst_vendors_collect(const struct pst_engine *engine, struct pst_vendors *out)
{
	struct collecting c = { .engine = engine, .out = out };

	memset(out, 0, sizeof(*out));
	collect(&c);
	free(c.images);
	free(c.numbers);
}

void pst_vendors_free(struct pst_vendors *vendors)
{
	free(vendors->list);
	free(vendors->channels);
	memset(vendors, 0, sizeof(*vendors));
}
