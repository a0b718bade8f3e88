// SPDX-License-Identifier: Apache-2.0
/* Which programs are meant, and what would their contract be? */
#include "engine/view_learn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

#define NEAR_MAX 5u   /* programs that are told when none has the name */
#define NAMES_MAX 512 /* of all programs that are looked through for a near one */

struct search {
	const struct pst_learn_keys *keys;
	struct pst_learn_found all; /* those that match; or all */
	bool everything, failed;
};

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static bool has_unit(const struct pst_past_program *program, const char *unit)
{
	uint32_t i;

	for (i = 0; i < program->unit_count; i++)
		if (!strcmp(program->units[i], unit))
			return true;
	return false;
}

static bool is_meant(const struct pst_learn_keys *keys, const struct pst_past_program *program)
{
	const char *package;

	if (!keys->what)
		return true;
	if (keys->by == PST_DRAFT_BY_UNIT)
		return has_unit(program, keys->what);
	if (keys->by == PST_DRAFT_BY_PROGRAM)
		return !strcmp(program->path, keys->what) ||
		       !strcmp(last_part(program->path), keys->what);
	package = program->identity_count ? program->identity[0].package : NULL;
	return package && !strcmp(package, keys->what);
}

static bool visit(void *context, struct pst_past_program *program)
{
	struct search *search = context;
	const struct pst_past_program **grown;

	if (!search->everything && !is_meant(search->keys, program))
		return true;
	grown = reallocarray(search->all.list, search->all.count + 1, sizeof(*grown));
	if (!grown) {
		search->failed = true;
		return false;
	}
	search->all.list = grown;
	search->all.list[search->all.count++] = program;
	return true;
}

static int by_path(const void *left, const void *right)
{
	const struct pst_past_program *const *a = left, *const *b = right;

	return strcmp((*a)->path, (*b)->path);
}

static int collect(struct search *search)
{
	search->all = (struct pst_learn_found){ .list = NULL };
	pst_history_each(search->keys->history, visit, search);
	if (search->failed) {
		free(search->all.list);
		return -ENOMEM;
	}
	if (search->all.count)
		qsort(search->all.list, search->all.count, sizeof(*search->all.list), by_path);
	return 0;
}

/* name_of - what a program could have been asked for by; NULL: nothing */
static const char *name_of(const struct pst_past_program *program,
			   const struct pst_learn_keys *keys)
{
	if (keys->by == PST_DRAFT_BY_UNIT)
		return program->unit_count ? program->units[0] : NULL;
	if (keys->by == PST_DRAFT_BY_PACKAGE)
		return program->identity_count ? program->identity[0].package : NULL;
	return strchr(keys->what, '/') ? program->path : last_part(program->path);
}

static void add_name(const char *name, const char *between, char *why)
{
	char safe[128];

	(void)pst_text_safe(name, strlen(name), safe, sizeof(safe)); /* a cut name still helps */
	(void)pst_text_append(why, PST_LEARN_WHY, "%s%s", between, safe); /* as above */
}

/* The name that was probably meant; else some that are known. */
static void say_known(const struct search *search, char *why)
{
	const char *names[NAMES_MAX] = { NULL }, *near;
	size_t count = 0, said = 0, i;

	for (i = 0; i < search->all.count && count < NAMES_MAX; i++) {
		names[count] = name_of(search->all.list[i], search->keys);
		count += names[count] && names[count][0]; /* an exec that was lost has none */
	}
	near = pst_text_nearest(search->keys->what, names, count);
	if (near) {
		add_name(near, "; did you mean ", why);
		(void)pst_text_append(why, PST_LEARN_WHY, "?"); /* as above */
		return;
	}
	for (i = 0; i < count && said < NEAR_MAX; i++) {
		if (i && !strcmp(names[i], names[i - 1]))
			continue;
		add_name(names[i], said++ ? ", " : "; known are ", why);
	}
	if (i < count)
		(void)pst_text_append(why, PST_LEARN_WHY, " and others"); /* as above */
}

int pst_learn_find(const struct pst_learn_keys *keys, struct pst_learn_found *out, char *why)
{
	static const char *const words[] = { "program", "package", "unit" };
	struct search search = { .keys = keys };
	int r = collect(&search);

	(void)pst_text_copy(why, PST_LEARN_WHY, "not enough memory"); /* fits */
	if (r < 0)
		return r;
	if (search.all.count) {
		*out = search.all;
		return 0;
	}
	free(search.all.list);
	search.everything = true;
	r = collect(&search);
	if (r < 0)
		return r;
	(void)pst_text_format(why, PST_LEARN_WHY,
			      search.all.count ? "nothing is known of a %s of that name%s" :
						 "nothing is known yet of any %s%s",
			      words[keys->by], ""); /* fits */
	if (keys->what)
		say_known(&search, why);
	free(search.all.list);
	return -ENOENT;
}

/* Two programs of one name are two contracts: the person says which. */
static bool is_one(const struct pst_learn_keys *keys, const struct pst_learn_found *found,
		   char *why)
{
	size_t i;

	if (found->count == 1 || keys->by != PST_DRAFT_BY_PROGRAM)
		return true;
	(void)pst_text_copy(why, PST_LEARN_WHY, "several programs have that name"); /* fits */
	for (i = 0; i < found->count && i < NEAR_MAX; i++)
		add_name(found->list[i]->path, i ? ", " : ": name one by its path: ", why);
	return false;
}

#define APART_MAX 8u /* that a draft names */

struct apart {
	const struct pst_learn_found *found;
	const char *paths[APART_MAX];
	size_t count;
};

static bool executes(const struct pst_past_program *program, const char *path)
{
	uint32_t i;

	for (i = 0; i < program->fact_count; i++)
		if (program->facts[i].what == PST_PAST_EXEC &&
		    !strcmp(program->facts[i].text, path))
			return true;
	return false;
}

/* Vendor software is charged with what it does itself, whoever executed it. */
static bool visit_apart(void *context, struct pst_past_program *program)
{
	struct apart *apart = context;
	bool executed = false;
	size_t i;

	if (!program->vendor || !program->channel_count || program->foreign_root)
		return true;
	for (i = 0; i < apart->found->count; i++) {
		if (apart->found->list[i] == program)
			return true;
		executed |= executes(apart->found->list[i], program->path);
	}
	if (executed)
		apart->paths[apart->count++] = program->path;
	return apart->count < APART_MAX;
}

char *pst_view_learn(const struct pst_learn_keys *keys, char *why)
{
	struct pst_learn_found found;
	struct apart apart = { .found = &found };
	char *text = NULL;

	if (pst_learn_find(keys, &found, why) < 0)
		return NULL;
	if (!keys->whole)
		pst_history_each(keys->history, visit_apart, &apart);
	if (is_one(keys, &found, why)) {
		text = pst_draft(&(struct pst_draft_keys){ .programs = found.list,
							   .program_count = found.count,
							   .whole = keys->whole,
							   .by = keys->by,
							   .apart = apart.paths,
							   .apart_count = apart.count,
							   .named = keys->what,
							   .id = keys->id,
							   .accept = keys->accept,
							   .resolvers = keys->resolvers,
							   .resolver_count = keys->resolver_count,
							   .internal = keys->internal,
							   .internal_count = keys->internal_count,
							   .now_s = keys->now_s });
		if (!text)
			(void)pst_text_copy(why, PST_LEARN_WHY,
					    "no contract can name it: it has neither a path on the "
					    "host nor a unit (or memory ran out)"); /* fits */
	}
	free(found.list);
	return text;
}
