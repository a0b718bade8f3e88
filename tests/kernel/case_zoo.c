// SPDX-License-Identifier: Apache-2.0
/* The zoo: each kind of channel opened once by build/zoo, and what was seen of it: at once, late,
 * or not at all. Prints one line per row, of which tests/lib/zoo_table.py makes the table. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kt.h"

enum sight { SIGHT_CHANNEL, SIGHT_DNS, SIGHT_EXEC, SIGHT_ACT };
enum degree { DEGREE_B, DEGREE_L, DEGREE_S };

#define ANY UINT64_MAX

struct row {
	const char *name;
	enum sight sight;
	uint32_t what;	/* enum pst_kind, or enum pst_act */
	bool is_handed; /* another process opened it */
	uint64_t out, in;
	enum degree least[3]; /* by enum kt_tier */
};

static const char *const degree_names[] = { "blind", "late", "seen" };

/* What the records of one row say. */
struct outcome {
	const struct row *row;
	const struct kt_actor *me;
	enum degree degree;
	uint32_t hook; /* that told the first sight */
	bool has_bytes, flagged;
	uint64_t out, in;
	struct pst_addr peer; /* the latest sample of one channel replaces the one before */
	uint16_t port;
};

/* These talk in a child of the actor, which inherits the connection. */
static bool is_by_child(const struct row *row)
{
	return strcmp(row->name, "inherit_exec") == 0 || strcmp(row->name, "revshell") == 0;
}

static bool is_its(const struct outcome *o, const struct pst_event *event)
{
	const struct pst_task *task = &event->task;

	if (is_by_child(o->row) || o->row->sight == SIGHT_EXEC)
		return task->parent.tgid == o->me->pid;
	return task->proc.tgid == o->me->pid;
}

static void see(struct outcome *o, enum degree degree, uint32_t hook)
{
	if (degree <= o->degree)
		return;
	o->degree = degree;
	o->hook = hook;
}

static void see_sample(struct outcome *o, const struct pst_sample *sample)
{
	bool same = o->has_bytes && sample->port == o->port &&
		    memcmp(&sample->peer, &o->peer, sizeof(o->peer)) == 0;

	if (sample->kind != o->row->what ||
	    (o->row->sight != SIGHT_CHANNEL && o->row->sight != SIGHT_DNS))
		return;
	if (!same && sample->count.bytes_out + sample->count.bytes_in < o->out + o->in)
		return; /* a channel of that kind that carried less: of the opener, or bare */
	o->has_bytes = true;
	o->peer = sample->peer;
	o->port = sample->port;
	o->out = sample->count.bytes_out;
	o->in = sample->count.bytes_in;
	o->flagged = sample->ip_bytes || sample->asked;
	see(o, sample->late ? DEGREE_L : DEGREE_S, 0);
}

/* Looks at every event of the case and never says that it found it. */
static bool look(const struct pst_event *event, const void *context)
{
	struct outcome *o = (struct outcome *)(uintptr_t)context;
	const struct row *row = o->row;

	if (!is_its(o, event))
		return false;
	if (event->type == PST_EVENT_SAMPLE)
		see_sample(o, &event->sample);
	else if (event->type == PST_EVENT_CHANNEL && row->sight == SIGHT_CHANNEL &&
		 event->channel.kind == row->what)
		see(o, event->channel.late ? DEGREE_L : DEGREE_S, event->channel.hook);
	else if (event->type == PST_EVENT_PAYLOAD && row->sight == SIGHT_DNS &&
		 event->payload.dns && strcmp(event->payload.dns->question, "example.com") == 0)
		see(o, DEGREE_S, 0);
	else if (event->type == PST_EVENT_EXEC && row->sight == SIGHT_EXEC)
		see(o, DEGREE_S, 0);
	else if (event->type == PST_EVENT_ACT && row->sight == SIGHT_ACT &&
		 event->act.act == row->what)
		see(o, DEGREE_S, 0);
	return false;
}

