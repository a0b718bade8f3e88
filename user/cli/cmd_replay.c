// SPDX-License-Identifier: Apache-2.0
/* What would postern have said? A recording through the same engine, on any machine, without root,
 * the same every time. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/outputs.h"
#include "cli/settings.h"

enum { OPT_CONTRACTS, OPT_KEYS, OPT_CONFIG, OPT_ALERTS, OPT_EVENTS, OPT_COMPACT };

static const struct pst_option options[] = {
	[OPT_CONTRACTS] = { .name = "contracts",
			    .argument = "DIR",
			    .help = "folder of contract files; without it no contract binds" },
	[OPT_KEYS] = PST_OPTION_KEYS,
	[OPT_CONFIG] = { .name = "config",
			 .argument = "FILE",
			 .help = "configuration; without it the built-in defaults" },
	[OPT_ALERTS] = { .name = "alerts",
			 .argument = "FILE",
			 .preset = "-",
			 .help = "where alerts and health go" },
	[OPT_EVENTS] = { .name = "events", .argument = "FILE", .help = "where all records go" },
	[OPT_COMPACT] = { .name = "compact", .help = "readable lines on standard output" },
	{ .name = NULL },
};

struct replay {
	struct pst_config *config;
	struct pst_engine *engine;
	struct pst_outputs outputs;
};

static void emit(void *context, const struct pst_record *record)
{
	struct replay *replay = context;

	pst_outputs_put(&replay->outputs, record);
	pst_outputs_wait(&replay->outputs);
}

static void print_report(const char *path, const struct pst_source_report *report)
{
	if (report->rejected)
		pst_complain("replay: %s: %" PRIu64
			     " broken records were left out; the first at byte %" PRIu64,
			     path, report->rejected, report->reject_at[0]);
	if (*report->error)
		pst_complain("replay: %s: %s", path, report->error);
	else if (!report->clean_end)
		pst_complain(
			"replay: %s: the recording has no end record: the recorder was stopped hard",
			path);
}

static int read_contracts(struct replay *replay, const struct pst_args *args)
{
	struct pst_settings_trust trust;
	const struct pst_source_contracts_keys files = { .folder = args->value[OPT_CONTRACTS],
							 .tell = pst_tell_line,
							 .level = PST_DIAG_ERROR,
							 .signing = &trust.signing };
	struct pst_contracts *set;
	int r;

	if (pst_settings_trust(args->value[OPT_CONFIG], args->value[OPT_KEYS], &trust) < 0)
		return PST_EXIT_INVALID;
	r = pst_source_contracts(&files, &set, NULL);
	pst_settings_trust_clear(&trust);
	if (r == 0) {
		pst_engine_contracts(replay->engine, set);
		return PST_EXIT_OK;
	}
	if (r != -EINVAL)
		pst_complain(
			"replay: cannot read the contracts in %s: %s; give --contracts the folder of the *.json files",
			files.folder, strerror(-r));
	return PST_EXIT_INVALID;
}

static int prepare(struct replay *replay, const struct pst_args *args)
{
	struct pst_engine_keys keys = { .emit = emit, .context = replay };

	replay->config = pst_config_new();
	if (!replay->config)
		return PST_EXIT_FAILURE;
	if (args->value[OPT_CONFIG] &&
	    pst_source_config(replay->config, args->value[OPT_CONFIG], pst_tell_line, NULL) < 0)
		return PST_EXIT_INVALID;
	keys.config = replay->config;
	replay->engine = pst_engine_new(&keys);
	if (!replay->engine)
		return PST_EXIT_FAILURE;
	return args->value[OPT_CONTRACTS] ? read_contracts(replay, args) : PST_EXIT_OK;
}

static int play(struct replay *replay, const struct pst_args *args)
{
	const struct pst_outputs_keys keys = { .config = replay->config,
					       .alerts = args->value[OPT_ALERTS] ?
								 args->value[OPT_ALERTS] :
								 "-",
					       .events = args->value[OPT_EVENTS],
					       .compact = args->value[OPT_COMPACT] != NULL };
	struct pst_source_report report;
	int r;

	if (pst_outputs_open(&keys, &replay->outputs) < 0)
		return PST_EXIT_FAILURE;
	r = pst_source_file(replay->engine, args->rest[0], &report);
	pst_outputs_flush(&replay->outputs);
	print_report(args->rest[0], &report);
	return pst_outputs_lost(&replay->outputs) || r < 0 ? PST_EXIT_FAILURE : PST_EXIT_OK;
}

static int run(const struct pst_args *args)
{
	struct replay replay = { .engine = NULL };
	int result = prepare(&replay, args);

	if (result == PST_EXIT_OK)
		result = play(&replay, args);
	pst_outputs_close(&replay.outputs);
	pst_engine_free(replay.engine);
	pst_config_free(replay.config);
	return result;
}

const struct pst_command pst_cmd_replay = {
	.name = "replay",
	.summary = "judge a recording: the same alerts every time, on any machine, without root",
	.operands = "FILE",
	.text = "FILE was made by 'postern record'; '-' is standard input. A contract that the daemon of this host would refuse for its\n"
		"signature is refused here too; without --config the installed configuration says whether it needs one, and\n"
		"nothing else. Versions are not compared: only the daemon keeps them.\n\n"
		"Example: postern replay monday.pst --contracts /etc/postern/contracts.d --compact",
	.options = options,
	.rest_min = 1,
	.rest_max = 1,
	.run = run,
};
