/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What do the records of channels look like: first sights, results, counters, first bytes, filters,
 * and acts that may lead to a channel? The part of the wire document that record.h includes; its
 * rules are there. */
#ifndef PST_ABI_CHANNEL_H
#define PST_ABI_CHANNEL_H

#ifndef PST_ABI_RECORD_H
#error "include abi/record.h"
#endif

/* Kinds of channel: one closed list, in kinds.def. */
enum {
#define KIND(id, name, text) PST_KIND_##name = id,
#include "kinds.def"
#undef KIND
};

/* pst_rec_channel.chan_flags, pst_rec_sample.chan_flags */
#define PST_CHAN_V6_SOCKET 0x01u /* an IPv4 peer on an AF_INET6 socket */
#define PST_CHAN_IP_BYTES 0x02u	 /* bytes include IP headers: the kernel lets us see no better */
#define PST_CHAN_FOLDED 0x04u	 /* stands for several peers */
#define PST_CHAN_HANDED 0x08u	 /* the process uses a socket that another one opened */
#define PST_CHAN_KERNEL 0x10u	 /* made by the kernel itself on behalf of the process */
#define PST_CHAN_ASKED 0x20u	 /* bytes are those that the process asked to send */
#define PST_CHAN_LATE 0x40u	 /* found by a sweep, not seen when it was opened */
#define PST_CHAN_HIDDEN 0x80u	 /* no descriptor of any process holds its socket */
#define PST_CHAN_BARE 0x100u	 /* only created: neither bound, nor connected, nor used yet */

#define PST_CHAN_NAME_MAX 112u

/* How `peer` (the key's address) and the port are used by the kinds that have no IP peer:
 *   vsock       bytes 0-3 CID, 4-7 port, big endian; of a listener its own
 *   unix        first 16 bytes of a hash of the name, which stands in `name`; abstract names begin
 *               with NUL; no name: all zero
 *   netlink     port: protocol; bytes 0-3 group mask, 4-7 port id of the peer (0: the kernel; all
 *               ones: who listens to the groups that were sent to), BE
 *   packet      port: ethertype; bytes 0-3 interface index (0: any), BE; `name` the interface
 *   xdp         port: queue; bytes 0-3 interface index; `name` the interface
 *   alg         hash of `name`: "hash:sha256"
 *   tipc, bluetooth, can   port: protocol; first 16 bytes of the socket address behind its family
 *   other       port: address family; bytes 0-3 protocol, BE
 *   tunnel      port: 1 tun, 2 tap, 0 another sort of link; hash of `name`: the device
 *   raw         an IP peer; port: IP protocol
 *   icmp        an IP peer; port: 0 */

struct pst_rec_channel { /* first sight of a channel */
	struct pst_rec h;
	__u64 cookie;
	__u64 owner_start_ns; /* who opened the socket, when that is another process than the task
			       */
	__u32 owner_tgid;
	__u32 chan_flags;
	__u8 peer[16];	/* zero for a listener */
	__u8 local[16]; /* zero until it is known */
	__u16 kind;
	__u16 peer_port;
	__u16 local_port;
	__u16 family;	 /* AF_* of the socket */
	__u16 sock_type; /* SOCK_* */
	__u16 protocol;	 /* IPPROTO_* */
	__u32 pad;
	__u32 peer_tgid; /* unix: by the peer's credentials; 0: unknown */
	__u16 name_len;
	__u16 hook; /* that told it: its line in hooks.def of that build, from 1; 0: not known */
	__u8 name[PST_CHAN_NAME_MAX];
};

/* pst_rec_result.result */
#define PST_RESULT_ESTABLISHED 1u
#define PST_RESULT_REFUSED 2u
#define PST_RESULT_TIMED_OUT 3u
#define PST_RESULT_FAILED 4u   /* sk_err says how */
#define PST_RESULT_NOT_SENT 5u /* no SYN left */
#define PST_RESULT_CLOSED 6u   /* a listener was closed */

struct pst_rec_result { /* first result of its sort on a channel; later ones are counted */
	struct pst_rec h;
	__u64 cookie;
	__u8 peer[16];
	__u8 local[16];
	__u16 kind;
	__u16 peer_port;
	__u16 local_port;
	__u16 result;
	__u32 error; /* errno or 0 */
	__u32 pad;
};

#define PST_BURSTS 8u

struct pst_rec_burst {
	__u64 start_ns;
	__u64 bytes;
};

