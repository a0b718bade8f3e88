// SPDX-License-Identifier: Apache-2.0
/* Is each thing told once, and charged to the right image? */
#include "world.h"

#include "detect/case.h"

static void drop_finding(void *context, const struct pst_finding *finding)
{
	(void)context;
	(void)finding;
}

/* Is it news for the detector? It is told then, as the engine does it. */
static uint64_t occurrences;
static bool news(struct pst_channel *channel, enum pst_detector_id detector)
{
	struct pst_detect detect = { .found = drop_finding };
	struct pst_program own = { .path = (char *)"/usr/bin/curl" };
	struct pst_image image = { .program = &own, .contract = 0 };
	struct pst_process process = { .image = &image };
	struct pst_event event = { .type = PST_EVENT_SAMPLE };
	const struct pst_judgement judgement = { .verdict = PST_UNDECLARED };
	const struct pst_case c = { &detect, &event, &process, channel, &judgement };
	bool is_news = pst_case_is_news(&c, detector);
	struct pst_finding finding;

	pst_case_open(&c, detector, &finding);
	occurrences = finding.occurrences;
	if (is_news)
		pst_case_tell(&c, &finding);
	channel->judged = channel->count.attempts;
	return is_news;
}

static void a_channel_is_news_at_its_first_sight_and_its_first_result_of_each_sort(void **state)
{
	struct pst_channel channel = { .count = { .attempts = 1 } };

	(void)state;
	assert_true(news(&channel, PST_DETECTOR_UNDECLARED_CHANNEL));
	assert_int_equal(occurrences, 1);
	assert_false(news(&channel, PST_DETECTOR_UNDECLARED_CHANNEL));
	channel.last_result = PST_REFUSED;
	assert_true(news(&channel, PST_DETECTOR_UNDECLARED_CHANNEL));
	assert_int_equal(occurrences, 0);
	assert_false(news(&channel, PST_DETECTOR_UNDECLARED_CHANNEL));
	channel.last_result = PST_ESTABLISHED;
	assert_true(news(&channel, PST_DETECTOR_UNDECLARED_CHANNEL));
	channel.last_result = PST_REFUSED;
	assert_false(news(&channel, PST_DETECTOR_UNDECLARED_CHANNEL));
}

static void a_first_sight_with_its_result_is_told_once(void **state)
{
	struct pst_channel channel = { .last_result = PST_ESTABLISHED, .count = { .attempts = 3 } };

	(void)state;
	assert_true(news(&channel, PST_DETECTOR_UNDECLARED_CHANNEL));
	assert_int_equal(occurrences, 3);
	assert_false(news(&channel, PST_DETECTOR_UNDECLARED_CHANNEL));
}

static void further_attempts_are_news_and_count_by_their_growth(void **state)
{
	struct pst_channel channel = { .count = { .attempts = 1 } };

	(void)state;
	assert_true(news(&channel, PST_DETECTOR_NEW_LISTENER));
	channel.count.attempts = 40;
	assert_true(news(&channel, PST_DETECTOR_NEW_LISTENER));
	assert_int_equal(occurrences, 39);
	assert_false(news(&channel, PST_DETECTOR_NEW_LISTENER));
}

static void what_was_allowed_until_now_occurs_once(void **state)
{
	struct pst_channel channel = { .count = { .attempts = 5 }, .judged = 5 };

	(void)state;
	assert_true(news(&channel, PST_DETECTOR_UNDECLARED_CHANNEL));
	assert_int_equal(occurrences, 1);
}

static void detectors_tell_for_themselves_and_forget_for_themselves(void **state)
{
	struct pst_channel channel = { .told = 0 };

	(void)state;
	assert_true(news(&channel, PST_DETECTOR_UNDECLARED_CHANNEL));
	assert_true(news(&channel, PST_DETECTOR_UNEXPECTED_EXEC));
	pst_case_forget(&channel, PST_DETECTOR_UNEXPECTED_EXEC);
	assert_false(news(&channel, PST_DETECTOR_UNDECLARED_CHANNEL));
	assert_true(news(&channel, PST_DETECTOR_UNEXPECTED_EXEC));
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

static void every_kind_has_its_detector(void **state)
{
	static const struct {
		enum pst_kind kind;
		enum pst_detector_id detector;
	} some[] = { { PST_TCP_CONNECT, PST_DETECTOR_UNDECLARED_CHANNEL },
		     { PST_UDP_LISTEN, PST_DETECTOR_NEW_LISTENER },
		     { PST_UDPLITE, PST_DETECTOR_RAW_SOCKET },
		     { PST_XDP, PST_DETECTOR_PACKET_SOCKET },
		     { PST_OTHER, PST_DETECTOR_NONIP_CHANNEL },
		     { PST_TUNNEL, PST_DETECTOR_TUNNEL_DEVICE },
		     { PST_NETLINK, PST_DETECTOR_UNDECLARED_CHANNEL },
		     { PST_KINDS, PST_DETECTOR_UNDECLARED_CHANNEL } };
	struct pst_channel channel = { .folded = false };

	(void)state;
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		channel.key.kind = (uint16_t)some[i].kind;
		assert_int_equal(pst_case_detector(&channel), some[i].detector);
	}
	for (int kind = 1; kind < PST_KINDS; kind++) {
		channel.key.kind = (uint16_t)kind;
		assert_int_equal(pst_case_detector(&channel) == PST_DETECTOR_NEW_LISTENER,
				 pst_kind_is_listener((enum pst_kind)kind));
	}
}

