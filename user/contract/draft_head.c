// SPDX-License-Identifier: Apache-2.0
/* What must a reviewer know before he reads the clauses? What the draft binds, how long it was
 * watched, how settled it is, and what the draft does not say. */
#include "contract/draft_parts.h"

#include <inttypes.h>
#include <string.h>

#define PLAIN                                                                                    \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@%,=" /* to a shell \
										    */

static void say_identity(struct pst_prose *out, const struct pst_past_program *program)
{
	static const char *const owners[] = {
		[PST_OWNER_UNKNOWN] = "whose package is not known",
		[PST_OWNER_NONE] = "no package owns it",
		[PST_OWNER_DISTRIBUTION] = "package of the distribution",
		[PST_OWNER_VENDOR] = "package of a vendor",
	};
	const struct pst_past_identity *identity = &program->identity[0];

	if (!program->identity_count)
		return;
	pst_prose_say(out, "; %s",
		      owners[identity->owner < PST_OWNERS ? identity->owner : PST_OWNER_UNKNOWN]);
	if (identity->package) {
		pst_prose_say(out, ": ");
		pst_draft_say_safe(out, identity->package);
		pst_prose_say(out, " ");
		pst_draft_say_safe(out, identity->version ? identity->version : "");
	}
	if (identity->sha256[0])
		pst_prose_say(out, "; sha256 %.16s...", identity->sha256);
	if (program->identity_count > 1)
		pst_prose_say(out, "; it is the %" PRIu32 ". file there", program->identity_count);
}

static void say_program(struct pst_prose *out, const struct pst_past_program *program)
{
	uint32_t i;

	pst_prose_say(out, "// Program: ");
	pst_draft_say_safe(out, program->path);
	if (program->interpreter) {
		pst_prose_say(out, ", run by ");
		pst_draft_say_safe(out, program->interpreter);
	}
	say_identity(out, program);
	for (i = 0; i < program->unit_count; i++) {
		pst_prose_say(out, i ? ", " : "; unit ");
		pst_draft_say_safe(out, program->units[i]);
	}
	pst_prose_say(out, "\n");
}

static uint64_t last_new(const struct pst_draft_keys *keys)
{
	uint64_t latest = 0;
	size_t i;

	for (i = 0; i < keys->program_count; i++)
		if (keys->programs[i]->last_new_s > latest)
			latest = keys->programs[i]->last_new_s;
	return latest;
}

static void say_watched(struct pst_prose *out, const struct pst_draft_work *work)
{
	const struct pst_past_time *time = &work->time;
	uint64_t newest = last_new(work->keys);
	char first[PST_WALL_TEXT], last[PST_WALL_TEXT], span[PST_WALL_TEXT];

	pst_prose_say(out, "// Watched: on %" PRIu32 " day%s, %s to %s", time->days_total,
		      time->days_total == 1 ? "" : "s", pst_wall_day((int64_t)time->first_s, first),
		      pst_wall_day((int64_t)time->last_s, last));
	if (newest && newest <= time->last_s)
		pst_prose_say(out, "; the last new channel came %s before the end",
			      pst_wall_span(time->last_s - newest, span));
	pst_prose_say(out, "\n");
}

static void say_count(struct pst_prose *out, size_t count, const char *one, const char *many)
{
	if (count == 1)
		pst_prose_say(out, "// %s\n", one);
	else if (count)
		pst_prose_say(out, "// %zu %s\n", count, many);
}

static void say_missing(struct pst_prose *out, const struct pst_draft_work *work)
{
	uint64_t dropped = 0;
	size_t i;

	for (i = 0; i < work->keys->program_count; i++)
		dropped += work->keys->programs[i]->dropped;
	say_count(out, work->networks, "One network stands for several of its addresses.",
		  "networks stand for several of their addresses each.");
	say_count(out, work->domains, "One name with a wildcard stands for several.",
		  "names with wildcards stand for several each.");
	say_count(out, work->paths, "One pattern stands for several paths.",
		  "patterns stand for several paths each.");
	say_count(out, work->folded_away,
		  "Not in it: one channel of which neither peer nor name is known.",
		  "channels are not in it: neither their peers nor their names are known.");
	if (dropped)
		pst_prose_say(out,
			      "// Not in it: %" PRIu64
			      " channels or deeds that were forgotten to make room.\n",
			      dropped);
}

/* For a shell: what needs it is quoted. What cannot stand between quotes, or would be a wildcard
 * for more, becomes one for one byte. */
static void say_word(struct pst_prose *out, const char *path)
{
	const bool plain = !path[strspn(path, PLAIN)];
	const char *at;

	pst_prose_say(out, plain ? " " : " '");
	for (at = path; *at; at++)
		pst_prose_say(out, "%c",
			      *at >= ' ' && *at <= '~' && !strchr("'\\*", *at) ? *at : '?');
	pst_prose_say(out, plain ? "" : "'");
}

/* Bound as children, but nothing that they did is in the clauses. */
static void say_apart(struct pst_prose *out, const struct pst_draft_keys *keys)
{
	size_t i;

	for (i = 0; i < keys->apart_count; i++) {
		pst_prose_say(out, "// It executes ");
		pst_draft_say_safe(out, keys->apart[i]);
		pst_prose_say(out, ", whose deeds are not in it.\n");
	}
	if (!keys->apart_count)
		return;
	pst_prose_say(out, "// One contract of all of them: postern learn");
	for (i = 0; i < keys->program_count; i++) /* by path: one may be a container's as well */
		if (!i || strcmp(keys->programs[i]->path, keys->programs[i - 1]->path) != 0)
			say_word(out, keys->programs[i]->path);
	for (i = 0; i < keys->apart_count; i++)
		say_word(out, keys->apart[i]);
	pst_prose_say(out, "\n");
}

static void say_accepted(struct pst_prose *out, unsigned int accepted)
{
	const char *between = "";
	unsigned int i;

	if (!accepted)
		return;
	pst_prose_say(out, "// Accepted by option, without a look at each: ");
	for (i = 0; i < PST_DRAFT_CLASSES; i++) {
		if (!(accepted & 1u << i))
			continue;
		pst_prose_say(out, "%s%s", between, pst_draft_class_name((enum pst_draft_class)i));
		between = ", ";
	}
	pst_prose_say(out, "\n");
}

void pst_draft_say_head(struct pst_prose *out, const struct pst_draft_work *work,
			unsigned int proposals)
{
	char date[PST_WALL_TEXT];
	size_t i;

	pst_prose_say(
		out,
		"// Drafted by 'postern learn' on %s. Read each clause before it is in force.\n",
		pst_wall_day((int64_t)work->keys->now_s, date));
	for (i = 0; i < work->keys->program_count; i++)
		say_program(out, work->keys->programs[i]);
	say_watched(out, work);
	say_missing(out, work);
	say_apart(out, work->keys);
	say_accepted(out, work->keys->accept & ~(work->keys->whole ? 1u << PST_DRAFT_ALERTED : 0));
	if (proposals)
		pst_prose_say(out, "// What needs a person is a comment and is not allowed: "
				   "take the \"// \" away to allow it.\n");
}
