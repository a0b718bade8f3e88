// SPDX-License-Identifier: Apache-2.0
/* options: rows that the tables of several commands share. */
#ifndef PST_CLI_OPTIONS_H
#define PST_CLI_OPTIONS_H

#include "cli/cli.h"
#include "cli/settings.h"

/* For pst_ask_form. */
#define PST_OPTION_OUTPUT                                                              \
	{                                                                              \
		.name = "output", .letter = 'o', .argument = "FORM", .preset = "text", \
		.help = "text or json"                                                 \
	}

/* For pst_ask. */
#define PST_OPTION_RUNTIME                                                       \
	{                                                                        \
		.name = "runtime", .argument = "DIR", .preset = PST_RUNTIME_DIR, \
		.help = "where the daemon's socket lies"                         \
	}

/* For pst_recorded_page. */
#define PST_OPTION_FROM                                                                \
	{                                                                              \
		.name = "from", .argument = "FILE",                                    \
		.help = "of a recording, or of the profiles.state of a state folder, " \
			"instead of the running daemon"                                \
	}
#define PST_OPTION_FROM_CONTRACTS                                          \
	{                                                                  \
		.name = "contracts", .argument = "DIR",                    \
		.help = "with --from: contracts to judge the recording by" \
	}

#define PST_OPTION_FROM_KEYS                                                            \
	{                                                                               \
		.name = "keys", .argument = "DIR",                                      \
		.help = "with --from: public keys that sign contracts " PST_KEYS_PRESET \
	}
#define PST_OPTION_FROM_CONFIG                                                   \
	{                                                                        \
		.name = "config", .argument = "FILE", .preset = PST_CONFIG_FILE, \
		.help = "with --from: configuration"                             \
	}

/* For pst_settings_trust. */
#define PST_KEYS_PRESET "(default contract.keys: " PST_KEYS_DIR ")"
#define PST_OPTION_KEYS                                                    \
	{                                                                  \
		.name = "keys", .argument = "DIR",                         \
		.help = "public keys that sign contracts " PST_KEYS_PRESET \
	}

#endif
