// SPDX-License-Identifier: Apache-2.0
/* Which contract would allow what this program was seen to do? */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/learn.h"
#include "cli/options.h"
#include "cli/settings.h"
#include "ctl/ctl.h"

#define TIME_MAX 100000 /* of any unit */

enum {
	OPT_PACKAGE,
	OPT_UNIT,
	OPT_FROM,
	OPT_ACCEPT,
	OPT_ID,
	OPT_STATUS,
	OPT_RUN,
	OPT_FOR,
	OPT_CONTRACT,
	OPT_RECORD,
	OPT_CONFIG,
	OPT_RUNTIME,
};

static const struct pst_option options[] = {
	[OPT_PACKAGE] = { .name = "package",
			  .argument = "P",
			  .help = "all programs of this package, in one contract" },
	[OPT_UNIT] = { .name = "unit", .argument = "U", .help = "all programs of this unit" },
	[OPT_FROM] = { .name = "from",
		       .argument = "FILE",
		       .help = "of a recording, or a state file, instead of the running daemon" },
	[OPT_ACCEPT] = { .name = "accept",
			 .argument = "LIST",
			 .help = "make clauses of these proposals: see above" },
	[OPT_ID] = { .name = "id",
		     .argument = "NAME",
		     .help = "of the contract; without it the program's" },
	[OPT_STATUS] = { .name = "status",
			 .help = "how settled it is; of all programs without one" },
	[OPT_RUN] = { .name = "run", .help = "run a command where only it is, and learn that" },
	[OPT_FOR] = { .name = "for",
		      .argument = "TIME",
		      .help = "with --run: end it after this time, such as 10m" },
	[OPT_CONTRACT] = { .name = "contract",
			   .argument = "FILE",
			   .help = "with --run: say what is new against this contract" },
	[OPT_RECORD] = { .name = "record",
			 .argument = "FILE",
			 .help = "with --run: keep the recording" },
	[OPT_CONFIG] = { .name = "config",
			 .argument = "FILE",
			 .help = "configuration, with --from and --run" },
	[OPT_RUNTIME] = PST_OPTION_RUNTIME,
	{ .name = NULL },
};

/* check - accept and id; an exit code */
static int check(const struct pst_args *args, unsigned int *accept)
{
	const char *list = args->value[OPT_ACCEPT], *id = args->value[OPT_ID];
	char wrong[64], known[256] = "all";
	unsigned int i;

	*accept = 0;
	if (id && !pst_draft_id_is_valid(id)) {
		pst_complain(
			"learn: --id takes 1 to %d letters, digits, dots, hyphens and underscores",
			PST_CONTRACT_ID_MAX);
		return PST_EXIT_USAGE;
	}
	if (!list || pst_draft_accept(list, accept, wrong) == 0)
		return PST_EXIT_OK;
	for (i = 0; i < PST_DRAFT_CLASSES; i++)
		(void)pst_text_append(known, sizeof(known), ", %s",
				      pst_draft_class_name((enum pst_draft_class)i)); /* fits */
	pst_complain("learn: --accept takes no '%s'; it takes %s", wrong, known);
	return PST_EXIT_USAGE;
}

static void complain_of_names(void)
{
	pst_complain("learn: these are too many names: take a pattern, such as '/opt/acme/**'");
}

/* say_one - " program=/opt/acme/agent" behind what @out has */
static int say_one(const char *key, const char *name, char *out, size_t size)
{
	if (!*name || strpbrk(name, "\r\n") || strstr(name, " program=")) {
		pst_complain("learn: '%s' cannot be asked for: take a pattern, with ? for each odd "
			     "byte",
			     name);
		return -EINVAL;
	}
	if (pst_text_append(out, size, " %s=%s", key, name) == 0)
		return 0;
	complain_of_names();
	return -EINVAL;
}

/* What is meant, as the request says it: programs, --package or --unit. */
static int say_what(const struct pst_args *args, char *out, size_t size)
{
	const char *package = args->value[OPT_PACKAGE], *unit = args->value[OPT_UNIT];
	int ways = (package != NULL) + (unit != NULL) + (args->rest_count > 0), r = 0;

	out[0] = '\0';
	if (ways > 1 || (!ways && !args->value[OPT_STATUS])) {
		pst_complain("learn: name programs, or --package, or --unit");
		return -EINVAL;
	}
	if (package || unit)
		return say_one(package ? "package" : "unit", package ? package : unit, out, size);
	for (int i = 0; i < args->rest_count && r == 0; i++)
		r = say_one("program", args->rest[i], out, size);
	return r;
}

static int make_request(const struct pst_args *args, char *out, size_t size)
{
	char what[PST_CTL_REQUEST_MAX];
	const char *accept = args->value[OPT_ACCEPT], *id = args->value[OPT_ID];

	if (say_what(args, what, sizeof(what)) < 0)
		return -EINVAL;
	if (pst_text_format(out, size, "learn%s%s%s%s%s%s",
			    args->value[OPT_STATUS] ? " status" : "", accept ? " accept=" : "",
			    accept ? accept : "", id ? " id=" : "", id ? id : "", what) == 0)
		return 0;
	complain_of_names();
	return -EINVAL;
}

