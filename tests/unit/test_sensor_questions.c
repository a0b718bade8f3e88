// SPDX-License-Identifier: Apache-2.0
/* Does each asker get its turn, whatever the others ask? */
#include "sensor/worker.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define FLOOD "/system.slice/flood.service"
#define OTHER "/system.slice/acme.service"
#define WAITING_MAX 4096u

static int make(void **state)
{
	*state = pst_questions_new();
	return *state ? 0 : -1;
}

static int end(void **state)
{
	pst_questions_free(*state);
	return 0;
}

static int put(struct pst_questions *questions, const char *cgroup, const char *path)
{
	struct pst_worker_ask ask = { .tgid = 1 };

	(void)snprintf(ask.path, sizeof(ask.path), "%s", path);
	return pst_questions_put(questions, &ask, cgroup);
}

/* flood - as many as there is room for; returns how many that were */
static unsigned int flood(struct pst_questions *questions, const char *cgroup)
{
	unsigned int count = 0;

	while (count <= WAITING_MAX && put(questions, cgroup, "/flood") == 0)
		count++;
	return count;
}

/* next - the path of the next one is still where it was put; NULL when none waits */
static const char *next(struct pst_questions *questions)
{
	static struct pst_worker_ask ask;
	struct pst_question *one = pst_questions_take(questions);

	if (!one)
		return NULL;
	memcpy(&ask, one->bytes, one->len);
	assert_int_equal(one->len, PST_ASK_HEAD + strlen(ask.path) + 1);
	free(one);
	return ask.path;
}

static void one_askers_questions_are_taken_in_their_order(void **state)
{
	assert_null(next(*state));
	assert_int_equal(put(*state, OTHER, "/1"), 0);
	assert_int_equal(put(*state, OTHER, "/2"), 0);
	assert_int_equal(put(*state, OTHER, "/3"), 0);
	assert_string_equal(next(*state), "/1");
	assert_string_equal(next(*state), "/2");
	assert_string_equal(next(*state), "/3");
	assert_null(next(*state));
}

static void who_asks_once_does_not_wait_for_a_flood(void **state)
{
	assert_true(flood(*state, FLOOD) > 1000);
	assert_string_equal(next(*state), "/flood");
	assert_string_equal(next(*state), "/flood");
	assert_int_equal(put(*state, OTHER, "/1"), 0);
	assert_int_equal(put(*state, OTHER, "/2"), 0);
	assert_string_equal(next(*state), "/1");
	assert_string_equal(next(*state), "/flood");
	assert_string_equal(next(*state), "/2");
	assert_string_equal(next(*state), "/flood");
}

static void a_flood_that_ended_is_not_held_against_who_asks_again(void **state)
{
	unsigned int asked = flood(*state, FLOOD);

	while (asked--)
		assert_string_equal(next(*state), "/flood");
	assert_int_equal(put(*state, OTHER, "/other"), 0);
	assert_int_equal(put(*state, FLOOD, "/again"), 0);
	assert_int_equal(put(*state, OTHER, "/second"), 0);
	assert_string_equal(next(*state), "/other");
	assert_string_equal(next(*state), "/again");
	assert_string_equal(next(*state), "/second");
}

static void who_was_silent_for_long_saved_no_turns(void **state)
{
	assert_int_equal(put(*state, OTHER, "/early"), 0);
	(void)flood(*state, FLOOD);
	for (unsigned int i = 0; i < 100; i++)
		assert_non_null(next(*state));
	for (unsigned int i = 0; i < 10; i++)
		assert_int_equal(put(*state, OTHER, "/other"), 0);
	assert_string_equal(next(*state), "/other");
	assert_string_equal(next(*state), "/flood");
	assert_string_equal(next(*state), "/other");
}

static void a_flood_leaves_room_for_others(void **state)
{
	assert_int_equal(flood(*state, FLOOD), WAITING_MAX / 2);
	assert_int_equal(put(*state, FLOOD, "/x"), -EAGAIN);
	assert_int_equal(flood(*state, OTHER), WAITING_MAX / 4);
	assert_int_equal(put(*state, "/third.slice", "/x"), 0);
}

static void long_paths_leave_room_for_others_too(void **state)
{
	static char path[PST_PATH_MAX];
	unsigned int count = 0;

	memset(path, '/', sizeof(path) - 1);
	while (count <= WAITING_MAX && put(*state, FLOOD, path) == 0)
		count++;
	assert_in_range(count, 100, 1024 * 1024 / 2 / sizeof(path));
	assert_int_equal(put(*state, OTHER, path), 0);
}

static void what_a_users_manager_makes_below_itself_is_one_asker(void **state)
{
	static const char *const user = "/user.slice/user-1000.slice/user@1000.service";
	char below[128];

	for (unsigned int i = 0; i < 500; i++) {
		(void)snprintf(below, sizeof(below), "%s/app.slice/run-%u.scope", user, i);
		assert_int_equal(put(*state, below, "/flood"), 0);
	}
	assert_string_equal(next(*state), "/flood");
	assert_int_equal(put(*state, OTHER, "/other"), 0);
	assert_string_equal(next(*state), "/other");
}

static void a_process_of_no_known_cgroup_is_an_asker_like_others(void **state)
{
	(void)flood(*state, "");
	assert_string_equal(next(*state), "/flood");
	assert_int_equal(put(*state, OTHER, "/other"), 0);
	assert_string_equal(next(*state), "/other");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_askers_questions_are_taken_in_their_order),
		TEST(who_asks_once_does_not_wait_for_a_flood),
		TEST(a_flood_that_ended_is_not_held_against_who_asks_again),
		TEST(who_was_silent_for_long_saved_no_turns),
		TEST(a_flood_leaves_room_for_others),
		TEST(long_paths_leave_room_for_others_too),
		TEST(what_a_users_manager_makes_below_itself_is_one_asker),
		TEST(a_process_of_no_known_cgroup_is_an_asker_like_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
