// SPDX-License-Identifier: Apache-2.0
/* config: which numbers did the operator choose? A table of keys, read strictly from JSON with
 * comments. Pure. */
#ifndef PST_CONFIG_CONFIG_H
#define PST_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/diag.h"

#define PST_CONFIG_LIST_MAX 64

struct pst_prefixes {
	struct pst_prefix list[PST_CONFIG_LIST_MAX];
	size_t count;
};

struct pst_paths {
	char *list[PST_CONFIG_LIST_MAX + 1]; /* ended by NULL; each ends in '/' */
	size_t count;
};

/* One field for each line of keys.def; times in ns, sizes in bytes. */
struct pst_config {
	struct pst_prefixes internal_networks;
	struct pst_paths vendor_paths;
	char *cgroup;
	char *live_group;
	char *contract_keys;
	uint64_t settle_ns, review_ns, sweep_ns, update_ns, events_interval_ns, health_ns,
		state_interval_ns;
	uint64_t ring_bytes, events_budget, queue_bytes;
	uint64_t sensor_channels, max_processes, max_images, max_channels, max_programs,
		storm_per_hour, max_findings;
	uint64_t sensor_share;
	bool redact, sensor_lsm, sensor_dns, sensor_first_bytes, require_signature;
	char *identity_origins;
	uint64_t identity_max_bytes, identity_rate;
	bool identity_hash, identity_packages;
};

/* pst_config_new - all defaults; NULL without memory; caller frees */
struct pst_config *pst_config_new(void);
void pst_config_free(struct pst_config *config);

/*
 * pst_config_read - a file's text over the values that stand
 * @diags: initialised; gets every error with its place
 * Returns 0; -EINVAL with errors in @diags, -ENOMEM; @config changes only on success.
 */
int pst_config_read(struct pst_config *config, const char *text, size_t len,
		    struct pst_diags *diags);

#endif
