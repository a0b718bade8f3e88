// SPDX-License-Identifier: Apache-2.0
/* What does a recording tell of a program? */
#include "cli/recorded.h"

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
	if (text)
		fputs(text, stdout);
	free(text);
	return r < 0 || !text ? PST_EXIT_FAILURE : PST_EXIT_OK;
}

int pst_recorded_profile(const char *path, const char *what, const char *form)
{
	const struct pst_view_keys view = { .what = what,
					    .form = strcmp(form, "json") == 0 ? PST_VIEW_JSON :
										PST_VIEW_TEXT };
	struct pst_engine_keys keys = { .emit = no_record };
	struct pst_config *config = pst_config_new();
	struct pst_engine *engine;
	int result = PST_EXIT_FAILURE;

	keys.config = config;
	engine = config ? pst_engine_new(&keys) : NULL;
	if (engine)
		result = print_profile(engine, path, &view);
	else
		pst_complain("profile: not enough memory");
	pst_engine_free(engine);
	pst_config_free(config);
	return result;
}
