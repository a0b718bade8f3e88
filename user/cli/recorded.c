// SPDX-License-Identifier: Apache-2.0
/* What does a recording, or a state file, tell? */
#include "cli/recorded.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/cli.h"
#include "cli/settings.h"
#include "profile/history.h"

static void no_record(void *context, const struct pst_record *record)
{
	(void)context; /* only a page is asked for */
	(void)record;
}

/* read_state - 0 with @figures, or -1 after a message; what finds no room is told too */
static int read_state(struct pst_history *history, const char *command, const char *path,
		      struct pst_history_figures *figures)
{
	const char *why;

	if (pst_source_state(history, path, &why) < 0) {
		pst_complain("%s: %s: %s", command, path, why);
		return -1;
	}
	pst_history_figures(history, figures);
	if (figures->evicted)
		pst_complain(
			"%s: %s: %" PRIu64
			" entries found no room: name by --config the configuration of its daemon "
			"(profile.max_programs, profile.max_channels)",
			command, path, figures->evicted);
	return 0;
}

struct pst_history *pst_recorded_history(const char *command, const char *path,
					 const struct pst_config *config)
{
	const struct pst_history_keys keys = { .max_programs = config->max_programs,
					       .max_channels = config->max_channels };
	struct pst_history *history = pst_history_new(&keys);
	struct pst_history_figures figures;

	if (!history)
		pst_complain("%s: not enough memory", command);
	else if (read_state(history, command, path, &figures) == 0)
		return history;
	pst_history_free(history);
	return NULL;
}

/* take_state - when it was written, in @now_s; 0 or -1 after a message */
static int take_state(struct pst_engine *engine, const struct pst_recorded_keys *keys,
		      uint64_t *now_s)
{
	struct pst_history_figures figures;

	if (read_state(pst_engine_history(engine), keys->command, keys->path, &figures) < 0)
		return -1;
	*now_s = figures.written_s;
	return 0;
}

/* take_recording - 0; 1 after a message when there is something to show all the same; -1 */
static int take_recording(struct pst_engine *engine, const struct pst_recorded_keys *keys)
{
	struct pst_source_report report;
	int r = pst_source_file(engine, keys->path, &report);

	if (r < 0)
		pst_complain("%s: %s: %s", keys->command, keys->path, report.error);
	if (!report.frames)
		return -1;
	return r < 0;
}

static int print_page(struct pst_engine *engine, const struct pst_recorded_keys *keys)
{
	bool known = true;
	struct pst_view_keys view = {
		.what = keys->what, .form = keys->form, .known = &known, .since_s = keys->since_s
	};
	const bool state = pst_source_is_state(keys->path);
	_cleanup_free_ char *text = NULL;
	int r;

	if (state && keys->live) {
		pst_complain(
			"%s: %s is a state file, which does not tell what runs; name a recording "
			"of 'postern record', or see 'postern profiles'",
			keys->command, keys->path);
		return PST_EXIT_FAILURE;
	}
	r = state ? take_state(engine, keys, &view.now_s) : take_recording(engine, keys);
	text = r < 0 ? NULL : keys->page(engine, &view);
	if (text && !known) {
		pst_complain("%s: '%s': " PST_VIEW_NOT_KNOWN, keys->command, keys->what);
		return PST_EXIT_FAILURE;
	}
	if (text)
		fputs(text, stdout);
	return r != 0 || !text ? PST_EXIT_FAILURE : PST_EXIT_OK;
}

static int take_contracts(struct pst_engine *engine, const struct pst_recorded_keys *keys,
			  const struct pst_signing *signing)
{
	const struct pst_source_contracts_keys source = { .folder = keys->contracts,
							  .tell = pst_tell_line,
							  .level = PST_DIAG_ERROR,
							  .signing = signing };
	struct pst_contracts *set;
	int r = keys->contracts ? pst_source_contracts(&source, &set, NULL) : -ENODATA;

	if (r == -ENODATA)
		return PST_EXIT_OK;
	if (r == 0) {
		pst_engine_contracts(engine, set);
		return PST_EXIT_OK;
	}
	if (r != -EINVAL)
		pst_complain("%s: cannot read the contracts in %s: %s", keys->command,
			     keys->contracts, strerror(-r));
	return PST_EXIT_INVALID;
}

int pst_recorded_page(const struct pst_recorded_keys *keys)
{
	struct pst_engine_keys engine_keys = { .emit = no_record };
	struct pst_settings_trust trust;
	struct pst_engine *engine;
	int result = PST_EXIT_FAILURE;

	if (pst_settings_trust(keys->config, keys->keys, &trust) < 0)
		return PST_EXIT_INVALID;
	engine_keys.config = trust.config;
	engine = pst_engine_new(&engine_keys);
	if (engine)
		result = take_contracts(engine, keys, &trust.signing);
	else
		pst_complain("%s: not enough memory", keys->command);
	if (engine && result == PST_EXIT_OK)
		result = print_page(engine, keys);
	pst_engine_free(engine);
	pst_settings_trust_clear(&trust);
	return result;
}
