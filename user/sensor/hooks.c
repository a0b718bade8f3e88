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
		    strcmp(lines[i].slot, lines[hook].slot) == 0 &&
		    sensor->hooks[i].state != PST_HOOK_REFUSED)
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
		if (lines[i].rank != rank || sensor->hooks[i].state == PST_HOOK_REFUSED ||
		    slot_is_held(sensor, lines[i].slot))
			continue;
		sensor->links[i] = attach_one(sensor, pst_loader_program(sensor, i));
		if (!sensor->links[i])
			set_state(sensor, i, PST_HOOK_REFUSED, errno);
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
			set_state(sensor, i, PST_HOOK_SILENT, 0);
		if (sensor->hooks[i].state == PST_HOOK_SILENT && has_further_rank(sensor, i))
			(void)bpf_link__destroy(
				take_ptr(sensor->links[i])); /* a failed detach cannot be helped */
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

	for (size_t i = 0; i < PST_HITS; i++) {
		last = lines[i].rank > last ? lines[i].rank : last;
		if (sensor->hooks[i].state == PST_HOOK_REFUSED)
			set_state(sensor, i, PST_HOOK_REFUSED, sensor->hooks[i].error);
	}
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