static void say(struct kt *kt, const struct outcome *o)
{
	char bytes[64] = "-";

	if (o->has_bytes)
		(void)snprintf(bytes, sizeof(bytes), "%llu/%llu%s", (unsigned long long)o->out,
			       (unsigned long long)o->in, o->flagged ? "~" : "");
	printf("# zoo %s %s %s %s %s\n", kt_tier_name(kt), o->row->name, degree_names[o->degree],
	       o->degree == DEGREE_B ? "-" : kt_hook_name(kt, o->hook), bytes);
}

static void check(struct kt *kt, const struct kt_actor *me, const struct row *row)
{
	enum degree least = row->least[kt_tier(kt)];
	struct outcome o = { .row = row, .me = me };

	kt_sweep_now(kt);
	(void)kt_count(kt, look, &o);
	say(kt, &o);
	if (o.degree < least) {
		printf("# %s is %s, not %s\n", row->name, degree_names[o.degree],
		       degree_names[least]);
		KT_TRUE(kt, o.degree >= least);
	}
	if (least != DEGREE_S || o.flagged)
		return;
	/* without the kernel's lengths only what was asked to be sent is known, and is flagged */
	if (!kt_has_lengths(kt) && !pst_kind_has_ip(row->what)) {
		KT_EQUAL(kt, o.out, 0);
		return;
	}
	/* before 6.3 and without LSM nobody tells who sends on what another opened: its first read
	 * does */
	if (row->out != ANY && !(kt_tier(kt) == KT_OLD && row->is_handed))
		KT_EQUAL(kt, o.out, row->out);
	if (row->in != ANY)
		KT_EQUAL(kt, o.in, row->in);
}

static int act(const char *name)
{
	char path[512];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 8);

	if (len <= 0)
		return 1;
	path[len] = '\0';
	(void)strcpy(strrchr(path, '/') + 1,
		     "zoo"); /* beside the test: shorter than its own name */
	(void)execl(path, "zoo", name, (char *)NULL);
	return 98;
}

#define CHANNEL(kind) SIGHT_CHANNEL, PST_##kind, false
#define HANDED(kind) SIGHT_CHANNEL, PST_##kind, true
#define DNS(kind) SIGHT_DNS, PST_##kind, false
#define EXEC(kind) SIGHT_EXEC, PST_##kind, false
#define ACT(act) SIGHT_ACT, PST_##act, false
#define ZOO(name_, sight_, what_, out_, in_, full_, tracepoint_, old_)                  \
	static const struct row row_##name_ = { #name_,                                 \
						sight_(what_),                          \
						out_,                                   \
						in_,                                    \
						{ DEGREE_##full_, DEGREE_##tracepoint_, \
						  DEGREE_##old_ } };                    \
	static int act_##name_(struct kt_actor *me)                                     \
	{                                                                               \
		(void)me;                                                               \
		return act(#name_);                                                     \
	}                                                                               \
	static void check_##name_(struct kt *kt, const struct kt_actor *me)             \
	{                                                                               \
		check(kt, me, &row_##name_);                                            \
	}
#include "zoo.def"
#undef ZOO

const struct kt_case kt_zoo_cases[] = {
#define ZOO(name_, ...) { "zoo_" #name_, act_##name_, check_##name_, NULL, NULL },
#include "zoo.def"
#undef ZOO
	{ NULL, NULL, NULL, NULL, NULL },
};

bool kt_zoo_is_prompt(const struct kt *kt, const char *name)
{
	static const struct row *const rows[] = {
#define ZOO(name_, ...) &row_##name_,
#include "zoo.def"
#undef ZOO
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strncmp(name, "zoo_", 4) == 0 && strcmp(name + 4, rows[i]->name) == 0)
			return rows[i]->least[kt_tier(kt)] == DEGREE_S;
	}
	return false;
}
