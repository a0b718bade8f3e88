// SPDX-License-Identifier: Apache-2.0
/* Is what is left of a set exactly what was not taken out? Of addresses it is tried address by
 * address. */
#include "contract_fixture.h"

#include "contract/box.h"
#include "contract/scope.h"

static struct pst_pool pool;

static int free_pool(void **state)
{
	(void)state;
	pst_pool_free(&pool);
	return 0;
}

static struct pst_place prefix(const char *text)
{
	struct pst_place place = { .kind = PST_PLACE_PREFIX };

	assert_int_equal(pst_prefix_parse(text, &place.prefix), 0);
	return place;
}

static struct pst_place text_place(enum pst_place_kind kind, const char *text)
{
	return (struct pst_place){ .kind = kind, .text = text };
}

static void patterns_cover_what_they_surely_match(void **state)
{
	(void)state;
	assert_true(pst_glob_covers("/opt/acme/**", "/opt/acme/bin/*"));
	assert_true(pst_glob_covers("/opt/acme/**", "/opt/acme/**"));
	assert_true(pst_glob_covers("/opt/acme/**", "/opt/acme/x"));
	assert_true(pst_glob_covers("/opt/a*", "/opt/acme*"));
	assert_true(pst_glob_covers("/opt/?cme", "/opt/acme"));
	assert_false(pst_glob_covers("/opt/acme/bin/*", "/opt/acme/**"));
	assert_false(pst_glob_covers("/opt/a*", "/opt/acme/*"));
	assert_false(pst_glob_covers("/opt/a*", "/opt/a**"));
	assert_false(pst_glob_covers("/opt/acme/**", "/opt/acme*"));
	assert_false(pst_glob_covers("/opt/acme/**", "/opt/acme"));
	assert_false(pst_glob_covers("/opt/*/x", "/opt/*y"));
	assert_false(pst_glob_covers("/opt/acme/**", "/opt/acme/../../run/x"));
}

static void names_cover_those_below(void **state)
{
	const struct pst_place wide = text_place(PST_PLACE_NAME, "*.bank.example");
	struct pst_place narrow = text_place(PST_PLACE_NAME, "vault.bank.example");
	struct pst_place inside = prefix("10.0.0.0/8");

	(void)state;
	assert_true(pst_place_covers(&wide, &narrow));
	assert_false(pst_place_covers(&narrow, &wide));
	narrow.text = "*.eu.bank.example";
	assert_true(pst_place_covers(&wide, &narrow));
	narrow.text = "bank.example";
	assert_false(pst_place_covers(&wide, &narrow));
	narrow.text = "*.bank.example";
	assert_true(pst_place_covers(&wide, &narrow));
	narrow.text = "xbank.example";
	assert_false(pst_place_covers(&wide, &narrow));
	narrow = wide;
	narrow.prefix = inside.prefix; /* its addresses in that prefix */
	narrow.narrowed = true;
	assert_true(pst_place_covers(&wide, &narrow));
	assert_false(pst_place_covers(&narrow, &wide));
	assert_true(pst_place_covers(&inside, &narrow));
	assert_false(pst_place_covers(&inside, &wide));
}

static void amounts_cover_smaller_ones(void **state)
{
	const struct pst_place two = { .kind = PST_PLACE_AMOUNT, .number = 2 };
	const struct pst_place one = { .kind = PST_PLACE_AMOUNT, .number = 1 };
	const struct pst_place word = text_place(PST_PLACE_WORD, "@local");
	const struct pst_place number = { .kind = PST_PLACE_NUMBER, .number = 2 };

	(void)state;
	assert_true(pst_place_covers(&two, &one));
	assert_false(pst_place_covers(&one, &two));
	assert_false(pst_place_covers(&two, &number));
	assert_false(pst_place_covers(&number, &one));
	assert_true(pst_place_covers(&word, &word));
}

static bool holds(const struct pst_scope *scope, const struct pst_addr *a)
{
	for (size_t i = 0; i < scope->count; i++) {
		const struct pst_region *region = &scope->list[i];
		bool in = pst_prefix_holds(&region->base.prefix, a);

		for (size_t j = 0; j < region->hole_count; j++)
			in = in && !pst_prefix_holds(&region->holes[j].prefix, a);
		if (in)
			return true;
	}
	return false;
}

/* A prefix of the last byte of 10.0.0.0/24, by a number. */
static struct pst_place small_prefix(unsigned int seed)
{
	unsigned int bits = seed % 7 + 2;
	struct pst_place place = prefix("10.0.0.0");

