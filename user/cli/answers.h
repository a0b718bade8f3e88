// SPDX-License-Identifier: Apache-2.0
/* answers: what the running daemon says to readers, verb by verb. */
#ifndef PST_CLI_ANSWERS_H
#define PST_CLI_ANSWERS_H

#include "engine/engine.h"

/*
 * pst_answer - one request of the control socket (ctl/verbs.def), but `tail`
 * @line: safe to read as a string, but the client's own words
 * @reply: text that the caller frees; what cannot be answered is said in the form that pst_ask
 * knows
 * Returns 0 or -ENOMEM.
 */
int pst_answer(struct pst_engine *engine, const char *line, char **reply);

#endif
