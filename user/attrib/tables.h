// SPDX-License-Identifier: Apache-2.0
/* What do the files of attrib/ share? Inside this room only. */
#ifndef PST_ATTRIB_TABLES_H
#define PST_ATTRIB_TABLES_H

#include <string.h>

#include "attrib/attrib.h"
#include "attrib/names.h"
#include "base/table.h"

/* An image and who needs it. An image stays while a process in the table runs it or another image
 * came of it; then it is idle, and may make room. So `prev` and `binder`, which lead to ancestors,
 * never dangle. */
struct pst_image_slot {
	struct pst_image image; /* first: a pointer to it is a pointer to the slot */
	uint32_t users;		/* processes in the table that run it, also those that have ended */
	bool described;		/* its EXEC was seen */
	bool going;		/* it is being forced out */
};

static inline struct pst_image_slot *pst_image_slot_of(struct pst_image *image)
{
	return (struct pst_image_slot *)image; /* the image is its first member */
}

struct pst_attrib {
	struct pst_attrib_keys keys;
	struct pst_table *processes;  /* pst_proc_id -> struct pst_process */
	struct pst_table *pids;	      /* tgid -> pst_proc_id of the youngest */
	struct pst_table *images;     /* pst_image_id -> struct pst_image_slot */
	struct pst_table *programs;   /* digest of what names it -> struct pst_program */
	struct pst_table *measured;   /* struct pst_measured_key -> its digest as text */
	struct pst_table *containers; /* struct pst_container_key -> struct pst_container_known */
	struct pst_program unknown;   /* what images run whose EXEC was lost */
	struct pst_image_slot
		lost; /* stands in for an image that was forced out while a process needed it */
	struct pst_names names;
	char empty[1]; /* "": never freed */
	uint64_t host_root_dev;
	uint32_t host_mntns;
	uint32_t next_number;
	size_t living;
	size_t idle_images;
	uint64_t removed; /* ended processes, and images in use, that went because an image needed
			     the room */
	uint64_t undescribed;
	bool closing;
};

/* ---- image.c ---- */

/* pst_image_slot_get - find or make; made ones are unknown. May drop ended processes and idle
 * images. NULL without memory */
struct pst_image_slot *pst_image_slot_get(struct pst_attrib *attrib, const struct pst_image_id *id);
struct pst_image_slot *pst_image_slot_peek(struct pst_attrib *attrib,
					   const struct pst_image_id *id);

/* pst_image_slot_blank - make it an image of the unknown program, with nothing behind it */
void pst_image_slot_blank(struct pst_attrib *attrib, struct pst_image_slot *slot);

/* pst_image_slot_describe - fill in what EXEC says; the second description of an image changes
 * nothing */
void pst_image_slot_describe(struct pst_attrib *attrib, struct pst_image_slot *slot,
			     const struct pst_event *event);

/* pst_image_slot_hold, _release - a process in the table runs it, or no longer */
void pst_image_slot_hold(struct pst_attrib *attrib, struct pst_image_slot *slot);
void pst_image_slot_release(struct pst_attrib *attrib, struct pst_image_slot *slot);

/* pst_image_slot_adopt, _disown - one image more has it as its `prev`, or one less */
void pst_image_slot_adopt(struct pst_attrib *attrib, struct pst_image_slot *slot);
void pst_image_slot_disown(struct pst_attrib *attrib, struct pst_image_slot *slot);

/* pst_image_slot_unbind - its binding is to be found again */
void pst_image_slot_unbind(struct pst_image_slot *slot);

/* on_drop and keep of the table of images */
void pst_image_slot_drop(void *context, const void *key, void *value);
bool pst_image_slot_keep(void *context, const void *key, const void *value);

/* ---- lineage.c ---- */

/* pst_image_slot_link - @prev executed @slot; refused (nothing changes) when it is not older:
 * lineages have no rings */
void pst_image_slot_link(struct pst_attrib *attrib, struct pst_image_slot *slot,
			 struct pst_image_slot *prev);

/* pst_image_slot_unbind_below - what was bound through @slot was bound by a lineage that is no
 * longer the known one */
void pst_image_slot_unbind_below(struct pst_attrib *attrib, struct pst_image_slot *slot);

/* ---- moves.c ---- */

/* pst_moves_see - @mover put another process, or itself, into a cgroup */
void pst_moves_see(struct pst_attrib *attrib, const struct pst_process *mover,
		   const struct pst_event *event);

