// SPDX-License-Identifier: Apache-2.0
/* sign: did the holder of this key sign these bytes? Ed25519, and ECDSA on P-256 and P-384, by
 * libcrypto. Keys and signatures are hostile until they are read. Pure. */
#ifndef PST_BASE_SIGN_H
#define PST_BASE_SIGN_H

#include <stddef.h>
#include <stdint.h>

#define PST_SIGN_KEY_FILE_MAX (16u * 1024u)
#define PST_SIGN_FILE_MAX 1024u /* a signature as base64 in lines has 150 bytes */
#define PST_SIGN_ID 17		/* 16 hex digits and NUL */

struct pst_sign_key;

/*
 * pst_sign_key_read - a public key from the text of a PEM file ("BEGIN PUBLIC KEY")
 * Only what the tables name is taken: uncompressed points of named curves. So a key has one form,
 * and one id.
 * Returns 0 and the key, which the caller frees; -EINVAL with a sentence in @why (borrowed for
 * ever; means nothing after 0) that says what is wrong; -ENOTSUP, with one too, when libcrypto
 * refuses it; -ENOMEM.
 */
int pst_sign_key_read(const char *text, size_t len, struct pst_sign_key **out, const char **why);
void pst_sign_key_free(struct pst_sign_key *key); /* takes NULL */

/* pst_sign_key_id - the first 16 hex digits of the SHA-256 of its SubjectPublicKeyInfo; borrowed */
const char *pst_sign_key_id(const struct pst_sign_key *key);
const char *pst_sign_key_algorithm(const struct pst_sign_key *key); /* "Ed25519" */

struct pst_signature {
	uint8_t bytes[128]; /* an ECDSA signature of P-384 has at most 104 */
	size_t len;
};

/*
 * pst_signature_read - the bytes of a signature file: as they are, or as base64
 * 64 bytes are an Ed25519 signature; else text is base64 and what is no text is raw. A raw ECDSA
 * signature holds the byte 2, which no text does, so that a file has one meaning.
 * Returns 0; -EINVAL with a sentence in @why. @out only on success.
 */
int pst_signature_read(const void *file, size_t len, struct pst_signature *out, const char **why);

/*
 * pst_sign_verify - is this the signature of the @len bytes of @data by this key?
 * ECDSA over SHA-256 or SHA-384, whatever the curve: the usual command of either is taken.
 * Returns 1 yes, 0 no, -ENOTSUP when libcrypto does not verify such signatures here.
 */
int pst_sign_verify(const struct pst_sign_key *key, const struct pst_signature *signature,
		    const void *data, size_t len);

#endif
