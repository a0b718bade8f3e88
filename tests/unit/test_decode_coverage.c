// SPDX-License-Identifier: Apache-2.0
/* Is every row of the list of coverage one that people can read? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "decode/coverage.h"

static void every_row_has_its_own_name_and_words(void **state)
{
	size_t count;
	const struct pst_cover *row = pst_cover_rows(&count);

	(void)state;
	assert_true(count > 0 && count <= PST_COVERS_MAX);
	for (size_t i = 0; i < count; i++) {
		assert_true(strlen(row[i].text) > 2 && strlen(row[i].why) > 2);
		assert_true(*row[i].seen || *row[i].late);
		for (size_t other = 0; other < i; other++)
			assert_string_not_equal(row[i].name, row[other].name);
	}
}

static void the_states_have_names(void **state)
{
	(void)state;
	assert_string_equal(pst_cover_state_name(PST_COVER_SEEN), "seen");
	assert_string_equal(pst_cover_state_name(PST_COVER_LATE), "late");
	assert_string_equal(pst_cover_state_name(PST_COVER_BLIND), "blind");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_has_its_own_name_and_words),
		cmocka_unit_test(the_states_have_names),
	};

	return cmocka_run_group_tests_name("decode/coverage", tests, NULL, NULL);
}
