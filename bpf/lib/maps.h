/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which maps do the programs share? Each is weak: the linked object holds it once.
 * Maps whose keys come and go are not preallocated: an element that is deleted while a program
 * holds its pointer is freed after that program, never handed to another key. None evicts: a full
 * map is a counted loss. */
#ifndef PST_LIB_MAPS_H
#define PST_LIB_MAPS_H

#include "lib/kern.h"
#include "abi/control.h"

/* Settings, written once before the load. */
extern const volatile __u64 pst_ring_limit; /* fill at which bulk records stop, bytes */
extern const volatile __u32 pst_whole_host; /* 1: the cgroup programs hold the root cgroup */
extern const volatile __u32 pst_own_tgid;
extern const volatile __u64 pst_cgroup_id;   /* of the watched cgroup, when that is not the root */
extern const volatile __u32 pst_first_bytes; /* 1: tell the first bytes of new channels */
extern const volatile __u32 pst_dns;	     /* 1: tell DNS messages */
extern const volatile __u64 pst_seed[2]; /* of the hashes of names: random, so that nobody can make
					     two names one channel */
extern const volatile __u32 pst_has_lengths;  /* 1: the kernel has sock_send_length */
extern const volatile __u32 pst_share;	      /* entries of one process before its peers fold */
extern const volatile __u32 pst_channels_own; /* entries of all before the peers of all fold */
extern const volatile __u16 pst_port_low, pst_port_high; /* ip_local_port_range at the start */
/* Set while we run. */
extern __u32 pst_canary_on; /* children of pst_own_tgid are the canary */
/* Of our own root folder, which is the host's; 0 until we read the list of tasks. */
extern __u64 pst_root_dentry, pst_root_mnt, pst_root_mntns;
extern __u32 pst_pass; /* PST_PASS_* */
/* Entries of pst_channels: as the last sweep counted them, and those made since. */
extern __u64 pst_channels_used;

/* 2 MiB: a quarter, which wakes the reader, is 2,500 first sights or 300 execs with long command
 * lines; the sensor sets ring_bytes. It is mapped twice, and counts so in the memory of the reader.
 */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 2 * 1024 * 1024);
} pst_ring __weak SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pst_cpu);
} pst_cpus __weak SEC(".maps");

/* Processes; twice the default kernel.pid_max of small machines. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, struct pst_lineage);
} pst_lineages __weak SEC(".maps");

/* Channels: about 450 bytes each when used, so 14 MiB when full. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 32768);
	__type(key, struct pst_key);
	__type(value, struct pst_channel);
} pst_channels __weak SEC(".maps");

/* pst_socket.flags */
#define PST_SOCK_PENDING 0x1u	 /* connect was called, no state change yet */
#define PST_SOCK_COUNTED 0x2u	 /* established: its end is to be counted */
#define PST_SOCK_PORT_LATER 0x4u /* listens, but its port was not chosen yet when we saw it */
#define PST_SOCK_FIRST_OUT 0x8u	 /* the first bytes that left were told, or are not wanted */
#define PST_SOCK_FIRST_IN 0x10u
#define PST_SOCK_NOT_DNS 0x20u	/* too much of it was no DNS: not looked at any more */
#define PST_SOCK_PASSED 0x40u	/* handed over by SCM_RIGHTS or pidfd_getfd */
#define PST_SOCK_LIVE 0x80u	/* made while we watched */
#define PST_SOCK_LISTENS 0x100u /* its channel is a listener */
#define PST_SOCK_MISSED 0x8000u /* the last sweep met it, but at no descriptor */
/* what outlives a connection */
#define PST_SOCK_KEPT (PST_SOCK_LIVE | PST_SOCK_PASSED | PST_SOCK_NOT_DNS)
#define PST_SOCK_JOINED 0x200u /* a further subflow: its connection is counted at another one */
#define PST_SOCK_ASIDE 0x400u  /* unix: its key is of a datagram that went past the own peer */

struct pst_socket {
	struct pst_key key; /* current channel; kind 0: none. start_ns and tgid are the owner's even
			       then */
	__u64 opener_start_ns;
	__u32 opener_tgid;
	__u32 flags;
	__u64 sent; /* bytes of this connection that are in the channel's entry */
	__u64 received;
	__u64 held_bytes; /* sent since held_ns, not yet in a burst */
	__u64 held_ns;
	__u64 vain_ns;	/* when its channel last found no room */
	__u64 filter;	/* address of the socket filter that was told; 0: none */
	__u64 met_ns;	/* the sweep that last met it */
	__u32 dns_told; /* DNS messages told since dns_ns */
	__u32 looked;	/* messages of it that were looked at as if DNS */
	__u64 dns_ns;
	__u32 copied; /* TCP: copied_seq after its owner's last read; 0: none that we saw */
	__u32 netns;  /* that it is in, wherever its owner is now; 0: not known */
	__u32 asked;  /* unix: of a datagram whose receiver is still looked up, where no lengths are
		       */
	__u32 pad;
};

/* An accepted socket inherits the listener's value, and so its owner. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct pst_socket);
} pst_sockets __weak SEC(".maps");

/* Peers of UDP servers: who wrote first; start_ns of its key is the socket's cookie. And peers that
 * were told beyond a process's share, by their whole key. It may forget: a forgotten client that is
 * answered becomes a peer, and a forgotten peer is told again; false first sights, no missed ones.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct pst_key);
	__type(value, __u8);
} pst_heard __weak SEC(".maps");

/* MPTCP connections: address of the connection's socket to its channel's key. May forget: a further
 * subflow is then a connection of its own. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct pst_key);
} pst_wholes __weak SEC(".maps");

/* What is too large for a stack of 512 bytes. `iter` is only for the iterators, of which one runs
 * at a time; `name` only between two calls of one program that no other of its context interrupts.
 */
struct pst_scratch {
	struct pst_rec_channel iter;
	struct pst_name iter_name;
	struct pst_name name;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pst_scratch);
} pst_scratches __weak SEC(".maps");

/* Names of channels, by the hash in their keys. May forget: the CHANNEL record had the name. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u8[16]);
	__type(value, struct pst_name);
} pst_names __weak SEC(".maps");

/* Losses by the cgroup that they came from; the totals are in pst_cpus, which cannot be full. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct pst_loss_key);
	__type(value, __u64);
} pst_lost_by __weak SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 16384);
	__type(key, struct pst_port);
	__type(value, __u8);
} pst_ports __weak SEC(".maps");

#endif
