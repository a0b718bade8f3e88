// SPDX-License-Identifier: Apache-2.0
/* Are sums of a day and beginnings of bursts kept apart, and as they are? */
#include "build.h"

#include "profile/profile.h"

static void a_day_begins_with_nothing(void **state)
{
	struct pst_profile *profile = pst_profile_new(&(struct pst_profile_keys){ 0 });
	struct pst_budget *budget = pst_profile_budget(profile, 7, 100);

	(void)state;
	assert_int_equal(budget->bytes_out, 0);
	budget->bytes_out = 5;
	budget->told = true;
	assert_int_equal(pst_profile_budget(profile, 7, 100)->bytes_out, 5);
	assert_true(pst_profile_budget(profile, 7, 100)->told);
	assert_int_equal(pst_profile_budget(profile, 8, 100)->bytes_out, 0);
	assert_int_equal(pst_profile_budget(profile, 7, 101)->bytes_out, 0);
	assert_false(pst_profile_budget(profile, 7, 101)->told);
	pst_profile_free(profile);
}

static void what_is_told_late_of_the_day_before_takes_nothing_away(void **state)
{
	struct pst_profile *profile = pst_profile_new(&(struct pst_profile_keys){ 0 });

	(void)state;
	pst_profile_budget(profile, 7, 101)->bytes_out = 5;
	assert_int_equal(pst_profile_budget(profile, 7, 100)->bytes_out, 5);
	assert_int_equal(pst_profile_budget(profile, 7, 101)->bytes_out, 5);
	assert_int_equal(pst_profile_budget(profile, 7, 99)->bytes_out, 0); /* the clock was set */
	pst_profile_free(profile);
}

static void bursts_stand_in_their_order(void **state)
{
	struct pst_rhythm rhythm = { .count = 0 };

	(void)state;
	assert_true(pst_rhythm_add(&rhythm, 300, 10));
	assert_true(pst_rhythm_add(&rhythm, 100, 10));
	assert_true(pst_rhythm_add(&rhythm, 200, 10));
	assert_int_equal(rhythm.count, 3);
	assert_int_equal(rhythm.start_ns[0], 100);
	assert_int_equal(rhythm.start_ns[1], 200);
	assert_int_equal(rhythm.start_ns[2], 300);
}

static void what_is_near_is_the_same_burst(void **state)
{
	struct pst_rhythm rhythm = { .count = 0 };

	(void)state;
	assert_true(pst_rhythm_add(&rhythm, 100, 10));
	assert_false(pst_rhythm_add(&rhythm, 109, 10));
	assert_false(pst_rhythm_add(&rhythm, 91, 10));
	assert_true(pst_rhythm_add(&rhythm, 110, 10));
	assert_true(pst_rhythm_add(&rhythm, 90, 10));
	assert_int_equal(rhythm.count, 3);
}

static void the_oldest_makes_room_and_none_older_comes_back(void **state)
{
	struct pst_rhythm rhythm = { .count = 0 };
	uint64_t i;

	(void)state;
	for (i = 1; i <= PST_RHYTHM_STARTS; i++)
		assert_true(pst_rhythm_add(&rhythm, i * 100, 10));
	assert_false(pst_rhythm_add(&rhythm, 50, 10));
	assert_int_equal(rhythm.start_ns[0], 100);
	assert_true(pst_rhythm_add(&rhythm, 1000, 10));
	assert_int_equal(rhythm.count, PST_RHYTHM_STARTS);
	assert_int_equal(rhythm.start_ns[0], 200);
	assert_int_equal(rhythm.start_ns[PST_RHYTHM_STARTS - 1], 1000);
}

static void the_profile_keeps_a_rhythm_under_its_key(void **state)
{
	struct pst_profile *profile = pst_profile_new(&(struct pst_profile_keys){ 0 });

	(void)state;
	assert_true(pst_rhythm_add(pst_profile_rhythm(profile, 7), 100, 10));
	assert_int_equal(pst_profile_rhythm(profile, 7)->count, 1);
	assert_int_equal(pst_profile_rhythm(profile, 8)->count, 0);
	pst_profile_free(profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_begins_with_nothing),
		cmocka_unit_test(what_is_told_late_of_the_day_before_takes_nothing_away),
		cmocka_unit_test(bursts_stand_in_their_order),
		cmocka_unit_test(what_is_near_is_the_same_burst),
		cmocka_unit_test(the_oldest_makes_room_and_none_older_comes_back),
		cmocka_unit_test(the_profile_keeps_a_rhythm_under_its_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
