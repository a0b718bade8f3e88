// SPDX-License-Identifier: Apache-2.0
/* Is this a DNS message, and which addresses does it give to the name that was asked for? */
#ifndef PST_DECODE_DNS_H
#define PST_DECODE_DNS_H

#include <stddef.h>
#include <stdint.h>

#include "decode/payload.h"

struct pst_dns_bytes {
	const uint8_t *data;
	size_t len;
	size_t total; /* of the whole message; more than len when the rest was not carried */
};

/*
 * pst_dns_parse - one message, checked byte for byte (RFC 1035, 2181, 6891)
 * @out: written only on success; over_tcp is left alone
 * A message that was cut is taken up to its last whole record; a whole one must agree with its own
 * counts, and a query ends where its last record does.
 * Returns 0, or -EBADMSG.
 */
int pst_dns_parse(const struct pst_dns_bytes *in, struct pst_dns *out);

#endif
