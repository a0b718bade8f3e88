// SPDX-License-Identifier: Apache-2.0
/* Inside config: one value of the file to one field. */
#ifndef PST_CONFIG_VALUE_H
#define PST_CONFIG_VALUE_H

#include "base/json.h"
#include "config/config.h"

enum pst_key_type {
	KEY_DURATION,
	KEY_SIZE,
	KEY_COUNT,
	KEY_SWITCH,
	KEY_TEXT,
	KEY_PATHS,
	KEY_PREFIXES,
	KEY_TYPES
};

struct pst_key {
	const char *path;
	enum pst_key_type type;
	size_t offset;
	uint64_t minimum, maximum; /* seconds for DURATION, bytes for SIZE, letters for TEXT,
				      entries for lists */
	const char *preset;
	const char *why;
};

/*
 * pst_config_value - check one value and put it into its field
 * Returns 0, -EINVAL with the reason in @diags, or -ENOMEM.
 */
int pst_config_value(struct pst_config *config, const struct pst_key *key,
		     const struct pst_json_value *value, struct pst_diags *diags);

#endif
