// SPDX-License-Identifier: Apache-2.0
/* Does a clause say how often it was used, on how many days, and when last? */
#include "draft_fixture.h"

static void why(const struct pst_draft_tally *tally, uint32_t all_days, const char *expected)
{
	struct pst_prose out = { .text = NULL };
	const struct pst_past_time program = days(all_days);

	pst_draft_say_why(&out, tally, &program);
	assert_string_equal(out.text, expected);
	free(out.text);
}

static struct pst_past_channel seen(enum pst_kind kind, uint64_t attempts, uint32_t on)
{
	return (struct pst_past_channel){ .kind = (uint16_t)kind,
					  .time = days(on),
					  .count = { .attempts = attempts } };
}

static void it_says_how_often_and_on_how_many_days(void **state)
{
	struct pst_past_channel channel = seen(PST_TCP_CONNECT, 37, 5);
	struct pst_draft_tally tally = { .attempts = 0 };

	(void)state;
	pst_draft_tally_add(&tally, &channel);
	why(&tally, 6, "37 connections on 5 of 6 days, last 2025-11-23");
	channel = seen(PST_UDP_PEER, 1, 1);
	tally = (struct pst_draft_tally){ .attempts = 0 };
	pst_draft_tally_add(&tally, &channel);
	why(&tally, 1, "1 time on 2025-11-23");
	why(&tally, 2, "1 time on 1 of 2 days, last 2025-11-23");
}

static void it_says_that_others_of_many_ports_will_follow(void **state)
{
	struct pst_past_channel channel = seen(PST_UDP_PEER, 9, 1);
	struct pst_draft_tally tally = { .ports = 8 };

	(void)state;
	pst_draft_tally_add(&tally, &channel);
	why(&tally, 1, "9 times on 2025-11-23; 8 different ports, each once: others the next time");
}

static void it_says_what_failed(void **state)
{
	struct pst_past_channel channel = seen(PST_TCP_CONNECT, 3, 1);
	struct pst_draft_tally tally = { .attempts = 0 };

	(void)state;
	channel.count.failures = 2;
	pst_draft_tally_add(&tally, &channel);
	why(&tally, 1, "3 connections (2 in vain) on 2025-11-23");
	channel.count.failures = 3;
	tally = (struct pst_draft_tally){ .attempts = 0 };
	pst_draft_tally_add(&tally, &channel);
	why(&tally, 1, "3 connections (all in vain) on 2025-11-23");
}

static void of_a_listener_it_says_who_came(void **state)
{
	struct pst_past_channel listener = seen(PST_TCP_LISTEN, 1, 1);
	struct pst_past_channel first = seen(PST_TCP_ACCEPT, 4, 1);
	struct pst_past_channel second = seen(PST_TCP_ACCEPT, 5, 1);
	struct pst_draft_tally tally = { .attempts = 0 };

	(void)state;
	pst_draft_tally_add(&tally, &listener);
	why(&tally, 1, "1 time on 2025-11-23");
	pst_draft_tally_add(&tally, &first);
	pst_draft_tally_add(&tally, &second);
	why(&tally, 1, "9 connections accepted from 2 peers on 2025-11-23");
}

static void days_are_counted_once_whoever_was_active(void **state)
{
	struct pst_past_time time = { .last_s = 0 };
	struct pst_past_time old = { .first_s = NOW - 9 * DAY,
				     .last_s = NOW - 2 * DAY,
				     .days = 0x81, /* that day, and a week before */
				     .days_total = 2 };
	const struct pst_past_time new = { .first_s = NOW - 2 * DAY,
					   .last_s = NOW,
					   .days = 0x5, /* today, and the day before yesterday */
					   .days_total = 2 };

	(void)state;
	pst_draft_tally_time(&time, &new);
	pst_draft_tally_time(&time, &old);
	assert_int_equal(time.days_total, 3);
	assert_int_equal(time.first_s, NOW - 9 * DAY);
	assert_int_equal(time.last_s, NOW);
	old.last_s = NOW - 100 * DAY; /* too long ago to tell its days apart */
	old.days_total = 7;
	pst_draft_tally_time(&time, &old);
	assert_int_equal(time.days_total, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_says_how_often_and_on_how_many_days),
		cmocka_unit_test(it_says_that_others_of_many_ports_will_follow),
		cmocka_unit_test(it_says_what_failed),
		cmocka_unit_test(of_a_listener_it_says_who_came),
		cmocka_unit_test(days_are_counted_once_whoever_was_active),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
