// SPDX-License-Identifier: Apache-2.0
/* Which image is that, what was told of it, and which one makes room? Images form the lineage: a
 * fork copies one, an exec makes one. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "attrib/tables.h"

#define UNSET 0xffffffffu /* audit's word for no session and no login */
#define FORCED_SHARE 128u /* of a full table goes at once: to look for one is to walk it all */

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

void pst_image_slot_unbind(struct pst_image_slot *slot)
{
	slot->image.contract = -1;
	slot->image.software = -1;
	slot->image.binder = NULL;
	slot->image.contract_generation = 0; /* no set has this generation: it is judged again */
}

void pst_image_slot_hold(struct pst_attrib *attrib, struct pst_image_slot *slot)
{
	add(attrib, slot, &slot->users);
}

void pst_image_slot_release(struct pst_attrib *attrib, struct pst_image_slot *slot)
{
	take_away(attrib, slot, &slot->users);
}

void pst_image_slot_adopt(struct pst_attrib *attrib, struct pst_image_slot *slot)
{
	add(attrib, slot, &slot->image.children);
}

void pst_image_slot_disown(struct pst_attrib *attrib, struct pst_image_slot *slot)
{
	take_away(attrib, slot, &slot->image.children);
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
	pst_image_slot_unbind(slot);
}

struct pst_image_slot *pst_image_slot_peek(struct pst_attrib *attrib, const struct pst_image_id *id)
{
	return pst_table_peek(attrib->images, id);
}

enum worth { NO_PROCESS, SYSTEM, VENDOR, BINDER, WORTHS };

/* How much is lost with it? What binds others goes last: with it they would lose their contract. */
static enum worth worth(const struct pst_image_slot *slot)
{
	if (slot->image.binder == &slot->image)
		return BINDER;
	if (slot->image.program->vendor)
		return VENDOR;
	return slot->users > 0 ? SYSTEM : NO_PROCESS;
}

/* Every image is needed: those go with which least is lost; of these the least recently used. None
 * that binds goes together with others: it may not be needed that they make more room. */
static void force_some_out(struct pst_attrib *attrib)
{
	size_t of_worth[WORTHS] = { 0 }, wanted = attrib->keys.max_images / FORCED_SHARE + 1,
	       left = wanted;
	struct pst_image_slot *slot = NULL;
	enum worth most = NO_PROCESS;

	while ((slot = pst_table_next(attrib->images, slot, NULL)))
		of_worth[worth(slot)]++;
	while (most < BINDER && of_worth[most] < left)
		left -= of_worth[most++];
	if (most == BINDER && left < wanted)
		left = 0;
	while ((slot = pst_table_next(attrib->images, slot, NULL))) {
		slot->going = worth(slot) < most || (worth(slot) == most && left);
		left -= slot->going && worth(slot) == most;
	}
	pst_image_slot_cut_out(attrib);
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
	if (attrib->idle_images == 0) {
		force_some_out(attrib);
		return;
	}
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
	free(image->cwd);
	free(image->container_image);
	image->container_image = NULL;
	if (image->cgroup != attrib->empty)
		free(image->cgroup);
	if (image->unit != attrib->empty)
		free(image->unit);
	if (image->home != attrib->empty)
		free(image->home);
	image->home = NULL;
}

/* A cgroup path that was cut lost its upper end, and what is left may be of the caller's own
 * making: it stays where its caller was. */
static void take_unit(struct pst_attrib *attrib, struct pst_image *image,
		      const struct pst_exec *exec)
{
	struct pst_span cgroup = { .data = (const uint8_t *)exec->cgroup,
				   .len = strlen(exec->cgroup) };
	struct pst_span unit = pst_program_unit(exec->cgroup);

	if (exec->cgroup_cut) {
		const char *same = image->prev ? image->prev->unit : "";

		cgroup.len = 0;
		unit = (struct pst_span){ .data = (const uint8_t *)same, .len = strlen(same) };
	}
	image->cgroup = copy_or_empty(attrib, cgroup);
	image->unit = copy_or_empty(attrib, unit);
}

/* Likewise of the container. */
static void take_container(struct pst_attrib *attrib, struct pst_image *image,
			   const struct pst_exec *exec)
{
	const struct pst_image *caller = image->prev;
	struct pst_container container = pst_container_of(exec->cgroup);

	if (exec->cgroup_cut) {
		memcpy(container.id, caller ? caller->container_id : "",
		       caller ? sizeof(container.id) : 1);
		container.runtime = caller ? caller->runtime : NULL;
	}
	memcpy(image->container_id, container.id, sizeof(image->container_id));
	image->runtime = container.runtime;
	pst_container_name(attrib, image);
}

static void take_words(struct pst_attrib *attrib, struct pst_image *image,
		       const struct pst_exec *exec)
{
	free_words(attrib, image);
	image->args = exec->args.len ? copy_bytes(exec->args.data, exec->args.len) : NULL;
	image->args_len = image->args ? exec->args.len : 0;
	image->args_cut = exec->args_cut;
	image->cwd = exec->cwd && !exec->cwd_cut ? strdup(exec->cwd) : NULL;
	take_unit(attrib, image, exec);
	take_container(attrib, image, exec);
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
	pst_moves_settle(attrib, pst_table_peek(attrib->processes, &event->task.proc), image);
	image->session_id = exec->session_id;
	image->login_uid = exec->login_uid;
	image->uid = event->task.uid;
	image->stdio_mask = exec->stdio_mask;
	memcpy(image->stdio, exec->stdio, sizeof(image->stdio));
	image->has_more = exec->has_more;
	image->caps_effective = exec->caps_effective;
	image->caps_permitted = exec->caps_permitted;
	memcpy(image->pipe_inode, exec->pipe_inode, sizeof(image->pipe_inode));
	memcpy(image->peer_cookie, exec->peer_cookie, sizeof(image->peer_cookie));
	image->preexisting = event->preexisting;
	pst_image_slot_unbind(slot);
	pst_image_slot_unbind_below(attrib, slot);
	slot->described = true;
	attrib->undescribed--;
}

void pst_image_slot_drop(void *context, const void *key, void *value)
{
	struct pst_attrib *attrib = context;
	struct pst_image_slot *slot = value;

	(void)key;
	if (!attrib->closing) {
		assert(is_idle(slot)); /* no other one ever goes */
		attrib->idle_images--;
		if (slot->image.prev)
			pst_image_slot_disown(attrib, pst_image_slot_of(slot->image.prev));
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
