// SPDX-License-Identifier: Apache-2.0
/* What does a recording tell of a program? */
#include "cli/recorded.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "engine/source.h"
#include "engine/view.h"

static void no_record(void *context, const struct pst_record *record)
{
	(void)context; /* only the profile is asked for */
	(void)record;
}

static int print_profile(struct pst_engine *engine, const char *path,
			 const struct pst_view_keys *keys)
{
	struct pst_source_report report;
	int r = pst_source_file(engine, path, &report);
	char *text;

	if (r < 0)
		pst_complain("profile: %s: %s", path, report.error);
	if (!report.frames)
		return PST_EXIT_FAILURE;
	text = pst_view_profile(engine, keys);
	if (text && !*keys->known) {
		pst_complain("profile: '%s': " PST_VIEW_NOT_KNOWN, keys->what);
		free(text);
		return PST_EXIT_FAILURE;
	}
	if (text)
		fputs(text, stdout);
	free(text);
	return r < 0 || !text ? PST_EXIT_FAILURE : PST_EXIT_OK;
}

static int take_contracts(struct pst_engine *engine, const char *folder)
{
	const struct pst_source_contracts_keys keys = { .folder = folder,
							.tell = pst_tell_line,
							.level = PST_DIAG_ERROR };
	struct pst_contracts *set;
	int r = folder ? pst_source_contracts(&keys, &set, NULL) : -ENODATA;

	if (r == -ENODATA)
		return PST_EXIT_OK;
	if (r == 0) {
		pst_engine_contracts(engine, set);
		return PST_EXIT_OK;
	}
	if (r != -EINVAL)
		pst_complain("profile: cannot read the contracts in %s: %s", folder, strerror(-r));
	return PST_EXIT_INVALID;
}

int pst_recorded_profile(const struct pst_recorded_keys *keys)
{
	bool known = false;
	const struct pst_view_keys view = { .what = keys->what,
					    .form = keys->form,
					    .known = &known };
	struct pst_engine_keys engine_keys = { .emit = no_record };
	struct pst_config *config = pst_config_new();
	struct pst_engine *engine;
	int result = PST_EXIT_FAILURE;

	engine_keys.config = config;
	engine = config ? pst_engine_new(&engine_keys) : NULL;
	if (engine)
		result = take_contracts(engine, keys->contracts);
	else
		pst_complain("profile: not enough memory");
	if (engine && result == PST_EXIT_OK)
		result = print_profile(engine, keys->path, &view);
	pst_engine_free(engine);
	pst_config_free(config);
	return result;
}
