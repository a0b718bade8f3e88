// SPDX-License-Identifier: Apache-2.0
/* What did this program or process do on the network? */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/recorded.h"
#include "cli/settings.h"
#include "ctl/ctl.h"

enum { OPT_OUTPUT, OPT_RUNTIME, OPT_FROM, OPT_CONTRACTS, OPT_KEYS, OPT_CONFIG, OPT_SINCE };

static const struct pst_option options[] = {
	[OPT_OUTPUT] = PST_OPTION_OUTPUT,
	[OPT_RUNTIME] = PST_OPTION_RUNTIME,
	[OPT_FROM] = PST_OPTION_FROM,
	[OPT_CONTRACTS] = PST_OPTION_FROM_CONTRACTS,
	[OPT_KEYS] = PST_OPTION_FROM_KEYS,
	[OPT_CONFIG] = PST_OPTION_FROM_CONFIG,
	[OPT_SINCE] = { .name = "since",
			.argument = "TIME",
			.help = "only what was active since then: 2h, 3d, 2026-11-20 or 2026-11-20T09:00:00Z" },
	{ .name = NULL },
};

/* take_back - "2h", "3d": that long before now; 0 when it is no such text */
static uint64_t take_back(const char *text, uint64_t now_s)
{
	static const char units[] = "smhd";
	static const uint64_t factor[] = { 1, 60, 3600, 86400 };
	uint64_t number, seconds;
	const char *unit;
	char *end;

	if (*text < '0' || *text > '9')
		return 0;
	number = strtoull(text, &end, 10);
	unit = *end ? strchr(units, *end) : NULL;
	if (!unit || end[1] || __builtin_mul_overflow(number, factor[unit - units], &seconds))
		return 0;
	return seconds < now_s ? now_s - seconds : 1;
}

/* parse_since - seconds of the wall clock; 0: everything; -1 after a message */
static int64_t parse_since(const char *text)
{
	static const char *const forms[] = { "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ",
					     "%Y-%m-%dT%H:%M:%S" };
	uint64_t seconds = text ? take_back(text, (uint64_t)time(NULL)) : 0;

	if (!text || seconds)
		return (int64_t)seconds;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct tm parts = { .tm_year = 0 };
		const char *end = strptime(text, forms[i], &parts);

		if (end && !*end && timegm(&parts) > 0)
			return (int64_t)timegm(&parts);
	}
	pst_complain(
		"profile: --since takes 30m, 2h, 3d, a day (2026-11-20) or a moment in UTC (2026-11-20T09:00:00Z), not '%s'",
		text);
	return -1;
}

static int run(const struct pst_args *args)
{
	int64_t since_s = parse_since(args->value[OPT_SINCE]);
	const char *form = pst_ask_form("profile", args->value[OPT_OUTPUT]);
	const char *what = args->rest_count ? args->rest[0] : "all";
	char request[PST_CTL_REQUEST_MAX], label[PST_CTL_REQUEST_MAX] = "profile";

	if (!form || since_s < 0)
		return PST_EXIT_USAGE;
	if (args->value[OPT_FROM])
		return pst_recorded_page(&(struct pst_recorded_keys){
			.command = "profile",
			.path = args->value[OPT_FROM],
			.contracts = args->value[OPT_CONTRACTS],
			.keys = args->value[OPT_KEYS],
			.config = args->value[OPT_CONFIG],
			.page = pst_view_profile,
			.since_s = (uint64_t)since_s,
			.what = what,
			.form = strcmp(form, "json") == 0 ? PST_VIEW_JSON : PST_VIEW_TEXT });
	if (strpbrk(what, "\r\n") ||
	    pst_text_format(request, sizeof(request), "profile %ssince=%" PRId64 " %s",
			    strcmp(form, "json") == 0 ? "json " : "", since_s, what) < 0) {
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
		"Below it stands what is known of all sessions, over restarts and reboots: on how many days a channel was used,\n"
		"when first and last, the names that led there, its rhythm (median of the latest gaps between bursts, and how far\n"
		"four of five lie from it), how much it sends at a time, who was accepted, and what the program executed.\n\n"
		"In JSON all counts are exact. \"programs\" and \"processes\" are sums, \"channels\" has one entry for each line of\n"
		"the page, \"rows\" says how many. Of a listener \"local\" is where it listens; \"local_port\" is our own port; keys\n"
		"that a channel has not are left out.\n\n"
		"With --from a contract that the daemon would refuse for its signature is refused too; versions are not compared.\n\n"
		"Example: postern profile /opt/acme/backup/bin/bkagent\n"
		"         postern profile --since 3d nginx.service\n"
		"         postern profile --from monday.pst -o json nginx",
	.options = options,
	.rest_max = 1,
	.run = run,
};
