// SPDX-License-Identifier: Apache-2.0
/* Is a file on which a worker hung left alone, and not the others? */
#include "sensor/worker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define SECOND 1000000000ull
#define NOW (50 * SECOND)
#define LATER (NOW + 600 * SECOND) /* the last moment at which it is remembered */

static struct pst_worker_ask *of_file(uint32_t major, uint64_t inode)
{
	static struct pst_worker_ask ask;

	ask = (struct pst_worker_ask){ .dev_major = major, .dev_minor = 7, .inode = inode };
	(void)snprintf(ask.path, sizeof(ask.path), "/mnt/%llu", (unsigned long long)inode);
	return &ask;
}

/* its device and inode are the interpreter's */
static struct pst_worker_ask *of_script(const char *path)
{
	static struct pst_worker_ask ask;

	ask = (struct pst_worker_ask){ .dev_major = 8, .inode = 99, .flags = PST_ASK_SCRIPT };
	(void)snprintf(ask.path, sizeof(ask.path), "%s", path);
	return &ask;
}

static void that_file_is_left_alone_for_ten_minutes(void **state)
{
	struct pst_hung hung = { .next = 0 };

	(void)state;
	assert_false(pst_hung_has(&hung, of_file(8, 1), NOW));
	pst_hung_note(&hung, of_file(8, 1), NOW);
	assert_true(pst_hung_has(&hung, of_file(8, 1), LATER));
	assert_false(pst_hung_has(&hung, of_file(8, 1), LATER + 1));
	assert_false(pst_hung_has(&hung, of_file(8, 2), NOW));
	assert_false(pst_hung_has(&hung, of_file(9, 1), NOW));
}

static void a_file_system_without_a_block_device_is_left_alone_after_three(void **state)
{
	struct pst_hung hung = { .next = 0 };

	(void)state;
	pst_hung_note(&hung, of_file(0, 1), NOW);
	pst_hung_note(&hung, of_file(0, 2), NOW);
	assert_false(pst_hung_has(&hung, of_file(0, 4), NOW));
	pst_hung_note(&hung, of_file(0, 3), NOW + 1);
	assert_true(pst_hung_has(&hung, of_file(0, 4), LATER));
	assert_false(pst_hung_has(&hung, of_file(0, 4), LATER + 1));
}

static void a_disk_is_only_slow(void **state)
{
	struct pst_hung hung = { .next = 0 };

	(void)state;
	for (uint64_t inode = 1; inode < 10; inode++)
		pst_hung_note(&hung, of_file(8, inode), NOW);
	assert_true(pst_hung_has(&hung, of_file(8, 9), NOW));
	assert_false(pst_hung_has(&hung, of_file(8, 10), NOW));
}

static void a_script_is_known_by_its_path_and_its_folder(void **state)
{
	struct pst_hung hung = { .next = 0 };

	(void)state;
	pst_hung_note(&hung, of_script("/net/a/1"), NOW);
	assert_true(pst_hung_has(&hung, of_script("/net/a/1"), NOW));
	assert_false(pst_hung_has(&hung, of_script("/net/a/2"), NOW));
	assert_false(pst_hung_has(&hung, of_file(8, 99), NOW)); /* its interpreter */
	pst_hung_note(&hung, of_script("/net/a/2"), NOW);
	pst_hung_note(&hung, of_script("/net/a/3"), NOW);
	assert_true(pst_hung_has(&hung, of_script("/net/a/4"), NOW));
	assert_false(pst_hung_has(&hung, of_script("/net/b/4"), NOW));
	pst_hung_note(&hung, of_script("/at_the_top"), NOW);
	assert_true(pst_hung_has(&hung, of_script("/at_the_top"), NOW));
}

static const struct pst_worker_ask *of_container(const char *name)
{
	static struct pst_worker_ask ask = { .flags = PST_ASK_CONTAINER };

	(void)strcpy(ask.path, name);
	return &ask;
}

static void a_container_is_known_by_its_name_and_its_runtime(void **state)
{
	struct pst_hung hung = { .next = 0 };

	(void)state;
	pst_hung_note(&hung, of_container("docker/1"), NOW);
	assert_true(pst_hung_has(&hung, of_container("docker/1"), NOW));
	assert_false(pst_hung_has(&hung, of_container("docker/2"), NOW));
	pst_hung_note(&hung, of_container("docker/2"), NOW);
	pst_hung_note(&hung, of_container("docker/3"), NOW);
	assert_true(pst_hung_has(&hung, of_container("docker/4"), NOW));
	assert_false(pst_hung_has(&hung, of_container("podman/1"), NOW));
	assert_false(pst_hung_has(&hung, of_file(0, 0), NOW));
}

static void the_oldest_make_room(void **state)
{
	struct pst_hung hung = { .next = 0 };

	(void)state;
	for (uint64_t inode = 0; inode <= PST_HUNG_FILES; inode++)
		pst_hung_note(&hung, of_file(8, inode + 1), NOW);
	assert_false(pst_hung_has(&hung, of_file(8, 1), NOW));
	assert_true(pst_hung_has(&hung, of_file(8, 2), NOW));
	assert_true(pst_hung_has(&hung, of_file(8, PST_HUNG_FILES + 1), NOW));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(that_file_is_left_alone_for_ten_minutes),
		cmocka_unit_test(a_file_system_without_a_block_device_is_left_alone_after_three),
		cmocka_unit_test(a_disk_is_only_slow),
		cmocka_unit_test(a_script_is_known_by_its_path_and_its_folder),
		cmocka_unit_test(a_container_is_known_by_its_name_and_its_runtime),
		cmocka_unit_test(the_oldest_make_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
