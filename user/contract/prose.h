// SPDX-License-Identifier: Apache-2.0
/* How are sentences for people put together? A text that grows, lists in words, lines of a bounded
 * width. Inside contract/ and for who prints what it says. */
#ifndef PST_CONTRACT_PROSE_H
#define PST_CONTRACT_PROSE_H

#include <stdbool.h>
#include <stddef.h>

struct pst_prose { /* begins zeroed */
	char *text;
	size_t len, size;
	bool failed; /* memory ran out; nothing more is taken */
};

/* pst_prose_say - our own words, behind what is there */
void pst_prose_say(struct pst_prose *prose, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* pst_prose_quote - words of a file, made harmless for a terminal */
void pst_prose_quote(struct pst_prose *prose, const char *text);
void pst_prose_quote_part(struct pst_prose *prose, const char *text, size_t len);

/* pst_prose_between - what stands before item @index of @count: "", ", " or " and " */
const char *pst_prose_between(size_t index, size_t count);

/* pst_prose_take - the text, which the caller frees; NULL when memory ran out */
char *pst_prose_take(struct pst_prose *prose);
void pst_prose_clear(struct pst_prose *prose);

struct pst_prose_lines {
	unsigned int width;  /* characters of a line; a longer word stands alone */
	const char *first;   /* before the first line: "  - " */
	unsigned int indent; /* blanks before each further one */
};

/* pst_prose_wrap - a paragraph of @text, and a newline */
void pst_prose_wrap(struct pst_prose *prose, const struct pst_prose_lines *lines, const char *text);

#endif
