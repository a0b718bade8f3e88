// SPDX-License-Identifier: Apache-2.0
/* Which lines wait, and which one goes when there is no room? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "sink/queue.h"

static const char *content(const struct pst_queue *queue)
{
	static char text[64];
	const struct pst_queued *at;

	text[0] = '\0';
	for (at = queue->head; at; at = at->next)
		strncat(text, at->line, at->len);
	return text;
}

static void lines_wait_in_order(void **state)
{
	struct pst_queue queue;

	(void)state;
	pst_queue_init(&queue, 6);
	assert_int_equal(pst_queue_add(&queue, PST_ALERT, "a\n", 2), 0);
	assert_int_equal(pst_queue_add(&queue, PST_CHANNEL_RECORD, "c\n", 2), 0);
	assert_int_equal(pst_queue_add(&queue, PST_HEALTH, "h\n", 2), 0);
	assert_string_equal(content(&queue), "a\nc\nh\n");
	assert_int_equal(queue.lines, 3);
	pst_queue_shift(&queue);
	assert_string_equal(content(&queue), "c\nh\n");
	pst_queue_done(&queue);
	assert_int_equal(queue.bytes, 0);
}

static void channel_records_go_first_then_health_then_alerts(void **state)
{
	struct pst_queue queue;

	(void)state;
	pst_queue_init(&queue, 6);
	(void)pst_queue_add(&queue, PST_ALERT, "a\n", 2);
	(void)pst_queue_add(&queue, PST_HEALTH, "h\n", 2);
	(void)pst_queue_add(&queue, PST_EXEC_RECORD, "e\n", 2);
	assert_int_equal(pst_queue_add(&queue, PST_ALERT, "b\n", 2), 1);
	assert_string_equal(content(&queue), "a\nh\nb\n");
	assert_int_equal(pst_queue_add(&queue, PST_ALERT, "c\n", 2), 1);
	assert_string_equal(content(&queue), "a\nb\nc\n");
	assert_int_equal(pst_queue_add(&queue, PST_ALERT, "d\n", 2), 1); /* the oldest of its own */
	assert_string_equal(content(&queue), "b\nc\nd\n");
	pst_queue_done(&queue);
}

static void a_lesser_line_does_not_push_out_a_greater_one(void **state)
{
	struct pst_queue queue;

	(void)state;
	pst_queue_init(&queue, 4);
	(void)pst_queue_add(&queue, PST_ALERT, "a\n", 2);
	(void)pst_queue_add(&queue, PST_HEALTH, "h\n", 2);
	assert_int_equal(pst_queue_add(&queue, PST_CHANNEL_RECORD, "c\n", 2), 1);
	assert_string_equal(content(&queue), "a\nh\n");
	pst_queue_done(&queue);
}

static void a_line_that_is_begun_stays(void **state)
{
	struct pst_queue queue;

	(void)state;
	pst_queue_init(&queue, 4);
	(void)pst_queue_add(&queue, PST_CHANNEL_RECORD, "c\n", 2);
	(void)pst_queue_add(&queue, PST_CHANNEL_RECORD, "d\n", 2);
	queue.head->done = 1;
	assert_int_equal(pst_queue_add(&queue, PST_ALERT, "a\n", 2), 1);
	assert_string_equal(content(&queue), "c\na\n");
	pst_queue_done(&queue);
}

static void the_last_line_can_be_dropped_and_others_follow(void **state)
{
	struct pst_queue queue;

	(void)state;
	pst_queue_init(&queue, 4);
	(void)pst_queue_add(&queue, PST_ALERT, "a\n", 2);
	(void)pst_queue_add(&queue, PST_CHANNEL_RECORD, "c\n", 2);
	(void)pst_queue_add(&queue, PST_ALERT, "b\n", 2);
	assert_string_equal(content(&queue), "a\nb\n");
	pst_queue_done(&queue);
}

static void a_line_longer_than_the_queue_is_dropped(void **state)
{
	struct pst_queue queue;

	(void)state;
	pst_queue_init(&queue, 3);
	assert_int_equal(pst_queue_add(&queue, PST_ALERT, "aaaa", 4), 1);
	assert_int_equal(pst_queue_add(&queue, PST_ALERT, "aaa", 3), 0);
	pst_queue_done(&queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_wait_in_order),
		cmocka_unit_test(channel_records_go_first_then_health_then_alerts),
		cmocka_unit_test(a_lesser_line_does_not_push_out_a_greater_one),
		cmocka_unit_test(a_line_that_is_begun_stays),
		cmocka_unit_test(the_last_line_can_be_dropped_and_others_follow),
		cmocka_unit_test(a_line_longer_than_the_queue_is_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
