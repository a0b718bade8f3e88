// SPDX-License-Identifier: Apache-2.0
/* What do the files of profile/ share? Inside this room only. */
#ifndef PST_PROFILE_TABLES_H
#define PST_PROFILE_TABLES_H

#include "base/table.h"
#include "profile/profile.h"

struct pst_channel_slot;

struct pst_holder { /* a process that has channels */
	struct pst_channel_slot *first;
	size_t channels;
};

struct pst_channel_slot {
	struct pst_channel channel; /* first: a pointer to it is a pointer to the slot */
	struct pst_holder *owner;
	bool ended;			      /* its process has: the kernel tells it no more */
	struct pst_channel_slot *prev, *next; /* of the same owner */
};

struct pst_profile {
	struct pst_profile_keys keys;
	struct pst_table *channels; /* pst_channel_key -> struct pst_channel_slot */
	struct pst_table *owners;   /* pst_proc_id -> struct pst_holder; none is empty */
	struct pst_table *programs; /* number -> struct pst_program_profile */
	struct pst_table *budgets;  /* uint64_t -> struct pst_budget */
	struct pst_table *rhythms;  /* uint64_t -> struct pst_rhythm */
	size_t open;
	uint64_t from_samples;
	bool made; /* the event that is being seen made its channel */
};

/* ---- slots.c ---- */

/* pst_channel_key_of - the channel of @process that a record tells: for a listener by its own
 * address, for what comes in by the local port */
struct pst_channel_key pst_channel_key_of(const struct pst_process *process,
					  const struct pst_channel_seen *seen);

/* pst_channel_find - NULL when it is not known; counts as use */
struct pst_channel *pst_channel_find(struct pst_profile *profile,
				     const struct pst_channel_key *key);

/* pst_channel_make - a channel that was not known before, with what follows from its key; NULL
 * without memory */
struct pst_channel *pst_channel_make(struct pst_profile *profile, const struct pst_channel_key *key,
				     const struct pst_event *event,
				     const struct pst_process *process);

/* on_drop and keep of the table of channels */
void pst_channel_drop(void *context, const void *key, void *value);
bool pst_channel_keep(void *context, const void *key, const void *value);

/* pst_profile_see_exec - as pst_profile_see, of an EXEC: counts it for the program; NULL */
struct pst_channel *pst_profile_see_exec(struct pst_profile *profile, const struct pst_event *event,
					 const struct pst_process *process);

#endif
