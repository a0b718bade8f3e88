// SPDX-License-Identifier: Apache-2.0
/* Which detectors are there, and who is asked when? */
#include "detect/detect.h"

#include <assert.h>
#include <string.h>

#include "detect/case.h"

_Static_assert(PST_DETECTORS <= 32, "pst_channel.told has a bit for each");

static const struct pst_detector *const detectors[] = {
#define DETECTOR(id, name, ...) [PST_DETECTOR_##id] = &pst_detector_##name,
#include "detect/detectors.def"
#undef DETECTOR
};

static const char *const severities[] = {
	[PST_INFO] = "INFO", [PST_LOW] = "LOW",		  [PST_MEDIUM] = "MEDIUM",
	[PST_HIGH] = "HIGH", [PST_CRITICAL] = "CRITICAL",
};

const char *pst_severity_name(enum pst_severity severity)
{
	if ((size_t)severity >= sizeof(severities) / sizeof(severities[0]) || !severities[severity])
		return "UNKNOWN";
	return severities[severity];
}

const struct pst_detector *pst_detector_at(enum pst_detector_id id)
{
	assert((size_t)id < PST_DETECTORS);
	return detectors[id];
}

const struct pst_detector *pst_detector_find(const char *name)
{
	for (size_t i = 0; i < PST_DETECTORS; i++) {
		if (strcmp(detectors[i]->name, name) == 0)
			return detectors[i];
	}
	return NULL;
}

void pst_detect_channel(const struct pst_case *c)
{
	for (size_t i = 0; i < PST_DETECTORS; i++) {
		if (detectors[i]->on_channel)
			detectors[i]->on_channel(c);
	}
	c->channel->judged = c->channel->count.attempts;
}

void pst_detect_growth(struct pst_detect *detect, const struct pst_event *event,
		       struct pst_process *process, struct pst_channel *channel)
{
	struct pst_judgement judgement;
	const struct pst_case c = { .detect = detect,
				    .event = event,
				    .process = process,
				    .channel = channel,
				    .judgement = &judgement };

	if (process->image->contract < 0)
		return; /* what is agreed stands in contracts */
	pst_case_judge_image(detect, process->image, &judgement);
	for (size_t i = 0; i < PST_DETECTORS; i++) {
		if (detectors[i]->on_growth)
			detectors[i]->on_growth(&c);
	}
}

void pst_detect_exec(struct pst_detect *detect, const struct pst_event *event,
		     struct pst_process *process)
{
	for (size_t i = 0; i < PST_DETECTORS; i++) {
		if (detectors[i]->on_exec)
			detectors[i]->on_exec(detect, event, process);
	}
}

void pst_detect_filter(struct pst_detect *detect, const struct pst_event *event,
		       struct pst_process *process)
{
	for (size_t i = 0; i < PST_DETECTORS; i++) {
		if (detectors[i]->on_filter)
			detectors[i]->on_filter(detect, event, process);
	}
}

void pst_detect_act(struct pst_detect *detect, const struct pst_event *event,
		    struct pst_process *process)
{
	for (size_t i = 0; i < PST_DETECTORS; i++) {
		if (detectors[i]->on_act)
			detectors[i]->on_act(detect, event, process);
	}
}

void pst_detect_change(struct pst_detect *detect, const struct pst_detect_change *change)
{
	for (size_t i = 0; i < PST_DETECTORS; i++) {
		if (detectors[i]->on_change)
			detectors[i]->on_change(detect, change);
	}
}

void pst_detect_tick(struct pst_detect *detect, uint64_t time_ns)
{
	for (size_t i = 0; i < PST_DETECTORS; i++) {
		if (detectors[i]->on_tick)
			detectors[i]->on_tick(detect, time_ns);
	}
}

/* Link-local unicast, and groups and broadcasts that no router forwards. */
static bool is_link_local(const struct pst_addr *addr)
{
	const uint8_t *b = addr->b;

	if (!pst_addr_is_v4(addr))
		return (b[0] == 0xfe && (b[1] & 0xc0) == 0x80) ||
		       (b[0] == 0xff && (b[1] & 0x0f) <= 2);
	if (b[12] == 169 && b[13] == 254)
		return true;
	if (b[12] == 224 && b[13] == 0 && b[14] == 0)
		return true;
	return b[12] == 255 && b[13] == 255 && b[14] == 255 && b[15] == 255;
}

bool pst_is_external(const struct pst_detect *detect, const struct pst_addr *addr)
{
	if (pst_addr_is_zero(addr) || pst_addr_is_loopback(addr) || is_link_local(addr))
		return false;
	for (size_t i = 0; i < detect->keys.internal_count; i++) {
		if (pst_prefix_holds(&detect->keys.internal[i], addr))
			return false;
	}
	return true;
}
