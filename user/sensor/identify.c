// SPDX-License-Identifier: Apache-2.0
/* How is the worker asked without ever waiting for it? One question at a time, so that it is known
 * on which file it hangs; answers become IDENTITY frames, and CONTAINER frames. */
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

#define MESSAGES_AT_ONCE 64 /* of one poll */
#define MAX_BYTES_DEFAULT (256ull << 20)
#define RATE_DEFAULT (64ull << 20)
#define AGAIN_NS (10 * NS_PER_S) /* between the end of a worker and the start of the next */
/* Without a word: then it is ended. A file system in user space may let a reader wait for ever. */
#define READING_NS (10 * NS_PER_S) /* it says every second that it reads */
#define ASKING_NS (200 * NS_PER_S) /* above the sum of what the package tools may take */
#define STEP_NS (2 * NS_PER_S)	   /* a longer gap between two looks was ours, or a host's sleep */
#define END_MS 200		   /* for a killed worker to be gone */
#define STUCK_MAX 4u		   /* that were killed, and wait for a dead disk still */

struct pst_identify_desk {
	int fd; /* -1: no worker */
	pid_t pid;
	pid_t stuck[STUCK_MAX]; /* 0: none */
	struct pst_questions *waiting;
	struct pst_question *asked; /* the one that the worker has, or is to have again; NULL */
	bool sent;		    /* the worker has it */
	uint64_t silent_ns;	    /* since its last word */
	uint64_t patience_ns, looked_ns;
	uint64_t again_ns; /* when a new worker may be started */
	struct pst_hung hung;
	struct pst_sensor_asked count;
	struct pst_worker_ask ask;
	union pst_worker_answer answer;
};

/* free_place - for one that cannot die; NULL when all are taken */
static pid_t *free_place(struct pst_identify_desk *desk)
{
	pid_t *place = NULL;

	for (size_t i = 0; i < STUCK_MAX; i++) {
		pid_t *one = &desk->stuck[i];

		if (*one && waitpid(*one, NULL, WNOHANG) != 0)
			*one = 0; /* its disk let it go */
		if (!*one)
			place = one;
	}
	return place;
}

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

	if (!free_place(desk))
		return -EAGAIN;
	desk->again_ns = pst_sensor_now() + AGAIN_NS;
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
		sensor->desk->waiting = pst_questions_new();
		r = sensor->desk->waiting ? start_worker(sensor) : -ENOMEM;
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

/* drop_asked - it gets no answer */
static void drop_asked(struct pst_identify_desk *desk)
{
	if (!desk->asked)
		return;
	free(take_ptr(desk->asked));
	desk->count.refused++;
}

/* end_worker - without waiting for one that cannot die */
static void end_worker(struct pst_sensor *sensor)
{
	struct pst_identify_desk *desk = sensor->desk;
	const struct timespec moment = { .tv_nsec = 1000000 };
	pid_t gone = 0;

	if (desk->fd < 0)
		return;
	if (sensor->epoll_fd >= 0) /* a child of the test or the canary may hold a copy: close
				      alone would not do */
		(void)epoll_ctl(sensor->epoll_fd, EPOLL_CTL_DEL, desk->fd, NULL);
	(void)close(take_fd(&desk->fd));
	(void)kill(desk->pid, SIGKILL);
	for (unsigned int ms = 0; ms < END_MS && !gone; ms++) {
		gone = waitpid(desk->pid, NULL, WNOHANG);
		if (!gone)
			(void)nanosleep(&moment, NULL); /* a shorter one is fine */
	}
	if (!gone)
		*free_place(desk) = desk->pid; /* there was one when it was started */
	desk->sent = false;
	desk->again_ns = pst_sensor_now() + AGAIN_NS;
}

/* end_dead - what it was asked stays unknown: it may be what it died of */
static void end_dead(struct pst_sensor *sensor)
{
	end_worker(sensor);
	drop_asked(sensor->desk);
}

