// SPDX-License-Identifier: Apache-2.0
/* Did the holder of this key sign these bytes?
 * The form of a key is compared with the few that are taken before libcrypto sees it: an Ed25519
 * SubjectPublicKeyInfo (RFC 8410) and those of two named curves (RFC 5480) differ in nothing but
 * the point. Only calls that OpenSSL 1.1.1 has. */
#include "base/sign.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"

#define BEGIN_MARK "-----BEGIN PUBLIC KEY-----"
#define END_MARK "-----END PUBLIC KEY-----"
#define BLANKS " \t\r\n"
#define ED25519_SIGNATURE 64u /* RFC 8032 */
#define POINT_AT_MAX 27u

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { SEQUENCE = 0x30 };

struct form {
	const char *name;
	size_t der_bytes, head_bytes;
	uint8_t head[POINT_AT_MAX]; /* all before the key itself */
	bool is_ecdsa;
};

static const struct form forms[] = {
	{ "Ed25519",
	  44,
	  12,
	  { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 },
	  false },
	{ "ECDSA P-256",
	  91,
	  27,
	  { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
	    0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04 },
	  true },
	{ "ECDSA P-384",
	  120,
	  24,
	  { 0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02,
	    0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00, 0x04 },
	  true },
};

/* What else people have, by the object identifier that stands in it, to tell them by name. */
static const struct {
	uint8_t oid[10];
	size_t oid_bytes;
	const char *why;
} refused[] = {
	{ { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01 },
	  8,
	  "it is an RSA key; keys are Ed25519, ECDSA P-256 or ECDSA P-384" },
	{ { 0x06, 0x03, 0x2b, 0x65, 0x71 },
	  5,
	  "it is an Ed448 key; keys are Ed25519, ECDSA P-256 or ECDSA P-384" },
	{ { 0x06, 0x03, 0x2b, 0x65, 0x6e },
	  5,
	  "it is an X25519 key, which signs nothing; keys are Ed25519, ECDSA P-256 or ECDSA P-384" },
	{ { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01 },
	  7,
	  "it is an EC key of another curve or form; keys are Ed25519, or ECDSA of the named curves P-256 or P-384 with an uncompressed point" },
};

struct pst_sign_key {
	const struct form *form;
	EVP_PKEY *pkey;
	char id[PST_SIGN_ID];
};

static int value_of(char letter)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = letter ? strchr(letters, letter) : NULL;

	return at ? (int)(at - letters) : -1;
}

/* Base64 (RFC 4648) with its padding, in lines or not. Returns the number of bytes, or -EINVAL. */
static int decode64(const char *text, size_t len, uint8_t *out, size_t max)
{
	uint32_t bits = 0, held = 0, padding = 0;
	size_t made = 0;

	for (size_t i = 0; i < len; i++) {
		int value = value_of(text[i]);

		if (text[i] && strchr(BLANKS, text[i]))
			continue;
		if (text[i] == '=' && ++padding <= 2)
			continue;
		if (value < 0 || padding || made >= max)
			return -EINVAL;
		bits = (bits << 6 | (uint32_t)value) & 0xffffu;
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		out[made++] = (uint8_t)(bits >> held);
	}
	/* what is left over are the bits that padding stands for, and they are 0: so letters and
	 * padding are fours */
	if (held != 2 * padding || (bits & ((1u << held) - 1)))
		return -EINVAL;
	return (int)made;
}

static bool holds(const uint8_t *der, size_t len, const uint8_t *part, size_t part_bytes)
{
	for (size_t i = 0; i + part_bytes <= len; i++) {
		if (memcmp(der + i, part, part_bytes) == 0)
			return true;
	}
	return false;
}

/* The base64 text between the marks, or NULL with the reason. */
static const char *find_body(const char *text, size_t len, size_t *body_bytes, const char **why)
{
	const char *begin, *end;

	*why = "it is no public key: BEGIN PUBLIC KEY and END PUBLIC KEY stand around one (openssl pkey -pubout)";
	if (memmem(text, len, "PRIVATE KEY-----", 16)) {
		*why = "it holds a private key; only the public one belongs here (openssl pkey -pubout), and this one is to be replaced";
		return NULL;
	}
	begin = memmem(text, len, BEGIN_MARK, strlen(BEGIN_MARK));
	if (!begin)
		return NULL;
	for (const char *at = text; at < begin; at++) {
		if (!*at || !strchr(BLANKS, *at))
			return NULL;
	}
	begin += strlen(BEGIN_MARK);
	end = memmem(begin, (size_t)(text + len - begin), END_MARK, strlen(END_MARK));
	if (!end)
		return NULL;
	*body_bytes = (size_t)(end - begin);
	for (end += strlen(END_MARK); end < text + len; end++) {
		if (*end && strchr(BLANKS, *end))
			continue;
		*why = "something stands behind the key; a file holds one key and nothing else";
		return NULL;
	}
	return begin;
}

