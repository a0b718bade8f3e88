// SPDX-License-Identifier: Apache-2.0
/* Can a program rely on the profile page: are its counts exact, and is it JSON whatever a program
 * is called? */
#include <stdlib.h>

#include "engine_fixture.h"

#include "engine/view.h"

static char *page_of(struct wire *w, const char *what)
{
	const struct pst_view_keys keys = { .what = what, .form = PST_VIEW_JSON };
	char *page = pst_view_profile(w->engine, &keys);

	assert_non_null(page);
	return page;
}

static void counts_are_exact(void **state)
{
	struct wire *w = *state;
	char *page;

	wire_connect(w, 80);
	wire_sample(w, (struct wire_count){ 80, 1, 1, 0, 9007199254740991 });
	page = page_of(w, "agent");
	assert_non_null(strstr(page, "\"bytes_out\":\t9007199254740991,"));
	assert_non_null(strstr(page, "\"rows\":\t1,"));
	free(page);
}

static void a_page_without_a_row_says_so(void **state)
{
	char *page = page_of(*state, "nobody");

	assert_string_equal(page, "{\n\t\"rows\":\t0\n}");
	free(page);
}

static void a_hostile_name_stays_a_name(void **state)
{
	struct wire *w = *state;
	char *page;

	wire_exec(w, 60, "x\",\"rows\":7,\"\n");
	wire_connect(w, 80);
	page = page_of(w, "60");
	assert_null(strstr(page, "\"rows\":7"));
	assert_non_null(strstr(page, "x\\\",\\\"rows\\\":7"));
	assert_null(strstr(page, "\"\n\""));
	free(page);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, wire_set_up, wire_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(counts_are_exact),
		CASE(a_page_without_a_row_says_so),
		CASE(a_hostile_name_stays_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
