/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which kernel types are touched for what is no connection: capabilities, filters, io_uring,
 * tunnels? Flavours (name___more) hold the fields that kern.h's struct of that name does not need.
 */
#ifndef PST_LIB_KERN_ACTS_H
#define PST_LIB_KERN_ACTS_H

#include "lib/kern.h"

#define S_IFIFO 0010000
#define S_IFCHR 0020000
/* include/linux/ptrace.h: to look at, or to take hold of */
#define PTRACE_MODE_ATTACH 0x02u
/* uapi, asm-generic/socket.h */
#define SOL_SOCKET 1
#define SO_ATTACH_FILTER 26
#define SO_ATTACH_BPF 50
#define SO_ATTACH_REUSEPORT_CBPF 51
#define SO_ATTACH_REUSEPORT_EBPF 52

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* kernel_cap_t: 6.3 (f122a08b197d) made it one number */
struct caps {
	__u64 val;
};

struct kernel_cap_struct {
	__u32 cap[2];
};

struct cred___more {
	struct caps cap_permitted;
	struct caps cap_effective;
};

struct inode___more {
	__u32 i_rdev;
};

struct unix_sock___more {
	struct sock *peer;
};

struct sock_fprog_kern {
	__u16 len;
	void *filter;
};

struct bpf_prog_aux {
	__u32 id;
};

struct bpf_prog {
	__u32 len;
	__u8 tag[8];
	struct bpf_prog_aux *aux;
	struct sock_fprog_kern *orig_prog;
};

struct sk_filter {
	struct bpf_prog *prog;
};

struct sock___more {
	struct sk_filter *sk_filter;
	struct socket *sk_socket;
};

struct socket___more {
	struct file *file;
};

struct net_device___more {
	char name[16];
};

struct tun_struct {
	unsigned int flags;
	struct net_device___more *dev;
};

struct tun_file {
	struct tun_struct *tun;
};

struct io_kiocb {
	__u8 opcode;
};

/* since 6.0 (033b87d24f72): with it the tracepoint gives the request alone (48863ffd3e81) */
struct trace_event_raw_io_uring_submit_sqe {
	__u32 __data_loc_op_str;
};

struct seq_file___more {
	unsigned long size;
	unsigned long count;
};

struct udp_sock;

struct bpf_iter__tcp {
	struct bpf_iter_meta *meta;
	struct sock_common *sk_common;
};

struct bpf_iter__udp {
	struct bpf_iter_meta *meta;
	struct udp_sock *udp_sk;
};

#pragma clang attribute pop

/* cap_mask - one number on every kernel and byte order */
static __always_inline __u64 cap_mask(const void *cap)
{
	__u32 half[2] = {};
	__u64 whole = 0;

	if (bpf_core_type_exists(struct kernel_cap_struct)) {
		bpf_probe_read_kernel(half, sizeof(half), cap);
		return half[0] | (__u64)half[1] << 32;
	}
	bpf_probe_read_kernel(&whole, sizeof(whole), cap);
	return whole;
}

#endif
