// SPDX-License-Identifier: Apache-2.0
/* What the parts of a trial share. Inside engine/ only. */
#ifndef PST_ENGINE_TRIAL_PARTS_H
#define PST_ENGINE_TRIAL_PARTS_H

#include "engine/trial.h"

struct pst_trial_run {
	const struct pst_history *history;
	struct pst_contracts *set;
	struct pst_attrib *attrib;
	struct pst_trial *trial;
	uint64_t time_ns;
	uint32_t tgid;
	char cgroup[512];
	struct pst_event exec; /* of the program that is being judged */
	bool no_memory;
};

/* pst_trial_channel - hold one channel against the contract of the image that had it */
void pst_trial_channel(struct pst_trial_run *run, const struct pst_past_program *program,
		       const struct pst_past_channel *past, const struct pst_image *image);

/* pst_trial_facts - the same for what a program did beside channels */
void pst_trial_facts(struct pst_trial_run *run, const struct pst_past_program *program,
		     const struct pst_contract *contract);

#endif
