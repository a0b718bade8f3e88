// SPDX-License-Identifier: Apache-2.0
/* Does an entry become the set that it allows, and what is left of it side by side? */
#include "contract_fixture.h"

#include <errno.h>

#include "contract/box.h"

static struct pst_pool pool;

static int free_pool(void **state)
{
	(void)state;
	pst_pool_free(&pool);
	return 0;
}

/* The box of one entry; the set that it borrows from is freed at the end of a test. */
static struct pst_box box_of(struct pst_contracts **set, const char *entry)
{
	*set = contracts_of(entry);
	return pst_box_of_clause(&pool, &pst_contracts_at(*set, 0)->channels[0]);
}

/* How many parts are left of @entry without @by? */
static size_t parts_left(const char *entry, const char *by)
{
	struct pst_contracts *a, *b;
	struct pst_box box = box_of(&a, entry), other = box_of(&b, by);
	const struct pst_boxes others = { &other, 1 };
	struct pst_boxes rest;

	assert_int_equal(pst_box_rest(&pool, &box, &others, &rest), 0);
	assert_int_equal(pst_box_touches(&box, &other),
			 rest.count != 1 || memcmp(&rest.list[0], &box, sizeof(box)) != 0);
	pst_contracts_free(a);
	pst_contracts_free(b);
	return rest.count;
}

static void each_side_leaves_a_part(void **state)
{
	(void)state;
	assert_int_equal(parts_left("{\"connect\":\"tcp\",\"to\":\"10.0.0.0/8\",\"port\":\"1-9\"}",
				    "{\"connect\":\"tcp\",\"to\":\"10.1.0.0/16\",\"port\":5}"),
			 2);
	assert_int_equal(
		parts_left("{\"listen\":\"tcp\",\"port\":\"1-9\",\"when\":\"Mon 01:00-05:00\"}",
			   "{\"listen\":\"tcp\",\"on\":\"127.0.0.1\",\"port\":5,"
			   "\"from\":\"10.0.0.0/8\",\"when\":\"Mon 02:00-03:00\"}"),
		4);
	assert_int_equal(parts_left("{\"unix\":\"/run/a\"}", "{\"unix\":\"/run/*\"}"), 0);
}

static void what_does_not_touch_is_left_whole(void **state)
{
	(void)state;
	assert_int_equal(parts_left("{\"connect\":\"tcp\"}", "{\"connect\":\"udp\"}"), 1);
	assert_int_equal(parts_left("{\"connect\":\"tcp\"}", "{\"listen\":\"tcp\"}"), 1);
	assert_int_equal(parts_left("{\"connect\":\"tcp\",\"port\":1}",
				    "{\"connect\":\"tcp\",\"port\":2}"),
			 1);
	assert_int_equal(parts_left("{\"connect\":\"tcp\",\"when\":\"Mon 01:00-02:00\"}",
				    "{\"connect\":\"tcp\",\"when\":\"Mon 02:00-03:00\"}"),
			 1);
	assert_int_equal(parts_left("{\"packet\":\"eth0\",\"ethertype\":\"arp\"}",
				    "{\"packet\":\"eth0\",\"ethertype\":\"lldp\"}"),
			 1);
}

static void several_together_leave_nothing(void **state)
{
	struct pst_contracts *a, *b, *c;
	struct pst_box box = box_of(&a,
				    "{\"connect\":\"tcp\",\"to\":\"10.0.0.0/8\",\"port\":\"1-9\"}");
	struct pst_box by[] = {
		box_of(&b, "{\"connect\":\"tcp\",\"to\":\"10.0.0.0/8\",\"port\":\"1-5\"}"),
		box_of(&c, "{\"connect\":\"tcp\",\"port\":\"4-20\"}"),
	};
	const struct pst_boxes others = { by, 2 };
	struct pst_boxes rest;

	(void)state;
	assert_int_equal(pst_box_rest(&pool, &box, &others, &rest), 0);
	assert_int_equal(rest.count, 0);
	pst_contracts_free(a);
	pst_contracts_free(b);
	pst_contracts_free(c);
}

static void a_listener_on_zero_is_one_anywhere(void **state)
{
	struct pst_contracts *set;
	struct pst_box box = box_of(&set, "{\"listen\":\"tcp\",\"on\":[\"127.0.0.1\",\"::\"]}");

	(void)state;
	assert_true(pst_scope_is_any(&box.side[PST_SIDE_WHERE]));
	pst_contracts_free(set);
	box = box_of(&set, "{\"connect\":\"tcp\",\"to\":\"0.0.0.0\"}");
	assert_false(pst_scope_is_any(&box.side[PST_SIDE_WHERE]));
	pst_contracts_free(set);
}

static void memory_that_ran_out_is_told(void **state)
{
	struct pst_pool failed = { .failed = true };
	struct pst_contracts *set;
	struct pst_box box = box_of(&set, "{\"connect\":\"tcp\"}");
	struct pst_boxes none = { .list = NULL }, rest;

	(void)state;
	assert_int_equal(pst_box_rest(&failed, &box, &none, &rest), -ENOMEM);
	pst_pool_free(&failed);
	pst_contracts_free(set);
}

static void software_is_bounded_by_its_keys(void **state)
{
	const struct pst_software all = { .path = (char *)"/opt/acme/**" };
	const struct pst_software one = { .path = (char *)"/opt/acme/bin/x",
					  .has_uid = true,
					  .uid = 33 };
	struct pst_box wide = pst_box_of_software(&pool, &all);
	struct pst_box narrow = pst_box_of_software(&pool, &one);
	const struct pst_boxes by = { &wide, 1 };
	struct pst_boxes rest;

	(void)state;
	assert_int_equal(pst_box_rest(&pool, &narrow, &by, &rest), 0);
	assert_int_equal(rest.count, 0);
	assert_true(pst_scope_is_any(&wide.side[PST_SIDE_UID]));
	assert_true(pst_scope_is_any(&wide.side[PST_SIDE_UNIT]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_side_leaves_a_part),
		cmocka_unit_test(what_does_not_touch_is_left_whole),
		cmocka_unit_test(several_together_leave_nothing),
		cmocka_unit_test(a_listener_on_zero_is_one_anywhere),
		cmocka_unit_test(memory_that_ran_out_is_told),
		cmocka_unit_test(software_is_bounded_by_its_keys),
	};

	return cmocka_run_group_tests(tests, NULL, free_pool);
}
