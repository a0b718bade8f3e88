// SPDX-License-Identifier: Apache-2.0
/* recorded: pages made of a recording; the history that a state file holds. */
#ifndef PST_CLI_RECORDED_H
#define PST_CLI_RECORDED_H

#include "engine/view.h"

struct pst_recorded_keys {
	const char *command; /* for messages */
	const char *path;    /* of a recording, or of a state file */
	/* what is printed; caller frees */
	char *(*page)(const struct pst_engine *engine, const struct pst_view_keys *keys);
	const char *contracts; /* folder; NULL: no contract binds */
	const char *config;    /* file; NULL: the installed one, when there is one */
	const char *keys;      /* folder of the keys that sign contracts; NULL: contract.keys */
	const char *what;      /* as in struct pst_view_keys */
	enum pst_view_form form;
	bool live;	  /* of what runs: no state file tells that */
	uint64_t since_s; /* as there */
};

/* pst_recorded_page - print a page after the whole of a recording, or of what a state file knows;
 * returns an exit code */
int pst_recorded_page(const struct pst_recorded_keys *keys);

/* pst_recorded_history - what a state file remembers, with the room that @config gives; the caller
 * frees it; NULL after a message. What finds no room is told */
struct pst_history *pst_recorded_history(const char *command, const char *path,
					 const struct pst_config *config);

#endif
