// SPDX-License-Identifier: Apache-2.0
/* How does a finding begin, and what of a channel was told already? */
#include "detect/case.h"

#include <string.h>

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

static bool is_told(const struct pst_channel *channel, enum pst_detector_id detector)
{
	return channel->told & 1u << detector;
}

static uint64_t further_attempts(const struct pst_channel *channel)
{
	return channel->count.attempts > channel->judged ?
		       channel->count.attempts - channel->judged :
		       0;
}

static uint32_t result_bit(const struct pst_channel *channel)
{
	return channel->last_result ? 1u << channel->last_result : 0;
}

/* What was allowed until now, and is no longer, occurs once: while it lasts. */
static uint64_t occurrences(const struct pst_channel *channel, enum pst_detector_id detector)
{
	uint64_t further = channel ? further_attempts(channel) : 0;

	if (further)
		return further;
	return channel && is_told(channel, detector) ? 0 : 1;
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
	out->occurrences = occurrences(c->channel, detector);
	out->time_ns = time_of(c);
}

bool pst_case_is_news(const struct pst_case *c, enum pst_detector_id detector)
{
	const struct pst_channel *channel = c->channel;

	return !is_told(channel, detector) || !c->event || further_attempts(channel) > 0 ||
	       result_bit(channel) & ~channel->told_results;
}

void pst_case_tell(const struct pst_case *c, const struct pst_finding *finding)
{
	c->channel->told |= 1u << finding->detector;
	c->channel->told_results |= result_bit(c->channel);
	c->detect->found(c->detect->context, finding);
}

void pst_case_forget(struct pst_channel *channel, enum pst_detector_id detector)
{
	channel->told &= ~(1u << detector);
	if (!channel->told)
		channel->told_results = 0;
}
