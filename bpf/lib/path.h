/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where does a file lie? Its path by an own walk over dentries and mounts, leaf first (bpf_d_path
 * is not allowed in tp_btf). The walk ends at the top of the mount tree, so a path is that of the
 * mount namespace, not of a chroot. */
#ifndef PST_LIB_PATH_H
#define PST_LIB_PATH_H

#include "lib/compat.h"
#include "abi/record.h"

#define PST_STRINGS_MAX (PST_PATH_MAX + PST_FILE_MAX + PST_ARGS_MAX + PST_CGROUP_MAX)
#define PST_TAIL_MAX                                                                            \
	(PST_STRINGS_MAX + sizeof(struct pst_rec_exec_more) + sizeof(struct pst_rec_exec_cwd) + \
	 PST_CWD_MAX)

/* Bounds that the verifier can follow; the compiler must not fold them away. */
#define CLAMP(value, max)                    \
	({                                   \
		__u64 _v = (value);          \
		asm volatile("" : "+r"(_v)); \
		if (_v > (max))              \
			_v = (max);          \
		_v;                          \
	})

/* The strings behind a record, one after the other. */
struct pst_tail {
	__u8 bytes[PST_TAIL_MAX + PST_NAME_MAX]; /* the last part begins within PST_TAIL_MAX */
};

/* A walk under way. Its steps are functions that are not static, as task.h says: the verifier looks
 * at one of them once, and not at each round of the loop. */
struct pst_walk {
	const struct dentry *dentry;
	const struct mount *mount;
	const struct kernfs_node *node;
	__u64 root_dev; /* of the mount that holds the first component */
	__u32 at;	/* where in the tail its names begin */
	__u32 len;
	__u32 cut;
	__u32 max; /* bytes of names */
};

/* walk_name - one component more; 0 when it has none */
static __always_inline int walk_name(struct pst_walk *w, struct pst_tail *tail, const void *name)
{
	__u64 to = CLAMP((__u64)w->at + w->len, PST_TAIL_MAX);
	long len = bpf_probe_read_kernel_str(tail->bytes + to, PST_NAME_MAX, name);

	if (len <= 0)
		return 0;
	w->len += (__u32)len & (2 * PST_NAME_MAX - 1);
	return 1;
}

static __always_inline const struct mount *mount_of(const struct vfsmount *mnt)
{
	return (const void *)mnt - bpf_core_field_offset(struct mount, mnt);
}

static __always_inline __u64 sb_dev(const struct super_block *sb)
{
	return BPF_CORE_READ(sb, s_dev);
}

/* walk_step - one component or one mount up; 0 at the top */
__weak int walk_step(struct pst_walk *w, struct pst_tail *tail)
{
	const struct dentry *dentry, *parent;
	const struct mount *mount, *up;

	if (!w || !tail)
		return 0;
	dentry = w->dentry;
	mount = w->mount;
	if (dentry == BPF_CORE_READ(mount, mnt.mnt_root)) {
		up = BPF_CORE_READ(mount, mnt_parent);
		if (up == mount)
			return 0;
		w->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		w->mount = up;
		return 1;
	}
	if (w->len + PST_NAME_MAX > w->max) {
		w->cut = 1;
		return 0;
	}
	if (!walk_name(w, tail, BPF_CORE_READ(dentry, d_name.name)))
		return 0;
	w->root_dev = sb_dev(BPF_CORE_READ(mount, mnt.mnt_sb));
	parent = BPF_CORE_READ(dentry, d_parent);
	if (parent == dentry) /* a root of its own: memfd */
		return 0;
	w->dentry = parent;
	return 1;
}

static __always_inline void walk_begin(struct pst_walk *w, __u64 at, __u32 max)
{
	w->at = (__u32)at;
	w->max = max;
	w->len = 0;
	w->cut = 0;
}

/* path_walk - the names of @path, where walk_begin said */
static __always_inline void path_walk(const struct path *path, struct pst_walk *w,
				      struct pst_tail *tail)
{
	w->dentry = BPF_CORE_READ(path, dentry);
	w->mount = mount_of(BPF_CORE_READ(path, mnt));
	w->root_dev = 0;
	for (int i = 0; i < (int)PST_PATH_DEPTH; i++)
		if (!walk_step(w, tail))
			return;
	w->cut = 1;
}

__weak int cgroup_step(struct pst_walk *w, struct pst_tail *tail)
{
	const struct kernfs_node *at, *parent;

	if (!w || !tail)
		return 0;
	at = w->node;
	parent = kernfs_parent(at);
	if (!at || !parent) /* the root has no name */
		return 0;
	if (w->len + PST_NAME_MAX > w->max) {
		w->cut = 1;
		return 0;
	}
	if (!walk_name(w, tail, BPF_CORE_READ(at, name)))
		return 0;
	w->node = parent;
	return 1;
}

/* cgroup_walk - names of the task's cgroup and of those above it, without the root, at @at of @tail
 */
static __always_inline void cgroup_walk(struct task_struct *task, struct pst_walk *w,
					struct pst_tail *tail, __u64 at)
{
	walk_begin(w, at, PST_CGROUP_MAX);
	w->node = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn);
	for (int i = 0; i < (int)PST_CGROUP_DEPTH; i++)
		if (!cgroup_step(w, tail))
			return;
	w->cut = 1;
}

#endif
