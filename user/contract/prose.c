// SPDX-License-Identifier: Apache-2.0
/* How are sentences for people put together? */
#include "contract/prose.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define FIRST_SIZE 256u

static bool make_room(struct pst_prose *prose, size_t more)
{
	size_t size = prose->size ? prose->size : FIRST_SIZE;
	char *grown;

	if (prose->failed)
		return false;
	while (size < prose->len + more + 1) /* texts are made of files of at most 1 MiB */
		size *= 2;
	if (size == prose->size)
		return true;
	grown = realloc(prose->text, size);
	if (!grown) {
		prose->failed = true;
		return false;
	}
	prose->text = grown;
	prose->size = size;
	return true;
}

void pst_prose_say(struct pst_prose *prose, const char *fmt, ...)
{
	va_list args, again;
	int len;

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len >= 0 && make_room(prose, (size_t)len)) {
		(void)vsnprintf(prose->text + prose->len, (size_t)len + 1, fmt, again); /* fits */
		prose->len += (size_t)len;
	}
	va_end(again);
}

void pst_prose_quote_part(struct pst_prose *prose, const char *text, size_t len)
{
	size_t worst = 4 * len; /* each byte escaped */

	if (!make_room(prose, worst))
		return;
	(void)pst_text_safe_again(text, len, prose->text + prose->len, worst + 1); /* fits */
	prose->len += strlen(prose->text + prose->len);
}

void pst_prose_quote(struct pst_prose *prose, const char *text)
{
	pst_prose_quote_part(prose, text, strlen(text));
}

const char *pst_prose_between(size_t index, size_t count)
{
	if (!index)
		return "";
	return index + 1 == count ? " and " : ", ";
}

char *pst_prose_take(struct pst_prose *prose)
{
	char *text;

	pst_prose_say(prose, "%s", ""); /* an empty text is a text */
	if (prose->failed) {
		pst_prose_clear(prose);
		return NULL;
	}
	text = prose->text;
	*prose = (struct pst_prose){ .text = NULL };
	return text;
}

void pst_prose_clear(struct pst_prose *prose)
{
	free(prose->text);
	*prose = (struct pst_prose){ .text = NULL };
}

static unsigned int characters(const char *text, size_t len)
{
	unsigned int count = 0;

	for (size_t i = 0; i < len; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80; /* not inside of one */
	return count;
}

void pst_prose_wrap(struct pst_prose *prose, const struct pst_prose_lines *lines, const char *text)
{
	unsigned int column = characters(lines->first, strlen(lines->first));
	bool begins = true; /* nothing stands on this line yet */

	pst_prose_say(prose, "%s", lines->first);
	for (text += strspn(text, " "); *text; text += strspn(text, " ")) { /* a round per word */
		size_t len = strcspn(text, " ");
		unsigned int wide = characters(text, len);

		if (!begins && column + 1 + wide > lines->width) {
			pst_prose_say(prose, "\n%*s", (int)lines->indent, "");
			column = lines->indent;
			begins = true;
		}
		pst_prose_say(prose, "%s%.*s", begins ? "" : " ", (int)len, text);
		column += wide + !begins;
		begins = false;
		text += len;
	}
	pst_prose_say(prose, "\n");
}
