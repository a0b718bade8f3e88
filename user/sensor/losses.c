// SPDX-License-Identifier: Apache-2.0
/* What did the kernel side have no room for, and whose was it? The totals by CPU cannot be full and
 * are what counts; the entries by cgroup say whose a part of them was. Each loss is told once: what
 * is told by cgroup is taken off what its CPU tells. */
#include "sensor/room.h"

#include <bpf/bpf.h>

#define ENTRIES_MAX 1024u /* of pst_lost_by, at one look */

static void send_loss(struct pst_sensor *sensor, const struct pst_loss_key *key, uint32_t cpu,
		      uint64_t lost)
{
	struct pst_rec_loss rec;

	pst_frame_open(sensor, &rec, PST_REC_LOSS, sizeof(rec));
	rec.h.task.cgroup_id = key->cgroup_id;
	rec.lost = lost;
	rec.reason = key->reason;
	rec.cpu = cpu;
	pst_frame_send(sensor, &rec);
}

/* Runs that the kernel left out, because the program was just running on that CPU: since 5.12, else
 * always 0. */
static uint64_t skipped_runs(struct pst_sensor *sensor)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < PST_HITS; i++) {
		struct bpf_program *program = pst_loader_program(sensor, i);
		struct bpf_prog_info info = { 0 };
		uint32_t len = sizeof(info);

		if (program && sensor->links[i] &&
		    bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &len) == 0)
			sum += info.recursion_misses;
	}
	return sum;
}

static void tell_skipped(struct pst_sensor *sensor)
{
	const struct pst_loss_key key = { .reason = PST_LOSS_SKIPPED };
	uint64_t skipped = skipped_runs(sensor);

	if (skipped > sensor->told_skipped)
		send_loss(sensor, &key, 0, skipped - sensor->told_skipped);
	sensor->told_skipped = skipped;
}

/* tell_named - each entry is told and removed. What is added to one between the two is not lost:
 * its CPU tells it without the cgroup. */
static void tell_named(struct pst_sensor *sensor)
{
	int map = pst_loader_map(sensor, "pst_lost_by");
	struct pst_loss_key key;
	uint64_t lost;

	for (uint32_t i = 0; i < ENTRIES_MAX; i++) {
		if (bpf_map_get_next_key(map, NULL, &key) < 0)
			return;
		if (bpf_map_lookup_elem(map, &key, &lost) < 0)
			lost = 0; /* it made room for another one */
		if (bpf_map_delete_elem(map, &key) < 0 || key.reason >= PST_LOSSES || !lost)
			continue;
		send_loss(sensor, &key, 0, lost);
		sensor->named_lost[key.reason] += lost;
		sensor->retell = sensor->retell || key.reason == PST_LOSS_RING;
	}
}

/* tell_rest - of one counter of one CPU, what no cgroup's entry has told */
static void tell_rest(struct pst_sensor *sensor, uint32_t cpu, uint32_t reason)
{
	const struct pst_loss_key key = { .reason = reason };
	uint64_t *told = sensor->told_lost + (size_t)cpu * PST_LOSSES + reason;
	uint64_t lost = sensor->cpu_values[cpu].lost[reason] - *told;
	uint64_t named = sensor->named_lost[reason];

	named = named < lost ? named : lost;
	*told += lost;
	sensor->named_lost[reason] -= named;
	if (lost == named)
		return;
	send_loss(sensor, &key, cpu, lost - named);
	sensor->retell = sensor->retell || reason == PST_LOSS_RING;
}

void pst_frame_losses(struct pst_sensor *sensor)
{
	uint32_t zero = 0;

	tell_skipped(sensor);
	tell_named(sensor); /* first: so the CPUs' counters hold all that the entries held */
	if (bpf_map_lookup_elem(pst_loader_map(sensor, "pst_cpus"), &zero, sensor->cpu_values) < 0)
		return;
	for (uint32_t cpu = 0; cpu < sensor->cpus; cpu++) {
		for (uint32_t reason = 1; reason < PST_LOSSES; reason++)
			tell_rest(sensor, cpu, reason);
	}
}
