// SPDX-License-Identifier: Apache-2.0
/* Who did it? Every event that names a task makes or refreshes its process, so that each record
 * repairs what a lost one left out. */
#include "attrib/attrib.h"

#include <stdlib.h>
#include <string.h>

#include "attrib/tables.h"

#define DEFAULT_MAX 16384u
#define LEAST_MAX 64u /* below, one event could push out what it has just made */

static void on_process_drop(void *context, const void *key, void *value)
{
	struct pst_attrib *attrib = context;
	struct pst_process *process = value;
	const struct pst_proc_id *youngest = pst_table_peek(attrib->pids, &process->id.tgid);

	if (youngest && memcmp(youngest, key, sizeof(*youngest)) == 0)
		(void)pst_table_remove(attrib->pids,
				       &process->id.tgid); /* it is there: just found */
	if (!process->exited) {
		attrib->living--;
		process->image->processes--;
	}
	pst_image_slot_release(attrib, (struct pst_image_slot *)process->image);
}

static bool is_living(void *context, const void *key, const void *value)
{
	const struct pst_process *process = value;

	(void)context;
	(void)key;
	return !process->exited;
}

/* Living ones at the old end are moved to the young one: each is passed over once in a turn of the
 * table. */
static const struct pst_process *oldest_ended(struct pst_attrib *attrib)
{
	const struct pst_process *process;
	const void *key;

	if (attrib->living == pst_table_count(attrib->processes))
		return NULL;
	while ((process = pst_table_next(attrib->processes, NULL, &key)) && !process->exited)
		(void)pst_table_find(attrib->processes, key); /* counts as use */
	return process;
}

bool pst_attrib_evict_process(struct pst_attrib *attrib)
{
	const struct pst_process *process = oldest_ended(attrib);
	struct pst_proc_id id;

	if (!process)
		return false;
	id = process->id;
	attrib->removed++;
	return pst_table_remove(attrib->processes, &id);
}

static void end_process(struct pst_attrib *attrib, struct pst_process *process, uint64_t time_ns)
{
	if (process->exited)
		return;
	process->exited = true;
	process->exit_ns = time_ns;
	process->image->processes--;
	attrib->living--;
}

/* A pid that is used again says that its former owner ended, even when the EXIT was lost. */
static void note_pid(struct pst_attrib *attrib, const struct pst_process *process, uint64_t time_ns)
{
	struct pst_proc_id *youngest = pst_table_put(attrib->pids, &process->id.tgid, NULL);
	struct pst_process *former;

	if (!youngest || youngest->start_ns > process->id.start_ns)
		return;
	if (youngest->tgid && youngest->start_ns < process->id.start_ns) {
		former = pst_table_peek(attrib->processes, youngest);
		if (former)
			end_process(attrib, former, time_ns);
	}
	*youngest = process->id;
}

/* Keeps pointers to images good: makes room among the processes only. */
static struct pst_process *put_process(struct pst_attrib *attrib, const struct pst_event *event,
				       struct pst_image_slot *slot)
{
	const struct pst_task *task = &event->task;
	struct pst_process *process = pst_table_find(attrib->processes, &task->proc);

	if (process)
		return process;
	if (pst_table_count(attrib->processes) >= attrib->keys.max_processes)
		(void)oldest_ended(attrib); /* moves it to the end that makes room; when all live,
					       the oldest goes */
	process = pst_table_put(attrib->processes, &task->proc, NULL);
	if (!process)
		return NULL;
	process->id = task->proc;
	process->parent = task->parent;
	process->root = task->root;
	process->preexisting = event->preexisting;
	process->image = &slot->image;
	slot->image.processes++;
	attrib->living++;
	pst_image_slot_hold(attrib, slot);
	pst_moves_born(attrib, process);
	note_pid(attrib, process, event->time_ns);
	return process;
}

/* An owner's task was copied when its socket was made: it may name an image that has been replaced
 * since. */
static void move_to_image(struct pst_attrib *attrib, struct pst_process *process,
			  struct pst_image_slot *slot)
{
	struct pst_image *former = process->image;

	if (former == &slot->image ||
	    (former != &attrib->lost.image && former->id.exec_ns >= slot->image.id.exec_ns))
		return;
	pst_image_slot_hold(attrib, slot);
	pst_image_slot_release(attrib, (struct pst_image_slot *)former);
	if (!process->exited) {
		former->processes--;
		slot->image.processes++;
	}
	process->image = &slot->image;
}

static struct pst_image_slot *slot_of_process(struct pst_attrib *attrib,
					      const struct pst_proc_id *id)
{
	struct pst_process *process = pst_table_peek(attrib->processes, id);

	if (!process || process->image == &attrib->lost.image)
		return NULL;
	return (struct pst_image_slot *)process->image;
}

