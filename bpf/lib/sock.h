/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Who owns a socket, where does it lead, and which channel is it? */
#ifndef PST_LIB_SOCK_H
#define PST_LIB_SOCK_H

#include "lib/compat.h"
#include "lib/task.h"

static __always_inline void addr_v4(__u8 *out, __be32 addr)
{
	__u32 words[4] = { 0, 0, bpf_htonl(0xffff), addr };

	__builtin_memcpy(out, words, sizeof(words));
}

static __always_inline int addr_is_mapped(const __u8 *addr)
{
	const __u32 *w = (const __u32 *)addr;

	return !w[0] && !w[1] && w[2] == bpf_htonl(0xffff);
}

/* addr_of_connect - the kernel sends what is meant for the unspecified address to the loopback one
 */
static __always_inline void addr_of_connect(__u8 *addr)
{
	__u32 *w = (__u32 *)addr;

	if (w[0] || w[1] || w[3])
		return;
	if (!w[2])
		w[3] = bpf_htonl(1);
	else if (w[2] == bpf_htonl(0xffff))
		w[3] = bpf_htonl(0x7f000001);
}

/* peer and local address of any struct sock */
static __always_inline void sock_peer_probe(const struct sock *sk, __u8 *out)
{
	if (BPF_CORE_READ(sk, __sk_common.skc_family) == AF_INET6)
		BPF_CORE_READ_INTO((struct in6_addr *)out, sk, __sk_common.skc_v6_daddr);
	else
		addr_v4(out, BPF_CORE_READ(sk, __sk_common.skc_daddr));
}

static __always_inline void sock_local_probe(const struct sock *sk, __u8 *out)
{
	if (BPF_CORE_READ(sk, __sk_common.skc_family) == AF_INET6)
		BPF_CORE_READ_INTO((struct in6_addr *)out, sk, __sk_common.skc_v6_rcv_saddr);
	else
		addr_v4(out, BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr));
}

/* By the low byte of the protocol, in which MPTCP is TCP; what stands not here is raw, L2TP too. A
 * table, because the verifier follows each way through a chain of comparisons apart. */
#define OR_RAW(kind) ((kind) ^ PST_KIND_RAW)
static const __u8 kinds_of_protocol[2][256] = {
	{
		[IPPROTO_ICMP] = OR_RAW(PST_KIND_ICMP),
		[IPPROTO_TCP] = OR_RAW(PST_KIND_TCP_CONNECT),
		[IPPROTO_UDP] = OR_RAW(PST_KIND_UDP_PEER),
		[IPPROTO_DCCP] = OR_RAW(PST_KIND_DCCP),
		[IPPROTO_ICMPV6] = OR_RAW(PST_KIND_ICMP),
		[IPPROTO_SCTP] = OR_RAW(PST_KIND_SCTP),
		[IPPROTO_UDPLITE] = OR_RAW(PST_KIND_UDPLITE),
	},
	{
		[IPPROTO_ICMP] = OR_RAW(PST_KIND_ICMP),
		[IPPROTO_ICMPV6] = OR_RAW(PST_KIND_ICMP),
	},
};

/* kind_of_socket - which kind of channel leads from it to a peer? */
static __always_inline __u16 kind_of_socket(__u32 type, __u32 protocol)
{
	return OR_RAW(kinds_of_protocol[type == SOCK_RAW][protocol & 255]);
}

/* addr_is_group - does what is sent there reach many? Of a directed broadcast only the usual form
 * can be told */
static __always_inline int addr_is_group(const __u8 *addr)
{
	if (addr_is_mapped(addr))
		return (addr[12] & 0xf0) == 0xe0 || addr[15] == 0xff;
	return addr[0] == 0xff;
}

/* connection_of - the MPTCP connection that this TCP socket is a subflow of; NULL: none, or a
 * kernel before 3bc253c2e652 (5.19) */
static __always_inline struct mptcp_sock *connection_of(void *sk)
{
	if (!bpf_core_type_exists(struct mptcp_sock) ||
	    !bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_skc_to_mptcp_sock))
		return NULL;
	return bpf_skc_to_mptcp_sock(sk);
}

/* key_owner - the acting process owns what it does */
static __always_inline void key_owner(struct pst_key *key, struct task_struct *task)
{
	key->start_ns = task_start(task);
	key->tgid = (__u32)task->tgid;
}

static __always_inline int key_equal(const struct pst_key *a, const struct pst_key *b)
{
	const __u64 *x = (const __u64 *)a, *y = (const __u64 *)b;

	return x[0] == y[0] && x[1] == y[1] && x[2] == y[2] && x[3] == y[3];
}

#endif
