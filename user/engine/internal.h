// SPDX-License-Identifier: Apache-2.0
/* Inside engine: the pipeline's state, shared by its files. */
#ifndef PST_ENGINE_INTERNAL_H
#define PST_ENGINE_INTERNAL_H

#include "decode/decode.h"
#include "engine/coverage.h"
#include "engine/engine.h"
#include "engine/losses.h"
#include "engine/past.h"
#include "engine/trust.h"

#define PST_SINKS_MAX 8
#define PST_WARNINGS_MAX 8

#define PST_ENGINE_FILTERS_MAX 32

struct pst_engine {
	const struct pst_config *config;
	struct pst_decoder *decoder;
	struct pst_seq_track *track;
	struct pst_attrib *attrib;
	struct pst_profile *profile;
	struct pst_alerts *alerts;
	struct pst_contracts *contracts;
	struct pst_detect detect;
	struct pst_resolvers resolvers;
	struct pst_trust trust;
	struct pst_host host;
	struct pst_vitals vitals;
	struct pst_hook hooks[PST_ENGINE_HOOKS_MAX];
	size_t hook_count;
	bool hooks_changed; /* since coverage was judged */
	struct pst_coverage coverage;
	struct pst_losses losses;
	struct pst_past past;
	struct pst_event filters[PST_ENGINE_FILTERS_MAX]; /* told without their instructions */
	size_t filter_count;
	uint32_t generation;
	int64_t wall_offset_ns;
	bool opened, refused_stream, ended, started_told;
	const char *error;
	uint64_t time_ns, started_ns;
	uint64_t seen, rejected, unknown_type, lost, unknown_verdicts;
	uint64_t malformed; /* first bytes and DNS messages that claimed to be what they are not */
	struct pst_sockets sockets; /* of the last full sweep; late and gone: of all of them */
	bool names_told;	    /* the stream is of a sensor that tells names */
	uint64_t filtered;	    /* channel and exec records that the budget held back */
	uint64_t lost_meant; /* of the lost: beyond a limit of ours, which is told but no fault */
	uint64_t health_due_ns, lost_told;
	uint64_t lost_why[PST_LOST_REASONS]; /* since the last heartbeat, by reason */
	uint32_t contracts_refused;
	struct pst_health_sink sinks[PST_SINKS_MAX];
	size_t sink_count;
	struct pst_warning warnings[PST_WARNINGS_MAX]; /* until the stream has begun */
	size_t warning_count;
	/* channel and exec records */
	uint64_t flows_due_ns, day_ns, day_bytes;
	uint32_t stretch; /* 1, 3, 12: how far the interval is stretched */
	pst_record_fn emit;
	bool (*identify)(void *context, const struct pst_identify *program);
	bool identify_again; /* a question found no room, or came too soon */
	void *context;
};

/* health.c */
void pst_engine_health(struct pst_engine *engine, const char *action, const char *message);
void pst_engine_health_error(struct pst_engine *engine, const char *action, const char *code,
			     const char *message);
void pst_engine_health_tick(struct pst_engine *engine);
/* pst_engine_say_contracts - what is in force, and who signed it; returns @out */
const char *pst_engine_say_contracts(const struct pst_engine *engine, char *out, size_t out_size);

/* units.c */
/* pst_engine_tell_units - when contracts name units, and nobody is in one: they bind nobody */
void pst_engine_tell_units(struct pst_engine *engine);

/* flows.c: channel and exec records within the volume budget */
void pst_engine_flow_first(struct pst_engine *engine, const struct pst_process *process,
			   struct pst_channel *channel);
void pst_engine_flow_exec(struct pst_engine *engine, const struct pst_process *process);
void pst_engine_flows_tick(struct pst_engine *engine, uint64_t time_ns);
void pst_engine_flows_end(struct pst_engine *engine);
/* pst_engine_flow_drop - a channel is about to be forgotten */
void pst_engine_flow_drop(void *engine, struct pst_channel *channel);

/* events.c: what payloads, filters, acts, names and socket sweeps do */
void pst_engine_see_payload(struct pst_engine *engine, const struct pst_event *event);
void pst_engine_see_filter(struct pst_engine *engine, const struct pst_event *event);
/* pst_engine_filters_tick - judge what waited long enough for its instructions */
void pst_engine_filters_tick(struct pst_engine *engine, uint64_t time_ns);
void pst_engine_see_act(struct pst_engine *engine, const struct pst_event *event);
void pst_engine_see_host_names(struct pst_engine *engine, const struct pst_event *event);
/* pst_engine_trust_tick - tell what was changed in the hosts file */
void pst_engine_trust_tick(struct pst_engine *engine);
void pst_engine_see_sockets(struct pst_engine *engine, const struct pst_event *event);
/* pst_engine_names - contracts may judge host names by what attrib learned; asked again when the
 * contracts or the hooks change */
void pst_engine_names(struct pst_engine *engine);

/* identity.c: who programs are */
/* pst_engine_identify - ask who the program is that @process runs, when that is not known */
void pst_engine_identify(struct pst_engine *engine, const struct pst_process *process);
/* pst_engine_identity_tick - ask again what found no room */
void pst_engine_identity_tick(struct pst_engine *engine);
void pst_engine_see_identity(struct pst_engine *engine, const struct pst_event *event);
void pst_engine_see_measured(struct pst_engine *engine, const struct pst_event *event);
/* pst_engine_identify_container - ask of which image the container is in which @process runs, when
 * that is not known */
void pst_engine_identify_container(struct pst_engine *engine, const struct pst_process *process);
void pst_engine_see_container(struct pst_engine *engine, const struct pst_event *event);

/* review.c: programs whose file was changed */
/* pst_engine_review_exec - a program was executed: of another file than before? */
void pst_engine_review_exec(struct pst_engine *engine, const struct pst_process *process);
/* pst_engine_review_known - it is known now what its file is: another one than the history knows?
 */
void pst_engine_review_known(struct pst_engine *engine, const struct pst_program *program);

/* judge.c: binding and verdicts */
void pst_engine_bind(struct pst_engine *engine, struct pst_process *process);
void pst_engine_judge(struct pst_engine *engine, const struct pst_event *event,
		      struct pst_process *process, struct pst_channel *channel);
/* pst_engine_must_judge - does this event ask for a judgement of a channel that is known? */
bool pst_engine_must_judge(const struct pst_engine *engine, const struct pst_event *event,
			   const struct pst_process *process, const struct pst_channel *channel);
/* pst_engine_judge_all - after a reload: what lives is judged again, and told where it changed */
void pst_engine_judge_all(struct pst_engine *engine);
/* pst_engine_judge_news - something new is known of a program: so are the channels of what runs it
 * and of what came of it */
void pst_engine_judge_news(struct pst_engine *engine, const struct pst_identity_news *news);

#endif
