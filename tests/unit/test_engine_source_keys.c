// SPDX-License-Identifier: Apache-2.0
/* Are all keys of a folder taken, and each file that is none told by its name? */
#include "signing_fixture.h"

#include <errno.h>
#include <unistd.h>

static void keys_are_read_in_the_order_of_their_names(void **state)
{
	struct room *room = room_new();
	struct told told = { 0 };
	struct pst_keyring *ring;

	(void)state;
	put_text(room, "b.pub", key_p384);
	put_text(room, "a.pub", key_ed25519);
	put_text(room, ".hidden.pub", key_p256);
	put_text(room, "other.pem", key_p256);
	ring = ring_of(room, &told);
	assert_int_equal(told.count, 0);
	assert_int_equal(ring->count, 2);
	assert_string_equal(ring->list[0].name, "a.pub (c86239088b81859b)");
	assert_string_equal(ring->list[1].name, "b.pub (4b7cb9d2f3ca8408)");
	pst_keyring_free(ring);
	room_free(room);
}

static void a_refused_key_is_told_and_the_others_are_taken(void **state)
{
	static char large[PST_SIGN_KEY_FILE_MAX + 1];
	struct room *room = room_new();
	struct told told = { 0 };
	struct pst_keyring *ring;

	(void)state;
	memset(large, ' ', sizeof(large));
	memcpy(large, key_p256, strlen(key_p256));
	put_text(room, "rsa.pub", key_rsa);
	put_text(room, "p521.pub", key_p521);
	put_bytes(room, "large.pub", large, sizeof(large));
	put_bytes(room, "just.pub", large, sizeof(large) - 1);
	put_text(room, "empty.pub", "");
	assert_int_equal(mkdir(room_path(room, "folder.pub"), 0755), 0);
	assert_int_equal(mkfifo(room_path(room, "pipe.pub"), 0644), 0);
	assert_int_equal(symlink("nowhere", room_path(room, "gone.pub")), 0);
	put_text(room, "evil\033[31m.pub", key_rsa);
	ring = ring_of(room, &told);
	assert_int_equal(ring->count, 1);
	assert_string_equal(ring->list[0].name, "just.pub (589b2515e3d62c71)");
	assert_int_equal(ring->refused, 8);
	told_has(&told, "/rsa.pub: error: it is an RSA key; keys are Ed25519, ECDSA P-256");
	told_has(&told, "/p521.pub: error: it is an EC key of another curve");
	told_has(&told, "/large.pub: error: it is larger than 16 KiB");
	told_has(&told, "/empty.pub: error: it is no public key");
	told_has(&told, "/folder.pub: error: it is no file");
	told_has(&told, "/pipe.pub: error: it is no file");
	told_has(&told, "/gone.pub: error: No such file");
	told_has(&told, "/evil\\x1b[31m.pub: error: it is an RSA key");
	pst_keyring_free(ring);
	room_free(room);
}

static void what_others_may_write_is_not_trusted(void **state)
{
	struct room *room = room_new();
	const struct pst_keyring_keys keys = { .folder = room->folder, .tell = told_take };
	struct pst_keyring_keys with = keys;
	struct told told = { 0 };
	struct pst_keyring *ring = NULL;

	(void)state;
	with.context = &told;
	put_text(room, "group.pub", key_p256);
	assert_int_equal(chmod(room->path, 0664), 0);
	put_text(room, "world.pub", key_p384);
	assert_int_equal(chmod(room->path, 0646), 0);
	put_text(room, "mine.pub", key_ed25519);
	ring = ring_of(room, &told);
	assert_int_equal(ring->count, 1);
	told_has(&told, "/group.pub: error: others may write to it");
	told_has(&told, "/world.pub: error: others may write to it");
	pst_keyring_free(ring);
	ring = NULL;
	assert_int_equal(chmod(room->folder, 0777), 0);
	assert_int_equal(pst_keyring_read(&with, &ring), -EPERM);
	assert_null(ring);
	told_has(&told, "error: others may write to it; take that away: chmod go-w");
	room_free(room);
}

static void the_65th_key_is_told_and_not_used(void **state)
{
	struct room *room = room_new();
	struct told told = { 0 };
	struct pst_keyring *ring;
	char name[32];

	(void)state;
	for (int i = 0; i < PST_KEYRING_MAX + 1; i++) {
		(void)snprintf(name, sizeof(name), "%02d.pub", i);
		put_text(room, name, key_ed25519);
	}
	ring = ring_of(room, &told);
	assert_int_equal(ring->count, PST_KEYRING_MAX);
	assert_int_equal(told.count, 1);
	told_has(&told, "/64.pub: error: there are 64 keys already");
	pst_keyring_free(ring);
	room_free(room);
}

static void a_missing_folder_is_told(void **state)
{
	struct told told = { 0 };
	const struct pst_keyring_keys keys = { .folder = "/nowhere/keys.d",
					       .tell = told_take,
					       .context = &told };
	struct pst_keyring *ring = NULL;

	(void)state;
	assert_int_equal(pst_keyring_read(&keys, &ring), -ENOENT);
	told_has(&told, "/nowhere/keys.d: error: No such file or directory");
	pst_keyring_free(NULL);
}

static void a_long_name_is_cut_and_keeps_its_id(void **state)
{
	struct room *room = room_new();
	struct told told = { 0 };
	struct pst_keyring *ring;
	char name[256], path[512];
	FILE *file;

	(void)state;
	memset(name, 'n', 251);
	memcpy(name + 251, ".pub", 5);
	(void)snprintf(path, sizeof(path), "%s/%s", room->folder, name);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fputs(key_ed25519, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0644), 0);
	ring = ring_of(room, &told);
	assert_int_equal(ring->count, 1);
	assert_non_null(strstr(ring->list[0].name, "nnn (c86239088b81859b)"));
	assert_true(strlen(ring->list[0].name) <= PST_SIGNER_MAX);
	pst_keyring_free(ring);
	room_free(room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_read_in_the_order_of_their_names),
		cmocka_unit_test(a_refused_key_is_told_and_the_others_are_taken),
		cmocka_unit_test(what_others_may_write_is_not_trusted),
		cmocka_unit_test(the_65th_key_is_told_and_not_used),
		cmocka_unit_test(a_missing_folder_is_told),
		cmocka_unit_test(a_long_name_is_cut_and_keeps_its_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
