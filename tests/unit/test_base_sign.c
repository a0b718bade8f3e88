// SPDX-License-Identifier: Apache-2.0
/* Is exactly that taken which the holder of a known key signed, and are other keys refused by name?
 */
#include "base/sign.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>

#include "sign_fixture.h"

static struct pst_sign_key *read_key(const char *text)
{
	struct pst_sign_key *key = NULL;
	const char *why = NULL;

	assert_int_equal(pst_sign_key_read(text, strlen(text), &key, &why), 0);
	assert_non_null(key);
	return key;
}

static struct pst_signature read_signature(const char *text)
{
	struct pst_signature signature;
	const char *why = NULL;

	assert_int_equal(pst_signature_read(text, strlen(text), &signature, &why), 0);
	return signature;
}

static int verify(const char *key_text, const char *signature_text, const char *data)
{
	struct pst_sign_key *key = read_key(key_text);
	struct pst_signature signature = read_signature(signature_text);
	int r = pst_sign_verify(key, &signature, data, strlen(data));

	pst_sign_key_free(key);
	return r;
}

static void assert_refused(const char *text, size_t len, const char *part)
{
	struct pst_sign_key *key = NULL;
	const char *why = "";

	assert_int_equal(pst_sign_key_read(text, len, &key, &why), -EINVAL);
	assert_null(key);
	if (!strstr(why, part))
		fail_msg("no '%s' in '%s'", part, why);
}

static void what_the_holder_of_the_key_signed_is_verified(void **state)
{
	(void)state;
	assert_int_equal(verify(key_ed25519, signature_ed25519, SIGNED_TEXT), 1);
	assert_int_equal(verify(key_p256, signature_p256_sha256, SIGNED_TEXT), 1);
	assert_int_equal(verify(key_p384, signature_p384_sha384, SIGNED_TEXT), 1);
	assert_int_equal(verify(key_p384, signature_p384_sha256, SIGNED_TEXT), 1);
}

static void other_bytes_are_not(void **state)
{
	static const char *const others[] = { "the bytes of a contracu\n",
					      "the bytes of a contract",
					      "the bytes of a contract\n\n", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_int_equal(verify(key_ed25519, signature_ed25519, others[i]), 0);
		assert_int_equal(verify(key_p256, signature_p256_sha256, others[i]), 0);
		assert_int_equal(verify(key_p384, signature_p384_sha384, others[i]), 0);
	}
}

static void another_key_or_another_digest_is_not(void **state)
{
	(void)state;
	assert_int_equal(verify(key_other, signature_ed25519, SIGNED_TEXT), 0);
	assert_int_equal(verify(key_p256, signature_ed25519, SIGNED_TEXT), 0);
	assert_int_equal(verify(key_ed25519, signature_p256_sha256, SIGNED_TEXT), 0);
	assert_int_equal(verify(key_p384, signature_p256_sha256, SIGNED_TEXT), 0);
	assert_int_equal(verify(key_p384, signature_p384_sha512, SIGNED_TEXT), 0);
}

static void each_altered_bit_of_a_signature_is_seen(void **state)
{
	static const char *const keys[] = { key_ed25519, key_p256, key_p384 };
	static const char *const texts[] = { signature_ed25519, signature_p256_sha256,
					     signature_p384_sha384 };

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct pst_sign_key *key = read_key(keys[i]);
		struct pst_signature good = read_signature(texts[i]);

		for (size_t bit = 0; bit < good.len * 8; bit += 5) {
			struct pst_signature bad = good;

			bad.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
			assert_int_equal(
				pst_sign_verify(key, &bad, SIGNED_TEXT, strlen(SIGNED_TEXT)), 0);
		}
		for (size_t len = 0; len < good.len; len++) {
			struct pst_signature cut = good;

			cut.len = len;
			assert_int_equal(
				pst_sign_verify(key, &cut, SIGNED_TEXT, strlen(SIGNED_TEXT)), 0);
		}
		pst_sign_key_free(key);
	}
}

