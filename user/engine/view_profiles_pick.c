// SPDX-License-Identifier: Apache-2.0
/* Which programs of the history does a name mean? A path, its last component, a unit, a package, or
 * the pid of a process that is charged to it. */
#include <stdlib.h>
#include <string.h>

#include "engine/in_unit.h"
#include "engine/internal.h"
#include "engine/page.h"

#define DAY_S 86400u

struct wanted {
	const struct pst_view_keys *keys;
	struct pst_in_unit unit;
	const struct pst_image *image; /* what the process of that pid is charged to; NULL: none */
	struct pst_picked *out;
	size_t room;
};

static bool is_named(const struct wanted *wanted, const struct pst_past_program *program)
{
	const char *what = wanted->keys->what;
	const char *slash = strrchr(program->path, '/');

	if (strcmp(program->path, what) == 0 || (slash && strcmp(slash + 1, what) == 0))
		return true;
	if (pst_in_unit_has(&wanted->unit, program))
		return true;
	return program->identity_count && program->identity[0].package &&
	       strcmp(program->identity[0].package, what) == 0;
}

static bool is_wanted(const struct wanted *wanted, const struct pst_past_program *program)
{
	const char *what = wanted->keys->what;

	if (program->time.last_s < wanted->keys->since_s)
		return false;
	if (!what || strcmp(what, "all") == 0 || is_named(wanted, program))
		return true;
	return wanted->image && strcmp(wanted->image->program->path, program->path) == 0 &&
	       wanted->image->program->foreign_root == program->foreign_root;
}

static bool pick(void *context, struct pst_past_program *program)
{
	struct wanted *wanted = context;
	struct pst_picked *out = wanted->out;

	if (!is_wanted(wanted, program))
		return true;
	if (out->count == wanted->room) {
		size_t room = wanted->room ? 2 * wanted->room : 64;
		void *grown = reallocarray(out->list, room, sizeof(struct pst_past_program *));

		out->failed = !grown;
		if (!grown)
			return false;
		out->list = grown;
		wanted->room = room;
	}
	out->list[out->count++] = program;
	return true;
}

static uint64_t bytes_of(const struct pst_past_program *program)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < program->channel_count; i++)
		bytes += program->channels[i]->count.bytes_out +
			 program->channels[i]->count.bytes_in;
	return bytes;
}

static int by_bytes(const void *a, const void *b)
{
	const struct pst_past_program *one = *(const struct pst_past_program *const *)a;
	const struct pst_past_program *other = *(const struct pst_past_program *const *)b;
	uint64_t x = bytes_of(one), y = bytes_of(other);

	return x != y ? (x < y) - (x > y) : strcmp(one->path, other->path);
}

void pst_picked_collect(const struct pst_engine *engine, const struct pst_view_keys *keys,
			struct pst_picked *out)
{
	struct wanted wanted = { .keys = keys, .out = out };
	const struct pst_process *process = NULL;
	char *end = NULL;
	unsigned long pid = keys->what && *keys->what >= '1' && *keys->what <= '9' ?
				    strtoul(keys->what, &end, 10) :
				    0;

	memset(out, 0, sizeof(*out));
	if (pid && pid <= INT32_MAX && !*end)
		process = pst_attrib_find_pid(engine->attrib, (uint32_t)pid);
	if (process)
		wanted.image = pst_past_charged(process->image);
	if (keys->what)
		pst_in_unit_find(engine->attrib, keys->what, &wanted.unit);
	pst_history_each(engine->past.history, pick, &wanted);
	out->failed |= wanted.unit.failed;
	pst_in_unit_free(&wanted.unit);
	if (out->count)
		qsort(out->list, out->count, sizeof(struct pst_past_program *), by_bytes);
}

void pst_picked_free(struct pst_picked *picked)
{
	free(picked->list);
}

uint64_t pst_page_now_s(const struct pst_engine *engine, const struct pst_view_keys *keys)
{
	return keys->now_s ? keys->now_s : pst_past_now_s(engine);
}

uint64_t pst_page_new_days(const struct pst_past_program *program, uint64_t now_s, uint64_t days)
{
	uint64_t last = program->time.last_s / DAY_S, today = now_s / DAY_S, sum = 0;

	for (uint64_t ago = 0; ago < PST_PAST_DAYS && ago <= last; ago++) {
		if (last - ago + days > today)
			sum += program->new_on_day[ago];
	}
	return sum;
}

enum pst_verdict pst_page_worst(const struct pst_past_program *program)
{
	static const unsigned int weight[] = { [PST_VERDICT_NONE] = 0,
					       [PST_UNMANAGED] = 1,
					       [PST_DECLARED] = 2,
					       [PST_UNKNOWN] = 3,
					       [PST_UNDECLARED] = 4 };
	enum pst_verdict worst = PST_VERDICT_NONE;

	for (size_t i = 0; i < program->channel_count; i++) {
		if (weight[program->channels[i]->verdict] > weight[worst])
			worst = program->channels[i]->verdict;
	}
	return worst;
}
