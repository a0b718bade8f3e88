// SPDX-License-Identifier: Apache-2.0
/* A folder of a test's own, gone when the test is over, whatever is in it. */
#ifndef PST_TEST_ROOM_H
#define PST_TEST_ROOM_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct room {
	char folder[64];
	char path[128]; /* of the last room_path */
};

static inline int room_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline struct room *room_new(void)
{
	struct room *room = calloc(1, sizeof(*room));

	if (!room)
		abort();
	(void)snprintf(room->folder, sizeof(room->folder), "/tmp/postern-unit-XXXXXX");
	if (!mkdtemp(room->folder))
		abort();
	return room;
}

static inline const char *room_path(struct room *room, const char *name)
{
	(void)snprintf(room->path, sizeof(room->path), "%s/%s", room->folder, name);
	return room->path;
}

static inline const char *room_read(struct room *room, const char *name)
{
	static char text[65536];
	FILE *file = fopen(room_path(room, name), "re");
	size_t len = 0;

	if (file) {
		len = fread(text, 1, sizeof(text) - 1, file);
		(void)fclose(file); /* only read */
	}
	text[len] = '\0';
	return text;
}

static inline void room_free(struct room *room)
{
	(void)nftw(room->folder, room_remove, 8, FTW_DEPTH | FTW_PHYS);
	free(room);
}

#endif
