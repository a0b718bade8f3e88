// SPDX-License-Identifier: Apache-2.0
/* How is a JSON text with comments laid out canonically? Nothing of it is lost but blanks. Pure. */
#ifndef PST_BASE_JSON_FORMAT_H
#define PST_BASE_JSON_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"

struct pst_json_style {
	/* keys of the outermost object that come first, in this order; those that begin with "x-"
	   come last, all others keep their order between them */
	const char *const *order;
	size_t order_count;
	const char
		*broken; /* key of the outermost object whose list has one item a line; or NULL */
};

/*
 * pst_json_format - canonical text: two blanks a level, a value in one line when it fits in 100
 * columns and holds nothing that needs a line, comments where they were, at most one empty line
 * @diags: gets errors: what pst_json_read refuses, characters in comments that are not seen, and a
 * canonical text above PST_JSON_FILE_MAX
 * Returns the length and the text, which the caller frees; -EINVAL with errors in @diags; -ENOMEM.
 */
int64_t pst_json_format(const char *text, size_t len, const struct pst_json_style *style,
			struct pst_diags *diags, char **out);

#endif
