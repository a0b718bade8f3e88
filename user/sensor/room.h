// SPDX-License-Identifier: Apache-2.0
/* What do the files of this room share? One sensor, and what each file does for it. */
#ifndef PST_SENSOR_ROOM_H
#define PST_SENSOR_ROOM_H

#include "sensor/sensor.h"

#include <bpf/libbpf.h>

#include "abi/control.h"
#include "abi/record.h"

#define NS_PER_MS 1000000ull
#define NS_PER_S 1000000000ull

struct postern_bpf;
struct pst_identify_desk;

struct pst_sensor {
	struct pst_sensor_keys keys;
	struct pst_sensor_hook hooks[PST_HITS];
	struct bpf_link *links[PST_HITS];
	struct postern_bpf *skel;
	struct ring_buffer *ring;
	bool started; /* all is attached, and the stream began */
	int epoll_fd;
	int cgroup_fd;
	bool root_cgroup;
	uint64_t cgroup_id; /* as BPF programs see it: the folder's inode */
	bool tiers_known;   /* tiers.c has looked at this kernel */
	bool traced;	    /* kernel.ftrace_enabled at the last look */
	bool has_lengths;   /* it has the tracepoint sock_send_length */
	uint32_t cpus;	    /* also the cpu number of the frames that the sensor makes itself */
	uint64_t frames;    /* of its own: their sequence */
	uint64_t records;   /* that came out of the ring */
	uint64_t drained;   /* bytes of the drain that runs */
	uint64_t high_water;
	uint64_t map_used;     /* at the last sweep */
	uint32_t mntns;	       /* our own mount namespace: where paths are the host's */
	bool retell;	       /* records were lost: who executed what is to be told again */
	uint64_t next_port_ns; /* when a listener's port may be looked up again */
	uint64_t next_tick_ns, next_told_ns, next_sweep_ns, next_vitals_ns;
	uint64_t sweep_began_ns;
	int64_t wall_offset_ns;
	int64_t resolvers_mtime_ns, uplinks_mtime_ns, hosts_mtime_ns;
	bool hosts_told;	/* some line of the hosts file was */
	uint64_t wanted_cookie; /* of the listener whose port is being looked for; 0: none */
	uint16_t found_port;
	bool busy;	     /* the last drain found records */
	uint64_t *told_lost; /* per cpu PST_LOSSES counters that LOSS frames have told */
	uint64_t named_lost[PST_LOSSES]; /* told by cgroup, and not yet taken off a cpu's */
	uint64_t told_skipped;
	struct pst_cpu *cpu_values;	/* one per cpu: room for a look-up of pst_cpus */
	struct pst_sweep *sweep;	/* sweep.c's buffers */
	struct pst_identify_desk *desk; /* identify.c's; NULL: nobody is asked */
	uint64_t gone; /* sockets that were forgotten without an end, and not yet told */
};

/* ---- clocks, in frames.c ---- */
uint64_t pst_sensor_now(void); /* CLOCK_BOOTTIME */
int64_t pst_sensor_wall_offset(void);

/* ---- frames.c: frames that the sensor makes itself ---- */

/* pst_frame_open - zero a record of its own and fill its header; @h is its first member */
void pst_frame_open(struct pst_sensor *sensor, void *record, uint16_t type, size_t size);
void pst_frame_send(struct pst_sensor *sensor, const void *record);
void pst_frame_hooks(struct pst_sensor *sensor);
void pst_frame_clock(struct pst_sensor *sensor); /* when the wall clock was set */
void pst_frame_vitals(struct pst_sensor *sensor);

/* ---- host.c ---- */
void pst_frame_host(struct pst_sensor *sensor);
void pst_frame_resolvers(struct pst_sensor *sensor); /* when resolv.conf is not as it was told */

/* ---- hosts.c ---- */
void pst_frame_host_names(
	struct pst_sensor *sensor); /* when the hosts file is not as it was told */

/* ---- losses.c ---- */
void pst_frame_losses(struct pst_sensor *sensor);

/* ---- caps.c ---- */
/* returns 0, or -EPERM and a sentence in @error */
int pst_caps_check(char *error);

/* ---- loader.c ---- */
/* load every program that this kernel takes; returns 0 or -errno and a sentence in @error */
/* are ring size and BTF such that a load can be tried? 0, or -errno with a sentence */
int pst_loader_check(const struct pst_sensor_keys *keys, char *error);
int pst_loader_load(struct pst_sensor *sensor, char *error);
struct bpf_program *pst_loader_program(struct pst_sensor *sensor, size_t hook);
int pst_loader_map(struct pst_sensor *sensor, const char *name); /* descriptor, or -ENOENT */
void pst_loader_set_canary(struct pst_sensor *sensor, uint32_t on);
void pst_loader_set_pass(struct pst_sensor *sensor, uint32_t pass); /* PST_PASS_* */
/* what was met since it was last asked for */
struct pst_found pst_loader_take_found(struct pst_sensor *sensor);
uint64_t pst_loader_channels(struct pst_sensor *sensor); /* entries of the map, about */
void pst_loader_set_channels(struct pst_sensor *sensor, uint64_t used);
void pst_loader_unload(struct pst_sensor *sensor);

