// SPDX-License-Identifier: Apache-2.0
/* Which records never came? Each cpu numbers its own without holes; records may overtake each other
 * by a little, so a number counts as lost only when it is 64 behind the newest, or when the stream
 * ends. */
#include <stdlib.h>

#include "decode/decode.h"

#define WINDOW 64u

struct cpu {
	uint64_t newest; /* 0: nothing seen yet */
	uint64_t seen; /* bit n: newest - n came; before the first one everything counts as seen */
};

struct pst_seq_track {
	uint32_t cpus;
	struct cpu cpu[];
};

static uint64_t missing_in(uint64_t bits_seen)
{
	return (uint64_t)__builtin_popcountll(~bits_seen);
}

/* Cannot overflow: the numbers that leave the window are fewer than @seq, which is at least 1. */
static uint64_t advance(struct cpu *cpu, uint64_t seq)
{
	uint64_t step = seq - cpu->newest;
	uint64_t missing;

	if (step >= WINDOW) {
		missing = missing_in(cpu->seen) + (step - WINDOW);
		cpu->seen = 1;
	} else {
		missing = missing_in(cpu->seen | (UINT64_MAX >> step));
		cpu->seen = cpu->seen << step | 1;
	}
	cpu->newest = seq;
	return missing;
}

static uint64_t see(struct cpu *cpu, uint64_t seq)
{
	uint64_t behind;

	if (!cpu->newest) {
		cpu->newest = seq;
		cpu->seen = UINT64_MAX;
		return 0;
	}
	if (seq > cpu->newest)
		return advance(cpu, seq);
	behind = cpu->newest - seq;
	if (behind < WINDOW)
		cpu->seen |= 1ull << behind;
	return 0; /* further behind: it was counted as lost before it came */
}

static uint64_t close_all(struct pst_seq_track *track)
{
	uint64_t missing = 0;

	for (uint32_t i = 0; i < track->cpus; i++) {
		if (track->cpu[i].newest)
			missing += missing_in(track->cpu[i].seen);
		track->cpu[i].seen = UINT64_MAX;
	}
	return missing;
}

static bool has_sequence(const struct pst_event *event)
{
	switch (event->type) {
	case PST_EVENT_EXEC:
	case PST_EVENT_FORK:
	case PST_EVENT_EXIT:
	case PST_EVENT_CHANNEL:
	case PST_EVENT_RESULT:
	case PST_EVENT_PAYLOAD:
	case PST_EVENT_FILTER:
	case PST_EVENT_ACT:
		return event->seq && !event->preexisting;
	default:
		return false;
	}
}

struct pst_seq_track *pst_seq_track_new(uint32_t cpus)
{
	struct pst_seq_track *track = calloc(1, sizeof(*track) + sizeof(track->cpu[0]) * cpus);

	if (track)
		track->cpus = cpus;
	return track;
}

void pst_seq_track_free(struct pst_seq_track *track)
{
	free(track);
}

uint64_t pst_seq_track_see(struct pst_seq_track *track, const struct pst_event *event)
{
	if (event->type == PST_EVENT_END)
		return close_all(track);
	if (!has_sequence(event) || event->cpu >= track->cpus)
		return 0;
	return see(&track->cpu[event->cpu], event->seq);
}
