/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What does one record look like, byte for byte? This header is the only wire document: kernel
 * programs, recordings and the stream between the two halves of postern use these structs
 * unchanged.
 *
 * Rules: fixed-width types; padding is named and zero; addresses are 16 bytes in network order,
 * IPv4 as ::ffff:a.b.c.d; ports are host order; times are CLOCK_BOOTTIME in ns unless the name says
 * otherwise; strings have a length or are NUL-padded. A new field is appended and `size` grows: a
 * reader takes longer records and zero-fills shorter ones. */
#ifndef PST_ABI_RECORD_H
#define PST_ABI_RECORD_H

#ifndef PST_ABI_NO_TYPES
#include <linux/types.h>
#endif

#define PST_ABI_VERSION 1
#define PST_ABI_MAGIC "POSTERN" /* 8 bytes with its NUL */
#define PST_ABI_BYTE_ORDER 0x01020304u
#define PST_REC_MAX 16384u /* no record is longer: EXEC with all of its strings is the longest */

enum {
#define RECORD(id, name, type) PST_REC_##name = id,
#include "records.def"
#undef RECORD
};

/* pst_rec.flags */
#define PST_RF_NO_TASK                                                                             \
	0x0001u /* made outside of the acting process (softirq, sweep): task is the socket's owner \
		 */
#define PST_RF_PREEXISTING 0x0002u /* was there before the sensor; found by an iterator */
#define PST_RF_NO_OWNER 0x0004u	   /* neither acting task nor owner is known: task is zero */

/* One program image: the exec that made it. A fork copies it, an exec replaces it; the chain of
 * images is the lineage. */
struct pst_rec_image {
	__u64 exec_ns; /* time of the exec; for images older than us the start of the process */
	__u32 tgid;    /* the process that executed it */
	__u32 pad;
};

struct pst_rec_task {
	__u64 start_ns;	       /* of the thread group's leader: (tgid, start_ns) names a process */
	__u64 parent_start_ns; /* of the process that forked it, even when that has exited since */
	__u64 root_start_ns;   /* first ancestor below init */
	__u64 cgroup_id;       /* cgroup v2 */
	struct pst_rec_image image;
	__u32 tgid; /* all ids in the initial pid namespace */
	__u32 tid;
	__u32 parent_tgid;
	__u32 root_tgid;
	__u32 uid;   /* effective, initial user namespace */
	__u32 netns; /* CHANNEL, PAYLOAD: the socket's, where that is known */
	__u32 mntns;
	__u32 pidns;
	__u8 comm[16]; /* of the leader; never an identity */
};

struct pst_rec {
	__u16 type;
	__u16 flags;
	__u32 size; /* whole record, this header included */
	__u32 cpu;
	__u32 pad;
	__u64 seq; /* per cpu, without holes: a hole is a loss */
	__u64 time_ns;
	struct pst_rec_task task;
};

/* pst_rec_exec.exec_flags */
#define PST_EXEC_MEMFD 0x01u
#define PST_EXEC_DELETED 0x02u /* no name left when it was executed */
#define PST_EXEC_PATH_CUT 0x04u
#define PST_EXEC_ARGS_CUT 0x08u
#define PST_EXEC_CGROUP_CUT 0x10u
#define PST_EXEC_FILE_CUT 0x20u
#define PST_EXEC_FOREIGN 0x80u /* its path names another file for the host, or none */
#define PST_EXEC_SCRIPT \
	0x40u /* the file named is a script of the host's root; the path is its interpreter's */
#define PST_EXEC_OTHER_MOUNTS \
	0x100u /* the file lies in the mounts of another namespace than the process's */

#define PST_PATH_MAX \
	4096u /* components stored leaf first, each ended by NUL: "agent\0bin\0acme\0opt\0" */
#define PST_NAME_MAX 256u    /* one component with its NUL */
#define PST_ARGS_MAX 2048u   /* argv as in memory, NULs kept */
#define PST_CGROUP_MAX 1024u /* components leaf first, like the path */
#define PST_FILE_MAX 512u    /* the file name that execve was given */
#define PST_CWD_MAX 1024u    /* components leaf first, like the path */
#define PST_PATH_DEPTH 48u
#define PST_CGROUP_DEPTH 12u

struct pst_rec_stdio {
	__u8 peer[16];
	__u16 peer_port;
	__u16 family; /* AF_*; 0: not a socket */
	__u16 sock_type;
	__u16 pad;
	__u64 cookie; /* 0 when it was never asked for */
};

/* What an EXEC record may say behind its strings: a reader finds it there when `size` leaves room
 * for it. Unaligned. */
struct pst_rec_exec_more {
	__u64 caps_effective;
	__u64 caps_permitted;
	__u64 pipe_inode[3];  /* of descriptors 0..2 that are pipes; 0: none */
	__u64 peer_cookie[3]; /* of the unix socket that descriptor n is connected to; 0: none */
};

