// SPDX-License-Identifier: Apache-2.0
/* Which pattern stands for these names? The name itself; and where several differ only in
 * numbers, uuids or long hex numbers, one pattern for all of them, with a star for each in which
 * they differ. */
#include "contract/draft_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define SHAPE_MAX 1024u
#define PATH_MAX_BYTES (PST_GLOB_MAX / 2) /* each byte of it may have to be quoted */
#define PARTS_MAX 64u
#define DIGITS "0123456789"
#define UUID_LENGTH 36u
#define HEX_MIN 8u
#define PART '\1' /* stands for a part; a name that has it is taken as it is */

/* The parts of a name that may differ, and what is left of the name without them. */
struct shape {
	char text[SHAPE_MAX];
	struct {
		size_t start, len;
	} part[PARTS_MAX];
	size_t parts;
	bool whole; /* it fits, and has parts */
};

bool pst_draft_is_path(const char *text)
{
	static const char *const dead[] = { "//", "/./", "/../" }; /* stand in no path of the
								      kernel */
	size_t len = strlen(text), i;

	if (text[0] != '/' || len < 2 || len > PATH_MAX_BYTES || text[len - 1] == '/')
		return false;
	for (i = 0; i < sizeof(dead) / sizeof(dead[0]); i++)
		if (strstr(text, dead[i]))
			return false;
	return strcmp(strrchr(text, '/'), "/.") != 0 && strcmp(strrchr(text, '/'), "/..") != 0;
}

static size_t hex_length(const char *at)
{
	return strspn(at, "0123456789abcdefABCDEF");
}

/* 8-4-4-4-12 hex digits */
static bool is_uuid(const char *at)
{
	static const size_t groups[] = { 8, 4, 4, 4, 12 };
	size_t i;

	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (hex_length(at) != groups[i])
			return false;
		at += groups[i];
		if (i + 1 < sizeof(groups) / sizeof(groups[0]) && *at++ != '-')
			return false;
	}
	return !isalnum((unsigned char)*at);
}

/* part_length - of the part that begins here; 0: none does. A number; or between what is no letter
 * and no digit a uuid, or eight and more hex digits with a number among them. */
static size_t part_length(const char *name, size_t at)
{
	size_t hex = hex_length(name + at);

	if ((!at || !isalnum((unsigned char)name[at - 1])) && is_uuid(name + at))
		return UUID_LENGTH;
	if ((!at || !isalnum((unsigned char)name[at - 1])) && hex >= HEX_MIN &&
	    !isalnum((unsigned char)name[at + hex]) && strcspn(name + at, DIGITS) < hex)
		return hex;
	return strspn(name + at, DIGITS);
}

static void read_shape(const char *name, struct shape *out)
{
	size_t at, len, used = 0;

	out->parts = 0;
	out->whole = strlen(name) < SHAPE_MAX && !strchr(name, PART);
	for (at = 0; out->whole && name[at]; at += len) {
		len = out->parts < PARTS_MAX ? part_length(name, at) : 0;
		if (len) {
			out->part[out->parts].start = at;
			out->part[out->parts++].len = len;
			out->text[used++] = PART;
		} else {
			out->text[used++] = name[at];
			len = 1;
		}
	}
	out->text[used] = '\0';
	out->whole &= out->parts > 0;
}

struct shaped {
	struct pst_draft_name *name;
	struct shape shape;
};

static int by_shape(const void *left, const void *right)
{
	const struct shaped *const *a = left, *const *b = right;
	int result = strcmp((*a)->shape.text, (*b)->shape.text);

	return result ? result : strcmp((*a)->name->raw, (*b)->name->raw);
}

static bool differs(struct shaped *const *run, size_t count, size_t part)
{
	const struct shaped *first = run[0];
	size_t i;

	for (i = 1; i < count; i++)
		if (run[i]->shape.part[part].len != first->shape.part[part].len ||
		    memcmp(run[i]->name->raw + run[i]->shape.part[part].start,
			   first->name->raw + first->shape.part[part].start,
			   first->shape.part[part].len) != 0)
			return true;
	return false;
}

static void say_literal(struct pst_prose *out, const char *at, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		pst_prose_say(out, strchr("*?\\", at[i]) ? "\\%c" : "%c", at[i]);
}

/* pattern_of - one for all of a run, whose shapes are the same; NULL without memory */
static char *pattern_of(struct shaped *const *run, size_t count)
{
	const struct shaped *first = run[0];
	const char *raw = first->name->raw;
	struct pst_prose out = { .text = NULL };
	size_t at = 0, i;

	for (i = 0; first->shape.whole && i < first->shape.parts; i++) {
		if (!differs(run, count, i))
			continue;
		say_literal(&out, raw + at, first->shape.part[i].start - at);
		pst_prose_say(&out, "*");
		at = first->shape.part[i].start + first->shape.part[i].len;
	}
	say_literal(&out, raw + at, strlen(raw) - at);
	return pst_prose_take(&out);
}

/* write_patterns - of sorted names; returns how many stand for several, or -1 */
static int write_patterns(struct shaped **sorted, size_t count)
{
	size_t start, end, i;
	int made = 0;

	for (start = 0; start < count; start = end) {
		const struct shape *shape = &sorted[start]->shape;

		for (end = start + 1; end < count && shape->whole && sorted[end]->shape.whole &&
				      !strcmp(shape->text, sorted[end]->shape.text);)
			end++;
		for (i = start; i < end; i++) {
			sorted[i]->name->pattern = pattern_of(sorted + start, end - start);
			if (!sorted[i]->name->pattern)
				return -1;
		}
		made += strcmp(sorted[start]->name->raw, sorted[end - 1]->name->raw) != 0;
	}
	return made;
}

int pst_draft_pattern_order(const void *left, const void *right)
{
	const struct pst_draft_name *a = left, *b = right;

	return strcmp(a->pattern, b->pattern);
}

int pst_draft_patterns(struct pst_draft_name *names, size_t count)
{
	struct shaped *shaped = calloc(count + 1, sizeof(*shaped));
	struct shaped **sorted = calloc(count + 1, sizeof(struct shaped *));
	int made = -1;
	size_t i;

	for (i = 0; shaped && sorted && i < count; i++) {
		shaped[i].name = &names[i];
		read_shape(names[i].raw, &shaped[i].shape);
		sorted[i] = &shaped[i];
	}
	if (shaped && sorted) {
		if (count)
			qsort(sorted, count, sizeof(struct shaped *), by_shape);
		made = write_patterns(sorted, count);
	}
	if (made >= 0 && count)
		qsort(names, count, sizeof(*names), pst_draft_pattern_order);
	free(sorted);
	free(shaped);
	return made;
}