	place.prefix.addr.b[15] = (uint8_t)(seed / 7 << (8 - bits));
	place.prefix.bits = (uint8_t)(120 + bits);
	return place;
}

static void each_address_is_inside_or_outside(void **state)
{
	unsigned int seed = 1;

	(void)state;
	for (unsigned int round = 0; round < 500; round++) {
		struct pst_place a[4], b[6];
		struct pst_scope all, by;
		struct pst_scope_parts parts;

		for (size_t i = 0; i < 4; i++, seed = seed * 1103515245u + 12345u)
			a[i] = small_prefix(seed >> 8);
		for (size_t i = 0; i < 6; i++, seed = seed * 1103515245u + 12345u)
			b[i] = small_prefix(seed >> 8);
		all = pst_scope_of(&pool, a, 4);
		by = pst_scope_of(&pool, b, 6);
		parts = pst_scope_split(&pool, &all, &by);
		assert_int_equal(pst_scope_touches(&all, &by), parts.inside.count > 0);
		for (unsigned int last = 0; last < 256; last++) {
			struct pst_addr at = addr("10.0.0.0");

			at.b[15] = (uint8_t)last;
			assert_int_equal(holds(&parts.inside, &at),
					 holds(&all, &at) && holds(&by, &at));
			assert_int_equal(holds(&parts.outside, &at),
					 holds(&all, &at) && !holds(&by, &at));
		}
	}
}

static void halves_that_are_all_of_it_leave_nothing(void **state)
{
	const struct pst_place whole = prefix("10.0.0.0/8");
	const struct pst_place parts[] = { prefix("10.0.0.0/9"), prefix("10.192.0.0/10"),
					   prefix("10.128.0.0/10") };
	const struct pst_scope all = pst_scope_of(&pool, &whole, 1);
	const struct pst_scope by = pst_scope_of(&pool, parts, 3),
			       two = pst_scope_of(&pool, parts, 2);

	(void)state;
	assert_int_equal(pst_scope_split(&pool, &all, &by).outside.count, 0);
	assert_int_equal(pst_scope_split(&pool, &all, &two).outside.count, 1);
}

static void a_hole_stays_a_hole(void **state)
{
	const struct pst_place any = { .kind = PST_PLACE_ANY };
	const struct pst_place wide = prefix("10.0.0.0/8"), narrow = prefix("10.1.0.0/16");
	const struct pst_scope all = pst_scope_of(&pool, &any, 1),
			       first = pst_scope_of(&pool, &narrow, 1),
			       second = pst_scope_of(&pool, &wide, 1);
	struct pst_scope rest = pst_scope_split(&pool, &all, &first).outside;
	struct pst_scope_parts parts = pst_scope_split(&pool, &rest, &second);

	(void)state;
	assert_false(pst_scope_touches(&rest, &first));
	assert_int_equal(parts.inside.count, 1); /* 10.0.0.0/8 without 10.1.0.0/16 */
	assert_int_equal(parts.inside.list[0].hole_count, 1);
	assert_int_equal(parts.outside.list[0].hole_count, 1); /* the wide one took it in */
	assert_int_equal(parts.outside.list[0].holes[0].prefix.bits, 96 + 8);
}

static void places_that_others_cover_are_left_out(void **state)
{
	const struct pst_place places[] = { prefix("10.1.0.0/16"), prefix("10.0.0.0/8"),
					    prefix("10.0.0.0/8"), prefix("11.0.0.0/8") };
	const struct pst_scope scope = pst_scope_of(&pool, places, 4);

	(void)state;
	assert_int_equal(scope.count, 2);
	assert_false(pst_scope_is_any(&scope));
}

static void memory_that_is_not_there_is_told(void **state)
{
	struct pst_pool small = { .blocks = NULL };

	(void)state;
	assert_null(pst_pool_room(&small, SIZE_MAX / 2, 4));
	assert_true(small.failed);
	pst_pool_free(&small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_cover_what_they_surely_match),
		cmocka_unit_test(names_cover_those_below),
		cmocka_unit_test(amounts_cover_smaller_ones),
		cmocka_unit_test(each_address_is_inside_or_outside),
		cmocka_unit_test(halves_that_are_all_of_it_leave_nothing),
		cmocka_unit_test(a_hole_stays_a_hole),
		cmocka_unit_test(places_that_others_cover_are_left_out),
		cmocka_unit_test(memory_that_is_not_there_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, free_pool);
}
