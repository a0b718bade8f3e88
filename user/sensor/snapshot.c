// SPDX-License-Identifier: Apache-2.0
/* What was there before us? Iterators tell every process, and every socket and tunnel with its
 * holder. */
#include "sensor/room.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>

#include "base/cleanup.h"
#include "base/text.h"

#define READ_BYTES 65536u

struct reader {
	struct pst_sensor *sensor;
	size_t used;
	uint8_t bytes[READ_BYTES + PST_REC_MAX];
};

/* add_args - the command line, which the kernel side cannot read of another process; what stands
 * behind it moves */
static void add_args(struct pst_rec_exec *rec, uint8_t *tail)
{
	_cleanup_close_ int fd = -1;
	char path[40], args[PST_ARGS_MAX + 1];
	size_t before = (size_t)rec->path_len + rec->file_len;
	size_t behind = rec->h.size - sizeof(*rec) - before;
	ssize_t len;

	(void)pst_text_format(path, sizeof(path), "/proc/%u/cmdline", rec->h.task.tgid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? 0 : read(fd, args, sizeof(args));
	if (len <= 0 || rec->args_len)
		return;
	if (len > (ssize_t)PST_ARGS_MAX) {
		len = PST_ARGS_MAX;
		rec->exec_flags |= PST_EXEC_ARGS_CUT;
	}
	memmove(tail + before + len, tail + before, behind);
	memcpy(tail + before, args, (size_t)len);
	rec->args_len = (uint16_t)len;
	rec->h.size += (uint32_t)len;
}

/* name_tunnel - the device of a tunnel descriptor, where the kernel side knows no types of the
 * module. Its record holds the descriptor in place of a peer's process. Returns whether there is
 * one. */
static bool name_tunnel(struct pst_rec_channel *rec)
{
	_cleanup_fclose_ FILE *file = NULL;
	char path[64], line[PST_CHAN_NAME_MAX];
	int name = 0;

	(void)pst_text_format(path, sizeof(path), "/proc/%u/fdinfo/%u", rec->h.task.tgid,
			      rec->peer_tgid);
	rec->peer_tgid = 0;
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "iff: %n", &name) != 0 || !name)
			continue;
		line[strcspn(line, "\n")] = '\0';
		rec->name_len = (uint16_t)strlen(line + name);
		memcpy(rec->name, line + name, rec->name_len);
		return rec->name_len != 0;
	}
	return false;
}

/* send - one record of an iterator, numbered like the sensor's own frames */
static void send(struct pst_sensor *sensor, const uint8_t *data, size_t size)
{
	union {
		struct pst_rec h;
		struct pst_rec_exec exec;
		struct pst_rec_channel channel;
		uint8_t bytes[PST_REC_MAX];
	} rec;

	memcpy(rec.bytes, data, size);
	if (sensor->wanted_cookie && rec.h.type == PST_REC_CHANNEL &&
	    rec.channel.cookie == sensor->wanted_cookie) {
		sensor->found_port = rec.channel.local_port;
		return;
	}
	if (rec.h.type == PST_REC_CHANNEL && rec.channel.kind == PST_KIND_TUNNEL &&
	    !rec.channel.name_len && !name_tunnel(&rec.channel))
		return;
	rec.h.cpu = sensor->cpus;
	rec.h.seq = ++sensor->frames;
	if (rec.h.type == PST_REC_EXEC)
		pst_foreign_mark(sensor, &rec.exec, rec.bytes + sizeof(rec.exec));
	if (rec.h.type == PST_REC_EXEC && size + PST_ARGS_MAX <= sizeof(rec))
		add_args(&rec.exec, rec.bytes + sizeof(rec.exec));
	pst_frame_send(sensor, &rec);
}

/* consume - all whole records at the front of the buffer; the rest moves to its start */
static int consume(struct reader *reader)
{
	size_t at = 0;
	struct pst_rec h;

	while (reader->used - at >= sizeof(h)) {
		memcpy(&h, reader->bytes + at, sizeof(h));
		if (h.size < sizeof(h) || h.size > PST_REC_MAX)
			return -EBADMSG;
		if (h.size > reader->used - at)
			break;
		send(reader->sensor, reader->bytes + at, h.size);
		at += h.size;
	}
	reader->used -= at;
	memmove(reader->bytes, reader->bytes + at, reader->used);
	return 0;
}

int pst_snapshot_read(struct pst_sensor *sensor, int fd)
{
	_cleanup_free_ struct reader *reader = malloc(sizeof(*reader));
	ssize_t n;

	if (!reader)
		return -ENOMEM;
	reader->sensor = sensor;
	reader->used = 0;
	for (;;) {
		n = read(fd, reader->bytes + reader->used, READ_BYTES);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		reader->used += (size_t)n;
		if (consume(reader) < 0)
			return -EBADMSG;
	}
}

static int run(struct pst_sensor *sensor, const char *program)
{
	struct bpf_link *link = sensor->links[pst_hooks_find(program)];
	_cleanup_close_ int fd = link ? bpf_iter_create(bpf_link__fd(link)) : -1;

	if (!link)
		return -ENOENT; /* refused by this kernel: told by its HOOK frame */
	return fd < 0 ? -errno : pst_snapshot_read(sensor, fd);
}

int pst_snapshot_tasks(struct pst_sensor *sensor)
{
	return run(sensor, "pst_iter_tasks");
}

int pst_snapshot_sockets(struct pst_sensor *sensor)
{
	int r;

	pst_loader_set_pass(sensor, PST_PASS_LISTENERS);
	r = run(sensor, "pst_iter_files");
	pst_loader_set_pass(sensor, PST_PASS_START);
	return r < 0 ? r : run(sensor, "pst_iter_files");
}

uint16_t pst_snapshot_port(struct pst_sensor *sensor, uint64_t cookie)
{
	sensor->wanted_cookie = cookie;
	sensor->found_port = 0;
	pst_snapshot_count(sensor);
	sensor->wanted_cookie = 0;
	return sensor->found_port;
}

void pst_snapshot_count(struct pst_sensor *sensor)
{
	pst_loader_set_pass(sensor, PST_PASS_SOCKETS);
	(void)run(sensor,
		  "pst_iter_files"); /* without it live connections are counted when they end */
}
