// SPDX-License-Identifier: Apache-2.0
/* Does the index find every entry that may name an image, and few others? */
#include "contract_fixture.h"

#include "contract/index.h"

struct visits {
	size_t count;
	bool seen[64];
};

static void note(void *context, const struct pst_index_item *item)
{
	struct visits *visits = context;

	visits->count++;
	assert_in_range(item->software, 0, 63);
	visits->seen[item->software] = true;
}

static struct visits visit(const struct pst_index *index, const char *path, const char *unit)
{
	struct pst_program program = { .path = (char *)path };
	struct pst_image image = { .program = &program, .unit = (char *)unit };
	struct visits visits = { .count = 0 };

	pst_index_each(index, &image, note, &visits);
	return visits;
}

static struct pst_index index_of(struct pst_software *software, size_t count)
{
	struct pst_contract contract = { .software = software, .software_count = count };
	struct pst_index index = { .count = 0 };

	assert_int_equal(pst_index_add(&index, &contract, 0), 0);
	return index;
}

static void entries_are_found_by_folder_and_unit(void **state)
{
	static const struct {
		const char *path, *unit;
		bool found[8];
	} cases[] = {
		{ "/opt/acme/bin/agent",
		  "",
		  { true, true, false, true, false, false, true, true } },
		{ "/opt/acme/x",
		  "a.service",
		  { true, true, false, true, true, false, true, true } },
		{ "/usr/bin/id",
		  "a1.service",
		  { false, true, true, true, false, false, false, true } },
		{ "/bin/id", "", { false, true, true, true, false, false, false, true } },
		{ "", "", { false, true, false, true, false, false, false, true } },
		{ "/memfd:x", "b.service", { false, true, false, true, false, true, false, true } },
	};
	struct pst_software software[] = {
		{ .path = (char *)"/opt/acme/**" },
		{ .uid = 1, .has_uid = true },
		{ .path = (char *)"/bin/id" },
		{ .unit = (char *)"a*.service" },
		{ .unit = (char *)"a.service" },
		{ .unit = (char *)"b.service" },
		{ .path = (char *)"/opt/a?me/b*/agent" },
		{ .path = (char *)"**" },
	};
	struct pst_index index = index_of(software, 8);
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct visits visits = visit(&index, cases[i].path, cases[i].unit);

		for (j = 0; j < 8; j++)
			if (visits.seen[j] != cases[i].found[j])
				fail_msg("%s: entry %zu", cases[i].path, j);
	}
	pst_index_clear(&index);
}

static void an_entry_is_found_by_its_package(void **state)
{
	struct pst_software software[] = { { .package = (char *)"acme" },
					   { .package = (char *)"acme-*" },
					   { .package = (char *)"other", .unit = (char *)"acme" } };
	struct pst_index index = index_of(software, 3);
	struct pst_program program = { .path = (char *)"/usr/bin/acme", .package = (char *)"acme" };
	struct pst_image image = { .program = &program, .unit = (char *)"" };
	struct visits visits = { .count = 0 };

	(void)state;
	pst_index_each(&index, &image, note, &visits);
	assert_true(visits.seen[0]);
	assert_true(visits.seen[1]);
	assert_int_equal(visits.count, 2);
	assert_false(visit(&index, "/usr/bin/acme", "acme").seen[0]); /* not known yet */
	pst_index_clear(&index);
}

static void a_quoted_letter_is_a_letter(void **state)
{
	struct pst_software software[] = { { .path = (char *)"/o\\pt/ac\\*me/*" } };
	struct pst_index index = index_of(software, 1);

	(void)state;
	assert_true(visit(&index, "/opt/ac*me/x", "").seen[0]);
	assert_false(visit(&index, "/opt/acme/x", "").seen[0]);
	pst_index_clear(&index);
}

static void an_image_asks_for_few_of_many(void **state)
{
	struct pst_software one = { .path = NULL };
	struct pst_contract contract = { .software = &one, .software_count = 1 };
	struct pst_index index = { .count = 0 };
	char path[64];
	int32_t i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		(void)snprintf(path, sizeof(path), "/opt/vendor%d/**", i);
		one.path = path;
		assert_int_equal(pst_index_add(&index, &contract, i), 0);
	}
	assert_int_equal(visit(&index, "/opt/vendor77/bin/x", "a.service").count, 1);
	assert_int_equal(visit(&index, "/opt/vendor1000/bin/x", "a.service").count, 0);
	pst_index_clear(&index);
}

static void an_empty_index_finds_nobody(void **state)
{
	struct pst_index index = { .count = 0 };

	(void)state;
	assert_int_equal(visit(&index, "/opt/x", "").count, 0);
	pst_index_clear(&index);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_found_by_folder_and_unit),
		cmocka_unit_test(an_entry_is_found_by_its_package),
		cmocka_unit_test(a_quoted_letter_is_a_letter),
		cmocka_unit_test(an_image_asks_for_few_of_many),
		cmocka_unit_test(an_empty_index_finds_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
