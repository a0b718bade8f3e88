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
extern const volatile __u64 pst_cgroup_id; /* of the watched cgroup, when that is not the root */
/* Set while we run. */
extern __u32 pst_canary_on;   /* children of pst_own_tgid are the canary */
extern __u64 pst_root_dentry; /* of our own root folder, which is the host's; 0 until an iterator
				 met us */
extern __u32 pst_pass;	      /* PST_PASS_* */

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
	__u64 vain_ns; /* when its channel last found no room */
};

/* An accepted socket inherits the listener's value, and so its owner. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct pst_socket);
} pst_sockets __weak SEC(".maps");

/* Peers of UDP servers: who wrote first. The one map that may forget: a forgotten client that is
 * answered becomes a peer, which is a false first sight, not a missed one. start_ns of its key is
 * the socket's cookie. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct pst_key);
	__type(value, __u8);
} pst_heard __weak SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 16384);
	__type(key, struct pst_port);
	__type(value, __u8);
} pst_ports __weak SEC(".maps");

#endif
