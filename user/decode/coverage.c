// SPDX-License-Identifier: Apache-2.0
/* Which rows does the list of coverage have? */
#include "decode/coverage.h"

static const struct pst_cover rows[] = {
#define COVER(name_, text_, seen_, late_, why_) \
	{ .name = #name_, .text = (text_), .seen = (seen_), .late = (late_), .why = (why_) },
#include "abi/coverage.def"
#undef COVER
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))
_Static_assert(ROWS <= PST_COVERS_MAX, "room for all rows");

const char *pst_cover_state_name(enum pst_cover_state state)
{
	static const char *const names[] = {
		[PST_COVER_SEEN] = "seen", [PST_COVER_LATE] = "late", [PST_COVER_BLIND] = "blind"
	};

	return names[state];
}

const struct pst_cover *pst_cover_rows(size_t *count)
{
	*count = ROWS;
	return rows;
}
