/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which channel is a socket that speaks no IP? Its kind, its peer and its name, as its own struct
 * says. How each kind uses the key's address and port stands in abi/channel.h. */
#ifndef PST_LIB_FAMILY_H
#define PST_LIB_FAMILY_H

#include "lib/channel.h"
#include "lib/kern_family.h"

static __always_inline int is_inet(__u16 family)
{
	return family == AF_INET || family == AF_INET6;
}

/* family_kind - of a socket that does not listen */
static __always_inline __u16 family_kind(__u16 family)
{
	switch (family) {
	case AF_UNIX:
		return PST_KIND_UNIX;
	case AF_NETLINK:
		return PST_KIND_NETLINK;
	case AF_PACKET:
		return PST_KIND_PACKET;
	case AF_XDP:
		return PST_KIND_XDP;
	case AF_VSOCK:
		return PST_KIND_VSOCK;
	case AF_ALG:
		return PST_KIND_ALG;
	case AF_TIPC:
		return PST_KIND_TIPC;
	case AF_BLUETOOTH:
		return PST_KIND_BLUETOOTH;
	case AF_CAN:
		return PST_KIND_CAN;
	default:
		return PST_KIND_OTHER;
	}
}

static __always_inline void key_words(struct pst_key *key, __u32 first, __u32 second)
{
	__u32 words[4] = { bpf_htonl(first), bpf_htonl(second), 0, 0 };

	__builtin_memcpy(key->addr, words, sizeof(words));
}

#define NAME_WORDS (PST_CHAN_NAME_MAX / 8)

/* name_hash - 16 bytes, of two FNV-1a over words with secret beginnings; never all zero, which
 * means no name. All bytes of the name behind its length must be zero. */
static __noinline int name_hash(const struct pst_name *name, __u8 *out)
{
	__u64 hash[2] = { pst_seed[0] ^ name->len, pst_seed[1] ^ name->len };
	__u64 word;

	for (__u32 i = 0; i < NAME_WORDS; i++) {
		__builtin_memcpy(&word, name->bytes + i * 8ul, sizeof(word));
		hash[0] = (hash[0] ^ word) * 0x100000001b3ull;
		hash[0] ^= hash[0] >> 32;
		hash[1] = (hash[1] ^ (word << 32 | word >> 32)) * 0x9ddfea08eb382d69ull;
		hash[1] ^= hash[1] >> 29;
	}
	hash[1] |= 1;
	__builtin_memcpy(out, hash, sizeof(hash));
	return 0;
}

/* name_of_unix - from a socket address: @path is what follows the family, @len its bytes. A path
 * ends at its NUL, an abstract name has its length. */
static __noinline int name_of_unix(struct pst_name *name, const void *path, __u64 len)
{
	__u8 first = 0;
	long got;

	asm volatile("" : "+r"(len)); /* the bound must stay where the verifier sees it */
	if (len > UNIX_PATH_MAX)
		len = UNIX_PATH_MAX;
	if (!len || bpf_probe_read_kernel(&first, 1, path))
		return 0;
	if (!first) {
		name->len = bpf_probe_read_kernel(name->bytes, (__u32)len, path) ? 0 : (__u16)len;
		return 0;
	}
	got = bpf_probe_read_kernel_str(name->bytes, (__u32)len + 1, path);
	name->len = got > 1 ? (__u16)(got - 1) : 0;
	return 0;
}

/* key_named - what the key's address is when it is the hash of a name */
static __always_inline void key_named(struct pst_key *key, const struct pst_name *name)
{
	if (name->len)
		name_hash(name, key->addr);
}

/* unix_named - the name under which @sk was bound, as it was given to bind(), into the key too: no
 * link that leads to the socket changes it. Returns whether it has one */
static __always_inline int unix_named(const struct sock *sk, struct pst_key *key,
				      struct pst_name *name)
{
	const struct unix_address *addr = BPF_CORE_READ((const struct unix_sock *)sk, addr);
	long len;

	if (!addr)
		return 0;
	len = BPF_CORE_READ(addr, len) - 2;
	name_of_unix(name,
		     (const void *)addr + bpf_core_field_offset(struct unix_address, name) + 2,
		     len > 0 ? (__u64)len : 0);
	key_named(key, name);
	return 1;
}

/* is_accepted - does it share its name with the listener? Whoever comes to a server may bind any
 * name before: that is no name of the server's channel */
static __always_inline int is_accepted(const struct sock *sk)
{
	return BPF_CORE_READ((const struct unix_sock *)sk, addr, refcnt.refs.counter) > 1;
}

/* unix_led_to - the name of the other end of @sk, @peer, NULL: none. A socket that was accepted has
 * that of its listener, and so has one whose peer has none */
