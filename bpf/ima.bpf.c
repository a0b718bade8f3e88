// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What did the kernel itself measure of a file that is executed? IMA hashes a file before it lets
 * it run, where its policy says so: its digest is of the very bytes that run, whatever becomes of
 * the file. Only asked for what IMA has: bpf_ima_file_hash would read the whole file here, while
 * the exec waits. */
#include "lib/emit.h"
#include "lib/path.h"

/* A file as it is. */
struct file_now {
	__u64 inode, ctime_ns;
	__u32 dev_major, dev_minor;
};

/* Files whose digest was told. Half of what user space remembers; may forget, and tells again. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct file_now);
	__type(value, __u8);
} pst_measured SEC(".maps");

struct measured {
	struct file_now now;
	__u64 digest[PST_MEASURED_MAX / sizeof(__u64)];
	long algorithm;
};

static __always_inline void file_look(struct file_now *out, const struct inode *inode)
{
	const struct super_block *sb = BPF_CORE_READ(inode, i_sb);
	__u64 dev = sb_dev(sb);

	out->inode = BPF_CORE_READ(inode, i_ino);
	out->ctime_ns = inode_ctime_ns(inode);
	out->dev_major = (__u32)(dev >> 20);
	out->dev_minor = (__u32)(dev & 0xfffff);
}

/* measured_tell - of a file, not of a process: its EXEC says who runs it. 0 when it was told */
static __always_inline int measured_tell(struct pst_cpu *cpu, const struct measured *m)
{
	struct pst_rec_measured *rec = reserve(cpu, sizeof(*rec), EMIT_NORMAL);

	if (!rec)
		return -1;
	header(cpu, &rec->h, PST_REC_MEASURED, sizeof(*rec));
	rec->h.flags = PST_RF_NO_TASK | PST_RF_NO_OWNER;
	__builtin_memset(&rec->h.task, 0, sizeof(rec->h.task));
	rec->inode = m->now.inode;
	rec->ctime_ns = m->now.ctime_ns;
	rec->dev_major = m->now.dev_major;
	rec->dev_minor = m->now.dev_minor;
	rec->algorithm = (__u32)m->algorithm;
	rec->pad = 0;
	__builtin_memcpy(rec->digest, m->digest, sizeof(rec->digest));
	bpf_ringbuf_submit(rec, wake_flags(cpu, EMIT_NORMAL));
	return 0;
}

/* After IMA has looked, and before the exec is told. Void: nothing is decided here. */
SEC("lsm.s/bprm_committed_creds")
int BPF_PROG(pst_lsm_measured, struct linux_binprm *bprm)
{
	struct pst_cpu *cpu = enter(PST_HIT_pst_lsm_measured);
	struct inode *inode = bprm->file->f_inode;
	struct measured m = {};
	__u8 told = 1;

	if (!cpu)
		return 0;
	file_look(&m.now, inode);
	if (bpf_map_lookup_elem(&pst_measured, &m.now))
		return 0;
	m.algorithm = bpf_ima_inode_hash(inode, m.digest, sizeof(m.digest));
	if (m.algorithm < 0 || measured_tell(cpu, &m))
		return 0;
	bpf_map_update_elem(&pst_measured, &m.now, &told, BPF_ANY); /* else it is told again */
	return 0;
}
