// SPDX-License-Identifier: Apache-2.0
/* Which image may leave a lineage, and what becomes of those around it? A program that executes
 * itself for ever would fill the table, and what binds it would be forced out. */
#include "attrib/tables.h"

#define LOOKS 128u /* images that are asked whether they may go */
#define STEPS 2u   /* one event adds at most two images to a lineage: one and its caller */

static void unbind_from(struct pst_attrib *attrib, const struct pst_image *binder)
{
	struct pst_image_slot *slot = NULL;

	while ((slot = pst_table_next(attrib->images, slot, NULL))) {
		if (slot->image.binder == binder)
			pst_image_slot_unbind(slot);
	}
}

static bool is_going(struct pst_image *image)
{
	return image && pst_image_slot_of(image)->going;
}

/* pass_on - what came of one that goes comes of the nearest that stays, who keeps it bound; so does
 * one that goes itself: all of its callers may be gone before it */
static void pass_on(struct pst_attrib *attrib, struct pst_image *image)
{
	struct pst_image *prev = image->prev, *stays = prev;

	if (!is_going(prev))
		return;
	while (is_going(stays)) /* bounded: `prev` is always older */
		stays = stays->prev;
	image->prev = stays;
	if (stays)
		pst_image_slot_adopt(attrib, pst_image_slot_of(stays));
	pst_image_slot_disown(attrib, pst_image_slot_of(prev));
}

static void remove_going(struct pst_attrib *attrib)
{
	struct pst_image_slot *slot = pst_table_next(attrib->images, NULL, NULL), *next;

	for (; slot; slot = next) {
		struct pst_image_id id = slot->image.id;

		next = pst_table_next(attrib->images, slot, NULL);
		if (!slot->going)
			continue;
		attrib->removed++;
		(void)pst_table_remove(attrib->images, &id); /* it is there: just found */
	}
}

void pst_image_slot_cut_out(struct pst_attrib *attrib)
{
	struct pst_image_slot *slot = NULL;
	struct pst_process *process = NULL;

	while ((slot = pst_table_next(attrib->images, slot, NULL))) {
		pass_on(attrib, &slot->image);
		if (is_going(slot->image.binder))
			pst_image_slot_unbind(slot);
	}
	while ((process = pst_table_next(attrib->processes, process, NULL))) {
		if (!is_going(process->image))
			continue;
		pst_image_slot_release(attrib, pst_image_slot_of(process->image));
		process->image = &attrib->lost.image;
		attrib->lost.users++;
		attrib->lost.image.processes += !process->exited;
	}
	remove_going(attrib);
}

/* May it still turn out to bind, or to be vendor software? Until it is judged together with the one
 * that came of it; without a description, only when it was perhaps there before us. */
static bool is_settled(const struct pst_image_slot *slot, const struct pst_image *child)
{
	if (!slot->described)
		return !child->preexisting;
	return slot->image.contract_generation == child->contract_generation;
}

/*
 * is_redundant - does nothing get lost with the image that executed @child?
 * Not the contract: it binds nobody, or the same contract binds @child by its own name. Not the
 * subject: it is no vendor software, or @child is the same program.
 */
static bool is_redundant(const struct pst_image *child)
{
	const struct pst_image_slot *slot = pst_image_slot_of(child->prev);
	const struct pst_image *image = child->prev;
	bool binds = image->binder == image;

	if (slot->users || image->children != 1 || !is_settled(slot, child))
		return false;
	if (image->program == child->program)
		return !binds || (child->binder == child && child->contract == image->contract);
	return !image->program->vendor && !binds;
}

/* Joins @child to what stands above its caller, which then has nobody that needs it. */
static void splice(struct pst_attrib *attrib, struct pst_image *child)
{
	struct pst_image *image = child->prev;
	struct pst_image_id id = image->id;

	child->prev = image->prev;
	if (child->prev)
		pst_image_slot_adopt(attrib, pst_image_slot_of(child->prev));
	pst_image_slot_disown(attrib, pst_image_slot_of(image));
	if (image->has_bound)
		unbind_from(attrib, image);
	(void)pst_table_remove(attrib->images, &id); /* it was there: @child came of it */
}

static bool is_long(const struct pst_image *image)
{
	for (unsigned int i = 0; image && i < PST_LINEAGE_MAX; i++)
		image = image->prev;
	return image != NULL;
}

/* Who executed @slot is not asked: detectors look at both. */
static bool splice_nearest(struct pst_attrib *attrib, struct pst_image_slot *slot)
{
	struct pst_image *child = slot->image.prev;

	for (unsigned int i = 0; child && child->prev && i < LOOKS; i++) {
		if (is_redundant(child)) {
			splice(attrib, child);
			return true;
		}
		child = child->prev;
	}
	return false;
}

void pst_image_slot_shorten(struct pst_attrib *attrib, struct pst_image_slot *slot)
{
	for (unsigned int i = 0; i < STEPS && is_long(&slot->image); i++)
		if (!splice_nearest(attrib, slot))
			return;
}
