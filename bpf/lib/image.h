/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What does a process execute? Fills an EXEC record: at the exec itself, and by the iterator for
 * what ran before us. */
#ifndef PST_LIB_IMAGE_H
#define PST_LIB_IMAGE_H

#include "lib/kern_acts.h"
#include "lib/path.h"
#include "lib/sock.h"
#include "lib/task.h"

/* A record under construction: too large for the stack. The parts of the tail follow each other. */
struct pst_draft {
	struct pst_rec_exec rec;
	struct pst_tail tail;
};

/* Drafts per CPU: 0 and 1 for exec (an exec can be preempted by another one where tracepoints are
 * preemptible), 2 for iter */
#define DRAFTS 3u
#define DRAFT_ITER 2u

struct pst_draft_slot {
	__u64 busy;
	struct pst_walk walk;
	struct pst_rec_exec_more more; /* aligned here, unaligned behind the strings */
	struct pst_rec_exec_cwd cwd;   /* as it is */
	struct pst_draft draft;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, DRAFTS);
	__type(key, __u32);
	__type(value, struct pst_draft_slot);
} pst_drafts __weak SEC(".maps");

static __always_inline struct pst_draft_slot *draft_take(__u32 index)
{
	struct pst_draft_slot *slot = bpf_map_lookup_elem(&pst_drafts, &index);

	if (!slot || __sync_lock_test_and_set(&slot->busy, 1))
		return NULL;
	return slot;
}

static __always_inline void draft_return(struct pst_draft_slot *slot)
{
	__sync_lock_test_and_set(&slot->busy, 0);
}

