// SPDX-License-Identifier: Apache-2.0
/* What does a recording, or a state file, tell? */
#include "cli/recorded.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/cli.h"
#include "engine/source.h"
#include "profile/history.h"

#define STATE_MAX (UINT64_C(1) << 28) /* bytes */
#define STATE_MAGIC "PSTSTATE"

static void no_record(void *context, const struct pst_record *record)
{
	(void)context; /* only a page is asked for */
	(void)record;
}

/* Standard input is a recording. */
static bool is_state(const char *path)
{
	_cleanup_fclose_ FILE *file = strcmp(path, "-") == 0 ? NULL : fopen(path, "re");
	char magic[sizeof(STATE_MAGIC) - 1];

	return file && fread(magic, 1, sizeof(magic), file) == sizeof(magic) &&
	       memcmp(magic, STATE_MAGIC, sizeof(magic)) == 0;
}

/* take_state - when it was written, in @now_s; 0 or -1 after a message */
static int take_state(struct pst_engine *engine, const struct pst_recorded_keys *keys,
		      uint64_t *now_s)
{
	struct pst_history *history = pst_engine_history(engine);
	_cleanup_free_ char *bytes = NULL;
	struct pst_history_figures figures;
	int64_t len = pst_source_text(keys->path, STATE_MAX, &bytes);
	const char *why = len < 0 ? strerror((int)-len) : "not enough memory";

	if (len < 0 || pst_history_read(history, (const uint8_t *)bytes, (size_t)len, &why) < 0) {
		pst_complain("%s: %s: %s", keys->command, keys->path, why);
		return -1;
	}
	pst_history_figures(history, &figures);
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
	const bool state = is_state(keys->path);
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

static int take_contracts(struct pst_engine *engine, const struct pst_recorded_keys *keys)
{
	const struct pst_source_contracts_keys source = { .folder = keys->contracts,
							  .tell = pst_tell_line,
							  .level = PST_DIAG_ERROR };
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
	struct pst_config *config = pst_config_new();
	struct pst_engine *engine;
	int result = PST_EXIT_FAILURE;

	engine_keys.config = config;
	engine = config ? pst_engine_new(&engine_keys) : NULL;
	if (engine)
		result = take_contracts(engine, keys);
	else
		pst_complain("%s: not enough memory", keys->command);
	if (engine && result == PST_EXIT_OK)
		result = print_page(engine, keys);
	pst_engine_free(engine);
	pst_config_free(config);
	return result;
}
