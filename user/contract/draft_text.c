// SPDX-License-Identifier: Apache-2.0
/* How is the text of a draft written? As a contract is laid out by
 * 'contract fmt': two blanks, what fits into 100 columns on one line. */
#include "contract/draft_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define COLUMNS 100u
#define SAFE_MAX 1024u

void pst_draft_say_string(struct pst_prose *out, const char *text)
{
	pst_prose_say(out, "\"");
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			pst_prose_say(out, "\\%c", *text);
		else if ((unsigned char)*text < 0x20 || (unsigned char)*text > 0x7e)
			pst_prose_say(out, "?");
		else
			pst_prose_say(out, "%c", *text);
	}
	pst_prose_say(out, "\"");
}

void pst_draft_say_safe(struct pst_prose *out, const char *raw)
{
	char safe[SAFE_MAX];

	(void)pst_text_safe(raw, strlen(raw), safe, sizeof(safe)); /* a cut text will do here */
	pst_prose_say(out, "%s", safe);
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

static void say_inline(struct pst_prose *out, const char *at, const char *end)
{
	bool quoted = false;

	for (; at < end; at++) {
		pst_prose_say(out,
			      !quoted && ((*at == '}' && at[-1] != '{') ||
					  (*at == ']' && at[-1] != '[')) ?
				      " %c" :
				      "%c",
			      *at);
		if (quoted && *at == '\\' && at + 1 < end)
			pst_prose_say(out, "%c", *++at);
		else if (*at == '"')
			quoted = !quoted;
		else if (!quoted && strchr("{[:,", *at) && at + 1 < end && at[1] != '}' &&
			 at[1] != ']')
			pst_prose_say(out, " ");
	}
}

static void begin_line(struct pst_prose *out, const struct pst_draft_layout *layout)
{
	pst_prose_say(out, "%*s%s%*s", (int)layout->indent, "", layout->comment,
		      (int)layout->deeper, "");
}

static void say_value(struct pst_prose *out, const char *at, const char *end,
		      const struct pst_draft_layout *layout);

/* Each member, or item, on a line of its own. Recursion ends with our own text, which is flat. */
static void say_broken(struct pst_prose *out, const char *at, const struct pst_draft_layout *layout)
{
	const char open = *at++;

	begin_line(out, layout);
	pst_prose_say(out, "%s%c\n", layout->key, open);
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
	pst_prose_say(out, "%c%s\n", open == '{' ? '}' : ']', layout->end);
}

static void say_value(struct pst_prose *out, const char *at, const char *end,
		      const struct pst_draft_layout *layout)
{
	struct pst_prose line = { .text = NULL };

	begin_line(&line, layout);
	pst_prose_say(&line, "%s", layout->key);
	say_inline(&line, at, end);
	pst_prose_say(&line, "%s", layout->end);
	out->failed |= line.failed;
	if (!line.failed && (line.len <= COLUMNS || (*at != '{' && *at != '[')))
		pst_prose_say(out, "%s\n", line.text);
	else if (!line.failed)
		say_broken(out, at, layout);
	free(line.text);
}

void pst_draft_say_value(struct pst_prose *out, const char *compact,
			 const struct pst_draft_layout *layout)
{
	say_value(out, compact, compact + strlen(compact), layout);
}
