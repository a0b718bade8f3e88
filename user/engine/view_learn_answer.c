// SPDX-License-Identifier: Apache-2.0
/* What does the control socket ask to be learnt? Words of the request, then the same views, of what
 * this engine knows. */
#include <string.h>

#include "base/text.h"
#include "engine/internal.h"
#include "engine/view_learn.h"

#define WORDS_MAX 4096 /* as the control socket takes them */
#define NEXT " program="

struct request {
	char words[WORDS_MAX];
	struct pst_learn_keys keys;
	const char *names[PST_LEARN_NAMES];
	bool status;
};

static bool take_value(const char *word, const char *key, const char **out)
{
	size_t len = strlen(key);

	if (strncmp(word, key, len) != 0)
		return false;
	*out = word + len;
	return true;
}

static bool take_what(const char *word, struct request *request)
{
	static const char *const by[] = { "program=", "package=", "unit=" };
	size_t i;

	for (i = 0; i < sizeof(by) / sizeof(by[0]); i++) {
		if (take_value(word, by[i], &request->names[0])) {
			request->keys.by = (enum pst_draft_by)i;
			request->keys.names = request->names;
			request->keys.name_count = 1;
			return true;
		}
	}
	return false;
}

/* take_more - what else is named behind the first program; @at: in the request's own words */
static bool take_more(struct request *request, char *at, char *why)
{
	struct pst_learn_keys *keys = &request->keys;
	char *next;

	while (keys->by == PST_DRAFT_BY_PROGRAM && (next = strstr(at, NEXT))) { /* over the words */
		*next = '\0';
		at = next + strlen(NEXT);
		if (keys->name_count == PST_LEARN_NAMES) {
			(void)pst_text_format(why, PST_LEARN_WHY,
					      "more than %u programs are named: take a pattern",
					      PST_LEARN_NAMES); /* fits */
			return false;
		}
		request->names[keys->name_count++] = at;
	}
	return true;
}

/* take_word - false with @why when it is none */
static bool take_word(struct request *request, const char *word, char *why)
{
	const char *value;
	char wrong[64];

	if (!strcmp(word, "status")) {
		request->status = true;
		return true;
	}
	if (take_value(word, "accept=", &value)) {
		if (pst_draft_accept(value, &request->keys.accept, wrong) == 0)
			return true;
		(void)pst_text_format(why, PST_LEARN_WHY, "accept takes no '%s'", wrong); /* fits */
		return false;
	}
	if (take_value(word, "id=", &request->keys.id)) {
		if (pst_draft_id_is_valid(request->keys.id))
			return true;
		(void)pst_text_copy(why, PST_LEARN_WHY, "no contract may have that id"); /* fits */
		return false;
	}
	(void)pst_text_copy(why, PST_LEARN_WHY, "a word of the request is none"); /* fits */
	return false;
}

/* What is named stands last, and may hold blanks. */
static bool read_request(struct request *request, char *why)
{
	char *at = request->words, *end;

	while (*at) { /* over the request */
		if (take_what(at, request))
			return take_more(request, at, why);
		end = strchr(at, ' ');
		if (end)
			*end = '\0';
		if (*at && !take_word(request, at, why))
			return false;
		at = end ? end + 1 : at + strlen(at);
	}
	if (request->status)
		return true;
	(void)pst_text_copy(why, PST_LEARN_WHY, "what is to be learnt? Name a program"); /* fits */
	return false;
}

/* resolve_pid - the program that a pid runs; else the name as it is */
static const char *resolve_pid(const struct pst_attrib *attrib, const char *name)
{
	const struct pst_process *process;
	unsigned long pid = 0;
	const char *at;

	for (at = name; *at >= '0' && *at <= '9' && pid < 100000000; at++)
		pid = pid * 10 + (unsigned long)(*at - '0');
	process = pid && !*at ? pst_attrib_find_pid(attrib, (uint32_t)pid) : NULL;
	return process && process->image->program->path[0] ? process->image->program->path : name;
}

static void resolve_pids(struct request *request)
{
	const struct pst_learn_keys *keys = &request->keys;
	size_t i;

	for (i = 0; keys->attrib && keys->by == PST_DRAFT_BY_PROGRAM && i < keys->name_count; i++)
		request->names[i] = resolve_pid(keys->attrib, request->names[i]);
}

char *pst_view_learn_line(const struct pst_learn_keys *base, const char *line, char *why)
{
	struct request request = { .keys = *base };
	const char *rest = strchr(line, ' ');

	if (!pst_text_copy(request.words, sizeof(request.words), rest ? rest + 1 : "")) {
		(void)pst_text_copy(why, PST_LEARN_WHY, "the request is too long"); /* fits */
		return NULL;
	}
	if (!read_request(&request, why))
		return NULL;
	resolve_pids(&request);
	return request.status ? pst_view_learn_status(&request.keys, why) :
				pst_view_learn(&request.keys, why);
}

/* What runs is known, also when it has done nothing yet that a history keeps. */
static bool note(void *context, struct pst_process *process)
{
	if (!process->exited)
		(void)pst_past_program_of(context, process->image); /* without memory: not known */
	return true;
}

char *pst_view_learn_answer(struct pst_engine *engine, const char *line, char *why)
{
	const struct pst_learn_keys base = {
		.history = pst_engine_history(engine),
		.attrib = engine->attrib,
		.resolvers = engine->resolvers.addr,
		.resolver_count = engine->resolvers.count,
		.internal = engine->config->internal_networks.list,
		.internal_count = engine->config->internal_networks.count,
		.now_s = pst_past_now_s(engine),
	};

	char *text;

	pst_engine_remember(engine);
	text = pst_view_learn_line(&base, line, why);
	if (text)
		return text;
	pst_attrib_each(engine->attrib, note, engine);
	return pst_view_learn_line(&base, line, why);
}
