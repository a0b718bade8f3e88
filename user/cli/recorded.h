// SPDX-License-Identifier: Apache-2.0
/* recorded: pages made of a recording. */
#ifndef PST_CLI_RECORDED_H
#define PST_CLI_RECORDED_H

#include "engine/view.h"

struct pst_recorded_keys {
	const char *path;
	const char *contracts; /* folder; NULL: no contract binds */
	const char *what;      /* as in struct pst_view_keys */
	enum pst_view_form form;
};

/* pst_recorded_profile - print a profile after the whole of a recording; returns an exit code */
int pst_recorded_profile(const struct pst_recorded_keys *keys);

#endif
