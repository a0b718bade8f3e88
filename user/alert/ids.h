// SPDX-License-Identifier: Apache-2.0
/* Under which names do findings, records, processes and channels stand? All derived, none random,
 * so that a replay gives the same. Used inside alert/ only. */
#ifndef PST_ALERT_IDS_H
#define PST_ALERT_IDS_H

#include <stdint.h>

#include "alert/facts.h"

#define PST_FINDING_ID_TEXT 19 /* "f:" and 16 hex digits */
#define PST_CHANNEL_ID_TEXT 11 /* "c:" and 8 hex digits */
#define PST_ENTITY_ID_TEXT 48
#define PST_UUID_TEXT 37

struct pst_position { /* where in the stream a record arose, and which of its dataset it is there */
	uint64_t seq, time_ns;
	uint32_t cpu, dataset, ordinal;
};

/*
 * pst_id_finding - host, executables, kind and peer of the channel (of an exec: its caller, and the
 * peer of a shell), contract, rule: the same finding after a restart has the same id
 * @contracts: the set that the finding was judged by, or NULL
 */
const char *pst_id_finding(const struct pst_host *host, const struct pst_contracts *contracts,
			   const struct pst_finding *finding, char out[PST_FINDING_ID_TEXT]);
const char *pst_id_channel(const struct pst_host *host, const struct pst_facts *facts,
			   char out[PST_CHANNEL_ID_TEXT]);
const char *pst_id_entity(const struct pst_host *host, const struct pst_proc_id *proc,
			  char out[PST_ENTITY_ID_TEXT]);
const char *pst_id_event(const struct pst_host *host, const struct pst_position *position,
			 char out[PST_UUID_TEXT]);
const char *pst_id_ephemeral(const struct pst_host *host, uint64_t start_ns,
			     char out[PST_UUID_TEXT]);

#endif
