// SPDX-License-Identifier: Apache-2.0
/* sensor: the half that holds the capabilities. It loads the kernel programs, makes the stream of
 * frames, and parses nothing from outside. */
#ifndef PST_SENSOR_SENSOR_H
#define PST_SENSOR_SENSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PST_SENSOR_ERROR 512

/* Gets every frame in the order of the stream; the bytes are borrowed for the call. */
typedef void (*pst_frame_fn)(void *context, const void *frame, size_t len);

struct pst_sensor_keys {
	const char
		*cgroup; /* folder in cgroup v2; NULL or "": its root, found in /proc/self/mounts */
	const char *btf; /* file to use instead of /sys/kernel/btf/vmlinux; NULL: the kernel's */
	uint64_t ring_bytes;   /* power of two, multiple of the page size */
	uint64_t max_channels; /* entries of the channel map */
	uint64_t sweep_ns;     /* between two sweeps of live counters */
	uint64_t vitals_ns;    /* between two VITALS frames */
	uint64_t max_share;    /* entries of one process in the channel map before its peers fold */
	bool lsm;	       /* use LSM programs, where this kernel runs them */
	bool dns;	       /* copy DNS messages */
	bool first_bytes;      /* copy the first bytes of new channels */
	bool identify;	       /* start the worker that answers pst_sensor_identify */
	bool hash;	       /* it reads the files for their SHA-256 */
	uint64_t hash_max_bytes, hash_rate; /* of one file; a second */
	bool packages;			    /* it asks the host's package tools */
	const char *origins; /* of archives that are the distribution's too, parted by commas */
	bool verbose;	     /* libbpf's own messages on standard error */
	pst_frame_fn frame;
	void *context;
};

struct pst_sensor;

/*
 * pst_sensor_check - may pst_sensor_open be tried? Privilege, name space, keys, BTF and cgroup;
 * changes nothing Returns and writes as pst_sensor_open does.
 */
int pst_sensor_check(const struct pst_sensor_keys *keys, char *error);

/*
 * pst_sensor_new - all of pst_sensor_open that comes before the load: the worker is forked, and
 * holds for good what the caller holds now, so call it before that is much
 * pst_sensor_start - the rest of it; on failure the caller closes
 */
int pst_sensor_new(const struct pst_sensor_keys *keys, struct pst_sensor **out, char *error);
int pst_sensor_start(struct pst_sensor *sensor, char *error);

/*
 * pst_sensor_open - load, attach, prove by canary, and tell HOST, HOOK..., RESOLVERS and the
 * snapshot of what is there
 * @error: PST_SENSOR_ERROR bytes; written on failure: what, why, what to do
 * Returns 0; -EPERM when a capability is missing or this is not the initial pid namespace; -ENOTSUP
 * when the kernel or its BTF cannot carry it; other -errno for the rest. @out only on success; the
 * caller closes.
 */
int pst_sensor_open(const struct pst_sensor_keys *keys, struct pst_sensor **out, char *error);

/* pst_sensor_fd - becomes readable when a first sight waits; borrowed */
int pst_sensor_fd(const struct pst_sensor *sensor);

/* pst_sensor_wait_ms - how long the caller may sleep at most before the next pst_sensor_poll;
 * 0..1000 */
int pst_sensor_wait_ms(const struct pst_sensor *sensor);

/* pst_sensor_poll - drain the ring, sweep when it is time, tell losses, clock steps, resolvers and
 * a TICK; never blocks */
int pst_sensor_poll(struct pst_sensor *sensor);

struct pst_sensor_ask {		  /* who is the file behind this program? As EXEC told it */
	uint64_t start_ns;	  /* of a process that runs it */
	uint64_t inode, ctime_ns; /* of the executed file */
	uint32_t tgid;
	uint32_t dev_major, dev_minor;
	const char *path;   /* of the program: of a script the script's; raw; borrowed */
	bool script;	    /* hash @path, not the executed file */
	bool has_host_path; /* @path names the file on the host: a package may own it */
	const char *cgroup; /* of that process: askers take turns by it; borrowed; may be NULL */
	bool container;	    /* no program: @path is "RUNTIME/ID", and its image is asked for */
};

/*
 * pst_sensor_identify - ask for an IDENTITY frame, which a later pst_sensor_poll tells, or for a
 * CONTAINER frame; never blocks. Returns 0; -EAGAIN when too many wait, -ESRCH when the keys
 * started no worker, -EINVAL for a path that is none: then no frame comes. What a worker that dies
 * had been asked is counted.
 */
int pst_sensor_identify(struct pst_sensor *sensor, const struct pst_sensor_ask *ask);

struct pst_sensor_asked {
	uint64_t asked, answered; /* questions */
	uint64_t refused;	  /* that got no answer: no room, or no worker */
};
struct pst_sensor_asked pst_sensor_asked(const struct pst_sensor *sensor);

/* pst_sensor_sweep - tell the counters as they are now, before somebody reads them */
void pst_sensor_sweep(struct pst_sensor *sensor);

/* pst_sensor_close - last sweep, then END with @reason (a signal, or 0); detaches everything; takes
 * NULL */
void pst_sensor_close(struct pst_sensor *sensor, uint32_t reason);

/* ---- what `postern check` prints ---- */

struct pst_sensor_capability {
	const char *name; /* "CAP_BPF" */
	bool held;
	const char *why; /* what it is needed for */
};

/* pst_sensor_capabilities - borrowed, static */
const struct pst_sensor_capability *pst_sensor_capabilities(size_t *count);

struct pst_sensor_hook {
	const char *slot, *program, *blind_to; /* static */
	uint32_t rank;
	uint32_t state;		/* PST_HOOK_* of the wire */
	int error;		/* errno when refused */
	const char *state_name; /* "answered" */
	char why[64]; /* it does not see, where more is known than the error says; or "" */
	bool dropped; /* not to be loaded */
};

/* pst_sensor_hook_at - the state of each line of hooks.def; returns their number; borrowed until
 * close */
size_t pst_sensor_hooks(const struct pst_sensor *sensor, const struct pst_sensor_hook **out);

#endif