/*
 * link_by_guess - what executed this image, when no EXEC has said it?
 * What the process ran before; else what its parent runs; else what the first process of its
 * lineage runs. So a lost EXEC costs a name, and not the lineage.
 */
static void link_by_guess(struct pst_attrib *attrib, const struct pst_task *task,
			  struct pst_image_slot *slot)
{
	const struct pst_proc_id *const ids[] = { &task->proc, &task->parent, &task->root };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]) && !slot->image.prev; i++) {
		struct pst_image_slot *prev = slot_of_process(attrib, ids[i]);

		if (prev && prev != slot)
			pst_image_slot_link(attrib, slot, prev);
	}
}

/* Images older than us are named by the start of their process, so a parent's can be named before
 * it is met. */
static struct pst_image_id prev_of(const struct pst_event *event)
{
	const struct pst_task *task = &event->task;

	if (event->type != PST_EVENT_EXEC)
		return (struct pst_image_id){ .tgid = 0 };
	if (event->exec.prev.tgid || !event->preexisting)
		return event->exec.prev;
	return (struct pst_image_id){ .exec_ns = task->parent.start_ns, .tgid = task->parent.tgid };
}

static struct pst_image_id image_of(const struct pst_task *task)
{
	if (task->image.tgid)
		return task->image;
	return (struct pst_image_id){ .exec_ns = task->proc.start_ns, .tgid = task->proc.tgid };
}

static struct pst_image_slot *guessed_image(struct pst_attrib *attrib, const struct pst_task *task,
					    const struct pst_image_id *id)
{
	struct pst_image_slot *slot = pst_image_slot_get(attrib, id);

	if (slot && !slot->described && !slot->image.prev)
		link_by_guess(attrib, task, slot);
	return slot;
}

/* The image that the event names, with its lineage as far as this event tells it. */
static struct pst_image_slot *see_image(struct pst_attrib *attrib, const struct pst_event *event)
{
	struct pst_image_id id = image_of(&event->task);
	struct pst_image_id prev_id = prev_of(event);
	struct pst_image_slot *slot, *prev;

	if (!prev_id.tgid || prev_id.exec_ns >= id.exec_ns)
		return guessed_image(attrib, &event->task, &id);
	(void)guessed_image(attrib, &event->task,
			    &prev_id); /* looked up again below: making the next may move it */
	slot = pst_image_slot_get(attrib, &id);
	prev = pst_image_slot_peek(attrib, &prev_id);
	if (slot && prev && !slot->described)
		pst_image_slot_link(attrib, slot, prev);
	return slot;
}

static void refresh(struct pst_process *process, const struct pst_event *event)
{
	const struct pst_task *task = &event->task;

	if (event->no_task && process->comm[0])
		return;
	process->uid = task->uid;
	process->netns = task->netns;
	process->mntns = task->mntns;
	process->pidns = task->pidns;
	process->cgroup_id = task->cgroup_id;
	memcpy(process->comm, task->comm, sizeof(process->comm));
}

static void see_host(struct pst_attrib *attrib, const struct pst_host *host)
{
	attrib->host_root_dev = host->root_dev;
	attrib->host_mntns = host->init_mntns;
}

struct pst_process *pst_attrib_see(struct pst_attrib *attrib, const struct pst_event *event)
{
	struct pst_image_slot *slot;
	struct pst_process *process;

	if (event->type == PST_EVENT_HOST)
		see_host(attrib, &event->host);
	pst_names_see(attrib, event);
	if (event->no_owner || event->task.proc.tgid == 0)
		return NULL;
	slot = see_image(attrib, event);
	process = slot ? put_process(attrib, event, slot) : NULL;
	if (!process)
		return NULL;
	move_to_image(attrib, process, slot);
	refresh(process, event);
	if (event->type == PST_EVENT_EXEC)
		pst_image_slot_describe(attrib, slot, event);
	if (event->type == PST_EVENT_EXEC || !slot->described)
		pst_image_slot_shorten(attrib, slot);
	if (event->type == PST_EVENT_ACT && event->act.act == PST_MOVED)
		pst_moves_see(attrib, process, event);
	if (event->type == PST_EVENT_EXIT) {
		process->exit_code = event->exit_code;
		end_process(attrib, process, event->time_ns);
	}
	return process;
}

static size_t bound(size_t wanted)
{
	if (wanted == 0)
		return DEFAULT_MAX;
	return wanted < LEAST_MAX ? LEAST_MAX : wanted;
}

