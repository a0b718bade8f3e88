// SPDX-License-Identifier: Apache-2.0
/* io_uring: network calls past the system calls are told once per sort, and charged to the process
 * whose ring it is, whoever carries them out. */
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hold.h"
#include "kt.h"
#include "uring.h"

static const char data[] = "data";

/* check_once - told by its own process */
static void check_once(struct kt *kt, const struct kt_actor *me, enum pst_act act, uint32_t number)
{
	const struct pst_event *event = kt_act(kt, me->pid, act, number);

	KT_NEED(kt, event);
	kt_task(kt, event, me);
}

/* What the actor sent through the ring is charged to it, and to no worker. */
static void check_ring_connection(struct kt *kt, const struct kt_actor *me)
{
	const struct pst_event *event = kt_channel(kt, me->pid, PST_TCP_CONNECT, me->port);

	KT_NEED(kt, event);
	kt_task(kt, event, me);
	KT_EQUAL(kt, event->channel.owner.tgid, 0);
	event = kt_sample(kt, me->pid, PST_TCP_CONNECT, me->port);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.bytes_out, sizeof(data));
	KT_EQUAL(kt, event->sample.count.attempts, 1);
	check_once(kt, me, PST_URING, 0);
	check_once(kt, me, PST_URING_NETWORK, IORING_OP_CONNECT);
	check_once(kt, me, PST_URING_NETWORK, IORING_OP_SEND);
	KT_EQUAL(kt, kt_acts_of(kt, me->pid), 3);
}

/* Connects and sends twice: the second send is no new act. */
static int talk_through_ring(struct kt_actor *me, uint32_t setup, uint8_t how)
{
	struct kt_ring ring;
	int listener = kt_listen("127.0.0.1", &me->port), fd;
	int r = kt_ring_open(&ring, setup);

	if (r == -EPERM || r == -ENOSYS)
		return KT_MISSING;
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (r < 0 || listener < 0 || fd < 0 || kt_ring_connect(&ring, fd, me->port, how) != 0)
		return 1;
	return kt_ring_send(&ring, fd, data, sizeof(data) - 1, how) == sizeof(data) - 1 &&
			       kt_ring_send(&ring, fd, data, 1, how) == 1 ?
		       0 :
		       1;
}

static int act_what_a_ring_does_is_told_once_and_charged_to_its_process(struct kt_actor *me)
{
	return talk_through_ring(me, 0, 0);
}

static void check_what_a_ring_does_is_told_once_and_charged_to_its_process(
	struct kt *kt, const struct kt_actor *me)
{
	check_ring_connection(kt, me);
}

static int act_a_worker_of_a_ring_is_its_process(struct kt_actor *me)
{
	return talk_through_ring(me, 0, IOSQE_ASYNC);
}

static void check_a_worker_of_a_ring_is_its_process(struct kt *kt, const struct kt_actor *me)
{
	check_ring_connection(kt, me);
}

static int act_a_polling_thread_of_a_ring_is_its_process(struct kt_actor *me)
{
	return talk_through_ring(me, IORING_SETUP_SQPOLL, 0);
}

static void check_a_polling_thread_of_a_ring_is_its_process(struct kt *kt,
							    const struct kt_actor *me)
{
	check_ring_connection(kt, me);
}

static int open_without_descriptor(struct kt_actor *me)
{
	static struct kt_ring ring;
	int r = kt_ring_open(&ring, 0);

	if (r < 0 || kt_ring_socket(&ring) < 0)
		return KT_MISSING;
	return kt_listen("127.0.0.1", &me->port) < 0 ||
	       kt_ring_connect(&ring, 0, me->port, IOSQE_FIXED_FILE) != 0 ||
	       kt_ring_send(&ring, 0, data, sizeof(data), IOSQE_FIXED_FILE) != sizeof(data);
}

static int act_a_socket_without_descriptor_is_counted_by_the_sweep(struct kt_actor *me)
{
	return kt_hold(me, open_without_descriptor);
}

static void check_a_socket_without_descriptor_is_counted_by_the_sweep(struct kt *kt,
								      const struct kt_actor *me)
{
	const struct pst_event *event = kt_channel(kt, me->child, PST_TCP_CONNECT, me->port);

	KT_NEED(kt, event);
	KT_TRUE(kt, !event->channel.hidden && !event->channel.late);
	kt_sweep(kt);
	event = kt_sample(kt, me->child, PST_TCP_CONNECT, me->port);
	KT_NEED(kt, event);
	KT_EQUAL(kt, event->sample.count.bytes_out, sizeof(data));
	KT_EQUAL(kt, event->sample.count.closed, 0);
	KT_TRUE(kt, kt_release(me));
}

const struct kt_case kt_uring_cases[] = {
	CASE(what_a_ring_does_is_told_once_and_charged_to_its_process),
	CASE(a_worker_of_a_ring_is_its_process),
	CASE(a_polling_thread_of_a_ring_is_its_process),
	CASE(a_socket_without_descriptor_is_counted_by_the_sweep),
	{ NULL, NULL, NULL, NULL, NULL },
};
