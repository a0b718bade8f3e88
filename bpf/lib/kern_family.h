/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which kernel types do the sockets of other families than the internet's need? As kern.h: no field
 * more than is read. vsock, af_alg and others are modules on most kernels: their own types are
 * known only where they were loaded before us, so what is read of them is read by layout, in
 * family.h. */
#ifndef PST_LIB_KERN_FAMILY_H
#define PST_LIB_KERN_FAMILY_H

#include "lib/kern.h"

#define AF_UNIX 1
#define AF_NETLINK 16
#define AF_PACKET 17
#define AF_CAN 29
#define AF_TIPC 30
#define AF_BLUETOOTH 31
#define AF_ALG 38
#define AF_VSOCK 40
#define AF_XDP 44
#define MSG_PEEK 2
#define NETLINK_KERNEL_SOCKET 1ul   /* netlink_sock.flags: the kernel's own end */
#define NETLINK_ANYBODY 0xffffffffu /* port id in a key: who listens to the groups */
#define UNIX_PATH_MAX 108u
#define NETDEV_HASHENTRIES 256u /* include/net/net_namespace.h */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct sockaddr {
	unsigned short sa_family;
};

struct msghdr {
	void *msg_name;
	int msg_namelen;
};

struct sock___family {
	struct {
		int owned;
	} sk_lock;
	unsigned char sk_kern_sock : 1;
	struct pid *sk_peer_pid;
};

struct tcp_sock___handover {
	__u32 write_seq;
	__u32 snd_nxt;
	__u32 rcv_nxt;
	__u32 copied_seq;
};

struct sockaddr_un {
	__u16 sun_family;
	char sun_path[108];
};

struct unix_address {
	struct refcount_struct {
		atomic_t refs;
	} refcnt;
	int len;
	struct sockaddr_un name[0];
};

struct unix_sock {
	struct unix_address *addr;
	struct sock *peer;
};

struct netlink_sock {
	unsigned long flags;
	__u32 dst_portid;
	__u32 dst_group;
	unsigned long *groups;
};

struct net___devices {
	struct hlist_head *dev_index_head;
};

struct net_device {
	char name[16];
	int ifindex;
	struct hlist_node index_hlist;
};

struct packet_type {
	struct net_device *dev;
};

struct packet_sock {
	int ifindex;
	__be16 num;
	struct packet_type prot_hook;
};

struct xdp_sock {
	struct net_device *dev;
	__u16 queue_id;
};

struct crypto_alg {
	char cra_name[128];
};

struct crypto_tfm {
	struct crypto_alg *__crt_alg;
};

struct crypto_ahash {
	struct crypto_tfm base;
};

struct crypto_skcipher {
	struct crypto_tfm base;
};

#pragma clang attribute pop

/* What user space hands over; fixed for ever. */
struct sockaddr_nl {
	__u16 family, pad;
	__u32 pid;
	__u32 groups;
};

struct sockaddr_ll {
	__u16 family;
	__be16 protocol;
	__s32 ifindex;
};

struct sockaddr_xdp {
	__u16 family, flags;
	__u32 ifindex;
	__u32 queue_id;
};

struct sockaddr_vm {
	__u16 family, reserved;
	__u32 port;
	__u32 cid;
	__u32 zero;
};

struct sockaddr_alg {
	__u16 family;
	char type[14];
	__u32 feat, mask;
	char name[64];
};

#endif
