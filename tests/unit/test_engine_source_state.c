// SPDX-License-Identifier: Apache-2.0
/* Is a file of the state folder always whole, and is what cannot be used kept? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <signal.h>
#include <unistd.h>

#include "engine/state.h"
#include "room.h"

static void write_text(struct room *room, const char *name, const char *text)
{
	FILE *file = fopen(room_path(room, name), "we");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void new_content_takes_the_place_of_the_old(void **state)
{
	struct room *room = room_new();
	struct stat st;

	(void)state;
	assert_int_equal(pst_state_replace(room_path(room, "x"), "old", 3), 0);
	assert_string_equal(room_read(room, "x"), "old");
	assert_int_equal(stat(room->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	write_text(room, "x.new", "what an earlier end left half-written");
	assert_int_equal(pst_state_replace(room_path(room, "x"), "new", 3), 0);
	assert_string_equal(room_read(room, "x"), "new");
	assert_int_equal(access(room_path(room, "x.new"), F_OK), -1);
	room_free(room);
}

static void a_failed_write_leaves_the_old_content(void **state)
{
	struct room *room = room_new();
	struct rlimit before, none;
	char path[128];

	(void)state;
	write_text(room, "x", "old");
	(void)snprintf(path, sizeof(path), "%s", room_path(room, "x"));
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = before;
	none.rlim_cur = 2;
	(void)signal(SIGXFSZ, SIG_IGN); /* so that the write fails instead */
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_int_equal(pst_state_replace(path, "new", 3), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_string_equal(room_read(room, "x"), "old");
	assert_int_equal(access(room_path(room, "x.new"), F_OK), -1);
	room_free(room);
}

static int fill_late(void *context, int fd)
{
	const int *earlier = context;

	assert_int_equal(pst_state_write(fd, "new", 3), 0);
	return pst_state_write(*earlier, "from the end before", 19);
}

static void who_still_writes_an_earlier_file_writes_nothing_into_the_new_one(void **state)
{
	struct room *room = room_new();
	int earlier;

	(void)state;
	write_text(room, "x.new", "half");
	earlier = open(room_path(room, "x.new"), O_WRONLY | O_CLOEXEC);
	assert_true(earlier >= 0);
	assert_int_equal(pst_state_replace_by(room_path(room, "x"), fill_late, &earlier), 0);
	assert_int_equal(close(earlier), 0);
	assert_string_equal(room_read(room, "x"), "new");
	room_free(room);
}

static void a_link_in_place_of_the_new_file_is_taken_away_and_not_followed(void **state)
{
	struct room *room = room_new();
	char target[128];

	(void)state;
	write_text(room, "target", "mine");
	(void)snprintf(target, sizeof(target), "%s", room->path);
	assert_int_equal(symlink(target, room_path(room, "x.new")), 0);
	assert_int_equal(pst_state_replace(room_path(room, "x"), "new", 3), 0);
	assert_string_equal(room_read(room, "target"), "mine");
	assert_string_equal(room_read(room, "x"), "new");
	room_free(room);
}

static void refused_files_are_kept_under_free_names(void **state)
{
	struct room *room = room_new();
	char kept[256];

	(void)state;
	write_text(room, "x.refused-1", "earlier");
	write_text(room, "x", "now");
	assert_int_equal(pst_state_keep_aside(room_path(room, "x"), kept, sizeof(kept)), 0);
	assert_string_equal(kept, room_path(room, "x.refused-2"));
	assert_string_equal(room_read(room, "x.refused-1"), "earlier");
	assert_string_equal(room_read(room, "x.refused-2"), "now");
	assert_int_equal(pst_state_keep_aside(room_path(room, "x"), kept, sizeof(kept)), -ENOENT);
	room_free(room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_content_takes_the_place_of_the_old),
		cmocka_unit_test(a_failed_write_leaves_the_old_content),
		cmocka_unit_test(a_link_in_place_of_the_new_file_is_taken_away_and_not_followed),
		cmocka_unit_test(who_still_writes_an_earlier_file_writes_nothing_into_the_new_one),
		cmocka_unit_test(refused_files_are_kept_under_free_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
