// SPDX-License-Identifier: Apache-2.0
/* Are names of bytes the ones that everybody else computes? */
#include "base/digest.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void bytes_in_parts_have_the_digest_of_the_whole(void **state)
{
	uint8_t whole[PST_SHA256_BYTES], parts[PST_SHA256_BYTES];
	struct pst_sha256 *sum = pst_sha256_begin();

	(void)state;
	assert_non_null(sum);
	pst_sha256("a postern", 9, whole);
	pst_sha256_add(sum, "a pos", 5);
	pst_sha256_add(sum, "tern", 4);
	pst_sha256_end(sum, parts);
	assert_memory_equal(parts, whole, sizeof(whole));
	pst_sha256_end(pst_sha256_begin(), NULL); /* given up */
}

static void the_digest_is_sha_256(void **state)
{
	uint8_t sum[PST_SHA256_BYTES];
	char text[PST_SHA256_TEXT];

	(void)state;
	pst_sha256("abc", 3, sum);
	assert_string_equal(pst_hex(sum, sizeof(sum), text),
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	pst_sha256("", 0, sum);
	assert_string_equal(pst_hex(sum, sizeof(sum), text),
			    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void hex_of_nothing_is_empty(void **state)
{
	char text[1] = "x";

	(void)state;
	assert_string_equal(pst_hex((const uint8_t *)"", 0, text), "");
}

static void an_id_has_version_8_and_comes_from_the_digest(void **state)
{
	char text[37];

	(void)state;
	assert_string_equal(pst_uuid_from("abc", 3, text), "ba7816bf-8f01-8fea-8141-40de5dae2223");
	assert_string_equal(pst_uuid_from("abd", 3, text), "a52d159f-262b-8c6d-9b72-4a61840befc3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_digest_is_sha_256),
		cmocka_unit_test(bytes_in_parts_have_the_digest_of_the_whole),
		cmocka_unit_test(hex_of_nothing_is_empty),
		cmocka_unit_test(an_id_has_version_8_and_comes_from_the_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
