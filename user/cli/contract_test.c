// SPDX-License-Identifier: Apache-2.0
/* What would these contracts have said of what was recorded, or remembered over weeks? */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/settings.h"
#include "cli/tried.h"

enum { OPT_AGAINST, OPT_CONFIG, OPT_KEYS, OPT_UNSIGNED, OPT_ALL };

static const struct pst_option options[] = {
	[OPT_AGAINST] = { .name = "against",
			  .argument = "FILE",
			  .help = "a recording, '-' for standard input, or a state file" },
	[OPT_CONFIG] = { .name = "config",
			 .argument = "FILE",
			 .help = "configuration; without it the built-in defaults" },
	[OPT_KEYS] = PST_OPTION_KEYS,
	[OPT_UNSIGNED] = { .name = "unsigned",
			   .help = "take contracts that are not signed yet, though the daemon would refuse them" },
	[OPT_ALL] = { .name = "all",
		      .help = "show also alerts of software that none of the contracts binds" },
	{ .name = NULL },
};

static bool read_files(struct pst_contracts *set, const struct pst_args *args,
		       const struct pst_signing *signing)
{
	bool refused = false;

	for (int i = 0; i < args->rest_count; i++) {
		const struct pst_source_contracts_keys keys = { .folder = args->rest[i],
								.tell = pst_tell_line,
								.level = PST_DIAG_ERROR,
								.signing = signing };

		refused |= pst_source_contract_file(set, args->rest[i], &keys) < 0;
	}
	return !refused;
}

/* Returns the set, which the caller frees, or NULL after messages. */
static struct pst_contracts *read_contracts(const struct pst_args *args)
{
	struct pst_settings_trust trust;
	struct pst_contracts *set = NULL;
	bool taken = false;

	if (pst_settings_trust(args->value[OPT_CONFIG], args->value[OPT_KEYS], &trust) < 0)
		return NULL;
	if (args->value[OPT_UNSIGNED])
		trust.signing.require = false;
	set = pst_contracts_new();
	if (set)
		taken = read_files(set, args, &trust.signing);
	else
		pst_complain("contract test: not enough memory");
	pst_settings_trust_clear(&trust);
	if (taken)
		return set;
	pst_contracts_free(set);
	return NULL;
}

static int run(const struct pst_args *args)
{
	const struct pst_tried_keys keys = { .against = args->value[OPT_AGAINST],
					     .config = args->value[OPT_CONFIG],
					     .all = args->value[OPT_ALL] != NULL };
	struct pst_contracts *set;

	if (!keys.against) {
		pst_complain(
			"contract test: --against FILE is missing: a recording of 'postern record', or the state file "
			"of the daemon");
		return PST_EXIT_USAGE;
	}
	set = read_contracts(args);
	if (!set)
		return PST_EXIT_INVALID;
	return pst_source_is_state(keys.against) ? pst_tried_state(&keys, set) :
						   pst_tried_recording(&keys, set);
}

const struct pst_command pst_contract_test = {
	.name = "contract test",
	.summary = "which alerts would these contracts have raised?",
	.operands = "FILE...",
	.text = "A recording is replayed with exactly these contracts. Of a state file, in which the daemon keeps what programs did\n"
		"over weeks, every channel and act of every program is judged, with the host names that were seen then. Who a\n"
		"program ran as, the time of day, and what @resolvers and @local meant are not remembered there: entries with a\n"
		"\"uid\" bind nobody, and what hangs on the rest is counted as not judged. Vendor software that another program\n"
		"executed stands there on its own: here only a contract that names it binds it. The daemon writes the file every\n"
		"state.interval (5 minutes), when it ends, and at SIGUSR1.\n\n"
		"A contract that the daemon of this host would refuse for its signature is refused: without --config the installed\n"
		"configuration says whether it needs one and how much a state file may hold, and nothing else; a draft that nobody\n"
		"signed yet is tried with --unsigned. Versions are not compared: only the daemon keeps them.\n\n"
		"Ends with 6 when there would have been alerts.\n\n"
		"Example: postern contract test acme.json --against monday.pst\n\n"
		"  would have raised 1 alert:\n"
		"  17:37:22Z MEDIUM undeclared_channel curl[851] acme-agent  tcp \xe2\x86\x92 127.0.0.1:8443  established  undeclared\n\n"
		"         postern contract test acme.json --against /var/lib/postern/profiles.state",
	.options = options,
	.rest_min = 1,
	.rest_max = -1,
	.run = run,
};
