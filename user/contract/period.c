// SPDX-License-Identifier: Apache-2.0
/* How often is it expected? A number of seconds, minutes, hours or days, and by how much a gap may
 * differ. */
#include "contract/period.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/text.h"

#define DIGITS "0123456789"
#define NUMBER_DIGITS 6u
#define EVERY_MIN_S 2u /* a burst begins after a second of silence */
#define EVERY_MAX_S (31u * 86400u)
#define TOLERANCE_PCT 10u
#define TOLERANCE_MAX_PCT 50u /* beyond, a missed one would hold */
#define NS_PER_S UINT64_C(1000000000)

static const struct {
	char name;
	uint32_t seconds;
} units[] = { { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };

/* Moves on over the digits; -EINVAL without any, or with too many. */
static int read_number(const char **at, uint32_t *out)
{
	size_t len = strspn(*at, DIGITS), i;

	if (!len || len > NUMBER_DIGITS)
		return -EINVAL;
	for (i = 0, *out = 0; i < len; i++)
		*out = *out * 10 + (uint32_t)((*at)[i] - '0');
	*at += len;
	return 0;
}

static uint32_t seconds_of(char unit)
{
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].name == unit)
			return units[i].seconds;
	return 0;
}

int pst_period_parse(const char *text, struct pst_period *out)
{
	struct pst_period period = { .tolerance_pct = TOLERANCE_PCT };
	uint32_t number;
	uint64_t every_s;

	if (read_number(&text, &number) < 0 || !seconds_of(*text))
		return -EINVAL;
	every_s = (uint64_t)number * seconds_of(*text++);
	if (every_s < EVERY_MIN_S || every_s > EVERY_MAX_S)
		return -EINVAL;
	period.every_s = (uint32_t)every_s;
	if (*text) {
		if (strncmp(text, " +-", 3) != 0)
			return -EINVAL;
		text += 3;
		if (read_number(&text, &period.tolerance_pct) < 0 || strcmp(text, "%") != 0 ||
		    !period.tolerance_pct || period.tolerance_pct > TOLERANCE_MAX_PCT)
			return -EINVAL;
	}
	*out = period;
	return 0;
}

bool pst_period_holds(const struct pst_period *period, uint64_t gap_ns)
{
	uint64_t every_ns = period->every_s * NS_PER_S; /* 22 bits times 30: fits */
	uint64_t slack_ns = every_ns / 100 * period->tolerance_pct;

	return gap_ns >= every_ns - slack_ns && gap_ns <= every_ns + slack_ns;
}

const char *pst_period_text(const struct pst_period *period, char *out)
{
	size_t i = 0;

	while (period->every_s % units[i].seconds) /* the last one divides all */
		i++;
	(void)pst_text_format(out, PST_PERIOD_TEXT, "%" PRIu32 "%c +-%" PRIu32 "%%",
			      period->every_s / units[i].seconds, units[i].name,
			      period->tolerance_pct); /* fits */
	return out;
}
