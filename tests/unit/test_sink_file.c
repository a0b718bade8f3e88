// SPDX-License-Identifier: Apache-2.0
/* Does every line reach the file, through rotation, a full disk and a missing folder? */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "room.h"
#include "sink/sink.h"

static const char json[] = "{\"event\":{\"kind\":\"x\"}}";
static const struct pst_record alert = {
	.dataset = PST_ALERT, .json = json, .len = sizeof(json) - 1, .sequence_at = 10
};

static struct pst_sink *open_sink(const char *path)
{
	const struct pst_sink_keys keys = { .target = path,
					    .datasets = 1u << PST_ALERT,
					    .queue_bytes = 100 };
	struct pst_sink *sink = NULL;

	assert_int_equal(pst_sink_new("file", &keys, &sink), 0);
	return sink;
}

static void lines_are_appended_and_numbered(void **state)
{
	struct room *room = room_new();
	struct pst_sink *sink = open_sink(room_path(room, "alert.json"));
	struct stat st;

	(void)state;
	pst_sink_put(sink, &alert);
	pst_sink_put(sink, &alert);
	pst_sink_free(sink);
	assert_string_equal(
		room_read(room, "alert.json"),
		"{\"event\":{\"sequence\":1,\"kind\":\"x\"}}\n{\"event\":{\"sequence\":2,\"kind\":\"x\"}}\n");
	assert_int_equal(stat(room->path, &st), 0);
	assert_int_equal(st.st_mode & 0137, 0); /* at most 0640 */
	sink = open_sink(room->path);		/* a new start appends */
	pst_sink_put(sink, &alert);
	pst_sink_free(sink);
	assert_int_equal(strlen(room_read(room, "alert.json")), 3 * 36);
	room_free(room);
}

static void a_renamed_file_is_followed_by_a_new_one(void **state)
{
	struct room *room = room_new();
	struct pst_sink *sink = open_sink(room_path(room, "alert.json"));
	char old[128];

	(void)state;
	pst_sink_put(sink, &alert);
	(void)snprintf(old, sizeof(old), "%s/alert.json.1", room->folder);
	assert_int_equal(rename(room->path, old), 0);
	pst_sink_put(sink, &alert); /* until the next look it goes to the old one */
	pst_sink_flush(sink);
	pst_sink_put(sink, &alert);
	assert_int_equal(strlen(room_read(room, "alert.json.1")), 2 * 36);
	assert_string_equal(room_read(room, "alert.json"),
			    "{\"event\":{\"sequence\":3,\"kind\":\"x\"}}\n");
	pst_sink_free(sink);
	room_free(room);
}

static void reopen_takes_a_new_file_at_once(void **state)
{
	struct room *room = room_new();
	struct pst_sink *sink = open_sink(room_path(room, "alert.json"));

	(void)state;
	pst_sink_put(sink, &alert);
	assert_int_equal(unlink(room->path), 0);
	assert_int_equal(pst_sink_reopen(sink), 0);
	pst_sink_put(sink, &alert);
	assert_int_equal(strlen(room_read(room, "alert.json")), 36);
	pst_sink_free(sink);
	room_free(room);
}

static void the_old_file_goes_on_when_the_new_one_cannot_be_opened(void **state)
{
	struct room *room = room_new();
	struct pst_sink *sink = open_sink(room_path(room, "alert.json"));
	char old[128];

	(void)state;
	(void)snprintf(old, sizeof(old), "%s/old", room->folder);
	assert_int_equal(rename(room->path, old), 0);
	assert_int_equal(mkdir(room->path, 0700), 0);
	assert_int_equal(pst_sink_reopen(sink), -EISDIR);
	pst_sink_put(sink, &alert);
	assert_int_equal(strlen(room_read(room, "old")), 36);
	pst_sink_free(sink);
	room_free(room);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
	const struct pst_sink_keys keys = { .target = "/nonexistent/folder/alert.json",
					    .datasets = ~0u };
	struct pst_sink *sink = NULL;

	(void)state;
	assert_int_equal(pst_sink_new("file", &keys, &sink), -ENOENT);
	assert_null(sink);
}

