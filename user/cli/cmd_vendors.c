// SPDX-License-Identifier: Apache-2.0
/* What runs on this host that no package of the distribution owns? */
#include <string.h>

#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/recorded.h"
#include "cli/settings.h"

enum { OPT_OUTPUT, OPT_RUNTIME, OPT_FROM, OPT_CONTRACTS, OPT_KEYS, OPT_CONFIG };

static const struct pst_option options[] = {
	[OPT_OUTPUT] = PST_OPTION_OUTPUT,
	[OPT_RUNTIME] = PST_OPTION_RUNTIME,
	[OPT_FROM] = { .name = "from",
		       .argument = "RECORDING",
		       .help = "of a recording instead of the running daemon" },
	[OPT_CONTRACTS] = PST_OPTION_FROM_CONTRACTS,
	[OPT_KEYS] = PST_OPTION_FROM_KEYS,
	[OPT_CONFIG] = PST_OPTION_FROM_CONFIG,
	{ .name = NULL },
};

static char *page(const struct pst_engine *engine, const struct pst_view_keys *keys)
{
	*keys->known = true;
	return pst_view_vendors(engine, keys->form);
}

static int run(const struct pst_args *args)
{
	const char *form = pst_ask_form("vendors", args->value[OPT_OUTPUT]);
	bool json = form && strcmp(form, "json") == 0;

	if (!form)
		return PST_EXIT_USAGE;
	if (!args->value[OPT_FROM])
		return pst_ask("vendors", args->value[OPT_RUNTIME],
			       json ? "vendors json" : "vendors");
	return pst_recorded_page(
		&(struct pst_recorded_keys){ .command = "vendors",
					     .path = args->value[OPT_FROM],
					     .contracts = args->value[OPT_CONTRACTS],
					     .keys = args->value[OPT_KEYS],
					     .config = args->value[OPT_CONFIG],
					     .page = page,
					     .live = true,
					     .form = json ? PST_VIEW_JSON : PST_VIEW_TEXT });
}

const struct pst_command pst_cmd_vendors = {
	.name = "vendors",
	.summary =
		"what runs here that no package of the distribution owns, and what it holds open",
	.operands = "",
	.text = "Each program with its package, version and maker, its unit, and its contract or \"no contract\"; then where it\n"
		"listens beyond loopback, which external peers it talks to, and kinds of channel that software rarely needs.\n"
		"What a program started is counted to it. Those under no contract stand first, of these the ones with most to\n"
		"see. Until the package tools have answered, and where there are none, a program's place decides: below /opt,\n"
		"/usr/local, /srv, /home, /root, /tmp, /run and the like.\n\n"
		"With --from a contract that the daemon would refuse for its signature is refused too; versions are not compared.\n\n"
		"Example: postern vendors\n"
		"         postern vendors --from monday.pst -o json",
	.options = options,
	.run = run,
};
