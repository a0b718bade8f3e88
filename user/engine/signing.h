// SPDX-License-Identifier: Apache-2.0
/* signing: who may sign contracts, is this file signed, and is its version older than one that was
 * in force? */
#ifndef PST_ENGINE_SIGNING_H
#define PST_ENGINE_SIGNING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sign.h"
#include "contract/contract.h"
#include "engine/source.h"

#define PST_KEYRING_MAX 64
#define PST_SIGNING_WHY 1024

/* ---- source_keys.c: who may sign ---- */

struct pst_ring_key {
	char name[PST_SIGNER_MAX + 1]; /* "acme.pub (0123456789abcdef)", safe to print */
	struct pst_sign_key *key;
};

struct pst_keyring {
	char folder[1024]; /* safe to print */
	struct pst_ring_key list[PST_KEYRING_MAX];
	size_t count;
	uint32_t refused; /* files that are no key, or that others may write */
};

struct pst_keyring_keys {
	const char *folder; /* PST_KEYS_DIR may be missing */
	pst_tell_fn tell;
	void *context;
};

/*
 * pst_keyring_read - the public keys of a folder: *.pub, in the order of their names
 * @keys: tell gets a message for each file that is refused; the others are taken
 * Returns 0 and the ring, which the caller frees; -errno, told, when the folder cannot be trusted:
 * others than root and us own it or may write to it.
 */
int pst_keyring_read(const struct pst_keyring_keys *keys, struct pst_keyring **out);
void pst_keyring_free(struct pst_keyring *ring); /* takes NULL */

/* ---- source_signature.c: is this file signed? ---- */

struct pst_signed_bytes {
	const char *path; /* of the file; its signature is PATH.sig */
	const void *bytes;
	size_t len;
};

struct pst_signer {
	char name[PST_SIGNER_MAX + 1]; /* of the key, when it is signed */
	char why[PST_SIGNING_WHY];     /* when it is not: one sentence, safe to print */
};

/*
 * pst_signature_judge - who signed what was read?
 * Returns 1 with the key's name; 0 when there is no signature, and -EKEYREJECTED when there is one
 * that does not verify, both with the reason.
 */
int pst_signature_judge(const struct pst_keyring *ring, const struct pst_signed_bytes *file,
			struct pst_signer *out);

/* ---- source_versions.c: is it older than what was in force? ---- */

struct pst_versions;

/* pst_versions_new - nothing is known; NULL without memory; caller frees */
struct pst_versions *pst_versions_new(void);

/* pst_versions_load - what a file's text says; false, and nothing is known, when it is none of ours
 */
bool pst_versions_load(struct pst_versions *versions, const char *text, size_t len);

/*
 * pst_versions_read - the highest signed version of each contract, from a folder of states
 * A missing file knows none. So does one that cannot be used, or that is missing where there are
 * profiles of an earlier session, which pst_versions_trouble says.
 * Returns 0 and what is known, which the caller frees; -ENOMEM.
 */
int pst_versions_read(const char *folder, struct pst_versions **out);
void pst_versions_free(struct pst_versions *versions); /* takes NULL */

/* pst_versions_trouble - why older versions may go unnoticed, one sentence; "" when they do not */
const char *pst_versions_trouble(const struct pst_versions *versions);

/*
 * pst_versions_check - may this signed contract be in force?
 * Returns 0; -ESTALE with one sentence in @why: an older version, or another text of the same one.
 */
int pst_versions_check(const struct pst_versions *versions, const struct pst_contract *contract,
		       char *why, size_t why_size);

/*
 * pst_versions_guard - is the file still as it was left?
 * When it is gone or of somebody else, it is kept aside and made anew of what is known. True when
 * that was so, or when it cannot be written: pst_versions_trouble says which.
 */
bool pst_versions_guard(struct pst_versions *versions);

/*
 * pst_versions_take - the contracts that are in force now; written when a version is new, and when
 * there is no file. It is guarded first: what could not be read is kept aside and made anew.
 * @wall_s: the time, since 1970
 * Returns 0; -errno when it was not written: then pst_versions_trouble says so.
 */
int pst_versions_take(struct pst_versions *versions, const struct pst_contracts *set,
		      int64_t wall_s);

#endif