static const struct form *find_form(const uint8_t *der, size_t len, const char **why)
{
	for (size_t i = 0; i < COUNT(forms); i++) {
		if (len == forms[i].der_bytes &&
		    memcmp(der, forms[i].head, forms[i].head_bytes) == 0)
			return &forms[i];
	}
	*why = "it is a key of an unknown kind; keys are Ed25519, ECDSA P-256 or ECDSA P-384";
	for (size_t i = 0; i < COUNT(refused); i++) {
		if (!holds(der, len, refused[i].oid, refused[i].oid_bytes))
			continue;
		*why = refused[i].why;
		break;
	}
	return NULL;
}

/* The head of its form has fixed how long it is. */
static EVP_PKEY *make_pkey(const uint8_t *der, size_t len)
{
	const unsigned char *at = der;
	EVP_PKEY *pkey = d2i_PUBKEY(NULL, &at, (long)len);

	ERR_clear_error(); /* it has a list of its own, which nobody reads */
	return pkey;
}

int pst_sign_key_read(const char *text, size_t len, struct pst_sign_key **out, const char **why)
{
	uint8_t der[PST_SIGN_KEY_FILE_MAX / 4 * 3], sum[PST_SHA256_BYTES];
	struct pst_sign_key *key;
	const struct form *form;
	size_t body_bytes;
	const char *body = find_body(text, len, &body_bytes, why);
	int der_bytes = body ? decode64(body, body_bytes, der, sizeof(der)) : -EINVAL;

	if (!body)
		return -EINVAL;
	if (der_bytes < 0) {
		*why = "what stands between BEGIN and END is no base64";
		return -EINVAL;
	}
	form = find_form(der, (size_t)der_bytes, why);
	if (!form)
		return -EINVAL;
	key = calloc(1, sizeof(*key));
	if (!key)
		return -ENOMEM;
	key->form = form;
	key->pkey = make_pkey(der, (size_t)der_bytes);
	if (!key->pkey) {
		free(key);
		*why = "libcrypto refuses it: its point is not on the curve, or this system does not allow such keys";
		return -ENOTSUP;
	}
	pst_sha256(der, (size_t)der_bytes, sum);
	(void)pst_hex(sum, (PST_SIGN_ID - 1) / 2, key->id); /* returns what it was given */
	*out = key;
	return 0;
}

void pst_sign_key_free(struct pst_sign_key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pkey);
	free(key);
}

const char *pst_sign_key_id(const struct pst_sign_key *key)
{
	return key->id;
}

const char *pst_sign_key_algorithm(const struct pst_sign_key *key)
{
	return key->form->name;
}

static bool is_text(const char *file, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (value_of(file[i]) < 0 && file[i] != '=' &&
		    (!file[i] || !strchr(BLANKS, file[i])))
			return false;
	}
	return true;
}

/* A DER sequence whose length, all that is left, is one byte (X.690); what it holds is
 * libcrypto's to judge. */
static bool is_ecdsa_form(const struct pst_signature *signature)
{
	return signature->len >= 8 && signature->bytes[0] == SEQUENCE &&
	       signature->bytes[1] == signature->len - 2;
}

int pst_signature_read(const void *file, size_t len, struct pst_signature *out, const char **why)
{
	struct pst_signature signature = { .len = len };
	int made = 0;

	if (len == 0) {
		*why = "the signature is empty";
		return -EINVAL;
	}
	if (len != ED25519_SIGNATURE && is_text(file, len)) {
		made = decode64(file, len, signature.bytes, sizeof(signature.bytes));
		signature.len = made > 0 ? (size_t)made : 0;
	} else if (len <= sizeof(signature.bytes)) {
		memcpy(signature.bytes, file, len);
	} else {
		signature.len = 0;
	}
	if (made < 0 || (signature.len != ED25519_SIGNATURE && !is_ecdsa_form(&signature))) {
		*why = "the signature has the form of none: neither 64 bytes of Ed25519 nor an ECDSA one, raw or as base64";
		return -EINVAL;
	}
	*out = signature;
	return 0;
}

/* 1, 0, or -ENOTSUP when the verification cannot even begin */
static int verify_with(const struct pst_sign_key *key, const EVP_MD *digest,
		       const struct pst_signature *signature, const void *data, size_t len)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	int r = -ENOTSUP;

	if (context && EVP_DigestVerifyInit(context, NULL, digest, NULL, key->pkey) == 1)
		r = EVP_DigestVerify(context, signature->bytes, signature->len, data, len) == 1;
	EVP_MD_CTX_free(context);
	ERR_clear_error(); /* a wrong signature is an answer, no error */
	return r;
}

int pst_sign_verify(const struct pst_sign_key *key, const struct pst_signature *signature,
		    const void *data, size_t len)
{
	int r;

	if (!key->form->is_ecdsa)
		return signature->len == ED25519_SIGNATURE ?
			       verify_with(key, NULL, signature, data, len) :
			       0;
	if (!is_ecdsa_form(signature))
		return 0;
	r = verify_with(key, EVP_sha256(), signature, data, len);
	return r ? r : verify_with(key, EVP_sha384(), signature, data, len);
}