/* pst_rec_exec_cwd.flags */
#define PST_CWD_CUT 0x01u
#define PST_CWD_GONE 0x02u /* the folder was removed */
#define PST_CWD_OTHER_ROOT \
	0x04u /* the process has a root folder of its own: names mean to it what they may */
#define PST_CWD_OTHER_MOUNTS \
	0x08u /* the folder lies in the mounts of another namespace than the process's */
#define PST_CWD_SHARED 0x10u  /* another process can change it at any time */
#define PST_CWD_LATE 0x20u    /* as the record was made: the exec was long before */
#define PST_CWD_FOREIGN 0x40u /* its path names another folder for the host, or none */

/* Behind pst_rec_exec_more: the working directory, and behind it the @len bytes of its path.
 * Unaligned. */
struct pst_rec_exec_cwd {
	__u64 inode;
	__u64 root_dev; /* as pst_rec_exec.root_dev; 0 for "/" itself */
	__u32 flags;
	__u16 len;
	__u16 pad;
};

struct pst_rec_exec {
	struct pst_rec h;	   /* task.image is the new image */
	struct pst_rec_image prev; /* the image that called exec */
	__u64 inode;
	__u64 ctime_ns;
	__u64 root_dev; /* of the mount that holds the first component of the path: major << 20 |
			   minor */
	__u32 dev_major;
	__u32 dev_minor;
	__u32 exec_flags;
	__u32 login_uid;  /* audit's; 0xffffffff: unset */
	__u32 session_id; /* audit's; 0xffffffff: unset */
	__u32 stdio_mask; /* bit n: descriptor n, 0..2, is a socket */
	struct pst_rec_stdio stdio[3];
	__u16 path_len; /* the tail: path, file, args, cgroup, one behind the other */
	__u16 file_len;
	__u16 args_len;
	__u16 cgroup_len;
};

struct pst_rec_fork {
	struct pst_rec h; /* task is the child */
};

struct pst_rec_exit {
	struct pst_rec h;
	__u32 exit_code; /* as wait(2) encodes it */
	__u32 pad;
};

#include "abi/channel.h"

#define PST_HOST_NO_NAMES 0x1u /* the sensor was told not to copy DNS messages */

struct pst_rec_host { /* opens every stream */
	struct pst_rec h;
	__u8 magic[8];
	__u32 abi_version;
	__u32 byte_order;
	__s64 wall_offset_ns; /* CLOCK_REALTIME minus CLOCK_BOOTTIME */
	__u64 root_dev;	      /* of the host's root mount: see pst_rec_exec.root_dev */
	__u32 init_mntns;
	__u32 cpus;
	__u8 arch[16]; /* NUL-padded, like all that follow */
	__u8 boot_id[40];
	__u8 machine_id[40];
	__u8 agent_id[40];
	__u8 host_name[72];
	__u8 os_id[32];
	__u8 os_name[64];
	__u8 os_version[32];
	__u8 kernel[72];
	__u8 product_version[32];
	__u32 host_flags; /* PST_HOST_* */
	__u32 pad;
};

struct pst_rec_clock {
	struct pst_rec h;
	__s64 wall_offset_ns;
};

/* pst_rec_loss.reason */
#define PST_LOSS_RING 1u     /* the ring was full */
#define PST_LOSS_MAP 2u	     /* a map was full */
#define PST_LOSS_SEQUENCE 3u /* a hole in a cpu's sequence */
#define PST_LOSS_STORAGE 4u  /* socket storage could not be made: owner unknown */
#define PST_LOSS_SKIPPED \
	5u		/* a program was due while it ran on that cpu, and the kernel skipped it */
#define PST_LOSS_DNS 6u /* DNS messages of one socket beyond what is told in a second */

struct pst_rec_loss {
	struct pst_rec h;
	__u64 lost; /* since the last LOSS of that reason and cpu */
	__u32 reason;
	__u32 cpu;
};

struct pst_rec_tick {
	struct pst_rec h;
};

/* What the hosts file says: one record per line of it, all again when it changed. */
struct pst_rec_host_names {
	struct pst_rec h;
	__u8 addr[16];
	__u32 first; /* 1: forget what was told before */
	__u16 len;
	__u16 pad;
	__u8 names[512]; /* each ended by NUL */
};

struct pst_rec_sockets { /* what a full sweep of the kernel's sockets found */
	struct pst_rec h;
	__u64 seen;	  /* sockets met */
	__u64 late;	  /* that no event had told */
	__u64 hidden;	  /* that no process holds and whose owner nobody knows */
	__u64 gone;	  /* of ended processes, whose end no event told and none holds any more */
	__u32 namespaces; /* network namespaces that were looked into */
	__u32 blind_namespaces;
};

/* pst_rec_identity.hash_state */
#define PST_IDENT_HASHED 1u
#define PST_IDENT_UNVERIFIED 2u /* the file that was found is not the one that was executed */
#define PST_IDENT_TOO_BIG 3u
#define PST_IDENT_GONE 4u /* nothing was left to read */
#define PST_IDENT_OFF 5u
/* pst_rec_identity.owner */
#define PST_IDENT_OWNER_NONE 1u	  /* no package owns the file */
#define PST_IDENT_OWNER_DISTRO 2u /* a package of the distribution */
#define PST_IDENT_OWNER_VENDOR 3u /* a package of another, or of unknown, origin */

