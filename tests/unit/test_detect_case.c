// SPDX-License-Identifier: Apache-2.0
/* Is each thing told once, and charged to the right image? */
#include "world.h"

#include "detect/case.h"

static void a_channel_is_news_at_its_first_sight_and_its_first_result(void **state)
{
	struct pst_channel channel = { .told = 0 };

	(void)state;
	assert_true(pst_case_is_news(&channel, PST_DETECTOR_UNDECLARED_CHANNEL));
	assert_false(pst_case_is_news(&channel, PST_DETECTOR_UNDECLARED_CHANNEL));
	channel.last_result = PST_REFUSED;
	assert_true(pst_case_is_news(&channel, PST_DETECTOR_UNDECLARED_CHANNEL));
	assert_false(pst_case_is_news(&channel, PST_DETECTOR_UNDECLARED_CHANNEL));
}

static void a_first_sight_with_its_result_is_told_once(void **state)
{
	struct pst_channel channel = { .last_result = PST_ESTABLISHED };

	(void)state;
	assert_true(pst_case_is_news(&channel, PST_DETECTOR_UNDECLARED_CHANNEL));
	assert_false(pst_case_is_news(&channel, PST_DETECTOR_UNDECLARED_CHANNEL));
}

static void detectors_tell_for_themselves_and_forget_for_themselves(void **state)
{
	struct pst_channel channel = { .told = 0 };

	(void)state;
	assert_true(pst_case_is_news(&channel, PST_DETECTOR_UNDECLARED_CHANNEL));
	assert_true(pst_case_is_news(&channel, PST_DETECTOR_UNEXPECTED_EXEC));
	pst_case_forget(&channel, PST_DETECTOR_UNEXPECTED_EXEC);
	assert_false(pst_case_is_news(&channel, PST_DETECTOR_UNDECLARED_CHANNEL));
	assert_true(pst_case_is_news(&channel, PST_DETECTOR_UNEXPECTED_EXEC));
}

static struct pst_finding opened(struct pst_image *image, struct pst_channel *channel,
				 const struct pst_event *event)
{
	struct pst_process process = { .image = image };
	const struct pst_judgement judgement = { .verdict = PST_UNDECLARED };
	const struct pst_case c = {
		.event = event, .process = &process, .channel = channel, .judgement = &judgement
	};
	struct pst_finding finding;

	pst_case_open(&c, PST_DETECTOR_NEW_LISTENER, &finding);
	return finding;
}

static void a_bound_image_is_charged_to_what_bound_it(void **state)
{
	struct pst_program own = { .path = (char *)"/usr/bin/curl" };
	struct pst_image binder = { .program = &own, .contract = 0 };
	struct pst_image image = { .program = &own, .contract = 0, .binder = &binder };

	(void)state;
	assert_ptr_equal(opened(&image, NULL, NULL).subject, &binder);
}

static void an_unbound_image_without_vendor_software_is_charged_itself(void **state)
{
	struct pst_program own = { .path = (char *)"/usr/bin/curl" };
	struct pst_image image = {
		.program = &own, .contract = -1, .cgroup = (char *)"", .unit = (char *)""
	};

	(void)state;
	assert_ptr_equal(opened(&image, NULL, NULL).subject, &image);
}

static void the_time_is_the_events_or_else_the_channels_last(void **state)
{
	struct pst_program own = { .path = (char *)"/usr/bin/curl" };
	struct pst_image image = { .program = &own, .contract = 0 };
	struct pst_channel channel = { .last_ns = 70, .preexisting = true };
	struct pst_event event = build_event(PST_EVENT_CHANNEL, 10, 90);

	(void)state;
	assert_int_equal(opened(&image, &channel, &event).time_ns, 90);
	assert_int_equal(opened(&image, &channel, NULL).time_ns, 70);
	assert_true(opened(&image, &channel, NULL).preexisting);
	assert_false(opened(&image, NULL, &event).preexisting);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_channel_is_news_at_its_first_sight_and_its_first_result),
		cmocka_unit_test(a_first_sight_with_its_result_is_told_once),
		cmocka_unit_test(detectors_tell_for_themselves_and_forget_for_themselves),
		cmocka_unit_test(a_bound_image_is_charged_to_what_bound_it),
		cmocka_unit_test(an_unbound_image_without_vendor_software_is_charged_itself),
		cmocka_unit_test(the_time_is_the_events_or_else_the_channels_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
