// SPDX-License-Identifier: Apache-2.0
/* Which alerts would a recording have raised under these contracts? One line for each finding: its
 * latest. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "cli/cli.h"
#include "cli/tried.h"
#include "engine/source.h"

#define NO_STORM 100000u /* the most that the key may be: a test shows all */

struct finding {
	char id[64];
	char *line;
	bool bound;
};

struct trial {
	struct finding *list;
	size_t count;
	bool no_memory;
};

static struct finding *find(struct trial *trial, const char *id)
{
	struct finding *grown;

	for (size_t i = 0; i < trial->count; i++)
		if (!strcmp(trial->list[i].id, id))
			return &trial->list[i];
	grown = reallocarray(trial->list, trial->count + 1, sizeof(*grown));
	if (!grown)
		return NULL;
	trial->list = grown;
	grown[trial->count] = (struct finding){ .line = NULL };
	(void)snprintf(grown[trial->count].id, sizeof(grown->id), "%s", id); /* ours are short */
	return &grown[trial->count++];
}

static void take(struct trial *trial, const struct pst_json_value *root,
		 const struct pst_record *record)
{
	char text[PST_RECORD_MAX];
	struct finding *finding = find(trial, pst_json_text_at(root, "postern.finding.id"));

	if (!finding) {
		trial->no_memory = true;
		return;
	}
	free(finding->line);
	finding->line =
		strdup(pst_compact_line(record->json, record->len, false, text, sizeof(text)));
	finding->bound = *pst_json_text_at(root, "postern.contract.id") != '\0';
	trial->no_memory |= !finding->line;
}

static void read_alert(struct trial *trial, const struct pst_record *record)
{
	_cleanup_free_ struct pst_diags *diags = malloc(sizeof(*diags));
	_cleanup_(pst_json_doc_clear) struct pst_json_doc *doc = NULL;

	if (diags) {
		pst_diags_init(diags, "alert");
		doc = pst_json_read(record->json, record->len, diags);
	}
	if (doc)
		take(trial, pst_json_root(doc), record);
	else
		trial->no_memory = true; /* our own records are well-formed */
}

static void emit(void *context, const struct pst_record *record)
{
	if (record->dataset == PST_ALERT)
		read_alert(context, record);
}

static int print_findings(const struct trial *trial, const struct pst_tried_keys *keys)
{
	size_t bound = 0, others = 0;

	for (size_t i = 0; i < trial->count; i++)
		*(trial->list[i].bound || keys->all ? &bound : &others) += 1;
	if (bound)
		printf("would have raised %zu alert%s:\n", bound, bound == 1 ? "" : "s");
	else
		printf("would have raised no alert\n");
	for (size_t i = 0; i < trial->count; i++)
		if (trial->list[i].bound || keys->all)
			printf("%s\n", trial->list[i].line);
	if (others)
		printf("(%zu more of software that none of these contracts binds: --all shows them)\n",
		       others);
	return bound ? PST_EXIT_FINDINGS : PST_EXIT_OK;
}

static int play(struct pst_engine *engine, const struct pst_tried_keys *keys,
		const struct trial *trial)
{
	struct pst_source_report report;
	int r = pst_source_file(engine, keys->against, &report);
	int result;

	if (report.rejected)
		pst_complain("contract test: %s: %" PRIu64 " broken records were left out",
			     keys->against, report.rejected);
	if (*report.error)
		pst_complain("contract test: %s: %s", keys->against, report.error);
	if (trial->no_memory)
		pst_complain("contract test: not enough memory");
	if (trial->no_memory || !report.frames)
		return PST_EXIT_FAILURE;
	result = print_findings(trial, keys);
	return r < 0 ? PST_EXIT_FAILURE : result; /* what was read is shown, but it is not all */
}

int pst_tried_recording(const struct pst_tried_keys *keys, struct pst_contracts *set)
{
	struct trial trial = { .list = NULL };
	struct pst_engine_keys engine_keys = { .emit = emit, .context = &trial };
	struct pst_config *config = pst_config_new();
	struct pst_engine *engine = NULL;
	int result = PST_EXIT_FAILURE;

	engine_keys.config = config;
	if (config && keys->config &&
	    pst_source_config(config, keys->config, pst_tell_line, NULL) < 0) {
		result = PST_EXIT_INVALID;
	} else if (config) {
		config->storm_per_hour = NO_STORM;
		engine = pst_engine_new(&engine_keys);
	}
	if (!engine && result == PST_EXIT_FAILURE)
		pst_complain("contract test: not enough memory");
	if (engine) {
		pst_engine_contracts(engine, set);
		result = play(engine, keys, &trial);
	} else {
		pst_contracts_free(set);
	}
	pst_engine_free(engine);
	pst_config_free(config);
	for (size_t i = 0; i < trial.count; i++)
		free(trial.list[i].line);
	free(trial.list);
	return result;
}
