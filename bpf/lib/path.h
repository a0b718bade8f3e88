/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where does a file lie? Its path by an own walk over dentries and mounts, leaf first (bpf_d_path
 * is not allowed in tp_btf). The walk ends at the top of the mount tree, so a path is that of the
 * mount namespace, not of a chroot. */
#ifndef PST_LIB_PATH_H
#define PST_LIB_PATH_H

#include "lib/compat.h"
#include "abi/record.h"

/* A walk under way. It lies in map memory: what the verifier reads from there it knows nothing
 * about, so that all rounds of the loop look alike to it and it need not follow each one. */
struct pst_walk {
	const struct dentry *dentry;
	const struct mount *mount;
	__u64 root_dev; /* of the mount that holds the first component */
	__u32 len;
	__u32 cut;
};

static __always_inline const struct mount *mount_of(const struct vfsmount *mnt)
{
	return (const void *)mnt - bpf_core_field_offset(struct mount, mnt);
}

static __always_inline __u64 sb_dev(const struct super_block *sb)
{
	return BPF_CORE_READ(sb, s_dev);
}

/* walk_step - one component or one mount up; 0 at the top. Not inlined: verifiers up to 6.4 take a
 * loop only when its way back is a jump, and the compiler turns a large body round. */
static __noinline int walk_step(struct pst_walk *w, __u8 *out)
{
	const struct dentry *dentry = w->dentry, *parent;
	const struct mount *mount = w->mount, *up;
	long len;

	if (dentry == BPF_CORE_READ(mount, mnt.mnt_root)) {
		up = BPF_CORE_READ(mount, mnt_parent);
		if (up == mount)
			return 0;
		w->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		w->mount = up;
		return 1;
	}
	if (w->len > PST_PATH_MAX - PST_NAME_MAX) {
		w->cut = 1;
		return 0;
	}
	len = bpf_probe_read_kernel_str(out + w->len, PST_NAME_MAX,
					BPF_CORE_READ(dentry, d_name.name));
	if (len <= 0)
		return 0;
	w->len += (__u32)len & (2 * PST_NAME_MAX - 1);
	w->root_dev = sb_dev(BPF_CORE_READ(mount, mnt.mnt_sb));
	parent = BPF_CORE_READ(dentry, d_parent);
	if (parent == dentry) /* a root of its own: memfd */
		return 0;
	w->dentry = parent;
	return 1;
}

/* path_walk - the path of @file into @out, which holds PST_PATH_MAX bytes */
static __always_inline void path_walk(const struct file *file, struct pst_walk *w, __u8 *out)
{
	w->dentry = BPF_CORE_READ(file, f_path.dentry);
	w->mount = mount_of(BPF_CORE_READ(file, f_path.mnt));
	w->root_dev = 0;
	w->len = 0;
	w->cut = 0;
	for (int i = 0; i < (int)PST_PATH_DEPTH; i++)
		if (!walk_step(w, out))
			return;
	w->cut = 1;
}

static __always_inline int cgroup_step(const struct kernfs_node **node, struct pst_walk *w,
				       __u8 *out)
{
	const struct kernfs_node *at = *node;
	const struct kernfs_node *parent = kernfs_parent(at);
	long len;

	if (!at || !parent) /* the root has no name */
		return 0;
	if (w->len > PST_CGROUP_MAX - PST_NAME_MAX) {
		w->cut = 1;
		return 0;
	}
	len = bpf_probe_read_kernel_str(out + w->len, PST_NAME_MAX, BPF_CORE_READ(at, name));
	if (len <= 0)
		return 0;
	w->len += (__u32)len & (2 * PST_NAME_MAX - 1);
	*node = parent;
	return 1;
}

/* cgroup_walk - names of the task's cgroup and of those above it, without the root; @out holds
 * PST_CGROUP_MAX bytes */
static __always_inline void cgroup_walk(struct task_struct *task, struct pst_walk *w, __u8 *out)
{
	const struct kernfs_node *node = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn);

	w->len = 0;
	w->cut = 0;
	for (int i = 0; i < (int)PST_CGROUP_DEPTH; i++)
		if (!cgroup_step(&node, w, out))
			return;
	w->cut = 1;
}

#endif
