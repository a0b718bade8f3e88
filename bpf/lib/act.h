/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How is an act told that is no channel, and may lead to one? */
#ifndef PST_LIB_ACT_H
#define PST_LIB_ACT_H

#include "lib/task.h"

struct act_seen {
	__u64 value;
	__u64 other_start_ns;
	__u32 other_tgid;
	__u32 act;
	__u32 number;
	__u32 how;	  /* EMIT_* */
	const void *name; /* in the kernel's memory, terminated; NULL: none */
};

/* act_stamp - the acting process */
static __always_inline void act_stamp(struct pst_cpu *cpu, struct pst_rec_task *out)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct pst_lineage *line = lineage_of(cpu, task);

	if (line)
		*out = line->task;
	else
		task_origin(out, task);
	task_now(out, task);
}

/* act_tell - the acting process did it */
static __noinline int act_tell(struct pst_cpu *cpu, const struct act_seen *seen)
{
	struct pst_rec_act *rec = reserve(cpu, sizeof(*rec), seen->how);
	long len = 0;

	if (!rec)
		return 0;
	header(cpu, &rec->h, PST_REC_ACT, sizeof(*rec));
	act_stamp(cpu, &rec->h.task);
	rec->value = seen->value;
	rec->other_start_ns = seen->other_start_ns;
	rec->other_tgid = seen->other_tgid;
	rec->act = seen->act;
	rec->number = seen->number;
	rec->pad = 0;
	__builtin_memset(rec->name, 0, sizeof(rec->name));
	if (seen->name)
		len = bpf_probe_read_kernel_str(rec->name, sizeof(rec->name), seen->name);
	rec->name_len = len > 1 ? (__u16)(len - 1) : 0; /* without its NUL */
	bpf_ringbuf_submit(rec, wake_flags(cpu, seen->how));
	return 0;
}

/* act_moved - the acting process put another one, or itself, into a cgroup */
static __always_inline void act_moved(struct pst_cpu *cpu, struct task_struct *moved,
				      const struct cgroup *to)
{
	const struct kernfs_node *node = BPF_CORE_READ(to, kn);
	struct act_seen seen = { .act = PST_ACT_MOVED, .how = EMIT_NORMAL };

	seen.value = BPF_CORE_READ(node, id);
	seen.name = BPF_CORE_READ(node, name);
	seen.other_tgid = (__u32)BPF_CORE_READ(moved, tgid);
	seen.other_start_ns = task_start(moved);
	act_tell(cpu, &seen);
}

#endif
