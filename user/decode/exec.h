// SPDX-License-Identifier: Apache-2.0
/* What did a process execute? The decoded EXEC, and the names of processes and images. */
#ifndef PST_DECODE_EXEC_H
#define PST_DECODE_EXEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

/* A process, and an image: both by an id and a time. All padding is explicit, so that keys compare
 * as bytes. */
struct pst_proc_id {
	uint64_t start_ns;
	uint32_t tgid;
	uint32_t zero;
};

struct pst_image_id {
	uint64_t exec_ns;
	uint32_t tgid;
	uint32_t zero;
};

struct pst_span { /* bytes inside the record that is being decoded */
	const uint8_t *data;
	size_t len;
};

struct pst_stdio {
	struct pst_addr peer;
	uint16_t peer_port;
	uint16_t family; /* AF_*; 0: no socket */
	uint16_t sock_type;
	uint64_t cookie;
};

struct pst_exec {
	struct pst_image_id prev;
	uint64_t inode;
	uint64_t ctime_ns;
	uint64_t root_dev;
	uint32_t dev_major, dev_minor;
	bool memfd, deleted, path_cut, args_cut, cgroup_cut, file_cut;
	bool foreign; /* @path names another file for the host */
	bool script;  /* @file is a script of the host's root, @path its interpreter */
	uint32_t login_uid;
	uint32_t session_id;
	uint32_t stdio_mask; /* bit n: descriptor n is a socket */
	struct pst_stdio stdio[3];
	bool has_more; /* the five below are known */
	uint64_t caps_effective, caps_permitted;
	uint64_t pipe_inode[3];	 /* of descriptors 0..2 that are pipes; 0: none */
	uint64_t peer_cookie[3]; /* of the unix socket that descriptor n is connected to; 0: none */
	const char *path;   /* absolute, terminated; borrowed from the decoder until its next call;
			       may hold any byte but NUL */
	const char *cgroup; /* "/system.slice/acme.service", same rules */
	struct pst_span args;  /* argv, NUL-separated */
	struct pst_span file;  /* what execve was given */
	const char *cwd;       /* working directory, same rules; NULL: not known, nor the rest */
	uint64_t cwd_root_dev; /* as root_dev; 0 for "/" */
	bool cwd_cut;	       /* its upper end is missing */
	bool cwd_unsure; /* removed, another process may change it, or not the host's folder of that
			    path */
	bool cwd_late;	 /* as it was some time after the exec */
	bool own_root;	 /* absolute names begin elsewhere for it than for the host */
};

#endif