struct pst_rec_sample {	  /* one channel's whole key and counters; counters only grow */
	struct pst_rec h; /* task is the channel's process, time_ns the sweep's */
	__u8 peer[16];	  /* the listening address for a listener */
	__u16 kind;
	__u16 port; /* peer's; for tcp_listen and tcp_accept the local one */
	__u16 family;
	__u16 sock_type;
	__u16 protocol;
	__u16 pad;
	__u32 chan_flags;
	__u64 cookie; /* of its latest socket */
	__u64 first_ns;
	__u64 last_ns;
	__u64 attempts; /* connects, accepts, or datagram flows */
	__u64 established;
	__u64 failures;
	__u64 closed;
	__u64 bytes_out;
	__u64 bytes_in;
	__u64 packets_out;
	__u64 packets_in;
	__u64 bursts; /* so far; burst[] holds the last PST_BURSTS, at index n % PST_BURSTS */
	struct pst_rec_burst burst[PST_BURSTS];
	__u64 taken; /* sockets that the process took over from another one */
	__u64 given; /* sockets that another process took over from it */
	__u16 name_len;
	__u16 pad2[3];
	__u8 name[PST_CHAN_NAME_MAX];
};

/* pst_rec_payload.what */
#define PST_PAYLOAD_FIRST 1u /* the first bytes that went this way on a channel's socket */
#define PST_PAYLOAD_DNS 2u   /* looks like a DNS message */

#define PST_PAYLOAD_OUT 1u
#define PST_PAYLOAD_IN 2u

#define PST_PAYLOAD_MAX 1472u /* of DNS; FIRST takes 16, or 512 of a TLS ClientHello */

struct pst_rec_payload {
	struct pst_rec h;
	__u64 cookie;
	__u8 peer[16];
	__u8 local[16];
	__u16 kind; /* of the channel */
	__u16 peer_port;
	__u16 local_port;
	__u16 direction;
	__u16 what;
	__u16 len;   /* of the tail */
	__u32 total; /* bytes of the datagram or segment that it is the beginning of */
};

/* pst_rec_filter.flavour */
#define PST_FILTER_CLASSIC 1u
#define PST_FILTER_EBPF 2u

#define PST_FILTER_INSNS_MAX 128u /* that are carried; struct sock_filter, 8 bytes each */

struct pst_rec_filter { /* a socket filter was attached */
	struct pst_rec h;
	__u64 cookie;
	__u64 owner_start_ns;
	__u32 owner_tgid;
	__u16 family;
	__u16 sock_type;
	__u16 protocol;
	__u16 flavour;
	__u32 insns; /* in the whole program */
	__u8 tag[8]; /* of an eBPF program */
	__u32 prog_id;
	__u16 len; /* of the tail, the instructions of a classic one; 0 while they are not known */
	__u16 pad;
};

/* pst_rec_act.act: what a process does that is no channel, and may lead to one */
#define PST_ACT_MODULE 1u	 /* asked for a kernel module; name */
#define PST_ACT_URING 2u	 /* made an io_uring; number: its flags */
#define PST_ACT_URING_NETWORK 3u /* first network operation of that sort; number: the opcode */
#define PST_ACT_BPF_LOAD 4u	 /* loaded an eBPF program; number: its type; name */
#define PST_ACT_PASSED 5u	 /* received a socket by SCM_RIGHTS or pidfd_getfd; value: cookie */
#define PST_ACT_PTRACE 6u	 /* ptrace, process_vm_writev, pidfd_getfd: other is the target */
#define PST_ACT_BPF_ATTACH 7u	 /* number: the attach type */
#define PST_ACT_MOVED 8u /* put other into a cgroup; value: its id; name: its last component */

struct pst_rec_act {
	struct pst_rec h;
	__u64 value;
	__u64 other_start_ns; /* another process that it concerns */
	__u32 other_tgid;
	__u32 act;
	__u32 number;
	__u16 name_len;
	__u16 pad;
	__u8 name[64];
};

#ifndef PST_ABI_NO_ASSERTS
_Static_assert(sizeof(struct pst_rec_channel) == 320, "wire size of CHANNEL");
_Static_assert(sizeof(struct pst_rec_result) == 184, "wire size of RESULT");
_Static_assert(sizeof(struct pst_rec_sample) == 520, "wire size of SAMPLE");
_Static_assert(sizeof(struct pst_rec_payload) == 184, "wire size of PAYLOAD without its tail");
_Static_assert(sizeof(struct pst_rec_filter) == 176, "wire size of FILTER without its tail");
_Static_assert(sizeof(struct pst_rec_act) == 224, "wire size of ACT");
#endif
#endif
