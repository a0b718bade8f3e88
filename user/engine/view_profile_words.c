// SPDX-License-Identifier: Apache-2.0
/* How do times, rhythms and sizes read to a person? */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "engine/page.h"

#define DAY_S 86400u
#define SILENT_DAYS 7u /* fewer are a weekend */
#define MOST_BURSTS 4u /* sizes of fewer are not told */

const char *pst_page_second(uint64_t wall_s, char out[24])
{
	time_t seconds = (time_t)wall_s;
	struct tm parts;

	if (!wall_s || !gmtime_r(&seconds, &parts) ||
	    strftime(out, 24, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		(void)pst_text_copy(out, 24, "-"); /* fits */
	return out;
}

const char *pst_page_span(uint64_t ms, char *out)
{
	uint64_t s = ms / 1000u;

	/* all fit */
	if (ms < 10000u)
		(void)pst_text_format(out, PST_PAGE_WORDS, "%" PRIu64 ".%" PRIu64 "s", s,
				      ms / 100u % 10u);
	else if (s < 60u)
		(void)pst_text_format(out, PST_PAGE_WORDS, "%" PRIu64 "s", s);
	else if (s < 3600u)
		(void)pst_text_format(out, PST_PAGE_WORDS, "%" PRIu64 "m%" PRIu64 "s", s / 60u,
				      s % 60u);
	else if (s < DAY_S)
		(void)pst_text_format(out, PST_PAGE_WORDS, "%" PRIu64 "h%" PRIu64 "m", s / 3600u,
				      s / 60u % 60u);
	else
		(void)pst_text_format(out, PST_PAGE_WORDS, "%" PRIu64 "d%" PRIu64 "h", s / DAY_S,
				      s / 3600u % 24u);
	return out;
}

const char *pst_page_rhythm(const struct pst_past_channel *channel, char *out)
{
	struct pst_past_rhythm rhythm;
	char span[PST_PAGE_WORDS];

	*out = '\0';
	if (!pst_past_rhythm(channel, &rhythm))
		return out;
	(void)pst_text_format(out, PST_PAGE_WORDS, "every %s +-%" PRIu32 "%%",
			      pst_page_span(rhythm.median_ms, span),
			      (rhythm.spread_permille + 5) / 10); /* fits */
	return out;
}

/* The step below which so many of a histogram's values lie. */
static unsigned int step_at(const uint8_t steps[PST_PAST_STEPS], uint64_t rank)
{
	unsigned int step = 0;

	for (uint64_t below = steps[0]; below <= rank && step + 1 < PST_PAST_STEPS;)
		below += steps[++step];
	return step;
}

const char *pst_page_sizes(const struct pst_past_channel *channel, char *out)
{
	uint64_t count = 0;
	char least[24], most[24];
	unsigned int low, high;

	*out = '\0';
	for (size_t i = 0; i < PST_PAST_STEPS; i++)
		count += channel->sizes[i];
	if (count < MOST_BURSTS)
		return out;
	low = step_at(channel->sizes, count / 4);
	high = step_at(channel->sizes, count - 1 - count / 4);
	(void)pst_text_format(out, PST_PAGE_WORDS, "%s to %s at a time",
			      pst_page_amount(low ? UINT64_C(1) << low : 0, least),
			      pst_page_amount((UINT64_C(2) << high) - 1, most)); /* fits */
	return out;
}

/* Days without anything before the latest active day. */
static uint64_t days_before(const struct pst_past_time *time)
{
	uint64_t earlier = time->days >> 1;

	if (earlier)
		return (uint64_t)__builtin_ctzll(earlier);
	return time->days_total > 1 ? PST_PAST_DAYS - 1 : 0;
}

const char *pst_page_silence(const struct pst_past_time *time, uint64_t now_s, char *out)
{
	uint64_t before = days_before(time);
	uint64_t after = now_s / DAY_S > time->last_s / DAY_S ?
				 now_s / DAY_S - time->last_s / DAY_S :
				 0;
	char last[24];

	*out = '\0';
	(void)pst_page_second(time->last_s, last); /* returns what it was given */
	last[10] = '\0';			   /* the day */
	if (after >= SILENT_DAYS)
		(void)pst_text_format(out, PST_PAGE_WORDS, "silent for %" PRIu64 " days since %s",
				      after, last); /* fits */
	else if (before >= SILENT_DAYS)
		(void)pst_text_format(out, PST_PAGE_WORDS, "silent for %s%" PRIu64 " days until %s",
				      before == PST_PAST_DAYS - 1 ? "more than " : "", before,
				      after ? last : "today"); /* fits */
	return out;
}
