// SPDX-License-Identifier: Apache-2.0
/* How is a call made through io_uring? Two rings in shared memory, and system calls that carry no
 * address. */
#include "uring.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kt.h"

#define ENTRIES 8u
#define IDLE_MS 2000u /* after which a polling thread sleeps */

static void *map(int fd, size_t size, off_t offset)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, offset);

	return at == MAP_FAILED ? NULL : at;
}

int kt_ring_open(struct kt_ring *ring, uint32_t setup)
{
	struct io_uring_params p = { .flags = setup, .sq_thread_idle = IDLE_MS };
	uint8_t *sq, *cq;

	memset(ring, 0, sizeof(*ring));
	ring->setup = setup;
	ring->fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &p);
	if (ring->fd < 0)
		return -errno;
	sq = map(ring->fd, p.sq_off.array + p.sq_entries * sizeof(uint32_t), IORING_OFF_SQ_RING);
	cq = map(ring->fd, p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe),
		 IORING_OFF_CQ_RING);
	ring->sqe = map(ring->fd, p.sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
	if (!sq || !cq || !ring->sqe)
		return -ENOMEM;
	ring->sq_tail = (uint32_t *)(void *)(sq + p.sq_off.tail);
	ring->sq_mask = (uint32_t *)(void *)(sq + p.sq_off.ring_mask);
	ring->sq_array = (uint32_t *)(void *)(sq + p.sq_off.array);
	ring->sq_flags = (uint32_t *)(void *)(sq + p.sq_off.flags);
	ring->cq_head = (uint32_t *)(void *)(cq + p.cq_off.head);
	ring->cq_tail = (uint32_t *)(void *)(cq + p.cq_off.tail);
	ring->cq_mask = (uint32_t *)(void *)(cq + p.cq_off.ring_mask);
	ring->cqe = (struct io_uring_cqe *)(void *)(cq + p.cq_off.cqes);
	return 0;
}

/* run - submit one operation and wait for its result */
static int run(struct kt_ring *ring, const struct io_uring_sqe *sqe)
{
	uint32_t tail = *ring->sq_tail, index = tail & *ring->sq_mask;
	uint32_t flags = IORING_ENTER_GETEVENTS;
	struct io_uring_cqe *cqe;
	int result;

	ring->sqe[index] = *sqe;
	ring->sq_array[index] = index;
	__atomic_store_n(ring->sq_tail, tail + 1, __ATOMIC_SEQ_CST);
	if (ring->setup & IORING_SETUP_SQPOLL &&
	    __atomic_load_n(ring->sq_flags, __ATOMIC_SEQ_CST) & IORING_SQ_NEED_WAKEUP)
		flags |= IORING_ENTER_SQ_WAKEUP;
	while (syscall(SYS_io_uring_enter, ring->fd, ring->setup & IORING_SETUP_SQPOLL ? 0 : 1, 1,
		       flags, NULL, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	if (__atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE) == *ring->cq_head)
		return -ETIME;
	cqe = &ring->cqe[*ring->cq_head & *ring->cq_mask];
	result = cqe->res;
	__atomic_store_n(ring->cq_head, *ring->cq_head + 1, __ATOMIC_RELEASE);
	return result;
}

int kt_ring_connect(struct kt_ring *ring, int fd, uint16_t port, uint8_t how)
{
	struct sockaddr_in6 peer;
	const struct io_uring_sqe sqe = {
		.opcode = IORING_OP_CONNECT,
		.flags = how,
		.fd = fd,
		.off = kt_address("127.0.0.1", port, (struct sockaddr *)&peer),
		.addr = (uintptr_t)&peer,
	};

	return run(ring, &sqe);
}

int kt_ring_send(struct kt_ring *ring, int fd, const void *data, size_t len, uint8_t how)
{
	const struct io_uring_sqe sqe = {
		.opcode = IORING_OP_SEND,
		.flags = how,
		.fd = fd,
		.addr = (uintptr_t)data,
		.len = (uint32_t)len,
		.msg_flags = MSG_NOSIGNAL,
	};

	return run(ring, &sqe);
}

int kt_ring_socket(struct kt_ring *ring)
{
	int none[1] = { -1 };
	const struct io_uring_sqe sqe = {
		.opcode = IORING_OP_SOCKET,
		.fd = AF_INET,
		.off = SOCK_STREAM,
		.file_index = 1, /* from 1 */
	};

	if (syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_FILES, none, 1) < 0)
		return -errno;
	return run(ring, &sqe);
}
