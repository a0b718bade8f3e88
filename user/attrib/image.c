// SPDX-License-Identifier: Apache-2.0
/* Which image is that, what executed it, and to whom is it charged? Images form the lineage: a fork
 * copies one, an exec makes one. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "attrib/tables.h"

#define UNSET 0xffffffffu /* audit's word for no session and no login */

static struct pst_image_slot *slot_of(struct pst_image *image)
{
	return (struct pst_image_slot *)image; /* the image is its first member */
}

static bool is_idle(const struct pst_image_slot *slot)
{
	return slot->users == 0 && slot->image.children == 0;
}

static void add(struct pst_attrib *attrib, struct pst_image_slot *slot, uint32_t *counter)
{
	if (is_idle(slot))
		attrib->idle_images--;
	++*counter;
}

static void take_away(struct pst_attrib *attrib, struct pst_image_slot *slot, uint32_t *counter)
{
	assert(*counter > 0);
	--*counter;
	if (is_idle(slot))
		attrib->idle_images++;
}

static void unbind(struct pst_image *image)
{
	image->contract = -1;
	image->software = -1;
	image->binder = NULL;
	image->contract_generation = 0; /* no set has this generation: it is judged again */
}

void pst_image_slot_hold(struct pst_attrib *attrib, struct pst_image_slot *slot)
{
	add(attrib, slot, &slot->users);
}

void pst_image_slot_release(struct pst_attrib *attrib, struct pst_image_slot *slot)
{
	take_away(attrib, slot, &slot->users);
}

void pst_image_slot_blank(struct pst_attrib *attrib, struct pst_image_slot *slot)
{
	struct pst_image *image = &slot->image;

	image->program = &attrib->unknown;
	image->program->refs++;
	image->cgroup = attrib->empty;
	image->unit = attrib->empty;
	image->session_id = UNSET;
	image->login_uid = UNSET;
	unbind(image);
}

struct pst_image_slot *pst_image_slot_peek(struct pst_attrib *attrib, const struct pst_image_id *id)
{
	return pst_table_peek(attrib->images, id);
}

/*
 * make_room - so that a new image replaces an idle one
 * Held ones at the old end are moved to the young one, so that each is passed over once in a turn
 * of the table.
 */
static void make_room(struct pst_attrib *attrib)
{
	const void *key;
	const struct pst_image_slot *slot;

	if (pst_table_count(attrib->images) < attrib->keys.max_images)
		return;
	while (attrib->idle_images == 0 && pst_attrib_evict_process(attrib))
		; /* each ended process that goes may have been the last one that needed its image
		   */
	if (attrib->idle_images == 0)
		return; /* the table forces one out */
	while ((slot = pst_table_next(attrib->images, NULL, &key)) && !is_idle(slot))
		(void)pst_table_find(attrib->images, key); /* counts as use */
}

struct pst_image_slot *pst_image_slot_get(struct pst_attrib *attrib, const struct pst_image_id *id)
{
	struct pst_image_slot *slot = pst_table_find(attrib->images, id);
	bool created;

	if (slot)
		return slot;
	make_room(attrib);
	slot = pst_table_put(attrib->images, id, &created);
	if (!slot)
		return NULL;
	slot->image.id = *id;
	pst_image_slot_blank(attrib, slot);
	attrib->idle_images++;
	attrib->undescribed++;
	return slot;
}

/* What was bound through @slot was bound by a lineage that is no longer the known one. */
static void unbind_descendants(struct pst_attrib *attrib, const struct pst_image *ancestor)
{
	struct pst_image_slot *slot = NULL;

	while ((slot = pst_table_next(attrib->images, slot, NULL))) {
		const struct pst_image *at = slot->image.prev;

		for (unsigned int i = 0; at && at != ancestor && i < PST_LINEAGE_MAX; i++)
			at = at->prev;
		if (at)
			unbind(&slot->image);
	}
}

void pst_image_slot_link(struct pst_attrib *attrib, struct pst_image_slot *slot,
			 struct pst_image_slot *prev)
{
	struct pst_image *image = &slot->image;

	if (image->prev == &prev->image || prev->image.id.exec_ns >= image->id.exec_ns)
		return;
	if (image->prev)
		take_away(attrib, slot_of(image->prev), &image->prev->children);
	image->prev = &prev->image;
	add(attrib, prev, &prev->image.children);
	unbind(image);
	if (image->children)
		unbind_descendants(attrib, image);
}

