// SPDX-License-Identifier: Apache-2.0
/* Whom is a channel charged to in the history of weeks? */
#include <stdlib.h>
#include <string.h>

#include "engine/internal.h"

static bool is_service(const char *unit)
{
	size_t len = strlen(unit);

	return len > 8 && strcmp(unit + len - 8, ".service") == 0;
}

/* The first program of a service: what it executes is its own. A wrapper whose process went on as
 * another program (env, setpriv, "sh -c exec ...") only started that. */
static const struct pst_image *first_of_service(const struct pst_image *image)
{
	const char *unit = pst_image_home_unit(image);
	const struct pst_image *first = image, *at = image;

	if (!is_service(unit))
		return image;
	while (at->prev && strcmp(pst_image_home_unit(at->prev), unit) == 0) { /* is older */
		if (at->prev->id.tgid != at->id.tgid)
			first = at->prev;
		at = at->prev;
	}
	return first;
}

const struct pst_image *pst_past_charged(const struct pst_image *image)
{
	const struct pst_image *subject;

	if (image->contract >= 0 && image->binder)
		return image->binder;
	subject = pst_attrib_subject(image);
	if (!subject)
		subject = first_of_service(image);
	/* no contract can name what lies in memory: it is of who executed it */
	return subject->program->memfd && subject->prev ? pst_past_charged(subject->prev) : subject;
}

uint64_t pst_past_now_s(const struct pst_engine *engine)
{
	return pst_wall_s(engine->time_ns, engine->wall_offset_ns);
}

/* The latest unit stands first; the one that was not seen longest goes. */
static void note_unit(struct pst_past_program *past, const char *unit)
{
	char *known = NULL;
	uint32_t at;

	if (!unit[0])
		return;
	for (at = 0; at < past->unit_count && !known; at++) {
		if (strcmp(past->units[at], unit) == 0)
			known = past->units[at--];
	}
	if (!known) {
		known = strndup(unit, PST_PAST_UNIT_TEXT);
		if (!known)
			return;
		if (at == PST_PAST_UNITS)
			free(past->units[--at]);
		else
			past->unit_count++;
	}
	memmove(&past->units[1], &past->units[0], at * sizeof(past->units[0]));
	past->units[0] = known;
}

static void note_program(struct pst_engine *engine, struct pst_past_program *past,
			 const struct pst_image *image)
{
	const struct pst_program *program = image->program;
	const struct pst_program_profile *profile = pst_profile_program(engine->profile,
									image->program);

	past->vendor = program->vendor;
	past->memfd |= program->memfd;
	if (program->interpreter && !past->interpreter)
		past->interpreter = strndup(program->interpreter, PST_PAST_TEXT);
	past->argument |= program->argument;
	if (profile && profile->settled) /* its standing channels were told then */
		past->settled = past->standing_told = true;
	note_unit(past, pst_image_home_unit(image));
}

static const struct pst_past_id *id_of(struct pst_program *program)
{
	if (!program->has_past_id)
		program->past_id = pst_past_id_of(program->path, program->foreign_root);
	program->has_past_id = true;
	return &program->past_id;
}

const struct pst_past_program *pst_past_entry(const struct pst_engine *engine,
					      struct pst_program *program)
{
	return pst_history_at(engine->past.history, id_of(program));
}

struct pst_past_program *pst_past_program_of(struct pst_engine *engine,
					     const struct pst_image *image)
{
	const struct pst_image *charged = pst_past_charged(image);
	struct pst_program *program = charged->program;
	uint64_t now_s = pst_past_now_s(engine);
	struct pst_past_program *past = pst_history_again(engine->past.history, id_of(program),
							  now_s);

	if (!past)
		past = (program->foreign_root ? pst_history_foreign : pst_history_program)(
			engine->past.history, program->path, now_s);
	if (past)
		note_program(engine, past, charged);
	return past;
}
