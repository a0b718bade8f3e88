// SPDX-License-Identifier: Apache-2.0
/* Which short, stable name do these bytes get? */
#include "base/digest.h"

#include <assert.h>
#include <openssl/evp.h>
#include <stdio.h>

void pst_sha256(const void *data, size_t len, uint8_t out[PST_SHA256_BYTES])
{
	unsigned int made = 0;
	int ok = EVP_Digest(data, len, out, &made, EVP_sha256(), NULL);

	/* fails only without memory or without the algorithm; a wrong name must not leave this
	 * function */
	assert(ok == 1 && made == PST_SHA256_BYTES);
}

/* The library's own context under a name of ours. */
struct pst_sha256 *pst_sha256_begin(void)
{
	EVP_MD_CTX *sum = EVP_MD_CTX_new();

	if (sum && EVP_DigestInit_ex(sum, EVP_sha256(), NULL) == 1)
		return (struct pst_sha256 *)sum;
	EVP_MD_CTX_free(sum);
	return NULL;
}

void pst_sha256_add(struct pst_sha256 *sum, const void *data, size_t len)
{
	int ok = EVP_DigestUpdate((EVP_MD_CTX *)sum, data, len);

	assert(ok == 1); /* fails only before Init and after Final */
}

void pst_sha256_end(struct pst_sha256 *sum, uint8_t out[PST_SHA256_BYTES])
{
	unsigned int made = PST_SHA256_BYTES;
	int ok = !out || EVP_DigestFinal_ex((EVP_MD_CTX *)sum, out, &made) == 1;

	assert(ok && made == PST_SHA256_BYTES);
	EVP_MD_CTX_free((EVP_MD_CTX *)sum);
}

const char *pst_hex(const uint8_t *bytes, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < len; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[2 * len] = '\0';
	return out;
}

const char *pst_uuid_from(const void *data, size_t len, char *out)
{
	static const uint8_t group[] = { 4, 2, 2, 2, 6 };
	uint8_t sum[PST_SHA256_BYTES];
	size_t at = 0, i;
	char *to = out;

	pst_sha256(data, len, sum);
	sum[6] = (uint8_t)((sum[6] & 0x0fu) | 0x80u); /* version 8 */
	sum[8] = (uint8_t)((sum[8] & 0x3fu) | 0x80u); /* variant of RFC 9562 */
	for (i = 0; i < sizeof(group); i++) {
		if (i)
			*to++ = '-';
		(void)pst_hex(sum + at, group[i], to); /* returns what it was given */
		at += group[i];
		to += 2u * group[i];
	}
	return out;
}
