// SPDX-License-Identifier: Apache-2.0
/* Inside engine: the rows of a profile page, one per program (or process) and channel. */
#ifndef PST_ENGINE_ROWS_H
#define PST_ENGINE_ROWS_H

#include "engine/view.h"

struct pst_row {
	const struct pst_image *image;
	const struct pst_program *program;
	const struct pst_channel *channel; /* one of those that are summed up */
	uint32_t tgid;			   /* 0 when several processes are summed up */
	uint32_t processes;
	uint64_t first_ns, last_ns;
	struct pst_counters sum;
};

struct pst_rows {
	struct pst_row *list;
	size_t count, room;
	bool failed; /* memory ran out */
};

/* pst_rows_collect - rows of what @what names, sorted and summed up; caller frees list */
void pst_rows_collect(const struct pst_engine *engine, const char *what, struct pst_rows *rows);

#endif
