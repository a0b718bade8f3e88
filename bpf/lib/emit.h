/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How does a record leave the kernel? Reserve, number, submit; what finds no room is counted, never
 * silent. */
#ifndef PST_LIB_EMIT_H
#define PST_LIB_EMIT_H

#include "lib/maps.h"

/* How a record is sent: bulk leaves the last quarter of the ring to the others, an urgent one wakes
 * the reader. */
#define EMIT_BULK 1u
#define EMIT_NORMAL 2u
#define EMIT_URGENT 3u

/* enter - count a run of one program and find this CPU's counters */
static __always_inline struct pst_cpu *enter(__u32 hit)
{
	__u32 zero = 0;
	struct pst_cpu *cpu = bpf_map_lookup_elem(&pst_cpus, &zero);

	if (!cpu)
		return NULL;
	__sync_fetch_and_add(&cpu->hits[hit], 1);
	cpu->hook = hit + 1;
	return cpu;
}

/* loss_add - whose loss was it? The totals are counted apart from this and miss none */
static __always_inline void loss_add(__u64 cgroup_id, __u32 reason)
{
	struct pst_loss_key key = { .cgroup_id = cgroup_id, .reason = reason };
	__u64 one = 1, *lost = bpf_map_lookup_elem(&pst_lost_by, &key);

	if (!lost) {
		if (!bpf_map_update_elem(&pst_lost_by, &key, &one, BPF_NOEXIST))
			return;
		lost = bpf_map_lookup_elem(&pst_lost_by, &key); /* another CPU was faster */
	}
	if (lost)
		__sync_fetch_and_add(lost, 1);
}

static __noinline int loss_of(__u64 cgroup_id, __u32 reason)
{
	loss_add(cgroup_id, reason);
	return 0;
}

static __always_inline void count_loss_of(struct pst_cpu *cpu, __u32 reason, __u64 cgroup_id)
{
	__sync_fetch_and_add(&cpu->lost[reason], 1);
	loss_of(cgroup_id, reason);
}

/* loss_now - the loss of the task that runs now. In softirq that is whom it interrupted, often but
 * not always the cause; idle and kernel threads stand for nobody */
static __noinline int loss_now(__u32 reason)
{
	struct task_struct *task = bpf_get_current_task_btf();
	int nobody = BPF_CORE_READ(task, flags) & PF_KTHREAD;

	loss_add(nobody ? 0 : BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id), reason);
	return 0;
}

static __always_inline void count_loss(struct pst_cpu *cpu, __u32 reason)
{
	__sync_fetch_and_add(&cpu->lost[reason], 1);
	loss_now(reason);
}

/* header_unnumbered - all of a record's header but its task and its number */
static __always_inline void header_unnumbered(struct pst_rec *h, __u32 type, __u32 size)
{
	h->type = (__u16)type;
	h->flags = 0;
	h->size = size;
	h->cpu = bpf_get_smp_processor_id();
	h->pad = 0;
	h->seq = 0;
	h->time_ns = bpf_ktime_get_boot_ns();
}

/* header - for a record that has its room: numbers count what is sent, so a hole is a loss on the
 * way */
static __always_inline void header(struct pst_cpu *cpu, struct pst_rec *h, __u32 type, __u32 size)
{
	header_unnumbered(h, type, size);
	h->seq = __sync_fetch_and_add(&cpu->seq, 1) + 1; /* from 1 */
}

/* has_room - may a record be written? Counts the loss when not */
static __always_inline int has_room(struct pst_cpu *cpu, __u32 how)
{
	if (how != EMIT_BULK || bpf_ringbuf_query(&pst_ring, BPF_RB_AVAIL_DATA) < pst_ring_limit)
		return 1;
	count_loss(cpu, PST_LOSS_RING);
	return 0;
}

/* reserve - room for a record of a constant size, or NULL and a counted loss. The caller's own look
 * at the result must follow at once: before 6.2 the verifier takes a second test of a record that
 * is there for one that may fail, and misses its submit. */
static __always_inline void *reserve(struct pst_cpu *cpu, __u32 size, __u32 how)
{
	void *record;

	if (!has_room(cpu, how))
		return NULL;
	record = bpf_ringbuf_reserve(&pst_ring, size, 0);
	if (!record)
		count_loss(cpu, PST_LOSS_RING);
	return record;
}

/* wake_flags - an urgent record wakes the reader unless that was done a moment ago, and so does a
 * ring that fills faster than the reader's tick; the tick finds all others */
static __always_inline __u64 wake_flags(struct pst_cpu *cpu, __u32 how)
{
	__u64 gap = PST_WAKE_GAP_NS, now;

	/* a third of where bulk stops: a quarter of the ring */
	if (bpf_ringbuf_query(&pst_ring, BPF_RB_AVAIL_DATA) >= pst_ring_limit / 3)
		gap = PST_WAKE_FULL_GAP_NS;
	else if (how != EMIT_URGENT)
		return BPF_RB_NO_WAKEUP;
	now = bpf_ktime_get_boot_ns();
	if (now - cpu->woken_ns < gap)
		return BPF_RB_NO_WAKEUP;
	cpu->woken_ns = now;
	return BPF_RB_FORCE_WAKEUP;
}

#endif
