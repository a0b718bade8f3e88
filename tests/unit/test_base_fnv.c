// SPDX-License-Identifier: Apache-2.0
/* Are keys the ones that everybody else computes? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/fnv.h"

static void the_key_is_fnv_1a(void **state)
{
	(void)state;
	assert_true(pst_fnv_bytes(PST_FNV_START, "", 0) == UINT64_C(0xcbf29ce484222325));
	assert_true(pst_fnv_bytes(PST_FNV_START, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
	assert_true(pst_fnv_bytes(PST_FNV_START, "foobar", 6) == UINT64_C(0x85944171f73967e8));
}

static void bytes_in_parts_have_the_key_of_the_whole(void **state)
{
	uint64_t key = pst_fnv_bytes(PST_FNV_START, "foo", 3);

	(void)state;
	key = pst_fnv_byte(key, 'b');
	assert_true(pst_fnv_bytes(key, "ar", 2) == pst_fnv_bytes(PST_FNV_START, "foobar", 6));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_key_is_fnv_1a),
		cmocka_unit_test(bytes_in_parts_have_the_key_of_the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
