// SPDX-License-Identifier: Apache-2.0
/* Which of our programs does this kernel take? All are loaded at once; when one is refused, each is
 * tried alone, and the rest is loaded without those that failed. One refused program costs its own
 * hook, never the others. */
#include "sensor/room.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <bpf/btf.h>

#include "base/cleanup.h"
#include "base/text.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion" /* made by bpftool */
#include "postern.skel.h"
#pragma GCC diagnostic pop

#define RING_MAX (1ull << 30)

/* libbpf has one print function for the whole process, without a context: so has this. */
static bool libbpf_verbose;
static char libbpf_last[256]; /* its last warning, for the message of a failure */

__attribute__((format(printf, 2, 0))) static int print_libbpf(enum libbpf_print_level level,
							      const char *format, va_list args)
{
	char line[256];

	(void)vsnprintf(line, sizeof(line), format, args);
	if (level == LIBBPF_WARN) {
		line[strcspn(line, "\n")] = '\0';
		(void)pst_text_safe(line, strlen(line), libbpf_last, sizeof(libbpf_last));
	}
	if (libbpf_verbose && level != LIBBPF_DEBUG)
		fprintf(stderr, "%s%s", line, level == LIBBPF_WARN ? "\n" : "");
	return 0;
}

static struct postern_bpf *open_skeleton(struct pst_sensor *sensor)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .btf_custom_path = sensor->keys.btf);
	struct postern_bpf *skel = postern_bpf__open_opts(&opts);
	uint64_t seed[2];

	if (!skel)
		return NULL;
	skel->rodata->pst_ring_limit = sensor->keys.ring_bytes - sensor->keys.ring_bytes / 4;
	skel->rodata->pst_whole_host = sensor->root_cgroup;
	skel->rodata->pst_cgroup_id = sensor->cgroup_id;
	skel->rodata->pst_own_tgid = (uint32_t)getpid();
	skel->rodata->pst_first_bytes = sensor->keys.first_bytes;
	skel->rodata->pst_dns = sensor->keys.dns;
	skel->rodata->pst_has_lengths = sensor->has_lengths;
	skel->rodata->pst_share = (uint32_t)sensor->keys.max_share;
	skel->rodata->pst_channels_own =
		(uint32_t)(sensor->keys.max_channels - sensor->keys.max_channels / 8);
	if (getrandom(seed, sizeof(seed), 0) == sizeof(seed))
		memcpy((void *)skel->rodata->pst_seed, seed, sizeof(seed));
	pst_tiers_ports(&skel->rodata->pst_port_low, &skel->rodata->pst_port_high);
	if (bpf_map__set_max_entries(skel->maps.pst_ring, (uint32_t)sensor->keys.ring_bytes) < 0 ||
	    bpf_map__set_max_entries(skel->maps.pst_channels, (uint32_t)sensor->keys.max_channels) <
		    0) {
		postern_bpf__destroy(skel);
		return NULL;
	}
	return skel;
}

static struct bpf_program *find(struct postern_bpf *skel, const char *name)
{
	return bpf_object__find_program_by_name(skel->obj, name);
}

/* set_load - shall it be loaded? What the object does not have never is */
static void set_load(struct postern_bpf *skel, const char *name, bool load)
{
	struct bpf_program *program = find(skel, name);

	if (program)
		(void)bpf_program__set_autoload(program, load); /* fails only once it is loaded */
}

/* try_alone - would the kernel take this one program? Maps are made small: only the program counts.
 */
static int try_alone(struct pst_sensor *sensor, size_t hook)
{
	struct postern_bpf *skel = open_skeleton(sensor);
	int r;

	if (!skel)
		return -ENOMEM;
	(void)bpf_map__set_max_entries(skel->maps.pst_ring, (uint32_t)sysconf(_SC_PAGESIZE));
	for (size_t i = 0; i < PST_HITS; i++)
		set_load(skel, sensor->hooks[i].program, i == hook);
	r = postern_bpf__load(skel);
	postern_bpf__destroy(skel);
	return r;
}

static void try_each(struct pst_sensor *sensor)
{
	for (size_t i = 0; i < PST_HITS; i++) {
		int r;

		if (sensor->hooks[i].dropped)
			continue;
		r = try_alone(sensor, i);
		if (r < 0)
			pst_hooks_drop(sensor, i, -r);
	}
}

static size_t enable(struct pst_sensor *sensor, struct postern_bpf *skel)
{
	size_t wanted = 0;

	for (size_t i = 0; i < PST_HITS; i++) {
		set_load(skel, sensor->hooks[i].program, !sensor->hooks[i].dropped);
		wanted += !sensor->hooks[i].dropped;
	}
	return wanted;
}

static int load(struct pst_sensor *sensor)
{
	struct postern_bpf *skel = open_skeleton(sensor);
	int r;

	if (!skel)
		return errno ? -errno : -ENOMEM;
	if (!sensor->tiers_known) {
		pst_tiers_decide(sensor, skel->obj);
		skel->rodata->pst_has_lengths = sensor->has_lengths;
	}
	r = enable(sensor, skel) ? postern_bpf__load(skel) : -ENOTSUP;
	if (r < 0)
		postern_bpf__destroy(skel);
	else
		sensor->skel = skel;
	return r;
}

