// SPDX-License-Identifier: Apache-2.0
/* Do profiles survive whatever ends the daemon, and is a file that is none never taken in? */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/source.h"
#include "past_fixture.h"

#define SUDDEN_ENDS 20u
#define LONG_MS 10000u
#define STEP_US 1000

/* A disk that hangs: shared with the children. */
static struct disk {
	volatile bool hangs;
	volatile unsigned int reached; /* how often it was asked */
} * disk;

int fsync(int fd)
{
	disk->reached++;
	while (disk->hangs)
		usleep(STEP_US);
	return (int)syscall(SYS_fsync, fd);
}

struct place {
	struct wire *w;
	char folder[64], file[128];
};

static int make_place(void **state)
{
	struct place *place = test_calloc(1, sizeof(*place));

	if (wire_set_up((void **)&place->w) < 0)
		return -1;
	strcpy(place->folder, "/tmp/postern-unit-XXXXXX");
	if (!mkdtemp(place->folder))
		return -1;
	(void)snprintf(place->file, sizeof(place->file), "%s/%s", place->folder, PST_STATE_FILE);
	*state = place;
	return 0;
}

static int clear_place(void **state)
{
	struct place *place = *state;
	char pattern[128];
	glob_t found;

	(void)snprintf(pattern, sizeof(pattern), "%s/*", place->folder);
	if (glob(pattern, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			(void)unlink(found.gl_pathv[i]); /* the folder says so if it failed */
		globfree(&found);
	}
	(void)wire_tear_down((void **)&place->w);
	if (rmdir(place->folder) < 0)
		return -1;
	test_free(place);
	return 0;
}

static void write_file(const struct place *place, const char *text)
{
	FILE *file = fopen(place->file, "we");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static bool exists(const struct place *place, const char *suffix)
{
	char path[192];

	(void)snprintf(path, sizeof(path), "%s%s", place->file, suffix);
	return access(path, F_OK) == 0;
}

static void what_was_saved_is_read_again(void **state)
{
	struct place *place = *state;
	struct stat info;

	wire_connect(place->w, 80);
	assert_int_equal(pst_source_history_save(place->w->engine, place->folder, 1000), 0);
	assert_int_equal(stat(place->file, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_false(exists(place, ".new"));
	wire_restart(place->w, 64);
	assert_int_equal(pst_source_history(place->w->engine, place->folder), 0);
	assert_non_null(wire_past_port(place->w, AGENT, 80));
}

static void without_a_file_there_is_nothing_to_tell(void **state)
{
	struct place *place = *state;

	assert_int_equal(pst_source_history(place->w->engine, place->folder), 0);
	wire_tick(place->w, 1);
	assert_null(strstr(place->w->health, "state-refused"));
}

static void a_foreign_file_is_kept_aside_and_told(void **state)
{
	struct place *place = *state;

	for (unsigned int i = 1; i <= 2; i++) {
		write_file(place, "{}\n");
		assert_true(pst_source_history(place->w->engine, place->folder) < 0);
		assert_false(exists(place, ""));
	}
	assert_true(exists(place, ".refused-1"));
	assert_true(exists(place, ".refused-2"));
	wire_tick(place->w, 1); /* it begins, and tells */
	assert_non_null(strstr(place->w->health, "\"action\":\"state-refused\""));
	assert_non_null(strstr(place->w->health, "it is no state file of postern"));
}

static void a_state_file_is_known_by_its_beginning(void **state)
{
	struct place *place = *state;

	assert_false(pst_source_is_state(place->file));
	write_file(place, "PSTSTAT");
	assert_false(pst_source_is_state(place->file));
	write_file(place, "PSTSTATE");
	assert_true(pst_source_is_state(place->file));
	write_file(place, "pstSTATE and more");
	assert_false(pst_source_is_state(place->file));
	assert_false(pst_source_is_state(place->folder));
	assert_false(pst_source_is_state("-"));
}

static void why_a_file_is_no_state_is_said(void **state)
{
	struct place *place = *state;
	struct pst_history *history = pst_engine_history(place->w->engine);
	const char *why = "";

	assert_int_equal(pst_source_state(history, place->file, &why), -ENOENT);
	assert_string_equal(why, "No such file or directory");
	write_file(place, "{}");
	assert_int_equal(pst_source_state(history, place->file, &why), -EBADMSG);
	assert_string_equal(why, "it is no state file of postern");
}

static void a_folder_that_cannot_be_written_is_told_and_harms_nothing(void **state)
{
	struct place *place = *state;

	wire_tick(place->w, 1);
	assert_true(pst_source_history_save(place->w->engine, "/nonexistent", 1000) < 0);
	assert_non_null(strstr(place->w->health, "\"action\":\"state-unsaved\""));
	wire_connect(place->w, 80);
	assert_int_equal(pst_source_history_save(place->w->engine, place->folder, 1000), 0);
}

static struct pst_save begin(struct place *place)
{
	struct pst_save save = { .folder = place->folder, .now_s = 1000 };

	assert_int_equal(pst_source_history_begin(place->w->engine, &save), 0);
	assert_true(save.pid > 0);
	return save;
}

static void a_child_writes_what_was_known_when_it_was_made(void **state)
{
	struct place *place = *state;
	struct pst_save save;

	wire_connect(place->w, 80);
	disk->hangs = true;
	save = begin(place);
	wire_connect(place->w, 81);
	assert_int_equal(pst_source_history_ended(place->w->engine, &save), -EAGAIN);
	disk->hangs = false;
	assert_int_equal(pst_source_history_wait(place->w->engine, &save, LONG_MS), 0);
	assert_int_equal(save.pid, 0);
	assert_int_equal(pst_source_history_ended(place->w->engine, &save), -ECHILD);
	wire_restart(place->w, 64);
	assert_int_equal(pst_source_history(place->w->engine, place->folder), 0);
	assert_non_null(wire_past_port(place->w, AGENT, 80));
	assert_null(wire_past_port(place->w, AGENT, 81));
}

static void a_disk_that_hangs_keeps_nobody_waiting_and_the_old_file(void **state)
{
	struct place *place = *state;
	struct pst_save save;
	unsigned int before;

	wire_tick(place->w, 1); /* it begins, and tells */
	wire_connect(place->w, 80);
	assert_int_equal(pst_source_history_save(place->w->engine, place->folder, 1000), 0);
	before = disk->reached;
	disk->hangs = true;
	wire_connect(place->w, 81);
	save = begin(place);
	assert_int_equal(pst_source_history_begin(place->w->engine, &save), -EBUSY);
	while (disk->reached == before) /* once it hangs */
		usleep(STEP_US);
	assert_int_equal(pst_source_history_wait(place->w->engine, &save, 5), -ETIMEDOUT);
	assert_non_null(strstr(place->w->health, "\"action\":\"state-unsaved\""));
	assert_int_equal(kill(save.pid, SIGKILL), 0);
	assert_int_equal(pst_source_history_wait(place->w->engine, &save, LONG_MS), -ECANCELED);
	disk->hangs = false;
	wire_restart(place->w, 64);
	assert_int_equal(pst_source_history(place->w->engine, place->folder), 0);
	assert_non_null(wire_past_port(place->w, AGENT, 80));
	assert_null(wire_past_port(place->w, AGENT, 81));
}

static void what_a_child_cannot_write_is_told(void **state)
{
	struct place *place = *state;
	struct pst_save save = { .folder = "/nonexistent", .now_s = 1000 };

	wire_tick(place->w, 1);
	assert_int_equal(pst_source_history_begin(place->w->engine, &save), 0);
	assert_int_equal(pst_source_history_wait(place->w->engine, &save, LONG_MS), -ENOENT);
	assert_non_null(strstr(place->w->health, "/nonexistent/profiles.state: No such file"));
}

/* It saves all the time, itself and by children in turn, so that its end comes in the middle of a
 * save nearly always. */
static void save_for_ever(struct place *place)
{
	struct pst_save save = { .folder = place->folder, .now_s = 1000 };
	struct pst_engine *engine = place->w->engine;

	for (uint16_t port = 1;; port++) {
		if (port < 1000)
			wire_connect(place->w, port);
		if (pst_source_history_save(engine, place->folder, 1000) < 0 ||
		    pst_source_history_begin(engine, &save) < 0 ||
		    pst_source_history_wait(engine, &save, LONG_MS) < 0)
			_exit(1);
	}
}

static void a_sudden_end_never_spoils_the_file(void **state)
{
	struct place *place = *state;
	size_t channels = 0;

	assert_int_equal(pst_source_history_save(place->w->engine, place->folder, 1), 0);
	for (unsigned int i = 0; i < SUDDEN_ENDS; i++) {
		pid_t child = fork();
		int status;

		if (!child)
			save_for_ever(place);
		assert_true(child > 0);
		usleep(2000 + 1370 * i);
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		wire_restart(place->w, 64);
		assert_int_equal(pst_source_history(place->w->engine, place->folder), 0);
		if (pst_history_find(pst_engine_history(place->w->engine), AGENT))
			channels += wire_past(place->w, AGENT)->channel_count;
	}
	assert_true(channels > 0); /* some of them saved something */
}

#define T(name) cmocka_unit_test_setup_teardown(name, make_place, clear_place)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_was_saved_is_read_again),
		T(without_a_file_there_is_nothing_to_tell),
		T(a_foreign_file_is_kept_aside_and_told),
		T(a_state_file_is_known_by_its_beginning),
		T(why_a_file_is_no_state_is_said),
		T(a_folder_that_cannot_be_written_is_told_and_harms_nothing),
		T(a_child_writes_what_was_known_when_it_was_made),
		T(a_disk_that_hangs_keeps_nobody_waiting_and_the_old_file),
		T(what_a_child_cannot_write_is_told),
		T(a_sudden_end_never_spoils_the_file),
	};

	disk = mmap(NULL, sizeof(*disk), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return disk == MAP_FAILED ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
