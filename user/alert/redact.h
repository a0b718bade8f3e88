// SPDX-License-Identifier: Apache-2.0
/* Which parts of a command line are secrets? Used inside alert/ only; the public door is
 * pst_redact. */
#ifndef PST_ALERT_REDACT_H
#define PST_ALERT_REDACT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * pst_redact_args - replace secrets in an argument list, in place; it only gets shorter
 * @args: @len bytes and a terminating NUL behind them; arguments are ended by @separator (the last
 * one may be ended by @len) Returns the new length.
 */
size_t pst_redact_args(char *args, size_t len, char separator);

/* secret.c */
bool pst_secret_is_name(const char *name, size_t len);	 /* "--db-password", "PGPASSWORD" */
bool pst_secret_is_header(const char *name, size_t len); /* "Authorization" */

/*
 * pst_secret_find - the next secret value in @text
 * @name: where to begin, at which a name may begin; what stands before it is looked at too
 * @end: behind the value
 * Returns where it begins; @len when there is none, or when it would begin there.
 */
size_t pst_secret_find(const char *text, size_t len, size_t name, size_t *end);

#endif
