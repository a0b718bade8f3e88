// SPDX-License-Identifier: Apache-2.0
/* storm: how many new alerts may an hour show, and what becomes of the rest?
 * The rest is folded: counted by detector, and told as one alert_storm with the first of them and
 * again when the hour is over. Grave findings have a limit of their own, so that cheap ones cannot
 * hide them. A folded finding that occurs again in a quieter hour gets an alert of its own, with
 * all of its occurrences. */
#include <string.h>

#include "alert/alerts.h"
#include "base/digest.h"
#include "base/text.h"

#define HOUR_NS UINT64_C(3600000000000)
#define GRAVE_TIMES 4u /* as many grave findings as others have their own alert */

static uint32_t grave_limit(const struct pst_alerts *alerts)
{
	uint32_t limit = alerts->keys.storm_per_hour;

	return limit <= UINT32_MAX / GRAVE_TIMES ? limit * GRAVE_TIMES : UINT32_MAX;
}

static const char *storm_id(const struct pst_host *host, char out[PST_FINDING_ID_TEXT])
{
	char text[sizeof(host->machine_id) + 16];
	uint8_t digest[PST_SHA256_BYTES];

	(void)pst_text_format(text, sizeof(text), "%s alert_storm", host->machine_id); /* fits */
	pst_sha256(text, strlen(text), digest);
	memcpy(out, "f:", 2);
	(void)pst_hex(digest, 8, out + 2); /* returns what it was given */
	return out;
}

static void tell(struct pst_alerts *alerts, uint64_t time_ns)
{
	struct pst_storm *storm = &alerts->storm;
	char id[PST_FINDING_ID_TEXT];
	const struct pst_ecs_storm what = {
		.event_id = pst_emit_id(alerts, PST_ALERT),
		.finding_id = storm_id(&alerts->speaker.host, id),
		.state = storm->told ? "update" : "new",
		.time_ns = time_ns,
		.start_ns = storm->start_ns,
		.end_ns = storm->last_ns,
		.folded = storm->folded,
		.repeats = storm->repeats,
		.limit = alerts->keys.storm_per_hour,
		.grave_limit = grave_limit(alerts),
		.by_detector = storm->by_detector,
		.complete = pst_emit_complete(alerts, time_ns),
	};
	const struct pst_emission emission = { PST_ALERT, PST_HIGH, pst_ecs_fill_storm, &what };

	pst_emit(alerts, &emission);
	if (storm->told)
		alerts->figures.updates++;
	else
		alerts->figures.alerts++;
	storm->told = true;
	storm->has_news = false;
}

void pst_storm_tell(struct pst_alerts *alerts, uint64_t time_ns)
{
	if (alerts->storm.has_news)
		tell(alerts, time_ns);
}

void pst_storm_tick(struct pst_alerts *alerts, uint64_t time_ns)
{
	struct pst_storm *storm = &alerts->storm;

	if (!storm->start_ns || time_ns < storm->start_ns || time_ns - storm->start_ns < HOUR_NS)
		return;
	pst_storm_tell(alerts, time_ns);
	memset(storm, 0, sizeof(*storm));
}

static void begin(struct pst_storm *storm, uint64_t time_ns)
{
	if (!storm->start_ns)
		storm->start_ns = time_ns ? time_ns : 1; /* 0 says: none */
}

bool pst_storm_admits(struct pst_alerts *alerts, const struct pst_finding *finding)
{
	struct pst_storm *storm = &alerts->storm;
	bool grave = finding->severity >= PST_HIGH;
	uint32_t limit = grave ? grave_limit(alerts) : alerts->keys.storm_per_hour;
	uint32_t *count = grave ? &storm->grave : &storm->alerts;

	pst_storm_tick(alerts, finding->time_ns);
	begin(storm, finding->time_ns);
	if (*count >= limit)
		return false;
	(*count)++;
	return true;
}

void pst_storm_fold(struct pst_alerts *alerts, enum pst_detector_id detector, uint64_t time_ns)
{
	struct pst_storm *storm = &alerts->storm;
	uint64_t here = alerts->position.time_ns;

	begin(storm, time_ns);
	storm->folded++;
	alerts->figures.folded++;
	storm->by_detector[detector]++;
	storm->last_ns = time_ns;
	storm->has_news = true;
	if (!storm->told)
		tell(alerts, time_ns > here ? time_ns : here);
}

void pst_storm_repeat(struct pst_alerts *alerts, const struct pst_finding *finding,
		      uint64_t occurrences)
{
	if (!occurrences)
		return; /* news that count nothing */
	alerts->storm.repeats += occurrences;
	alerts->storm.by_detector[finding->detector] += occurrences;
	alerts->storm.last_ns = finding->time_ns;
	alerts->storm.has_news = true;
}
