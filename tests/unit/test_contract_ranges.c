// SPDX-License-Identifier: Apache-2.0
/* Are ports and minutes split exactly? Tried number by number. */
#include "contract_fixture.h"

#include <netinet/in.h>

#include "contract/scope.h"

static struct pst_pool pool;

static int free_pool(void **state)
{
	(void)state;
	pst_pool_free(&pool);
	return 0;
}

static bool holds(const struct pst_ranges *ranges, uint32_t number)
{
	for (size_t i = 0; i < ranges->count; i++)
		if (number >= ranges->list[i].first && number <= ranges->list[i].last)
			return true;
	return false;
}

static struct pst_ranges ports_of(struct pst_port_range *list, size_t count)
{
	const struct pst_clause clause = { .protocol = IPPROTO_TCP,
					   .ports = list,
					   .port_count = count };

	return pst_ranges_of_ports(&pool, &clause);
}

static void each_port_is_inside_or_outside(void **state)
{
	unsigned int seed = 7;

	(void)state;
	for (unsigned int round = 0; round < 500; round++) {
		struct pst_port_range a[4], b[4];
		struct pst_ranges all, by;
		struct pst_ranges_parts parts;

		for (size_t i = 0; i < 8; i++, seed = seed * 1103515245u + 12345u) {
			uint32_t first = (seed >> 8) % 60 + 1;

			(i < 4 ? a : b)[i % 4] =
				(struct pst_port_range){ first, first + (seed >> 20) % 6 };
		}
		all = ports_of(a, 4);
		by = ports_of(b, 4);
		parts = pst_ranges_split(&pool, &all, &by);
		assert_int_equal(pst_ranges_touch(&all, &by), !pst_ranges_are_none(&parts.inside));
		for (uint32_t port = 0; port < 70; port++) {
			assert_int_equal(holds(&parts.inside, port),
					 holds(&all, port) && holds(&by, port));
			assert_int_equal(holds(&parts.outside, port),
					 holds(&all, port) && !holds(&by, port));
		}
	}
}

static void ranges_that_touch_are_one(void **state)
{
	struct pst_port_range list[] = { { 11, 65535 }, { 1, 5 }, { 6, 10 } };
	struct pst_ranges ports = ports_of(list, 3), two = ports_of(list, 2),
			  any = ports_of(NULL, 0);

	(void)state;
	assert_int_equal(ports.count, 1);
	assert_true(pst_ranges_are_any(&ports));
	assert_int_equal(two.count, 2);
	assert_false(pst_ranges_are_any(&two));
	assert_true(pst_ranges_are_any(&any));
}

static void ephemeral_ports_are_a_set_of_their_own(void **state)
{
	struct pst_port_range some = { 32768, 60999 };
	const struct pst_clause clause = { .protocol = IPPROTO_TCP, .ephemeral = true };
	struct pst_ranges ephemeral = pst_ranges_of_ports(&pool, &clause);
	struct pst_ranges any = ports_of(NULL, 0), range = ports_of(&some, 1);
	struct pst_ranges_parts parts = pst_ranges_split(&pool, &ephemeral, &any);

	(void)state;
	assert_true(parts.inside.ephemeral);
	assert_true(pst_ranges_are_none(&parts.outside));
	assert_false(pst_ranges_touch(&ephemeral, &range)); /* which ones they are the host knows */
	parts = pst_ranges_split(&pool, &any, &ephemeral);
	assert_true(parts.inside.ephemeral);
	assert_true(parts.outside.not_ephemeral);
	assert_false(pst_ranges_are_any(&parts.outside));
	parts = pst_ranges_split(&pool, &ephemeral, &ephemeral);
	assert_true(pst_ranges_are_none(&parts.outside));
}

static void the_highest_port_of_vsock_is_one(void **state)
{
	struct pst_port_range last = { UINT32_MAX, UINT32_MAX };
	const struct pst_clause clause = { .protocol = PST_PROTOCOL_VSOCK,
					   .ports = &last,
					   .port_count = 1 };
	const struct pst_clause open = { .protocol = PST_PROTOCOL_VSOCK };
	struct pst_ranges one = pst_ranges_of_ports(&pool, &clause);
	struct pst_ranges any = pst_ranges_of_ports(&pool, &open);
	struct pst_ranges_parts parts = pst_ranges_split(&pool, &any, &one);

	(void)state;
	assert_int_equal(parts.outside.count, 1);
	assert_int_equal(parts.outside.list[0].last, UINT32_MAX - 1);
	parts = pst_ranges_split(&pool, &one, &any);
	assert_true(pst_ranges_are_none(&parts.outside));
}

static void a_window_may_end_on_the_next_day(void **state)
{
	struct pst_window night = { .days = 1u << 6, .first_min = 22 * 60, .last_min = 120 };
	const struct pst_clause clause = { .when = &night, .when_count = 1 },
				never = { .when = NULL };
	struct pst_ranges minutes = pst_ranges_of_windows(&pool, &clause);
	struct pst_ranges any = pst_ranges_of_windows(&pool, &never);

	(void)state;
	assert_int_equal(minutes.count, 2); /* Sunday, and the morning of Monday */
	assert_int_equal(minutes.list[0].first, 1);
	assert_int_equal(minutes.list[0].last, 120);
	assert_int_equal(minutes.list[1].first, 6 * 1440 + 22 * 60 + 1);
	assert_int_equal(minutes.list[1].last, PST_WEEK_MIN);
	assert_true(pst_ranges_are_any(&any));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_port_is_inside_or_outside),
		cmocka_unit_test(ranges_that_touch_are_one),
		cmocka_unit_test(ephemeral_ports_are_a_set_of_their_own),
		cmocka_unit_test(the_highest_port_of_vsock_is_one),
		cmocka_unit_test(a_window_may_end_on_the_next_day),
	};

	return cmocka_run_group_tests(tests, NULL, free_pool);
}
