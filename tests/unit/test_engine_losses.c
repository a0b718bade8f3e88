// SPDX-License-Identifier: Apache-2.0
/* Are losses charged to the cgroups that they came from? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/losses.h"

static void lose(struct pst_losses *losses, uint64_t cgroup, enum pst_loss_reason reason,
		 uint64_t lost)
{
	struct pst_event event = { .type = PST_EVENT_LOSS };

	event.task.cgroup_id = cgroup;
	event.loss.reason = reason;
	event.loss.lost = lost;
	pst_losses_add(losses, &event);
}

static void losses_of_one_cgroup_and_reason_add_up(void **state)
{
	struct pst_losses losses = { .count = 0 };

	(void)state;
	lose(&losses, 7, PST_LOST_RING, 2);
	lose(&losses, 7, PST_LOST_MAP, 4);
	lose(&losses, 8, PST_LOST_RING, 1);
	lose(&losses, 7, PST_LOST_RING, 3);
	assert_int_equal(pst_losses_sort(&losses), 3);
	assert_int_equal(losses.entry[0].cgroup_id, 7);
	assert_int_equal(losses.entry[0].reason, PST_LOST_RING);
	assert_int_equal(losses.entry[0].lost, 5);
	assert_int_equal(losses.entry[1].reason, PST_LOST_MAP);
	assert_int_equal(losses.entry[1].lost, 4);
	assert_int_equal(losses.entry[2].cgroup_id, 8);
}

static void a_loss_without_a_cgroup_has_no_entry(void **state)
{
	struct pst_losses losses = { .count = 0 };

	(void)state;
	lose(&losses, 0, PST_LOST_RING, 9);
	assert_int_equal(pst_losses_sort(&losses), 0);
}

static void equal_losses_stand_in_the_order_of_their_cgroups(void **state)
{
	struct pst_losses losses = { .count = 0 };

	(void)state;
	lose(&losses, 9, PST_LOST_RING, 1);
	lose(&losses, 3, PST_LOST_STORAGE, 1);
	lose(&losses, 3, PST_LOST_RING, 1);
	assert_int_equal(pst_losses_sort(&losses), 3);
	assert_int_equal(losses.entry[0].cgroup_id, 3);
	assert_int_equal(losses.entry[0].reason, PST_LOST_RING);
	assert_int_equal(losses.entry[2].cgroup_id, 9);
}

static void five_are_told_and_the_least_makes_room(void **state)
{
	struct pst_losses losses = { .count = 0 };

	(void)state;
	for (uint64_t cgroup = 1; cgroup <= PST_LOSSES_KEPT; cgroup++)
		lose(&losses, cgroup, PST_LOST_RING, 1000 - cgroup);
	assert_int_equal(losses.count, PST_LOSSES_KEPT);
	lose(&losses, 5000, PST_LOST_RING, 1);
	assert_int_equal(losses.count, PST_LOSSES_KEPT);
	assert_int_equal(pst_losses_sort(&losses), PST_LOSSES_TOLD);
	assert_int_equal(losses.entry[0].cgroup_id, 1);
	assert_int_equal(losses.entry[PST_LOSSES_KEPT - 2].cgroup_id, PST_LOSSES_KEPT - 1);
	assert_int_equal(losses.entry[PST_LOSSES_KEPT - 1].cgroup_id, 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(losses_of_one_cgroup_and_reason_add_up),
		cmocka_unit_test(a_loss_without_a_cgroup_has_no_entry),
		cmocka_unit_test(equal_losses_stand_in_the_order_of_their_cgroups),
		cmocka_unit_test(five_are_told_and_the_least_makes_room),
	};

	return cmocka_run_group_tests_name("engine/losses", tests, NULL, NULL);
}
