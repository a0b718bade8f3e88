// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Which processes were there before us, and which execs found no room in the ring? The kernel's own
 * list of tasks. */
#include "lib/image.h"

/* root_note - who reads the list is the sensor */
static __always_inline void root_note(void)
{
	const struct fs_struct *fs = BPF_CORE_READ(bpf_get_current_task_btf(), fs);
	const struct vfsmount *mnt = BPF_CORE_READ(fs, root.mnt);

	pst_root_dentry = (__u64)BPF_CORE_READ(fs, root.dentry);
	pst_root_mnt = (__u64)mnt;
	pst_root_mntns = (__u64)BPF_CORE_READ(mount_of(mnt), mnt_ns);
}

SEC("iter/task")
int pst_iter_tasks(struct bpf_iter__task *ctx)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_iter_tasks);
	struct task_struct *task = ctx->task;
	struct pst_draft_slot *slot;
	struct pst_rec_exec *rec;
	struct pst_lineage *line;
	struct file *file;
	__u64 at;

	if (!pst_root_dentry)
		root_note();
	if (!cpu || !task || task->pid != task->tgid || task->flags & PF_KTHREAD || !task->mm)
		return 0;
	line = lineage_of(cpu, task);
	file = BPF_CORE_READ(task, mm, exe_file);
	if (!file || !line || line->flags & PST_LINEAGE_IGNORED)
		return 0;
	if ((line->flags & (PST_LINEAGE_LIVE | PST_LINEAGE_LOST)) == PST_LINEAGE_LIVE)
		return 0; /* its exec was told */
	slot = draft_take(DRAFT_ITER);
	if (!slot)
		return 0;
	rec = &slot->draft.rec;
	header_unnumbered(&rec->h, PST_REC_EXEC, sizeof(*rec));
	rec->h.flags = line->flags & PST_LINEAGE_LOST ? 0 : PST_RF_PREEXISTING;
	rec->prev = no_lineage.task.image;
	rec->h.task = line->task;
	task_now(&rec->h.task, task);
	rec->h.task.tid = rec->h.task.tgid;
	image_file(rec, file);
	image_audit(rec, task);
	image_stdio(rec, &slot->more, task);
	rec->args_len = 0; /* user memory of another process: the sensor adds them */
	at = image_path(slot, file, task);
	at = image_name(&slot->draft, at, NULL);
	at = image_cgroup(slot, at, task);
	at = image_more(slot, at, task);
	at = image_cwd(slot, at, task, PST_CWD_LATE);
	at = sizeof(*rec) + CLAMP(at, sizeof(slot->draft.tail));
	rec->h.size = (__u32)at;
	/* when the buffer is full the kernel calls again for this task */
	if (!bpf_seq_write(ctx->meta->seq, &slot->draft, CLAMP(at, sizeof(slot->draft))))
		line->flags = (line->flags | PST_LINEAGE_LIVE) & ~PST_LINEAGE_LOST;
	draft_return(slot);
	return 0;
}
