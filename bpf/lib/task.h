/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Who is acting, and from whom does it descend? Lineage is kept here, in the kernel, so that a
 * parent that exited or a double fork cannot break the chain. An entry that is missing is made from
 * what the kernel still knows. */
#ifndef PST_LIB_TASK_H
#define PST_LIB_TASK_H

#include "lib/compat.h"
#include "lib/emit.h"

#define LINEAGE_DEPTH 32 /* ancestors that are walked when an entry is made on demand */

/* All of its bytes are zero: what new entries of the maps begin with. */
static const struct pst_lineage no_lineage;

/* address_of - a pointer as a number: what a function that is not static may be given. Two
 * negations are all that the verifier needs to forget what the number was. */
static __always_inline __u64 address_of(const void *pointer)
{
	__u64 address = (__u64)pointer;

	asm volatile("%0 = -%0\n\t%0 = -%0" : "+r"(address));
	return address;
}

static __always_inline __u32 active_pidns(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	unsigned int level = BPF_CORE_READ(pid, level);
	struct pid_namespace *ns = NULL;
	const void *at = (const void *)pid + bpf_core_field_offset(struct pid, numbers) +
			 (__u64)level * bpf_core_type_size(struct upid) +
			 bpf_core_field_offset(struct upid, ns);

	bpf_probe_read_kernel(&ns, sizeof(ns), at);
	return ns ? BPF_CORE_READ(ns, ns.inum) : 0;
}

/* The functions below that are not static are looked at once by the verifier, and not anew on each
 * way that leads to them: they take the address of a task as a number, and every pointer may be
 * NULL for all that they know.
 *
 * Both functions below read by probe. Direct accesses would be faster to run and far slower to
 * load: for each of them the verifier searches the kernel's whole BTF by name (0.2 s against 5 s
 * for all programs, measured on 6.18). */

/* task_now - what may change in a process's life: ids of the thread, user, namespaces, cgroup,
 * name.
 * @netns: of the socket that it uses, where its bytes go; 0: its own */
__weak int task_look(struct pst_rec_task *out, __u64 at, __u32 netns)
{
	struct task_struct *task = (struct task_struct *)at;
	struct nsproxy *ns = BPF_CORE_READ(task, nsproxy);

	if (!out)
		return 0;
	out->cgroup_id = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id);
	out->tid = (__u32)BPF_CORE_READ(task, pid);
	out->uid = BPF_CORE_READ(task, cred, euid.val);
	if (ns) { /* gone late in an exit: the last known ones stay */
		out->netns = BPF_CORE_READ(ns, net_ns, ns.inum);
		out->mntns = BPF_CORE_READ(ns, mnt_ns, ns.inum);
		out->pidns = active_pidns(task);
	}
	if (netns)
		out->netns = netns;
	bpf_probe_read_kernel(out->comm, sizeof(out->comm),
			      BPF_CORE_READ(task, group_leader, comm));
	return 0;
}

static __always_inline int task_now(struct pst_rec_task *out, struct task_struct *task)
{
	return task_look(out, address_of(task), 0);
}

/* task_origin - identity and ancestors as the kernel knows them now */
__weak int task_ancestry(struct pst_rec_task *out, __u64 of)
{
	struct task_struct *at = BPF_CORE_READ((struct task_struct *)of, group_leader);
	struct task_struct *parent = BPF_CORE_READ(at, real_parent, group_leader);

	if (!out)
		return 0;
	out->tgid = out->image.tgid = (__u32)BPF_CORE_READ(at, tgid);
	out->start_ns = out->image.exec_ns = BPF_CORE_READ(at, start_boottime);
	out->image.pad = 0;
	out->parent_tgid = (__u32)BPF_CORE_READ(parent, tgid);
	out->parent_start_ns = BPF_CORE_READ(parent, start_boottime);
	for (int i = 0; i < LINEAGE_DEPTH; i++) {
		/* below init, or at what a kernel thread started */
		if (BPF_CORE_READ(parent, tgid) <= 1 || BPF_CORE_READ(parent, flags) & PF_KTHREAD)
			break;
		at = parent;
		parent = BPF_CORE_READ(at, real_parent, group_leader);
	}
	out->root_tgid = (__u32)BPF_CORE_READ(at, tgid);
	out->root_start_ns = BPF_CORE_READ(at, start_boottime);
	return 0;
}

