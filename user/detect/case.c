// SPDX-License-Identifier: Apache-2.0
/* How does a finding begin, and what of a channel was told already? */
#include "detect/case.h"

#include <string.h>

#define RESULT_SHIFT \
	16 /* pst_channel.told: a bit per detector, and above it one for "with its result" */

static const struct pst_image *subject_of(const struct pst_image *image)
{
	const struct pst_image *subject = image->contract >= 0 ? image->binder :
								 pst_attrib_subject(image);

	return subject ? subject : image;
}

static uint64_t time_of(const struct pst_case *c)
{
	if (c->event)
		return c->event->time_ns;
	return c->channel ? c->channel->last_ns : 0;
}

void pst_case_open(const struct pst_case *c, enum pst_detector_id detector, struct pst_finding *out)
{
	memset(out, 0, sizeof(*out));
	out->detector = detector;
	out->process = c->process;
	out->image = c->process->image;
	out->subject = subject_of(c->process->image);
	out->channel = c->channel;
	out->judgement = *c->judgement;
	out->preexisting = c->channel ? c->channel->preexisting : c->event && c->event->preexisting;
	out->time_ns = time_of(c);
}

bool pst_case_is_news(struct pst_channel *channel, enum pst_detector_id detector)
{
	uint32_t first = 1u << detector;
	uint32_t result = channel->last_result ? first << RESULT_SHIFT : 0;
	bool is_news = (channel->told & (first | result)) != (first | result);

	channel->told |= first | result;
	return is_news;
}

void pst_case_forget(struct pst_channel *channel, enum pst_detector_id detector)
{
	channel->told &= ~(1u << detector | 1u << (detector + RESULT_SHIFT));
}
