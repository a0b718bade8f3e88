// SPDX-License-Identifier: Apache-2.0
/* Frames for the tests of decode: the stored ones, and changes to them. */
#ifndef PST_TESTS_FRAMES_H
#define PST_TESTS_FRAMES_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "abi/record.h"
#include "decode/decode.h"
#include "records.h"

struct frame {
	uint8_t bytes[PST_FRAME_MAX + 8];
	size_t len;
};

/* The stored record of that name, as it was stored. */
static inline struct frame frame_stored(const char *name)
{
	struct frame frame = { .len = 0 };
	const char *hex = NULL;
	unsigned int byte;

	for (size_t i = 0; i < sizeof(stored_records) / sizeof(stored_records[0]); i++) {
		if (strcmp(stored_records[i].name, name) == 0)
			hex = stored_records[i].hex;
	}
	assert_non_null(hex);
	for (; *hex; hex += 2) {
		assert_int_equal(sscanf(hex, "%2x", &byte), 1);
		frame.bytes[frame.len++] = (uint8_t)byte;
	}
	return frame;
}

/* Cut or grown (by zeros) to @len, and saying so. */
static inline void frame_resize(struct frame *frame, size_t len)
{
	uint32_t size = (uint32_t)len;

	assert_true(len <= sizeof(frame->bytes));
	if (len > frame->len)
		memset(frame->bytes + frame->len, 0, len - frame->len);
	frame->len = len;
	memcpy(frame->bytes + offsetof(struct pst_rec, size), &size, sizeof(size));
}

#define frame_set(frame, type, field, value)                                                    \
	do {                                                                                    \
		__typeof__(((struct type *)0)->field) _value =                                  \
			(__typeof__(((struct type *)0)->field))(value);                         \
		memcpy((frame)->bytes + offsetof(struct type, field), &_value, sizeof(_value)); \
	} while (0)

static inline int frame_decode(struct pst_decoder *decoder, const struct frame *frame,
			       struct pst_event *out)
{
	return pst_decode(decoder, frame->bytes, frame->len, out);
}

static inline int decoder_set_up(void **state)
{
	*state = pst_decoder_new();
	return *state ? 0 : -1;
}

static inline int decoder_tear_down(void **state)
{
	pst_decoder_free(*state);
	return 0;
}

/* What the stored record of that name says. */
static inline struct pst_event frame_event(struct pst_decoder *decoder, const char *name)
{
	struct frame frame = frame_stored(name);
	struct pst_event event;

	assert_int_equal(pst_frame_size(frame.bytes), frame.len);
	assert_int_equal(frame_decode(decoder, &frame, &event), 0);
	return event;
}

static inline struct pst_addr addr_of(const char *text)
{
	struct pst_addr out = { .b = { 0 } };

	assert_int_equal(pst_addr_parse(text, &out), 0);
	return out;
}

static inline void assert_addr(const struct pst_addr *a, const char *text)
{
	struct pst_addr b = addr_of(text);

	assert_true(pst_addr_equal(a, &b));
}

#endif
