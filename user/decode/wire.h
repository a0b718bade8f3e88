// SPDX-License-Identifier: Apache-2.0
/* What do the files of decode/ share? Inside this room only: here the wire is known. */
#ifndef PST_DECODE_WIRE_H
#define PST_DECODE_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "abi/record.h"
#include "decode/decode.h"

struct pst_decoder {
	uint8_t tail[PST_FRAME_MAX]; /* copy of EXEC's strings: spans point into it */
	char path[PST_PATH_MAX + 2]; /* a slash before each component, and the end */
	char cgroup[PST_CGROUP_MAX + 2];
};

struct pst_tail { /* what stands behind the fixed part */
	const uint8_t *data;
	size_t len;
};

/* pst_wire_addr - 16 bytes as an address */
struct pst_addr pst_wire_addr(const __u8 bytes[16]);

/*
 * pst_wire_listed - is a value of a closed list, whose ids are 1 to @end - 1, one that this build
 * knows? Returns 0; -EBADMSG for 0; -ENOTSUP for a later one: lists only grow.
 */
int pst_wire_listed(uint32_t value, uint32_t end);

/* pst_wire_exec - EXEC and its strings; as pst_decode */
int pst_wire_exec(struct pst_decoder *decoder, const struct pst_rec_exec *rec, struct pst_tail tail,
		  struct pst_exec *out);

#endif
