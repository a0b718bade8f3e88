// SPDX-License-Identifier: Apache-2.0
/* Which unit is in charge of a process that was put into another cgroup? Root may write any process
 * into any cgroup, or have a child born there: only where systemd did it, somebody else took
 * charge. What is moved in any other way stays with its unit, and so does all that comes of it. */
#include <stdlib.h>
#include <string.h>

#include "attrib/tables.h"

#define INIT_UNIT "init.scope" /* of process 1, and of the managers of users */

const char *pst_image_home_unit(const struct pst_image *image)
{
	return image->home ? image->home : image->unit;
}

/* The unit in charge of an image, or of the nearest one above it that names one: leaving all units,
 * or an EXEC that was lost, is no way out of the charge. */
static const char *charge_of(const struct pst_image *image)
{
	const struct pst_image *at = image;

	while (at && !pst_image_home_unit(at)[0]) /* bounded: `prev` is always older */
		at = at->prev;
	return at ? pst_image_home_unit(at) : "";
}

/* FNV-1a of a unit's name; 0 for what is the name of no unit. Two of one hash harm little: only
 * systemd gives the first, and only root takes the second. */
static uint32_t unit_hash(const char *name)
{
	size_t len = strlen(name);
	uint32_t hash = 2166136261u;

	if (!(len > 8 && strcmp(name + len - 8, ".service") == 0) &&
	    !(len > 6 && strcmp(name + len - 6, ".scope") == 0))
		return 0;
	for (; *name; name++)
		hash = (hash ^ (uint8_t)*name) * 16777619u;
	return hash ? hash : 1;
}

static bool is_manager(const struct pst_process *process)
{
	return process->id.tgid == 1 || strcmp(charge_of(process->image), INIT_UNIT) == 0;
}

/*
 * pst_moves_see - who may say that somebody else is in charge now?
 * systemd. It starts a service by a child that moves itself before it executes anything, or by one
 * that is born in its cgroup. What it handed over stays so when others sort it into a cgroup below
 * the new one, as container runtimes do, but not when it moves itself, and in no other unit.
 */
void pst_moves_see(struct pst_attrib *attrib, const struct pst_process *mover,
		   const struct pst_event *event)
{
	struct pst_process *moved = pst_table_peek(attrib->processes, &event->act.other);

	if (is_manager(mover)) {
		if (moved) {
			moved->handed = true;
			moved->handed_to = unit_hash(event->act.name);
		}
		return;
	}
	if (!moved) { /* a child whose FORK was lost runs what its parent runs */
		mover->image->strayed = true;
		return;
	}
	if (moved->handed && moved != mover)
		return;
	moved->handed = false;
	moved->image->strayed = true;
}

void pst_moves_born(const struct pst_attrib *attrib, struct pst_process *process)
{
	const struct pst_process *parent = pst_table_peek(attrib->processes, &process->parent);

	process->handed = parent && parent->handed;
	process->handed_to = process->handed ? parent->handed_to : 0;
}

void pst_moves_settle(struct pst_attrib *attrib, struct pst_process *process,
		      struct pst_image *image)
{
	bool handed = process && process->handed;
	bool elsewhere = handed && process->handed_to &&
			 process->handed_to != unit_hash(image->unit);
	const char *charge;
	char *copy;

	if (process)
		process->handed = false; /* the unit that it was handed to is that of the image */
	image->strayed = image->prev && (elsewhere || (image->prev->strayed && !handed));
	charge = image->strayed ? charge_of(image->prev) : image->unit;
	if (strcmp(charge, image->unit) == 0)
		return;
	copy = charge[0] ? strdup(charge) : NULL;
	image->home = copy ? copy : attrib->empty;
}
