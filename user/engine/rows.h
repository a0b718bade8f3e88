// SPDX-License-Identifier: Apache-2.0
/* Inside engine: the rows of a profile page: one per program (or process) and channel, and the sums
 * of each process and of each program. */
#ifndef PST_ENGINE_ROWS_H
#define PST_ENGINE_ROWS_H

#include "engine/view.h"

struct pst_row {
	const struct pst_image *image;
	const struct pst_program *program;
	const struct pst_channel *channel; /* one of those that are summed up */
	struct pst_proc_id proc;	   /* of that one */
	uint32_t tgid;			   /* 0 when several processes are summed up */
	uint32_t processes;
	uint64_t first_ns, last_ns;
	uint64_t weight; /* bytes of its program */
	struct pst_counters sum;
};

struct pst_sum { /* a process, or a program with all of its processes */
	const struct pst_image *image;
	const struct pst_program *program;
	struct pst_proc_id proc; /* tgid 0: a program */
	bool ended;		 /* the process has exited, or is not remembered any more */
	uint32_t processes;
	uint64_t first_ns, last_ns;
	struct pst_totals total; /* of a program: also what was forgotten to make room */
};

struct pst_rows {
	struct pst_row *list; /* by program, those with most bytes first */
	size_t count;
	struct pst_sum *processes, *programs; /* those with most bytes first */
	size_t process_count, program_count;
	bool known;  /* a program, process or unit of that name has been seen, with channels or not
		      */
	bool failed; /* memory ran out */
};

/* pst_rows_collect - what @what names; pst_rows_free frees the lists */
void pst_rows_collect(const struct pst_engine *engine, const char *what, struct pst_rows *rows);
void pst_rows_free(struct pst_rows *rows);

#endif
