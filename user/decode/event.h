// SPDX-License-Identifier: Apache-2.0
/* What does the thinking part know of one record? The decoded form; no other core room sees the
 * wire. */
#ifndef PST_DECODE_EVENT_H
#define PST_DECODE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/wall.h"
#include "decode/exec.h"
#include "decode/payload.h"

enum pst_event_type {
	PST_EVENT_EXEC,
	PST_EVENT_FORK,
	PST_EVENT_EXIT,
	PST_EVENT_CHANNEL,
	PST_EVENT_RESULT,
	PST_EVENT_SAMPLE,
	PST_EVENT_HOST,
	PST_EVENT_CLOCK,
	PST_EVENT_LOSS,
	PST_EVENT_TICK,
	PST_EVENT_RESOLVERS,
	PST_EVENT_HOOK,
	PST_EVENT_VITALS,
	PST_EVENT_END,
	PST_EVENT_PAYLOAD,
	PST_EVENT_FILTER,
	PST_EVENT_ACT,
	PST_EVENT_HOST_NAMES,
	PST_EVENT_SOCKETS,
	PST_EVENT_IDENTITY,
	PST_EVENT_MEASURED,
	PST_EVENT_CONTAINER,
	PST_EVENT_TYPES,
};

/* Kinds of channel; values are the wire's (bpf/abi/kinds.def), which decode checks at compile time.
 */
enum pst_kind {
	PST_TCP_CONNECT = 1,
	PST_TCP_LISTEN = 2,
	PST_TCP_ACCEPT = 3,
	PST_UDP_PEER = 4,
	PST_UDP_LISTEN,
	PST_UDP_ACCEPT,
	PST_ICMP,
	PST_RAW,
	PST_UDPLITE,
	PST_SCTP,
	PST_SCTP_LISTEN,
	PST_DCCP,
	PST_DCCP_LISTEN,
	PST_PACKET,
	PST_XDP,
	PST_VSOCK,
	PST_VSOCK_LISTEN,
	PST_UNIX,
	PST_UNIX_LISTEN,
	PST_NETLINK,
	PST_ALG,
	PST_TIPC,
	PST_BLUETOOTH,
	PST_CAN,
	PST_OTHER,
	PST_TUNNEL,
	PST_KINDS,
};

const char *pst_kind_name(enum pst_kind kind); /* "tcp_connect"; "unknown" for what is none */
bool pst_kind_is_inbound(enum pst_kind kind);  /* listen and accept */
bool pst_kind_is_listener(enum pst_kind kind); /* tcp_listen, udp_listen, unix_listen, ... */
bool pst_kind_has_ip(enum pst_kind kind); /* its peer, or the address it listens on, is an IP one */

struct pst_task {
	struct pst_proc_id proc;
	struct pst_proc_id parent;
	struct pst_proc_id root;
	struct pst_image_id image;
	uint64_t cgroup_id;
	uint32_t tid;
	uint32_t uid;
	uint32_t netns;
	uint32_t mntns;
	uint32_t pidns;
	char comm[17]; /* raw bytes; make safe before any output */
};

struct pst_channel_seen {
	uint64_t cookie;
	struct pst_proc_id owner; /* opener, when another process than the task; else zero */
	struct pst_addr peer;
	struct pst_addr local;
	enum pst_kind kind;
	uint16_t peer_port, local_port;
	uint16_t family, sock_type, protocol;
	bool v6_socket, ip_bytes, folded;
	bool handed;	      /* the process uses a socket that another one (owner) opened */
	bool kernel;	      /* made by the kernel itself on behalf of the process */
	bool asked;	      /* bytes are those that the process asked to send */
	bool late;	      /* found by a sweep, not seen when it was opened */
	bool hidden;	      /* no descriptor of any process holds its socket */
	bool bare;	      /* only created: neither bound, nor connected, nor used yet */
	uint32_t peer_tgid;   /* unix: by the peer's credentials; 0: unknown */
	uint32_t hook;	      /* that told it: its line in hooks.def, from 1; 0: not known */
	struct pst_span name; /* raw; unix: abstract names begin with NUL; empty: none */
};

enum pst_result {
	PST_ESTABLISHED = 1,
	PST_REFUSED,
	PST_TIMED_OUT,
	PST_FAILED,
	PST_NOT_SENT,
	PST_CLOSED,
	PST_RESULTS,
};

