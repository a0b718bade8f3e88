/* SPDX-License-Identifier: Apache-2.0 */
/* uring: one operation at a time through io_uring, by its system calls alone. */
#ifndef PST_TESTS_URING_H
#define PST_TESTS_URING_H

#include <stddef.h>
#include <stdint.h>
#include <linux/io_uring.h>

struct kt_ring {
	int fd;
	uint32_t setup; /* IORING_SETUP_* */
	uint32_t *sq_tail, *sq_mask, *sq_array, *sq_flags;
	uint32_t *cq_head, *cq_tail, *cq_mask;
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;
};

/* All return 0 or what the operation returned, else -errno. @how: IOSQE_*; with IOSQE_FIXED_FILE
 * @fd is an index of the ring's own table. */
int kt_ring_open(struct kt_ring *ring, uint32_t setup);
int kt_ring_connect(struct kt_ring *ring, int fd, uint16_t port, uint8_t how); /* to 127.0.0.1 */
int kt_ring_send(struct kt_ring *ring, int fd, const void *data, size_t len, uint8_t how);
int kt_ring_socket(struct kt_ring *ring); /* a TCP socket at index 0, without descriptor */

#endif