static void the_id_is_of_the_key_alone(void **state)
{
	static const char other_lines[] =
		"\r\n -----BEGIN PUBLIC KEY-----MCowBQYDK2VwAyEAor6e\n"
		"CAYMSW4Jth58oAjSGRwWH5wpVGC/DS\tov5FRQ0Z8=-----END PUBLIC KEY-----\n\n";
	struct pst_sign_key *key = read_key(key_ed25519);

	(void)state;
	assert_string_equal(pst_sign_key_id(key), "c86239088b81859b");
	assert_string_equal(pst_sign_key_algorithm(key), "Ed25519");
	pst_sign_key_free(key);
	key = read_key(key_p384);
	assert_string_equal(pst_sign_key_id(key), "4b7cb9d2f3ca8408");
	assert_string_equal(pst_sign_key_algorithm(key), "ECDSA P-384");
	pst_sign_key_free(key);
	key = read_key(other_lines);
	assert_string_equal(pst_sign_key_id(key), "c86239088b81859b");
	pst_sign_key_free(key);
	pst_sign_key_free(NULL);
}

static void other_kinds_of_keys_are_refused_by_name(void **state)
{
	static const struct {
		const char *text, *part;
	} keys[] = {
		{ key_rsa, "an RSA key" },
		{ key_ed448, "an Ed448 key" },
		{ key_x25519, "X25519 key, which signs nothing" },
		{ key_p521, "EC key of another curve" },
		{ key_secp256k1, "EC key of another curve" },
		{ key_compressed, "uncompressed point" },
		{ key_explicit, "named curves" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		assert_refused(keys[i].text, strlen(keys[i].text), keys[i].part);
}

static void what_is_no_key_is_refused(void **state)
{
	char text[1024];

	(void)state;
	assert_refused("", 0, "no public key");
	assert_refused("-----BEGIN PUBLIC KEY-----", 26, "no public key");
	assert_refused("-----END PUBLIC KEY----------BEGIN PUBLIC KEY-----", 50, "no public key");
	assert_refused("-----BEGIN PRIVATE KEY-----\n", 28, "a private key");
	assert_refused("-----BEGIN ENCRYPTED PRIVATE KEY-----\n", 38, "a private key");
	assert_refused("-----BEGIN PUBLIC KEY-----\nM!==\n-----END PUBLIC KEY-----\n", 57,
		       "no base64");
	assert_refused("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n", 52,
		       "unknown kind");
	assert_refused("-----BEGIN PUBLIC KEY-----\nA===\n-----END PUBLIC KEY-----\n", 57,
		       "no base64");
	(void)snprintf(text, sizeof(text), "%s", key_ed25519);
	*strchr(text, '=') = 'A'; /* a byte more */
	assert_refused(text, strlen(text), "unknown kind");
	(void)snprintf(text, sizeof(text), "%s%s", key_ed25519, key_p256);
	assert_refused(text, strlen(text), "one key and nothing else");
	(void)snprintf(text, sizeof(text), "note\n%s", key_ed25519);
	assert_refused(text, strlen(text), "no public key");
	(void)snprintf(text, sizeof(text), "%s", key_ed25519);
	assert_refused(text, strlen(text) + 1, "one key and nothing else"); /* a NUL */
	text[30] = '\0';
	assert_refused(text, strlen(key_ed25519), "no base64");
}

static void a_point_beside_the_curve_is_refused(void **state)
{
	struct pst_sign_key *key = NULL;
	const char *why = NULL;
	char text[sizeof(key_p256)];

	(void)state;
	memcpy(text, key_p256, sizeof(text));
	text[100] = text[100] == 'A' ? 'B' : 'A';
	assert_int_equal(pst_sign_key_read(text, strlen(text), &key, &why), -ENOTSUP);
	assert_non_null(strstr(why, "not on the curve"));
}

static void a_raw_signature_is_told_from_base64(void **state)
{
	static const char *const texts[] = { signature_ed25519, signature_p256_sha256,
					     signature_p384_sha384 };
	char lines[256];
	size_t at;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct pst_signature text = read_signature(texts[i]), raw, in_lines;
		const char *why = NULL;

		assert_int_equal(pst_signature_read(text.bytes, text.len, &raw, &why), 0);
		assert_int_equal(raw.len, text.len);
		assert_memory_equal(raw.bytes, text.bytes, raw.len);
		for (at = 0; at < strlen(texts[i]); at += 64)
			(void)snprintf(lines + at + at / 64, sizeof(lines) - at - at / 64,
				       "%.64s\n", texts[i] + at);
		in_lines = read_signature(lines);
		assert_int_equal(in_lines.len, text.len);
		assert_memory_equal(in_lines.bytes, text.bytes, text.len);
	}
}

static void sixty_four_letters_are_a_raw_signature(void **state)
{
	struct pst_signature signature;
	const char *why = NULL;
	char text[64];

	(void)state;
	memset(text, 'A', sizeof(text));
	assert_int_equal(pst_signature_read(text, sizeof(text), &signature, &why), 0);
	assert_int_equal(signature.len, sizeof(text));
	assert_memory_equal(signature.bytes, text, sizeof(text));
}

static void assert_no_signature(const void *file, size_t len, const char *part)
{
	struct pst_signature signature = { .len = 7 };
	const char *why = "";

	assert_int_equal(pst_signature_read(file, len, &signature, &why), -EINVAL);
	assert_non_null(strstr(why, part));
	assert_int_equal(signature.len, 7); /* untouched */
}

static void what_has_the_form_of_no_signature_is_refused(void **state)
{
	struct pst_signature good = read_signature(signature_p256_sha256);
	uint8_t bytes[PST_SIGN_FILE_MAX] = { 0 };

	(void)state;
	assert_no_signature("", 0, "empty");
	assert_no_signature("\n", 1, "form of none");
	assert_no_signature(signature_ed25519, 87, "form of none"); /* its padding is cut */
	assert_no_signature(signature_ed25519, 84, "form of none"); /* 63 bytes */
	assert_no_signature(good.bytes, good.len - 1, "form of none");
	assert_no_signature(bytes, 63, "form of none");
	assert_no_signature(bytes, 65, "form of none");
	assert_no_signature(bytes, sizeof(bytes), "form of none");
	memset(bytes, 'A', sizeof(bytes));
	assert_no_signature(bytes, sizeof(bytes), "form of none");
}

static void padding_that_lies_is_refused(void **state)
{
	char text[sizeof(signature_ed25519)];

	(void)state;
	memcpy(text, signature_ed25519, sizeof(text));
	text[85] = 'R'; /* sets a bit that the padding cuts off */
	assert_no_signature(text, 88, "form of none");
	memcpy(text, signature_ed25519, sizeof(text));
	memmove(text + 11, text + 10, 76); /* one of its two signs comes early */
	text[10] = '=';
	assert_no_signature(text, 88, "form of none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_holder_of_the_key_signed_is_verified),
		cmocka_unit_test(other_bytes_are_not),
		cmocka_unit_test(another_key_or_another_digest_is_not),
		cmocka_unit_test(each_altered_bit_of_a_signature_is_seen),
		cmocka_unit_test(the_id_is_of_the_key_alone),
		cmocka_unit_test(other_kinds_of_keys_are_refused_by_name),
		cmocka_unit_test(what_is_no_key_is_refused),
		cmocka_unit_test(a_point_beside_the_curve_is_refused),
		cmocka_unit_test(a_raw_signature_is_told_from_base64),
		cmocka_unit_test(sixty_four_letters_are_a_raw_signature),
		cmocka_unit_test(what_has_the_form_of_no_signature_is_refused),
		cmocka_unit_test(padding_that_lies_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
