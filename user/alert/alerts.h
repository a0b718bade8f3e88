// SPDX-License-Identifier: Apache-2.0
/* What is remembered between records? Used inside alert/ only. */
#ifndef PST_ALERT_ALERTS_H
#define PST_ALERT_ALERTS_H

#include "alert/alert.h"
#include "alert/ecs.h"
#include "alert/facts.h"
#include "base/table.h"

struct pst_entry {		 /* one finding */
	struct pst_facts *facts; /* owned; NULL: folded into a storm, no alert of its own yet */
	uint64_t first_ns, last_ns, count;
	uint64_t told_ns, told_count;
	uint64_t wait_ns;      /* until the next update; doubles with each */
	uint32_t told_results; /* bit per enum pst_result that was told at once */
	bool changed;	       /* news that count nothing wait for the next update */
};

struct pst_storm {
	uint64_t start_ns; /* of the hour that is counted; 0: none began */
	uint64_t last_ns;
	uint32_t alerts; /* new ones in this hour */
	uint32_t grave;	 /* of severity high and above: counted apart */
	bool told;	 /* its first record is out */
	bool has_news;	 /* something was folded since its last record */
	uint64_t folded, repeats;
	uint64_t by_detector[PST_DETECTORS]; /* folded ones and their repeats */
};

struct pst_finding_key {
	char id[24]; /* "f:..." and zeros */
};

struct pst_alerts {
	struct pst_alert_keys keys;
	pst_record_fn emit;
	void *context;
	struct pst_speaker speaker;
	bool introduced; /* the host is known */
	const struct pst_contracts *contracts;
	struct pst_attrib *attrib;
	struct pst_position position; /* dataset and ordinal unused */
	uint32_t ordinal[PST_DATASETS];
	uint64_t loss_until_ns;
	struct pst_table *findings; /* pst_finding_key -> pst_entry */
	size_t pending;		    /* at most so many entries have something to tell */
	struct pst_storm storm;
	struct pst_alert_figures figures;
	struct pst_facts scratch;
	char line[PST_RECORD_MAX];
	char event_id[PST_UUID_TEXT];
};

/* emit.c: one record to the sinks */
struct pst_emission {
	enum pst_dataset dataset;
	enum pst_severity severity;
	pst_ecs_fill_fn fill;
	const void *what;
};
/* pst_emit - write a record and hand it on; one that cannot be written goes as a short health
 * record instead */
void pst_emit(struct pst_alerts *alerts, const struct pst_emission *emission);
/* pst_emit_id - event.id of the next record of @dataset; borrowed until the next call */
const char *pst_emit_id(struct pst_alerts *alerts, enum pst_dataset dataset);
bool pst_emit_complete(const struct pst_alerts *alerts, uint64_t time_ns);

/* storm.c: may this new finding have an alert of its own? */
bool pst_storm_admits(struct pst_alerts *alerts, const struct pst_finding *finding);
void pst_storm_fold(struct pst_alerts *alerts, enum pst_detector_id detector, uint64_t time_ns);
void pst_storm_repeat(struct pst_alerts *alerts, const struct pst_finding *finding,
		      uint64_t occurrences);
/* pst_storm_tick - tell the hour that is over, if it is; pst_storm_tell - tell what was folded
 * until now */
void pst_storm_tick(struct pst_alerts *alerts, uint64_t time_ns);
void pst_storm_tell(struct pst_alerts *alerts, uint64_t time_ns);

#endif