static char *copy_bytes(const void *data, size_t len)
{
	char *copy = malloc(len + 1);

	if (!copy)
		return NULL;
	if (len)
		memcpy(copy, data, len);
	copy[len] = '\0';
	return copy;
}

/* An image without memory for its words has none: "" is a legal answer. */
static char *copy_or_empty(struct pst_attrib *attrib, struct pst_span text)
{
	char *copy = text.len ? copy_bytes(text.data, text.len) : NULL;

	return copy ? copy : attrib->empty;
}

static void free_words(struct pst_attrib *attrib, struct pst_image *image)
{
	free(image->args);
	if (image->cgroup != attrib->empty)
		free(image->cgroup);
	if (image->unit != attrib->empty)
		free(image->unit);
}

static void take_words(struct pst_attrib *attrib, struct pst_image *image,
		       const struct pst_exec *exec)
{
	struct pst_span cgroup = { .data = (const uint8_t *)exec->cgroup,
				   .len = strlen(exec->cgroup) };

	free_words(attrib, image);
	image->args = exec->args.len ? copy_bytes(exec->args.data, exec->args.len) : NULL;
	image->args_len = image->args ? exec->args.len : 0;
	image->args_cut = exec->args_cut;
	image->cgroup = copy_or_empty(attrib, cgroup);
	image->unit = copy_or_empty(attrib, pst_program_unit(exec->cgroup));
}

void pst_image_slot_describe(struct pst_attrib *attrib, struct pst_image_slot *slot,
			     const struct pst_event *event)
{
	struct pst_image *image = &slot->image;
	const struct pst_exec *exec = &event->exec;
	struct pst_program *program;

	if (slot->described)
		return;
	program = pst_program_intern(attrib, event);
	if (!program)
		return;
	image->program->refs--;
	image->program = program;
	program->refs++;
	take_words(attrib, image, exec);
	image->session_id = exec->session_id;
	image->login_uid = exec->login_uid;
	image->uid = event->task.uid;
	image->stdio_mask = exec->stdio_mask;
	memcpy(image->stdio, exec->stdio, sizeof(image->stdio));
	image->preexisting = event->preexisting;
	unbind(image);
	if (image->children)
		unbind_descendants(attrib, image);
	slot->described = true;
	attrib->undescribed--;
}

/* Only when every image is needed: walk both tables, so that nothing points to the one that goes.
 */
static void cut_loose(struct pst_attrib *attrib, struct pst_image_slot *victim)
{
	struct pst_image_slot *slot = NULL;
	struct pst_process *process = NULL;

	unbind_descendants(attrib, &victim->image);
	while ((slot = pst_table_next(attrib->images, slot, NULL))) {
		if (slot->image.prev == &victim->image)
			slot->image.prev = NULL;
		if (slot->image.binder == &victim->image)
			unbind(&slot->image);
	}
	while ((process = pst_table_next(attrib->processes, process, NULL))) {
		if (process->image != &victim->image)
			continue;
		process->image = &attrib->lost.image;
		attrib->lost.users++;
		attrib->lost.image.processes += !process->exited;
	}
}

void pst_image_slot_drop(void *context, const void *key, void *value)
{
	struct pst_attrib *attrib = context;
	struct pst_image_slot *slot = value;

	(void)key;
	if (!attrib->closing) {
		if (is_idle(slot))
			attrib->idle_images--;
		else
			cut_loose(attrib, slot);
		if (slot->image.prev)
			take_away(attrib, slot_of(slot->image.prev), &slot->image.prev->children);
	}
	slot->image.program->refs--;
	attrib->undescribed -= !slot->described;
	free_words(attrib, &slot->image);
}

bool pst_image_slot_keep(void *context, const void *key, const void *value)
{
	(void)context;
	(void)key;
	return !is_idle(value);
}

/* Inheritance ends where somebody else took charge: another unit, or another login. What is unknown
 * ends nothing. */
static bool is_same_charge(const struct pst_image *image, const struct pst_image *ancestor)
{
	if (image->cgroup[0] && ancestor->cgroup[0] && strcmp(image->unit, ancestor->unit) != 0)
		return false;
	return image->session_id == ancestor->session_id || image->session_id == UNSET ||
	       ancestor->session_id == UNSET;
}

const struct pst_image *pst_attrib_subject(const struct pst_image *image)
{
	const struct pst_image *at = image;

	for (unsigned int i = 0; at && i < PST_LINEAGE_MAX && is_same_charge(image, at); i++) {
		if (at->program->vendor)
			return at;
		at = at->prev;
	}
	return NULL;
}
