// SPDX-License-Identifier: Apache-2.0
/* Which lines end this file, and which ones come? A rotated file is followed by its name. */
#include "cli/follow.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/cleanup.h"

#define LAST_MAX 100000u
#define LINE_BYTES 16384u /* more than any record: a longer line is cut, whatever the file is */
#define POLL_NS 200000000L

/* The last lines seen so far, oldest first at `next`. */
struct ring {
	char **line;
	size_t *len;
	size_t room, count, next;
};

static void ring_free(struct ring *ring)
{
	for (size_t i = 0; i < ring->count; i++)
		free(ring->line[i]);
	free(ring->line);
	free(ring->len);
}

static int ring_keep(struct ring *ring, const char *line, size_t len)
{
	char *copy;

	if (!ring->room)
		return 0;
	copy = malloc(len + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, line, len);
	copy[len] = '\0';
	if (ring->count == ring->room)
		free(ring->line[ring->next]);
	else
		ring->count++;
	ring->line[ring->next] = copy;
	ring->len[ring->next] = len;
	ring->next = (ring->next + 1) % ring->room;
	return 0;
}

static bool ring_print(const struct ring *ring, const struct pst_follow_keys *keys)
{
	size_t first = ring->count == ring->room ? ring->next : 0;

	for (size_t i = 0; i < ring->count; i++) {
		size_t at = (first + i) % ring->room;

		if (!keys->print(keys->context, ring->line[at], ring->len[at]))
			return false;
	}
	return true;
}

struct line {
	char text[LINE_BYTES];
	size_t len; /* without the newline */
	bool ended; /* its newline was there */
};

/* The next line, cut at LINE_BYTES; false at the end of the file. */
static bool read_line(FILE *file, struct line *line)
{
	int byte;

	line->len = 0;
	line->ended = false;
	while ((byte = getc_unlocked(file)) != EOF) {
		if (byte == '\n') {
			line->ended = true;
			return true;
		}
		if (line->len < sizeof(line->text))
			line->text[line->len++] = (char)byte;
	}
	return line->len > 0;
}

/* Everything up to the end now; only the last lines are printed. 1: go on, 0: nobody reads, -errno.
 */
static int print_last(FILE *file, const struct pst_follow_keys *keys)
{
	struct ring ring = { .room = keys->last < LAST_MAX ? keys->last : LAST_MAX };
	struct line line;
	int r = 0;

	ring.line = calloc(ring.room + 1, sizeof(*ring.line));
	ring.len = calloc(ring.room + 1, sizeof(*ring.len));
	if (!ring.line || !ring.len)
		r = -ENOMEM;
	errno = 0;
	while (r == 0 && read_line(file, &line))
		r = ring_keep(&ring, line.text, line.len);
	if (r == 0 && ferror(file))
		r = errno ? -errno : -EIO;
	if (r == 0)
		r = ring_print(&ring, keys) ? 1 : 0;
	ring_free(&ring);
	return r;
}

/* Has another file taken the name, or was this one cut? */
static bool is_replaced(FILE *file, const char *path)
{
	struct stat open_one, named;

	if (stat(path, &named) < 0)
		return false;
	return fstat(fileno(file), &open_one) < 0 || open_one.st_ino != named.st_ino ||
	       open_one.st_dev != named.st_dev || named.st_size < ftello(file);
}

static void doze(void)
{
	const struct timespec pause = { .tv_nsec = POLL_NS };

	(void)nanosleep(&pause, NULL); /* a signal ends the process anyway */
}

/* A line without its newline is still being written: it is read again from its start. */
static int print_new(FILE *file, const struct pst_follow_keys *keys)
{
	struct line line;
	off_t start = ftello(file);

	clearerr(file);
	while (read_line(file, &line)) {
		if (!line.ended)
			return fseeko(file, start, SEEK_SET) < 0 ? -errno : 1;
		if (!keys->print(keys->context, line.text, line.len))
			return 0;
		start = ftello(file);
	}
	return 1;
}

static int follow(FILE **file, const struct pst_follow_keys *keys)
{
	int r;

	while ((r = print_new(*file, keys)) > 0) {
		if (is_replaced(*file, keys->path)) {
			FILE *fresh = fopen(keys->path, "re");

			r = print_new(*file, keys);
			if (r <= 0)
				return r;
			if (fresh) {
				pst_close_file(file);
				*file = fresh;
				continue;
			}
		}
		doze();
	}
	return r;
}

int pst_follow(const struct pst_follow_keys *keys)
{
	_cleanup_fclose_ FILE *opened = NULL;
	int r;

	if (strcmp(keys->path, "-") == 0) {
		r = print_last(stdin, keys);
		return r < 0 ? r : 0;
	}
	opened = fopen(keys->path, "re");
	if (!opened)
		return -errno;
	r = print_last(opened, keys);
	if (r > 0 && keys->follow)
		r = follow(&opened, keys);
	return r < 0 ? r : 0;
}
