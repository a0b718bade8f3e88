// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Which program does a process run, and who started it? exec, fork and exit of processes; threads
 * are none. */
#include "lib/act.h"
#include "lib/image.h"

static __always_inline struct pst_draft_slot *exec_draft(void)
{
	struct pst_draft_slot *slot = draft_take(0);

	return slot ? slot : draft_take(1);
}

/* exec_send - copies the finished draft into the ring; it gets its number last, so that only what
 * is sent has one */
static __always_inline int exec_send(struct pst_cpu *cpu, struct pst_draft *draft, __u64 tail)
{
	__u64 size = sizeof(draft->rec) + tail;
	__u64 fill = bpf_ringbuf_query(&pst_ring, BPF_RB_AVAIL_DATA);

	size = CLAMP(size, sizeof(*draft));
	draft->rec.h.size = (__u32)size;
	if (fill + size + PST_NAME_MAX > bpf_ringbuf_query(&pst_ring, BPF_RB_RING_SIZE)) {
		count_loss(cpu, PST_LOSS_RING);
		return -1;
	}
	draft->rec.h.seq = __sync_fetch_and_add(&cpu->seq, 1) + 1;
	/* one that finds no room leaves a hole in the numbers, which is how its loss is counted */
	return bpf_ringbuf_output(&pst_ring, draft, size, wake_flags(cpu, EMIT_NORMAL)) ? -1 : 0;
}

/* exec_descend - the process's image is a new one from now on */
static __always_inline void exec_descend(struct pst_rec_exec *rec, struct pst_lineage *line,
					 struct task_struct *task)
{
	rec->prev = no_lineage.task.image;
	if (!line) {
		task_origin(&rec->h.task, task);
		task_now(&rec->h.task, task);
		rec->h.task.image.exec_ns = rec->h.time_ns;
		return;
	}
	rec->prev = line->task.image;
	line->task.image.exec_ns = rec->h.time_ns;
	line->task.image.tgid = line->task.tgid;
	line->uring_ops = 0; /* what another program does is told anew */
	line->flags |= PST_LINEAGE_LIVE;
	task_now(&line->task, task);
	rec->h.task = line->task;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(pst_exec, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_exec);
	struct pst_draft_slot *slot;
	struct pst_rec_exec *rec;
	struct pst_lineage *line;
	struct file *file;
	__u64 at;

	if (!cpu)
		return 0;
	line = lineage_of(cpu, task);
	if (line && line->flags & PST_LINEAGE_IGNORED)
		return 0;
	slot = exec_draft();
	if (!slot) {
		count_loss(cpu, PST_LOSS_RING);
		return 0;
	}
	rec = &slot->draft.rec;
	header_unnumbered(&rec->h, PST_REC_EXEC, sizeof(*rec));
	exec_descend(rec, line, task);
	file = BPF_CORE_READ(bprm, file);
	image_file(rec, file);
	image_script(rec, task, bprm);
	image_audit(rec, task);
	image_stdio(rec, &slot->more, task);
	at = image_path(slot, file, task);
	at = image_name(&slot->draft, at, BPF_CORE_READ(bprm, filename));
	at = image_args(&slot->draft, at, BPF_CORE_READ(task, mm));
	at = image_cgroup(slot, at, task);
	at = image_more(slot, at, task);
	at = image_cwd(slot, at, task, 0);
	if (exec_send(cpu, &slot->draft, at) && line)
		line->flags |=
			PST_LINEAGE_LOST; /* who it is must not stay unknown: see iter.bpf.c */
	draft_return(slot);
	return 0;
}

/* fork_inherit - parent, image and root as the parent has them; a child of init or of a kernel
 * thread is a root itself */
static __always_inline void fork_inherit(struct pst_rec_task *out, const struct pst_rec_task *from,
					 struct task_struct *child)
{
	*out = *from;
	out->parent_tgid = from->tgid;
	out->parent_start_ns = from->start_ns;
	out->tgid = (__u32)child->tgid;
	out->start_ns = child->start_boottime;
	if (from->tgid <= 1) {
		out->root_tgid = out->tgid;
		out->root_start_ns = out->start_ns;
	}
}

/* fork_descend - the child's entry */
static __always_inline struct pst_lineage *fork_descend(struct pst_cpu *cpu,
							struct task_struct *parent,
							struct task_struct *child)
{
	struct pst_lineage *from = parent->flags & PF_KTHREAD ? NULL : lineage_of(cpu, parent);
	struct pst_lineage *line = lineage_new(cpu, (__u32)child->tgid);

	if (!line)
		return NULL;
	if (from)
		fork_inherit(&line->task, &from->task, child);
	else
		task_origin(&line->task, child);
	task_now(&line->task, child);
	line->flags = PST_LINEAGE_LIVE | (from ? from->flags & PST_LINEAGE_IGNORED : 0);
	if (pst_canary_on && line->task.parent_tgid == pst_own_tgid)
		line->flags |= PST_LINEAGE_IGNORED;
	return line;
}

/* fork_moved - was the child born into another cgroup (CLONE_INTO_CGROUP)? */
static __always_inline void fork_moved(struct pst_cpu *cpu, struct task_struct *parent,
				       struct task_struct *child)
{
	const struct cgroup *to = BPF_CORE_READ(child, cgroups, dfl_cgrp);

	if (to != BPF_CORE_READ(parent, cgroups, dfl_cgrp))
		act_moved(cpu, child, to);
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(pst_fork, struct task_struct *parent, struct task_struct *child)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_fork);
	struct pst_lineage *line;
	struct pst_rec_fork *rec;

	if (!cpu || child->pid != child->tgid || child->flags & PF_KTHREAD)
		return 0;
	line = fork_descend(cpu, parent, child);
	if (!line || line->flags & PST_LINEAGE_IGNORED)
		return 0;
	rec = reserve(cpu, sizeof(*rec), EMIT_BULK);
	if (rec) {
		header(cpu, &rec->h, PST_REC_FORK, sizeof(*rec));
		rec->h.task = line->task;
		bpf_ringbuf_submit(rec, wake_flags(cpu, EMIT_NORMAL));
	}
	fork_moved(cpu, parent, child);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(pst_exit, struct task_struct *task)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_exit);
	__u32 tgid = (__u32)task->tgid;
	struct pst_lineage *line;
	struct pst_rec_exit *rec;
	int code;

	if (!cpu || task->flags & PF_KTHREAD || task->signal->live.counter)
		return 0;
	line = bpf_map_lookup_elem(&pst_lineages, &tgid);
	if (!line) /* told already: the last two threads ended at once */
		return 0;
	if (!(line->flags & PST_LINEAGE_IGNORED)) {
		rec = reserve(cpu, sizeof(*rec), EMIT_BULK);
		if (rec) {
			header(cpu, &rec->h, PST_REC_EXIT, sizeof(*rec));
			rec->h.task = line->task;
			code = task->signal->group_exit_code;
			rec->exit_code = (__u32)(code ? code : task->exit_code);
			rec->pad = 0;
			bpf_ringbuf_submit(rec, wake_flags(cpu, EMIT_NORMAL));
		}
	}
	bpf_map_delete_elem(&pst_lineages, &tgid);
	return 0;
}
