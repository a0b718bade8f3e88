// SPDX-License-Identifier: Apache-2.0
/* view: pages for people and programs, made of the engine's state when they ask. */
#ifndef PST_ENGINE_VIEW_H
#define PST_ENGINE_VIEW_H

#include "engine/engine.h"

enum pst_view_form { PST_VIEW_TEXT, PST_VIEW_JSON };

struct pst_view_keys {
	const char *what; /* profile: a program's path, its last component, a pid, or "all" */
	enum pst_view_form form;
	bool *known; /* profile: set to whether anything by that name was ever seen; may be NULL */
	uint64_t since_s; /* profile: only what was active from then on (wall clock); 0: all */
	uint64_t now_s;	  /* 0: the stream's time */
};

/* pst_view_status - rates, losses, hooks, contracts; caller frees; NULL without memory */
char *pst_view_status(const struct pst_engine *engine, enum pst_view_form form);

/* pst_view_vendors - what runs that no package of the distribution owns; caller frees; NULL without
 * memory */
char *pst_view_vendors(const struct pst_engine *engine, enum pst_view_form form);

/* what is said when nothing by a name was ever seen */
#define PST_VIEW_NOT_KNOWN "no program, process or unit of that name was seen"

/* pst_view_profiles - every program of the history in one line: package, channels, what is new;
 * caller frees; NULL without memory */
char *pst_view_profiles(const struct pst_engine *engine, const struct pst_view_keys *keys);

/* pst_view_profile - channels with peers, counters, times and verdicts; caller frees; NULL without
 * memory */
char *pst_view_profile(const struct pst_engine *engine, const struct pst_view_keys *keys);

#endif
