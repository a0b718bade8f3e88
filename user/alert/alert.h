// SPDX-License-Identifier: Apache-2.0
/* alert: findings and figures to records. One alert per finding: repeats update it, storms fold
 * into one. Encoders. Pure. */
#ifndef PST_ALERT_ALERT_H
#define PST_ALERT_ALERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/coverage.h"
#include "detect/detect.h"

#define PST_RECORD_MAX 8192u /* one record with its newline and a sequence number */

enum pst_dataset { PST_ALERT, PST_CHANNEL_RECORD, PST_EXEC_RECORD, PST_HEALTH, PST_DATASETS };

struct pst_record { /* one line for the sinks */
	enum pst_dataset dataset;
	enum pst_severity severity;
	const char *json; /* borrowed; one object, no newline, no event.sequence yet */
	size_t len;
	size_t sequence_at; /* offset behind the brace of "event": a sink puts "sequence":N, there
			     */
};

typedef void (*pst_record_fn)(void *context, const struct pst_record *record);

struct pst_alert_keys {
	uint64_t update_ns;	 /* least time between two updates of one alert; default 5 min */
	uint32_t storm_per_hour; /* new alerts an hour before they fold into alert_storm; default 60
				  */
	size_t max_findings;	 /* remembered ones; default 4096 */
	bool redact;		 /* secrets in command lines; default true */
};

struct pst_alerts;

struct pst_alerts *pst_alerts_new(const struct pst_alert_keys *keys, pst_record_fn emit,
				  void *context);
void pst_alerts_free(struct pst_alerts *alerts);

/* pst_alerts_host - who speaks, and the offset to wall time; needed before anything is emitted;
 * copied */
void pst_alerts_host(struct pst_alerts *alerts, const struct pst_host *host, uint64_t start_ns);
void pst_alerts_clock(struct pst_alerts *alerts, int64_t wall_offset_ns);

/* pst_alerts_contracts - the set that findings' indices refer to; borrowed until the next call */
void pst_alerts_contracts(struct pst_alerts *alerts, const struct pst_contracts *contracts);

/* pst_alerts_attrib - where openers of sockets and names of peers are looked up; borrowed; NULL,
 * the beginning: nowhere */
void pst_alerts_attrib(struct pst_alerts *alerts, struct pst_attrib *attrib);

/* pst_alerts_position - where in the stream the next findings arise: ids of records are derived of
 * it */
void pst_alerts_position(struct pst_alerts *alerts, uint32_t cpu, uint64_t seq, uint64_t time_ns);

/* pst_alerts_loss - from now on evidence_complete is false for findings of the next minute */
void pst_alerts_loss(struct pst_alerts *alerts, uint64_t time_ns);

/*
 * pst_alerts_found - emits, updates, or counts
 * A finding without occurrences is news of a known one: a result that was not told yet updates it
 * at once, all else waits for the next update.
 */
void pst_alerts_found(struct pst_alerts *alerts, const struct pst_finding *finding);

/* pst_alerts_tick - emit the updates that are due, end of a storm hour; @final: everything that is
 * pending */
void pst_alerts_tick(struct pst_alerts *alerts, uint64_t time_ns);
void pst_alerts_flush(struct pst_alerts *alerts, uint64_t time_ns);

/* ---- health ---- */

struct pst_health_sink { /* figures of one sink, for postern.health.sink.<name> */
	char name[16];
	uint64_t queued, dropped, last_sequence;
};

struct pst_health_loss {
	uint64_t cgroup_id;
	enum pst_loss_reason reason;
	uint64_t lost;
};

struct pst_health {
	const char *action; /* heartbeat, started, stopping, events-lost, contract-loaded,
			       contract-rejected, hook-missing, resolvers-changed, ... */
	const char *message;
	const char *error_code, *error_type, *error_message; /* NULL: no error */
	const char *state;				     /* ok, degraded, failed */
	uint64_t uptime_s;
	uint64_t seen, lost, rejected, filtered, emitted;
	uint64_t unknown_verdicts;  /* channels that only what cannot be judged might allow */
	struct pst_sockets sockets; /* late and gone since the start; hidden at the last sweep */
	struct pst_vitals vitals;
	uint32_t contracts_loaded, contracts_signed, contracts_rejected;
	size_t processes, programs, channels;
	uint64_t evicted;
	const struct pst_hook *hooks; /* borrowed; those that are not held stand in hooks.missing */
	size_t hook_count;
	const enum pst_cover_state *coverage; /* borrowed; of each of pst_cover_rows(); NULL: not
						 known yet */
	const struct pst_health_loss *losses; /* borrowed; the cgroups that lost most, in order */
	size_t loss_count;
	const struct pst_health_sink *sinks; /* borrowed */
	size_t sink_count;
};
void pst_alerts_health(struct pst_alerts *alerts, const struct pst_health *health,
		       uint64_t time_ns);

/* ---- channel and exec records ---- */

struct pst_flow { /* what one channel did in a while; all borrowed */
	const struct pst_process *process;
	const struct pst_channel *channel;
	const struct pst_counters *since; /* what was added since then */
	uint64_t since_ns;		  /* 0: first sight: since the channel began */
};

/* pst_alerts_channel - one channel's summary: "start" at first sight, else "end" */
void pst_alerts_channel(struct pst_alerts *alerts, const struct pst_flow *flow, uint64_t time_ns);
void pst_alerts_exec(struct pst_alerts *alerts, const struct pst_process *process,
		     const struct pst_image *image, uint64_t time_ns);

struct pst_alert_figures {
	uint64_t alerts, updates, folded, records;
	uint64_t by_detector[PST_DETECTORS];
};
void pst_alerts_figures(const struct pst_alerts *alerts, struct pst_alert_figures *out);

/*
 * pst_record_line - the finished line of one sink: sequence number put in, newline at the end
 * Returns its length, or -EMSGSIZE; @out holds PST_RECORD_MAX.
 */
int pst_record_line(const struct pst_record *record, uint64_t sequence, char *out, size_t out_size);

/*
 * pst_compact_line - one finished JSON record as one line for people: time, severity, rule,
 * program[pid], contract, channel, verdict
 * @colour: ANSI colours for the severity word
 * Returns @out; a line that is no record of ours is shown escaped.
 */
const char *pst_compact_line(const char *json, size_t len, bool colour, char *out, size_t out_size);

/* pst_redact - replace secrets in an argv text (blanks between arguments): values of
 * --password=..., -p..., tokens; in place */
void pst_redact(char *command_line);

#endif
