// SPDX-License-Identifier: Apache-2.0
/* How is the worker asked without ever waiting for it? Questions wait here, bounded; as many as the
 * socket takes are on their way; answers become IDENTITY frames. */
#include "sensor/room.h"
#include "sensor/worker.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"

#define WAITING_MAX 4096u	     /* questions: as many as there are profiles of programs */
#define WAITING_BYTES (1024u * 1024) /* of them together */
#define ANSWERS_AT_ONCE 64	     /* of one poll */
#define MAX_BYTES_DEFAULT (256ull << 20)
#define RATE_DEFAULT (64ull << 20)
#define IN_FLIGHT 8		 /* that are lost with a worker */
#define AGAIN_NS (10 * NS_PER_S) /* between the end of a worker and the start of the next */
/* A file system in user space may let a reader wait for ever: beyond what the package tools and
 * the reading may take, the worker is ended. */
#define PATIENCE_NS (200 * NS_PER_S)
#define END_MS 200 /* for a killed worker to be gone: one on a dead disk is left to init */

struct question {
	struct question *next;
	size_t len;
	uint8_t bytes[]; /* struct pst_worker_ask, as far as it goes */
};

struct pst_identify_desk {
	int fd; /* -1: no worker */
	pid_t pid;
	struct question *first, **last;
	size_t waiting, bytes;
	uint64_t heard_ns; /* the last answer, or the first question since then */
	uint64_t patience_ns;
	uint64_t again_ns; /* when a new worker may be started */
	uint64_t sent;	   /* to the worker that lives, and not yet answered */
	struct pst_sensor_asked count;
	struct pst_worker_ask ask;
	struct pst_worker_answer answer;
};

static int start_worker(struct pst_sensor *sensor)
{
	const struct pst_sensor_keys *asked = &sensor->keys;
	const struct pst_worker_keys keys = {
		.hash = asked->hash,
		.packages = asked->packages,
		.max_bytes = asked->hash_max_bytes ? asked->hash_max_bytes : MAX_BYTES_DEFAULT,
		.bytes_per_second = asked->hash_rate ? asked->hash_rate : RATE_DEFAULT,
		.origins = asked->origins,
	};
	struct pst_identify_desk *desk = sensor->desk;

	desk->again_ns = pst_sensor_now() + AGAIN_NS;
	desk->patience_ns = PATIENCE_NS +
			    keys.max_bytes / keys.bytes_per_second * NS_PER_S; /* < 2^51 */
	desk->pid = pst_worker_start(&keys, &desk->fd);
	return desk->pid < 0 ? desk->pid : 0;
}

int pst_identify_open(struct pst_sensor *sensor, char *error)
{
	int r = -ENOMEM;

	if (!sensor->keys.identify)
		return 0;
	sensor->desk = calloc(1, sizeof(*sensor->desk));
	if (sensor->desk) {
		sensor->desk->fd = -1;
		sensor->desk->last = &sensor->desk->first;
		r = start_worker(sensor);
	}
	if (r < 0)
		(void)pst_text_format(error, PST_SENSOR_ERROR,
				      "the process that reads programs' files cannot be made: %s",
				      strerror(-r));
	return r;
}

int pst_identify_watch(const struct pst_sensor *sensor)
{
	struct epoll_event event = { .events = EPOLLIN };

	if (!sensor->desk)
		return 0;
	return epoll_ctl(sensor->epoll_fd, EPOLL_CTL_ADD, sensor->desk->fd, &event) < 0 ? -errno :
											  0;
}

/* end_worker - without waiting for one that cannot die */
static void end_worker(struct pst_sensor *sensor)
{
	struct pst_identify_desk *desk = sensor->desk;
	const struct timespec moment = { .tv_nsec = 1000000 };

	if (desk->fd < 0)
		return;
	if (sensor->epoll_fd >= 0) /* a child of the test or the canary may hold a copy: close
				      alone would not do */
		(void)epoll_ctl(sensor->epoll_fd, EPOLL_CTL_DEL, desk->fd, NULL);
	(void)close(take_fd(&desk->fd));
	(void)kill(desk->pid, SIGKILL);
	for (unsigned int ms = 0; ms < END_MS && waitpid(desk->pid, NULL, WNOHANG) == 0; ms++)
		(void)nanosleep(&moment, NULL); /* a shorter one is fine */
	desk->again_ns = pst_sensor_now() + AGAIN_NS;
	desk->count.refused += desk->sent;
	desk->sent = 0;
}

