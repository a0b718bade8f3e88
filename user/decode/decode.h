// SPDX-License-Identifier: Apache-2.0
/* decode: bytes of the stream to events. Copy, check length, check range, then use; bad input is a
 * counted reject. Pure. */
#ifndef PST_DECODE_DECODE_H
#define PST_DECODE_DECODE_H

#include <stddef.h>
#include <stdint.h>

#include "decode/event.h"

#define PST_FRAME_HEAD 8u    /* bytes that pst_frame_size needs */
#define PST_FRAME_MAX 16384u /* the longest frame that is taken */

struct pst_decoder; /* scratch for strings; one per stream */

struct pst_decoder *pst_decoder_new(void); /* NULL without memory; caller frees */
void pst_decoder_free(struct pst_decoder *decoder);

/*
 * pst_frame_size - how long is the frame that starts here?
 * @head: at least PST_FRAME_HEAD bytes
 * Returns its size in bytes, or -EBADMSG when no frame can start so (then the stream cannot be
 * followed any further).
 */
int pst_frame_size(const void *head);

/*
 * pst_decode - one frame to an event
 * @frame, @len: the whole frame; any alignment
 * @out: written only on success; its spans and strings are borrowed until the next call with this
 * decoder Returns 0; -ENOTSUP for a type, or a value of a closed list, that this build does not
 * know (skip it, count it); -EBADMSG for a broken one.
 */
int pst_decode(struct pst_decoder *decoder, const void *frame, size_t len, struct pst_event *out);

/*
 * pst_host_check - can this build read the stream that this HOST frame opens?
 * Returns NULL when it can, else a sentence that says why not (static text).
 */
const char *pst_host_check(const void *frame, size_t len);

/* pst_seq_track - holes in the per-cpu sequences; small reorderings within 64 are no holes */
struct pst_seq_track;
struct pst_seq_track *pst_seq_track_new(uint32_t cpus);
void pst_seq_track_free(struct pst_seq_track *track);
/* returns how many records are now known to be missing that were not before; record ids from 1000
 * have no sequence */
uint64_t pst_seq_track_see(struct pst_seq_track *track, const struct pst_event *event);

#endif
