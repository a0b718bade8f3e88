// SPDX-License-Identifier: Apache-2.0
/* How is the text of a draft written? Into memory that grows, as a contract is laid out by
 * 'contract fmt': two blanks, what fits into 100 columns on one line. */
#include "contract/draft_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define COLUMNS 100u
#define SAFE_MAX 1024u

static bool make_room(struct pst_draft_text *out, size_t more)
{
	size_t room = out->room ? out->room : 256;
	char *grown;

	if (out->failed)
		return false;
	while (room - out->len <= more) /* doubles: at most 64 rounds */
		room *= 2;
	if (room == out->room)
		return true;
	grown = realloc(out->text, room);
	if (!grown) {
		out->failed = true;
		return false;
	}
	out->text = grown;
	out->room = room;
	return true;
}

void pst_draft_say(struct pst_draft_text *out, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0 || !make_room(out, (size_t)len))
		return;
	va_start(args, fmt);
	(void)vsnprintf(out->text + out->len, out->room - out->len, fmt, args); /* was measured */
	va_end(args);
	out->len += (size_t)len;
}

void pst_draft_say_string(struct pst_draft_text *out, const char *text)
{
	pst_draft_say(out, "\"");
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			pst_draft_say(out, "\\%c", *text);
		else if ((unsigned char)*text < 0x20 || (unsigned char)*text > 0x7e)
			pst_draft_say(out, "?");
		else
			pst_draft_say(out, "%c", *text);
	}
	pst_draft_say(out, "\"");
}

void pst_draft_say_safe(struct pst_draft_text *out, const char *raw)
{
	char safe[SAFE_MAX];

	(void)pst_text_safe(raw, strlen(raw), safe, sizeof(safe)); /* a cut text will do here */
	pst_draft_say(out, "%s", safe);
}

/* Where the member, item or value at @at ends: at a comma or bracket that is not its own. */
static const char *value_end(const char *at)
{
	unsigned int depth = 0;
	bool quoted = false;

	for (; *at; at++) { /* over our own text */
		if (quoted) {
			quoted = *at != '"';
			at += *at == '\\' && at[1];
			continue;
		}
		if ((*at == ',' || *at == '}' || *at == ']') && !depth)
			break;
		quoted = *at == '"';
		depth += *at == '{' || *at == '[';
		depth -= *at == '}' || *at == ']';
	}
	return at;
}

static void say_inline(struct pst_draft_text *out, const char *at, const char *end)
{
	bool quoted = false;

	for (; at < end; at++) {
		pst_draft_say(out,
			      !quoted && ((*at == '}' && at[-1] != '{') ||
					  (*at == ']' && at[-1] != '[')) ?
				      " %c" :
				      "%c",
			      *at);
		if (quoted && *at == '\\' && at + 1 < end)
			pst_draft_say(out, "%c", *++at);
		else if (*at == '"')
			quoted = !quoted;
		else if (!quoted && strchr("{[:,", *at) && at + 1 < end && at[1] != '}' &&
			 at[1] != ']')
			pst_draft_say(out, " ");
	}
}

static void begin_line(struct pst_draft_text *out, const struct pst_draft_layout *layout)
{
	pst_draft_say(out, "%*s%s%*s", (int)layout->indent, "", layout->comment,
		      (int)layout->deeper, "");
}

static void say_value(struct pst_draft_text *out, const char *at, const char *end,
		      const struct pst_draft_layout *layout);

/* Each member, or item, on a line of its own. Recursion ends with our own text, which is flat. */
static void say_broken(struct pst_draft_text *out, const char *at,
		       const struct pst_draft_layout *layout)
{
	const char open = *at++;

	begin_line(out, layout);
	pst_draft_say(out, "%s%c\n", layout->key, open);
	while (*at && *at != '}' && *at != ']') {
		const char *end = value_end(at);
		const char *value = open == '{' ? strchr(at + 1, '"') + 2 : at;
		char key[32] = "";

		if (open == '{') /* our own keys: short */
			(void)pst_text_format(key, sizeof(key), "%.*s ", (int)(value - at), at);
		say_value(out, value, end,
			  &(struct pst_draft_layout){ .indent = layout->indent,
						      .deeper = layout->deeper + 2,
						      .comment = layout->comment,
						      .key = key,
						      .end = *end == ',' ? "," : "" });
		at = end + (*end == ',');
	}
	begin_line(out, layout);
	pst_draft_say(out, "%c%s\n", open == '{' ? '}' : ']', layout->end);
}

static void say_value(struct pst_draft_text *out, const char *at, const char *end,
		      const struct pst_draft_layout *layout)
{
	struct pst_draft_text line = { .text = NULL };

	begin_line(&line, layout);
	pst_draft_say(&line, "%s", layout->key);
	say_inline(&line, at, end);
	pst_draft_say(&line, "%s", layout->end);
	out->failed |= line.failed;
	if (!line.failed && (line.len <= COLUMNS || (*at != '{' && *at != '[')))
		pst_draft_say(out, "%s\n", line.text);
	else if (!line.failed)
		say_broken(out, at, layout);
	free(line.text);
}

void pst_draft_say_value(struct pst_draft_text *out, const char *compact,
			 const struct pst_draft_layout *layout)
{
	say_value(out, compact, compact + strlen(compact), layout);
}
