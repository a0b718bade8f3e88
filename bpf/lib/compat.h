/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which fields moved, when, and how is each read on every kernel? One function per field, each with
 * its commit. */
#ifndef PST_LIB_COMPAT_H
#define PST_LIB_COMPAT_H

#include "lib/kern.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct timespec64 {
	__s64 tv_sec;
	long tv_nsec;
};

struct inode___to_6_5 {
	struct timespec64 i_ctime;
};

struct inode___to_6_10 {
	struct timespec64 __i_ctime;
};

struct inode___from_6_11 {
	__s64 i_ctime_sec;
	__u32 i_ctime_nsec;
};

struct kernfs_node___to_6_14 {
	struct kernfs_node *parent;
};

struct kernfs_node___from_6_15 {
	struct kernfs_node *__parent;
};

#pragma clang attribute pop

#define PST_NS_PER_S 1000000000ull

/* 4e40eff0b573 (6.13) keeps a mark of its own in the nanoseconds: who asked since the last change
 */
#define I_CTIME_QUERIED (1u << 31)

/* 13bc24457850 (6.6) renamed i_ctime to __i_ctime, 3aa63a569c64 (6.11) made it two fields */
static __always_inline __u64 inode_ctime_ns(const struct inode *inode)
{
	const struct inode___from_6_11 *split = (const void *)inode;
	const struct inode___to_6_10 *renamed = (const void *)inode;
	const struct inode___to_6_5 *old = (const void *)inode;

	if (bpf_core_field_exists(split->i_ctime_sec))
		return (__u64)BPF_CORE_READ(split, i_ctime_sec) * PST_NS_PER_S +
		       (BPF_CORE_READ(split, i_ctime_nsec) & ~I_CTIME_QUERIED);
	if (bpf_core_field_exists(renamed->__i_ctime))
		return (__u64)BPF_CORE_READ(renamed, __i_ctime.tv_sec) * PST_NS_PER_S +
		       (__u64)BPF_CORE_READ(renamed, __i_ctime.tv_nsec);
	return (__u64)BPF_CORE_READ(old, i_ctime.tv_sec) * PST_NS_PER_S +
	       (__u64)BPF_CORE_READ(old, i_ctime.tv_nsec);
}

/* 633488947ef6 (6.15) put the parent under RCU and renamed it */
static __always_inline const struct kernfs_node *kernfs_parent(const struct kernfs_node *node)
{
	const struct kernfs_node___from_6_15 *rcu = (const void *)node;
	const struct kernfs_node___to_6_14 *old = (const void *)node;

	if (bpf_core_field_exists(rcu->__parent))
		return BPF_CORE_READ(rcu, __parent);
	return BPF_CORE_READ(old, parent);
}

#endif
