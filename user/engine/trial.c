// SPDX-License-Identifier: Apache-2.0
/* Which alerts would a contract have raised over weeks? What is remembered of each program is made
 * into a process again, as far as a contract asks about it: path, unit, package, who started it,
 * and the names of those it talked to. */
#include "engine/trial.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "engine/trial_parts.h"

#define STEP_NS 1000000000ull
#define NOBODY UINT32_MAX /* no user is known: no entry that asks for one holds */
#define FIRST_TGID 1000u

/* A process that runs @path; its image's id is the moment at which it did. */
static struct pst_event exec_of(struct pst_trial_run *run, const char *path, const char *unit)
{
	struct pst_event event = { .type = PST_EVENT_EXEC, .preexisting = true };

	run->time_ns += STEP_NS;
	event.time_ns = run->time_ns;
	event.task.tid = ++run->tgid;
	event.task.uid = NOBODY;
	event.task.proc = (struct pst_proc_id){ .start_ns = run->time_ns, .tgid = run->tgid };
	event.task.root = event.task.proc;
	event.task.image = (struct pst_image_id){ .exec_ns = run->time_ns, .tgid = run->tgid };
	event.exec.path = path;
	event.exec.inode = run->tgid; /* each is a file of its own */
	event.exec.login_uid = event.exec.session_id = UINT32_MAX;
	(void)pst_text_format(run->cgroup, sizeof(run->cgroup), "%s%s",
			      unit ? "/system.slice/" : "/", unit ? unit : ""); /* fits */
	event.exec.cgroup = run->cgroup;
	return event;
}

static void tell_identity(struct pst_trial_run *run, const struct pst_past_program *program,
			  const struct pst_event *exec)
{
	const struct pst_past_identity *past = &program->identity[0];
	struct pst_identity_seen seen = {
		.inode = exec->exec.inode,
		.hash_state = past->hash_state,
		.owner = past->owner,
		.path = { (const uint8_t *)program->path, strlen(program->path) },
	};
	struct pst_identity_news news[PST_IDENTITY_NEWS];

	if (!program->identity_count)
		return;
	if (past->package)
		(void)pst_text_copy(seen.package, sizeof(seen.package), past->package);
	if (past->version)
		(void)pst_text_copy(seen.version, sizeof(seen.version), past->version);
	(void)pst_attrib_identity(run->attrib, &seen, news); /* what is new does not matter */
}

/* The image of @program in one of its units; NULL without memory. */
static struct pst_image *stand_up(struct pst_trial_run *run, const struct pst_past_program *program,
				  const char *unit)
{
	struct pst_event event = exec_of(run, program->path, unit);
	struct pst_process *process;

	event.exec.memfd = program->memfd;
	event.exec.foreign = program->foreign_root;
	process = pst_attrib_see(run->attrib, &event);
	if (!process)
		return NULL;
	run->exec = event;
	tell_identity(run, program, &event);
	pst_contract_bind(run->set, process->image);
	return process->image;
}

/* The image of the program that acted, executed by the one that its acts are charged to. */
static struct pst_image *step_on(struct pst_trial_run *run, const char *via)
{
	const struct pst_event before = run->exec;
	struct pst_event event = exec_of(run, via, NULL);
	struct pst_process *process;

	event.task = before.task;
	event.task.image.exec_ns = run->time_ns;
	event.exec.cgroup = run->exec.exec.cgroup;
	event.exec.prev = before.task.image;
	process = pst_attrib_see(run->attrib, &event);
	if (process)
		pst_contract_bind(run->set, process->image);
	return process ? process->image : NULL;
}

static void judge_channels(struct pst_trial_run *run, const struct pst_past_program *program,
			   struct pst_image *image)
{
	for (size_t i = 0; i < program->channel_count; i++) {
		const struct pst_past_channel *past = program->channels[i];
		struct pst_image *acted = past->via ? step_on(run, past->via) : image;

		if (!acted) {
			run->no_memory = true;
			return;
		}
		if (acted->contract >= 0)
			pst_trial_channel(run, program, past, acted);
	}
}

/* In which of its units does a contract bind it? The first that one does; else the last. */
static struct pst_image *bind(struct pst_trial_run *run, const struct pst_past_program *program)
{
	struct pst_image *image = stand_up(run, program, NULL);

	for (uint32_t i = 0; i < program->unit_count && image && image->contract < 0; i++)
		image = stand_up(run, program, program->units[i]);
	return image;
}

static bool judge_program(void *context, struct pst_past_program *program)
{
	struct pst_trial_run *run = context;
	size_t before = run->trial->deeds;
	struct pst_image *image = bind(run, program);

	if (!image) {
		run->no_memory = true;
		return false;
	}
	judge_channels(run, program, image);
	if (image->contract >= 0)
		pst_trial_facts(run, program, pst_contracts_at(run->set, (size_t)image->contract));
	if (image->contract >= 0 || run->trial->deeds > before)
		run->trial->programs++;
	else
		run->trial->unbound++;
	return !run->no_memory;
}

int pst_trial_of(const struct pst_history *history, struct pst_contracts *set,
		 struct pst_trial *out)
{
	const struct pst_attrib_keys keys = { .max_processes = 64, .max_images = 64 };
	struct pst_trial trial = { .lines = NULL };
	struct pst_trial_run run = { .history = history,
				     .set = set,
				     .attrib = pst_attrib_new(&keys),
				     .trial = &trial,
				     .tgid = FIRST_TGID };
	const struct pst_contract_names names = { .attrib = run.attrib, .dns_seen = true };

	if (!run.attrib)
		return -ENOMEM;
	pst_contracts_names(set, &names);
	pst_history_each(history, judge_program, &run);
	pst_contracts_names(set, &(struct pst_contract_names){ .attrib = NULL });
	pst_attrib_free(run.attrib);
	if (run.no_memory) {
		pst_trial_clear(&trial);
		return -ENOMEM;
	}
	*out = trial;
	return 0;
}

void pst_trial_clear(struct pst_trial *trial)
{
	for (size_t i = 0; i < trial->count; i++)
		free(trial->lines[i]);
	free(trial->lines);
	*trial = (struct pst_trial){ .lines = NULL };
}
