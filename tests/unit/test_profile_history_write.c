// SPDX-License-Identifier: Apache-2.0
/* Is the file, byte for byte, what version 1 is? tests/unit/golden/state-1 is never changed. */
#include <stdio.h>

#include "base/digest.h"
#include "history_fixture.h"

#define GOLDEN "tests/unit/golden/state-1"

static void the_file_of_version_1_is_written_as_ever(void **state)
{
	static uint8_t kept[16384];
	struct pst_history *history = make_full();
	FILE *file = fopen(GOLDEN, "re");
	size_t kept_len = 0, len = 0;
	uint8_t *bytes = history_bytes(history, NOON_S + 99, &len);

	(void)state;
	assert_non_null(bytes);
	if (file) {
		kept_len = fread(kept, 1, sizeof(kept), file);
		(void)fclose(file); /* only read */
	}
	assert_int_equal(len, kept_len);
	assert_memory_equal(bytes, kept, len);
	free(bytes);
	pst_history_free(history);
}

static void the_sum_is_of_all_before_it(void **state)
{
	uint8_t sum[PST_SHA256_BYTES];
	size_t len = 0;
	uint8_t *bytes = history_bytes(*state, NOON_S, &len);

	assert_non_null(bytes);
	assert_int_equal(len, 32 + sizeof(sum)); /* an empty history is a header */
	pst_sha256(bytes, len - sizeof(sum), sum);
	assert_memory_equal(bytes + len - sizeof(sum), sum, sizeof(sum));
	free(bytes);
}

static void what_was_read_is_written_alike(void **state)
{
	static const char script[] = "/opt/acme/bin/agent.py";
	struct pst_history *history = make_full();
	size_t len = 0, again_len = 0;
	uint8_t *bytes, *again;
	const char *why = NULL;

	pst_history_program(history, script, NOON_S)->argument = true;
	bytes = history_bytes(history, NOON_S, &len);
	assert_int_equal(pst_history_read(*state, bytes, len, &why), 0);
	assert_true(pst_history_find(*state, script)->argument);
	again = history_bytes(*state, NOON_S, &again_len);
	assert_int_equal(again_len, len);
	assert_memory_equal(again, bytes, len);
	free(again);
	free(bytes);
	pst_history_free(history);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_file_of_version_1_is_written_as_ever),
		T(the_sum_is_of_all_before_it),
		T(what_was_read_is_written_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
