// SPDX-License-Identifier: Apache-2.0
/* On which days, how often and how much at a time? Days as bits, gaps between bursts and sizes of
 * bursts as histograms by powers of two; the latest gaps as they were, for a rhythm. */
#include <stdlib.h>
#include <string.h>

#include "base/wall.h"
#include "profile/history_room.h"

#define DAY_S 86400u
#define MIN_GAPS 4u /* fewer are no rhythm */

/* A day before the latest: the clock was set back, or it is told late. */
static void add_earlier(struct pst_past_time *time, uint64_t at_s)
{
	uint64_t days = time->last_s / DAY_S - at_s / DAY_S;

	if (days < PST_PAST_DAYS && !(time->days & UINT64_C(1) << days)) {
		time->days |= UINT64_C(1) << days;
		time->days_total++;
	}
	if (at_s < time->first_s)
		time->first_s = at_s;
}

void pst_past_time_add(struct pst_past_time *time, uint64_t at_s)
{
	uint64_t days;

	if (!time->days) {
		*time = (struct pst_past_time){
			.first_s = at_s, .last_s = at_s, .days = 1, .days_total = 1
		};
		return;
	}
	if (at_s < time->last_s) {
		add_earlier(time, at_s);
		return;
	}
	days = at_s / DAY_S - time->last_s / DAY_S;
	time->last_s = at_s;
	if (!days)
		return;
	time->days = (days < PST_PAST_DAYS ? time->days << days : 0) | 1;
	time->days_total++;
}

void pst_past_program_active(struct pst_past_program *program, uint64_t at_s)
{
	uint64_t before = program->time.last_s / DAY_S, days;

	pst_past_time_add(&program->time, at_s);
	days = program->time.last_s / DAY_S - before;
	if (!days)
		return;
	if (days > PST_PAST_DAYS)
		days = PST_PAST_DAYS;
	memmove(&program->new_on_day[days], &program->new_on_day[0],
		(PST_PAST_DAYS - days) * sizeof(program->new_on_day[0]));
	memset(program->new_on_day, 0, days * sizeof(program->new_on_day[0]));
}

void pst_past_program_new(struct pst_past_program *program, uint64_t at_s)
{
	uint64_t today = program->time.last_s / DAY_S, day = at_s / DAY_S;

	if (day <= today && today - day < PST_PAST_DAYS &&
	    program->new_on_day[today - day] < UINT16_MAX)
		program->new_on_day[today - day]++;
	if (at_s > program->last_new_s)
		program->last_new_s = at_s;
}

static unsigned int step_of(uint64_t value)
{
	unsigned int step = value ? 63u - (unsigned int)__builtin_clzll(value) : 0;

	return step < PST_PAST_STEPS ? step : PST_PAST_STEPS - 1;
}

static void count_step(uint8_t steps[PST_PAST_STEPS], uint64_t value)
{
	uint8_t *step = &steps[step_of(value)];

	if (*step == UINT8_MAX) {
		for (size_t i = 0; i < PST_PAST_STEPS; i++)
			steps[i] /= 2;
	}
	++*step;
}

void pst_past_shares(uint8_t to[PST_PAST_STEPS], const uint32_t counts[PST_PAST_STEPS])
{
	unsigned int halves = 0;

	for (size_t i = 0; i < PST_PAST_STEPS; i++) {
		while (counts[i] >> halves > UINT8_MAX) /* at most 24 times */
			halves++;
	}
	for (size_t i = 0; i < PST_PAST_STEPS; i++)
		to[i] = (uint8_t)(counts[i] >> halves);
}

static void add_gap(struct pst_past_channel *channel, uint64_t gap_ms)
{
	count_step(channel->gaps, gap_ms);
	channel->gap_ms[channel->gap_count++ % PST_PAST_GAPS] = gap_ms < UINT32_MAX ?
									(uint32_t)gap_ms :
									UINT32_MAX;
}

/* The first burst of a process follows on the latest of another one, or of an earlier session: by
 * the wall clock, in whole seconds. */
static void add_first_gap(struct pst_past_channel *channel, uint64_t start_s)
{
	if (channel->last_burst_s && start_s > channel->last_burst_s)
		add_gap(channel, (start_s - channel->last_burst_s) * 1000u);
}

/* Of bursts that the ring lost there is no gap and no size. */
void pst_past_bursts(struct pst_past_channel *channel, const struct pst_past_sight *sight)
{
	const struct pst_counters *count = &sight->channel->count;
	uint64_t end = count->bursts - (sight->bursting && count->bursts);
	uint64_t oldest = count->bursts > PST_EVENT_BURSTS ? count->bursts - PST_EVENT_BURSTS : 0;
	uint64_t from = sight->since->bursts < end ? end - sight->since->bursts : 0;

	for (uint64_t n = from > oldest ? from : oldest; n < end; n++) { /* at most the ring's */
		const struct pst_burst *burst = &count->burst[n % PST_EVENT_BURSTS];
		const struct pst_burst *before = &count->burst[(n - 1) % PST_EVENT_BURSTS];
		uint64_t start_s = pst_wall_s(burst->start_ns, sight->wall_offset_ns);

		if (!n)
			add_first_gap(channel, start_s);
		else if (n > oldest && burst->start_ns > before->start_ns)
			add_gap(channel, (burst->start_ns - before->start_ns) / 1000000u);
		count_step(channel->sizes, burst->bytes);
		if (start_s > channel->last_burst_s)
			channel->last_burst_s = start_s;
	}
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

bool pst_past_rhythm(const struct pst_past_channel *channel, struct pst_past_rhythm *out)
{
	uint32_t gaps[PST_PAST_GAPS];
	size_t count = channel->gap_count < PST_PAST_GAPS ? (size_t)channel->gap_count :
							    PST_PAST_GAPS;
	uint64_t median, low, high, away, permille;

	if (count < MIN_GAPS)
		return false;
	memcpy(gaps, channel->gap_ms, sizeof(gaps));
	qsort(gaps, count, sizeof(gaps[0]), by_value);
	median = ((uint64_t)gaps[(count - 1) / 2] + gaps[count / 2]) / 2;
	low = gaps[count / 10];
	high = gaps[count - 1 - count / 10];
	away = median - low > high - median ? median - low : high - median;
	permille = median ? away * 1000u / median : 0;
	*out = (struct pst_past_rhythm){
		.median_ms = median,
		.spread_permille = permille < UINT32_MAX ? (uint32_t)permille : UINT32_MAX,
		.gaps = (uint32_t)count,
	};
	return true;
}