static __always_inline void unix_led_to(const struct sock *sk, const struct sock *peer,
					struct pst_key *key, struct pst_name *name)
{
	if (!peer || is_accepted(sk) || !unix_named(peer, key, name))
		unix_named(sk, key, name);
}

#define PIDTYPE_TGID 1

/* unix_holder - who called connect, listen or socketpair for it; 0: nobody did, or he is gone, and
 * his number may be another's */
static __always_inline __u32 unix_holder(const struct sock *sk)
{
	const struct sock___family *credentials = (const void *)sk;
	const struct pid *pid = BPF_CORE_READ(credentials, sk_peer_pid);

	if (!pid || !BPF_CORE_READ(pid, tasks[PIDTYPE_TGID].first))
		return 0;
	return (__u32)BPF_CORE_READ(pid, numbers[0].nr);
}

static __always_inline void see_unix(struct sock *sk, struct pst_key *key, struct pst_seen *seen,
				     struct pst_name *name)
{
	const struct sock *peer = BPF_CORE_READ((const struct unix_sock *)sk, peer);

	if (BPF_CORE_READ(sk, __sk_common.skc_state) == TCP_LISTEN)
		key->kind = PST_KIND_UNIX_LISTEN;
	else
		seen->peer_tgid = unix_holder(sk);
	unix_led_to(sk, peer, key, name);
}

/* see_netlink - nothing for the kernel's own end */
static __always_inline int see_netlink(struct sock *sk, struct pst_key *key)
{
	const struct netlink_sock *nlk = (const void *)sk;
	const unsigned long *groups = BPF_CORE_READ(nlk, groups);
	unsigned long mask = 0;
	__u32 port;

	if (BPF_CORE_READ(nlk, flags) & NETLINK_KERNEL_SOCKET)
		return -1;
	if (groups)
		bpf_probe_read_kernel(&mask, sizeof(mask), groups);
	port = BPF_CORE_READ(nlk, dst_portid);
	if (!port && BPF_CORE_READ(nlk, dst_group))
		port = NETLINK_ANYBODY;
	key->port = BPF_CORE_READ(sk, sk_protocol);
	key_words(key, (__u32)mask, port);
	return 0;
}

/* see_device - an interface by its name; the name is no part of the key here */
static __always_inline void see_device(const struct net_device *dev, struct pst_name *name)
{
	long got = dev ? bpf_probe_read_kernel_str(name->bytes, sizeof(dev->name),
						   BPF_CORE_READ(dev, name)) :
			 0;

	name->len = got > 1 ? (__u16)(got - 1) : 0;
}

static __always_inline void see_packet(struct sock *sk, struct pst_key *key, struct pst_name *name)
{
	const struct packet_sock *po = (const void *)sk;
	int index = 0;

	if (!bpf_core_type_exists(struct packet_sock))
		return;
	index = BPF_CORE_READ(po, ifindex);
	key->port = bpf_ntohs(BPF_CORE_READ(po, num));
	key_words(key, index > 0 ? (__u32)index : 0, 0);
	if (index > 0)
		see_device(BPF_CORE_READ(po, prot_hook.dev), name);
}

static __always_inline void see_xdp(struct sock *sk, struct pst_key *key, struct pst_name *name)
{
	const struct xdp_sock *xs = (const void *)sk;
	const struct net_device *dev;

	if (!bpf_core_type_exists(struct xdp_sock))
		return;
	dev = BPF_CORE_READ(xs, dev);
	if (!dev)
		return;
	key->port = BPF_CORE_READ(xs, queue_id);
	key_words(key, (__u32)BPF_CORE_READ(dev, ifindex), 0);
	see_device(dev, name);
}

/* behind_sock - what a module's own socket struct holds @at bytes behind its struct sock */
static __always_inline const void *behind_sock(const struct sock *sk, __u64 at)
{
	return (const void *)sk + bpf_core_type_size(struct sock) + at;
}

/* c0cfa2d8a788 (5.5) put the transport before the two addresses; since then nothing moved */
#define VSOCK_LOCAL 8u
#define VSOCK_REMOTE (VSOCK_LOCAL + sizeof(struct sockaddr_vm))

static __always_inline void see_vsock(struct sock *sk, struct pst_key *key)
{
	int listens = BPF_CORE_READ(sk, __sk_common.skc_state) == TCP_LISTEN;
	struct sockaddr_vm addr = {};

	if (listens)
		key->kind = PST_KIND_VSOCK_LISTEN;
	bpf_probe_read_kernel(&addr, sizeof(addr),
			      behind_sock(sk, listens ? VSOCK_LOCAL : VSOCK_REMOTE));
	if (listens || addr.port != ~0u) /* VMADDR_PORT_ANY: not connected */
		key_words(key, addr.cid, addr.port);
}

/* struct alg_sock: parent, two counters, type, private; struct af_alg_type: ten pointers, name
 * (77ebdabe8de7, 5.10) */
