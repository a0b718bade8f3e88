// SPDX-License-Identifier: Apache-2.0
/* What can be learnt of a file? A recording goes through an engine; a state file is a history as it
 * stands. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/learn.h"
#include "cli/recorded.h"
#include "cli/settings.h"
#include "engine/source.h"

static int print_answer(char *text, const char *why)
{
	if (!text) {
		pst_complain("learn: %s", why);
		return PST_EXIT_FAILURE;
	}
	fputs(text, stdout);
	free(text);
	return PST_EXIT_OK;
}

static void no_record(void *context, const struct pst_record *record)
{
	(void)context; /* only the history is asked for */
	(void)record;
}

static int from_recording(const char *path, const struct pst_config *config, const char *request)
{
	struct pst_engine_keys keys = { .config = config, .emit = no_record };
	struct pst_engine *engine = pst_engine_new(&keys);
	struct pst_source_report report;
	char why[PST_LEARN_WHY];
	int result = PST_EXIT_FAILURE;

	if (!engine) {
		pst_complain("learn: not enough memory");
		return PST_EXIT_FAILURE;
	}
	if (pst_source_file(engine, path, &report) < 0)
		pst_complain("learn: %s: %s", path, report.error);
	if (report.frames)
		result = print_answer(pst_view_learn_answer(engine, request, why), why);
	pst_engine_free(engine);
	return result;
}

static int from_state(const char *path, const struct pst_config *config, const char *request)
{
	struct pst_history *history = pst_recorded_history("learn", path, config);
	struct pst_learn_keys keys = { .history = history,
				       .internal = config->internal_networks.list,
				       .internal_count = config->internal_networks.count };
	struct pst_history_figures figures;
	char why[PST_LEARN_WHY];
	int result;

	if (!history)
		return PST_EXIT_FAILURE;
	pst_history_figures(history, &figures);
	keys.now_s = figures.written_s;
	result = print_answer(pst_view_learn_line(&keys, request, why), why);
	pst_history_free(history);
	return result;
}

int pst_learn_from(const char *path, const char *config_path, const char *request)
{
	struct pst_config *config = pst_settings_config(config_path);
	int result;

	if (!config)
		return PST_EXIT_INVALID;
	result = pst_source_is_state(path) ? from_state(path, config, request) :
					     from_recording(path, config, request);
	pst_config_free(config);
	return result;
}
