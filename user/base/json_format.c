// SPDX-License-Identifier: Apache-2.0
/* How is a JSON text with comments laid out canonically? What was laid out once stays as it is. */
#include "base/json_format.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/json_comments.h"
#include "base/json_out.h"

#define COLUMNS 100u
#define TAB_WIDTH 8u
#define TOO_WIDE (COLUMNS + 1u) /* needs more than one line */

/* ---- comments ---- */

static const char *line_end(const char *text, const char *end)
{
	const char *newline = memchr(text, '\n', (size_t)(end - text));

	return newline ? newline : end;
}

/* A comment of many lines moves as a whole, so that what was drawn with blanks stays. */
static void put_comment(struct pst_json_out *out, const struct pst_json_comment *comment)
{
	const char *at = comment->slice.text, *end = at + comment->slice.len, *stop, *last;
	size_t column = out->column, width;

	for (;; at = stop + 1) { /* one round per line */
		stop = line_end(at, end);
		for (last = stop; last > at && strchr(" \t\r", last[-1]);)
			last--;
		pst_json_out(out, at, (size_t)(last - at));
		if (stop == end)
			return;
		pst_json_out_line(out, 0);
		for (width = 0, at = stop + 1; at < end && strchr(" \t", *at); at++)
			width += *at == '\t' ? TAB_WIDTH - width % TAB_WIDTH : 1;
		stop = at - 1;
		if (at < end && !strchr("\r\n", *at) && width + column > comment->width)
			pst_json_out_blanks(out, width + column - comment->width);
	}
}

static void put_above(struct pst_json_out *out, const struct pst_json_comments *comments,
		      size_t depth)
{
	const struct pst_json_comment *comment;

	for (comment = comments->first; comment; comment = comment->next) {
		if (comment->blank_before && comment != comments->first)
			pst_json_out_line(out, 0);
		if (comment != comments->first)
			pst_json_out_line(out, depth);
		put_comment(out, comment);
	}
}

/* Comments in the line of a value, with a blank before or behind each. */
static void put_before(struct pst_json_out *out, const struct pst_json_comments *comments)
{
	const struct pst_json_comment *comment;

	for (comment = comments->first; comment; comment = comment->next) {
		put_comment(out, comment);
		pst_json_out(out, " ", 1);
	}
}

static void put_behind(struct pst_json_out *out, const struct pst_json_comments *comments)
{
	const struct pst_json_comment *comment;

	for (comment = comments->first; comment; comment = comment->next) {
		pst_json_out(out, " ", 1);
		put_comment(out, comment);
	}
}

/* ---- values ---- */

static void put_head(struct pst_json_out *out, const struct pst_json_node *node)
{
	put_before(out, &node->before);
	if (!node->key.text)
		return;
	pst_json_out_scalar(out, &node->key);
	pst_json_out_text(out, ": ");
	put_before(out, &node->within);
}

static const char *closer_of(const struct pst_json_node *node)
{
	return node->value.text[0] == '{' ? "}" : "]";
}

static void put_flat(struct pst_json_out *out, const struct pst_json_node *node)
{
	const struct pst_json_node *child;

	if (!node->is_container) {
		pst_json_out_scalar(out, &node->value);
		return;
	}
	pst_json_out(out, node->value.text, 1);
	for (child = node->child; child; child = child->next) {
		pst_json_out_blanks(out, 1);
		put_head(out, child);
		put_flat(out, child);
		put_behind(out, &child->behind);
		pst_json_out_text(out, child->next ? "," : " ");
	}
	put_behind(out, &node->closing);
	pst_json_out_blanks(out, node->closing.first != NULL);
	pst_json_out_text(out, closer_of(node));
}

static bool needs_line(const struct pst_json_comments *comments)
{
	const struct pst_json_comment *comment;

	for (comment = comments->first; comment; comment = comment->next)
		if (comment->to_line_end || comment->many_lines)
			return true;
	return false;
}

/* Columns of a value in one line, TOO_WIDE when it needs more; bottom up, so that each is measured
 * once by its own bytes. */
static size_t measure(struct pst_json_node *node)
{
	struct pst_json_out out = { .text = NULL };
	struct pst_json_node *child;
	size_t flat = 0;

	for (child = node->child; child; child = child->next) {
		out.column = 0;
		put_head(&out, child);
		put_behind(&out, &child->behind);
		flat += measure(child) + out.column + 2; /* ", " or the blank before the bracket */
		if (child->above.first || needs_line(&child->behind) ||
		    (child->blank_before && child != node->child))
			flat = TOO_WIDE;
		flat = flat < TOO_WIDE ? flat : TOO_WIDE;
	}
	if (node->opening.first || (node->closing.first && !node->closing_inline))
		flat = TOO_WIDE;
	out.column = 0;
	if (!node->child && flat < TOO_WIDE)
		put_flat(&out, node);
	else
		out.column = 2; /* its brackets */
	flat += out.column;
	node->flat = flat < TOO_WIDE ? flat : TOO_WIDE;
	return node->flat;
}

static void put_value(struct pst_json_out *out, const struct pst_json_node *node, size_t depth);

