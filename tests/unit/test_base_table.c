// SPDX-License-Identifier: Apache-2.0
/* Is the table bounded, fair and true to its pointers? */
#include "base/table.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

struct drops {
	unsigned int count;
	uint32_t last;
	uint32_t kept; /* keys below are kept */
};

static void on_drop(void *context, const void *key, void *value)
{
	struct drops *drops = context;

	(void)value;
	drops->count++;
	memcpy(&drops->last, key, sizeof(drops->last));
}

static bool keep(void *context, const void *key, const void *value)
{
	uint32_t number;

	(void)value;
	memcpy(&number, key, sizeof(number));
	return number < ((struct drops *)context)->kept;
}

static struct pst_table *make(size_t capacity, struct drops *drops)
{
	const struct pst_table_shape shape = {
		.key_bytes = 4,
		.value_bytes = 8,
		.capacity = capacity,
		.on_drop = on_drop,
		.keep = keep,
		.context = drops,
	};

	return pst_table_new(&shape);
}

static uint64_t *put(struct pst_table *table, uint32_t key)
{
	return pst_table_put(table, &key, NULL);
}

static uint64_t *peek(const struct pst_table *table, uint32_t key)
{
	return pst_table_peek(table, &key);
}

static void a_new_value_is_zeroed_and_found_again(void **state)
{
	struct drops drops = { 0 };
	struct pst_table *table = make(4, &drops);
	uint32_t key = 7;
	bool created = false;
	uint64_t *value = pst_table_put(table, &key, &created);

	(void)state;
	assert_true(created);
	assert_int_equal(*value, 0);
	*value = 42;
	assert_ptr_equal(pst_table_put(table, &key, &created), value);
	assert_false(created);
	assert_ptr_equal(pst_table_find(table, &key), value);
	assert_int_equal(*peek(table, 7), 42);
	assert_null(peek(table, 8));
	assert_int_equal((uintptr_t)value % 16, 0);
	pst_table_free(table);
}

static void the_least_recently_used_entry_makes_room(void **state)
{
	struct drops drops = { 0 };
	struct pst_table *table = make(2, &drops);
	uint32_t key = 1;

	(void)state;
	put(table, 1);
	put(table, 2);
	assert_int_equal(pst_table_evicted(table), 0);
	assert_non_null(pst_table_find(table, &key));
	put(table, 3);
	assert_int_equal(drops.last, 2);
	assert_non_null(peek(table, 1));
	assert_null(peek(table, 2));
	assert_int_equal(pst_table_count(table), 2);
	assert_int_equal(pst_table_evicted(table), 1);
	pst_table_free(table);
}

static void a_peek_is_no_use(void **state)
{
	struct drops drops = { 0 };
	struct pst_table *table = make(2, &drops);

	(void)state;
	put(table, 1);
	put(table, 2);
	assert_non_null(peek(table, 1));
	put(table, 3);
	assert_null(peek(table, 1));
	pst_table_free(table);
}

static void kept_entries_outlive_others(void **state)
{
	struct drops drops = { .kept = 3 };
	struct pst_table *table = make(3, &drops);

	(void)state;
	put(table, 1);
	put(table, 2);
	put(table, 9);
	put(table, 10);
	assert_int_equal(drops.last, 9);
	pst_table_free(table);
}

static void when_all_are_kept_the_oldest_goes(void **state)
{
	struct drops drops = { .kept = 100 };
	struct pst_table *table = make(2, &drops);

	(void)state;
	put(table, 1);
	put(table, 2);
	put(table, 3);
	assert_int_equal(drops.last, 1);
	assert_int_equal(pst_table_count(table), 2);
	pst_table_free(table);
}

static void the_search_for_a_victim_looks_at_64_entries(void **state)
{
	struct drops drops = { .kept = 63 };
	struct pst_table *table = make(65, &drops);
	uint32_t key;

	(void)state;
	for (key = 0; key < 65; key++)
		put(table, key);
	put(table, 1000);
	assert_int_equal(drops.last, 63); /* the 64th one */
	drops.kept = 65;
	put(table, 1001);
	assert_int_equal(drops.last, 0); /* the first 64 are kept: the oldest */
	pst_table_free(table);
}

static void entries_do_not_move(void **state)
{
	struct drops drops = { 0 };
	struct pst_table *table = make(5000, &drops);
	uint64_t *first = put(table, 0);
	uint32_t key;

	(void)state;
	*first = 5;
	for (key = 1; key < 5000; key++)
		*put(table, key) = key;
	assert_ptr_equal(peek(table, 0), first);
	assert_int_equal(*first, 5);
	assert_int_equal(*peek(table, 4999), 4999);
	assert_int_equal(pst_table_evicted(table), 0);
	pst_table_free(table);
}

static void removal_and_the_end_drop_entries_too(void **state)
{
	struct drops drops = { 0 };
	struct pst_table *table = make(4, &drops);
	uint32_t key = 1;

	(void)state;
	put(table, 1);
	put(table, 2);
	assert_true(pst_table_remove(table, &key));
	assert_false(pst_table_remove(table, &key));
	assert_int_equal(drops.count, 1);
	assert_int_equal(pst_table_evicted(table), 0);
	pst_table_free(table);
	assert_int_equal(drops.count, 2);
	pst_table_free(NULL);
}

static void a_walk_goes_from_the_oldest_to_the_youngest(void **state)
{
	struct drops drops = { 0 };
	struct pst_table *table = make(4, &drops);
	uint32_t order[3], one = 1;
	const void *key = NULL;

	(void)state;
	void *at = NULL;
	size_t n = 0;

	put(table, 1);
	put(table, 2);
	put(table, 3);
	assert_non_null(pst_table_find(table, &one));
	while ((at = pst_table_next(table, at, &key)))
		memcpy(&order[n++], key, 4);
	assert_int_equal(n, 3);
	assert_int_equal(order[0], 2);
	assert_int_equal(order[1], 3);
	assert_int_equal(order[2], 1);
	pst_table_free(table);
}

static void a_walk_may_remove_what_it_passed(void **state)
{
	struct drops drops = { 0 };
	struct pst_table *table = make(4, &drops);
	uint32_t one = 1;

	(void)state;
	void *first, *second;

	put(table, 1);
	put(table, 2);
	first = pst_table_next(table, NULL, NULL);
	second = pst_table_next(table, first, NULL);
	assert_true(pst_table_remove(table, &one));
	assert_null(pst_table_next(table, second, NULL));
	pst_table_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_value_is_zeroed_and_found_again),
		cmocka_unit_test(the_least_recently_used_entry_makes_room),
		cmocka_unit_test(a_peek_is_no_use),
		cmocka_unit_test(kept_entries_outlive_others),
		cmocka_unit_test(when_all_are_kept_the_oldest_goes),
		cmocka_unit_test(the_search_for_a_victim_looks_at_64_entries),
		cmocka_unit_test(entries_do_not_move),
		cmocka_unit_test(removal_and_the_end_drop_entries_too),
		cmocka_unit_test(a_walk_goes_from_the_oldest_to_the_youngest),
		cmocka_unit_test(a_walk_may_remove_what_it_passed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
