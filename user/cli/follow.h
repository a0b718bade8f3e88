// SPDX-License-Identifier: Apache-2.0
/* follow: lines of a record file, its last ones and those that come. */
#ifndef PST_CLI_FOLLOW_H
#define PST_CLI_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/ask.h"

struct pst_follow_keys {
	const char *path; /* "-": standard input */
	size_t last;	  /* how many lines of what is there */
	bool follow; /* go on with what is appended, also after a rename and a new file of that name
		      */
	pst_line_fn print;
	void *context;
};

/* pst_follow - 0 at the end, or -errno when the file cannot be read */
int pst_follow(const struct pst_follow_keys *keys);

#endif
