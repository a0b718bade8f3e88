// SPDX-License-Identifier: Apache-2.0
/* Which parts of a command line are secrets? Used inside alert/ only; the public door is
 * pst_redact. */
#ifndef PST_ALERT_REDACT_H
#define PST_ALERT_REDACT_H

#include <stddef.h>

/*
 * pst_redact_args - replace secrets in an argument list, in place; it only gets shorter
 * @args: @len bytes and a terminating NUL behind them; arguments are ended by @separator (the last
 * one may be ended by @len) Returns the new length.
 */
size_t pst_redact_args(char *args, size_t len, char separator);

#endif
