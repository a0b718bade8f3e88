// SPDX-License-Identifier: Apache-2.0
/* ring: one io_uring, one operation at a time. */
#ifndef PST_TESTS_RING_H
#define PST_TESTS_RING_H

#include <linux/io_uring.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers of include/uapi/linux/io_uring.h that older headers lack. */
#define OP_SOCKET 45
#define OP_BIND 56
#define OP_LISTEN 57
#define FILE_INDEX_FIRST 1u /* slot 0 of the fixed files, as sqe->file_index says it */

struct ring {
	int fd;
	uint32_t flags; /* of io_uring_setup */
	uint8_t sqe_flags;
	uint32_t *sq_head, *sq_tail, *sq_mask, *sq_array, *sq_flags, *cq_head, *cq_tail, *cq_mask;
	struct io_uring_sqe *sqes;
	struct io_uring_cqe *cqes;
};

int ring_open(struct ring *ring, uint32_t flags);		/* -1 with errno */
int ring_do(struct ring *ring, const struct io_uring_sqe *sqe); /* its result, or -errno */
int ring_on(struct ring *ring, int fd, uint8_t op, const void *data, size_t len);
int ring_socket(struct ring *ring, int type, int direct); /* of AF_INET; direct: into slot 0 */

#endif
