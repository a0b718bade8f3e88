// SPDX-License-Identifier: Apache-2.0
/* What did postern say last, and what does it say now? */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alert/alert.h"
#include "base/text.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/follow.h"
#include "cli/options.h"
#include "cli/settings.h"

enum { OPT_FOLLOW, OPT_LINES, OPT_OUTPUT, OPT_RUNTIME };

static const struct pst_option options[] = {
	[OPT_FOLLOW] = { .name = "follow",
			 .letter = 'f',
			 .help = "go on with what comes; without FILE from the running daemon's socket" },
	[OPT_LINES] = { .name = "lines",
			.letter = 'n',
			.argument = "N",
			.preset = "10",
			.help = "how many of the last lines" },
	[OPT_OUTPUT] = { .name = "output",
			 .letter = 'o',
			 .argument = "FORM",
			 .preset = "text",
			 .help = "text (a line for each record; \"compact\" says the same) or json" },
	[OPT_RUNTIME] = PST_OPTION_RUNTIME,
	{ .name = NULL },
};

struct printer {
	bool json;
	bool colour;
};

static bool print_line(void *context, const char *line, size_t len)
{
	const struct printer *printer = context;
	char text[PST_RECORD_MAX];

	if (!len)
		return true;
	if (!printer->json)
		puts(pst_compact_line(line, len, printer->colour, text, sizeof(text)));
	else if (pst_text_safe_again(line, len, text, sizeof(text)))
		puts(text); /* changes no record: what is there to escape is no JSON */
	else
		printf("%s...\n", text); /* longer than any record */
	return fflush(stdout) == 0;
}

static int tail_file(struct printer *printer, const struct pst_args *args, unsigned long lines)
{
	const char *path = args->rest_count ? args->rest[0] : PST_ALERTS_FILE;
	const struct pst_follow_keys keys = { .path = path,
					      .last = lines,
					      .follow = args->value[OPT_FOLLOW] != NULL,
					      .print = print_line,
					      .context = printer };
	int r = pst_follow(&keys);

	if (r == 0)
		return PST_EXIT_OK;
	pst_complain(
		"tail: cannot read %s: %s; name the file that 'postern run --alerts' writes, or ask the running daemon: "
		"postern tail -f",
		path, strerror(-r));
	return PST_EXIT_FAILURE;
}

static int tail_live(struct printer *printer, const struct pst_args *args, unsigned long lines)
{
	char request[64];
	const struct pst_ask_keys keys = { .command = "tail",
					   .runtime = args->value[OPT_RUNTIME],
					   .request = request,
					   .print = print_line,
					   .context = printer };

	(void)pst_text_format(request, sizeof(request), "tail -n %lu", lines); /* fits */
	return pst_ask_lines(&keys);
}

static int run(const struct pst_args *args)
{
	const char *form = args->value[OPT_OUTPUT];
	struct printer printer = { .colour = isatty(STDOUT_FILENO) };
	unsigned long lines = 10;

	form = form && strcmp(form, "compact") == 0 ? "text" : pst_ask_form("tail", form);
	if (!form)
		return PST_EXIT_USAGE;
	printer.json = strcmp(form, "json") == 0;
	if (args->value[OPT_LINES] && pst_parse_count(args->value[OPT_LINES], 100000, &lines) < 0) {
		pst_complain("tail: -n takes a number from 0 to 100000, not '%s'",
			     args->value[OPT_LINES]);
		return PST_EXIT_USAGE;
	}
	if (args->value[OPT_FOLLOW] && !args->rest_count)
		return tail_live(&printer, args, lines);
	return tail_file(&printer, args, lines);
}

const struct pst_command pst_cmd_tail = {
	.name = "tail",
	.summary = "show the last alerts, and follow them live",
	.operands = "[FILE]",
	.text = "FILE is one that 'postern run' writes (default " PST_ALERTS_FILE
		"), '-' is standard input.\n"
		"The daemon's socket gives alerts and health; for every record follow the file of 'run --events'.\n\n"
		"Example: postern tail -f        what the running daemon says, until Ctrl-C\n"
		"         postern tail -n 100 -o json /var/log/postern/alert.json | jq .rule.id",
	.options = options,
	.rest_max = 1,
	.run = run,
};
