// SPDX-License-Identifier: Apache-2.0
/* Is every detector complete, and is it known what lies outside? */
#include <stdio.h>

#include "world.h"

static void every_detector_is_complete(void **state)
{
	(void)state;
	for (int i = 0; i < PST_DETECTORS; i++) {
		const struct pst_detector *detector = pst_detector_at((enum pst_detector_id)i);

		assert_int_equal(detector->id, i);
		assert_ptr_equal(pst_detector_find(detector->name), detector);
		assert_non_null(detector->title);
		assert_non_null(detector->category);
		assert_non_null(strstr(detector->explain, "What it means: "));
		assert_non_null(strstr(detector->explain, "What to do: "));
		assert_non_null(strstr(detector->explain, "Blind to: "));
		assert_true(detector->on_channel || detector->on_exec || detector->on_tick ||
			    detector->on_filter || detector->on_act || detector->on_growth ||
			    detector->on_change ||
			    i == PST_DETECTOR_CHANGED_CHANNELS); /* told by those that it gathers */
	}
}

static void techniques_are_told_whole(void **state)
{
	(void)state;
	for (int i = 0; i < PST_DETECTORS; i++) {
		const struct pst_technique *t = pst_detector_at((enum pst_detector_id)i)->technique;

		for (; t->tactic; t++) {
			assert_memory_equal(t->tactic, "TA", 2);
			assert_non_null(t->tactic_name);
			assert_int_equal(t->technique[0], 'T');
			assert_non_null(t->technique_name);
			assert_int_equal(!t->sub, !t->sub_name);
			if (t->sub)
				assert_memory_equal(t->sub, t->technique, strlen(t->technique));
		}
	}
}

static void nobody_answers_to_another_name(void **state)
{
	(void)state;
	assert_null(pst_detector_find("beacon"));
	assert_null(pst_detector_find(""));
}

static void severities_have_their_words(void **state)
{
	(void)state;
	assert_string_equal(pst_severity_name(PST_INFO), "INFO");
	assert_string_equal(pst_severity_name(PST_CRITICAL), "CRITICAL");
	assert_string_equal(pst_severity_name((enum pst_severity)0), "UNKNOWN");
	assert_string_equal(pst_severity_name((enum pst_severity)6), "UNKNOWN");
}

static bool is_outside(struct world *world, const char *text)
{
	struct pst_addr addr = build_addr(text);

	return pst_is_external(&world->detect, &addr);
}

static void the_internet_is_outside(void **state)
{
	assert_true(is_outside(*state, "203.0.113.9"));
	assert_true(is_outside(*state, "2001:db8::9"));
	assert_true(is_outside(*state, "9.255.255.255"));
	assert_true(is_outside(*state, "11.0.0.0"));
	assert_true(is_outside(*state, "169.253.255.255"));
	assert_true(is_outside(*state, "fec0::1"));
	assert_true(is_outside(*state, "224.0.1.1"));
	assert_true(is_outside(*state, "ff05::1"));
}

static void the_own_networks_and_the_own_link_are_not(void **state)
{
	assert_false(is_outside(*state, "10.0.0.0"));
	assert_false(is_outside(*state, "10.255.255.255"));
	assert_false(is_outside(*state, "fd00::1"));
	assert_false(is_outside(*state, "127.0.0.1"));
	assert_false(is_outside(*state, "::1"));
	assert_false(is_outside(*state, "169.254.0.1"));
	assert_false(is_outside(*state, "fe80::1"));
	assert_false(is_outside(*state, "febf::1"));
	assert_false(is_outside(*state, "224.0.0.251"));
	assert_false(is_outside(*state, "ff02::fb"));
	assert_false(is_outside(*state, "255.255.255.255"));
	assert_false(is_outside(*state, "0.0.0.0"));
	assert_false(is_outside(*state, "::"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_detector_is_complete),
		cmocka_unit_test(techniques_are_told_whole),
		cmocka_unit_test(nobody_answers_to_another_name),
		cmocka_unit_test(severities_have_their_words),
		WORLD_CASE(the_internet_is_outside),
		WORLD_CASE(the_own_networks_and_the_own_link_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