static void put_children(struct pst_json_out *out, const struct pst_json_node *node, size_t depth)
{
	const struct pst_json_node *child;

	for (child = node->child; child; child = child->next) {
		const struct pst_json_comment *above = child->above.first;
		bool blank = above ? above->blank_before : child->blank_before;

		if (blank && child != node->child)
			pst_json_out_line(out, 0);
		pst_json_out_line(out, depth);
		put_above(out, &child->above, depth);
		if (above && child->blank_before)
			pst_json_out_line(out, 0);
		if (above)
			pst_json_out_line(out, depth);
		put_head(out, child);
		put_value(out, child, depth);
		pst_json_out_text(out, child->next ? "," : "");
		put_behind(out, &child->behind);
	}
}

static void put_value(struct pst_json_out *out, const struct pst_json_node *node, size_t depth)
{
	if (!node->is_container || out->column + node->flat + (node->next != NULL) <= COLUMNS) {
		put_flat(out, node);
		return;
	}
	pst_json_out(out, node->value.text, 1);
	put_behind(out, &node->opening);
	put_children(out, node, depth + 1);
	if (node->closing.first) {
		if (node->child && node->closing.first->blank_before)
			pst_json_out_line(out, 0);
		pst_json_out_line(out, depth + 1);
		put_above(out, &node->closing, depth + 1);
	}
	pst_json_out_line(out, depth);
	pst_json_out_text(out, closer_of(node));
}

/* ---- the outermost value ---- */

/* What stands behind @name in a key; NULL when it does not begin so. */
static const char *skip_name(const struct pst_json_slice *key, const char *name)
{
	const char *at = key->text + 1, *end = key->text + key->len - 1;
	uint32_t code = 0;

	for (; *name && at < end; name++) {
		at += pst_json_char(at, (size_t)(end - at), &code);
		if (code != (uint8_t)*name)
			return NULL;
	}
	return *name ? NULL : at;
}

static bool is_key(const struct pst_json_slice *key, const char *name)
{
	return key->text && skip_name(key, name) == key->text + key->len - 1;
}

static size_t rank_of(const struct pst_json_node *member, const struct pst_json_style *style)
{
	size_t i;

	for (i = 0; i < style->order_count; i++)
		if (is_key(&member->key, style->order[i]))
			return i;
	return style->order_count + (skip_name(&member->key, "x-") != NULL);
}

/* Members of the same rank keep their order. */
static void order_members(struct pst_json_node *object, const struct pst_json_style *style)
{
	struct pst_json_node *sorted = NULL, **end = &sorted, **link;
	size_t rank;

	for (rank = 0; rank < style->order_count + 2; rank++) {
		for (link = &object->child; *link;) { /* each member is taken out once */
			struct pst_json_node *member = *link;

			if (rank_of(member, style) != rank) {
				link = &member->next;
				continue;
			}
			*link = member->next;
			member->next = NULL;
			*end = member;
			end = &member->next;
		}
	}
	object->child = sorted;
}

static void lay_out(struct pst_json_tree *tree, const struct pst_json_style *style)
{
	struct pst_json_node *root = tree->nodes, *child;

	if (root->value.text[0] == '{')
		order_members(root, style);
	(void)measure(root); /* it is kept in each node */
	for (child = root->child; child; child = child->next)
		if (style->broken && child->child && is_key(&child->key, style->broken))
			child->flat = TOO_WIDE;
	if (root->child)
		root->flat = TOO_WIDE;
}

static void put_root(struct pst_json_out *out, const struct pst_json_tree *tree)
{
	const struct pst_json_node *root = tree->nodes;

	put_above(out, &root->above, 0);
	if (root->above.first && root->blank_before)
		pst_json_out_line(out, 0);
	if (root->above.first)
		pst_json_out_line(out, 0);
	put_value(out, root, 0);
	put_behind(out, &root->behind);
	if (tree->end.first && tree->end.first->blank_before)
		pst_json_out_line(out, 0);
	if (tree->end.first)
		pst_json_out_line(out, 0);
	put_above(out, &tree->end, 0);
	pst_json_out_line(out, 0);
}

int64_t pst_json_format(const char *text, size_t len, const struct pst_json_style *style,
			struct pst_diags *diags, char **out)
{
	_cleanup_(pst_json_doc_clear) struct pst_json_doc *doc = pst_json_read(text, len, diags);
	_cleanup_(pst_json_tree_clear) struct pst_json_tree tree = { .nodes = NULL };
	_cleanup_free_ char *room = NULL;
	struct pst_json_out made = { .room = PST_JSON_FILE_MAX };
	int err;

	if (!doc)
		return -EINVAL;
	err = pst_json_tree_read(text, len, diags, &tree);
	if (err)
		return err;
	room = malloc(made.room + 1);
	if (!room)
		return -ENOMEM;
	made.text = room;
	lay_out(&tree, style);
	put_root(&made, &tree);
	if (made.failed) {
		pst_diags_add(diags, PST_DIAG_ERROR, 0, 0,
			      "its canonical text would have more than %u bytes, which are read",
			      PST_JSON_FILE_MAX);
		return -EINVAL;
	}
	room[made.len] = '\0';
	*out = take_ptr(room);
	return (int64_t)made.len;
}
