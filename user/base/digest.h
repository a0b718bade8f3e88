// SPDX-License-Identifier: Apache-2.0
/* Which short, stable name do these bytes get? SHA-256 by libcrypto. */
#ifndef PST_BASE_DIGEST_H
#define PST_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define PST_SHA256_BYTES 32
#define PST_SHA256_TEXT 65 /* hex and NUL */

/* pst_sha256 - digest of one buffer; cannot fail */
void pst_sha256(const void *data, size_t len, uint8_t out[PST_SHA256_BYTES]);

/* The same of bytes that come one after the other. */
struct pst_sha256;
struct pst_sha256 *pst_sha256_begin(void); /* NULL without memory */
void pst_sha256_add(struct pst_sha256 *sum, const void *data, size_t len);
void pst_sha256_end(struct pst_sha256 *sum, uint8_t out[PST_SHA256_BYTES]); /* frees; NULL out: only
									       frees */

/* pst_hex - lower-case hex of @len bytes; @out holds 2 * len + 1; returns @out */
const char *pst_hex(const uint8_t *bytes, size_t len, char *out);

/* pst_uuid_from - a UUIDv8 (RFC 9562) made of the SHA-256 of the bytes; @out holds 37; returns @out
 */
const char *pst_uuid_from(const void *data, size_t len, char *out);

#endif
