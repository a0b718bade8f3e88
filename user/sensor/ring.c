// SPDX-License-Identifier: Apache-2.0
/* How do records come out of the kernel? From one ring buffer into the stream, unchanged, after a
 * look at their size. */
#include "sensor/room.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

#define PORT_PAUSE_NS 100000000ull

/* name_port - listen without bind: the kernel chooses the port after the state change that we see
 */
static void name_port(struct pst_sensor *sensor, const struct pst_rec_channel *told)
{
	struct pst_rec_channel rec = *told;
	uint64_t now = pst_sensor_now();

	/* a look at all open files: whoever makes many such listeners waits for the sweep */
	if (now >= sensor->next_port_ns) {
		sensor->next_port_ns = now + PORT_PAUSE_NS;
		rec.local_port = pst_snapshot_port(sensor, rec.cookie);
	}
	pst_frame_send(sensor, &rec);
}

static bool lacks_port(const struct pst_rec *h)
{
	const struct pst_rec_channel *rec = (const struct pst_rec_channel *)h;

	return h->type == PST_REC_CHANNEL && h->size == sizeof(*rec) &&
	       rec->kind == PST_KIND_TCP_LISTEN && rec->local_port == 0;
}

/* send_exec - a copy: the ring itself may not be written */
static void send_exec(struct pst_sensor *sensor, const struct pst_rec *h)
{
	union {
		struct pst_rec_exec exec;
		uint8_t bytes[PST_REC_MAX];
	} rec;

	memcpy(rec.bytes, h, h->size);
	pst_foreign_mark(sensor, &rec.exec, rec.bytes + sizeof(rec.exec));
	pst_frame_send(sensor, &rec);
}

/* lacks_code - a filter that is just being attached: a sweep finds its instructions */
static bool lacks_code(const struct pst_rec *h, const void *data)
{
	const struct pst_rec_filter *rec = data;

	return h->type == PST_REC_FILTER && h->size >= sizeof(*rec) &&
	       rec->flavour == PST_FILTER_CLASSIC && !rec->len;
}

static int take(void *context, void *data, size_t len)
{
	struct pst_sensor *sensor = context;
	const struct pst_rec *h = data;

	if (len < sizeof(*h) || h->size < sizeof(*h) || h->size > len || h->size > PST_REC_MAX)
		return 0; /* only our own programs write into the ring: cannot be, and must not stop
			     the stream */
	sensor->records++;
	sensor->drained += len;
	if (lacks_port(h))
		name_port(sensor, data);
	else if (h->type == PST_REC_EXEC && h->size >= sizeof(struct pst_rec_exec) &&
		 pst_foreign_is_due(sensor, data))
		send_exec(sensor, h);
	else
		pst_frame_send(sensor, h);
	if (lacks_code(h, data))
		pst_sensor_sweep_soon(sensor);
	return 0;
}

int pst_ring_open(struct pst_sensor *sensor, char *error)
{
	/* Edge triggered: readable after a forced wake-up only, not while bulk records wait for the
	 * tick. */
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	int map = pst_loader_map(sensor, "pst_ring");

	sensor->ring = ring_buffer__new(map, take, sensor, NULL);
	sensor->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (!sensor->ring || sensor->epoll_fd < 0 ||
	    epoll_ctl(sensor->epoll_fd, EPOLL_CTL_ADD, map, &event) < 0 ||
	    pst_identify_watch(sensor) < 0) {
		int r = -errno;

		(void)pst_text_format(error, PST_SENSOR_ERROR,
				      "the ring buffer cannot be mapped: %s", strerror(-r));
		return r;
	}
	return 0;
}

void pst_ring_drain(struct pst_sensor *sensor)
{
	struct epoll_event events[2]; /* the ring and the worker */

	(void)epoll_wait(sensor->epoll_fd, events, 2,
			 0); /* takes the wake-up back before the drain that answers it */
	sensor->drained = 0;
	(void)ring_buffer__consume(sensor->ring); /* take() never fails */
	sensor->busy = sensor->drained > 0;
	/* what is drained while more is written may be more than was ever in it */
	if (sensor->drained > sensor->keys.ring_bytes)
		sensor->drained = sensor->keys.ring_bytes;
	if (sensor->drained > sensor->high_water)
		sensor->high_water = sensor->drained;
}

void pst_ring_close(struct pst_sensor *sensor)
{
	ring_buffer__free(take_ptr(sensor->ring));
	if (sensor->epoll_fd >= 0)
		(void)close(take_fd(&sensor->epoll_fd));
}
