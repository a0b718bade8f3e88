// SPDX-License-Identifier: Apache-2.0
/* Is a program another file than the history of weeks knows, and until when are its new channels
 * one difference to review? */
#include <string.h>

#include "base/text.h"
#include "engine/internal.h"

#define SECOND_NS 1000000000ull
/* Another file under a known path is seen at once, what it is only when it was hashed: until then
 * it counts as changed. */
#define UNTIL_KNOWN_NS (60 * SECOND_NS)

static void open_window(struct pst_engine *engine, const struct pst_program *program,
			uint64_t until_ns)
{
	struct pst_program_profile *profile = pst_profile_program(engine->profile, program);

	if (!profile || !engine->config->review_ns)
		return;
	if (profile->review_until_ns < engine->time_ns)
		profile->review_from_ns = engine->time_ns;
	if (profile->review_until_ns < until_ns)
		profile->review_until_ns = until_ns;
}

/* The history's entry of a program that is charged itself, and whose path names its file. */
static struct pst_past_program *entry_of(struct pst_engine *engine, const struct pst_image *image)
{
	if (!pst_program_has_host_path(image->program) || pst_past_charged(image) != image)
		return NULL;
	return pst_past_program_of(engine, image);
}

static bool is_replaced(const struct pst_past_program *past, const struct pst_program *program)
{
	return past->number &&
	       (past->number != program->number || past->ctime_ns != program->ctime_ns);
}

/* What had settled is settled as its next release: an upgrade is no new beginning. */
static void inherit(struct pst_engine *engine, const struct pst_past_program *past,
		    const struct pst_program *program)
{
	const struct pst_program former = { .number = past->number };
	const struct pst_program_profile *before = pst_profile_program(engine->profile, &former);
	bool settled = before && before->settled;
	struct pst_program_profile *profile = pst_profile_program(engine->profile, program);

	if (!profile || profile->settled || !settled)
		return;
	profile->settled = true;
	profile->settled_ns = engine->time_ns;
}

void pst_engine_review_exec(struct pst_engine *engine, const struct pst_process *process)
{
	const struct pst_program *program = process->image->program;
	struct pst_past_program *past = entry_of(engine, process->image);
	uint64_t now_s = pst_past_now_s(engine);

	if (!past)
		return;
	if (is_replaced(past, program)) {
		past->replaced_s = now_s;
		past->was_settled_then = past->settled;
		past->unread_told = false;
		inherit(engine, past, program);
		open_window(engine, program, engine->time_ns + UNTIL_KNOWN_NS);
	}
	past->number = program->number;
	past->ctime_ns = program->ctime_ns;
	if (past->review_until_s > now_s) /* also when that began before a restart */
		open_window(engine, program,
			    engine->time_ns + (past->review_until_s - now_s) * SECOND_NS);
}

struct search {
	const struct pst_program *program;
	struct pst_image *image; /* one that is charged itself, of a process that lives if any */
};

static bool look(void *context, struct pst_image *image)
{
	struct search *search = context;

	if (image->program == search->program && pst_past_charged(image) == image &&
	    (!search->image || (!search->image->processes && image->processes)))
		search->image = image;
	return true;
}

static struct pst_image *image_of(struct pst_engine *engine, const struct pst_program *program)
{
	struct search search = { .program = program };

	pst_attrib_each_image(engine->attrib, look, &search);
	return search.image;
}

static bool is_watched(const struct pst_image *image)
{
	return image->program->vendor || (image->contract >= 0 && image->binder == image);
}

static void tell(struct pst_engine *engine, struct pst_image *image,
		 const struct pst_past_program *past)
{
	const struct pst_detect_change change = {
		.image = image,
		.before = &past->identity[1],
		.after = &past->identity[0],
		.window_s = image->contract < 0 ? engine->config->review_ns / SECOND_NS : 0,
		.time_ns = engine->time_ns,
	};

	pst_detect_change(&engine->detect, &change);
}

/* Another file took the place of one whose hash is known, and was touched or taken away before it
 * was read. That hides what it is, and begins no window. */
static bool is_hidden(const struct pst_past_program *past, const struct pst_past_identity *now)
{
	return past->replaced_s && !past->unread_told && past->identity[0].sha256[0] &&
	       !now->sha256[0] &&
	       (now->hash_state == PST_HASH_UNVERIFIED || now->hash_state == PST_HASH_GONE);
}

static void tell_hidden(struct pst_engine *engine, struct pst_image *image,
			struct pst_past_program *past, const struct pst_past_identity *now)
{
	const struct pst_detect_change change = {
		.image = image,
		.before = &past->identity[0],
		.after = now,
		.time_ns = engine->time_ns,
	};

	past->unread_told = true;
	pst_detect_change(&engine->detect, &change);
}

/* Ours says that it is another file than the kernel measured, its times that it is the same. */
static void tell_readings(struct pst_engine *engine, struct pst_image *image)
{
	const struct pst_program *program = image->program;
	struct pst_past_identity kernels = { .hash_state = PST_HASHED }, ours = kernels;
	const struct pst_detect_change change = {
		.image = image,
		.before = &kernels,
		.after = &ours,
		.is_one_file = true,
		.time_ns = engine->time_ns,
	};

	(void)pst_text_copy(kernels.sha256, sizeof(kernels.sha256),
			    pst_program_measured_sha256(program)); /* both have 64 digits */
	(void)pst_text_copy(ours.sha256, sizeof(ours.sha256), program->sha256);
	pst_detect_change(&engine->detect, &change);
}

void pst_engine_review_known(struct pst_engine *engine, const struct pst_program *program)
{
	struct pst_image *image = image_of(engine, program);
	struct pst_past_program *past = image ? entry_of(engine, image) : NULL;
	uint64_t now_s = pst_past_now_s(engine);
	const char *sha256 = pst_program_sha256(program); /* the history asks not whose it is */
	struct pst_past_identity now = { .hash_state = *sha256 ? PST_HASHED : program->hash_state,
					 .owner = program->owner,
					 .package = program->package,
					 .version = program->version,
					 .first_s = now_s,
					 .last_s = now_s };

	if (image && pst_program_hashes_differ(program) && is_watched(image))
		tell_readings(engine, image);
	if (!past)
		return;
	(void)pst_text_copy(now.sha256, sizeof(now.sha256), sha256); /* it fits */
	if (!pst_history_identity(past, &now)) {
		if (is_hidden(past, &now) && is_watched(image))
			tell_hidden(engine, image, past, &now);
		return;
	}
	if (!is_watched(image))
		return;
	if (!past->replaced_s) {
		past->replaced_s = now_s;
		past->was_settled_then = past->settled;
	}
	past->review_until_s = now_s + engine->config->review_ns / SECOND_NS;
	open_window(engine, program, engine->time_ns + engine->config->review_ns);
	tell(engine, image, past);
}
