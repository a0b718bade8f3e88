// SPDX-License-Identifier: Apache-2.0
/* What did a recording hold? Frames from a file, one by one; a broken one is counted with its
 * offset. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "decode/decode.h"
#include "engine/source.h"

static int give_up(struct pst_source_report *report, int error, const char *what)
{
	(void)pst_text_format(report->error, sizeof(report->error), "%s at byte %" PRIu64, what,
			      report->bytes); /* fits */
	return error;
}

#define HOST_HEAD 160 /* bytes of a HOST record that pst_host_check looks at, and some more */

/* The first record has no possible size: is it of the other byte order, or none at all? */
static const char *why_no_start(FILE *file, uint8_t *frame)
{
	size_t got = fread(frame + PST_FRAME_HEAD, 1, HOST_HEAD - PST_FRAME_HEAD, file);
	const char *why = pst_host_check(frame, PST_FRAME_HEAD + got);

	return why ? why : "its first record is damaged";
}

/* Returns the frame's size; 0 at the end; -EBADMSG, -EIO. */
static int read_frame(FILE *file, uint8_t *frame, struct pst_source_report *report)
{
	size_t got = fread(frame, 1, PST_FRAME_HEAD, file);
	int size;

	if (got == 0)
		return ferror(file) ? give_up(report, -EIO, "the recording cannot be read") : 0;
	if (got < PST_FRAME_HEAD)
		return give_up(report, -EBADMSG, "the recording is cut in the middle of a record");
	size = pst_frame_size(frame);
	if (size < 0 && !report->frames)
		return give_up(report, -EPROTO, why_no_start(file, frame));
	if (size < 0)
		return give_up(report, -EBADMSG,
			       "no record can start so: the recording is damaged");
	got = fread(frame + PST_FRAME_HEAD, 1, (size_t)size - PST_FRAME_HEAD, file);
	if (got < (size_t)size - PST_FRAME_HEAD)
		return give_up(report, -EBADMSG, "the recording is cut in the middle of a record");
	return size;
}

static void note_reject(struct pst_source_report *report)
{
	if (report->rejected < PST_SOURCE_REJECTS)
		report->reject_at[report->rejected] = report->bytes;
	report->rejected++;
}

static int read_all(struct pst_engine *engine, FILE *file, struct pst_source_report *report)
{
	uint8_t frame[PST_FRAME_MAX];
	struct pst_engine_figures figures;
	int size, r;

	while ((size = read_frame(file, frame, report)) > 0) {
		r = pst_engine_frame(engine, frame, (size_t)size);
		if (r == -EPROTO) {
			pst_engine_figures(engine, &figures);
			if (!figures.ended)
				return give_up(report, -EPROTO, pst_engine_error(engine));
			return give_up(report, -EBADMSG, "records follow the end of the recording");
		}
		if (r < 0)
			note_reject(report);
		report->frames++;
		report->bytes += (uint64_t)size;
	}
	if (size < 0)
		return size;
	pst_engine_figures(engine, &figures);
	report->clean_end = figures.ended;
	return report->frames ? 0 : give_up(report, -EBADMSG, "the recording is empty");
}

int pst_source_file(struct pst_engine *engine, const char *path, struct pst_source_report *report)
{
	_cleanup_fclose_ FILE *opened = NULL;
	FILE *file = stdin;
	int r;

	memset(report, 0, sizeof(*report));
	if (strcmp(path, "-") != 0) {
		opened = fopen(path, "re");
		if (!opened) {
			r = -errno;
			(void)pst_text_format(report->error, sizeof(report->error), "%s",
					      strerror(-r)); /* fits */
			return r;
		}
		file = opened;
	}
	r = read_all(engine, file, report);
	pst_engine_end(engine);
	return r;
}