/* send_next - one question, when the worker has none */
static void send_next(struct pst_sensor *sensor)
{
	struct pst_identify_desk *desk = sensor->desk;
	struct pst_worker_ask *ask = &desk->ask;

	if (desk->fd < 0 || desk->sent)
		return;
	if (!desk->asked)
		desk->asked = pst_questions_take(desk->waiting);
	if (!desk->asked)
		return;
	memcpy(ask, desk->asked->bytes, desk->asked->len);
	if (pst_hung_has(&desk->hung, ask, pst_sensor_now()))
		ask->flags |= PST_ASK_BLIND;
	if (send(desk->fd, ask, desk->asked->len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
		if (errno != EAGAIN && errno != EINTR)
			end_worker(sensor); /* the next one is asked */
		return;
	}
	desk->sent = true;
	desk->silent_ns = 0;
	desk->patience_ns = READING_NS;
}

static int put_question(struct pst_identify_desk *desk, const struct pst_sensor_ask *ask)
{
	size_t path_len = strlen(ask->path);

	if ((ask->path[0] == '/') == ask->container || path_len >= PST_PATH_MAX)
		return -EINVAL;
	desk->ask = (struct pst_worker_ask){ .start_ns = ask->start_ns,
					     .inode = ask->inode,
					     .ctime_ns = ask->ctime_ns,
					     .tgid = ask->tgid,
					     .dev_major = ask->dev_major,
					     .dev_minor = ask->dev_minor };
	desk->ask.flags = (ask->script ? PST_ASK_SCRIPT : 0) |
			  (ask->has_host_path ? PST_ASK_HOST_PATH : 0) |
			  (ask->container ? PST_ASK_CONTAINER : 0);
	memcpy(desk->ask.path, ask->path, path_len + 1);
	return pst_questions_put(desk->waiting, &desk->ask, ask->cgroup ? ask->cgroup : "");
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
		send_next(sensor);
	return r;
}

struct pst_sensor_asked pst_sensor_asked(const struct pst_sensor *sensor)
{
	return sensor->desk ? sensor->desk->count : (struct pst_sensor_asked){ .asked = 0 };
}

static bool is_whole(const struct pst_identify_desk *desk, size_t len)
{
	const struct pst_rec_identity *rec = &desk->answer.rec;

	if (desk->ask.flags & PST_ASK_CONTAINER)
		return len == sizeof(desk->answer.container);
	return len >= sizeof(*rec) && len == sizeof(*rec) + rec->path_len;
}

/* tell - as a frame; its header is ours */
static void tell(struct pst_sensor *sensor, size_t len)
{
	struct pst_identify_desk *desk = sensor->desk;
	bool container = desk->ask.flags & PST_ASK_CONTAINER;
	struct pst_rec head;

	if (!is_whole(desk, len))
		return; /* of our own build: cannot be */
	pst_frame_open(sensor, &head, container ? PST_REC_CONTAINER : PST_REC_IDENTITY,
		       sizeof(head));
	head.size = (uint32_t)len;
	memcpy(&desk->answer, &head, sizeof(head)); /* the first member of both */
	desk->sent = false;
	free(take_ptr(desk->asked));
	desk->count.answered++;
	pst_frame_send(sensor, &desk->answer);
}

/* hear - a word between question and answer */
static void hear(struct pst_identify_desk *desk, uint8_t word)
{
	desk->silent_ns = 0;
	desk->patience_ns = word == PST_WORD_ASKING ? ASKING_NS : READING_NS;
	if (word == PST_WORD_SLOW)
		pst_hung_note(&desk->hung, &desk->ask, pst_sensor_now());
}

/* end_hung - one that hangs on a file has a successor at once, which is asked the same but leaves
 * that file alone */
static void end_hung(struct pst_sensor *sensor)
{
	struct pst_identify_desk *desk = sensor->desk;
	bool again = desk->patience_ns == READING_NS && !(desk->ask.flags & PST_ASK_BLIND);

	if (again)
		pst_hung_note(&desk->hung, &desk->ask, pst_sensor_now());
	end_worker(sensor);
	desk->again_ns = 0;
	if (!again)
		drop_asked(desk);
}

/* mind - a worker that hangs is ended, one that died has a successor; after a while, lest one that
 * cannot live is forked for ever */
static void mind(struct pst_sensor *sensor)
{
	struct pst_identify_desk *desk = sensor->desk;
	uint64_t now = pst_sensor_now(), gap = now - desk->looked_ns;

	desk->looked_ns = now;
	desk->silent_ns += gap < STEP_NS ? gap : STEP_NS;
	if (desk->sent && desk->silent_ns > desk->patience_ns)
		end_hung(sensor);
	if (desk->fd < 0 && now >= desk->again_ns && start_worker(sensor) == 0 &&
	    pst_identify_watch(sensor) < 0)
		end_worker(sensor);
}

void pst_identify_poll(struct pst_sensor *sensor)
{
	struct pst_identify_desk *desk = sensor->desk;

	for (unsigned int i = 0; desk && desk->fd >= 0 && i < MESSAGES_AT_ONCE; i++) {
		ssize_t got = recv(desk->fd, &desk->answer, sizeof(desk->answer), MSG_DONTWAIT);

		if (got == 1)
			hear(desk, *(const uint8_t *)&desk->answer);
		else if (got > 0)
			tell(sensor, (size_t)got);
		else if (got < 0 && (errno == EAGAIN || errno == EINTR))
			break;
		else
			end_dead(sensor);
	}
	if (!desk)
		return;
	mind(sensor);
	send_next(sensor);
}

void pst_identify_close(struct pst_sensor *sensor)
{
	if (!sensor->desk)
		return;
	end_worker(sensor);
	free(sensor->desk->asked);
	pst_questions_free(sensor->desk->waiting);
	free(take_ptr(sensor->desk));
}
