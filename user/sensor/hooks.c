// SPDX-License-Identifier: Apache-2.0
/* Which program holds which slot? Ranks are tried in order; the first that attaches and answers its
 * canary keeps the slot. A silent one keeps it only while no further rank is there to try. */
#include "sensor/room.h"

#include <errno.h>
#include <string.h>
#include <bpf/bpf.h>

#include "base/cleanup.h"
#include "base/text.h"

struct line {
	const char *slot, *program, *blind_to;
	uint32_t rank;
	enum pst_canary canary;
};

static const struct line lines[PST_HITS] = {
#define HOOK(slot_, program_, rank_, canary_, blind_)  \
	[PST_HIT_##program_] = { .slot = #slot_,       \
				 .program = #program_, \
				 .rank = (rank_),      \
				 .blind_to = (blind_), \
				 .canary = PST_CANARY_##canary_ },
#include "abi/hooks.def"
#undef HOOK
};

static const char *const state_names[] = {
	[PST_HOOK_ANSWERED] = "answered", [PST_HOOK_SILENT] = "silent",
	[PST_HOOK_REFUSED] = "refused",	  [PST_HOOK_UNUSED] = "unused",
	[PST_HOOK_ATTACHED] = "attached",
};

static void set_state(struct pst_sensor *sensor, size_t i, uint32_t state, int error)
{
	sensor->hooks[i].state = state;
	sensor->hooks[i].error = error;
	sensor->hooks[i].state_name = state_names[state];
}

void pst_hooks_drop(struct pst_sensor *sensor, size_t hook, int error)
{
	sensor->hooks[hook].dropped = true;
	set_state(sensor, hook, error ? PST_HOOK_REFUSED : PST_HOOK_UNUSED, error);
}

void pst_hooks_spare(struct pst_sensor *sensor, size_t hook)
{
	sensor->hooks[hook].dropped = true;
	set_state(sensor, hook, PST_HOOK_UNUSED, EOPNOTSUPP);
}

static bool is_iterator(struct bpf_program *program)
{
	return bpf_program__expected_attach_type(program) == BPF_TRACE_ITER;
}

static struct bpf_link *attach_one(struct pst_sensor *sensor, struct bpf_program *program)
{
	switch (bpf_program__type(program)) {
	case BPF_PROG_TYPE_CGROUP_SKB:
	case BPF_PROG_TYPE_CGROUP_SOCK:
	case BPF_PROG_TYPE_CGROUP_SOCK_ADDR:
	case BPF_PROG_TYPE_CGROUP_SOCKOPT:
	case BPF_PROG_TYPE_CGROUP_SYSCTL:
		return bpf_program__attach_cgroup(program, sensor->cgroup_fd);
	default:
		return is_iterator(program) ? bpf_program__attach_iter(program, NULL) :
					      bpf_program__attach(program);
	}
}

static bool slot_is_held(const struct pst_sensor *sensor, const char *slot)
{
	for (size_t i = 0; i < PST_HITS; i++) {
		if (sensor->links[i] && strcmp(lines[i].slot, slot) == 0)
			return true;
	}
	return false;
}

static bool has_further_rank(const struct pst_sensor *sensor, size_t hook)
{
	for (size_t i = 0; i < PST_HITS; i++) {
		if (lines[i].rank > lines[hook].rank &&
		    strcmp(lines[i].slot, lines[hook].slot) == 0 && !sensor->hooks[i].dropped)
			return true;
	}
	return false;
}

/* attach_rank - the programs of one rank whose slots nobody holds; returns how many were attached
 */
static size_t attach_rank(struct pst_sensor *sensor, uint32_t rank)
{
	size_t attached = 0;

	for (size_t i = 0; i < PST_HITS; i++) {
		if (lines[i].rank != rank || sensor->hooks[i].dropped ||
		    slot_is_held(sensor, lines[i].slot))
			continue;
		sensor->links[i] = attach_one(sensor, pst_loader_program(sensor, i));
		if (!sensor->links[i])
			pst_hooks_drop(sensor, i, errno);
		else
			attached++;
	}
	return attached;
}

/* What one round of canary calls showed. */
struct round {
	uint32_t rank;
	unsigned int called; /* bit n: enum pst_canary n worked */
	uint64_t before[PST_HITS], after[PST_HITS];
};

/* call_silent - attached, and its canary did not make it run */
static void call_silent(struct pst_sensor *sensor, size_t i)
{
	struct pst_sensor_hook *hook = &sensor->hooks[i];

	set_state(sensor, i, PST_HOOK_SILENT, 0);
	pst_tiers_silent(pst_loader_program(sensor, i), hook->why, sizeof(hook->why));
	if (has_further_rank(sensor, i)) /* a failed detach cannot be helped */
		(void)bpf_link__destroy(take_ptr(sensor->links[i]));
}

static void judge(struct pst_sensor *sensor, const struct round *round)
{
	for (size_t i = 0; i < PST_HITS; i++) {
		if (!sensor->links[i] || lines[i].rank != round->rank)
			continue;
		if (round->after[i] > round->before[i])
			set_state(sensor, i, PST_HOOK_ANSWERED, 0);
		else if (!(round->called & 1u << lines[i].canary))
			set_state(sensor, i, PST_HOOK_ATTACHED, 0);
		else
			call_silent(sensor, i);
	}
}

static int prove_rank(struct pst_sensor *sensor, uint32_t rank)
{
	struct round round = { .rank = rank };
	int r = pst_hooks_hits(sensor, round.before);
	int called;

	if (r < 0)
		return r;
	called = pst_canary_call(sensor);
	if (called >
	    0) /* else no canary could be made at all: everything is attached, nothing is proved */
		round.called = (unsigned int)called & ~(1u << PST_CANARY_NONE);
	r = pst_hooks_hits(sensor, round.after);
	if (r < 0)
		return r;
	judge(sensor, &round);
	return 0;
}

/* count_lsm - how many LSM programs are in this state */
static size_t count_lsm(struct pst_sensor *sensor, uint32_t state)
{
	size_t count = 0;

	for (size_t i = 0; i < PST_HITS; i++)
		count += sensor->links[i] && sensor->hooks[i].state == state &&
			 pst_tiers_is_lsm(pst_loader_program(sensor, i));
	return count;
}

/* doubt_lsm - all LSM programs run or none does: where those that could be called are silent, so
 * are those that nothing harmless calls */
static void doubt_lsm(struct pst_sensor *sensor)
{
	if (!count_lsm(sensor, PST_HOOK_SILENT) || count_lsm(sensor, PST_HOOK_ANSWERED))
		return;
	for (size_t i = 0; i < PST_HITS; i++) {
		if (sensor->links[i] && sensor->hooks[i].state == PST_HOOK_ATTACHED &&
		    pst_tiers_is_lsm(pst_loader_program(sensor, i)))
			call_silent(sensor, i);
	}
}

void pst_hooks_init(struct pst_sensor *sensor)
{
	for (size_t i = 0; i < PST_HITS; i++) {
		sensor->hooks[i] = (struct pst_sensor_hook){ .slot = lines[i].slot,
							     .program = lines[i].program,
							     .blind_to = lines[i].blind_to,
							     .rank = lines[i].rank };
		set_state(sensor, i, PST_HOOK_UNUSED, 0);
	}
}

/* sees_processes - a watch without executions and without TCP would only pretend to be one */
static bool sees_processes(const struct pst_sensor *sensor)
{
	return sensor->links[pst_hooks_find("pst_exec")] ||
	       sensor->links[pst_hooks_find("pst_tcp_state")];
}

int pst_hooks_attach(struct pst_sensor *sensor, char *error)
{
	size_t attached = 0;
	uint32_t last = 0;

	sensor->traced = pst_tiers_traced();

	for (size_t i = 0; i < PST_HITS; i++)
		last = lines[i].rank > last ? lines[i].rank : last;
	for (uint32_t rank = 1; rank <= last; rank++) {
		size_t now = attach_rank(sensor, rank);
		int r = now ? prove_rank(sensor, rank) : 0;

		if (r < 0) {
			(void)pst_text_format(error, PST_SENSOR_ERROR,
					      "the programs' counters cannot be read: %s",
					      strerror(-r));
			return r;
		}
		attached += now;
	}
	doubt_lsm(sensor);
	if (attached && sees_processes(sensor))
		return 0;
	if (attached) {
		(void)pst_text_format(
			error, PST_SENSOR_ERROR,
			"this kernel takes %zu of %u programs, and none of those that see executions and TCP: it is too "
			"old; Linux 5.12 or newer is needed",
			attached, (unsigned int)PST_HITS);
		return -ENOTSUP;
	}
	(void)pst_text_format(error, PST_SENSOR_ERROR, "no program could be attached: %s",
			      strerror(sensor->hooks[0].error));
	return -ENOTSUP;
}

void pst_hooks_detach(struct pst_sensor *sensor)
{
	for (size_t i = 0; i < PST_HITS; i++)
		(void)bpf_link__destroy(take_ptr(
			sensor->links[i])); /* closing the descriptor detaches in any case */
}

static bool works(const struct pst_sensor_hook *hook)
{
	return hook->state == PST_HOOK_ANSWERED || hook->state == PST_HOOK_ATTACHED;
}

/* lost_link - any process of root may detach a program from a cgroup; the link stays, and names
 * none */
static bool lost_link(const struct bpf_link *link)
{
	struct bpf_link_info info = { 0 };
	uint32_t len = sizeof(info);

	return bpf_obj_get_info_by_fd(bpf_link__fd(link), &info, &len) == 0 &&
	       info.type == BPF_LINK_TYPE_CGROUP && info.cgroup.cgroup_id == 0;
}

/* watch_one - does it run as before? Returns whether that changed */
static bool watch_one(struct pst_sensor *sensor, size_t i, bool traced)
{
	struct pst_sensor_hook *hook = &sensor->hooks[i];

	if (!sensor->links[i])
		return false;
	if (works(hook) && lost_link(sensor->links[i])) {
		set_state(sensor, i, PST_HOOK_SILENT, ENOLINK);
		(void)pst_text_copy(hook->why, sizeof(hook->why), "somebody detached it");
		return true;
	}
	if (traced == sensor->traced || !pst_tiers_is_lsm(pst_loader_program(sensor, i)))
		return false;
	hook->why[0] = '\0';
	set_state(sensor, i, traced ? PST_HOOK_ATTACHED : PST_HOOK_SILENT, 0);
	if (!traced)
		pst_tiers_silent(pst_loader_program(sensor, i), hook->why, sizeof(hook->why));
	return true;
}

bool pst_hooks_watch(struct pst_sensor *sensor)
{
	bool traced = pst_tiers_traced();
	bool changed = false;

	for (size_t i = 0; i < PST_HITS; i++)
		changed = watch_one(sensor, i, traced) || changed;
	sensor->traced = traced;
	return changed;
}

size_t pst_hooks_find(const char *program)
{
	size_t i;

	for (i = 0; i < PST_HITS; i++) {
		if (strcmp(lines[i].program, program) == 0)
			break;
	}
	return i;
}

int pst_hooks_hits(struct pst_sensor *sensor, uint64_t hits[PST_HITS])
{
	struct pst_cpu *cpus = sensor->cpu_values;
	uint32_t zero = 0;

	if (bpf_map_lookup_elem(pst_loader_map(sensor, "pst_cpus"), &zero, cpus) < 0)
		return -errno;
	memset(hits, 0, PST_HITS * sizeof(*hits));
	for (uint32_t cpu = 0; cpu < sensor->cpus; cpu++) {
		for (size_t i = 0; i < PST_HITS; i++)
			hits[i] += cpus[cpu].hits[i];
	}
	return 0;
}

size_t pst_sensor_hooks(const struct pst_sensor *sensor, const struct pst_sensor_hook **out)
{
	*out = sensor->hooks;
	return PST_HITS;
}
