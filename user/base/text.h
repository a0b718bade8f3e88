// SPDX-License-Identifier: Apache-2.0
/* How are bytes from outside made harmless, and how do names match? Pure; nothing here allocates.
 */
#ifndef PST_BASE_TEXT_H
#define PST_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * pst_text_safe - bytes to printable UTF-8
 * Control characters (also U+0080..U+009F and the bidirectional and zero-width controls), DEL,
 * backslash and bytes that are no valid UTF-8 become \xNN (of each byte). @out is always terminated
 * when out_size > 0 and never ends inside a character or an escape. Returns true when everything
 * fitted, false when the text was cut.
 */
bool pst_text_safe(const void *in, size_t len, char *out, size_t out_size);

/*
 * pst_text_safe_again - as pst_text_safe, but backslashes stay as they are
 * For text that is ours or was made safe before: its escapes are not escaped twice.
 */
bool pst_text_safe_again(const void *in, size_t len, char *out, size_t out_size);

/* pst_text_copy - bounded copy of a string, always terminated; returns false when it was cut */
bool pst_text_copy(char *out, size_t out_size, const char *in);

/* pst_text_format - snprintf whose cut is a result: 0, or -ENAMETOOLONG with a terminated prefix in
 * @out */
int pst_text_format(char *out, size_t out_size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* pst_text_append - as pst_text_format, behind the string that is already in @out */
int pst_text_append(char *out, size_t out_size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#define PST_GLOB_MAX 1023 /* bytes of a pattern */

/*
 * pst_glob_match - does a path match a pattern?
 * A star and ? stop at a slash, two stars do not; "/opt/acme/" and two stars matches everything
 * below, not /opt/acme itself; \\ quotes. Wildcards stand for bytes. A pattern longer than
 * PST_GLOB_MAX matches nothing. Runs in time linear in pattern times path, whatever the pattern.
 */
bool pst_glob_match(const char *pattern, const char *path);

/* pst_glob_weight - how special is a pattern? Literal characters before the first wildcard, times
 * two, plus one without any */
unsigned int pst_glob_weight(const char *pattern);

/* pst_text_distance - Levenshtein distance of two strings of at most 64 characters, for
 * suggestions; 1000 for longer ones */
unsigned int pst_text_distance(const char *a, const char *b);

/* pst_text_nearest - the one of @count words that @text was probably meant to be, or NULL when none
 * is near; borrowed */
const char *pst_text_nearest(const char *text, const char *const *words, size_t count);

#endif
