// SPDX-License-Identifier: Apache-2.0
/* ask: one question to the running daemon, printed as it comes. */
#ifndef PST_CLI_ASK_H
#define PST_CLI_ASK_H

#include <stdbool.h>
#include <stddef.h>

typedef bool (*pst_line_fn)(void *context, const char *line,
			    size_t len); /* false: nobody reads any more */

/*
 * pst_ask_lines - send @request to the daemon of @runtime (NULL: the default folder), and hand over
 * line by line what comes Returns an exit code; says on standard error what failed.
 */
struct pst_ask_keys {
	const char *command; /* for messages */
	const char *runtime;
	const char *request;
	pst_line_fn print;
	void *context;
};
int pst_ask_lines(const struct pst_ask_keys *keys);

/* pst_ask - the same, printed as it comes; no answer at all is a failure */
int pst_ask(const char *command, const char *runtime, const char *request);

/* pst_ask_form - "text" or "json" of an -o option (NULL: text); NULL after a message when it is
 * neither */
const char *pst_ask_form(const char *command, const char *value);

#endif
