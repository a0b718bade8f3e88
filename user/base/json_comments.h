// SPDX-License-Identifier: Apache-2.0
/* Which comment belongs to which value? A tree of slices of a text, for who lays it out anew.
 * Inside base/ only. Pure. */
#ifndef PST_BASE_JSON_COMMENTS_H
#define PST_BASE_JSON_COMMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"

struct pst_json_slice {
	const char *text; /* not terminated */
	size_t len;
};

struct pst_json_comment {
	struct pst_json_slice slice; /* with its marks, without the end of a line comment's line */
	bool to_line_end;	     /* a line comment */
	bool many_lines;
	bool blank_before; /* an empty line stands before it */
	size_t width; /* of many lines: what stands before it in its line, in characters; a tab goes
			 to the next multiple of 8 */
	struct pst_json_comment *next;
	/* while reading: */
	bool newline_before, behind_comma;
};

struct pst_json_comments {
	struct pst_json_comment *first, *last;
};

struct pst_json_node {
	struct pst_json_slice key;   /* with its quotes; no text: it has none */
	struct pst_json_slice value; /* of a scalar; of the others the bracket */
	bool is_container;
	bool blank_before;		  /* an empty line stands before it, behind its comments */
	struct pst_json_comments above;	  /* in lines of their own */
	struct pst_json_comments before;  /* in its line, before the key or value */
	struct pst_json_comments within;  /* between key and value */
	struct pst_json_comments behind;  /* in the line where it ends */
	struct pst_json_comments opening; /* in the line of the bracket that opens it */
	struct pst_json_comments closing; /* before the bracket that closes it, in lines of their
					     own unless it holds nothing else */
	bool closing_inline;
	struct pst_json_node *child, *next;
	size_t flat; /* of who lays it out */
};

struct pst_json_tree {
	struct pst_json_node *nodes; /* the first one is the root */
	struct pst_json_comment *comments;
	struct pst_json_comments end; /* behind the root, in lines of their own */
};

/*
 * pst_json_tree_read - the tree of a text that pst_json_read accepts, whose bytes it borrows
 * @diags: gets an error for a character in a comment that changes a line without being seen
 * Returns 0; -EINVAL with that error; -ENOMEM. Caller frees by pst_json_tree_clear, in any case.
 */
int pst_json_tree_read(const char *text, size_t len, struct pst_diags *diags,
		       struct pst_json_tree *out);
void pst_json_tree_clear(struct pst_json_tree *tree);

#endif
