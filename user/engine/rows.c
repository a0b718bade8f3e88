// SPDX-License-Identifier: Apache-2.0
/* Which channels belong on this page? Those of the named program or process; the same channel of
 * one program summed up, then the sums of each process and program. What a process did stays its
 * program's when the process has ended, also when it is not remembered any more. */
#include "engine/rows.h"

#include <stdlib.h>
#include <string.h>

struct known { /* some image of each program that is remembered, by the program's number */
	struct pst_image **list;
	size_t count, room;
};

struct wanted {
	const struct pst_engine *engine;
	const char *what;
	uint32_t tgid; /* 0: not by pid */
	struct known known;
	struct pst_rows *rows;
	size_t room;
};

static bool is_named(const struct wanted *wanted, const struct pst_image *image)
{
	return strcmp(image->program->path, wanted->what) == 0 ||
	       strcmp(pst_program_name(image->program), wanted->what) == 0 ||
	       strcmp(image->unit, wanted->what) == 0 ||
	       strcmp(pst_image_home_unit(image), wanted->what) == 0;
}

static bool know(void *context, struct pst_image *image)
{
	struct wanted *wanted = context;
	struct known *known = &wanted->known;

	wanted->rows->known |= is_named(wanted, image);
	if (known->count == known->room) {
		size_t room = known->room ? known->room * 2 : 256;
		struct pst_image **list = reallocarray(known->list, room,
						       sizeof(struct pst_image *));

		if (!list) {
			wanted->rows->failed = true;
			return false;
		}
		known->list = list;
		known->room = room;
	}
	known->list[known->count++] = image;
	return true;
}

static int by_number(const void *left, const void *right)
{
	const struct pst_image *const *a = left, *const *b = right;
	uint32_t x = (*a)->program->number, y = (*b)->program->number;

	return (x > y) - (x < y);
}

static const struct pst_image *image_of(const struct known *known, uint32_t number)
{
	const struct pst_program program = { .number = number };
	struct pst_image key = { .program = (struct pst_program *)&program }; /* only read */
	struct pst_image *at = &key, **found;

	if (!known->count)
		return NULL;
	found = bsearch(&at, known->list, known->count, sizeof(struct pst_image *), by_number);
	return found ? *found : NULL;
}

/* Without a path the thread's own name is better than none. */
static bool is_wanted(const struct wanted *wanted, const struct pst_image *image,
		      const struct pst_channel *channel, const struct pst_process *process)
{
	const struct pst_program *program = image->program;

	if (wanted->tgid)
		return channel->key.proc.tgid == wanted->tgid;
	if (strcmp(wanted->what, "all") == 0)
		return true;
	if (!program->path[0] && process && strcmp(process->comm, wanted->what) == 0)
		return true;
	return is_named(wanted, image);
}

static struct pst_row *new_row(struct wanted *wanted)
{
	struct pst_rows *rows = wanted->rows;

	if (rows->count == wanted->room) {
		size_t room = wanted->room ? wanted->room * 2 : 64;
		struct pst_row *list = reallocarray(rows->list, room, sizeof(*list));

		if (!list) {
			rows->failed = true;
			return NULL;
		}
		rows->list = list;
		wanted->room = room;
	}
	return &rows->list[rows->count++];
}

static bool collect(void *context, struct pst_channel *channel)
{
	struct wanted *wanted = context;
	struct pst_process *process = pst_attrib_find(pst_engine_attrib(wanted->engine),
						      &channel->key.proc);
	const struct pst_image *image = process ? process->image : NULL;
	struct pst_row *row;

	if (!image || image->program->number != channel->program)
		image = image_of(&wanted->known, channel->program);
	if (!image)
		image = process ? process->image : NULL;
	if (!image || !is_wanted(wanted, image, channel, process))
		return true;
	row = new_row(wanted);
	if (!row)
		return false;
	*row = (struct pst_row){ .image = image,
				 .program = image->program,
				 .channel = channel,
				 .proc = channel->key.proc,
				 .tgid = channel->key.proc.tgid,
				 .processes = 1,
				 .first_ns = channel->first_ns,
				 .last_ns = channel->last_ns,
				 .sum = channel->count };
	return true;
}

static int by_process(const void *left, const void *right)
{
	const struct pst_row *a = left, *b = right;

	if (a->program->number != b->program->number)
		return a->program->number < b->program->number ? -1 : 1;
	if (a->proc.start_ns != b->proc.start_ns)
		return a->proc.start_ns < b->proc.start_ns ? -1 : 1;
	return (a->proc.tgid > b->proc.tgid) - (a->proc.tgid < b->proc.tgid);
}

static int by_channel(const void *left, const void *right)
{
	const struct pst_row *a = left, *b = right;
	int r;

	if (a->program->number != b->program->number)
		return a->program->number < b->program->number ? -1 : 1;
	r = pst_channel_end_order(a->channel, b->channel);
	if (r != 0)
		return r;
	return (a->tgid > b->tgid) - (a->tgid < b->tgid);
}

static uint64_t row_bytes(const struct pst_row *row)
{
	return row->sum.bytes_out + row->sum.bytes_in;
}

static int by_bytes(const void *left, const void *right)
{
	const struct pst_row *a = left, *b = right;

	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	if (a->program->number != b->program->number)
		return a->program->number < b->program->number ? -1 : 1;
	if (row_bytes(a) != row_bytes(b))
		return row_bytes(a) > row_bytes(b) ? -1 : 1;
	return by_channel(left, right);
}