static void an_image_of_a_set_that_is_gone_is_bound_again(void **state)
{
	struct world *world = *state;
	struct pst_event task = world_start(world, 20, WORLD_START, "/opt/collector");
	struct pst_image *image = pst_attrib_find(world->detect.attrib, &task.task.proc)->image;
	struct pst_judgement judgement;

	image->contract = 5;
	image->contract_generation = 99;
	pst_case_judge_image(&world->detect, image, &judgement);
	assert_int_equal(judgement.verdict, PST_UNMANAGED);
	assert_int_equal(judgement.contract, -1);
	assert_null(pst_case_contract(&world->detect, 5));
	assert_non_null(pst_case_contract(&world->detect, 0));
}

static void bound_and_vendor_software_is_watched(void **state)
{
	struct world *world = *state;
	static const struct {
		const char *path;
		bool watched;
	} some[] = { { "/opt/acme/agent", true },
		     { "/opt/collector", true },
		     { "/usr/sbin/sshd", false } };

	for (uint32_t i = 0; i < 3; i++) {
		struct pst_event task = world_start(world, 20 + i, WORLD_START, some[i].path);

		assert_int_equal(
			pst_case_is_watched(
				pst_attrib_find(world->detect.attrib, &task.task.proc)->image),
			some[i].watched);
	}
}

static void an_end_stands_once_in_a_list_that_counts_what_it_has_no_room_for(void **state)
{
	struct pst_channel channel[PST_STANDING_MAX + 2];
	struct pst_finding finding = { .standing_total = 0 };

	(void)state;
	for (uint16_t i = 0; i < PST_STANDING_MAX + 2; i++)
		channel[i] = (struct pst_channel){ .key = { .peer = build_addr("203.0.113.9"),
							    .kind = PST_TCP_CONNECT,
							    .port = (uint16_t)(i / 2) } };
	assert_true(pst_case_list(&finding, &channel[0]));
	assert_false(pst_case_list(&finding, &channel[1])); /* the same end */
	channel[1].key.kind = PST_UDP_PEER;
	assert_true(pst_case_list(&finding, &channel[1]));
	channel[2] = channel[0];
	channel[2].key.peer = build_addr("203.0.113.10");
	assert_true(pst_case_list(&finding, &channel[2]));
	assert_int_equal(finding.standing_total, 3);
	for (uint16_t i = 3; i < PST_STANDING_MAX + 2; i++) {
		channel[i].key.port = i;
		assert_true(pst_case_list(&finding, &channel[i]));
	}
	assert_int_equal(finding.standing_count, PST_STANDING_MAX);
	assert_int_equal(finding.standing_total, PST_STANDING_MAX + 2);
	assert_ptr_equal(finding.standing[PST_STANDING_MAX - 1], &channel[PST_STANDING_MAX - 1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_channel_is_news_at_its_first_sight_and_its_first_result_of_each_sort),
		cmocka_unit_test(further_attempts_are_news_and_count_by_their_growth),
		cmocka_unit_test(what_was_allowed_until_now_occurs_once),
		cmocka_unit_test(a_first_sight_with_its_result_is_told_once),
		cmocka_unit_test(detectors_tell_for_themselves_and_forget_for_themselves),
		cmocka_unit_test(a_bound_image_is_charged_to_what_bound_it),
		cmocka_unit_test(an_unbound_image_without_vendor_software_is_charged_itself),
		cmocka_unit_test(the_time_is_the_events_or_else_the_channels_last),
		cmocka_unit_test(every_kind_has_its_detector),
		WORLD_CASE(an_image_of_a_set_that_is_gone_is_bound_again),
		WORLD_CASE(bound_and_vendor_software_is_watched),
		cmocka_unit_test(an_end_stands_once_in_a_list_that_counts_what_it_has_no_room_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
