/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which channel does a socket address lead to, of the families that speak no IP? The kernel has
 * copied the address before a security hook sees it. What a unix path leads to only the kernel's
 * own look-up says: it is not asked here. */
#ifndef PST_LIB_ADDRESS_H
#define PST_LIB_ADDRESS_H

#include "lib/family.h"

/* An address as a hook was given it. */
struct address {
	const void *at;
	int len;
	const struct sock *sk; /* the socket that is given it */
	int is_own;	       /* where it listens, not where it sends to */
};

#define DEVICES_MET 8 /* of one bucket */

/* address_device - the name of an interface of the socket's network namespace */
static __always_inline void address_device(const struct address *a, __u32 index,
					   struct pst_name *name)
{
	const struct sock *sk = a->sk;
	const struct net___devices *net = (const void *)BPF_CORE_READ(sk, __sk_common.skc_net.net);
	const struct hlist_head *head = BPF_CORE_READ(net, dev_index_head);
	const struct hlist_node *node;
	const struct net_device *dev;

	head = (const void *)head +
	       (index & (NETDEV_HASHENTRIES - 1)) * bpf_core_type_size(struct hlist_head);
	node = BPF_CORE_READ(head, first);
	for (int i = 0; i < DEVICES_MET && node; i++) {
		dev = (const void *)node - bpf_core_field_offset(struct net_device, index_hlist);
		if ((__u32)BPF_CORE_READ(dev, ifindex) == index) {
			see_device(dev, name);
			return;
		}
		node = BPF_CORE_READ(node, next);
	}
}

static __always_inline void address_packet(const struct address *a, struct pst_key *key,
					   struct pst_name *name)
{
	struct sockaddr_ll ll = {};

	bpf_probe_read_kernel(&ll, sizeof(ll), a->at);
	if (ll.protocol)
		key->port = bpf_ntohs(ll.protocol);
	if (ll.ifindex <= 0)
		return;
	key_words(key, (__u32)ll.ifindex, 0);
	address_device(a, (__u32)ll.ifindex, name);
}

static __always_inline void address_xdp(const struct address *a, struct pst_key *key,
					struct pst_name *name)
{
	struct sockaddr_xdp xdp = {};

	bpf_probe_read_kernel(&xdp, sizeof(xdp), a->at);
	key->port = (__u16)xdp.queue_id;
	key_words(key, xdp.ifindex, 0);
	address_device(a, xdp.ifindex, name);
}

static __always_inline void address_vsock(const struct address *a, struct pst_key *key)
{
	struct sockaddr_vm vm = {};

	bpf_probe_read_kernel(&vm, sizeof(vm), a->at);
	key_words(key, vm.cid, vm.port);
}

/* address_netlink - groups that the socket already hears stay in the key. What is sent to groups
 * reaches whoever listens: that is not the kernel alone. An own port id is nobody's. */
static __always_inline void address_netlink(const struct address *a, struct pst_key *key)
{
	struct sockaddr_nl nl = {};
	__be32 had[2];
	__u32 port;

	__builtin_memcpy(had, key->addr, sizeof(had));
	bpf_probe_read_kernel(&nl, sizeof(nl), a->at);
	port = !nl.pid && nl.groups ? NETLINK_ANYBODY : nl.pid;
	if (a->is_own)
		port = bpf_ntohl(had[1]);
	key_words(key, bpf_ntohl(had[0]) | nl.groups, port);
}

static __always_inline void address_alg(const struct address *a, struct pst_key *key,
					struct pst_name *name)
{
	const struct sockaddr_alg *alg = a->at;
	long got = bpf_probe_read_kernel_str(name->bytes, ALG_TYPE_MAX, alg->type);

	if (got <= 1)
		return;
	name->len = (__u16)(got - 1);
	name_join(name, alg->name, sizeof(alg->name));
	key_named(key, name);
}

/* address_look - @key becomes that of the address; it has the socket's own kind and port already.
 * @name is all zero. */
static __noinline int address_look(const struct address *a, struct pst_key *key,
				   struct pst_name *name)
{
	int len = a->len - 2;

	if (key->kind == PST_KIND_NETLINK) {
		address_netlink(a, key);
	} else if (key->kind == PST_KIND_PACKET) {
		address_packet(a, key, name);
	} else if (key->kind == PST_KIND_XDP) {
		address_xdp(a, key, name);
	} else if (key->kind == PST_KIND_VSOCK) {
		address_vsock(a, key);
	} else if (key->kind == PST_KIND_ALG) {
		address_alg(a, key, name);
	} else if (key->kind != PST_KIND_OTHER && len > 0) {
		bpf_probe_read_kernel(key->addr, sizeof(key->addr), a->at + 2);
	}
	return 0;
}

#endif
