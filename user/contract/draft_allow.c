// SPDX-License-Identifier: Apache-2.0
/* What did it do beside opening channels? The programs that it executed, and what "allow" has words
 * for. */
#include "contract/draft_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "profile/words.h"

static const struct allowed {
	const char *key;
	unsigned int needs;
	bool list; /* of texts; else true */
} alloweds[PST_PAST_WHATS] = {
	[PST_PAST_HANDED] = { "handed_over_sockets", 0, true },
	[PST_PAST_FILTER] = { "filters", 1u << PST_DRAFT_FILTERS, true },
	[PST_PAST_MODULE] = { "modules", 1u << PST_DRAFT_MODULES, true },
	[PST_PAST_URING] = { "io_uring", 1u << PST_DRAFT_IO_URING, false },
	[PST_PAST_BPF] = { "bpf", 1u << PST_DRAFT_BPF, true },
	[PST_PAST_MEMFD] = { "memfd_exec", 1u << PST_DRAFT_MEMORY, false },
	[PST_PAST_DELETED] = { "deleted_exec", 1u << PST_DRAFT_MEMORY, false },
};

struct facts { /* of one kind, of all programs */
	struct pst_draft_name *names;
	size_t count;
	struct pst_draft_tally tally;
};

/* A program in memory has a name in front of which "/memfd:" stands: with "memfd_exec" it may be
 * executed, and only then. */
static bool is_path(const char *text, unsigned int accept)
{
	return pst_draft_is_path(text) &&
	       (accept & 1u << PST_DRAFT_MEMORY || strncmp(text, "/memfd:", 7) != 0);
}

/* bpf_word - the word of a program type; NULL for one that a contract has no word for */
static const char *bpf_word(const char *text)
{
	char *end;
	unsigned long type = strtoul(text, &end, 10);

	return *text && !*end && type <= UINT32_MAX ?
		       pst_words_name(&pst_words_bpf, (uint32_t)type) :
		       NULL;
}

/* A socket that another process of the same software opened is nothing to allow. */
static bool is_own(const struct pst_draft_keys *keys, const struct pst_past_fact *fact)
{
	size_t i;

	for (i = 0; fact->what == PST_PAST_HANDED && i < keys->program_count; i++)
		if (!strcmp(fact->text, keys->programs[i]->path))
			return true;
	return false;
}

static bool has_paths(enum pst_past_what what)
{
	return what == PST_PAST_EXEC || what == PST_PAST_HANDED;
}

static const char *text_of(const struct pst_past_fact *fact, unsigned int accept)
{
	if (fact->what == PST_PAST_BPF)
		return bpf_word(fact->text);
	if (has_paths(fact->what))
		return is_path(fact->text, accept) ? fact->text : NULL;
	return fact->text[0] ? fact->text : NULL;
}

/* Hashes and words are no patterns, and are never made any. */
static int take_exactly(struct pst_draft_name *names, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		names[i].pattern = strdup(names[i].raw);
		if (!names[i].pattern)
			return -1;
	}
	if (count)
		qsort(names, count, sizeof(*names), pst_draft_pattern_order);
	return 0;
}

/* collect - the facts of a kind; those without a text of their own have a NULL name and count */
static void collect(struct pst_draft_work *work, enum pst_past_what what, struct facts *out)
{
	const struct pst_draft_keys *keys = work->keys;
	size_t room = 1, i, j;

	*out = (struct facts){ .count = 0 };
	for (i = 0; i < keys->program_count; i++)
		room += keys->programs[i]->fact_count;
	out->names = calloc(room, sizeof(*out->names));
	work->failed |= !out->names;
	for (i = 0; !work->failed && i < keys->program_count; i++) {
		for (j = 0; j < keys->programs[i]->fact_count; j++) {
			const struct pst_past_fact *fact = &keys->programs[i]->facts[j];

			if (fact->what != what)
				continue;
			out->tally.attempts += fact->count;
			pst_draft_tally_time(&out->tally.time, &fact->time);
			out->names[out->count].raw = is_own(keys, fact) ?
							     NULL :
							     text_of(fact, keys->accept);
			out->count += out->names[out->count].raw != NULL;
		}
	}
	if (!work->failed && (has_paths(what) ? pst_draft_patterns(out->names, out->count) :
						take_exactly(out->names, out->count)) < 0)
		work->failed = true;
}

static void clear(struct facts *facts)
{
	size_t i;

	for (i = 0; i < facts->count; i++)
		free(facts->names[i].pattern);
	free(facts->names);
}

