// SPDX-License-Identifier: Apache-2.0
/* What did this program or process do on the network? */
#include <string.h>

#include "base/text.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/recorded.h"
#include "cli/settings.h"
#include "ctl/ctl.h"

enum { OPT_OUTPUT, OPT_RUNTIME, OPT_FROM, OPT_CONTRACTS };

static const struct pst_option options[] = {
	[OPT_OUTPUT] = { .name = "output",
			 .letter = 'o',
			 .argument = "FORM",
			 .preset = "text",
			 .help = "text or json" },
	[OPT_RUNTIME] = { .name = "runtime",
			  .argument = "DIR",
			  .preset = PST_RUNTIME_DIR,
			  .help = "where the daemon's socket lies" },
	[OPT_FROM] = { .name = "from",
		       .argument = "RECORDING",
		       .help = "of a recording instead of the running daemon" },
	[OPT_CONTRACTS] = { .name = "contracts",
			    .argument = "DIR",
			    .help = "with --from: contracts to judge the recording by" },
	{ .name = NULL },
};

static int run(const struct pst_args *args)
{
	const char *form = pst_ask_form("profile", args->value[OPT_OUTPUT]);
	const char *what = args->rest_count ? args->rest[0] : "all";
	char request[PST_CTL_REQUEST_MAX], label[PST_CTL_REQUEST_MAX] = "profile";

	if (!form)
		return PST_EXIT_USAGE;
	if (args->value[OPT_FROM])
		return pst_recorded_profile(&(struct pst_recorded_keys){
			.path = args->value[OPT_FROM],
			.contracts = args->value[OPT_CONTRACTS],
			.what = what,
			.form = strcmp(form, "json") == 0 ? PST_VIEW_JSON : PST_VIEW_TEXT });
	if (strpbrk(what, "\r\n") ||
	    pst_text_format(request, sizeof(request), "profile %s%s",
			    strcmp(form, "json") == 0 ? "json " : "", what) < 0) {
		pst_complain("profile: '%s' is too long, or no name", what);
		return PST_EXIT_USAGE;
	}
	if (args->rest_count)
		(void)pst_text_format(label, sizeof(label), "profile: '%s'",
				      what); /* a cut name will do in a message */
	return pst_ask(label, args->value[OPT_RUNTIME], request);
}

const struct pst_command pst_cmd_profile = {
	.name = "profile",
	.summary = "channels of a program or process: peers, counts, bytes, times, verdicts",
	.operands = "[PROGRAM|PID|UNIT]",
	.text = "PROGRAM is a path or its last component; without an operand all programs are shown, those with most bytes first.\n"
		"Each page has the sum of the program, with its ended processes, then channels and processes. The daemon reads\n"
		"the kernel's counters before it answers. Packets of streams (TCP) are not counted: \"-\". What is not known at\n"
		"all, no program, process or unit, is an error.\n\n"
		"In JSON all counts are exact. \"programs\" and \"processes\" are sums, \"channels\" has one entry for each line of\n"
		"the page, \"rows\" says how many. Of a listener \"local\" is where it listens; \"local_port\" is our own port; keys\n"
		"that a channel has not are left out.\n\n"
		"Example: postern profile /opt/acme/backup/bin/bkagent\n"
		"         postern profile --from monday.pst -o json nginx",
	.options = options,
	.rest_max = 1,
	.run = run,
};
