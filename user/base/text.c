// SPDX-License-Identifier: Apache-2.0
/* How are bytes from outside made harmless, and which word was meant? */
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

#define DISTANCE_MAX 64
#define DISTANCE_FAR 1000u
#define ESCAPE 4 /* "\xNN" */

enum backslash { BACKSLASH_ESCAPED, BACKSLASH_KEPT };

struct sink {
	char *out;
	size_t room; /* without the NUL */
	size_t used;
};

/* Takes @len bytes whole or not at all. */
static bool pour(struct sink *sink, const char *bytes, size_t len)
{
	if (len > sink->room - sink->used)
		return false;
	memcpy(sink->out + sink->used, bytes, len);
	sink->used += len;
	return true;
}

static bool pour_escaped(struct sink *sink, const uint8_t *in, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < len; i++) { /* at most 4: one character */
		const char escape[ESCAPE] = { '\\', 'x', digits[in[i] >> 4], digits[in[i] & 15] };

		if (!pour(sink, escape, ESCAPE))
			return false;
	}
	return true;
}

static bool make_safe(const uint8_t *in, size_t len, struct sink *sink, enum backslash backslash)
{
	size_t at = 0;
	bool fitted = true;

	while (fitted && at < len) {
		uint32_t code = 0;
		size_t step = pst_utf8_char(in + at, len - at, &code);

		if (!step || pst_utf8_is_unseen(code) ||
		    (code == '\\' && backslash == BACKSLASH_ESCAPED)) {
			step = step ? step : 1;
			fitted = pour_escaped(sink, in + at, step);
		} else {
			fitted = pour(sink, (const char *)in + at, step);
		}
		at += step;
	}
	return fitted;
}

bool pst_text_safe(const void *in, size_t len, char *out, size_t out_size)
{
	struct sink sink = { .out = out, .room = out_size ? out_size - 1 : 0 };
	bool fitted = make_safe(in, len, &sink, BACKSLASH_ESCAPED);

	if (out_size)
		out[sink.used] = '\0';
	return fitted;
}

bool pst_text_safe_again(const void *in, size_t len, char *out, size_t out_size)
{
	struct sink sink = { .out = out, .room = out_size ? out_size - 1 : 0 };
	bool fitted = make_safe(in, len, &sink, BACKSLASH_KEPT);

	if (out_size)
		out[sink.used] = '\0';
	return fitted;
}

bool pst_text_copy(char *out, size_t out_size, const char *in)
{
	size_t len = strlen(in);
	size_t part = len < out_size ? len : out_size - 1;

	if (!out_size)
		return false;
	memcpy(out, in, part);
	out[part] = '\0';
	return part == len;
}

__attribute__((format(printf, 3, 0))) static int format_list(char *out, size_t out_size,
							     const char *fmt, va_list list)
{
	int len = vsnprintf(out, out_size, fmt, list);

	return len < 0 || (size_t)len >= out_size ? -ENAMETOOLONG : 0;
}

int pst_text_format(char *out, size_t out_size, const char *fmt, ...)
{
	va_list list;
	int err;

	va_start(list, fmt);
	err = format_list(out, out_size, fmt, list);
	va_end(list);
	return err;
}

int pst_text_append(char *out, size_t out_size, const char *fmt, ...)
{
	size_t used = strnlen(out, out_size);
	va_list list;
	int err;

	va_start(list, fmt);
	err = format_list(out + used, out_size - used, fmt, list);
	va_end(list);
	return err;
}

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

unsigned int pst_text_distance(const char *a, const char *b)
{
	size_t a_len = strnlen(a, DISTANCE_MAX + 1), b_len = strnlen(b, DISTANCE_MAX + 1), i, j;
	unsigned int row[DISTANCE_MAX + 1], above_left, kept;

	if (a_len > DISTANCE_MAX || b_len > DISTANCE_MAX)
		return DISTANCE_FAR;
	for (j = 0; j <= b_len; j++)
		row[j] = (unsigned int)j;
	for (i = 1; i <= a_len; i++) {
		above_left = row[0];
		row[0] = (unsigned int)i;
		for (j = 1; j <= b_len; j++) {
			kept = row[j];
			row[j] = least(above_left + (a[i - 1] != b[j - 1]),
				       least(row[j], row[j - 1]) + 1);
			above_left = kept;
		}
	}
	return row[b_len];
}

/* Two neighbours changed places: one slip of the hand, though two of the distance. */
static bool is_swap(const char *a, const char *b)
{
	while (*a && *a == *b) { /* ends at the NUL of either */
		a++;
		b++;
	}
	return *a && *b && a[0] == b[1] && a[1] == b[0] && !strcmp(a + 2, b + 2);
}

const char *pst_text_nearest(const char *text, const char *const *words, size_t count)
{
	size_t len = strnlen(text, DISTANCE_MAX + 1), i;
	/* one slip in a short word, two in a usual one (a swap is two), a third of a long one */
	unsigned int bound = len < 4 ? 1 :
			     len < 9 ? 2 :
				       (unsigned int)(len / 3),
		     best = DISTANCE_FAR;
	const char *nearest = NULL;

	for (i = 0; i < count; i++) {
		unsigned int distance = is_swap(text, words[i]) ? 1 :
								  pst_text_distance(text, words[i]);
		/* the first letter is seldom the wrong one: between two words that are as near, it
		 * decides */
		unsigned int cost = distance * 2 + (text[0] != words[i][0]);

		if (!strcasecmp(text, words[i]))
			return words[i];
		if (distance <= bound && distance < strlen(words[i]) && cost < best) {
			best = cost;
			nearest = words[i];
		}
	}
	return nearest;
}
