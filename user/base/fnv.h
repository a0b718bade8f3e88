// SPDX-License-Identifier: Apache-2.0
/* Which number do these bytes get, at once and always the same? FNV-1a, for keys of which two that
 * are equal by chance only cost a look. Where somebody could gain by them: digest.h. */
#ifndef PST_BASE_FNV_H
#define PST_BASE_FNV_H

#include <stddef.h>
#include <stdint.h>

#define PST_FNV_START UINT64_C(14695981039346656037)
#define PST_FNV_PRIME UINT64_C(1099511628211)

/* pst_fnv_byte, pst_fnv_bytes - the key of what @key stands for, with more behind it */
static inline uint64_t pst_fnv_byte(uint64_t key, uint8_t byte)
{
	return (key ^ byte) * PST_FNV_PRIME;
}

static inline uint64_t pst_fnv_bytes(uint64_t key, const void *data, size_t len)
{
	const uint8_t *at = data;

	for (size_t i = 0; i < len; i++)
		key = pst_fnv_byte(key, at[i]);
	return key;
}

#endif
