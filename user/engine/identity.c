// SPDX-License-Identifier: Apache-2.0
/* When is it asked who a program is, and what does the answer change? */
#include "engine/internal.h"

#define SCRIPT_AGAIN_NS 60000000000ull /* a script may change though its interpreter does not */

static bool must_ask(const struct pst_engine *engine, const struct pst_program *program)
{
	if (!engine->identify || !program->path[0])
		return false;
	return !program->identity_asked ||
	       (program->interpreter && engine->time_ns - program->asked_ns >= SCRIPT_AGAIN_NS);
}

void pst_engine_identify(struct pst_engine *engine, const struct pst_process *process)
{
	struct pst_program *program = process->image->program;
	const struct pst_identify question = {
		.proc = process->id,
		.inode = program->inode,
		.ctime_ns = program->ctime_ns,
		.dev_major = program->dev_major,
		.dev_minor = program->dev_minor,
		.path = program->path,
		.script = program->interpreter != NULL,
		.has_host_path = pst_program_has_host_path(program),
	};

	if (!must_ask(engine, program))
		return;
	program->asked_ns = engine->time_ns;
	program->identity_asked = engine->identify(engine->context, &question);
	engine->identify_again |= !program->identity_asked;
}

static bool ask_again(void *context, struct pst_process *process)
{
	pst_engine_identify(context, process);
	return true;
}

void pst_engine_identity_tick(struct pst_engine *engine)
{
	if (!engine->identify_again)
		return;
	engine->identify_again = false;
	pst_attrib_each(engine->attrib, ask_again, engine);
}

void pst_engine_see_identity(struct pst_engine *engine, const struct pst_event *event)
{
	struct pst_identity_news news[PST_IDENTITY_NEWS];
	size_t count = pst_attrib_identity(engine->attrib, &event->identity, news);

	for (size_t i = 0; i < count; i++) { /* at most PST_IDENTITY_NEWS */
		if (news[i].vendor)
			engine->detect.standing_next_ns = 0; /* it may be due */
		pst_engine_judge_news(engine, &news[i]);
		pst_engine_review_known(engine, news[i].program);
	}
}
