// SPDX-License-Identifier: Apache-2.0
/* How is the running daemon? */
#include <string.h>

#include "base/text.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/settings.h"

enum { OPT_OUTPUT, OPT_RUNTIME };

static const struct pst_option options[] = {
	[OPT_OUTPUT] = PST_OPTION_OUTPUT,
	[OPT_RUNTIME] = PST_OPTION_RUNTIME,
	{ .name = NULL },
};

static int run(const struct pst_args *args)
{
	const char *form = pst_ask_form("status", args->value[OPT_OUTPUT]);
	char request[32];

	if (!form)
		return PST_EXIT_USAGE;
	(void)pst_text_format(request, sizeof(request), "status%s",
			      strcmp(form, "json") == 0 ? " json" : ""); /* fits */
	return pst_ask("status", args->value[OPT_RUNTIME], request);
}

const struct pst_command pst_cmd_status = {
	.name = "status",
	.summary = "figures of the running daemon: records, losses, hooks, contracts",
	.operands = "",
	.text = "Asks the daemon by its socket; root and members of the group postern-read may.",
	.options = options,
	.run = run,
};
