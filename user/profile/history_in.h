// SPDX-License-Identifier: Apache-2.0
/* How is a state file taken apart, when anybody may have written it? A cursor that stops at the
 * first thing that is wrong: after it everything reads as zero or none. Inside this room only. */
#ifndef PST_PROFILE_HISTORY_IN_H
#define PST_PROFILE_HISTORY_IN_H

#include "profile/history_room.h"

struct pst_in {
	const uint8_t *at, *end;
	const char *why; /* NULL: nothing is wrong so far */
	bool no_memory;	 /* and that is all that is wrong */
	/* of the header */
	uint32_t programs, channels;
	uint64_t wall_s;
};

/* pst_in_refuse - nothing is read after this; the first reason stands */
void pst_in_refuse(struct pst_in *in, const char *why);
void pst_in_no_memory(struct pst_in *in);

/* pst_in_take - the next @len bytes, or NULL */
const uint8_t *pst_in_take(struct pst_in *in, size_t len);

uint16_t pst_in_u16(struct pst_in *in);
uint32_t pst_in_u32(struct pst_in *in);
uint64_t pst_in_u64(struct pst_in *in);

/* pst_in_up_to - a byte that is at most @max */
uint8_t pst_in_up_to(struct pst_in *in, uint8_t max);

/* pst_in_seconds - a time of the wall clock */
uint64_t pst_in_seconds(struct pst_in *in);

/* pst_in_span - up to @max raw bytes, terminated, and their number; the caller frees; NULL: none */
char *pst_in_span(struct pst_in *in, size_t max, uint16_t *len);

/* pst_in_text - as pst_in_span, without a zero byte inside; pst_in_must - that is there */
char *pst_in_text(struct pst_in *in, size_t max);
char *pst_in_must(struct pst_in *in, size_t max);

void pst_in_time(struct pst_in *in, struct pst_past_time *time);

/* pst_in_steps - a histogram of up to @count steps */
void pst_in_steps(struct pst_in *in, uint32_t *steps, size_t count);

/* ---- history_read_channel.c ---- */

/*
 * pst_past_read_channel - the next channel of the file
 * @owners: of the file's programs, by number; NULL: of one that was forgotten to make room
 */
void pst_past_read_channel(struct pst_in *in, struct pst_history *history,
			   struct pst_past_owner *const *owners, uint32_t programs);

#endif
