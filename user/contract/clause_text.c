// SPDX-License-Identifier: Apache-2.0
/* How does an entry of a contract read in an alert? As it was written, on one line, without notes
 * and comments. */
#include "contract/parse.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 1024u
#define CUT " ..."

struct line {
	char text[TEXT_MAX];
	size_t used; /* without the room that is kept for CUT and the NUL */
	bool cut;
};

/* Takes the piece whole or not at all; nothing more after the first that found no room. */
static void add(struct line *line, const char *piece, size_t len)
{
	line->cut = line->cut || len > TEXT_MAX - sizeof(CUT) - line->used;
	if (line->cut)
		return;
	memcpy(line->text + line->used, piece, len);
	line->used += len;
}

static void add_text(struct line *line, const char *piece)
{
	add(line, piece, strlen(piece));
}

/* Characters of several bytes are added byte by byte only when all of them fit: no character is cut
 * in two. */
static size_t character_length(const char *at)
{
	size_t len = 1;

	while (((unsigned char)at[len] & 0xc0) ==
	       0x80) /* at most 3 rounds: the text is valid UTF-8 */
		len++;
	return len;
}

static void add_string(struct line *line, const char *string)
{
	char escape[8];
	size_t len;

	add_text(line, "\"");
	for (; *string && !line->cut; string += len) { /* at most TEXT_MAX rounds */
		len = character_length(string);
		if (*string == '"' || *string == '\\')
			add_text(line, "\\");
		if ((unsigned char)*string < 0x20) {
			(void)snprintf(escape, sizeof(escape), "\\u%04x",
				       (unsigned int)(unsigned char)*string);
			add_text(line, escape);
		} else {
			add(line, string, len);
		}
	}
	add_text(line, "\"");
}

static void add_number(struct line *line, const struct pst_json_value *value)
{
	char digits[32];

	if (value->is_integer)
		(void)snprintf(digits, sizeof(digits), "%" PRId64, value->integer);
	else
		(void)snprintf(digits, sizeof(digits), "%.17g", value->number);
	add_text(line, digits);
}

/* Depth is bounded by the reader (PST_JSON_DEPTH_MAX), so that recursion is. */
static void add_value(struct line *line, const struct pst_json_value *value);

static void add_children(struct line *line, const struct pst_json_value *parent)
{
	const struct pst_json_value *child;
	const char *between = "";

	for (child = parent->child; child && !line->cut; child = child->next) {
		if (child->key && !strncmp(child->key, "x-", 2))
			continue;
		add_text(line, between);
		if (child->key) {
			add_string(line, child->key);
			add_text(line, ":");
		}
		add_value(line, child);
		between = ",";
	}
}

static void add_value(struct line *line, const struct pst_json_value *value)
{
	bool object = value->type == PST_JSON_OBJECT;

	if (object || value->type == PST_JSON_ARRAY) {
		add_text(line, object ? "{" : "[");
		add_children(line, value);
		add_text(line, object ? "}" : "]");
	} else if (value->type == PST_JSON_STRING) {
		add_string(line, value->string);
	} else if (value->type == PST_JSON_NUMBER) {
		add_number(line, value);
	} else {
		add_text(line, value->type == PST_JSON_NULL ? "null" :
			       value->boolean		    ? "true" :
							      "false");
	}
}

char *pst_clause_text(const struct pst_json_value *entry)
{
	struct line line = { .used = 0 };

	add_value(&line, entry);
	memcpy(line.text + line.used, line.cut ? CUT : "", line.cut ? sizeof(CUT) : 1);
	return strdup(line.text);
}
