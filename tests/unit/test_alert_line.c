// SPDX-License-Identifier: Apache-2.0
/* Does each sink's own number get into the line? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "alert/alert.h"

static const char json[] = "{\"event\":{\"kind\":\"x\"}}";
static const struct pst_record record = { .json = json,
					  .len = sizeof(json) - 1,
					  .sequence_at = 10 };

static void the_number_stands_first_in_event(void **state)
{
	char out[128];

	(void)state;
	assert_int_equal(pst_record_line(&record, 7, out, sizeof(out)), 36);
	assert_string_equal(out, "{\"event\":{\"sequence\":7,\"kind\":\"x\"}}\n");
}

static void a_line_that_does_not_fit_is_refused(void **state)
{
	char out[37];

	(void)state;
	assert_int_equal(pst_record_line(&record, 7, out, 37), 36);
	assert_int_equal(pst_record_line(&record, 7, out, 36), -EMSGSIZE);
	assert_int_equal(pst_record_line(&record, 10, out, 37), -EMSGSIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_number_stands_first_in_event),
		cmocka_unit_test(a_line_that_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
