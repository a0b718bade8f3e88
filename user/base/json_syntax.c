// SPDX-License-Identifier: Apache-2.0
/* Why is this no JSON? The parser tells an offset only; what stands there, and before it, says what
 * is wrong. */
#include "base/json_scan.h"

#include <stdbool.h>
#include <string.h>

#include "base/json.h"

struct context {			     /* what the text before an error says about it */
	char opener[PST_JSON_DEPTH_MAX + 1]; /* brackets that are open */
	size_t depth;
	char last; /* the last character that is no blank, NUL: none */
	bool in_string;
};

static void read_context(const char *blanked, size_t end, struct context *context)
{
	size_t at;

	*context = (struct context){ .depth = 0 };
	for (at = 0; at < end; at++) {
		char c = blanked[at];

		if (c == '"')
			context->in_string = !context->in_string;
		else if (context->in_string && c == '\\')
			at++;
		else if (!context->in_string && strchr("{[", c) &&
			 context->depth < PST_JSON_DEPTH_MAX)
			context->opener[++context->depth] = c;
		else if (!context->in_string && strchr("}]", c) && context->depth)
			context->depth--;
		if (!strchr(" \t\r\n", c))
			context->last = c;
	}
}

/* The parser stops one behind a character that stands where a key should; everywhere else at the
 * character itself. */
static size_t find_error(const char *blanked, size_t at, struct context *context)
{
	if (at) {
		read_context(blanked, at - 1, context);
		if (!context->in_string && context->opener[context->depth] == '{' &&
		    context->last && strchr("{,", context->last) &&
		    !strchr(" \t\r\n\"", blanked[at - 1]))
			return at - 1;
	}
	read_context(blanked, at, context);
	return at;
}

static const char *judge_error(const struct context *context, char c)
{
	if (!c)
		return context->last ? "the text ends before its value does" : "the text is empty";
	if (context->in_string)
		return "JSON knows no such escape";
	if (context->last == ',' && strchr("}]", c))
		return "a comma stands before this bracket; remove it";
	if (context->last && strchr("}]\"0123456789el", context->last) && strchr("{[\"", c))
		return "a comma or a bracket is missing before this";
	if (context->last && context->opener[context->depth] == '{' && strchr("{,", context->last))
		return "a key in double quotes is expected here";
	return "this is not expected here";
}

void pst_json_complain_syntax(const struct pst_json_place *start, const char *blanked, size_t at,
			      struct pst_diags *diags)
{
	struct pst_json_place place = *start;
	struct context context;

	at = find_error(blanked, at, &context);
	while (place.at < at && place.at < place.len)
		pst_json_place_step(&place);
	pst_diags_add(diags, PST_DIAG_ERROR, place.line, place.column, "%s",
		      judge_error(&context, blanked[place.at]));
}
