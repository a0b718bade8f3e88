// SPDX-License-Identifier: Apache-2.0
/* What is wrong with a file, where, and what was probably meant? A list of findings about one text,
 * bounded. */
#ifndef PST_BASE_DIAG_H
#define PST_BASE_DIAG_H

#include <stddef.h>
#include <stdint.h>

#define PST_DIAG_MAX 64
#define PST_DIAG_TEXT 320
#define PST_DIAG_SUGGESTION 192

enum pst_diag_level {
	PST_DIAG_ERROR,
	PST_DIAG_NOTE, /* accepted, but the reader should know */
};

struct pst_diag {
	enum pst_diag_level level;
	uint32_t line;			      /* from 1; 0: the whole file */
	uint32_t column;		      /* from 1, in characters */
	char text[PST_DIAG_TEXT];	      /* one sentence, safe to print */
	char suggestion[PST_DIAG_SUGGESTION]; /* what was probably meant, as it would be written;
						 it stands in the sentence too. "": none */
};

struct pst_diags {
	char file[256];	 /* safe to print */
	uint32_t count;	 /* entries in list */
	uint32_t errors; /* all errors, also those that found no room in the list */
	uint32_t notes;
	struct pst_diag list[PST_DIAG_MAX];
};

void pst_diags_init(struct pst_diags *diags, const char *file);
void pst_diags_add(struct pst_diags *diags, enum pst_diag_level level, uint32_t line,
		   uint32_t column, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* pst_diags_suggest - what was probably meant instead of what the last finding is about */
void pst_diags_suggest(struct pst_diags *diags, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * pst_diag_render - "FILE:LINE:COLUMN: error: TEXT", the source line and a caret below the column
 * @source: the file's text, may be NULL; long lines are shown in part, control characters escaped,
 * tabs as one blank Returns @out.
 */
const char *pst_diag_render(const struct pst_diags *diags, const struct pst_diag *diag,
			    const char *source, char *out, size_t out_size);

#endif
