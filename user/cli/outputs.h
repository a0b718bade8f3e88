// SPDX-License-Identifier: Apache-2.0
/* outputs: the sinks of one command, opened from its options. */
#ifndef PST_CLI_OUTPUTS_H
#define PST_CLI_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"
#include "engine/engine.h"
#include "sink/sink.h"

#define PST_OUTPUTS_MAX 4

struct pst_outputs {
	struct pst_sink *sink[PST_OUTPUTS_MAX];
	const char
		*name[PST_OUTPUTS_MAX]; /* "alerts", "events", "readable": in health and status */
	const char *target[PST_OUTPUTS_MAX]; /* borrowed from the command line */
	int told[PST_OUTPUTS_MAX]; /* errno that was complained about last; 0: all is well */
	size_t count;
};

struct pst_outputs_keys {
	const struct pst_config *config;
	const char *alerts; /* file or "-", NULL: none; takes alerts and health */
	const char *events; /* takes every record */
	bool compact;	    /* a readable line for each alert on standard output */
};

/* pst_outputs_open - 0, or -errno after a message; @out is to be closed even then */
int pst_outputs_open(const struct pst_outputs_keys *keys, struct pst_outputs *out);
void pst_outputs_put(struct pst_outputs *outputs, const struct pst_record *record);
void pst_outputs_flush(struct pst_outputs *outputs); /* says once when a sink begins to fail, and
							when it goes on */
/* pst_outputs_wait - until standard output has taken what waits for it: a replay may be held up by
 * its reader, a daemon never */
void pst_outputs_wait(struct pst_outputs *outputs);
void pst_outputs_reopen(struct pst_outputs *outputs);
void pst_outputs_close(struct pst_outputs *outputs);

/* pst_outputs_figures - hand the sinks' figures to the engine, for its next health record */
void pst_outputs_figures(const struct pst_outputs *outputs, struct pst_engine *engine);

/*
 * pst_outputs_lost - say for each sink how many lines it dropped or still holds, and why; returns
 * their sum A standard output that nobody reads any more is no loss.
 */
uint64_t pst_outputs_lost(const struct pst_outputs *outputs);

#endif
