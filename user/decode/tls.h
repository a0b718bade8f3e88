// SPDX-License-Identifier: Apache-2.0
/* Which server does a TLS client ask for, and which protocols does it offer? */
#ifndef PST_DECODE_TLS_H
#define PST_DECODE_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/payload.h"

struct pst_tls_hello {
	char server_name[PST_NAME_TEXT_MAX]; /* "" none; lower case, no dot at the end */
	char alpn[PST_ALPN_MAX]; /* joined by ','; what is not printable, or finds no room, is
				    left out */
};

/* pst_tls_is_hello - do these bytes claim to be a ClientHello? */
bool pst_tls_is_hello(const uint8_t *data, size_t len);

/*
 * pst_tls_parse - a ClientHello (RFC 8446, 6066, 7301), or its beginning
 * @out: written only on success
 * What lies beyond @len is not there, and no fault; all lengths that can be seen must agree.
 * Returns 0, or -EBADMSG.
 */
int pst_tls_parse(const uint8_t *data, size_t len, struct pst_tls_hello *out);

#endif