static int make_tables(struct pst_attrib *attrib)
{
	attrib->processes =
		pst_table_new(&(struct pst_table_shape){ .key_bytes = sizeof(struct pst_proc_id),
							 .value_bytes = sizeof(struct pst_process),
							 .capacity = attrib->keys.max_processes,
							 .on_drop = on_process_drop,
							 .keep = is_living,
							 .context = attrib });
	attrib->pids =
		pst_table_new(&(struct pst_table_shape){ .key_bytes = sizeof(uint32_t),
							 .value_bytes = sizeof(struct pst_proc_id),
							 .capacity = attrib->keys.max_processes });
	attrib->images = pst_table_new(
		&(struct pst_table_shape){ .key_bytes = sizeof(struct pst_image_id),
					   .value_bytes = sizeof(struct pst_image_slot),
					   .capacity = attrib->keys.max_images,
					   .on_drop = pst_image_slot_drop,
					   .keep = pst_image_slot_keep,
					   .context = attrib });
	/* one more than images: while an image is described, its new program and its old one are
	 * both there */
	attrib->programs =
		pst_table_new(&(struct pst_table_shape){ .key_bytes = PST_PROGRAM_KEY,
							 .value_bytes = sizeof(struct pst_program),
							 .capacity = attrib->keys.max_images + 1,
							 .on_drop = pst_program_drop,
							 .keep = pst_program_keep });
	attrib->measured = pst_table_new(
		&(struct pst_table_shape){ .key_bytes = sizeof(struct pst_measured_key),
					   .value_bytes = PST_MEASURED_TEXT,
					   .capacity = PST_MEASURED_FILES });
	attrib->containers = pst_containers_new();
	if (!attrib->processes || !attrib->pids || !attrib->images || !attrib->programs ||
	    !attrib->measured || !attrib->containers)
		return -1;
	return pst_names_init(&attrib->names, &attrib->keys);
}

struct pst_attrib *pst_attrib_new(const struct pst_attrib_keys *keys)
{
	struct pst_attrib *attrib = calloc(1, sizeof(*attrib));

	if (!attrib)
		return NULL;
	attrib->keys = *keys;
	attrib->keys.max_processes = bound(keys->max_processes);
	attrib->keys.max_images = bound(keys->max_images);
	attrib->next_number = 1;
	attrib->unknown.path = attrib->empty;
	attrib->lost.users = 1; /* never idle: it is in no table */
	pst_image_slot_blank(attrib, &attrib->lost);
	if (make_tables(attrib) < 0) {
		pst_attrib_free(attrib);
		return NULL;
	}
	return attrib;
}

void pst_attrib_free(struct pst_attrib *attrib)
{
	if (!attrib)
		return;
	attrib->closing = true;
	pst_table_free(attrib->processes); /* needs pids and images */
	pst_table_free(attrib->pids);
	pst_table_free(attrib->images); /* needs programs */
	pst_table_free(attrib->programs);
	pst_table_free(attrib->measured);
	pst_table_free(attrib->containers);
	pst_names_clear(&attrib->names);
	free(attrib);
}

struct pst_process *pst_attrib_find(const struct pst_attrib *attrib, const struct pst_proc_id *id)
{
	return pst_table_peek(attrib->processes, id);
}

struct pst_process *pst_attrib_find_pid(const struct pst_attrib *attrib, uint32_t tgid)
{
	const struct pst_proc_id *youngest = pst_table_peek(attrib->pids, &tgid);

	return youngest ? pst_table_peek(attrib->processes, youngest) : NULL;
}

void pst_attrib_each(struct pst_attrib *attrib,
		     bool (*visit)(void *context, struct pst_process *process), void *context)
{
	struct pst_process *process = NULL;

	while ((process = pst_table_next(attrib->processes, process, NULL))) {
		if (!visit(context, process))
			return;
	}
}

void pst_attrib_each_image(struct pst_attrib *attrib,
			   bool (*visit)(void *context, struct pst_image *image), void *context)
{
	struct pst_image_slot *slot = NULL;

	while ((slot = pst_table_next(attrib->images, slot, NULL))) {
		if (!visit(context, &slot->image))
			return;
	}
}

void pst_attrib_figures(const struct pst_attrib *attrib, struct pst_attrib_figures *out)
{
	*out = (struct pst_attrib_figures){
		.processes = pst_table_count(attrib->processes),
		.living = attrib->living,
		.images = pst_table_count(attrib->images),
		.programs = pst_table_count(attrib->programs),
		.evicted = pst_table_evicted(attrib->processes) +
			   pst_table_evicted(attrib->images) + attrib->removed,
		.unknown_images = attrib->undescribed,
		.named = pst_table_count(attrib->names.addresses),
		.names_evicted = pst_table_evicted(attrib->names.addresses) + attrib->names.dropped,
		.dns_questions = attrib->names.asked,
		.dns_answers = attrib->names.answered,
		.dns_unmatched = attrib->names.unmatched,
		.dns_untrusted = attrib->names.untrusted,
		.dns_malformed = attrib->names.malformed,
	};
}