/* "90s", "10m", "2h"; -EINVAL */
static int parse_time(const char *text, unsigned long *out_ms)
{
	static const struct {
		char letter;
		unsigned long ms;
	} units[] = { { 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 } };
	size_t len = strlen(text), i;
	unsigned long count;
	char digits[8];

	if (len < 2 || len > sizeof(digits))
		return -EINVAL;
	(void)pst_text_format(digits, sizeof(digits), "%.*s", (int)len - 1, text); /* fits */
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (text[len - 1] != units[i].letter ||
		    pst_parse_count(digits, TIME_MAX, &count) < 0 || !count)
			continue;
		*out_ms = count * units[i].ms;
		return 0;
	}
	return -EINVAL;
}

static int start(const struct pst_args *args, unsigned int accept)
{
	struct pst_learn_run keys = { .command = args->rest,
				      .config = args->value[OPT_CONFIG],
				      .contract = args->value[OPT_CONTRACT],
				      .record = args->value[OPT_RECORD],
				      .id = args->value[OPT_ID],
				      .accept = accept };

	if (!args->rest_count) {
		pst_complain("learn: name the command: postern learn --run -- CMD [ARGUMENT...]");
		return PST_EXIT_USAGE;
	}
	if (args->value[OPT_FOR] && parse_time(args->value[OPT_FOR], &keys.limit_ms) < 0) {
		pst_complain("learn: --for takes a time such as 90s, 10m or 2h, not '%s'",
			     args->value[OPT_FOR]);
		return PST_EXIT_USAGE;
	}
	return pst_learn_run(&keys);
}

static int run(const struct pst_args *args)
{
	char request[PST_CTL_REQUEST_MAX];
	unsigned int accept;
	int result = check(args, &accept);

	if (result != PST_EXIT_OK)
		return result;
	if (args->value[OPT_RUN])
		return start(args, accept);
	if (args->value[OPT_FOR] || args->value[OPT_CONTRACT] || args->value[OPT_RECORD]) {
		pst_complain("learn: --for, --contract and --record belong to --run");
		return PST_EXIT_USAGE;
	}
	if (make_request(args, request, sizeof(request)) < 0)
		return PST_EXIT_USAGE;
	if (args->value[OPT_FROM])
		return pst_learn_from(args->value[OPT_FROM], args->value[OPT_CONFIG], request);
	return pst_ask("learn", args->value[OPT_RUNTIME], request);
}

const struct pst_command pst_cmd_learn = {
	.name = "learn",
	.summary = "draft a contract from what programs were seen to do",
	.operands = "[PROGRAM... | -- CMD [ARGUMENT...]]",
	.text = "The draft allows what was seen, as narrowly as words can, and says of each clause how often and on how many days.\n"
		"PROGRAM is a path, its last component, or a quoted pattern of paths such as '/opt/acme/**': all that are named become\n"
		"one contract. What a vendor's program executes of vendor software is charged to that: a suite is learnt as a whole,\n"
		"and a draft of a part names the command that drafts the whole.\n\n"
		"It is for a person to read. What needs one is a comment in it: uncomment what is right, or have whole classes made\n"
		"clauses by --accept: listeners (beyond loopback), external (peers outside internal_networks), raw, packet, vsock,\n"
		"tunnel, exotic, filters, memory, bpf, io_uring, modules, alerted (once told by an alert), or all.\n\n"
		"Example: postern learn /opt/acme/bin/curl > curl.json && cat curl.json\n"
		"  // Drafted by 'postern learn' on 2026-11-22. Read each clause before it is in force.\n"
		"  // Program: /opt/acme/bin/curl\n"
		"  ...\n"
		"    // needs a person: the peer is none of the internal networks (external)\n"
		"    // { \"connect\": \"tcp\", \"to\": \"203.0.113.9\", \"port\": 8080, \"why\": \"1 connection on 2026-11-22\" }\n\n"
		"         postern learn --id acme '/opt/acme/**'\n"
		"  ...\n"
		"    \"software\": [\n"
		"      { \"path\": \"/opt/acme/bin/agent\" },\n"
		"      { \"path\": \"/opt/acme/bin/relay\" },\n"
		"      { \"path\": \"/opt/acme/bin/upload\" }\n"
		"    ],\n"
		"  ...\n"
		"        \"port\": [ 28444, 28445 ],\n"
		"        \"why\": \"4 connections (2 in vain) on 2026-11-23\"\n\n"
		"         postern learn --status\n"
		"  PROGRAM               DAYS      WATCHED CHANNELS    NOTHING NEW  ADVICE\n"
		"  /opt/acme/bin/curl       1    0 minutes        1      0 minutes  not watched for a day yet: ...\n\n"
		"--run starts the command as root, in a network that has loopback only and a cgroup of its own, and ends when all\n"
		"that it started has ended, after --for, or at Ctrl-C. What is new against --contract goes to standard error:\n"
		"         postern learn --run --for 10m --contract old.json -- /opt/acme/bin/agent --once > new.json",
	.options = options,
	.rest_max = -1,
	.run = run,
};