/* say_list - compact; each pattern once, those that have no path cannot be said */
static void say_list(struct pst_prose *out, const struct facts *facts)
{
	const char *before = NULL;
	size_t i;

	pst_prose_say(out, "[");
	for (i = 0; i < facts->count; i++) {
		const char *pattern = facts->names[i].pattern;

		if (before && !strcmp(before, pattern))
			continue;
		pst_prose_say(out, before ? "," : "");
		pst_draft_say_string(out, pattern);
		before = pattern;
	}
	pst_prose_say(out, "]");
}

static void say_exec(struct pst_prose *out, struct pst_draft_work *work, const char *end)
{
	struct pst_prose list = { .text = NULL };
	struct facts facts;

	collect(work, PST_PAST_EXEC, &facts);
	if (!work->failed) {
		pst_prose_say(out, "  // ");
		if (facts.tally.attempts)
			pst_draft_say_why(out, &facts.tally, &work->time);
		else
			pst_prose_say(out, "it was not seen to execute any program");
		pst_prose_say(out, "\n");
		say_list(&list, &facts);
		out->failed |= list.failed;
		if (!list.failed)
			pst_draft_say_value(out, list.text,
					    &(struct pst_draft_layout){ .indent = 2,
									.comment = "",
									.key = "\"exec\": ",
									.end = end });
	}
	free(list.text);
	clear(&facts);
}

struct member {	     /* of "allow" */
	char *value; /* compact; NULL: nothing of that kind; ours */
	struct pst_draft_tally tally;
	bool proposed, last;
};

static void read_member(struct pst_draft_work *work, enum pst_past_what what, struct member *out)
{
	struct pst_prose value = { .text = NULL };
	struct facts facts;

	*out = (struct member){ .value = NULL };
	collect(work, what, &facts);
	out->tally = facts.tally;
	out->proposed = (alloweds[what].needs & ~work->keys->accept) != 0;
	if (!work->failed && alloweds[what].list && facts.count) {
		say_list(&value, &facts);
		work->failed |= value.failed;
		out->value = value.text;
	} else if (!work->failed && !alloweds[what].list && facts.tally.attempts) {
		out->value = strdup("true");
		work->failed |= !out->value;
	}
	clear(&facts);
}

/* Why, then the member itself; a proposal is a comment. */
static void say_member(struct pst_prose *out, const struct pst_draft_work *work,
		       enum pst_past_what what, const struct member *member)
{
	char key[40];
	struct pst_draft_layout layout = { .indent = 4,
					   .comment = member->proposed ? "// " : "",
					   .key = key,
					   .end = member->last ? "" : "," };

	(void)pst_text_format(key, sizeof(key), "\"%s\": ", alloweds[what].key); /* fits */
	pst_prose_say(out, "    // ");
	if (member->proposed)
		pst_draft_say_needs(out, alloweds[what].needs & ~work->keys->accept);
	pst_draft_say_why(out, &member->tally, &work->time);
	pst_prose_say(out, "\n");
	pst_draft_say_value(out, member->value, &layout);
}

/* The last of those that stand has no comma behind it; nor has the last of all when none stands. */
static void mark_last(struct member *members)
{
	struct member *last = NULL;
	size_t what;

	for (what = 0; what < PST_PAST_WHATS; what++)
		if (members[what].value && (!last || last->proposed >= members[what].proposed))
			last = &members[what];
	if (last)
		last->last = true;
}

static void say_members(struct pst_prose *out, const struct pst_draft_work *work,
			struct member *members)
{
	bool standing;
	size_t pass, what;

	mark_last(members);
	pst_prose_say(out, "  \"allow\": {\n");
	for (pass = 0; pass < 2; pass++) {
		standing = pass > 0; /* proposals first: what is made a clause keeps its comma */
		for (what = 0; what < PST_PAST_WHATS; what++)
			if (members[what].value && members[what].proposed != standing)
				say_member(out, work, (enum pst_past_what)what, &members[what]);
	}
	pst_prose_say(out, "  }\n");
}

bool pst_draft_say_facts(struct pst_prose *out, struct pst_draft_work *work)
{
	struct member members[PST_PAST_WHATS] = { { .value = NULL } };
	bool any = false, proposed = false;
	size_t what;

	for (what = 0; what < PST_PAST_WHATS; what++) {
		if (!alloweds[what].key)
			continue;
		read_member(work, (enum pst_past_what)what, &members[what]);
		any |= members[what].value != NULL;
		proposed |= members[what].value && members[what].proposed;
	}
	say_exec(out, work, any ? "," : "");
	if (any && !work->failed)
		say_members(out, work, members);
	for (what = 0; what < PST_PAST_WHATS; what++)
		free(members[what].value);
	return proposed;
}
