// SPDX-License-Identifier: Apache-2.0
/* Has a program shown all that it does? How long it was watched, how many channels were new on each
 * day, how long none was. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "base/wall.h"
#include "engine/view_learn.h"

#define DAY_S 86400u
#define CURVE_DAYS 14u /* of the curve that are shown */

struct novelty { /* of one program, in seconds */
	uint64_t span, quiet;
	bool has_channels;
};

static struct novelty novelty_of(const struct pst_past_program *program)
{
	const struct pst_past_time *time = &program->time;
	uint64_t newest = program->last_new_s ? program->last_new_s : time->first_s;

	return (struct novelty){ .span = time->last_s > time->first_s ?
						 time->last_s - time->first_s :
						 0,
				 .quiet = time->last_s > newest ? time->last_s - newest : 0,
				 .has_channels = program->channel_count > 0 };
}

/* Work comes by the day: who was not watched for one has not been seen. */
static const char *advice(const struct novelty *novelty)
{
	if (!novelty->has_channels)
		return "it opened no channel: a draft allows none";
	if (novelty->span < DAY_S)
		return "not watched for a day yet: what it does once a day was not seen";
	if (novelty->quiet >= DAY_S && novelty->quiet * 2 >= novelty->span)
		return "a draft is likely complete";
	return "still new channels: watch on";
}

static const char *moment(uint64_t time_s, char out[24])
{
	time_t seconds = (time_t)time_s;
	struct tm parts;

	if (!gmtime_r(&seconds, &parts) || strftime(out, 24, "%Y-%m-%d %H:%M", &parts) == 0)
		(void)pst_text_copy(out, 24, "?"); /* fits */
	return out;
}

/* One character a day, the oldest first; then the numbers. */
static void print_curve(FILE *out, const struct pst_past_program *program)
{
	static const char levels[] = "_.:-=+*#";
	uint64_t days = program->time.last_s / DAY_S - program->time.first_s / DAY_S + 1, day;
	uint32_t most = 1;

	days = days < CURVE_DAYS ? days : CURVE_DAYS;
	for (day = 0; day < days; day++)
		if (program->new_on_day[day] > most)
			most = program->new_on_day[day];
	fprintf(out, "  new on each day   ");
	for (day = days; day-- > 0;) {
		uint32_t count = program->new_on_day[day];

		fputc(levels[count ? 1 + (uint64_t)count * (sizeof(levels) - 3) / most : 0], out);
	}
	fputs("  ", out);
	for (day = days; day-- > 0;)
		fprintf(out, " %" PRIu32, program->new_on_day[day]);
	fputc('\n', out);
}

static const char *counted(size_t count)
{
	return count == 1 ? "" : "s";
}

static void print_safe(FILE *out, const char *raw)
{
	char safe[1024];

	(void)pst_text_safe(raw, strlen(raw), safe, sizeof(safe)); /* a cut name is still one */
	fputs(safe, out);
}

static void print_program(FILE *out, const struct pst_past_program *program)
{
	const struct novelty novelty = novelty_of(program);
	char first[24], last[24], span[PST_WALL_TEXT], quiet[PST_WALL_TEXT], running[PST_WALL_TEXT];

	print_safe(out, program->path);
	if (program->identity_count && program->identity[0].package) {
		fputs("  package ", out);
		print_safe(out, program->identity[0].package);
	}
	fprintf(out, "\n  watched           %s to %s: %s, on %" PRIu32 " day%s; running for %s\n",
		moment(program->time.first_s, first), moment(program->time.last_s, last),
		pst_wall_span(novelty.span, span), program->time.days_total,
		program->time.days_total == 1 ? "" : "s", pst_wall_span(program->seen_s, running));
	fprintf(out, "  known             %zu channel%s, %zu other deed%s", program->channel_count,
		counted(program->channel_count), program->fact_count, counted(program->fact_count));
	if (program->dropped)
		fprintf(out, "; %" PRIu64 " forgotten to make room", program->dropped);
	fprintf(out, "\n  last new channel  %s before it was seen last\n",
		pst_wall_span(novelty.quiet, quiet));
	print_curve(out, program);
	fprintf(out, "  no new channel for %s of %s watched: %s\n", quiet, span, advice(&novelty));
}

static void print_table(FILE *out, const struct pst_learn_found *found)
{
	char span[PST_WALL_TEXT], quiet[PST_WALL_TEXT];
	size_t i;

	fprintf(out, "%-40s %5s %12s %8s %14s  %s\n", "PROGRAM", "DAYS", "WATCHED", "CHANNELS",
		"NOTHING NEW", "ADVICE");
	for (i = 0; i < found->count; i++) {
		const struct pst_past_program *program = found->list[i];
		const struct novelty novelty = novelty_of(program);
		char path[1024];

		(void)pst_text_safe(program->path, strlen(program->path), path,
				    sizeof(path)); /* a cut path is still shown */
		fprintf(out, "%-40s %5" PRIu32 " %12s %8zu %14s  %s\n",
			*path ? path : "(program unknown)", program->time.days_total,
			pst_wall_span(novelty.span, span), program->channel_count,
			pst_wall_span(novelty.quiet, quiet), advice(&novelty));
	}
}

char *pst_view_learn_status(const struct pst_learn_keys *keys, char *why)
{
	struct pst_learn_found found;
	char *text = NULL;
	size_t len = 0, i;
	FILE *out;

	if (pst_learn_find(keys, &found, why) < 0)
		return NULL;
	out = open_memstream(&text, &len);
	if (out && keys->name_count)
		for (i = 0; i < found.count; i++)
			print_program(out, found.list[i]);
	else if (out)
		print_table(out, &found);
	free(found.list);
	if (out && fclose(out) == 0)
		return text;
	free(text);
	(void)pst_text_copy(why, PST_LEARN_WHY, "not enough memory"); /* fits */
	return NULL;
}