static __always_inline void stdio_one(struct pst_rec_exec *rec, struct file *file, __u32 n)
{
	struct pst_rec_stdio *out = &rec->stdio[n];
	struct socket *socket;
	struct sock *sk;

	if ((BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return;
	socket = BPF_CORE_READ(file, private_data);
	sk = BPF_CORE_READ(socket, sk);
	if (!sk)
		return;
	rec->stdio_mask |= 1u << n;
	out->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	out->sock_type = (__u16)BPF_CORE_READ(socket, type);
	out->cookie = (__u64)BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
	if (out->family != AF_INET && out->family != AF_INET6)
		return;
	sock_peer_probe(sk, out->peer);
	out->peer_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
}

/* more_one - what a descriptor leads to when it is a pipe, or one end of a unix connection */
static __always_inline void more_one(struct pst_rec_exec_more *out, struct file *file, __u32 n)
{
	const struct inode *inode = BPF_CORE_READ(file, f_inode);
	__u16 format = BPF_CORE_READ(inode, i_mode) & S_IFMT;
	struct socket *socket;
	struct sock *sk, *peer;

	if (format == S_IFIFO)
		out->pipe_inode[n] = BPF_CORE_READ(inode, i_ino);
	if (format != S_IFSOCK)
		return;
	socket = BPF_CORE_READ(file, private_data);
	sk = BPF_CORE_READ(socket, sk);
	if (!sk || BPF_CORE_READ(sk, __sk_common.skc_family) != AF_UNIX)
		return;
	peer = BPF_CORE_READ((struct unix_sock___more *)sk, peer);
	if (peer)
		out->peer_cookie[n] = (__u64)BPF_CORE_READ(peer, __sk_common.skc_cookie.counter);
}

/* image_stdio - descriptors 0..2 that are sockets: a shell whose terminal is a socket is a reverse
 * shell */
static __noinline int image_stdio(struct pst_rec_exec *rec, struct pst_rec_exec_more *more,
				  struct task_struct *task)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file **fd = BPF_CORE_READ(table, fd);
	struct file *file;

	__builtin_memset(rec->stdio, 0, sizeof(rec->stdio));
	rec->stdio_mask = 0;
	__builtin_memset(more, 0, sizeof(*more));
	if (!fd || BPF_CORE_READ(table, max_fds) < 3)
		return 0;
	for (__u32 n = 0; n < 3; n++) {
		file = NULL;
		bpf_probe_read_kernel(&file, sizeof(file), fd + n);
		if (!file)
			continue;
		stdio_one(rec, file, n);
		more_one(more, file, n);
	}
	return 0;
}

/* image_file - device, inode, age and kind of the executed file */
static __always_inline void image_file(struct pst_rec_exec *rec, const struct file *file)
{
	const struct inode *inode = BPF_CORE_READ(file, f_inode);
	const struct super_block *sb = BPF_CORE_READ(inode, i_sb);
	__u64 dev = sb_dev(sb);
	char name[8] = {};

	rec->inode = BPF_CORE_READ(inode, i_ino);
	rec->ctime_ns = inode_ctime_ns(inode);
	rec->dev_major = (__u32)(dev >> 20);
	rec->dev_minor = (__u32)(dev & 0xfffff);
	rec->exec_flags = BPF_CORE_READ(inode, i_nlink) ? 0 : PST_EXEC_DELETED;
	bpf_probe_read_kernel_str(name, sizeof(name),
				  BPF_CORE_READ(file, f_path.dentry, d_name.name));
	if (BPF_CORE_READ(sb, s_magic) == TMPFS_MAGIC && name[0] == 'm' && name[1] == 'e' &&
	    name[2] == 'm' && name[3] == 'f' && name[4] == 'd' && name[5] == ':' &&
	    rec->exec_flags & PST_EXEC_DELETED)
		rec->exec_flags |= PST_EXEC_MEMFD;
}

/* lies_elsewhere - in the mounts of another namespace than the process's, which a descriptor or
 * /proc/PID/root leads to: by its names it may look like a file of the host */
static __always_inline int lies_elsewhere(struct task_struct *task, const struct path *path)
{
	const struct mount *mount = mount_of(BPF_CORE_READ(path, mnt));

	return BPF_CORE_READ(mount, mnt_ns) != BPF_CORE_READ(task, nsproxy, mnt_ns);
}

/* has_own_root - do absolute names begin elsewhere for it than for the host? The host's root folder
 * may be mounted a second time, and below that other things. */
static __always_inline int has_own_root(struct task_struct *task)
{
	const struct fs_struct *fs = BPF_CORE_READ(task, fs);
	const struct vfsmount *mnt = BPF_CORE_READ(fs, root.mnt);

	if ((__u64)BPF_CORE_READ(fs, root.dentry) != pst_root_dentry ||
	    lies_elsewhere(task, &fs->root))
		return 1;
	return (__u64)mnt != pst_root_mnt &&
	       (__u64)BPF_CORE_READ(mount_of(mnt), mnt_ns) == pst_root_mntns;
}

/* image_script - was an interpreter put before the file that execve named? Its name counts only
 * where it means the same as for the host: a process in a root folder of its own may call anything
 * anything. */
static __always_inline void image_script(struct pst_rec_exec *rec, struct task_struct *task,
					 const struct linux_binprm *bprm)
{
	if (BPF_CORE_READ(bprm, interp) != BPF_CORE_READ(bprm, filename) && !has_own_root(task))
		rec->exec_flags |= PST_EXEC_SCRIPT;
}

static __always_inline void image_audit(struct pst_rec_exec *rec, struct task_struct *task)
{
	rec->login_uid = ~0u;
	rec->session_id = ~0u;
	if (bpf_core_field_exists(task->loginuid))
		rec->login_uid = BPF_CORE_READ(task, loginuid.val);
	if (bpf_core_field_exists(task->sessionid))
		rec->session_id = BPF_CORE_READ(task, sessionid);
}

/* image_path - first part of the tail; returns its length */
static __always_inline __u64 image_path(struct pst_draft_slot *slot, const struct file *file,
					struct task_struct *task)
{
	struct pst_walk *walk = &slot->walk;
	struct pst_draft *draft = &slot->draft;
	__u64 len;

	walk_begin(walk, 0, PST_PATH_MAX);
	path_walk(&file->f_path, walk, &draft->tail);
	draft->rec.root_dev = walk->root_dev;
	if (lies_elsewhere(task, &file->f_path))
		draft->rec.exec_flags |= PST_EXEC_OTHER_MOUNTS;
	if (walk->cut)
		draft->rec.exec_flags |= PST_EXEC_PATH_CUT;
	len = CLAMP(walk->len, PST_PATH_MAX);
	draft->rec.path_len = (__u16)len;
	return len;
}

static __always_inline __u64 image_name(struct pst_draft *draft, __u64 at, const char *name)
{
	long len;

	draft->rec.file_len = 0;
	if (!name)
		return at;
	len = bpf_probe_read_kernel_str(draft->tail.bytes + at, PST_FILE_MAX, name);
	if (len <= 1)
		return at;
	if (len == PST_FILE_MAX)
		draft->rec.exec_flags |= PST_EXEC_FILE_CUT;
	draft->rec.file_len = (__u16)(len - 1); /* without its NUL */
	return CLAMP(at + (__u64)len - 1, PST_PATH_MAX + PST_FILE_MAX);
}

static __always_inline __u64 image_args(struct pst_draft *draft, __u64 at,
					const struct mm_struct *mm)
{
	unsigned long start = BPF_CORE_READ(mm, arg_start);
	__u64 len = BPF_CORE_READ(mm, arg_end) - start;

	draft->rec.args_len = 0;
	if (len > PST_ARGS_MAX)
		draft->rec.exec_flags |= PST_EXEC_ARGS_CUT;
	len = CLAMP(len, PST_ARGS_MAX);
	if (!len || bpf_probe_read_user(draft->tail.bytes + at, (__u32)len, (const void *)start))
		return at;
	draft->rec.args_len = (__u16)len;
	return CLAMP(at + len, PST_PATH_MAX + PST_FILE_MAX + PST_ARGS_MAX);
}

static __always_inline __u64 image_cgroup(struct pst_draft_slot *slot, __u64 at,
					  struct task_struct *task)
{
	struct pst_walk *walk = &slot->walk;
	struct pst_draft *draft = &slot->draft;
	__u64 len;

	cgroup_walk(task, walk, &draft->tail, at);
	if (walk->cut)
		draft->rec.exec_flags |= PST_EXEC_CGROUP_CUT;
	len = CLAMP(walk->len, PST_CGROUP_MAX);
	draft->rec.cgroup_len = (__u16)len;
	return CLAMP(at + len, PST_STRINGS_MAX);
}

/* image_more - behind the strings; image_stdio came before */
static __noinline __u64 image_more(struct pst_draft_slot *slot, __u64 at, struct task_struct *task)
{
	const struct cred___more *cred = (const void *)BPF_CORE_READ(task, cred);

	slot->more.caps_effective = cap_mask(&cred->cap_effective);
	slot->more.caps_permitted = cap_mask(&cred->cap_permitted);
	at = CLAMP(at, PST_STRINGS_MAX);
	bpf_probe_read_kernel(slot->draft.tail.bytes + at, sizeof(slot->more), &slot->more);
	return at + sizeof(slot->more);
}

static __always_inline __u32 cwd_flags(struct task_struct *task, const struct fs_struct *fs)
{
	__u32 flags = has_own_root(task) ? PST_CWD_OTHER_ROOT : 0;

	if (lies_elsewhere(task, &fs->pwd))
		flags |= PST_CWD_OTHER_MOUNTS;
	if (!BPF_CORE_READ(fs, pwd.dentry, d_inode, i_nlink))
		flags |= PST_CWD_GONE;
	return flags;
}

/* image_cwd - where relative names begin; last of all
 * @late: PST_CWD_LATE when the exec was before; else only the new image's one thread is there, so
 * whoever shares its working directory is another process */
static __noinline __u64 image_cwd(struct pst_draft_slot *slot, __u64 at, struct task_struct *task,
				  __u32 late)
{
	const struct fs_struct *fs = BPF_CORE_READ(task, fs);
	struct pst_rec_exec_cwd *cwd = &slot->cwd;
	struct pst_walk *walk = &slot->walk;
	__u64 len;

	at = CLAMP(at, PST_STRINGS_MAX + sizeof(slot->more));
	if (!fs) /* it ends */
		return at;
	walk_begin(walk, at + sizeof(*cwd), PST_CWD_MAX);
	path_walk(&fs->pwd, walk, &slot->draft.tail);
	len = CLAMP(walk->len, PST_CWD_MAX);
	cwd->inode = BPF_CORE_READ(fs, pwd.dentry, d_inode, i_ino);
	cwd->root_dev = walk->root_dev;
	cwd->flags = late | cwd_flags(task, fs);
	if (walk->cut)
		cwd->flags |= PST_CWD_CUT;
	if (!late && BPF_CORE_READ(fs, users) > 1)
		cwd->flags |= PST_CWD_SHARED;
	cwd->len = (__u16)len;
	cwd->pad = 0;
	bpf_probe_read_kernel(slot->draft.tail.bytes + at, sizeof(*cwd), cwd);
	return at + sizeof(*cwd) + len;
}

#endif
