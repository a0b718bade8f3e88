// SPDX-License-Identifier: Apache-2.0
/* Which programs does this machine run, and what of them is new? */
#include <string.h>

#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/recorded.h"
#include "cli/settings.h"

enum { OPT_OUTPUT, OPT_RUNTIME, OPT_FROM };

static const struct pst_option options[] = {
	[OPT_OUTPUT] = PST_OPTION_OUTPUT,
	[OPT_RUNTIME] = PST_OPTION_RUNTIME,
	[OPT_FROM] = PST_OPTION_FROM,
	{ .name = NULL },
};

static int run(const struct pst_args *args)
{
	const char *form = pst_ask_form("profiles", args->value[OPT_OUTPUT]);
	bool json;

	if (!form)
		return PST_EXIT_USAGE;
	json = strcmp(form, "json") == 0;
	if (args->value[OPT_FROM])
		return pst_recorded_page(&(struct pst_recorded_keys){
			.command = "profiles",
			.page = pst_view_profiles,
			.path = args->value[OPT_FROM],
			.what = "all",
			.form = json ? PST_VIEW_JSON : PST_VIEW_TEXT });
	return pst_ask("profiles", args->value[OPT_RUNTIME], json ? "profiles json" : "profiles");
}

const struct pst_command pst_cmd_profiles = {
	.name = "profiles",
	.summary = "every program with its package, its channels and what of them is new",
	.operands = "",
	.text = "One line for each program that was ever seen, as far as the memory of weeks reaches, those with most bytes\n"
		"first: package and version, how many channels, how many of them were new in the last day and week (UTC), when\n"
		"the last new one came, on how many days the program ran, and its worst verdict. A channel is charged to what a\n"
		"contract binds, else to the vendor software, else to the first program of its service. 'postern profile\n"
		"PROGRAM' shows the channels.\n\n"
		"Example: postern profiles\n"
		"         postern profiles --from /var/lib/postern/profiles.state -o json",
	.options = options,
	.run = run,
};
