// SPDX-License-Identifier: Apache-2.0
/* io_uring by raw system calls: no library hides what happens. */
#include "ring.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ENTRIES 8u

int ring_open(struct ring *ring, uint32_t flags)
{
	struct io_uring_params p = { .flags = flags, .sq_thread_idle = 2000 };
	int none = -1;
	char *sq, *cq;

	memset(ring, 0, sizeof(*ring));
	ring->flags = flags;
	ring->fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &p);
	if (ring->fd < 0)
		return -1;
	sq = mmap(NULL, p.sq_off.array + p.sq_entries * sizeof(uint32_t), PROT_READ | PROT_WRITE,
		  MAP_SHARED, ring->fd, IORING_OFF_SQ_RING);
	cq = mmap(NULL, p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe),
		  PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, IORING_OFF_CQ_RING);
	ring->sqes = mmap(NULL, p.sq_entries * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE,
			  MAP_SHARED, ring->fd, IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || ring->sqes == MAP_FAILED)
		return -1;
	ring->sq_head = (uint32_t *)(sq + p.sq_off.head);
	ring->sq_tail = (uint32_t *)(sq + p.sq_off.tail);
	ring->sq_mask = (uint32_t *)(sq + p.sq_off.ring_mask);
	ring->sq_flags = (uint32_t *)(sq + p.sq_off.flags);
	ring->sq_array = (uint32_t *)(sq + p.sq_off.array);
	ring->cq_head = (uint32_t *)(cq + p.cq_off.head);
	ring->cq_tail = (uint32_t *)(cq + p.cq_off.tail);
	ring->cq_mask = (uint32_t *)(cq + p.cq_off.ring_mask);
	ring->cqes = (struct io_uring_cqe *)(cq + p.cq_off.cqes);
	/* one empty slot for a socket that gets no descriptor */
	return (int)syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_FILES, &none, 1);
}

/* ring_do - one operation, and its result */
int ring_do(struct ring *ring, const struct io_uring_sqe *sqe)
{
	uint32_t tail = *ring->sq_tail, at = tail & *ring->sq_mask, head, want = 1;
	unsigned int how = IORING_ENTER_GETEVENTS;

	ring->sqes[at] = *sqe;
	ring->sqes[at].flags |= ring->sqe_flags;
	ring->sq_array[at] = at;
	__atomic_store_n(ring->sq_tail, tail + 1, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (ring->flags & IORING_SETUP_SQPOLL) {
		want = 0;
		if (__atomic_load_n(ring->sq_flags, __ATOMIC_ACQUIRE) & IORING_SQ_NEED_WAKEUP)
			how |= IORING_ENTER_SQ_WAKEUP;
	}
	if (syscall(SYS_io_uring_enter, ring->fd, want, 1, how, NULL, 0) < 0)
		return -errno;
	head = *ring->cq_head;
	if (head == __atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE))
		return -EAGAIN;
	at = head & *ring->cq_mask;
	__atomic_store_n(ring->cq_head, head + 1, __ATOMIC_RELEASE);
	return ring->cqes[at].res;
}

int ring_on(struct ring *ring, int fd, uint8_t op, const void *data, size_t len)
{
	struct io_uring_sqe sqe = { .opcode = op, .fd = fd, .addr = (uint64_t)(uintptr_t)data };

	if (op == IORING_OP_CONNECT || op == OP_BIND)
		sqe.off = len;
	else
		sqe.len = (uint32_t)len;
	return ring_do(ring, &sqe);
}

int ring_socket(struct ring *ring, int type, int direct)
{
	struct io_uring_sqe sqe = { .opcode = OP_SOCKET, .fd = AF_INET, .off = (unsigned int)type };

	if (direct)
		sqe.file_index = FILE_INDEX_FIRST;
	return ring_do(ring, &sqe);
}
