// SPDX-License-Identifier: Apache-2.0
/* When is it asked who a program is, or of which image its container, and what does the answer
 * change? */
#include "base/text.h"
#include "engine/internal.h"

#define AGAIN_NS 1000000000ull /* between two questions about one script */

/* A script may change though its interpreter does not: each exec asks. */
static bool must_ask(const struct pst_engine *engine, const struct pst_program *program)
{
	return engine->identify && program->path[0] &&
	       (!program->identity_asked || program->interpreter);
}

static bool may_ask(const struct pst_engine *engine, const struct pst_program *program)
{
	return !program->identity_asked || engine->time_ns - program->asked_ns >= AGAIN_NS;
}

/* Where nobody is asked, the kernel's digest is all that there will be. */
static bool is_all_known(const struct pst_engine *engine, const struct pst_program *program)
{
	return !engine->config->identity_hash && !engine->config->identity_packages &&
	       !program->identity_asked && *pst_program_sha256(program);
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
		.cgroup = process->image->cgroup,
	};

	if (is_all_known(engine, program)) {
		program->identity_asked = true;
		pst_engine_review_known(engine, program);
	}
	if (!must_ask(engine, program))
		return;
	program->asker = process->id;
	if (may_ask(engine, program)) {
		program->asked_ns = engine->time_ns;
		program->identity_asked = engine->identify(engine->context, &question);
		if (program->identity_asked)
			program->asker = (struct pst_proc_id){ .tgid = 0 };
	}
	engine->identify_again |= program->asker.tgid != 0;
}

/* Only who executed it last asks: a script that is younger than its process is not what it ran. */
static bool ask_again(void *context, struct pst_process *process)
{
	const struct pst_proc_id *asker = &process->image->program->asker;

	if (asker->tgid == process->id.tgid && asker->start_ns == process->id.start_ns)
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

/* What runs already and was read before is what is news: most digests come before the EXEC of the
 * first process, and the answer about that one finds them. */
void pst_engine_see_measured(struct pst_engine *engine, const struct pst_event *event)
{
	struct pst_identity_news news[PST_IDENTITY_NEWS];
	size_t count = pst_attrib_measured(engine->attrib, &event->measured, news);

	for (size_t i = 0; i < count; i++) { /* at most PST_IDENTITY_NEWS */
		if (news[i].program->hash_state != PST_HASH_UNKNOWN)
			pst_engine_review_known(engine, news[i].program);
	}
}

/* One that found no room is asked by an exec in that container after a minute. */
void pst_engine_identify_container(struct pst_engine *engine, const struct pst_process *process)
{
	const struct pst_image *image = process->image;
	char name[sizeof(image->container_id) + 16];
	const struct pst_identify question = {
		.proc = process->id, .path = name, .cgroup = image->cgroup, .container = true
	};

	if (!engine->identify || !pst_attrib_asks_container(engine->attrib, image, engine->time_ns))
		return;
	(void)pst_text_format(name, sizeof(name), "%s/%s", image->runtime,
			      image->container_id); /* a runtime's name is ours: it fits */
	(void)engine->identify(engine->context, &question);
}

void pst_engine_see_container(struct pst_engine *engine, const struct pst_event *event)
{
	pst_attrib_container(engine->attrib, &event->container);
}
