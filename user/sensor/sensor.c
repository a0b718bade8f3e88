// SPDX-License-Identifier: Apache-2.0
/* How is the stream made from start to end? Permissions, load, attach, prove, tell what is there;
 * then drain and sweep. */
#include "sensor/room.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

#define SOON_NS (100 * NS_PER_MS) /* until an extra sweep */
#define SOON_GAP_NS NS_PER_S	  /* between extra sweeps: whoever attaches filters all day pays */
#define TICK_BUSY_NS (20 * NS_PER_MS) /* while the last drain found records */
#define TICK_IDLE_NS NS_PER_S
#define TOLD_NS NS_PER_S /* TICK frames, and looks at losses, clock and resolvers */

/* cgroup2_root - the mount point of the first cgroup v2 */
static int cgroup2_root(char *out, size_t size)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/self/mounts", "re");
	char line[1024], point[512], type[32];

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%*s %511s %31s", point, type) == 2 &&
		    strcmp(type, "cgroup2") == 0)
			return pst_text_format(out, size, "%s", point);
	}
	return -ENOENT;
}

static int open_cgroup(struct pst_sensor *sensor, char *error)
{
	char path[4096] = "", root[512] = "";
	struct stat at_path, at_root;
	struct statfs fs;
	const char *asked = sensor->keys.cgroup;

	if (cgroup2_root(root, sizeof(root)) < 0 && (!asked || !*asked)) {
		(void)pst_text_format(
			error, PST_SENSOR_ERROR,
			"no cgroup v2 is mounted, and the programs that see connects attach there; mount one: "
			"mount -t cgroup2 none /sys/fs/cgroup/unified");
		return -ENOTSUP;
	}
	(void)pst_text_copy(path, sizeof(path), asked && *asked ? asked : root);
	sensor->cgroup_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (sensor->cgroup_fd < 0 || fstat(sensor->cgroup_fd, &at_path) < 0) {
		int r = -errno;

		(void)pst_text_format(error, PST_SENSOR_ERROR,
				      "cannot open the cgroup %s: %s; name a folder of cgroup v2",
				      path, strerror(-r));
		return r;
	}
	sensor->cgroup_id = at_path.st_ino;
	if (fstatfs(sensor->cgroup_fd, &fs) < 0 || fs.f_type != CGROUP2_SUPER_MAGIC) {
		(void)pst_text_format(
			error, PST_SENSOR_ERROR,
			"%s is not in cgroup v2, and the programs that see connects attach "
			"there; name a folder of cgroup v2, below %s",
			path, *root ? root : "/sys/fs/cgroup");
		return -EINVAL;
	}
	sensor->root_cgroup = stat(root, &at_root) == 0 && at_root.st_ino == at_path.st_ino &&
			      at_root.st_dev == at_path.st_dev;
	return 0;
}

static uint32_t own_mntns(void)
{
	struct stat info;

	return stat("/proc/self/ns/mnt", &info) < 0 ? 0 : (uint32_t)info.st_ino;
}

static int prepare(struct pst_sensor *sensor, char *error)
{
	int cpus = libbpf_num_possible_cpus();

	if (cpus <= 0) {
		(void)pst_text_format(error, PST_SENSOR_ERROR,
				      "the number of CPUs cannot be read: %s", strerror(-cpus));
		return cpus < 0 ? cpus : -ENOTSUP;
	}
	sensor->cpus = (uint32_t)cpus;
	sensor->mntns = own_mntns();
	sensor->told_lost = calloc((size_t)cpus * PST_LOSSES, sizeof(*sensor->told_lost));
	sensor->cpu_values = calloc((size_t)cpus, sizeof(*sensor->cpu_values));
	sensor->sweep = pst_sweep_new();
	if (sensor->told_lost && sensor->cpu_values && sensor->sweep)
		return 0;
	(void)pst_text_format(error, PST_SENSOR_ERROR, "not enough memory");
	return -ENOMEM;
}

static void tell_beginning(struct pst_sensor *sensor)
{
	uint64_t now;

	pst_frame_host(sensor);
	pst_frame_hooks(sensor);
	pst_frame_resolvers(sensor);
	pst_frame_host_names(sensor);
	(void)pst_snapshot_tasks(sensor); /* a refused iterator is told by its HOOK frame */
	(void)pst_snapshot_sockets(sensor);
	pst_netns_sweep(sensor);
	pst_sweep(sensor); /* before the first tick settles what ran before us */
	pst_frame_vitals(sensor);
	now = pst_sensor_now();
	sensor->next_tick_ns = now;
	sensor->next_told_ns = now;
	sensor->next_sweep_ns = now + sensor->keys.sweep_ns;
	sensor->next_vitals_ns = now + sensor->keys.vitals_ns;
}

int pst_sensor_check(const struct pst_sensor_keys *keys, char *error)
{
	struct pst_sensor trial = { .keys = *keys, .cgroup_fd = -1 };
	int r = pst_caps_check(error);

	if (r == 0)
		r = pst_loader_check(keys, error);
	if (r == 0)
		r = open_cgroup(&trial, error);
	pst_close_fd(&trial.cgroup_fd);
	return r;
}

static int attach(struct pst_sensor *sensor, char *error)
{
	int r = open_cgroup(sensor, error);

	if (r < 0)
		return r;
	pst_hooks_init(sensor);
	r = pst_loader_load(sensor, error);
	if (r == 0)
		r = pst_hooks_attach(sensor, error);
	if (r == 0)
		r = pst_ring_open(sensor, error);
	return r;
}

