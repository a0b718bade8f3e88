// SPDX-License-Identifier: Apache-2.0
/* May this text be handed to the parser? The parser recurses, stops at NULs, takes any control
 * character for a blank and knows no comments: all of that is settled here, in one pass. */
#include "base/json_scan.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

enum state { OUTSIDE, STRING, ESCAPE, LINE_COMMENT, BLOCK_COMMENT, STATES };

struct scan {
	struct pst_json_place place;
	struct pst_json_place opener; /* of the string or comment that we are in */
	struct pst_diags *diags;
	enum state state;
	size_t depth;
	bool closing; /* the '*' of the end of a block comment was just read */
	bool bad;
};

static void complain(struct scan *scan, const struct pst_json_place *place, const char *what)
{
	pst_diags_add(scan->diags, PST_DIAG_ERROR, place->line, place->column, "%s", what);
	scan->bad = true;
}

void pst_json_place_step(struct pst_json_place *place)
{
	uint32_t code = 0;
	size_t step = pst_utf8_char((const uint8_t *)place->text + place->at,
				    place->len - place->at, &code);

	assert(place->at < place->len);
	place->at += step ? step : 1;
	place->column++;
	if (code == '\n') {
		place->line++;
		place->column = 1;
	}
}

static char next_byte(const struct scan *scan)
{
	size_t next = scan->place.at + 1;

	return next < scan->place.len ? scan->place.text[next] : '\0';
}

static void enter(struct scan *scan, enum state state)
{
	scan->state = state;
	scan->opener = scan->place;
	scan->closing = false;
}

static void outside(struct scan *scan, uint32_t code)
{
	if (code == '"') {
		enter(scan, STRING);
	} else if (code == '/' && next_byte(scan) == '/') {
		enter(scan, LINE_COMMENT);
	} else if (code == '/' && next_byte(scan) == '*') {
		enter(scan, BLOCK_COMMENT);
	} else if (code == '{' || code == '[') {
		if (++scan->depth == PST_JSON_DEPTH_MAX + 1)
			complain(scan, &scan->place,
				 "nested too deeply: at most 32 levels are read");
	} else if (code == '}' || code == ']') {
		scan->depth -= scan->depth > 0;
	} else if (code < 0x20 && code != '\t' && code != '\n' && code != '\r') {
		complain(scan, &scan->place, "a control character stands here");
	}
}

static void in_string(struct scan *scan, uint32_t code)
{
	if (code == '"')
		scan->state = OUTSIDE;
	else if (code == '\\')
		scan->state = ESCAPE;
	else if (code == '\n' || code == '\r')
		complain(scan, &scan->opener, "this string does not end on its line");
	else if (code < 0x20)
		complain(scan, &scan->place,
			 "a control character in a string must be written as an escape");
}

static bool is_hex4(const char *digits)
{
	for (size_t i = 0; i < 4; i++)
		if (!digits[i] || !strchr("0123456789abcdefABCDEF", digits[i]))
			return false;
	return true;
}

static void in_escape(struct scan *scan, uint32_t code)
{
	const struct pst_json_place *place = &scan->place;

	scan->state = STRING;
	if (code != 'u' || place->len - place->at < 5) /* that string never ends */
		return;
	if (!memcmp(place->text + place->at, "u0000", 5))
		complain(scan, place, "\\u0000 is not allowed: no name or path can hold it");
	else if (!is_hex4(place->text + place->at + 1)) /* the parser takes it for a NUL */
		complain(scan, place, "\\u must be followed by four hexadecimal digits");
}

static void in_line_comment(struct scan *scan, uint32_t code)
{
	if (code == '\n')
		scan->state = OUTSIDE;
}

static void in_block_comment(struct scan *scan, uint32_t code)
{
	bool opening = scan->place.at <=
		       scan->opener.at + 1; /* the star of the opener does not close it */

	if (code == '/' && scan->closing)
		scan->state = OUTSIDE;
	scan->closing = code == '*' && !opening;
}

static void (*const handlers[STATES])(struct scan *scan, uint32_t code) = {
	[OUTSIDE] = outside,
	[STRING] = in_string,
	[ESCAPE] = in_escape,
	[LINE_COMMENT] = in_line_comment,
	[BLOCK_COMMENT] = in_block_comment,
};

static bool is_comment(enum state state)
{
	return state == LINE_COMMENT || state == BLOCK_COMMENT;
}

static void check_end(struct scan *scan)
{
	if (scan->state == BLOCK_COMMENT)
		complain(scan, &scan->opener, "this comment never ends");
	else if (scan->state == STRING || scan->state == ESCAPE)
		complain(scan, &scan->opener, "this string never ends");
}

/* What cannot even be a character of JSON, in words, or NULL. */
static const char *judge_character(size_t step, uint32_t code, size_t at)
{
	if (!step)
		return "this is no valid UTF-8";
	if (!code)
		return "a NUL byte stands here";
	if (code == 0xfeff && !at)
		return "the text begins with a byte order mark; remove it";
	return NULL;
}

int pst_json_scan(const char *text, size_t len, char *out, struct pst_diags *diags)
{
	struct scan scan = { .place = { .text = text, .len = len, .line = 1, .column = 1 },
			     .diags = diags };

	memcpy(out, text, len);
	out[len] = '\0';
	while (!scan.bad && scan.place.at < len) { /* each round reads at least one byte */
		size_t at = scan.place.at;
		uint32_t code = 0;
		size_t step = pst_utf8_char((const uint8_t *)text + at, len - at, &code);
		const char *wrong = judge_character(step, code, at);
		bool was_comment = is_comment(scan.state);

		if (wrong) {
			complain(&scan, &scan.place, wrong);
			break;
		}
		handlers[scan.state](&scan, code);
		if ((was_comment || is_comment(scan.state)) && code != '\n' && code != '\r')
			memset(out + at, ' ', step);
		pst_json_place_step(&scan.place);
	}
	if (!scan.bad)
		check_end(&scan);
	return scan.bad ? -EINVAL : 0;
}
