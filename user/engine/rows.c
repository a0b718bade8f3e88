// SPDX-License-Identifier: Apache-2.0
/* Which channels belong on this page? Those of the named program or process, the same channel of
 * one program summed up. */
#include "engine/rows.h"

#include <stdlib.h>
#include <string.h>

struct wanted {
	const struct pst_engine *engine;
	const char *what;
	uint32_t tgid; /* 0: not by pid */
	struct pst_rows *rows;
};

static bool is_wanted(const struct wanted *wanted, const struct pst_process *process)
{
	const struct pst_program *program = process->image->program;

	if (wanted->tgid)
		return process->id.tgid == wanted->tgid;
	if (strcmp(wanted->what, "all") == 0)
		return true;
	return strcmp(program->path, wanted->what) == 0 ||
	       strcmp(pst_program_name(program), wanted->what) == 0 ||
	       strcmp(process->image->unit, wanted->what) == 0;
}

static struct pst_row *new_row(struct pst_rows *rows)
{
	if (rows->count == rows->room) {
		size_t room = rows->room ? rows->room * 2 : 64;
		struct pst_row *list = reallocarray(rows->list, room, sizeof(*list));

		if (!list) {
			rows->failed = true;
			return NULL;
		}
		rows->list = list;
		rows->room = room;
	}
	return &rows->list[rows->count++];
}

static bool collect(void *context, struct pst_channel *channel)
{
	struct wanted *wanted = context;
	struct pst_process *process = pst_attrib_find(pst_engine_attrib(wanted->engine),
						      &channel->key.proc);
	struct pst_row *row;

	if (!process || !is_wanted(wanted, process))
		return true;
	row = new_row(wanted->rows);
	if (!row)
		return false;
	*row = (struct pst_row){ .image = process->image,
				 .program = process->image->program,
				 .channel = channel,
				 .tgid = process->id.tgid,
				 .processes = 1,
				 .first_ns = channel->first_ns,
				 .last_ns = channel->last_ns,
				 .sum = channel->count };
	return true;
}

static int compare(const void *left, const void *right)
{
	const struct pst_row *a = left, *b = right;
	int r;

	if (a->program->number != b->program->number)
		return a->program->number < b->program->number ? -1 : 1;
	if (a->channel->key.kind != b->channel->key.kind)
		return a->channel->key.kind < b->channel->key.kind ? -1 : 1;
	r = memcmp(&a->channel->key.peer, &b->channel->key.peer, sizeof(a->channel->key.peer));
	if (r != 0)
		return r;
	if (a->channel->key.port != b->channel->key.port)
		return a->channel->key.port < b->channel->key.port ? -1 : 1;
	return (a->tgid > b->tgid) - (a->tgid < b->tgid);
}

static bool is_same(const struct pst_row *a, const struct pst_row *b)
{
	return a->program == b->program && a->channel->key.kind == b->channel->key.kind &&
	       a->channel->key.port == b->channel->key.port &&
	       pst_addr_equal(&a->channel->key.peer, &b->channel->key.peer);
}

static void add(struct pst_row *to, const struct pst_row *from)
{
	to->tgid = to->tgid == from->tgid ? to->tgid : 0;
	to->processes += from->processes;
	to->first_ns = from->first_ns < to->first_ns ? from->first_ns : to->first_ns;
	to->last_ns = from->last_ns > to->last_ns ? from->last_ns : to->last_ns;
	to->sum.attempts += from->sum.attempts;
	to->sum.established += from->sum.established;
	to->sum.failures += from->sum.failures;
	to->sum.closed += from->sum.closed;
	to->sum.bytes_out += from->sum.bytes_out;
	to->sum.bytes_in += from->sum.bytes_in;
	to->sum.packets_out += from->sum.packets_out;
	to->sum.packets_in += from->sum.packets_in;
	to->sum.bursts += from->sum.bursts;
}

static void sum_up(struct pst_rows *rows)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->count; i++) {
		if (kept && is_same(&rows->list[kept - 1], &rows->list[i]))
			add(&rows->list[kept - 1], &rows->list[i]);
		else
			rows->list[kept++] = rows->list[i];
	}
	rows->count = kept;
}

/* A pid is all digits and not zero. */
static uint32_t as_pid(const char *what)
{
	char *end;
	unsigned long value;

	if (*what < '1' || *what > '9')
		return 0;
	value = strtoul(what, &end, 10);
	return *end || value > UINT32_MAX ? 0 : (uint32_t)value;
}

void pst_rows_collect(const struct pst_engine *engine, const char *what, struct pst_rows *rows)
{
	struct wanted wanted = {
		.engine = engine, .what = what, .tgid = as_pid(what), .rows = rows
	};

	memset(rows, 0, sizeof(*rows));
	pst_profile_each(pst_engine_profile(engine), collect, &wanted);
	if (!rows->count)
		return;
	qsort(rows->list, rows->count, sizeof(*rows->list), compare);
	sum_up(rows);
}
