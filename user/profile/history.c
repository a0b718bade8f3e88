// SPDX-License-Identifier: Apache-2.0
/* What is known of each program over weeks? The programs themselves: found or made, what their file
 * is, what they did beside channels, and what makes room. */
#include "profile/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "profile/history_room.h"

#define DEFAULT_PROGRAMS 4096u
#define DEFAULT_CHANNELS 32768u
#define DEFAULT_PER_PROGRAM 2048u
#define DEFAULT_FACTS 256u

char *pst_past_copy(const char *text)
{
	return text ? strndup(text, PST_PAST_TEXT) : NULL;
}

void pst_past_replace(char **to, const char *text)
{
	char *copy;

	if (!text) {
		free(*to);
		*to = NULL;
		return;
	}
	if (*to && strcmp(*to, text) == 0)
		return;
	copy = pst_past_copy(text);
	if (!copy)
		return;
	free(*to);
	*to = copy;
}

struct pst_past_owner *pst_past_owner_of(const struct pst_past_program *program)
{
	return (struct pst_past_owner *)program; /* its first member */
}

static void clear_identity(struct pst_past_identity *identity)
{
	free(identity->package);
	free(identity->version);
	*identity = (struct pst_past_identity){ .hash_state = PST_HASH_UNKNOWN };
}

/* Its channels lie in another table, which may change now. */
static void drop_program(void *context, const void *key, void *value)
{
	struct pst_history *history = context;
	struct pst_past_owner *owner = value;
	struct pst_past_program *program = &owner->program;

	(void)key;
	if (!history->closing)
		history->evicted += 1 + program->channel_count + program->fact_count;
	while (owner->oldest) { /* each call takes one out */
		const struct pst_past_key gone = pst_past_key_of(owner, &owner->oldest->channel);

		(void)pst_table_remove(history->channels, &gone); /* it is there: we hold it */
	}
	history->facts -= program->fact_count;
	for (size_t i = 0; i < program->fact_count; i++)
		free(program->facts[i].text);
	for (uint32_t i = 0; i < PST_PAST_UNITS; i++)
		free(program->units[i]);
	for (uint32_t i = 0; i < PST_PAST_IDENTITIES; i++)
		clear_identity(&program->identity[i]);
	free(program->facts);
	free(program->channels);
	free(program->interpreter);
	free(program->path);
}

static size_t value_or(size_t value, size_t otherwise)
{
	return value ? value : otherwise;
}

struct pst_history *pst_history_new(const struct pst_history_keys *keys)
{
	struct pst_history *history = calloc(1, sizeof(*history));

	if (!history)
		return NULL;
	history->keys = (struct pst_history_keys){
		.max_programs = value_or(keys->max_programs, DEFAULT_PROGRAMS),
		.max_channels = value_or(keys->max_channels, DEFAULT_CHANNELS),
		.max_channels_per_program = value_or(keys->max_channels_per_program,
						     DEFAULT_PER_PROGRAM),
		.max_facts = value_or(keys->max_facts, DEFAULT_FACTS),
	};
	history->channels = pst_table_new(
		&(struct pst_table_shape){ .key_bytes = sizeof(struct pst_past_key),
					   .value_bytes = sizeof(struct pst_past_slot),
					   .capacity = history->keys.max_channels,
					   .on_drop = pst_past_channel_drop,
					   .context = history });
	history->programs = pst_table_new(
		&(struct pst_table_shape){ .key_bytes = sizeof(struct pst_past_id),
					   .value_bytes = sizeof(struct pst_past_owner),
					   .capacity = history->keys.max_programs,
					   .on_drop = drop_program,
					   .context = history });
	if (!history->channels || !history->programs) {
		pst_history_free(history);
		return NULL;
	}
	return history;
}

void pst_history_free(struct pst_history *history)
{
	if (!history)
		return;
	history->closing = true;
	pst_table_free(history->programs); /* takes their channels along */
	pst_table_free(history->channels);
	free(history);
}

/* The byte behind the text tells what is no path of the host's apart from what is. */
struct pst_past_id pst_past_id_of(const char *path, bool foreign)
{
	char text[PST_PAST_TEXT + 1];
	size_t len = strnlen(path, PST_PAST_TEXT);
	uint8_t sum[PST_SHA256_BYTES];
	struct pst_past_id id;

	memcpy(text, path, len);
	text[len] = (char)foreign;
	pst_sha256(text, len + 1, sum);
	memcpy(id.b, sum, sizeof(id.b));
	return id;
}

struct pst_past_program *pst_past_make_program(struct pst_history *history, const char *path,
					       bool foreign)
{
	const struct pst_past_id id = pst_past_id_of(path, foreign);
	char *copy = pst_past_copy(path);
	struct pst_past_owner *owner;
	bool created = false;

	owner = copy ? pst_table_put(history->programs, &id, &created) : NULL;
	if (!created) {
		free(copy);
		return NULL;
	}
	owner->program.id = id;
	owner->program.path = copy;
	owner->program.foreign_root = foreign;
	owner->number = ++history->last_number;
	return &owner->program;
}

struct pst_past_program *pst_history_again(struct pst_history *history,
					   const struct pst_past_id *id, uint64_t now_s)
{
	struct pst_past_owner *owner = pst_table_find(history->programs, id);

	if (!owner)
		return NULL;
	pst_past_program_active(&owner->program, now_s);
	return &owner->program;
}