struct pst_rec_identity { /* what the file behind a program is; tail: the program's path */
	struct pst_rec h;
	__u64 inode; /* of the executed file, as in EXEC; of a script its interpreter's */
	__u64 ctime_ns;
	__u64 size; /* of the file that was hashed */
	__u32 dev_major;
	__u32 dev_minor;
	__u32 hash_state;
	__u32 owner; /* 0: nobody could say */
	__u8 sha256[32];
	__u8 manager[8]; /* NUL-padded, like all that follow */
	__u8 package[128];
	__u8 version[128];
	__u8 origin[128]; /* who made the package, by its own words */
	__u16 path_len;	  /* of the tail; not terminated; of a script the script's */
	__u8 pad[6];
};

#define PST_MEASURED_MAX 64u /* bytes of the longest digest */

struct pst_rec_measured { /* what IMA measured of a file that is executed; before its EXEC */
	struct pst_rec h;
	__u64 inode; /* as in EXEC */
	__u64 ctime_ns;
	__u32 dev_major;
	__u32 dev_minor;
	__u32 algorithm; /* enum hash_algo of linux/hash_info.h, which says how long the digest is
			  */
	__u32 pad;
	__u8 digest[PST_MEASURED_MAX];
};

struct pst_rec_container { /* of which image a container is, by its runtime's own files */
	struct pst_rec h;
	__u8 runtime[16]; /* "docker"; NUL-padded, like the image */
	__u8 id[64];	  /* digits, lower case */
	__u8 image[256];  /* its name, by the runtime's words; empty: no file said it */
};

#define PST_RESOLVERS_MAX 8u

struct pst_rec_resolvers {
	struct pst_rec h;
	__u32 count;
	__u32 pad;
	__u8 addr[PST_RESOLVERS_MAX][16];
};

/* pst_rec_hook.state */
#define PST_HOOK_ANSWERED 1u /* loaded, attached, and its canary was seen */
#define PST_HOOK_SILENT 2u   /* attached, but its canary was not seen */
#define PST_HOOK_REFUSED 3u  /* the kernel refused to load or attach it; error says how */
#define PST_HOOK_UNUSED 4u   /* a better rank took the slot, or config switched it off */
#define PST_HOOK_ATTACHED 5u /* attached; has no canary */

struct pst_rec_hook {
	struct pst_rec h;
	__u32 state;
	__u32 error;
	__u32 rank;
	__u32 pad;
	__u8 slot[24]; /* NUL-padded */
	__u8 program[40];
	__u8 blind_to[256];
	__u8 why[64]; /* it does not see, where more is known than the error says */
};

struct pst_rec_vitals { /* the sensor's own figures, with each health interval */
	struct pst_rec h;
	__u64 ring_bytes;
	__u64 ring_high_water;
	__u64 records;	/* that left the kernel */
	__u64 map_used; /* entries in the channel map */
	__u64 map_max;
	__u64 rss_kb;
	__u64 cpu_ms;
	__u32 hooks_expected;
	__u32 hooks_attached;
	__u64 identity_refused; /* questions who a program is, that got no answer */
};

struct pst_rec_end { /* a clean end; a stream without it was cut */
	struct pst_rec h;
	__u32 reason; /* signal number, or 0 */
	__u32 pad;
};

#ifndef PST_ABI_NO_ASSERTS
_Static_assert(sizeof(struct pst_rec_task) == 96, "wire size of a task");
_Static_assert(sizeof(struct pst_rec) == 128, "wire size of the header");
_Static_assert(sizeof(struct pst_rec_stdio) == 32, "wire size of a stdio descriptor");
_Static_assert(sizeof(struct pst_rec_exec) == 296, "wire size of EXEC without its tail");
_Static_assert(sizeof(struct pst_rec_exec_more) == 64, "wire size of what follows EXEC");
_Static_assert(sizeof(struct pst_rec_exec_cwd) == 24, "wire size of EXEC's working directory");
_Static_assert(sizeof(struct pst_rec_host_names) == 664, "wire size of HOST_NAMES");
_Static_assert(sizeof(struct pst_rec_sockets) == 168, "wire size of SOCKETS");
_Static_assert(sizeof(struct pst_rec_identity) == 600, "wire size of IDENTITY");
_Static_assert(sizeof(struct pst_rec_measured) == 224, "wire size of MEASURED");
_Static_assert(sizeof(struct pst_rec_container) == 464, "wire size of CONTAINER");
_Static_assert(sizeof(struct pst_rec_host) == 616, "wire size of HOST");
_Static_assert(sizeof(struct pst_rec_hook) == 528, "wire size of HOOK");
_Static_assert(sizeof(struct pst_rec_vitals) == 200, "wire size of VITALS");
#endif
#endif
