// SPDX-License-Identifier: Apache-2.0
/* learn: drafts of contracts from files, and of programs that are run to be learnt. */
#ifndef PST_CLI_LEARN_H
#define PST_CLI_LEARN_H

#include "engine/view_learn.h"

/*
 * pst_learn_from - answer a request (as in pst_view_learn_line) from a recording or a state file
 * @config: file, or NULL
 * Returns an exit code; the answer goes to standard output, what is wrong to standard error.
 */
int pst_learn_from(const char *path, const char *config, const char *request);

struct pst_learn_run {
	char *const *command;	/* NULL-terminated */
	const char *config;	/* file, or NULL */
	const char *contract;	/* file to compare with, or NULL */
	const char *record;	/* file for the stream, or NULL */
	const char *id;		/* of the draft, or NULL */
	unsigned int accept;	/* classes */
	unsigned long limit_ms; /* 0: until it ends */
};

/* pst_learn_run - run the command in a network of its own, and print the draft of what it did;
 * returns an exit code */
int pst_learn_run(const struct pst_learn_run *keys);

/* ---- where it runs (learn_cage.c) ---- */

struct pst_cage {	/* a cgroup of its own, and the command, which waits to be let go */
	char path[512]; /* of the cgroup; "" none */
	int pid, gate;	/* -1: none */
};

/* pst_cage_open - make the cgroup; 0 or -errno after a message */
int pst_cage_open(struct pst_cage *cage);
/* pst_cage_start - the command, in the cgroup and a network of its own; it waits; 0 or -errno after
 * a message */
int pst_cage_start(struct pst_cage *cage, char *const *command);
/* pst_cage_go - let it execute */
void pst_cage_go(struct pst_cage *cage);
/* pst_cage_is_empty - has everybody in it ended? */
bool pst_cage_is_empty(const struct pst_cage *cage);
/* pst_cage_signal - to everybody in it */
void pst_cage_signal(const struct pst_cage *cage, int signal);
/* pst_cage_close - end everybody, remove the cgroup; the command's wait status, -1 when it was
 * never started */
int pst_cage_close(struct pst_cage *cage);

#endif
