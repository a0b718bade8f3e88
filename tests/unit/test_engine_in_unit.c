// SPDX-License-Identifier: Apache-2.0
/* Is each unit that a page names one that can be learnt, and has a profile? */
#include "engine/in_unit.h"
#include "engine/view.h"
#include "engine/view_learn.h"
#include "past_fixture.h"

#define UNIT "acme@%u.service"

/* A process executes /opt/acme/worker in a cgroup of that unit. */
static void exec_in(struct wire *w, uint32_t tgid, const char *unit)
{
	char cgroup[64];
	size_t len = (size_t)snprintf(cgroup, sizeof(cgroup), "%s%csystem.slice", unit, 0) + 1;

	wire_exec_in(w, tgid, "worker", cgroup, len);
}

static bool is_known(struct wire *w, const char *unit)
{
	char line[128], why[PST_LEARN_WHY], *text;
	bool known = false;
	const struct pst_view_keys keys = { .what = unit, .known = &known };

	(void)snprintf(line, sizeof(line), "learn unit=%s", unit);
	text = pst_view_learn_answer(w->engine, line, why);
	if (!text)
		fprintf(stderr, "%s\n", why);
	free(pst_view_profile(w->engine, &keys));
	free(text);
	return text && known;
}

static bool shows(struct wire *w, const char *unit)
{
	char *page = pst_view_vendors(w->engine, PST_VIEW_TEXT), part[64];
	bool has;

	(void)snprintf(part, sizeof(part), "; unit %s;", unit);
	has = page && strstr(page, part);
	free(page);
	return has;
}

/* The history keeps four of them. */
static void a_program_of_many_units_is_of_each(void **state)
{
	struct wire *w = *state;
	char unit[32];

	for (uint32_t i = 1; i <= 6; i++) {
		(void)snprintf(unit, sizeof(unit), UNIT, i);
		exec_in(w, 20 + i, unit);
	}
	for (uint32_t i = 1; i <= 6; i++) {
		(void)snprintf(unit, sizeof(unit), UNIT, i);
		assert_true(is_known(w, unit));
	}
	assert_true(shows(w, "acme@1.service"));
	assert_false(is_known(w, "acme@7.service"));
}

static bool was_moved(void *context, struct pst_image *image)
{
	if (strcmp(image->unit, "other.service") != 0)
		return true;
	free(image->home);
	image->home = strdup("acme.service");
	*(bool *)context = true;
	return true;
}

/* A contract binds by the unit in charge, and that is the one to name. */
static void a_page_names_the_unit_in_charge(void **state)
{
	struct wire *w = *state;
	bool moved = false;

	exec_in(w, 22, "other.service");
	pst_attrib_each_image(w->engine->attrib, was_moved, &moved);
	assert_true(moved);
	assert_true(shows(w, "acme.service"));
	assert_false(shows(w, "other.service"));
	assert_true(is_known(w, "acme.service"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_program_of_many_units_is_of_each, wire_set_up,
						wire_tear_down),
		cmocka_unit_test_setup_teardown(a_page_names_the_unit_in_charge, wire_set_up,
						wire_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