static void a_full_disk_keeps_lines_and_counts_what_finds_no_room(void **state)
{
	const struct pst_sink_keys keys = { .target = "/dev/full",
					    .datasets = ~0u,
					    .queue_bytes = 100 };
	struct pst_sink *sink = NULL;
	struct pst_sink_figures figures;

	(void)state;
	assert_int_equal(pst_sink_new("file", &keys, &sink), 0);
	pst_sink_put(sink, &alert);
	pst_sink_put(sink, &alert);
	pst_sink_figures(sink, &figures);
	assert_int_equal(figures.last_error, ENOSPC);
	assert_int_equal(figures.queued, 2); /* 72 bytes; a third does not fit in 100 */
	assert_int_equal(figures.dropped, 0);
	pst_sink_put(sink, &alert);
	pst_sink_figures(sink, &figures);
	assert_int_equal(figures.queued, 2);
	assert_int_equal(figures.dropped, 1);
	assert_int_equal(figures.sent, 0);
	assert_int_equal(figures.last_sequence, 3);
	pst_sink_free(sink);
}

/* A limit of the file's size cuts a write in the middle, as a full disk does. */
static void a_line_that_was_cut_off_is_finished_first(void **state)
{
	struct room *room = room_new();
	struct pst_sink *sink = open_sink(room_path(room, "alert.json"));
	struct rlimit before, small;
	struct pst_sink_figures figures;
	void (*old)(int) = signal(SIGXFSZ, SIG_IGN);

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 50;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	pst_sink_put(sink, &alert);
	pst_sink_put(sink, &alert);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	pst_sink_figures(sink, &figures);
	assert_int_equal(figures.last_error, EFBIG);
	assert_int_equal(figures.queued, 1);
	assert_int_equal(strlen(room_read(room, "alert.json")), 50);
	pst_sink_put(sink, &alert);
	assert_int_equal(strlen(room_read(room, "alert.json")), 3 * 36);
	assert_non_null(strstr(
		room_read(room, "alert.json"),
		"}\n{\"event\":{\"sequence\":2,\"kind\":\"x\"}}\n{\"event\":{\"sequence\":3"));
	pst_sink_figures(sink, &figures);
	assert_int_equal(figures.last_error, 0);
	assert_int_equal(figures.sent, 3);
	pst_sink_free(sink);
	(void)signal(SIGXFSZ, old);
	room_free(room);
}

static void a_line_cut_off_in_the_old_file_stands_whole_in_the_new_one(void **state)
{
	struct room *room = room_new();
	struct pst_sink *sink = open_sink(room_path(room, "alert.json"));
	struct rlimit before, small;
	void (*old)(int) = signal(SIGXFSZ, SIG_IGN);

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 20;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	pst_sink_put(sink, &alert);
	assert_int_equal(unlink(room->path), 0);
	(void)pst_sink_reopen(sink);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	pst_sink_flush(sink);
	assert_string_equal(room_read(room, "alert.json"),
			    "{\"event\":{\"sequence\":1,\"kind\":\"x\"}}\n");
	pst_sink_free(sink);
	(void)signal(SIGXFSZ, old);
	room_free(room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_appended_and_numbered),
		cmocka_unit_test(a_renamed_file_is_followed_by_a_new_one),
		cmocka_unit_test(reopen_takes_a_new_file_at_once),
		cmocka_unit_test(the_old_file_goes_on_when_the_new_one_cannot_be_opened),
		cmocka_unit_test(a_folder_that_is_not_there_is_an_error),
		cmocka_unit_test(a_full_disk_keeps_lines_and_counts_what_finds_no_room),
		cmocka_unit_test(a_line_that_was_cut_off_is_finished_first),
		cmocka_unit_test(a_line_cut_off_in_the_old_file_stands_whole_in_the_new_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
