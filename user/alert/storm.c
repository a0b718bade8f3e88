// SPDX-License-Identifier: Apache-2.0
/* storm: how many new alerts may an hour show, and what becomes of the rest?
 * The rest is folded: counted by detector, and told as one alert_storm when the hour is over. A
 * folded finding that occurs again in a quieter hour gets an alert of its own, with all of its
 * occurrences. */
#include <string.h>

#include "alert/alerts.h"
#include "base/digest.h"
#include "base/text.h"

#define HOUR_NS UINT64_C(3600000000000)

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

void pst_storm_tell(struct pst_alerts *alerts, uint64_t time_ns)
{
	struct pst_storm *storm = &alerts->storm;
	char id[PST_FINDING_ID_TEXT];
	const struct pst_ecs_storm what = {
		.event_id = alerts->event_id,
		.finding_id = storm_id(&alerts->speaker.host, id),
		.time_ns = time_ns,
		.start_ns = storm->start_ns,
		.end_ns = storm->last_ns,
		.folded = storm->folded,
		.repeats = storm->repeats,
		.limit = alerts->keys.storm_per_hour,
		.by_detector = storm->by_detector,
		.complete = pst_emit_complete(alerts, time_ns),
	};
	const struct pst_emission emission = { PST_ALERT, PST_HIGH, pst_ecs_fill_storm, &what };

	if (!storm->folded && !storm->repeats)
		return;
	(void)pst_emit_id(alerts, PST_ALERT); /* fills event_id */
	pst_emit(alerts, &emission);
	alerts->figures.alerts++;
	storm->folded = storm->repeats = 0;
	memset(storm->by_detector, 0, sizeof(storm->by_detector));
}

void pst_storm_tick(struct pst_alerts *alerts, uint64_t time_ns)
{
	struct pst_storm *storm = &alerts->storm;

	if (!storm->start_ns || time_ns < storm->start_ns || time_ns - storm->start_ns < HOUR_NS)
		return;
	pst_storm_tell(alerts, time_ns);
	storm->start_ns = 0;
	storm->alerts = 0;
}

bool pst_storm_admits(struct pst_alerts *alerts, uint64_t time_ns)
{
	struct pst_storm *storm = &alerts->storm;

	pst_storm_tick(alerts, time_ns);
	if (!storm->start_ns)
		storm->start_ns = time_ns ? time_ns : 1; /* 0 says: none */
	if (storm->alerts >= alerts->keys.storm_per_hour)
		return false;
	storm->alerts++;
	return true;
}

static void count(struct pst_alerts *alerts, enum pst_detector_id detector, uint64_t time_ns)
{
	alerts->storm.by_detector[detector]++;
	alerts->storm.last_ns = time_ns;
}

void pst_storm_fold(struct pst_alerts *alerts, enum pst_detector_id detector, uint64_t time_ns)
{
	alerts->storm.folded++;
	alerts->figures.folded++;
	count(alerts, detector, time_ns);
}

void pst_storm_repeat(struct pst_alerts *alerts, enum pst_detector_id detector, uint64_t time_ns)
{
	alerts->storm.repeats++;
	count(alerts, detector, time_ns);
}
