// SPDX-License-Identifier: Apache-2.0
/* Is it time for this? Windows of the week, in UTC. Inside contract/ and its readers only. */
#ifndef PST_CONTRACT_WINDOW_H
#define PST_CONTRACT_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pst_window {
	uint8_t days;		      /* bit 0: Monday; days on which it begins */
	uint16_t first_min, last_min; /* of the day; the last one is outside. First behind last: it
					 ends on the next day */
};

/* pst_window_parse - "Mon-Fri 01:00-05:00", "Sat,Sun 00:00-24:00", "daily 22:00-02:00"; 0, or
 * -EINVAL */
int pst_window_parse(const char *text, struct pst_window *out);

/* pst_window_holds - @wall_s: seconds since 1970 in UTC */
bool pst_window_holds(const struct pst_window *window, int64_t wall_s);

#define PST_WINDOW_TEXT 48

/* pst_window_text - as it is parsed, days in their order; returns @out, of PST_WINDOW_TEXT bytes */
const char *pst_window_text(const struct pst_window *window, char *out);

/* pst_window_time - "Mon 14:05 UTC"; returns @out, of PST_WINDOW_TEXT bytes */
const char *pst_window_time(int64_t wall_s, char *out);

#endif
