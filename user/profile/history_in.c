// SPDX-License-Identifier: Apache-2.0
/* What are the next bytes of a state file? Numbers, texts, times and histograms, each held against
 * its range before anybody sees it. */
#include "profile/history_in.h"

#include <stdlib.h>
#include <string.h>

#define TIME_MAX (UINT64_C(1) << 40) /* seconds; no clock says more */

void pst_in_refuse(struct pst_in *in, const char *why)
{
	if (!in->why)
		in->why = why;
	in->at = in->end;
}

void pst_in_no_memory(struct pst_in *in)
{
	in->no_memory |= !in->why;
	pst_in_refuse(in, "there is not enough memory for it");
}

const uint8_t *pst_in_take(struct pst_in *in, size_t len)
{
	const uint8_t *at = in->at;

	if ((size_t)(in->end - in->at) < len) {
		pst_in_refuse(in, "it ends in the middle of a record");
		return NULL;
	}
	in->at += len;
	return at;
}

static uint64_t get_number(struct pst_in *in, size_t bytes)
{
	const uint8_t *at = pst_in_take(in, bytes);
	uint64_t value = 0;

	for (size_t i = 0; at && i < bytes; i++)
		value |= (uint64_t)at[i] << (8 * i);
	return value;
}

uint64_t pst_in_u64(struct pst_in *in)
{
	return get_number(in, 8);
}

uint32_t pst_in_u32(struct pst_in *in)
{
	return (uint32_t)get_number(in, 4);
}

uint16_t pst_in_u16(struct pst_in *in)
{
	return (uint16_t)get_number(in, 2);
}

uint8_t pst_in_up_to(struct pst_in *in, uint8_t max)
{
	uint8_t value = (uint8_t)get_number(in, 1);

	if (value > max) {
		pst_in_refuse(in, "a value is out of its range");
		return 0;
	}
	return value;
}

char *pst_in_span(struct pst_in *in, size_t max, uint16_t *len)
{
	uint16_t size = pst_in_u16(in);
	const uint8_t *bytes;
	char *text;

	*len = 0;
	if (in->why || size == PST_STATE_NO_TEXT)
		return NULL;
	if (size > max) {
		pst_in_refuse(in, "a text is too long");
		return NULL;
	}
	bytes = pst_in_take(in, size);
	text = bytes ? malloc((size_t)size + 1) : NULL;
	if (!text) {
		pst_in_no_memory(in); /* no news when the bytes were missing */
		return NULL;
	}
	memcpy(text, bytes, size);
	text[size] = '\0';
	*len = size;
	return text;
}

char *pst_in_text(struct pst_in *in, size_t max)
{
	uint16_t len;
	char *text = pst_in_span(in, max, &len);

	if (text && strlen(text) != len)
		pst_in_refuse(in, "a text holds a zero byte");
	return text; /* whose it is frees it, refused or not */
}

char *pst_in_must(struct pst_in *in, size_t max)
{
	char *text = pst_in_text(in, max);

	if (!text)
		pst_in_refuse(in, "a text is missing");
	return text;
}

uint64_t pst_in_seconds(struct pst_in *in)
{
	uint64_t value = pst_in_u64(in);

	if (value >= TIME_MAX)
		pst_in_refuse(in, "a time is out of its range");
	return value;
}

void pst_in_time(struct pst_in *in, struct pst_past_time *time)
{
	time->first_s = pst_in_seconds(in);
	time->last_s = pst_in_seconds(in);
	time->days = pst_in_u64(in);
	time->days_total = pst_in_u32(in);
	if (!(time->days & 1) || time->first_s > time->last_s ||
	    time->days_total < (uint32_t)__builtin_popcountll(time->days))
		pst_in_refuse(in, "the days of an entry contradict its times");
}

void pst_in_steps(struct pst_in *in, uint32_t *steps, size_t count)
{
	uint8_t used = pst_in_up_to(in, (uint8_t)count);
	uint8_t step, next = 0;

	for (uint8_t i = 0; i < used && !in->why; i++) {
		step = pst_in_up_to(in, (uint8_t)(count - 1));
		steps[step] = pst_in_u32(in);
		if (step < next || !steps[step])
			pst_in_refuse(in, "the steps of a histogram are not in order");
		next = (uint8_t)(step + 1);
	}
}
