// SPDX-License-Identifier: Apache-2.0
/* Which comment belongs to which value? What stands behind a value in its line belongs to it, what
 * stands in lines of its own belongs to what comes next. The text was accepted by the reader: here
 * nothing can be malformed, and nesting is bounded. */
#include "base/json_comments.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_scan.h"
#include "base/utf8.h"

#define TAB_WIDTH 8u

struct reader {
	struct pst_json_place place;
	struct pst_json_tree *tree;
	size_t nodes, comments; /* used */
	struct pst_diags *diags;
	bool bad;
};

/* What stands between two tokens. */
struct gap {
	struct pst_json_comments comments;
	bool newline;	  /* anywhere in it, outside comments */
	bool newline_end; /* behind the last comment */
	bool blank_end;	  /* an empty line stands behind the last comment */
};

static char here(const struct reader *reader)
{
	return reader->place.at < reader->place.len ? reader->place.text[reader->place.at] : '\0';
}

static void append(struct pst_json_comments *list, struct pst_json_comment *comment)
{
	comment->next = NULL;
	if (list->last)
		list->last->next = comment;
	else
		list->first = comment;
	list->last = comment;
}

/* Room for all that a text can hold: a value needs a mark before it, a comment two. */
static int make_room(const char *text, size_t len, struct pst_json_tree *tree)
{
	size_t nodes = 1, slashes = 0, at;

	for (at = 0; at < len; at++) {
		nodes += text[at] == ',' || text[at] == '[' || text[at] == '{';
		slashes += text[at] == '/';
	}
	tree->nodes = calloc(nodes, sizeof(*tree->nodes));
	tree->comments = calloc(slashes / 2 + 1, sizeof(*tree->comments));
	return tree->nodes && tree->comments ? 0 : -ENOMEM;
}

/* What stands before @end in its line. */
static size_t width_before(const struct reader *reader, const char *end)
{
	const char *text = reader->place.text, *at = end;
	size_t width = 0;

	while (at > text && at[-1] != '\n')
		at--;
	for (; at < end; at++) {
		if (*at == '\t')
			width += TAB_WIDTH - width % TAB_WIDTH;
		else
			width += ((unsigned char)*at & 0xc0) != 0x80; /* one per character */
	}
	return width;
}

static void refuse_unseen(struct reader *reader)
{
	const struct pst_json_place *place = &reader->place;
	const char *at = place->text + place->at;
	uint32_t code = 0;

	(void)pst_utf8_char((const uint8_t *)at, place->len - place->at, &code); /* it is valid */
	if (code == '\t' || code == '\n' || !pst_utf8_is_unseen(code) ||
	    (code == '\r' && (place->at + 1 == place->len || at[1] == '\n')))
		return;
	pst_diags_add(reader->diags, PST_DIAG_ERROR, place->line, place->column,
		      "this comment holds a character that is not seen (U+%04X); remove it", code);
	reader->bad = true;
}

static void read_comment(struct reader *reader, struct pst_json_comment *comment)
{
	struct pst_json_place *place = &reader->place;
	const char *start = place->text + place->at;
	size_t first = place->at;

	comment->to_line_end = start[1] == '/';
	while (place->at < place->len) { /* the reader saw its end */
		const char *at = place->text + place->at;

		if (comment->to_line_end ? *at == '\n' :
					   place->at >= first + 4 && at[-1] == '/' && at[-2] == '*')
			break;
		comment->many_lines |= *at == '\n';
		refuse_unseen(reader);
		pst_json_place_step(place);
	}
	if (comment->many_lines) /* else it is not asked for, and lines may hold many of them */
		comment->width = width_before(reader, start);
	comment->slice = (struct pst_json_slice){ start, place->at - first };
}

/* Reads up to the next token, over one @mark, if there is one. */
static struct gap read_gap(struct reader *reader, char mark)
{
	struct gap gap = { .newline = false };
	bool behind_mark = false;
	size_t lines = 0;

	for (;;) { /* each round reads at least one byte or ends it */
		char c = here(reader);

		if (c == '/') {
			struct pst_json_comment *comment =
				&reader->tree->comments[reader->comments++];

			comment->newline_before = lines > 0;
			comment->blank_before = lines > 1;
			comment->behind_comma = behind_mark;
			read_comment(reader, comment);
			append(&gap.comments, comment);
			lines = 0;
			continue;
		}
		if (!c || (c != mark && !strchr(" \t\r\n", c)) || (c == mark && behind_mark))
			break;
		lines += c == '\n';
		gap.newline |= c == '\n';
		behind_mark |= c == mark;
		pst_json_place_step(&reader->place);
	}
	gap.newline_end = lines > 0;
	gap.blank_end = lines > 1;
	return gap;
}

/* Comments in the line of what was read last go to @to; the others stay in the gap. @behind: a
 * value, whose comma may stand before them. */
