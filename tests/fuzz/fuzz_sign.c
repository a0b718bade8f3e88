// SPDX-License-Identifier: Apache-2.0
/* Can a key or a signature break its reader? The input is both, one after the other: what is read
 * as a key verifies what is read as a signature. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char separator[] = "\n==\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *cut = memmem(data, size, separator, strlen(separator));
	size_t key_len = cut ? (size_t)(cut - data) : size;
	const uint8_t *rest = cut ? cut + strlen(separator) : data;
	size_t rest_len = cut ? size - key_len - strlen(separator) : size;
	struct pst_signature signature;
	struct pst_sign_key *key = NULL;
	const char *why = NULL;
	int is_key = pst_sign_key_read((const char *)data, key_len, &key, &why);
	int is_signature;

	assert(is_key == 0 ? strlen(pst_sign_key_id(key)) == PST_SIGN_ID - 1 : *why != '\0');
	is_signature = pst_signature_read(rest, rest_len, &signature, &why);
	assert(is_signature == 0 ? signature.len <= sizeof(signature.bytes) : *why != '\0');
	/* nobody signed these: to find one that fits is beyond any fuzzer */
	if (is_key == 0 && is_signature == 0)
		assert(pst_sign_verify(key, &signature, data, size) <= 0);
	pst_sign_key_free(key);
	return 0;
}
