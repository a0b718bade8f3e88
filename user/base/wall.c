// SPDX-License-Identifier: Apache-2.0
/* How does a time read to a person? */
#include "base/wall.h"

#include <inttypes.h>
#include <time.h>

#include "base/text.h"

#define HOUR_S 3600u
#define DAY_S 86400u

const char *pst_wall_day(int64_t wall_s, char out[PST_WALL_TEXT])
{
	time_t seconds = (time_t)wall_s;
	struct tm parts;

	if (!gmtime_r(&seconds, &parts) || strftime(out, PST_WALL_TEXT, "%Y-%m-%d", &parts) == 0)
		(void)pst_text_copy(out, PST_WALL_TEXT, "?"); /* fits */
	return out;
}

const char *pst_wall_span(uint64_t seconds, char out[PST_WALL_TEXT])
{
	/* all fit: 2^64 seconds have 15 digits of days */
	if (seconds >= 2u * DAY_S)
		(void)pst_text_format(out, PST_WALL_TEXT, "%.1f days", (double)seconds / DAY_S);
	else if (seconds >= 2u * HOUR_S)
		(void)pst_text_format(out, PST_WALL_TEXT, "%.1f hours", (double)seconds / HOUR_S);
	else
		(void)pst_text_format(out, PST_WALL_TEXT, "%" PRIu64 " minute%s", seconds / 60,
				      seconds / 60 == 1 ? "" : "s");
	return out;
}