/* ---- tiers.c: what can this kernel have at all? ---- */
#define PST_BTF_DEFAULT "/sys/kernel/btf/vmlinux"
/* drop the programs that it cannot have, or that the keys switch off, each with its reason */
void pst_tiers_decide(struct pst_sensor *sensor, struct bpf_object *object);
/* why a program that was attached does not run, into @out; "" when nothing is known */
void pst_tiers_silent(struct bpf_program *program, char *out, size_t size);
bool pst_tiers_is_lsm(struct bpf_program *program);
bool pst_tiers_traced(void); /* kernel.ftrace_enabled: without it no LSM program runs */
void pst_tiers_ports(uint16_t volatile *low, uint16_t volatile *high); /* ip_local_port_range */

/* ---- hooks.c ---- */
void pst_hooks_init(struct pst_sensor *sensor);
/* pst_hooks_drop - it is not to be loaded; @error: errno, or 0 when the keys switched it off */
void pst_hooks_drop(struct pst_sensor *sensor, size_t hook, int error);
/* pst_hooks_spare - nor is one that has nothing to see on this host: no loss */
void pst_hooks_spare(struct pst_sensor *sensor, size_t hook);
/* pst_hooks_watch - are those that ran still able to? Returns true when that changed */
bool pst_hooks_watch(struct pst_sensor *sensor);
int pst_hooks_attach(struct pst_sensor *sensor, char *error);
void pst_hooks_detach(struct pst_sensor *sensor);
size_t pst_hooks_find(const char *program); /* its index; PST_HITS when there is none */
/* sum over all cpus of how often each program ran; returns 0 or -errno */
int pst_hooks_hits(struct pst_sensor *sensor, uint64_t hits[PST_HITS]);

/* ---- canary.c ---- */
enum pst_canary {
	PST_CANARY_NONE,
	PST_CANARY_EXEC,
	PST_CANARY_TCP4,
	PST_CANARY_TCP6,
	PST_CANARY_UDP4,
	PST_CANARY_UDP6,
	PST_CANARY_UNIX,     /* a named unix socket: bind, listen, connect, send, receive */
	PST_CANARY_PASS,     /* a descriptor over SCM_RIGHTS */
	PST_CANARY_FILTER,   /* SO_ATTACH_FILTER */
	PST_CANARY_DATAGRAM, /* over a named unix socket */
};
/* foreign.c: mark an EXEC whose path, or whose working directory's, means another file to the
 * process than to the host; @tail is what stands behind it */
void pst_foreign_mark(const struct pst_sensor *sensor, struct pst_rec_exec *rec, uint8_t *tail);
bool pst_foreign_is_due(const struct pst_sensor *sensor, const struct pst_rec_exec *rec);

/* make every canary call from a child in the watched cgroup; returns a mask of 1 << pst_canary that
 * worked, or -errno */
int pst_canary_call(struct pst_sensor *sensor);

/* ---- sensor.c ---- */
void pst_sensor_sweep_soon(struct pst_sensor *sensor); /* within a moment, not now */

/* ---- identify.c ---- */
/* before anything is held or mapped that the worker need not have */
int pst_identify_open(struct pst_sensor *sensor, char *error);
int pst_identify_watch(const struct pst_sensor *sensor); /* its answers wake the sensor */
void pst_identify_poll(struct pst_sensor *sensor);
void pst_identify_close(struct pst_sensor *sensor);

/* ---- ring.c ---- */
int pst_ring_open(struct pst_sensor *sensor, char *error);
void pst_ring_drain(struct pst_sensor *sensor);
void pst_ring_close(struct pst_sensor *sensor);

/* ---- sweep.c ---- */
struct pst_sweep *pst_sweep_new(void); /* NULL without memory */
void pst_sweep_free(struct pst_sweep *sweep);
void pst_sweep(
	struct pst_sensor *sensor); /* SAMPLE of every channel that changed; forget ended ones */

/* ---- netns.c ---- */
/* what the kernel's own tables hold in every network namespace, after the files were looked at;
 * then SOCKETS */
void pst_netns_sweep(struct pst_sensor *sensor);

/* ---- snapshot.c ---- */
int pst_snapshot_tasks(struct pst_sensor *sensor);
int pst_snapshot_sockets(struct pst_sensor *sensor);
/* the records of an open iterator, into the stream; returns 0 or -errno */
int pst_snapshot_read(struct pst_sensor *sensor, int fd);
/* the port of a listener that had none yet when the kernel side saw it; 0 when it is gone or still
 * has none */
uint16_t pst_snapshot_port(struct pst_sensor *sensor, uint64_t cookie);
void pst_snapshot_count(
	struct pst_sensor *sensor); /* bytes of live connections into their channels */

#endif