const char *pst_result_name(enum pst_result result); /* "refused" */

struct pst_result_seen {
	uint64_t cookie;
	struct pst_addr peer, local;
	enum pst_kind kind;
	uint16_t peer_port, local_port;
	enum pst_result result;
	uint32_t error;
};

#define PST_EVENT_BURSTS 8

struct pst_burst {
	uint64_t start_ns;
	uint64_t bytes;
};

struct pst_counters { /* only grow */
	uint64_t attempts, established, failures, closed;
	uint64_t bytes_out, bytes_in, packets_out, packets_in;
	uint64_t taken, given; /* sockets taken over from, and by, another process */
	uint64_t bursts;
	struct pst_burst burst[PST_EVENT_BURSTS]; /* index n % PST_EVENT_BURSTS */
};

struct pst_sample {
	struct pst_addr peer;
	enum pst_kind kind;
	uint16_t port; /* peer's; local for listen and accept */
	uint16_t family, sock_type, protocol;
	bool v6_socket, ip_bytes, folded, handed, kernel, asked, late, hidden, bare;
	uint64_t cookie;
	uint64_t first_ns, last_ns;
	struct pst_counters count;
	struct pst_span name;
};

enum pst_payload_form { PST_PAYLOAD_IS_FIRST, PST_PAYLOAD_IS_DNS, PST_PAYLOAD_IS_BAD };

struct pst_payload_seen {
	enum pst_payload_form
		form; /* BAD: claimed to be TLS or DNS and is malformed: counted only */
	bool inbound; /* from the peer to us */
	uint64_t cookie;
	struct pst_addr peer, local;
	enum pst_kind kind;
	uint16_t peer_port, local_port;
	enum pst_class class_;
	char server_name[PST_NAME_TEXT_MAX]; /* of a TLS ClientHello; "" none; lower case */
	char alpn[PST_ALPN_MAX];	     /* its protocols, joined by ','; printable only */
	const struct pst_dns *dns; /* of form DNS; borrowed from the decoder until its next call */
};

struct pst_filter_seen {
	uint64_t cookie;
	struct pst_proc_id owner;
	uint16_t family, sock_type, protocol;
	bool ebpf;
	uint32_t insns;
	uint32_t prog_id;
	char hash[80]; /* "sha256:" of the classic instructions, "tag:" of an eBPF program; "" while
			  not known */
	struct pst_span code; /* the instructions of a classic one, 8 bytes each */
	uint32_t unseen;      /* filters that hung there since the last one that was seen whole; the
				 engine counts them, a record has 0 */
};

enum pst_act {
	PST_MODULE = 1,
	PST_URING,
	PST_URING_NETWORK,
	PST_BPF_LOAD,
	PST_PASSED,
	PST_PTRACE,
	PST_BPF_ATTACH,
	PST_MOVED,
	PST_ACTS,
};

const char *pst_act_name(enum pst_act act);

struct pst_act_seen {
	enum pst_act act;
	uint64_t value;
	struct pst_proc_id other;
	uint32_t number;
	char name[65]; /* raw bytes, terminated */
};

struct pst_host_names { /* one line of the hosts file */
	struct pst_addr addr;
	bool first;	       /* forget what was told before */
	struct pst_span names; /* each ended by NUL */
};

struct pst_sockets { /* what a full sweep found */
	uint64_t seen, late, hidden, gone;
	uint32_t namespaces, blind_namespaces;
};

enum pst_hash_state {			/* values are the wire's and the state file's */
		      PST_HASH_UNKNOWN, /* not asked yet */
		      PST_HASHED,
		      PST_HASH_UNVERIFIED, /* the file found is not the one that was executed */
		      PST_HASH_TOO_BIG,
		      PST_HASH_GONE, /* nothing left to read */
		      PST_HASH_OFF,
		      PST_HASH_STATES,
		      /* no reading of ours: the kernel's own; neither in the wire nor in the file
		       */
		      PST_HASH_MEASURED = PST_HASH_STATES,
};

enum pst_owner {			 /* values are the wire's and the state file's */
		 PST_OWNER_UNKNOWN,	 /* not asked yet, or nobody could say */
		 PST_OWNER_NONE,	 /* no package owns the file */
		 PST_OWNER_DISTRIBUTION, /* a package of the distribution does */
		 PST_OWNER_VENDOR,	 /* a package of another, or of unknown, origin does */
		 PST_OWNERS,
};

