// SPDX-License-Identifier: Apache-2.0
/* Can any stream of frames break decode, attrib or profile? The bytes are taken as a recording is:
 * frame after frame, until one cannot be followed. Bounds are small, so that eviction runs too. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "attrib/attrib.h"
#include "decode/decode.h"
#include "profile/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct rooms {
	struct pst_decoder *decoder;
	struct pst_seq_track *track;
	struct pst_attrib *attrib;
	struct pst_profile *profile;
};

static const char *const vendor_paths[] = { "/opt/", NULL };

static void take(struct rooms *rooms, const uint8_t *frame, size_t len)
{
	struct pst_event event;
	struct pst_process *process;
	bool is_new;

	if (pst_decode(rooms->decoder, frame, len, &event) < 0)
		return;
	(void)pst_seq_track_see(rooms->track,
				&event); /* how many are missing does not matter here */
	process = pst_attrib_see(rooms->attrib, &event);
	if (!process)
		return;
	(void)pst_attrib_subject(process->image);
	(void)pst_profile_see(rooms->profile, &event, process, &is_new);
	if (pst_attrib_find(rooms->attrib, &event.task.proc) != process)
		abort();
}

static bool look_at_process(void *context, struct pst_process *process)
{
	(void)context;
	if (!process->image || !process->image->program || !process->image->program->path)
		abort();
	return true;
}

static bool look_at_image(void *context, struct pst_image *image)
{
	(void)context;
	if (image->prev && image->prev->id.exec_ns >= image->id.exec_ns)
		abort(); /* a ring could close */
	return true;
}

static bool look_at_channel(void *context, struct pst_channel *channel)
{
	*(size_t *)context += channel->open;
	return true;
}

static void check(struct rooms *rooms)
{
	struct pst_attrib_figures attrib;
	struct pst_profile_figures profile;
	size_t open = 0;

	pst_attrib_each(rooms->attrib, look_at_process, NULL);
	pst_attrib_each_image(rooms->attrib, look_at_image, NULL);
	pst_profile_each(rooms->profile, look_at_channel, &open);
	pst_attrib_figures(rooms->attrib, &attrib);
	pst_profile_figures(rooms->profile, &profile);
	if (attrib.processes > 64 || attrib.images > 64 || attrib.living > attrib.processes ||
	    profile.open_channels != open || profile.channels > 32)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct pst_attrib_keys attrib = { .max_processes = 64,
						       .max_images = 64,
						       .vendor_paths = vendor_paths };
	static const struct pst_profile_keys profile = { .max_channels = 32, .max_programs = 16 };
	struct rooms rooms = {
		.decoder = pst_decoder_new(),
		.track = pst_seq_track_new(4),
		.attrib = pst_attrib_new(&attrib),
		.profile = pst_profile_new(&profile),
	};

	(void)pst_host_check(data, size);
	while (size >= PST_FRAME_HEAD) {
		int len = pst_frame_size(data);

		if (len < 0 || (size_t)len > size)
			break;
		take(&rooms, data, (size_t)len);
		data += len;
		size -= (size_t)len;
	}
	check(&rooms);
	pst_profile_free(rooms.profile);
	pst_attrib_free(rooms.attrib);
	pst_seq_track_free(rooms.track);
	pst_decoder_free(rooms.decoder);
	return 0;
}