/* check_btf - is it there, and is it what its name says? */
static int check_btf(const struct pst_sensor_keys *keys, char *error)
{
	const char *path = keys->btf ? keys->btf : PST_BTF_DEFAULT;
	struct btf *btf = NULL;
	int r = access(path, R_OK) < 0 ? -errno : 0;

	if (r == 0 && keys->btf) { /* the kernel's own is right, and large */
		btf = btf__parse(path, NULL);
		r = btf ? 0 : -errno;
	}
	if (r < 0) {
		(void)pst_text_format(
			error, PST_SENSOR_ERROR,
			"no kernel type information (BTF) at %s: %s; use a kernel built with CONFIG_DEBUG_INFO_BTF, or "
			"name a file for this kernel with --btf",
			path, r == -ENOENT || r == -EACCES ? strerror(-r) : "the file holds none");
		return -ENOTSUP;
	}
	btf__free(btf);
	return 0;
}

int pst_loader_check(const struct pst_sensor_keys *keys, char *error)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	(void)libbpf_set_print(print_libbpf);
	if (keys->ring_bytes > RING_MAX) {
		(void)pst_text_format(
			error, PST_SENSOR_ERROR,
			"ring too large: %llu bytes, at most 1 GiB is possible; set sensor.ring_bytes lower",
			(unsigned long long)keys->ring_bytes);
		return -E2BIG;
	}
	if (keys->ring_bytes < page || (keys->ring_bytes & (keys->ring_bytes - 1)) != 0) {
		(void)pst_text_format(
			error, PST_SENSOR_ERROR,
			"ring size %llu is not a power of two and a multiple of the page size (%llu); change "
			"sensor.ring_bytes",
			(unsigned long long)keys->ring_bytes, (unsigned long long)page);
		return -EINVAL;
	}
	return check_btf(keys, error);
}

/* is_too_old - socket storage in tracing programs came with Linux 5.11, atomic instructions with
 * 5.12. Asked only to explain a refusal: a kernel with both ported back loads */
static bool is_too_old(char *release, size_t size)
{
	unsigned int major, minor;
	struct utsname host;

	if (uname(&host) < 0 || sscanf(host.release, "%u.%u", &major, &minor) != 2)
		return false;
	(void)pst_text_safe(host.release, strlen(host.release), release, size);
	return major < 5 || (major == 5 && minor < 12);
}

/* explain - what a failed load means for the person who reads it */
static int explain(const struct pst_sensor *sensor, int r, char *error)
{
	char release[64];

	if (r == -ENOMEM && sensor->keys.ring_bytes > 64ull << 20)
		(void)pst_text_format(
			error, PST_SENSOR_ERROR,
			"ring too large: the kernel has no memory for %llu bytes; set sensor.ring_bytes lower",
			(unsigned long long)sensor->keys.ring_bytes);
	else if (r != -ENOMEM && is_too_old(release, sizeof(release)))
		(void)pst_text_format(
			error, PST_SENSOR_ERROR,
			"this kernel, %s, is too old: its BPF lacks atomic instructions and socket storage in "
			"tracing programs; run Linux 5.12 or newer (%s)",
			release, strerror(-r));
	else
		(void)pst_text_format(
			error, PST_SENSOR_ERROR,
			"the kernel refused every program: %s (%s); see `postern check`",
			strerror(-r), libbpf_last[0] ? libbpf_last : "libbpf says nothing");
	return r == -ENOMEM ? r : -ENOTSUP;
}

int pst_loader_load(struct pst_sensor *sensor, char *error)
{
	int r;

	libbpf_verbose = sensor->keys.verbose;
	libbpf_last[0] = '\0';
	r = load(sensor);
	if (r < 0 && r != -ENOMEM) {
		try_each(sensor);
		r = load(sensor);
	}
	return r < 0 ? explain(sensor, r, error) : 0;
}

struct bpf_program *pst_loader_program(struct pst_sensor *sensor, size_t hook)
{
	return find(sensor->skel, sensor->hooks[hook].program);
}

int pst_loader_map(struct pst_sensor *sensor, const char *name)
{
	return bpf_object__find_map_fd_by_name(sensor->skel->obj, name);
}

void pst_loader_set_canary(struct pst_sensor *sensor, uint32_t on)
{
	sensor->skel->bss->pst_canary_on = on;
}

void pst_loader_set_pass(struct pst_sensor *sensor, uint32_t pass)
{
	sensor->skel->bss->pst_pass = pass;
}

struct pst_found pst_loader_take_found(struct pst_sensor *sensor)
{
	struct pst_found found = sensor->skel->bss->pst_found;

	memset(&sensor->skel->bss->pst_found, 0, sizeof(found)); /* no iterator runs now */
	return found;
}

uint64_t pst_loader_channels(struct pst_sensor *sensor)
{
	return __atomic_load_n(&sensor->skel->bss->pst_channels_used, __ATOMIC_RELAXED);
}

void pst_loader_set_channels(struct pst_sensor *sensor, uint64_t used)
{
	sensor->skel->bss->pst_channels_used = used;
}

void pst_loader_unload(struct pst_sensor *sensor)
{
	postern_bpf__destroy(take_ptr(sensor->skel));
}