const char *pst_hash_state_name(enum pst_hash_state state); /* "too big" */
const char *pst_owner_name(enum pst_owner owner);	    /* "distribution" */

struct pst_identity_seen {	  /* what the file behind a program is; texts are raw, terminated */
	uint64_t inode, ctime_ns; /* as in EXEC: of the executed file */
	uint32_t dev_major, dev_minor;
	uint64_t size; /* of the file that was hashed: of a script the script's */
	enum pst_hash_state hash_state;
	enum pst_owner owner;
	uint8_t sha256[32]; /* of HASHED */
	char manager[9];    /* "dpkg", "rpm", "" */
	char package[129], version[129], origin[129];
	struct pst_span path; /* of the program: of a script the script's */
};

#define PST_MEASURED_TEXT 144u /* "streebog512:" and 128 digits, terminated */

struct pst_measured_seen { /* what IMA measured of an executed file */
	uint64_t inode, ctime_ns;
	uint32_t dev_major, dev_minor;
	char digest[PST_MEASURED_TEXT]; /* "sha1:" and lower case digits */
};

struct pst_container_seen { /* of which image a container is; strings are terminated, raw bytes */
	char runtime[17], id[65];
	char image[257]; /* "": nobody could say */
};

struct pst_host { /* strings are terminated, raw bytes */
	uint32_t abi_version;
	int64_t wall_offset_ns;
	uint64_t root_dev;
	uint32_t init_mntns;
	uint32_t cpus;
	char arch[17], boot_id[41], machine_id[41], agent_id[41], host_name[73], os_id[33],
		os_name[65], os_version[33], kernel[73], product_version[33];
	bool no_names; /* the sensor copied no DNS messages: what a name stands for is not known */
};

enum pst_loss_reason {
	PST_LOST_RING = 1,
	PST_LOST_MAP,
	PST_LOST_SEQUENCE,
	PST_LOST_STORAGE,
	PST_LOST_SKIPPED,
	PST_LOST_DNS,
	PST_LOST_REASONS,
};

const char *pst_loss_name(enum pst_loss_reason reason); /* "ring buffer full" */

struct pst_loss {
	uint64_t lost;
	enum pst_loss_reason reason;
	uint32_t cpu;
};

#define PST_EVENT_RESOLVERS_MAX 8

struct pst_resolvers {
	uint32_t count;
	struct pst_addr addr[PST_EVENT_RESOLVERS_MAX];
};

enum pst_hook_state {
	PST_ANSWERED = 1,
	PST_SILENT,
	PST_REFUSED_BY_KERNEL,
	PST_UNUSED,
	PST_ATTACHED,
	PST_HOOK_STATES,
};

const char *pst_hook_state_name(enum pst_hook_state state); /* "answered" */

struct pst_hook {
	enum pst_hook_state state;
	uint32_t error; /* errno, or 0 */
	uint32_t rank;
	char slot[25], program[41], blind_to[257], why[65];
};

struct pst_vitals {
	uint64_t ring_bytes, ring_high_water, records, map_used, map_max, rss_kb, cpu_ms;
	uint32_t hooks_expected, hooks_attached;
	uint64_t identity_refused; /* questions who a program is, that got no answer: too many
				      waited, and they are asked again, or who answers died */
};

struct pst_event {
	enum pst_event_type type;
	bool no_task; /* task is the socket's owner, not an acting process */
	bool preexisting;
	bool no_owner; /* task is zero */
	uint32_t cpu;
	uint64_t seq;
	uint64_t time_ns;
	struct pst_task task;
	union {
		struct pst_exec exec;
		uint32_t exit_code;
		struct pst_channel_seen channel;
		struct pst_result_seen result;
		struct pst_sample sample;
		struct pst_host host;
		int64_t clock_wall_offset_ns;
		struct pst_loss loss;
		struct pst_resolvers resolvers;
		struct pst_hook hook;
		struct pst_vitals vitals;
		struct pst_payload_seen payload;
		struct pst_filter_seen filter;
		struct pst_act_seen act;
		struct pst_host_names host_names;
		struct pst_sockets sockets;
		struct pst_identity_seen identity;
		struct pst_measured_seen measured;
		struct pst_container_seen container;
		uint32_t end_reason;
	};
};

#endif
