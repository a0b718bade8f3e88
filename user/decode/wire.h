// SPDX-License-Identifier: Apache-2.0
/* What do the files of decode/ share? Inside this room only: here the wire is known. */
#ifndef PST_DECODE_WIRE_H
#define PST_DECODE_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "abi/record.h"
#include "decode/decode.h"

struct pst_decoder {
	uint8_t tail[PST_FRAME_MAX]; /* copy of EXEC's strings, names and code: spans point into it
				      */
	char path[PST_PATH_MAX + 2]; /* a slash before each component, and the end */
	char cgroup[PST_CGROUP_MAX + 2];
	char cwd[PST_CWD_MAX + 2];
	struct pst_dns dns;
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

/* NUL-padded bytes to a string; @out is zero and one byte longer than @in */
#define TAKE_TEXT(out, in)                                                         \
	do {                                                                       \
		_Static_assert(sizeof(out) == sizeof(in) + 1, "room for the end"); \
		memcpy((out), (in), strnlen((const char *)(in), sizeof(in)));      \
	} while (0)

/*
 * pst_wire_span - bytes that an event points to, copied: they live as long as the decoder's other
 * strings
 * @in: at most PST_FRAME_MAX bytes
 */
struct pst_span pst_wire_span(struct pst_decoder *decoder, const void *in, size_t len);

/* The records whose files are their own; as pst_decode. @out is zero. */
int pst_wire_channel(struct pst_decoder *decoder, const struct pst_rec_channel *rec,
		     struct pst_channel_seen *out);
int pst_wire_result(const struct pst_rec_result *rec, struct pst_result_seen *out);
int pst_wire_sample(struct pst_decoder *decoder, const struct pst_rec_sample *rec,
		    struct pst_sample *out);
int pst_wire_payload(struct pst_decoder *decoder, const struct pst_rec_payload *rec,
		     struct pst_tail tail, struct pst_payload_seen *out);
int pst_wire_filter(struct pst_decoder *decoder, const struct pst_rec_filter *rec,
		    struct pst_tail tail, struct pst_filter_seen *out);
int pst_wire_host(const struct pst_rec_host *rec, struct pst_host *out);
int pst_wire_host_names(struct pst_decoder *decoder, const struct pst_rec_host_names *rec,
			struct pst_host_names *out);
int pst_wire_identity(struct pst_decoder *decoder, const struct pst_rec_identity *rec,
		      struct pst_tail tail, struct pst_identity_seen *out);
int pst_wire_measured(const struct pst_rec_measured *rec, struct pst_measured_seen *out);
int pst_wire_container(const struct pst_rec_container *rec, struct pst_container_seen *out);

/* pst_wire_exec - EXEC and its strings; as pst_decode */
int pst_wire_exec(struct pst_decoder *decoder, const struct pst_rec_exec *rec, struct pst_tail tail,
		  struct pst_exec *out);

#endif
