// SPDX-License-Identifier: Apache-2.0
/* Is it time for this? The host's zone is not known here and would make alerts depend on where they
 * are replayed: all times are UTC, and say so. */
#include "contract/window.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"

#define DAYS 7u
#define DAY_S INT64_C(86400)
#define DAY_MIN 1440u
#define DAILY 0x7fu
#define THURSDAY 3u /* 1970-01-01 was one */

static const char *const day_names[DAYS] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

/* Moves on over what it read. */
static int read_day(const char **at)
{
	unsigned int i;

	for (i = 0; i < DAYS; i++)
		if (!strncmp(*at, day_names[i], 3)) {
			*at += 3;
			return (int)i;
		}
	return -EINVAL;
}

/* "Mon", "Mon-Fri", "Sat-Mon" */
static int read_day_range(const char **at, uint8_t *days)
{
	int first = read_day(at), last = first, day;

	if (first >= 0 && **at == '-') {
		(*at)++;
		last = read_day(at);
	}
	if (first < 0 || last < 0)
		return -EINVAL;
	for (day = first; day != last; day = (day + 1) % (int)DAYS) /* at most six rounds */
		*days |= (uint8_t)(1u << day);
	*days |= (uint8_t)(1u << last);
	return 0;
}

static int read_days(const char **at, uint8_t *days)
{
	if (!strncmp(*at, "daily", 5)) {
		*at += 5;
		*days = DAILY;
		return 0;
	}
	for (*days = 0;; (*at)++) { /* a round for each part of the list */
		if (read_day_range(at, days) < 0)
			return -EINVAL;
		if (**at != ',')
			return 0;
	}
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "05:00"; 24:00 is the end of a day */
static int read_time(const char **at, uint16_t *min)
{
	const char *t = *at;
	unsigned int hours, minutes;

	if (!is_digit(t[0]) || !is_digit(t[1]) || t[2] != ':' || !is_digit(t[3]) || !is_digit(t[4]))
		return -EINVAL;
	hours = (unsigned int)(t[0] - '0') * 10 + (unsigned int)(t[1] - '0');
	minutes = (unsigned int)(t[3] - '0') * 10 + (unsigned int)(t[4] - '0');
	if (minutes > 59 || hours * 60 + minutes > DAY_MIN)
		return -EINVAL;
	*min = (uint16_t)(hours * 60 + minutes);
	*at += 5;
	return 0;
}

int pst_window_parse(const char *text, struct pst_window *out)
{
	struct pst_window window;

	if (read_days(&text, &window.days) < 0 || *text++ != ' ' ||
	    read_time(&text, &window.first_min) < 0 || *text++ != '-' ||
	    read_time(&text, &window.last_min) < 0 || *text)
		return -EINVAL;
	if (window.first_min == window.last_min || window.first_min == DAY_MIN)
		return -EINVAL; /* none of the day, or all of it? */
	*out = window;
	return 0;
}

static unsigned int day_of(int64_t wall_s)
{
	int64_t day = wall_s / DAY_S - (wall_s % DAY_S < 0);

	return (unsigned int)(((day + THURSDAY) % DAYS + DAYS) % DAYS);
}

static unsigned int minute_of(int64_t wall_s)
{
	return (unsigned int)((wall_s % DAY_S + DAY_S) % DAY_S / 60);
}

bool pst_window_holds(const struct pst_window *window, int64_t wall_s)
{
	unsigned int day = day_of(wall_s), min = minute_of(wall_s);
	bool today = window->days >> day & 1, before = window->days >> (day + DAYS - 1) % DAYS & 1;

	if (window->first_min < window->last_min)
		return today && min >= window->first_min && min < window->last_min;
	return (today && min >= window->first_min) || (before && min < window->last_min);
}

static void say_days(uint8_t days, char *out)
{
	unsigned int day, last;

	for (day = 0; day < DAYS; day = last + 1) {
		last = day;
		if (!(days >> day & 1))
			continue;
		while (last + 1 < DAYS && days >> (last + 1) & 1)
			last++;
		(void)pst_text_append(out, PST_WINDOW_TEXT, "%s%s", out[0] ? "," : "",
				      day_names[day]); /* seven of them fit */
		if (last > day)
			(void)pst_text_append(out, PST_WINDOW_TEXT, "%s%s",
					      last > day + 1 ? "-" : ",", day_names[last]);
	}
}

const char *pst_window_text(const struct pst_window *window, char *out)
{
	out[0] = '\0';
	if (window->days == DAILY)
		(void)pst_text_append(out, PST_WINDOW_TEXT, "daily"); /* as above */
	else
		say_days(window->days, out);
	(void)pst_text_append(out, PST_WINDOW_TEXT, " %02u:%02u-%02u:%02u", window->first_min / 60u,
			      window->first_min % 60u, window->last_min / 60u,
			      window->last_min % 60u); /* as above */
	return out;
}

const char *pst_window_time(int64_t wall_s, char *out)
{
	unsigned int min = minute_of(wall_s);

	(void)pst_text_format(out, PST_WINDOW_TEXT, "%s %02u:%02u UTC", day_names[day_of(wall_s)],
			      min / 60, min % 60); /* fits */
	return out;
}