/* send_on - what the socket takes now */
static void send_on(struct pst_sensor *sensor)
{
	struct pst_identify_desk *desk = sensor->desk;

	while (desk->first && desk->fd >= 0 && desk->sent < IN_FLIGHT) {
		struct question *one = desk->first;

		if (send(desk->fd, one->bytes, one->len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
			if (errno != EAGAIN && errno != EINTR)
				end_worker(sensor);
			return;
		}
		if (!desk->sent++)
			desk->heard_ns = pst_sensor_now();
		desk->first = one->next;
		if (!desk->first)
			desk->last = &desk->first;
		desk->waiting--;
		desk->bytes -= one->len;
		free(one);
	}
}

static int keep_question(struct pst_identify_desk *desk, size_t len)
{
	struct question *one;

	if (desk->waiting >= WAITING_MAX || desk->bytes + len > WAITING_BYTES)
		return -EAGAIN;
	one = malloc(sizeof(*one) + len);
	if (!one)
		return -EAGAIN;
	one->next = NULL;
	one->len = len;
	memcpy(one->bytes, &desk->ask, len);
	*desk->last = one;
	desk->last = &one->next;
	desk->waiting++;
	desk->bytes += len;
	return 0;
}

static int put_question(struct pst_identify_desk *desk, const struct pst_sensor_ask *ask)
{
	size_t path_len = strlen(ask->path);

	if (ask->path[0] != '/' || path_len >= PST_PATH_MAX)
		return -EINVAL;
	desk->ask = (struct pst_worker_ask){ .start_ns = ask->start_ns,
					     .inode = ask->inode,
					     .ctime_ns = ask->ctime_ns,
					     .tgid = ask->tgid,
					     .dev_major = ask->dev_major,
					     .dev_minor = ask->dev_minor };
	desk->ask.flags = (ask->script ? PST_ASK_SCRIPT : 0) |
			  (ask->has_host_path ? PST_ASK_HOST_PATH : 0);
	memcpy(desk->ask.path, ask->path, path_len + 1);
	return keep_question(desk, PST_ASK_HEAD + path_len + 1);
}

int pst_sensor_identify(struct pst_sensor *sensor, const struct pst_sensor_ask *ask)
{
	struct pst_identify_desk *desk = sensor->desk;
	int r;

	if (!desk)
		return -ESRCH;
	desk->count.asked++;
	r = put_question(desk, ask);
	if (r < 0)
		desk->count.refused++;
	else
		send_on(sensor);
	return r;
}

struct pst_sensor_asked pst_sensor_asked(const struct pst_sensor *sensor)
{
	return sensor->desk ? sensor->desk->count : (struct pst_sensor_asked){ .asked = 0 };
}

/* tell - as a frame; its header is ours */
static void tell(struct pst_sensor *sensor, size_t len)
{
	struct pst_identify_desk *desk = sensor->desk;
	struct pst_rec_identity *rec = &desk->answer.rec;
	struct pst_rec_identity head;

	if (len < sizeof(*rec) || len != sizeof(*rec) + rec->path_len)
		return; /* of our own build: cannot be */
	pst_frame_open(sensor, &head, PST_REC_IDENTITY, sizeof(head));
	rec->h = head.h;
	rec->h.size = (uint32_t)len;
	desk->sent--;
	desk->heard_ns = rec->h.time_ns;
	desk->count.answered++;
	pst_frame_send(sensor, &desk->answer);
}

/* mind - a worker that hangs is ended, one that died has a successor; after a while, lest one that
 * cannot live is forked for ever */
static void mind(struct pst_sensor *sensor)
{
	struct pst_identify_desk *desk = sensor->desk;
	uint64_t now = pst_sensor_now();

	if (desk->fd >= 0 && desk->sent && now > desk->heard_ns + desk->patience_ns)
		end_worker(sensor);
	if (desk->fd < 0 && now >= desk->again_ns && start_worker(sensor) == 0 &&
	    pst_identify_watch(sensor) < 0)
		end_worker(sensor);
}

void pst_identify_poll(struct pst_sensor *sensor)
{
	struct pst_identify_desk *desk = sensor->desk;

	for (unsigned int i = 0; desk && desk->fd >= 0 && i < ANSWERS_AT_ONCE; i++) {
		ssize_t got = recv(desk->fd, &desk->answer, sizeof(desk->answer), MSG_DONTWAIT);

		if (got > 0)
			tell(sensor, (size_t)got);
		else if (got < 0 && (errno == EAGAIN || errno == EINTR))
			break;
		else
			end_worker(sensor); /* it died: what it was asked stays unknown */
	}
	if (!desk)
		return;
	mind(sensor);
	send_on(sensor);
}

void pst_identify_close(struct pst_sensor *sensor)
{
	if (!sensor->desk)
		return;
	end_worker(sensor);
	while (sensor->desk->first) { /* as many as waited */
		struct question *next = sensor->desk->first->next;

		free(sensor->desk->first);
		sensor->desk->first = next;
	}
	free(take_ptr(sensor->desk));
}
