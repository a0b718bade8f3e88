// SPDX-License-Identifier: Apache-2.0
/* Which programs are meant, and what would their contract be? */
#include "engine/view_learn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "engine/in_unit.h"

#define NEAR_MAX 5u   /* programs that are told when none has the name */
#define NAMES_MAX 512 /* of all programs that are looked through for a near one */

struct search {
	const struct pst_learn_keys *keys;
	struct pst_in_unit unit;    /* that is meant, by unit */
	struct pst_learn_found all; /* those that match; or all */
	bool everything, failed;
};

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static bool is_pattern(const char *name)
{
	return name[0] == '/' && strpbrk(name, "*?");
}

static bool is_named(const struct pst_past_program *program, const char *name)
{
	return !strcmp(program->path, name) || !strcmp(last_part(program->path), name) ||
	       (is_pattern(name) && pst_glob_match(name, program->path));
}

static bool is_meant(const struct search *search, const struct pst_past_program *program)
{
	const struct pst_learn_keys *keys = search->keys;
	const char *package = program->identity_count ? program->identity[0].package : NULL;
	size_t i;

	if (keys->name_count && keys->by == PST_DRAFT_BY_UNIT)
		return pst_in_unit_has(&search->unit, program);
	if (keys->name_count && keys->by == PST_DRAFT_BY_PACKAGE)
		return package && !strcmp(package, keys->names[0]);
	for (i = 0; i < keys->name_count; i++)
		if (is_named(program, keys->names[i]))
			return true;
	return !keys->name_count;
}

static bool visit(void *context, struct pst_past_program *program)
{
	struct search *search = context;
	const struct pst_past_program **grown;

	if (!search->everything && !is_meant(search, program))
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
	const struct pst_learn_keys *keys = search->keys;

	search->all = (struct pst_learn_found){ .list = NULL };
	if (keys->name_count && keys->by == PST_DRAFT_BY_UNIT)
		pst_in_unit_find(keys->attrib, keys->names[0], &search->unit);
	pst_history_each(keys->history, visit, search);
	search->failed |= search->unit.failed;
	pst_in_unit_free(&search->unit);
	if (search->failed) {
		free(search->all.list);
		return -ENOMEM;
	}
	if (search->all.count)
		qsort(search->all.list, search->all.count, sizeof(*search->all.list), by_path);
	return 0;
}

/* name_of - what a program could have been asked for by instead of @wanted; NULL: nothing */
static const char *name_of(const struct pst_past_program *program,
			   const struct pst_learn_keys *keys, const char *wanted)
{
	if (keys->by == PST_DRAFT_BY_UNIT)
		return program->unit_count ? program->units[0] : NULL;
	if (keys->by == PST_DRAFT_BY_PACKAGE)
		return program->identity_count ? program->identity[0].package : NULL;
	return strchr(wanted, '/') ? program->path : last_part(program->path);
}

static void add_name(const char *name, const char *between, char *why)
{
	char safe[128];

	(void)pst_text_safe(name, strlen(name), safe, sizeof(safe)); /* a cut name still helps */
	(void)pst_text_append(why, PST_LEARN_WHY, "%s%s", between, safe); /* as above */
}

