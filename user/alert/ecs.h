// SPDX-License-Identifier: Apache-2.0
/* How do facts become a record of the Elastic Common Schema 9.4? Used inside alert/ only. */
#ifndef PST_ALERT_ECS_H
#define PST_ALERT_ECS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/alert.h"
#include "alert/facts.h"
#include "alert/ids.h"
#include "base/json.h"

#define PST_ECS_TIME_TEXT                                                      \
	40 /* "2026-11-22T09:41:07.318204Z" and its NUL fit, whatever the year \
	    */
#define PST_ECS_PRINT_MAX \
	(PST_RECORD_MAX - 64u) /* leaves room for the sequence number, newline and NUL */

struct pst_speaker { /* who writes the records */
	struct pst_host host;
	int64_t wall_offset_ns;
	char ephemeral_id[PST_UUID_TEXT];
};

struct pst_ecs_limits { /* how much of the long parts a record takes */
	size_t command_line, args, arg, chain, standing, text;
};

enum pst_ecs_cut { /* parts that can be cut; a bit each */
		   PST_CUT_COMMAND_LINE = 1,
		   PST_CUT_ARGS = 2,
		   PST_CUT_CHAIN = 4,
		   PST_CUT_STANDING = 8,
		   PST_CUT_TEXT = 16,
};

struct pst_ecs { /* one record being written */
	struct pst_json *json;
	const struct pst_speaker *speaker;
	const struct pst_ecs_limits *limits;
	uint32_t cut;
};

/* fills in everything but postern.truncated; called again with smaller limits while the record is
 * too long */
typedef void (*pst_ecs_fill_fn)(struct pst_ecs *ecs, const void *what);

/*
 * pst_ecs_print - one record as text
 * @out: PST_ECS_PRINT_MAX bytes
 * Returns its length, -ENOMEM, or -EMSGSIZE when even the smallest form is too long.
 */
int pst_ecs_print(const struct pst_speaker *speaker, pst_ecs_fill_fn fill, const void *what,
		  char *out);

struct pst_ecs_head { /* what every record has */
	uint64_t time_ns;
	const char *id, *kind, *dataset, *action, *message;
	const char *category[2], *type[2]; /* NULL: fewer */
};

void pst_ecs_head(struct pst_ecs *ecs, const struct pst_ecs_head *head);
void pst_ecs_process(struct pst_ecs *ecs,
		     const struct pst_facts *facts); /* process.*, with parent and arguments */
void pst_ecs_context(struct pst_ecs *ecs,
		     const struct pst_facts *facts);			 /* container, namespaces */
void pst_ecs_powers(struct pst_ecs *ecs, const struct pst_facts *facts); /* capabilities */
void pst_ecs_streams(struct pst_ecs *ecs, const struct pst_facts *facts);  /* postern.exec.stdio */
void pst_ecs_lineage(struct pst_ecs *ecs, const struct pst_facts *facts);  /* postern.lineage.* */
void pst_ecs_contract(struct pst_ecs *ecs, const struct pst_facts *facts); /* postern.contract.* */
void pst_ecs_network(
	struct pst_ecs *ecs,
	const struct pst_facts *facts); /* network, source, destination, tls, related */
void pst_ecs_traffic(struct pst_ecs *ecs, const struct pst_facts *facts,
		     const struct pst_counters *since); /* bytes and packets of both ends */
void pst_ecs_channel(struct pst_ecs *ecs, const struct pst_facts *facts); /* postern.channel.* */

const char *pst_ecs_outcome(const struct pst_channel *channel);

/* pst_ecs_transport - "tcp", "ipv6-icmp", "vsock"; @out is used for a number without a name */
const char *pst_ecs_transport(const struct pst_channel *channel, char out[12]);

/* small parts */
struct pst_ecs_word { /* a list ends with a NULL text */
	uint32_t number;
	const char *text;
};
const char *pst_ecs_word(const struct pst_ecs_word *words, uint32_t number, char out[12]);
const char *pst_ecs_time(const struct pst_ecs *ecs, uint64_t time_ns, char out[PST_ECS_TIME_TEXT]);
void pst_ecs_put_time(struct pst_ecs *ecs, const char *path, uint64_t time_ns);
void pst_ecs_put_span(struct pst_ecs *ecs, uint64_t start_ns,
		      uint64_t end_ns); /* event.start, event.end, event.duration */
void pst_ecs_put_uint(struct pst_ecs *ecs, const char *path, uint64_t value);
void pst_ecs_put_raw(struct pst_ecs *ecs, const char *path,
		     const char *text); /* bytes from outside; NULL: nothing is put */
void pst_ecs_put_ours(struct pst_ecs *ecs, const char *path,
		      const char *text); /* our own text; NULL: nothing is put */
void pst_ecs_add_raw(struct pst_ecs *ecs, const char *path, const char *text);

/* ---- what the kinds of record are made of ---- */

struct pst_ecs_alert {
	const struct pst_facts *facts;
	const char *event_id, *finding_id, *state; /* new, update */
	uint64_t time_ns, count, first_ns, last_ns;
	bool complete;
};
void pst_ecs_fill_alert(struct pst_ecs *ecs, const void *alert);

struct pst_ecs_storm {
	const char *event_id, *finding_id, *state; /* new, update */
	uint64_t time_ns, start_ns, end_ns;
	uint64_t folded, repeats; /* findings without an alert of their own, and their repeats */
	uint32_t limit;		  /* alerts an hour */
	uint32_t grave_limit;	  /* the same for severity high and above */
	const uint64_t *by_detector;
	bool complete;
};
void pst_ecs_fill_storm(struct pst_ecs *ecs, const void *storm);

struct pst_ecs_flow {
	const struct pst_facts *facts;
	const struct pst_counters *since;
	const char *event_id;
	uint64_t time_ns, since_ns; /* 0: first sight */
	bool complete;
};
void pst_ecs_fill_flow(struct pst_ecs *ecs, const void *flow);

struct pst_ecs_exec {
	const struct pst_facts *facts;
	const char *event_id;
	uint64_t time_ns;
};
void pst_ecs_fill_exec(struct pst_ecs *ecs, const void *exec);

struct pst_ecs_health {
	const struct pst_health *health;
	const char *event_id;
	uint64_t time_ns;
};
void pst_ecs_fill_health(struct pst_ecs *ecs, const void *health);
enum pst_severity pst_ecs_health_severity(const struct pst_health *health);

#endif