static void dismantle(struct pst_sensor *sensor)
{
	pst_identify_close(sensor);
	pst_hooks_detach(sensor);
	pst_ring_close(sensor);
	pst_loader_unload(sensor);
	if (sensor->cgroup_fd >= 0)
		(void)close(sensor->cgroup_fd);
	pst_sweep_free(sensor->sweep);
	free(sensor->cpu_values);
	free(sensor->told_lost);
	free(sensor);
}

/* look_around - what is told once a second at most, and whether anything happened or not */
static void look_around(struct pst_sensor *sensor)
{
	struct pst_rec_tick tick;

	pst_frame_clock(sensor);
	pst_frame_resolvers(sensor);
	pst_frame_host_names(sensor);
	pst_frame_losses(sensor);
	if (pst_hooks_watch(sensor))
		pst_frame_hooks(sensor);
	if (sensor->retell)
		sensor->next_sweep_ns = 0;
	pst_frame_open(sensor, &tick, PST_REC_TICK, sizeof(tick));
	pst_frame_send(sensor, &tick);
}

int pst_sensor_new(const struct pst_sensor_keys *keys, struct pst_sensor **out, char *error)
{
	struct pst_sensor *sensor = calloc(1, sizeof(*sensor));
	int r;

	if (!sensor) {
		(void)pst_text_format(error, PST_SENSOR_ERROR, "not enough memory");
		return -ENOMEM;
	}
	sensor->keys = *keys;
	sensor->cgroup_fd = -1;
	sensor->epoll_fd = -1;
	sensor->resolvers_mtime_ns = sensor->uplinks_mtime_ns = -1; /* never told */
	sensor->hosts_mtime_ns = -1;
	r = pst_sensor_check(keys, error);
	if (r == 0)
		r = prepare(sensor, error);
	if (r == 0)
		r = pst_identify_open(sensor, error);
	if (r == 0)
		*out = sensor;
	else
		dismantle(sensor);
	return r;
}

int pst_sensor_start(struct pst_sensor *sensor, char *error)
{
	int r = attach(sensor, error);

	if (r < 0)
		return r;
	sensor->started = true;
	tell_beginning(sensor); /* its frames lead to questions */
	(void)malloc_trim(0);	/* the kernel's types, read for the load, need not stay resident */
	return 0;
}

int pst_sensor_open(const struct pst_sensor_keys *keys, struct pst_sensor **out, char *error)
{
	int r = pst_sensor_new(keys, out, error);

	if (r < 0)
		return r;
	r = pst_sensor_start(*out, error);
	if (r < 0)
		pst_sensor_close(take_ptr(*out), 0);
	return r;
}

int pst_sensor_fd(const struct pst_sensor *sensor)
{
	return sensor->epoll_fd;
}

int pst_sensor_wait_ms(const struct pst_sensor *sensor)
{
	uint64_t now = pst_sensor_now();

	if (sensor->next_tick_ns <= now)
		return 0;
	return (int)((sensor->next_tick_ns - now + NS_PER_MS - 1) /
		     NS_PER_MS); /* at most TICK_IDLE_NS */
}

void pst_sensor_sweep(struct pst_sensor *sensor)
{
	pst_ring_drain(sensor);
	sensor->next_sweep_ns = pst_sensor_now() + sensor->keys.sweep_ns;
	if (sensor->retell) { /* only those whose exec was lost answer */
		sensor->retell = false;
		(void)pst_snapshot_tasks(
			sensor); /* a refused iterator was told by its HOOK frame */
	}
	pst_snapshot_count(sensor);
	pst_netns_sweep(sensor);
	pst_sweep(sensor);
}

void pst_sensor_sweep_soon(struct pst_sensor *sensor)
{
	uint64_t soon = pst_sensor_now() + SOON_NS;

	if (soon < sensor->sweep_began_ns + SOON_GAP_NS)
		soon = sensor->sweep_began_ns + SOON_GAP_NS;
	if (sensor->next_sweep_ns > soon)
		sensor->next_sweep_ns = soon;
}

int pst_sensor_poll(struct pst_sensor *sensor)
{
	uint64_t now;

	pst_ring_drain(sensor);
	pst_identify_poll(sensor);
	now = pst_sensor_now();
	sensor->next_tick_ns = now + (sensor->busy ? TICK_BUSY_NS : TICK_IDLE_NS);
	if (now >= sensor->next_sweep_ns)
		pst_sensor_sweep(sensor);
	if (now >= sensor->next_told_ns) {
		sensor->next_told_ns =
			now + TOLD_NS -
			TICK_BUSY_NS; /* not a whole tick later for want of a moment */
		look_around(sensor);
	}
	if (now >= sensor->next_vitals_ns) {
		sensor->next_vitals_ns = now + sensor->keys.vitals_ns;
		pst_frame_vitals(sensor);
	}
	return 0;
}

void pst_sensor_close(struct pst_sensor *sensor, uint32_t reason)
{
	struct pst_rec_end end;

	if (!sensor)
		return;
	if (!sensor->started) {
		dismantle(sensor);
		return;
	}
	pst_ring_drain(sensor);
	pst_snapshot_count(sensor);
	pst_sweep(sensor);
	pst_hooks_detach(sensor);
	pst_ring_drain(sensor);
	pst_frame_losses(sensor);
	pst_frame_vitals(sensor);
	pst_frame_open(sensor, &end, PST_REC_END, sizeof(end));
	end.reason = reason;
	pst_frame_send(sensor, &end);
	dismantle(sensor);
}
