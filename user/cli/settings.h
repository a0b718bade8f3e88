// SPDX-License-Identifier: Apache-2.0
/* settings: paths and configuration that several commands share. */
#ifndef PST_CLI_SETTINGS_H
#define PST_CLI_SETTINGS_H

#include <stdbool.h>

#include "config/config.h"
#include "engine/source.h"
#include "sensor/sensor.h"

#define PST_CONFIG_FILE PST_SYSCONFDIR "/postern/postern.json"
#define PST_CONTRACTS_DIR PST_SYSCONFDIR "/postern/contracts.d"
#define PST_STATE_DIR "/var/lib/postern"
#define PST_RUNTIME_DIR "/run/postern"
#define PST_ALERTS_FILE "/var/log/postern/alert.json"
#define PST_EVENTS_FILE "/var/log/postern/events.json"
#define PST_SOCKET_NAME "postern.sock"

/*
 * pst_settings_config - defaults, or those of @file; NULL: the installed file when there is one
 * Returns NULL after messages; caller frees.
 */
struct pst_config *pst_settings_config(const char *file);

/* pst_settings_sensor - what the sensor needs of the configuration; frame and context are still to
 * be set; borrows @config */
struct pst_sensor_keys pst_settings_sensor(const struct pst_config *config);

/*
 * pst_settings_ready - can this process watch at all? Asked before any file or folder is made
 * Returns an exit code; says on standard error what is missing.
 */
int pst_settings_ready(const struct pst_config *config, const char *btf);

/* How the daemon of this host holds contracts against keys: what it would refuse is not in force
 * for any other command either. Versions are not compared: only the daemon keeps them. */
struct pst_settings_trust {
	struct pst_config *config; /* as of pst_settings_config; @signing borrows of it */
	struct pst_signing signing;
};

/*
 * pst_settings_trust - by @config, else the installed configuration
 * @keys: folder; NULL: contract.keys
 * Returns 0, or -EINVAL after messages; pst_settings_trust_clear takes both
 */
int pst_settings_trust(const char *config, const char *keys, struct pst_settings_trust *out);
void pst_settings_trust_clear(struct pst_settings_trust *trust);

/* pst_settings_identify - hand a question of the engine to the sensor; @sensor: NULL while it is
 * being opened. As pst_engine_keys.identify */
bool pst_settings_identify(struct pst_sensor *sensor, const struct pst_identify *program);

/* pst_end_signals - a descriptor that tells SIGINT and SIGTERM, which from now on end nobody; -1 */
int pst_end_signals(void);

/* pst_now_ms - CLOCK_MONOTONIC */
uint64_t pst_now_ms(void);

/* pst_settings_exit - the exit code for what pst_sensor_open returned */
int pst_settings_exit(int r);

#endif