static void split_gap(struct gap *gap, struct pst_json_comments *to, bool behind_value)
{
	struct pst_json_comment *comment = gap->comments.first, *next;

	gap->comments = (struct pst_json_comments){ NULL, NULL };
	for (bool same_line = true; comment; comment = next) {
		next = comment->next;
		same_line = same_line && !comment->newline_before;
		if (same_line && (gap->newline || (behind_value && !comment->behind_comma)))
			append(to, comment);
		else
			append(&gap->comments, comment);
	}
}

/* The first comment of those that end the gap in the line of what follows; NULL: there is none. */
static const struct pst_json_comment *same_line_as_next(const struct gap *gap)
{
	const struct pst_json_comment *first = NULL, *comment;

	for (comment = gap->comments.first; comment; comment = comment->next) {
		if (comment->newline_before)
			first = NULL;
		if (!first)
			first = comment;
		if (comment->many_lines)
			first = NULL;
	}
	return gap->newline_end ? NULL : first;
}

/* What is left of a gap belongs to the node that follows. */
static void give_gap(struct gap *gap, struct pst_json_node *node)
{
	const struct pst_json_comment *inline_from = same_line_as_next(gap);
	struct pst_json_comment *comment = gap->comments.first, *next;
	struct pst_json_comments *to = &node->above;

	node->blank_before = inline_from ? inline_from->blank_before : gap->blank_end;
	for (; comment; comment = next) {
		next = comment->next;
		if (comment == inline_from)
			to = &node->before;
		append(to, comment);
	}
}

static void give_closing(const struct gap *gap, struct pst_json_node *node)
{
	const struct pst_json_comment *comment;

	node->closing = gap->comments;
	node->closing_inline = !gap->newline;
	for (comment = gap->comments.first; comment; comment = comment->next)
		node->closing_inline &= !comment->many_lines;
}

static struct pst_json_slice read_scalar(struct reader *reader)
{
	struct pst_json_place *place = &reader->place;
	const char *start = place->text + place->at;
	bool string = *start == '"';
	size_t first = place->at;

	do {
		if (string && here(reader) == '\\')
			pst_json_place_step(place);
		pst_json_place_step(place);
	} while (here(reader) &&
		 (string ? here(reader) != '"' : !strchr(" \t\r\n,:]}/", here(reader))));
	if (string)
		pst_json_place_step(place); /* the closing quote */
	return (struct pst_json_slice){ start, place->at - first };
}

/* A line comment between key and value cannot stay there in one line: it goes above. */
static void read_key(struct reader *reader, struct pst_json_node *node)
{
	struct pst_json_comment *comment, *next;
	struct gap gap;

	node->key = read_scalar(reader);
	gap = read_gap(reader, ':');
	for (comment = gap.comments.first; comment; comment = next) {
		bool stays = !comment->to_line_end && !comment->many_lines;

		next = comment->next;
		comment->blank_before &= stays;
		append(stays ? &node->within : &node->above, comment);
	}
}

static void read_value(struct reader *reader, struct pst_json_node *node);

static void read_children(struct reader *reader, struct pst_json_node *node)
{
	struct pst_json_node **link = &node->child, *child;
	bool object = here(reader) == '{';
	struct gap gap;

	pst_json_place_step(&reader->place);
	gap = read_gap(reader, '\0');
	split_gap(&gap, &node->opening, false);
	while (!strchr("]}", here(reader))) { /* the brackets are paired */
		child = &reader->tree->nodes[reader->nodes++];
		*link = child;
		link = &child->next;
		give_gap(&gap, child);
		if (object)
			read_key(reader, child);
		read_value(reader, child);
		gap = read_gap(reader, ',');
		split_gap(&gap, &child->behind, true);
	}
	give_closing(&gap, node);
	pst_json_place_step(&reader->place);
}

static void read_value(struct reader *reader, struct pst_json_node *node)
{
	node->is_container = here(reader) == '{' || here(reader) == '[';
	node->value = (struct pst_json_slice){ reader->place.text + reader->place.at, 1 };
	if (node->is_container)
		read_children(reader, node);
	else
		node->value = read_scalar(reader);
}

int pst_json_tree_read(const char *text, size_t len, struct pst_diags *diags,
		       struct pst_json_tree *out)
{
	struct reader reader = { .place = { .text = text, .len = len, .line = 1, .column = 1 },
				 .tree = out,
				 .nodes = 1,
				 .diags = diags };
	struct gap gap;

	memset(out, 0, sizeof(*out));
	if (make_room(text, len, out))
		return -ENOMEM;
	gap = read_gap(&reader, '\0');
	out->nodes->above = gap.comments;
	out->nodes->blank_before = gap.blank_end;
	read_value(&reader, out->nodes);
	gap = read_gap(&reader, '\0');
	assert(reader.place.at == len);
	split_gap(&gap, &out->nodes->behind, true);
	out->end = gap.comments;
	return reader.bad ? -EINVAL : 0;
}

void pst_json_tree_clear(struct pst_json_tree *tree)
{
	free(tree->nodes);
	free(tree->comments);
	memset(tree, 0, sizeof(*tree));
}
