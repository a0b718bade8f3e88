// SPDX-License-Identifier: Apache-2.0
/* run_loop: one live watch: sensor to engine to sinks and readers, until a signal. */
#ifndef PST_CLI_RUN_LOOP_H
#define PST_CLI_RUN_LOOP_H

#include "cli/outputs.h"
#include "config/config.h"
#include "ctl/ctl.h"
#include "engine/engine.h"
#include "engine/signing.h"
#include "engine/source.h"
#include "sensor/sensor.h"

struct pst_watch {
	struct pst_config *config;
	struct pst_engine *engine;
	struct pst_outputs outputs;
	struct pst_ctl *ctl; /* NULL: no live socket */
	struct pst_sensor *sensor;
	const char *contracts;	 /* folder, read again on SIGHUP; NULL: none */
	bool contracts_optional; /* the default folder may be missing */
	struct pst_signing signing;
	struct pst_versions *versions; /* of signed contracts */
	struct pst_save save;	       /* of the profiles; its folder: what outlives a restart */
	uint64_t save_at_ms;	       /* when they are saved next */
	uint64_t save_late_ms;	       /* when it is told that the one on its way takes long */
	int signals;		       /* of pst_watch_signals */
	uint64_t frames;
};

/* pst_watch_signals - block SIGINT, SIGTERM, SIGHUP and SIGUSR1; returns a descriptor that tells
 * them, or -errno; caller closes */
int pst_watch_signals(void);

/* pst_watch_versions - the contracts that are in force now will not be followed by older ones; what
 * keeps that from being so is told */
void pst_watch_versions(struct pst_watch *watch);

/* pst_watch_save_last - write the profiles to the state folder, and wait until they are there, but
 * not for ever; what keeps that from being so is told */
void pst_watch_save_last(struct pst_watch *watch);

/* pst_watch_loop - until SIGINT or SIGTERM, which is returned; -errno when waiting fails. SIGHUP
 * reloads, SIGUSR1 saves the profiles. */
int pst_watch_loop(struct pst_watch *watch);

#endif