/* pst_moves_born - a new process is handed over when its parent was */
void pst_moves_born(const struct pst_attrib *attrib, struct pst_process *process);

/* pst_moves_settle - @process executed an image whose unit is known now: which one is in charge?
 * @process: NULL when it is in no table */
void pst_moves_settle(struct pst_attrib *attrib, struct pst_process *process,
		      struct pst_image *image);

/* ---- shorten.c ---- */

/* pst_image_slot_shorten - take out of a lineage of more than PST_LINEAGE_MAX images what nobody
 * will miss, so that executing in a row does not fill the table */
void pst_image_slot_shorten(struct pst_attrib *attrib, struct pst_image_slot *slot);

/* pst_image_slot_cut_out - all that are `going` go though they are needed: walks both tables, so
 * that nothing points to them; their children come of the nearest caller that stays */
void pst_image_slot_cut_out(struct pst_attrib *attrib);

/* ---- place.c ---- */

#define PST_PLACE_MAX 4096u /* as long as a path may be */

struct pst_place {	      /* the path that a program goes by */
	struct pst_span path; /* in the event, or in @joined; empty: not known */
	bool is_script;	      /* then EXEC's path is its interpreter's */
	bool is_argument;     /* of that */
	char joined[PST_PLACE_MAX];
};

/* pst_place_find - a script is its own program, where its name says which one it is */
void pst_place_find(const struct pst_attrib *attrib, const struct pst_event *event,
		    struct pst_place *out);

/* pst_place_is_foreign - is the path that EXEC shows not the host's? */
bool pst_place_is_foreign(const struct pst_attrib *attrib, const struct pst_event *event);

static inline bool pst_span_ends_in(struct pst_span text, const char *end)
{
	size_t len = strlen(end);

	return text.len > len && memcmp(text.data + text.len - len, end, len) == 0;
}

/* ---- program.c ---- */

#define PST_PROGRAM_KEY 56 /* bytes that name a program */

/* pst_program_intern - the program of an EXEC event, found or made; NULL without memory */
struct pst_program *pst_program_intern(struct pst_attrib *attrib, const struct pst_event *event);

/*
 * pst_program_unit - systemd unit that a cgroup path names, "" when none
 * The first component that ends in .service or .scope: what lies below is the unit's own to name.
 * Below user@N.service, a user's manager, its next such component when there is one.
 */
struct pst_span pst_program_unit(const char *cgroup);

/* ---- identity.c ---- */

/* pst_program_decide - is it vendor software, by all that is known now? */
void pst_program_decide(const struct pst_attrib *attrib, struct pst_program *program);

/* pst_program_is_vendor_path - is that a place where no package of the distribution installs? */
bool pst_program_is_vendor_path(const struct pst_attrib *attrib, const char *path);

/* pst_program_touch - its file was executed with that ctime: another one than before means other
 * bytes, perhaps */
void pst_program_touch(struct pst_attrib *attrib, struct pst_program *program, uint64_t ctime_ns);

/* pst_program_forget - free what identity.c keeps of it */
void pst_program_forget(struct pst_program *program);

/* ---- measured.c ---- */

struct pst_measured_key { /* a file as it is; no padding */
	uint64_t inode, ctime_ns;
	uint32_t dev_major, dev_minor;
};

#define PST_MEASURED_FILES 2048u /* twice what the kernel side remembers having told */

/* pst_program_measure - what is kept of its file is the program's from now on; returns whether that
 * is news */
bool pst_program_measure(struct pst_attrib *attrib, struct pst_program *program);

/* ---- container.c ---- */

struct pst_container {
	char id[65];	     /* "" when none */
	const char *runtime; /* NULL when none */
};

/* pst_container_of - the container that a cgroup path names: the first one, since what lies below
 * is the container's own to name */
struct pst_container pst_container_of(const char *cgroup);

#define PST_CONTAINERS 1024u /* that are remembered */

struct pst_table *pst_containers_new(void); /* NULL without memory */

/* pst_container_name - its image has the name that is kept of its container, if one is */
void pst_container_name(struct pst_attrib *attrib, struct pst_image *image);

/* on_drop and keep of the table of programs */
void pst_program_drop(void *context, const void *key, void *value);
bool pst_program_keep(void *context, const void *key, const void *value);

/* ---- attrib.c ---- */

/* pst_attrib_evict_process - remove the ended process that was used least recently; false when none
 * has ended */
bool pst_attrib_evict_process(struct pst_attrib *attrib);

#endif