static int sums_by_bytes(const void *left, const void *right)
{
	const struct pst_sum *a = left, *b = right;
	uint64_t x = a->total.bytes_out + a->total.bytes_in,
		 y = b->total.bytes_out + b->total.bytes_in;

	if (x != y)
		return x > y ? -1 : 1;
	if (a->program->number != b->program->number)
		return a->program->number < b->program->number ? -1 : 1;
	return (a->proc.tgid > b->proc.tgid) - (a->proc.tgid < b->proc.tgid);
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
	to->sum.taken += from->sum.taken;
	to->sum.given += from->sum.given;
	to->sum.bytes_out += from->sum.bytes_out;
	to->sum.bytes_in += from->sum.bytes_in;
	to->sum.packets_out += from->sum.packets_out;
	to->sum.packets_in += from->sum.packets_in;
	to->sum.bursts += from->sum.bursts;
}

static void sum_channels(struct pst_rows *rows)
{
	size_t kept = 0;

	qsort(rows->list, rows->count, sizeof(*rows->list), by_channel);
	for (size_t i = 0; i < rows->count; i++) {
		if (kept && is_same(&rows->list[kept - 1], &rows->list[i]))
			add(&rows->list[kept - 1], &rows->list[i]);
		else
			rows->list[kept++] = rows->list[i];
	}
	rows->count = kept;
}

static struct pst_sum begin(const struct pst_engine *engine, const struct pst_row *row)
{
	const struct pst_process *process = pst_attrib_find(pst_engine_attrib(engine), &row->proc);

	return (struct pst_sum){ .image = row->image,
				 .program = row->program,
				 .proc = row->proc,
				 .ended = !process || process->exited,
				 .first_ns = row->first_ns,
				 .last_ns = row->last_ns };
}

static void widen(struct pst_sum *sum, uint64_t first_ns, uint64_t last_ns)
{
	sum->first_ns = first_ns < sum->first_ns ? first_ns : sum->first_ns;
	sum->last_ns = last_ns > sum->last_ns ? last_ns : sum->last_ns;
}

static void add_totals(struct pst_totals *to, const struct pst_totals *from)
{
	to->channels += from->channels;
	to->attempts += from->attempts;
	to->established += from->established;
	to->failures += from->failures;
	to->closed += from->closed;
	to->taken += from->taken;
	to->given += from->given;
	to->bytes_out += from->bytes_out;
	to->bytes_in += from->bytes_in;
	to->packets_out += from->packets_out;
	to->packets_in += from->packets_in;
}

static void sum_processes(const struct pst_engine *engine, struct pst_rows *rows)
{
	struct pst_sum *at = NULL;

	qsort(rows->list, rows->count, sizeof(*rows->list), by_process);
	for (size_t i = 0; i < rows->count; i++) {
		const struct pst_row *row = &rows->list[i];

		if (i == 0 || by_process(row - 1, row) != 0) {
			at = &rows->processes[rows->process_count++];
			*at = begin(engine, row);
			at->processes = 1;
		}
		widen(at, row->first_ns, row->last_ns);
		pst_totals_add(&at->total, &row->sum);
	}
}

static void sum_programs(const struct wanted *wanted)
{
	const struct pst_profile *profile = pst_engine_profile(wanted->engine);
	struct pst_rows *rows = wanted->rows;
	struct pst_sum *at = NULL;

	for (size_t i = 0; i < rows->process_count; i++) { /* their order is by program */
		const struct pst_sum *process = &rows->processes[i];
		const struct pst_totals *gone;

		if (!at || at->program != process->program) {
			at = &rows->programs[rows->program_count++];
			*at = *process;
			memset(&at->proc, 0, sizeof(at->proc));
			memset(&at->total, 0, sizeof(at->total));
			at->processes = 0;
			gone = pst_profile_gone(profile, at->program->number);
			if (gone && !wanted->tgid)
				add_totals(&at->total, gone);
		}
		at->processes++;
		at->ended &= process->ended;
		widen(at, process->first_ns, process->last_ns);
		add_totals(&at->total, &process->total);
	}
}

static void weigh(struct pst_rows *rows)
{
	size_t program = 0;

	for (size_t i = 0; i < rows->count; i++) { /* both are by program */
		while (rows->programs[program].program != rows->list[i].program)
			program++;
		rows->list[i].weight = rows->programs[program].total.bytes_out +
				       rows->programs[program].total.bytes_in;
	}
}

static void sum_up(const struct wanted *wanted)
{
	struct pst_rows *rows = wanted->rows;

	rows->processes = calloc(rows->count, sizeof(*rows->processes));
	rows->programs = calloc(rows->count, sizeof(*rows->programs));
	if (!rows->processes || !rows->programs) {
		rows->failed = true;
		return;
	}
	sum_processes(wanted->engine, rows);
	sum_programs(wanted);
	sum_channels(rows);
	weigh(rows);
	qsort(rows->list, rows->count, sizeof(*rows->list), by_bytes);
	qsort(rows->processes, rows->process_count, sizeof(*rows->processes), sums_by_bytes);
	qsort(rows->programs, rows->program_count, sizeof(*rows->programs), sums_by_bytes);
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
	pst_attrib_each_image(pst_engine_attrib(engine), know, &wanted);
	if (wanted.known.count)
		qsort(wanted.known.list, wanted.known.count, sizeof(struct pst_image *), by_number);
	if (!rows->failed)
		pst_profile_each(pst_engine_profile(engine), collect, &wanted);
	rows->known |= rows->count || strcmp(what, "all") == 0 ||
		       (wanted.tgid &&
			pst_attrib_find_pid(pst_engine_attrib(engine), wanted.tgid) != NULL);
	if (rows->count && !rows->failed)
		sum_up(&wanted);
	free(wanted.known.list);
}

void pst_rows_free(struct pst_rows *rows)
{
	free(rows->list);
	free(rows->processes);
	free(rows->programs);
	memset(rows, 0, sizeof(*rows));
}
