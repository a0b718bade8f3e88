// SPDX-License-Identifier: Apache-2.0
/* Whom does a contract bind? The software that it names, and by "children" what that software
 * starts. */
#include "contract/contract.h"

#include <string.h>

#include "base/text.h"
#include "contract/alias.h"
#include "contract/set.h"

/* Images of one lineage that are looked at; above what attrib keeps. Usually one is enough: who
 * executed this image was bound before it. After a reload the first image of a lineage settles all
 * that stand above it, so that none is looked at twice, and no lineage is too long to be followed:
 * executing in a row is no way out of a contract. */
#define LINEAGE_LOOKS 65536u
#define NO_SESSION UINT32_MAX /* the kernel's AUDIT_SID_UNSET: a daemon */

struct match {		  /* of an image by an entry of "software" */
	int32_t contract; /* -1: none */
	int32_t software;
	unsigned int path, package, unit, uid; /* how special each key is */
};

/*
 * A path clause speaks of the host's files as the kernel names them. A deleted executable still
 * matches: a daemon that goes on running while its package is upgraded is the vendor's software,
 * and an intruder who deletes his tool below the vendor's folder is to be held against the vendor's
 * contract, not to get out of it. Memory has no path.
 */
static bool has_host_path(const struct pst_program *program)
{
	return program->path[0] == '/' && !program->foreign_root && !program->path_cut &&
	       !program->memfd;
}

/* A unit's cgroup is open to root: who enters it by himself gains nothing of what it may. */
static bool entry_matches(const struct pst_software *entry, const struct pst_image *image)
{
	const char *unit = pst_image_home_unit(image), *package = image->program->package;

	/* whose package is not known yet is bound when the answer comes */
	if (entry->package && !(package && pst_glob_match(entry->package, package)))
		return false;
	if (entry->path &&
	    !(has_host_path(image->program) && pst_alias_match(entry->path, image->program->path)))
		return false;
	if (entry->unit && !(unit[0] && pst_glob_match(entry->unit, unit)))
		return false;
	return !entry->has_uid || entry->uid == image->uid;
}

static bool is_better(const struct pst_contracts *set, const struct match *a, const struct match *b)
{
	if (b->contract < 0)
		return true;
	if (a->path != b->path)
		return a->path > b->path;
	if (a->package != b->package)
		return a->package > b->package;
	if (a->unit != b->unit)
		return a->unit > b->unit;
	if (a->uid != b->uid)
		return a->uid > b->uid;
	return strcmp(set->list[a->contract]->id, set->list[b->contract]->id) < 0;
}

struct choice {
	const struct pst_contracts *set;
	const struct pst_image *image;
	struct match best;
};

static void consider(void *context, const struct pst_index_item *item)
{
	struct choice *choice = context;
	const struct pst_software *entry =
		&choice->set->list[item->contract]->software[item->software];
	struct match match;

	if (!entry_matches(entry, choice->image))
		return;
	match = (struct match){
		.contract = item->contract,
		.software = item->software,
		.path = entry->path ? 1 + pst_glob_weight(entry->path) : 0,
		.package = entry->package ? 1 + pst_glob_weight(entry->package) : 0,
		.unit = entry->unit ? 1 + pst_glob_weight(entry->unit) : 0,
		.uid = entry->has_uid,
	};
	if (is_better(choice->set, &match, &choice->best))
		choice->best = match;
}

/* The most special entry of all contracts that names the image itself. */
static struct match match_image(const struct pst_contracts *set, const struct pst_image *image)
{
	struct choice choice = { set, image, { .contract = -1, .software = -1 } };

	pst_index_each(&set->index, image, consider, &choice);
	return choice.best;
}

static void set_binding(struct pst_image *image, int32_t contract, int32_t software,
			struct pst_image *binder)
{
	image->contract = contract;
	image->software = software;
	image->binder = binder;
	if (binder && binder != image)
		binder->has_bound = true;
}

static bool has_session(const struct pst_image *image)
{
	return image->session_id && image->session_id != NO_SESSION;
}

/* The image left what its binder stands for: another unit is in charge, or somebody else logged in.
 * Unknown is not another one. Nor is what begins from none: whoever has no session may write
 * loginuid once, and who has no unit may make a cgroup of that name and enter it. */
static bool has_left(const struct pst_image *image, const struct pst_image *binder)
{
	const char *unit = pst_image_home_unit(image), *bound = pst_image_home_unit(binder);

	if (unit[0] && bound[0] && strcmp(unit, bound))
		return true;
	return has_session(image) && has_session(binder) && image->session_id != binder->session_id;
}

/* The image nearest to @source, from @image on, that left what @binder stands for; NULL when none
 * did. */
static const struct pst_image *find_leaver(const struct pst_image *image,
					   const struct pst_image *source,
					   const struct pst_image *binder)
{
	const struct pst_image *leaver = NULL;

	for (; image != source;
	     image = image->prev) /* bounded: @source was reached this way before */
		if (has_left(image, binder))
			leaver = image;
	return leaver;
}

/* Everybody from @image up to below @source names no contract of his own: binds them to the
 * source's, or to none. */
static void settle(const struct pst_contracts *set, struct pst_image *image,
		   struct pst_image *source)
{
	bool inherits = source && source->contract >= 0 && source->binder &&
			set->list[source->contract]->children == PST_CHILDREN_ALL;
	const struct pst_image *leaver = inherits ? find_leaver(image, source, source->binder) :
						    NULL;
	bool inside = inherits && !leaver;

	for (; image != source; image = image->prev) { /* bounded as in find_leaver */
		if (inside)
			set_binding(image, source->contract, -1, source->binder);
		else
			set_binding(image, -1, -1, NULL);
		image->contract_generation = set->generation;
		inside = inherits && (inside || image == leaver);
	}
}

/* Binds the image when it is named itself; false when it is not. */
static bool bind_by_name(const struct pst_contracts *set, struct pst_image *image)
{
	struct match match = match_image(set, image);

	if (match.contract < 0)
		return false;
	set_binding(image, match.contract, match.software, image);
	image->contract_generation = set->generation;
	return true;
}

void pst_contract_bind(const struct pst_contracts *set, struct pst_image *image)
{
	struct pst_image *source = image->prev;
	unsigned int looks;

	if (bind_by_name(set, image))
		return;
	for (looks = 0; source && looks < LINEAGE_LOOKS; looks++) {
		if (source->contract_generation == set->generation || bind_by_name(set, source))
			break;
		source = source->prev;
	}
	settle(set, image, source);
}

int pst_contract_exec_allowed(const struct pst_contract *contract, const char *path)
{
	size_t i;

	if (!contract->has_exec)
		return -1;
	for (i = 0; i < contract->exec_count; i++)
		if (pst_alias_match(contract->exec[i], path))
			return 1;
	return 0;
}
