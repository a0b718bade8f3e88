/* SPDX-License-Identifier: Apache-2.0 */
/* How does a fuzzer make records that get past the first check? A chunk of input is a selector, a
 * length and bytes; the header's type and size are made to fit, all else stays hostile. One
 * selector in 16 leaves the header as it is. */
#ifndef PST_TESTS_FUZZ_FRAMES_H
#define PST_TESTS_FUZZ_FRAMES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "abi/record.h"

struct pst_fuzz_input {
	const uint8_t *bytes;
	size_t left;
};

static const struct pst_fuzz_shape {
	uint16_t type;
	size_t size;
} fuzz_shapes[] = {
#define RECORD(id, name, type) { id, sizeof(struct type) },
#include "abi/records.def"
#undef RECORD
};

#define FUZZ_SHAPES (sizeof(fuzz_shapes) / sizeof(fuzz_shapes[0]))
#define FUZZ_CHUNK_HEAD 3u
#define FUZZ_RAW 0xf0u

/* pst_fuzz_frame - the next record into @frame (PST_REC_MAX bytes); returns its length, 0 at the
 * end of the input */
static inline size_t pst_fuzz_frame(struct pst_fuzz_input *in, uint8_t *frame)
{
	const struct pst_fuzz_shape *shape;
	struct pst_rec *head = (struct pst_rec *)(void *)frame;
	uint8_t selector;
	size_t tail, size;

	if (in->left < FUZZ_CHUNK_HEAD)
		return 0;
	selector = in->bytes[0];
	shape = &fuzz_shapes[selector % FUZZ_SHAPES];
	tail = (size_t)in->bytes[1] | (size_t)in->bytes[2] << 8;
	in->bytes += FUZZ_CHUNK_HEAD;
	in->left -= FUZZ_CHUNK_HEAD;
	size = shape->size + tail % (PST_REC_MAX - shape->size);
	memset(frame, 0, PST_REC_MAX);
	memcpy(frame, in->bytes, in->left < size ? in->left : size);
	in->bytes += in->left < size ? in->left : size;
	in->left -= in->left < size ? in->left : size;
	if ((selector & FUZZ_RAW) != FUZZ_RAW) {
		head->type = shape->type;
		head->size = (uint32_t)size;
	}
	return size;
}

#endif
