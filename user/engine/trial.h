// SPDX-License-Identifier: Apache-2.0
/* trial: contracts held against what programs did over weeks, without a stream. */
#ifndef PST_ENGINE_TRIAL_H
#define PST_ENGINE_TRIAL_H

#include "contract/contract.h"
#include "profile/history.h"

struct pst_trial {
	char **lines; /* one for each thing that would be an alert; printable */
	size_t count;
	size_t programs; /* that a contract binds */
	size_t unbound;
	size_t deeds;	/* channels and acts of bound programs that were judged */
	size_t unknown; /* of these: that cannot be judged without the host */
};

/*
 * pst_trial_of - judge everything that every program did, by the path, unit and package it had
 * Host names are those that were seen when it happened. Who it ran as, at what time of the day, and
 * who the resolvers were is not remembered: entries that ask for it may or may not hold.
 * @set: its names are looked up in this trial's memory until it returns
 * Returns 0, and what was found, which pst_trial_clear frees; -ENOMEM.
 */
int pst_trial_of(const struct pst_history *history, struct pst_contracts *set,
		 struct pst_trial *out);
void pst_trial_clear(struct pst_trial *trial);

#endif
