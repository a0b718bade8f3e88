// SPDX-License-Identifier: Apache-2.0
/* What stands above an image, and to whom is the image charged? */
#include <string.h>

#include "attrib/tables.h"

#define UNSET 0xffffffffu /* audit's word for no session */
#define PROCESS_LOOKS 1024u
#define SUBJECT_LOOKS 1024u /* a nest of living shells is cheap: deeper than any honest one */

/*
 * stands_above - did @ancestor, executed before @image, lead to it?
 * Lineages go back in time, so the walk ends at what is older. One that is not at its end after so
 * many steps counts as below: to be judged again harms nobody.
 */
static bool stands_above(const struct pst_image *ancestor, const struct pst_image *image)
{
	const struct pst_image *at = image->prev;
	unsigned int i;

	for (i = 0; at && at->id.exec_ns > ancestor->id.exec_ns && i < 2 * PST_LINEAGE_MAX; i++)
		at = at->prev;
	return at && (at == ancestor || at->id.exec_ns > ancestor->id.exec_ns);
}

void pst_image_slot_unbind_below(struct pst_attrib *attrib, struct pst_image_slot *slot)
{
	struct pst_image_slot *other = NULL;

	if (!slot->image.children)
		return;
	while ((other = pst_table_next(attrib->images, other, NULL))) {
		if (stands_above(&slot->image, &other->image))
			pst_image_slot_unbind(other);
	}
}

void pst_image_slot_link(struct pst_attrib *attrib, struct pst_image_slot *slot,
			 struct pst_image_slot *prev)
{
	struct pst_image *image = &slot->image;

	if (image->prev == &prev->image || prev->image.id.exec_ns >= image->id.exec_ns)
		return;
	if (image->prev)
		pst_image_slot_disown(attrib, pst_image_slot_of(image->prev));
	image->prev = &prev->image;
	if (!slot->described) /* what executed it is all that is known */
		image->strayed |= prev->image.strayed;
	pst_image_slot_adopt(attrib, prev);
	pst_image_slot_unbind(slot);
	pst_image_slot_unbind_below(attrib, slot);
}

static bool has_session(const struct pst_image *image)
{
	return image->session_id && image->session_id != UNSET;
}

/* Inheritance ends where somebody else took charge: another unit, or another login. What is unknown
 * ends nothing, nor does a first login: anybody without a session may begin one. */
static bool is_same_charge(const struct pst_image *image, const struct pst_image *ancestor)
{
	const char *unit = pst_image_home_unit(image), *above = pst_image_home_unit(ancestor);

	if (unit[0] && above[0] && strcmp(unit, above) != 0)
		return false;
	return image->session_id == ancestor->session_id || !has_session(image) ||
	       !has_session(ancestor);
}

const struct pst_image *pst_attrib_subject(const struct pst_image *image)
{
	const struct pst_image *at = image;

	for (unsigned int i = 0; at && i < SUBJECT_LOOKS && is_same_charge(image, at); i++) {
		if (at->program->vendor)
			return at;
		at = at->prev;
	}
	return NULL;
}

bool pst_attrib_descends(const struct pst_attrib *attrib, const struct pst_proc_id *id,
			 const struct pst_proc_id *ancestor)
{
	const struct pst_process *at = pst_attrib_find(attrib, id);
	unsigned int i;

	for (i = 0; at && i < PROCESS_LOOKS; i++) {
		if (memcmp(&at->parent, ancestor, sizeof(*ancestor)) == 0)
			return true;
		at = pst_attrib_find(attrib, &at->parent);
	}
	return false;
}
