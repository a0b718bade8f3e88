// SPDX-License-Identifier: Apache-2.0
/* What did programs do beside channels, for the history of weeks? */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "engine/internal.h"

static void note(struct pst_engine *engine, const struct pst_image *image, enum pst_past_what what,
		 const char *text)
{
	struct pst_past_program *program = pst_past_program_of(engine, image);

	if (program)
		pst_history_fact(engine->past.history, program,
				 &(struct pst_past_deed){ what, text, pst_past_now_s(engine) });
}

/* What an earlier session saw settle is settled from its first sight on. */
static void settle_again(struct pst_engine *engine, const struct pst_process *process)
{
	struct pst_program *program = process->image->program;
	const struct pst_past_program *past = program->foreign_root ?
						      NULL :
						      pst_past_entry(engine, program);
	struct pst_program_profile *profile;

	if (!past || !past->settled)
		return;
	profile = pst_profile_program(engine->profile, program);
	if (!profile || profile->settled)
		return;
	profile->settled = true;
	profile->settled_ns = engine->time_ns;
}

void pst_engine_past_exec(struct pst_engine *engine, const struct pst_event *event,
			  const struct pst_process *process)
{
	const struct pst_image *image = process->image;
	const struct pst_program *program = image->program;

	settle_again(engine, process);
	/* who runs already was executed too, and is held against a contract as such */
	if (image->prev && image->prev->program->path[0] &&
	    !(event->preexisting && image->prev->program == program)) /* a worker that was forked */
		note(engine, image->prev, PST_PAST_EXEC, program->path);
	if (event->preexisting)
		return;
	if (program->memfd)
		note(engine, image, PST_PAST_MEMFD, "");
	if (program->deleted && !program->memfd) /* which never had a file */
		note(engine, image, PST_PAST_DELETED, "");
	if (pst_past_charged(image) == image) {
		struct pst_past_program *past = pst_past_program_of(engine, image);

		if (past)
			past->execs++;
	}
}

void pst_engine_past_filter(struct pst_engine *engine, const struct pst_event *event,
			    const struct pst_process *process)
{
	if (event->filter.hash[0])
		note(engine, process->image, PST_PAST_FILTER, event->filter.hash);
}

void pst_engine_past_act(struct pst_engine *engine, const struct pst_event *event,
			 const struct pst_process *process)
{
	const struct pst_act_seen *act = &event->act;
	char number[24];

	if (act->act == PST_MODULE)
		note(engine, process->image, PST_PAST_MODULE, act->name);
	else if (act->act == PST_URING_NETWORK)
		note(engine, process->image, PST_PAST_URING, "");
	if (act->act != PST_BPF_LOAD)
		return;
	(void)pst_text_format(number, sizeof(number), "%" PRIu32, act->number); /* ten digits */
	note(engine, process->image, PST_PAST_BPF, number);
}

void pst_engine_past_handed(struct pst_engine *engine, const struct pst_process *process,
			    const struct pst_channel *channel)
{
	const struct pst_process *opener =
		channel->owner.tgid ? pst_attrib_find(engine->attrib, &channel->owner) : NULL;

	if (opener && opener->image->program->path[0])
		note(engine, process->image, PST_PAST_HANDED, opener->image->program->path);
}
