// SPDX-License-Identifier: Apache-2.0
/* What does an alert mean, and what is its detector blind to? */
#include <stdio.h>

#include "base/text.h"
#include "cli/cli.h"
#include "detect/detect.h"

static void print_techniques(const struct pst_detector *detector)
{
	for (size_t i = 0; i < PST_TECHNIQUES_MAX && detector->technique[i].tactic; i++) {
		const struct pst_technique *t = &detector->technique[i];

		printf("  %s %s: %s %s%s%s\n", t->tactic, t->tactic_name,
		       t->sub ? t->sub : t->technique, t->technique_name, t->sub ? ": " : "",
		       t->sub ? t->sub_name : "");
	}
}

static int explain(const struct pst_detector *detector)
{
	printf("%s: %s\n\n%s\n\nMITRE ATT&CK:\n", detector->name, detector->title,
	       detector->explain);
	print_techniques(detector);
	return PST_EXIT_OK;
}

static int unknown_detector(const char *name)
{
	const char *words[PST_DETECTORS], *near;

	for (unsigned int i = 0; i < PST_DETECTORS; i++)
		words[i] = pst_detector_at((enum pst_detector_id)i)->name;
	near = pst_text_nearest(name, words, PST_DETECTORS);
	if (near)
		pst_complain("explain: no detector is called '%s'; did you mean '%s'?", name, near);
	else
		pst_complain("explain: no detector is called '%s'; 'postern explain' lists them",
			     name);
	return PST_EXIT_USAGE;
}

static int run(const struct pst_args *args)
{
	const struct pst_detector *detector;

	if (args->rest_count == 0) {
		for (unsigned int i = 0; i < PST_DETECTORS; i++) {
			detector = pst_detector_at((enum pst_detector_id)i);
			printf("%-20s %s\n", detector->name, detector->title);
		}
		return PST_EXIT_OK;
	}
	detector = pst_detector_find(args->rest[0]);
	if (detector)
		return explain(detector);
	return unknown_detector(args->rest[0]);
}

static const struct pst_option options[] = { { .name = NULL } };

const struct pst_command pst_cmd_explain = {
	.name = "explain",
	.summary = "say what an alert's rule means, what to do, and what it is blind to",
	.operands = "[DETECTOR]",
	.text = "Without an operand it lists the detectors; their names stand in each alert as rule.id.",
	.options = options,
	.rest_max = 1,
	.run = run,
};
