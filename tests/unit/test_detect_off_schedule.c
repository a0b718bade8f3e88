// SPDX-License-Identifier: Apache-2.0
/* off_schedule: is what comes too often or too rarely found, and what keeps its period left alone?
 */
#include "terms_fixture.h"

#define ENTRY "{ \"connect\": \"tcp\", \"every\": \"5m +-10%\" }"

struct visits { /* of one process on one channel */
	struct pst_event first;
	struct pst_counters count;
};

static struct visits begin(struct world *world, uint32_t tgid)
{
	struct pst_event task = world_start(world, tgid, WORLD_START + tgid * SECOND,
					    "/opt/acme/agent");
	struct visits visits = { .first = sight_of_kind(&task, PST_TCP_CONNECT, "203.0.113.9",
							443) };

	(void)world_channel(world, &visits.first, PST_DECLARED);
	return visits;
}

/* A burst, told by a sweep of its own. */
static void come(struct world *world, struct visits *visits, uint64_t at_s)
{
	struct pst_event sample = build_sample(&visits->first, THEN + at_s * SECOND);
	struct pst_counters *count = &visits->count;

	count->attempts = 1;
	count->burst[count->bursts++ % PST_EVENT_BURSTS].start_ns = THEN + at_s * SECOND;
	sample.sample.count = *count;
	(void)grow(world, &sample);
}

static void keep(struct world *world, struct visits *visits, uint64_t from_s, uint64_t gap_s)
{
	for (uint64_t i = 0; i < 9; i++)
		come(world, visits, from_s + i * gap_s);
}

static void the_fourth_gap_tells_that_it_comes_too_often(void **state)
{
	struct world *world = *state;
	struct visits visits;

	terms(world, "", ENTRY);
	visits = begin(world, 10);
	for (uint64_t i = 0; i < 4; i++)
		come(world, &visits, i * 100);
	assert_int_equal(world->count, 0);
	come(world, &visits, 400);
	assert_string_equal(only(world, PST_DETECTOR_OFF_SCHEDULE)->message,
			    "agent (acme-backup) talks to 203.0.113.9:443/tcp more often than "
			    "every 5m +-10%");
	assert_string_equal(world->found[0].reason,
			    "the last 4 gaps: 100, 100, 100, 100 s, median 100 s");
	assert_string_equal(world->found[0].judgement.why_not,
			    "comes every 100 s, entry expects 5m +-10%");
	assert_int_equal(world->found[0].severity, PST_MEDIUM);
	keep(world, &visits, 500, 100);
	assert_int_equal(world->count, 1);
}

static void within_the_tolerance_it_is_silent(void **state)
{
	struct world *world = *state;
	struct visits visits;

	terms(world, "", ENTRY);
	visits = begin(world, 10);
	keep(world, &visits, 0, 270);
	keep(world, &visits, 10000, 330);
	assert_int_equal(world->count, 0);
	keep(world, &visits, 20000, 331);
	assert_int_equal(only(world, PST_DETECTOR_OFF_SCHEDULE)->severity, PST_LOW);
	assert_non_null(strstr(world->found[0].message, "less often"));
}

static void the_lower_bound_is_exact(void **state)
{
	struct world *world = *state;
	struct visits visits;

	terms(world, "", ENTRY);
	visits = begin(world, 10);
	keep(world, &visits, 0, 269);
	(void)only(world, PST_DETECTOR_OFF_SCHEDULE);
}

static void one_that_is_late_is_nothing_and_a_long_absence_is_told_with_the_rest(void **state)
{
	struct world *world = *state;
	struct visits visits;

	terms(world, "", ENTRY);
	visits = begin(world, 10);
	keep(world, &visits, 0, 300);
	come(world, &visits, 4 * 3600);
	assert_int_equal(world->count, 0);
	for (uint64_t i = 1; i < 5; i++)
		come(world, &visits, 4 * 3600 + i * 100);
	assert_non_null(strstr(only(world, PST_DETECTOR_OFF_SCHEDULE)->reason,
			       "; it was missing for 40 periods"));
}

static void after_the_period_was_kept_again_it_is_told_again(void **state)
{
	struct world *world = *state;
	struct visits visits;

	terms(world, "", ENTRY);
	visits = begin(world, 10);
	keep(world, &visits, 0, 100);
	keep(world, &visits, 1100, 300);
	assert_int_equal(world->count, 1);
	keep(world, &visits, 4000, 100);
	assert_int_equal(world->count, 2);
}

static void another_process_each_time_is_one_schedule(void **state)
{
	struct world *world = *state;

	terms(world, "", ENTRY);
	for (uint32_t i = 0; i < 5; i++) {
		struct visits visits = begin(world, 10 + i);

		come(world, &visits, i * 100u);
	}
	(void)only(world, PST_DETECTOR_OFF_SCHEDULE);
}

static void what_belongs_to_one_visit_counts_once(void **state)
{
	struct world *world = *state;
	struct visits visits;

	terms(world, "", ENTRY);
	visits = begin(world, 10);
	for (uint64_t i = 0; i < 9; i++) {
		come(world, &visits, i * 300);
		come(world, &visits, i * 300 + 20);
		come(world, &visits, i * 300 + 74);
	}
	assert_int_equal(world->count, 0);
}

static void only_entries_with_a_period_are_held_to_one(void **state)
{
	struct world *world = *state;
	struct visits visits;

	terms(world, "", "{ \"connect\": \"tcp\" }");
	visits = begin(world, 10);
	keep(world, &visits, 0, 100);
	terms(world, "", "{ \"connect\": \"udp\", \"every\": \"5m\" }");
	keep(world, &visits, 1000, 100);
	assert_int_equal(world_count(world, PST_DETECTOR_OFF_SCHEDULE), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_CASE(the_fourth_gap_tells_that_it_comes_too_often),
		WORLD_CASE(within_the_tolerance_it_is_silent),
		WORLD_CASE(the_lower_bound_is_exact),
		WORLD_CASE(one_that_is_late_is_nothing_and_a_long_absence_is_told_with_the_rest),
		WORLD_CASE(after_the_period_was_kept_again_it_is_told_again),
		WORLD_CASE(another_process_each_time_is_one_schedule),
		WORLD_CASE(what_belongs_to_one_visit_counts_once),
		WORLD_CASE(only_entries_with_a_period_are_held_to_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
