// SPDX-License-Identifier: Apache-2.0
/* What do we see at once, late, or not at all, and why? Each row of coverage.def is a set of
 * alternatives; the first whose slots all have a working program sees it. */
#include "engine/coverage.h"

#include <string.h>

#include "base/text.h"

#define REASONS_MAX 3u /* that a row names */

struct word { /* part of a text, not terminated */
	const char *at;
	size_t len;
};

/* next_word - the text up to one of @ends, or to @stop; advances *@at behind it; false at the end
 */
static bool next_word(const char **at, const char *stop, char end, struct word *out)
{
	const char *from = *at, *to;

	if (from >= stop)
		return false;
	to = memchr(from, end, (size_t)(stop - from));
	*out = (struct word){ from, (size_t)((to ? to : stop) - from) };
	*at = to ? to + 1 : stop;
	return true;
}

static bool is_slot(const struct pst_hook *hook, const struct word *slot)
{
	return strlen(hook->slot) == slot->len && memcmp(hook->slot, slot->at, slot->len) == 0;
}

static bool works(const struct pst_hook *hook)
{
	return hook->state == PST_ANSWERED || hook->state == PST_ATTACHED;
}

static bool slot_works(const struct pst_coverage_in *in, const struct word *slot)
{
	for (size_t i = 0; i < in->count; i++) {
		if (is_slot(&in->hooks[i], slot) && works(&in->hooks[i]))
			return true;
	}
	return false;
}

/* find_working - the first alternative of @slots that works; false when none does */
static bool find_working(const struct pst_coverage_in *in, const char *slots, struct word *out)
{
	const char *at = slots, *end = slots + strlen(slots);

	while (next_word(&at, end, '|', out)) {
		const char *part = out->at, *stop = out->at + out->len;
		struct word slot;
		bool all = true;

		while (next_word(&part, stop, '&', &slot))
			all = slot_works(in, &slot) && all;
		if (all)
			return true;
	}
	return false;
}

/* why_not - what is known of a slot that nothing holds */
static void why_not(const struct pst_coverage_in *in, const struct word *slot, char *out,
		    size_t size)
{
	const struct pst_hook *hook = NULL;

	for (size_t i = 0; i < in->count; i++) { /* the last rank's reason is the nearest */
		if (is_slot(&in->hooks[i], slot))
			hook = &in->hooks[i];
	}
	if (!hook)
		(void)pst_text_copy(out, size, "this build has no program for it");
	else if (hook->why[0])
		(void)pst_text_safe(hook->why, strlen(hook->why), out, size);
	else if (hook->state == PST_REFUSED_BY_KERNEL)
		(void)pst_text_format(out, size, "refused by the kernel: %s",
				      strerror((int)hook->error)); /* cut is fine */
	else
		(void)pst_text_copy(out, size,
				    hook->state == PST_SILENT ? "attached, and does not run" :
								"not used");
}

/* explain - the different reasons of those of @slots that miss, behind what is in @out; returns how
 * many there are now */
static size_t explain(const struct pst_coverage_in *in, const char *slots, size_t reasons,
		      char *out)
{
	const char *at = slots, *end = slots + strlen(slots);
	struct word all;

	while (reasons < REASONS_MAX && next_word(&at, end, '|', &all)) {
		const char *part = all.at, *stop = all.at + all.len;
		struct word slot;
		char text[96] = "";

		while (!text[0] && next_word(&part, stop, '&', &slot)) {
			if (!slot_works(in, &slot))
				why_not(in, &slot, text, sizeof(text));
		}
		if (!text[0] || strstr(out, text))
			continue;
		(void)pst_text_append(out, PST_COVER_TEXT, "%s%s", reasons ? "; " : "", text);
		reasons++;
	}
	return reasons;
}

/* switched_off - by which key of the configuration; NULL: by none */
static const char *switched_off(const struct pst_coverage_in *in, const char *name)
{
	if (!in->dns && strcmp(name, "dns") == 0)
		return "switched off by sensor.dns";
	if (!in->first_bytes && strcmp(name, "first_bytes") == 0)
		return "switched off by sensor.first_bytes";
	return NULL;
}

static void judge_row(const struct pst_coverage_in *in, const struct pst_cover *row,
		      struct pst_coverage *out, size_t i)
{
	const char *off = switched_off(in, row->name);
	struct word by = { "", 0 };
	size_t reasons = 0;

	out->reason[i][0] = '\0';
	out->state[i] = PST_COVER_BLIND;
	if (off)
		(void)pst_text_copy(out->reason[i], PST_COVER_TEXT, off);
	else if (find_working(in, row->seen, &by))
		out->state[i] = PST_COVER_SEEN;
	else if (find_working(in, row->late, &by))
		out->state[i] = PST_COVER_LATE;
	else
		by.len = 0;
	if (!off && out->state[i] != PST_COVER_SEEN)
		reasons = explain(in, row->seen, 0, out->reason[i]);
	if (!off && out->state[i] == PST_COVER_BLIND)
		(void)explain(in, row->late, reasons, out->reason[i]);
	(void)pst_text_format(out->by[i], sizeof(out->by[i]), "%.*s", (int)by.len,
			      by.at); /* fits: the list's test */
}

void pst_coverage_judge(const struct pst_coverage_in *in, struct pst_coverage *out)
{
	const struct pst_cover *rows = pst_cover_rows(&out->count);

	for (size_t i = 0; i < out->count; i++)
		judge_row(in, &rows[i], out, i);
}

size_t pst_coverage_shrunk(const struct pst_coverage *before, const struct pst_coverage *now,
			   char *out, size_t size)
{
	size_t count = 0, rows;
	const struct pst_cover *row = pst_cover_rows(&rows);

	out[0] = '\0';
	for (size_t i = 0; i < before->count && i < now->count; i++) {
		if (now->state[i] <= before->state[i])
			continue;
		(void)pst_text_append(out, size, "%s%s %s", count ? ", " : "", row[i].name,
				      pst_cover_state_name(now->state[i])); /* cut is fine */
		count++;
	}
	return count;
}
