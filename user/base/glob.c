// SPDX-License-Identifier: Apache-2.0
/* Does a path match a pattern? All positions of the pattern that the path may have reached are kept
 * as bits and moved on together, byte by byte: no pattern can make this slower than pattern times
 * path. */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

#define WORD 64u

struct places { /* bit n: the first n bytes of the pattern match what was read so far */
	uint64_t bits[PST_GLOB_MAX / WORD + 1];
	size_t first, last; /* bits outside of these are zero; first > last: none is set */
};

static void places_clear(struct places *p)
{
	memset(p, 0, sizeof(*p));
	p->first = PST_GLOB_MAX + 1;
}

static bool places_has(const struct places *p, size_t at)
{
	return p->bits[at / WORD] >> (at % WORD) & 1;
}

static size_t star_length(const char *at)
{
	if (at[0] != '*')
		return 0;
	return at[1] == '*' ? 2 : 1;
}

/* Reaching a star reaches what is behind it too: stars match nothing as well. */
static void places_add(struct places *p, const char *pattern, size_t at)
{
	size_t step;

	for (;; at += step) { /* at most PST_GLOB_MAX: ends at the pattern's NUL */
		p->bits[at / WORD] |= 1ull << (at % WORD);
		p->first = at < p->first ? at : p->first;
		p->last = at > p->last ? at : p->last;
		step = star_length(pattern + at);
		if (!step)
			return;
	}
}

/* Where the pattern stands when @c was read at @at: the same place for a star, further for a match,
 * or nowhere. */
static void advance(const char *pattern, size_t at, char c, struct places *to)
{
	size_t star = star_length(pattern + at);

	if (star) {
		if (star == 2 || c != '/')
			places_add(to, pattern, at);
	} else if (pattern[at] == '?') {
		if (c != '/')
			places_add(to, pattern, at + 1);
	} else if (pattern[at] == '\\' && pattern[at + 1]) {
		if (pattern[at + 1] == c)
			places_add(to, pattern, at + 2);
	} else if (pattern[at] == c) {
		places_add(to, pattern, at + 1);
	}
}

bool pst_glob_match(const char *pattern, const char *path)
{
	size_t len = strnlen(pattern, PST_GLOB_MAX + 1), at;
	struct places places[2];
	unsigned int now = 0;

	if (len > PST_GLOB_MAX)
		return false;
	places_clear(&places[now]);
	places_add(&places[now], pattern, 0);
	for (; *path; path++) {
		struct places *from = &places[now], *to = &places[!now];

		if (from->first > from->last)
			return false;
		places_clear(to);
		for (at = from->first; at <= from->last; at++)
			if (at < len && places_has(from, at))
				advance(pattern, at, *path, to);
		now = !now;
	}
	return places_has(&places[now], len);
}

unsigned int pst_glob_weight(const char *pattern)
{
	unsigned int literals = 0;
	size_t at = 0;

	while (pattern[at] && pattern[at] != '*' && pattern[at] != '?' && literals < PST_GLOB_MAX) {
		at += pattern[at] == '\\' && pattern[at + 1] ? 2 : 1;
		literals++;
	}
	return literals * 2 + !pattern[at];
}