/* The name that was probably meant; else some that are known. */
static void say_known(const struct search *search, const char *wanted, char *why)
{
	const char *names[NAMES_MAX] = { NULL }, *near;
	size_t count = 0, said = 0, i;

	for (i = 0; i < search->all.count && count < NAMES_MAX; i++) {
		names[count] = name_of(search->all.list[i], search->keys, wanted);
		count += names[count] && names[count][0]; /* an exec that was lost has none */
	}
	near = pst_text_nearest(wanted, names, count);
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

/* say_nobody - that nothing is known of @wanted, and what is */
static int say_nobody(const struct pst_learn_keys *keys, const char *wanted, char *why)
{
	static const char *const words[] = { "program", "package", "unit" };
	struct search search = { .keys = keys, .everything = true };

	if (collect(&search) < 0)
		return -ENOMEM;
	if (!search.all.count) {
		(void)pst_text_format(why, PST_LEARN_WHY, "nothing is known yet of any %s",
				      words[keys->by]); /* fits */
	} else {
		(void)pst_text_format(why, PST_LEARN_WHY, "nothing is known of a %s ",
				      words[keys->by]); /* fits */
		add_name(wanted, "", why);
		say_known(&search, wanted, why);
	}
	free(search.all.list);
	return -ENOENT;
}

static bool means_somebody(const struct pst_learn_found *found, const char *name)
{
	size_t i;

	for (i = 0; i < found->count; i++)
		if (is_named(found->list[i], name))
			return true;
	return false;
}

int pst_learn_find(const struct pst_learn_keys *keys, struct pst_learn_found *out, char *why)
{
	struct search search = { .keys = keys };
	int r = collect(&search);
	size_t i;

	(void)pst_text_copy(why, PST_LEARN_WHY, "not enough memory"); /* fits */
	if (r == 0 && !search.all.count)
		r = say_nobody(keys, keys->name_count ? keys->names[0] : "", why);
	for (i = 0; r == 0 && keys->by == PST_DRAFT_BY_PROGRAM && i < keys->name_count; i++)
		r = means_somebody(&search.all, keys->names[i]) ?
			    0 :
			    say_nobody(keys, keys->names[i], why);
	if (r == 0)
		*out = search.all;
	else
		free(search.all.list);
	return r;
}

static bool means_several(const struct pst_learn_found *found, const char *name)
{
	const char *path = NULL;
	size_t i;

	for (i = 0; i < found->count; i++) { /* by path */
		if (!is_named(found->list[i], name))
			continue;
		if (path && strcmp(path, found->list[i]->path) != 0)
			return true;
		path = found->list[i]->path;
	}
	return false;
}

/* Two programs of one name are two contracts, unless a person says that they are one. */
static int check_names(const struct pst_learn_keys *keys, const struct pst_learn_found *found,
		       char *why)
{
	size_t said = 0, i, j;

	for (i = 0; keys->by == PST_DRAFT_BY_PROGRAM && i < keys->name_count; i++) {
		const char *name = keys->names[i];

		if (is_pattern(name) || !means_several(found, name))
			continue;
		(void)pst_text_copy(
			why, PST_LEARN_WHY,
			"several programs have that name: name them by path: "); /* fits */
		for (j = 0; j < found->count && said < NEAR_MAX; j++)
			if (is_named(found->list[j], name))
				add_name(found->list[j]->path, said++ ? ", " : "", why);
		return -EEXIST;
	}
	return 0;
}

#define APART_MAX 32u /* that a draft names */

struct apart {
	const struct pst_learn_found *found;
	const struct pst_past_program *list[APART_MAX];
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

	if (!program->vendor || !(program->channel_count || program->fact_count) ||
	    program->foreign_root)
		return true;
	for (i = 0; i < apart->found->count; i++) {
		if (apart->found->list[i] == program)
			return true;
		executed |= executes(apart->found->list[i], program->path);
	}
	for (i = 0; i < apart->count; i++) {
		if (apart->list[i] == program)
			return true;
		executed |= executes(apart->list[i], program->path);
	}
	if (executed) {
		apart->list[apart->count] = program;
		apart->paths[apart->count++] = program->path;
	}
	return apart->count < APART_MAX;
}

/* What those execute in turn is apart too. */
static void find_apart(const struct pst_history *history, struct apart *apart)
{
	size_t before;

	do {
		before = apart->count;
		pst_history_each(history, visit_apart, apart);
	} while (apart->count > before && apart->count < APART_MAX);
}

char *pst_view_learn(const struct pst_learn_keys *keys, char *why)
{
	struct pst_learn_found found;
	struct apart apart = { .found = &found };
	char *text = NULL;

	if (pst_learn_find(keys, &found, why) < 0)
		return NULL;
	if (check_names(keys, &found, why) < 0) {
		free(found.list);
		return NULL;
	}
	if (!keys->whole)
		find_apart(keys->history, &apart);
	text = pst_draft(&(struct pst_draft_keys){ .programs = found.list,
						   .program_count = found.count,
						   .whole = keys->whole,
						   .by = keys->by,
						   .apart = apart.paths,
						   .apart_count = apart.count,
						   .named = keys->names[0],
						   .id = keys->id,
						   .accept = keys->accept,
						   .resolvers = keys->resolvers,
						   .resolver_count = keys->resolver_count,
						   .internal = keys->internal,
						   .internal_count = keys->internal_count,
						   .now_s = keys->now_s });
	if (!text)
		(void)pst_text_copy(why, PST_LEARN_WHY,
				    "no contract can name it: it has neither a path on the host "
				    "nor a unit (or memory ran out)"); /* fits */
	free(found.list);
	return text;
}
