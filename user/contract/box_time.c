// SPDX-License-Identifier: Apache-2.0
/* How do minutes of the week read? As the windows of a contract: days that begin and end alike
 * stand together. */
#include "contract/box.h"

#define DAY_MIN 1440u
#define WINDOWS_MAX 256u /* of one entry that are shown */

static struct pst_window window_of(const struct pst_port_range *range)
{
	uint32_t first = range->first - 1, day = first / DAY_MIN;

	return (struct pst_window){
		.days = (uint8_t)(1u << day),
		.first_min = (uint16_t)(first % DAY_MIN),
		.last_min = (uint16_t)(range->last - day * DAY_MIN),
	};
}

/* What reaches past the end of a day falls into one window for each. */
static size_t windows_of(const struct pst_ranges *minutes, struct pst_window *out)
{
	size_t count = 0;

	for (size_t i = 0; i < minutes->count; i++) {
		struct pst_port_range rest = minutes->list[i], part;

		for (; rest.first <= rest.last; rest.first = part.last + 1) { /* a round per day */
			part = rest;
			part.last = ((rest.first - 1) / DAY_MIN + 1) * DAY_MIN;
			if (part.last > rest.last)
				part.last = rest.last;
			if (count < WINDOWS_MAX)
				out[count++] = window_of(&part);
		}
	}
	return count;
}

/* Those of several days that begin and end alike are one. */
static size_t join_windows(struct pst_window *windows, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		size_t j = 0;

		while (j < kept && (windows[j].first_min != windows[i].first_min ||
				    windows[j].last_min != windows[i].last_min))
			j++;
		if (j < kept)
			windows[j].days |= windows[i].days;
		else
			windows[kept++] = windows[i];
	}
	return kept;
}

void pst_minutes_say(struct pst_prose *prose, const struct pst_ranges *minutes)
{
	struct pst_window windows[WINDOWS_MAX];
	char text[PST_WINDOW_TEXT];
	size_t count = windows_of(minutes, windows);
	bool full = count == WINDOWS_MAX;

	count = join_windows(windows, count);
	for (size_t i = 0; i < count; i++)
		pst_prose_say(prose, "%s%s", pst_prose_between(i, count),
			      pst_window_text(&windows[i], text));
	pst_prose_say(prose, "%s UTC", full ? " and others" : "");
}