#define ALG_PARENT 0u
#define ALG_TYPE 16u
#define ALG_PRIVATE 24u
#define ALG_TYPE_NAME 80u
#define ALG_TYPE_MAX 14u

/* alg_algorithm - the kernel's name of what the socket computes; NULL where this kernel's types do
 * not say it */
static __always_inline const void *alg_algorithm(const void *private, __u8 type)
{
	const struct crypto_skcipher *cipher = private;
	const struct crypto_ahash *hash = private;
	const struct crypto_alg *alg = NULL;

	if (type == 'h' && bpf_core_type_exists(struct crypto_ahash))
		alg = BPF_CORE_READ(hash, base.__crt_alg);
	if (type == 's' && bpf_core_type_exists(struct crypto_skcipher))
		alg = BPF_CORE_READ(cipher, base.__crt_alg);
	return alg ? (const void *)alg + bpf_core_field_offset(struct crypto_alg, cra_name) : NULL;
}

/* name_join - ":" and a second part behind the first one */
static __always_inline void name_join(struct pst_name *name, const void *second, __u32 max)
{
	__u64 len = name->len;
	long got;

	asm volatile("" : "+r"(len));
	if (len >= ALG_TYPE_MAX)
		return;
	name->bytes[len] = ':';
	got = bpf_probe_read_kernel_str(name->bytes + len + 1, max, second);
	name->len = (__u16)(got > 1 ? len + (__u64)got : len);
	if (got <= 1)
		name->bytes[len] = 0;
}

static __always_inline void see_alg(struct sock *sk, struct pst_key *key, struct pst_name *name)
{
	const struct sock *parent = NULL;
	const void *type = NULL, *private = NULL;
	const void *algorithm;
	long got;

	bpf_probe_read_kernel(&parent, sizeof(parent), behind_sock(sk, ALG_PARENT));
	if (!parent) /* not the socket of one operation, but the one that was bound */
		parent = sk;
	bpf_probe_read_kernel(&type, sizeof(type), behind_sock(parent, ALG_TYPE));
	bpf_probe_read_kernel(&private, sizeof(private), behind_sock(parent, ALG_PRIVATE));
	if (!type)
		return;
	got = bpf_probe_read_kernel_str(name->bytes, ALG_TYPE_MAX, type + ALG_TYPE_NAME);
	if (got <= 1)
		return;
	name->len = (__u16)(got - 1);
	algorithm = alg_algorithm(private, name->bytes[0]);
	if (algorithm)
		name_join(name, algorithm, 64);
	key_named(key, name);
}

/* family_look - family_see, without the pointer to the name: the verifier lets no callee store one
 * into the stack of its caller */
static __noinline int family_look(struct sock *sk, struct pst_key *key, struct pst_seen *seen,
				  struct pst_name *name)
{
	const struct sock___family *kern = (const void *)sk;
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
	__u16 protocol = BPF_CORE_READ(sk, sk_protocol);

	if (is_inet(family) || BPF_CORE_READ_BITFIELD_PROBED(kern, sk_kern_sock))
		return -1;
	seen->cookie = bpf_get_socket_cookie(sk);
	seen->family = family;
	seen->protocol = protocol;
	seen->sock_type = BPF_CORE_READ(sk, sk_type);
	key->kind = family_kind(family);
	key->port = protocol;
	if (family == AF_UNIX) {
		key->port = 0;
		see_unix(sk, key, seen, name);
	} else if (family == AF_NETLINK) {
		return see_netlink(sk, key);
	} else if (family == AF_PACKET) {
		see_packet(sk, key, name);
	} else if (family == AF_XDP) {
		see_xdp(sk, key, name);
	} else if (family == AF_VSOCK) {
		key->port = 0;
		see_vsock(sk, key);
	} else if (family == AF_ALG) {
		key->port = 0;
		see_alg(sk, key, name);
	} else if (key->kind == PST_KIND_OTHER) {
		key->port = family;
		key_words(key, protocol, 0);
	}
	return 0;
}

/* family_see - a channel's kind, port, address and name, and what its record says of the socket.
 *
 * The caller has set to zero @key but for start_ns and tgid, @seen but for how, rec_flags and the
 * opener, and all of @name, which must stay as long as @seen is used. It holds a whole struct sock
 * (no request, no TIME_WAIT) from a program in which bpf_get_socket_cookie() takes one.
 *
 * Returns 0, or -1 when the socket is no channel of this sort: an internet one, or the kernel's. */
static __always_inline int family_see(struct sock *sk, struct pst_key *key, struct pst_seen *seen,
				      struct pst_name *name)
{
	int none = family_look(sk, key, seen, name);

	seen->name = name->len ? name : NULL;
	return none;
}

#endif
