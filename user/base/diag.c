// SPDX-License-Identifier: Apache-2.0
/* What is wrong with a file, and where? Findings are collected with their place and shown with the
 * line they are about. */
#include "base/diag.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

#define SHOWN_BEFORE 60u /* characters of a long line that are shown before the column ... */
#define SHOWN_MAX 100u	 /* ... and in all */

struct excerpt {
	char text[SHOWN_MAX * 16 + 1]; /* a character of 4 bytes may become 4 escapes of 4 bytes */
	size_t used;
	size_t caret; /* columns before the caret */
};

void pst_diags_init(struct pst_diags *diags, const char *file)
{
	memset(diags, 0, sizeof(*diags));
	(void)pst_text_safe(file, strlen(file), diags->file,
			    sizeof(diags->file)); /* a cut name still names it */
}

void pst_diags_add(struct pst_diags *diags, enum pst_diag_level level, uint32_t line,
		   uint32_t column, const char *fmt, ...)
{
	char text[PST_DIAG_TEXT * 2];
	struct pst_diag *diag;
	va_list list;

	if (level == PST_DIAG_ERROR)
		diags->errors++;
	else
		diags->notes++;
	if (diags->count >= PST_DIAG_MAX)
		return;
	diag = &diags->list[diags->count++];
	diag->level = level;
	diag->line = line;
	diag->column = column;
	diag->suggestion[0] = '\0';
	va_start(list, fmt);
	if (vsnprintf(text, sizeof(text), fmt, list) < 0)
		text[0] = '\0';
	va_end(list);
	(void)pst_text_safe_again(text, strlen(text), diag->text,
				  sizeof(diag->text)); /* a cut sentence still helps */
}

void pst_diags_suggest(struct pst_diags *diags, const char *fmt, ...)
{
	char text[PST_DIAG_SUGGESTION];
	struct pst_diag *diag = &diags->list[diags->count - 1];
	va_list list;
	int len;

	if (!diags->count || diags->errors + diags->notes > diags->count)
		return; /* the last finding found no room */
	va_start(list, fmt);
	len = vsnprintf(text, sizeof(text), fmt, list);
	va_end(list);
	if (len < 0 || (size_t)len >= sizeof(text) ||
	    !pst_text_safe_again(text, strlen(text), diag->suggestion, sizeof(diag->suggestion)))
		diag->suggestion[0] = '\0'; /* a part of it would be wrong */
}

/* The start of line @line, or NULL when the text has fewer. */
static const char *find_line(const char *source, uint32_t line)
{
	const char *at = source;

	for (; at && line > 1; line--) { /* at most one round per line of the text */
		at = strchr(at, '\n');
		if (at)
			at++;
	}
	return at;
}

static size_t step_of(const char *at, size_t len)
{
	uint32_t code = 0;
	size_t step = pst_utf8_char((const uint8_t *)at, len, &code);

	return step ? step : 1;
}

static size_t count_columns(const char *text)
{
	size_t columns = 0, len = strlen(text), at;

	for (at = 0; at < len; at += step_of(text + at, len - at))
		columns++;
	return columns;
}

static void show_character(struct excerpt *excerpt, const char *at, size_t step)
{
	const char *from = *at == '\t' ? " " : at;

	(void)pst_text_safe_again(from, *at == '\t' ? 1 : step, excerpt->text + excerpt->used,
				  sizeof(excerpt->text) -
					  excerpt->used); /* sized for the worst case */
	excerpt->used += strlen(excerpt->text + excerpt->used);
}

static void take_excerpt(const char *line, uint32_t column, struct excerpt *out)
{
	size_t len = strcspn(line, "\r\n"), at, step, character = 1, shown = 0;
	size_t first = column > SHOWN_BEFORE + 1 ? column - SHOWN_BEFORE : 1;

	out->text[0] = '\0';
	out->used = 0;
	out->caret = 0;
	for (at = 0; at < len && shown < SHOWN_MAX; at += step, character++) {
		step = step_of(line + at, len - at);
		if (character == column)
			out->caret = count_columns(out->text);
		if (character < first)
			continue;
		show_character(out, line + at, step);
		shown++;
	}
	if (character <= column) /* behind the end of the line */
		out->caret = count_columns(out->text);
}

const char *pst_diag_render(const struct pst_diags *diags, const struct pst_diag *diag,
			    const char *source, char *out, size_t out_size)
{
	const char *level = diag->level == PST_DIAG_ERROR ? "error" : "note";
	const char *line;
	struct excerpt excerpt;

	/* what does not fit in @out is cut: the place and the sentence come first */
	if (!diag->line) {
		(void)pst_text_format(out, out_size, "%s: %s: %s", diags->file, level, diag->text);
		return out;
	}
	(void)pst_text_format(out, out_size, "%s:%u:%u: %s: %s", diags->file, diag->line,
			      diag->column, level, diag->text);
	line = source ? find_line(source, diag->line) : NULL;
	if (!line)
		return out;
	take_excerpt(line, diag->column, &excerpt);
	(void)pst_text_append(out, out_size, "\n    %s\n    %*s^", excerpt.text, (int)excerpt.caret,
			      "");
	return out;
}
