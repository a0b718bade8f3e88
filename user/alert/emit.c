// SPDX-License-Identifier: Apache-2.0
/* emit: how does a record leave this room, and what is said when it cannot be written? */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "alert/alerts.h"

static const char event_key[] = "\"event\":{";

const char *pst_emit_id(struct pst_alerts *alerts, enum pst_dataset dataset)
{
	struct pst_position position = alerts->position;

	position.dataset = (uint32_t)dataset;
	position.ordinal = alerts->ordinal[dataset]++;
	return pst_id_event(&alerts->speaker.host, &position, alerts->event_id);
}

bool pst_emit_complete(const struct pst_alerts *alerts, uint64_t time_ns)
{
	return time_ns >= alerts->loss_until_ns;
}

static void hand_on(struct pst_alerts *alerts, const struct pst_emission *emission, int len)
{
	/* quotes inside strings are escaped, so the first match is the key; the head writes it
	 * before any other object has one */
	const char *event = strstr(alerts->line, event_key);
	struct pst_record record = {
		.dataset = emission->dataset,
		.severity = emission->severity,
		.json = alerts->line,
		.len = (size_t)len,
	};

	assert(event);
	record.sequence_at = (size_t)(event - alerts->line) + sizeof(event_key) - 1;
	alerts->figures.records++;
	alerts->emit(alerts->context, &record);
}

/* apologise - one record could not be written: that is said in a record of its own, which is short
 * and fits */
static void apologise(struct pst_alerts *alerts, int error)
{
	const struct pst_health health = {
		.action = "record-failed",
		.message = error == -ENOMEM ? "a record could not be written: out of memory" :
					      "a record could not be written: too long",
		.error_code = error == -ENOMEM ? "ENOMEM" : "EMSGSIZE",
		.error_type = "record",
		.error_message = "its finding is counted, its text is lost",
		.state = "degraded",
	};
	const struct pst_ecs_health what = {
		.health = &health,
		.event_id = pst_emit_id(alerts, PST_HEALTH),
		.time_ns = alerts->position.time_ns,
	};
	const struct pst_emission emission = { PST_HEALTH, PST_MEDIUM, pst_ecs_fill_health, &what };
	int len = pst_ecs_print(&alerts->speaker, pst_ecs_fill_health, &what, alerts->line);

	if (len > 0)
		hand_on(alerts, &emission, len);
}

void pst_emit(struct pst_alerts *alerts, const struct pst_emission *emission)
{
	int len;

	if (!alerts->introduced)
		return; /* a stream opens with its host: nothing is judged before */
	len = pst_ecs_print(&alerts->speaker, emission->fill, emission->what, alerts->line);
	if (len < 0)
		apologise(alerts, len);
	else
		hand_on(alerts, emission, len);
}
