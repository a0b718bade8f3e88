// SPDX-License-Identifier: Apache-2.0
/* Which machine is this, and which resolvers does it ask? Told in the stream, so that a recording
 * replays anywhere. */
#include "sensor/room.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/cleanup.h"
#include "base/digest.h"
#include "base/text.h"

#define RESOLV_CONF "/etc/resolv.conf"

static void read_line(const char *path, char *out, size_t size)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	char line[256] = "";

	if (!file || !fgets(line, sizeof(line), file))
		return;
	line[strcspn(line, "\n")] = '\0';
	(void)pst_text_copy(out, size, line);
}

/* os_field - NAME="value" of os-release, without its quotes */
static bool os_field(const char *line, const char *name, char *out, size_t size)
{
	size_t len = strlen(name);
	char value[256];

	if (strncmp(line, name, len) != 0 || line[len] != '=')
		return false;
	line += len + 1;
	if (*line == '"' || *line == '\'')
		line++;
	(void)pst_text_copy(value, sizeof(value), line);
	value[strcspn(value, "\"'\n")] = '\0';
	(void)pst_text_copy(out, size, value);
	return true;
}

static void read_os(struct pst_rec_host *rec)
{
	_cleanup_fclose_ FILE *file = fopen("/etc/os-release", "re");
	char line[256];

	while (file && fgets(line, sizeof(line), file)) {
		if (os_field(line, "ID", (char *)rec->os_id, sizeof(rec->os_id)) ||
		    os_field(line, "PRETTY_NAME", (char *)rec->os_name, sizeof(rec->os_name)))
			continue;
		(void)os_field(line, "VERSION_ID", (char *)rec->os_version,
			       sizeof(rec->os_version));
	}
}

/* root_device - major:minor of the host's root as the kernel has it; stat(2) says another one on
 * btrfs */
static uint64_t root_device(void)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/1/mountinfo", "re");
	unsigned int major, minor;
	char line[4096], point[256];
	uint64_t dev = 0;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%*u %*u %u:%u %*s %255s", &major, &minor, point) == 3 &&
		    strcmp(point, "/") == 0)
			dev = (uint64_t)major << 20 | minor; /* the last one is on top */
	}
	return dev;
}

/* init_mntns - the host's mount namespace: init's, or ours where nobody may look at init */
static uint32_t init_mntns(void)
{
	struct stat st;

	if (stat("/proc/1/ns/mnt", &st) < 0 && stat("/proc/self/ns/mnt", &st) < 0)
		return 0;
	return (uint32_t)st.st_ino;
}

static void name_agent(struct pst_rec_host *rec)
{
	char text[96];

	(void)pst_text_format(text, sizeof(text), "postern agent%s", (const char *)rec->machine_id);
	(void)pst_uuid_from(text, strlen(text), (char *)rec->agent_id);
}

void pst_frame_host(struct pst_sensor *sensor)
{
	struct pst_rec_host rec;
	struct utsname name;

	pst_frame_open(sensor, &rec, PST_REC_HOST, sizeof(rec));
	memcpy(rec.magic, PST_ABI_MAGIC, sizeof(rec.magic));
	rec.abi_version = PST_ABI_VERSION;
	rec.byte_order = PST_ABI_BYTE_ORDER;
	rec.wall_offset_ns = sensor->wall_offset_ns = pst_sensor_wall_offset();
	rec.root_dev = root_device();
	rec.init_mntns = init_mntns();
	rec.cpus = sensor->cpus;
	if (uname(&name) == 0) {
		(void)pst_text_copy((char *)rec.arch, sizeof(rec.arch), name.machine);
		(void)pst_text_copy((char *)rec.host_name, sizeof(rec.host_name), name.nodename);
		(void)pst_text_copy((char *)rec.kernel, sizeof(rec.kernel), name.release);
	}
	read_line("/proc/sys/kernel/random/boot_id", (char *)rec.boot_id, sizeof(rec.boot_id));
	read_line("/etc/machine-id", (char *)rec.machine_id, sizeof(rec.machine_id));
	read_os(&rec);
	name_agent(&rec);
	rec.host_flags = sensor->keys.dns ? 0 : PST_HOST_NO_NAMES;
	(void)pst_text_copy((char *)rec.product_version, sizeof(rec.product_version), PST_VERSION);
	pst_frame_send(sensor, &rec);
}

#define RESOLVER_DEFAULT "nameserver 127.0.0.1"
/* systemd-resolved: the stub that it puts into resolv.conf, and whom it asks itself */
#define STUB "127.0.0.53"
#define UPLINKS_CONF "/run/systemd/resolve/resolv.conf"

static void add_resolver(struct pst_rec_resolvers *rec, const char *line)
{
	struct pst_addr addr;
	char text[64];

	if (rec->count == PST_RESOLVERS_MAX || sscanf(line, " nameserver %63s", text) != 1)
		return;
	text[strcspn(text, "%")] = '\0'; /* the interface of a link-local one */
	if (pst_addr_parse(text, &addr) == 0)
		memcpy(rec->addr[rec->count++], addr.b, sizeof(addr.b));
}

static void add_resolvers(struct pst_rec_resolvers *rec, const char *path)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		add_resolver(rec, line);
}

static bool has_stub(const struct pst_rec_resolvers *rec)
{
	struct pst_addr stub;

	(void)pst_addr_parse(STUB, &stub); /* it is one */
	for (uint32_t i = 0; i < rec->count; i++)
		if (memcmp(rec->addr[i], stub.b, sizeof(stub.b)) == 0)
			return true;
	return false;
}

/* mtime_changed - since @told, which becomes the present one; 0 without the file */
static bool mtime_changed(const char *path, int64_t *told)
{
	struct stat st;
	int64_t mtime = 0;
	bool changed;

	if (stat(path, &st) == 0)
		mtime = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	changed = mtime != *told;
	*told = mtime;
	return changed;
}

void pst_frame_resolvers(struct pst_sensor *sensor)
{
	bool changed = mtime_changed(RESOLV_CONF, &sensor->resolvers_mtime_ns);
	struct pst_rec_resolvers rec;

	changed |= mtime_changed(UPLINKS_CONF, &sensor->uplinks_mtime_ns);
	if (!changed)
		return;
	pst_frame_open(sensor, &rec, PST_REC_RESOLVERS, sizeof(rec));
	add_resolvers(&rec, RESOLV_CONF);
	if (has_stub(&rec))
		add_resolvers(&rec, UPLINKS_CONF);
	if (!rec.count) /* whom the C library asks then: resolv.conf(5) */
		add_resolver(&rec, RESOLVER_DEFAULT);
	pst_frame_send(sensor, &rec);
}