static __always_inline int task_origin(struct pst_rec_task *out, struct task_struct *task)
{
	return task_ancestry(out, address_of(task));
}

/* task_start - when the process began. By probe too: a direct access would be a few nanoseconds
 * less in a run, and made half of the time that loading takes */
static __always_inline __u64 task_start(struct task_struct *task)
{
	return BPF_CORE_READ(task, group_leader, start_boottime);
}

/* lineage_new - an empty entry of this process, replacing what an earlier one of that id left; NULL
 * when the map is full */
static __always_inline struct pst_lineage *lineage_new(struct pst_cpu *cpu, __u32 tgid)
{
	if (bpf_map_update_elem(&pst_lineages, &tgid, &no_lineage, BPF_ANY)) {
		count_loss(cpu, PST_LOSS_MAP);
		return NULL;
	}
	return bpf_map_lookup_elem(&pst_lineages, &tgid);
}

/* lineage_make - the entry of the task's process, from what the kernel knows now */
__weak int lineage_make(__u64 task)
{
	__u32 zero = 0, tgid = (__u32)BPF_CORE_READ((struct task_struct *)task, tgid);
	struct pst_cpu *cpu = bpf_map_lookup_elem(&pst_cpus, &zero);
	struct pst_lineage *line = cpu ? lineage_new(cpu, tgid) : NULL;

	if (!line)
		return 0;
	task_ancestry(&line->task, task);
	task_look(&line->task, task, 0);
	if (pst_canary_on && line->task.parent_tgid == pst_own_tgid)
		line->flags |= PST_LINEAGE_IGNORED;
	return 0;
}

/* lineage_of - the entry of the task's process, made when it is missing; NULL when the map is full
 */
static __always_inline struct pst_lineage *lineage_of(struct pst_cpu *cpu, struct task_struct *task)
{
	__u32 tgid = (__u32)task->tgid;
	struct pst_lineage *line = bpf_map_lookup_elem(&pst_lineages, &tgid);

	if (line && line->task.start_ns == task_start(task))
		return line;
	lineage_make(address_of(task));
	return bpf_map_lookup_elem(&pst_lineages, &tgid);
}

/* lineage_fresh - what changed since the process was last stamped, so that records without an
 * acting task name its cgroup, user and network as they were when it made the socket */
static __always_inline void lineage_fresh(struct pst_cpu *cpu, struct task_struct *task)
{
	struct pst_lineage *line = lineage_of(cpu, task);

	if (line && (line->task.cgroup_id != bpf_get_current_cgroup_id() ||
		     line->task.uid != BPF_CORE_READ(task, cred, euid.val) ||
		     line->task.netns != BPF_CORE_READ(task, nsproxy, net_ns, ns.inum)))
		task_now(&line->task, task);
}

/* owner_stamp - a process that is not the acting one, as it was last seen; 0 when it is no longer
 * known */
static __always_inline int owner_stamp(struct pst_rec_task *out, const struct pst_key *key)
{
	__u32 tgid = key->tgid;
	struct pst_lineage *line = bpf_map_lookup_elem(&pst_lineages, &tgid);

	if (line && line->task.start_ns == key->start_ns) {
		*out = line->task;
		return 1;
	}
	*out = no_lineage.task;
	out->start_ns = key->start_ns;
	out->tgid = key->tgid;
	return 0;
}

/* is_canary - is the task our own canary? Asked only while one runs */
static __always_inline int is_canary(struct pst_cpu *cpu, struct task_struct *task)
{
	struct pst_lineage *line;

	if (!pst_canary_on)
		return 0;
	line = lineage_of(cpu, task);
	return line && line->flags & PST_LINEAGE_IGNORED;
}

#endif
