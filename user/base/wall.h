// SPDX-License-Identifier: Apache-2.0
/* When was that, on the wall clock, and how does it read to a person? */
#ifndef PST_BASE_WALL_H
#define PST_BASE_WALL_H

#include <stdint.h>

/* pst_wall_ns - a time of the stream on the wall clock; both come from outside, and a sum beyond
 * all clocks is the last moment that they have, or the first */
static inline int64_t pst_wall_ns(uint64_t boot_ns, int64_t wall_offset_ns)
{
	int64_t sum;

	if (boot_ns <= INT64_MAX && !__builtin_add_overflow((int64_t)boot_ns, wall_offset_ns, &sum))
		return sum;
	return wall_offset_ns < 0 && boot_ns <= INT64_MAX ? INT64_MIN : INT64_MAX;
}

/* pst_wall_s - in whole seconds; 0 of what was before 1970 */
static inline uint64_t pst_wall_s(uint64_t boot_ns, int64_t wall_offset_ns)
{
	int64_t wall_ns = pst_wall_ns(boot_ns, wall_offset_ns);

	return wall_ns > 0 ? (uint64_t)wall_ns / 1000000000u : 0;
}

#define PST_WALL_TEXT 32 /* bytes of a text below */

/* pst_wall_day - "2026-11-20" (UTC); "?" of a day that no calendar has; returns @out */
const char *pst_wall_day(int64_t wall_s, char out[PST_WALL_TEXT]);

/* pst_wall_span - "3.2 days", "4.5 hours", "41 minutes"; returns @out */
const char *pst_wall_span(uint64_t seconds, char out[PST_WALL_TEXT]);

#endif
