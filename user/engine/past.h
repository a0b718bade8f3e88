// SPDX-License-Identifier: Apache-2.0
/* Inside engine: what becomes part of the history of weeks, and what that knows already. */
#ifndef PST_ENGINE_PAST_H
#define PST_ENGINE_PAST_H

#include "attrib/attrib.h"
#include "base/table.h"
#include "profile/history.h"

struct pst_engine;

struct pst_past { /* of one engine */
	struct pst_history *history;
	struct pst_table *dropped; /* pst_channel_key -> struct pst_past_dropped */
	uint64_t begun_s;	   /* this session's first second; 0: the stream has not begun */
	uint64_t looked_s;	   /* until then it was counted who runs */
	uint64_t homeless;	   /* channels whose program was forgotten meanwhile */
};

/* pst_engine_past_make - 0, or -ENOMEM; pst_engine_past_clear takes what is half made */
int pst_engine_past_make(struct pst_past *past, const struct pst_history_keys *keys);
void pst_engine_past_clear(struct pst_past *past);

/* pst_engine_past_first - a channel that is new in this session: was it known before? */
void pst_engine_past_first(struct pst_engine *engine, const struct pst_process *process,
			   struct pst_channel *channel);

/* pst_engine_past_add - what a channel did since it was added last */
void pst_engine_past_add(struct pst_engine *engine, struct pst_channel *channel);

/* pst_engine_past_drop - a channel is about to be forgotten by the profile */
void pst_engine_past_drop(struct pst_engine *engine, struct pst_channel *channel);

/* pst_engine_past_leave - a process is about to run another image, or has ended */
void pst_engine_past_leave(struct pst_engine *engine, const struct pst_proc_id *proc);

/* pst_engine_past_exec - who executed what; a program that had settled is settled again */
void pst_engine_past_exec(struct pst_engine *engine, const struct pst_event *event,
			  const struct pst_process *process);

/* pst_engine_past_filter, pst_engine_past_act - what a process did beside channels */
void pst_engine_past_filter(struct pst_engine *engine, const struct pst_event *event,
			    const struct pst_process *process);
void pst_engine_past_act(struct pst_engine *engine, const struct pst_event *event,
			 const struct pst_process *process);

/* pst_engine_past_handed - a process holds a socket that another one opened */
void pst_engine_past_handed(struct pst_engine *engine, const struct pst_process *process,
			    const struct pst_channel *channel);

/* pst_engine_past_end - the stream ended: what goes on is taken as it is */
void pst_engine_past_end(struct pst_engine *engine);

/* ---- past_charge.c: whom is it charged to? ---- */

/* pst_past_charged - the image: what a contract binds, else the vendor software of the lineage,
 * else the first of its systemd service, else itself */
const struct pst_image *pst_past_charged(const struct pst_image *image);

/* pst_past_program_of - the entry of what @image is charged to, made when it is not there, with
 * what is known of it now; NULL without memory */
struct pst_past_program *pst_past_program_of(struct pst_engine *engine,
					     const struct pst_image *image);

/* pst_past_entry - that of the program itself, whoever it is charged to, when it is there, or NULL;
 * counts as no use */
const struct pst_past_program *pst_past_entry(const struct pst_engine *engine,
					      struct pst_program *program);

/* pst_past_now_s - the stream's time by the wall clock */
uint64_t pst_past_now_s(const struct pst_engine *engine);

#endif