static struct pst_past_program *find_or_make(struct pst_history *history, const char *path,
					     bool foreign, uint64_t now_s)
{
	const struct pst_past_id id = pst_past_id_of(path, foreign);
	struct pst_past_program *program = pst_history_again(history, &id, now_s);

	if (program)
		return program;
	program = pst_past_make_program(history, path, foreign);
	if (program)
		pst_past_program_active(program, now_s);
	return program;
}

struct pst_past_program *pst_history_program(struct pst_history *history, const char *path,
					     uint64_t now_s)
{
	return find_or_make(history, path, false, now_s);
}

struct pst_past_program *pst_history_foreign(struct pst_history *history, const char *path,
					     uint64_t now_s)
{
	return find_or_make(history, path, true, now_s);
}

struct pst_past_program *pst_history_at(const struct pst_history *history,
					const struct pst_past_id *id)
{
	struct pst_past_owner *owner = pst_table_peek(history->programs, id);

	return owner ? &owner->program : NULL;
}

const struct pst_past_program *pst_history_find(const struct pst_history *history, const char *path)
{
	const struct pst_past_id id = pst_past_id_of(path, false);
	const struct pst_past_owner *owner = pst_table_peek(history->programs, &id);

	return owner ? &owner->program : NULL;
}

/* The latest is told apart by what is known of both: a hash that is not there yet is no change. */
static bool is_changed(const struct pst_past_identity *before, const struct pst_past_identity *now)
{
	if (before->sha256[0] && now->sha256[0])
		return strcmp(before->sha256, now->sha256) != 0;
	return before->package && now->package && before->version && now->version &&
	       (strcmp(before->package, now->package) != 0 ||
		strcmp(before->version, now->version) != 0);
}

static void take_identity(struct pst_past_identity *to, const struct pst_past_identity *now)
{
	if (now->hash_state != PST_HASH_UNKNOWN && (now->sha256[0] || !to->sha256[0]))
		to->hash_state = now->hash_state;
	if (now->sha256[0])
		memcpy(to->sha256, now->sha256, sizeof(to->sha256));
	if (now->owner != PST_OWNER_UNKNOWN)
		to->owner = now->owner;
	if (now->package)
		pst_past_replace(&to->package, now->package);
	if (now->version)
		pst_past_replace(&to->version, now->version);
	if (!to->first_s)
		to->first_s = now->first_s;
	if (now->last_s > to->last_s)
		to->last_s = now->last_s;
}

bool pst_history_identity(struct pst_past_program *program, const struct pst_past_identity *now)
{
	struct pst_past_identity *list = program->identity;
	bool changed = program->identity_count && is_changed(&list[0], now);

	if (changed) {
		clear_identity(&list[PST_PAST_IDENTITIES - 1]);
		memmove(&list[1], &list[0], (PST_PAST_IDENTITIES - 1) * sizeof(list[0]));
		list[0] = (struct pst_past_identity){ .hash_state = PST_HASH_UNKNOWN };
	}
	if ((changed || !program->identity_count) && program->identity_count < PST_PAST_IDENTITIES)
		program->identity_count++;
	take_identity(&list[0], now);
	return changed;
}

static struct pst_past_fact *oldest_fact(const struct pst_past_program *program)
{
	struct pst_past_fact *oldest = &program->facts[0];

	for (size_t i = 1; i < program->fact_count; i++) { /* at most max_facts */
		if (program->facts[i].time.last_s < oldest->time.last_s)
			oldest = &program->facts[i];
	}
	return oldest;
}

struct pst_past_fact *pst_past_make_fact(struct pst_history *history,
					 struct pst_past_program *program)
{
	struct pst_past_fact *grown, *fact;

	if (program->fact_count >= history->keys.max_facts) {
		fact = oldest_fact(program);
		free(fact->text);
		history->evicted++;
		program->dropped++;
	} else {
		grown = reallocarray(program->facts, program->fact_count + 1, sizeof(*grown));
		if (!grown)
			return NULL;
		program->facts = grown;
		fact = &grown[program->fact_count++];
		history->facts++;
	}
	memset(fact, 0, sizeof(*fact));
	return fact;
}

void pst_history_fact(struct pst_history *history, struct pst_past_program *program,
		      const struct pst_past_deed *deed)
{
	struct pst_past_fact *fact = NULL;
	char *copy;

	for (size_t i = 0; i < program->fact_count && !fact; i++) { /* at most max_facts */
		if (program->facts[i].what == deed->what &&
		    strncmp(program->facts[i].text, deed->text, PST_PAST_TEXT) == 0)
			fact = &program->facts[i];
	}
	if (!fact) {
		copy = pst_past_copy(deed->text);
		fact = copy ? pst_past_make_fact(history, program) : NULL;
		if (!fact) {
			free(copy);
			return;
		}
		fact->what = deed->what;
		fact->text = copy;
	}
	fact->count++;
	pst_past_time_add(&fact->time, deed->at_s);
}

void pst_history_each(const struct pst_history *history,
		      bool (*visit)(void *context, struct pst_past_program *program), void *context)
{
	struct pst_past_owner *owner = NULL;

	while ((owner = pst_table_next(history->programs, owner, NULL))) {
		if (!visit(context, &owner->program))
			return;
	}
}

void pst_history_figures(const struct pst_history *history, struct pst_history_figures *out)
{
	*out = (struct pst_history_figures){
		.programs = pst_table_count(history->programs),
		.channels = pst_table_count(history->channels),
		.facts = history->facts,
		.evicted = history->evicted,
		.written_s = history->written_s,
	};
}
