// SPDX-License-Identifier: Apache-2.0
/* A folder of keys and one of contracts for the tests of signing, and what was told about them. */
#ifndef PST_TEST_SIGNING_FIXTURE_H
#define PST_TEST_SIGNING_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "engine/signing.h"
#include "room.h"
#include "sign_fixture.h"

struct told {
	size_t count;
	char text[4096]; /* all messages, one a line */
};

static inline void told_take(void *context, const char *text)
{
	struct told *told = context;
	size_t len = strlen(told->text);

	told->count++;
	(void)snprintf(told->text + len, sizeof(told->text) - len, "%s\n", text);
}

static inline void told_has(const struct told *told, const char *part)
{
	if (!strstr(told->text, part))
		fail_msg("no '%s' in '%s'", part, told->text);
}

static inline void put_bytes(struct room *room, const char *name, const void *bytes, size_t len)
{
	FILE *file = fopen(room_path(room, name), "we");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(room->path, 0644), 0);
}

static inline void put_text(struct room *room, const char *name, const char *text)
{
	put_bytes(room, name, text, strlen(text));
}

/* Reads the keys of a folder that holds them beside all else. */
static inline struct pst_keyring *ring_of(struct room *room, struct told *told)
{
	const struct pst_keyring_keys keys = { .folder = room->folder,
					       .tell = told_take,
					       .context = told };
	struct pst_keyring *ring = NULL;

	assert_int_equal(pst_keyring_read(&keys, &ring), 0);
	return ring;
}

#endif
