// SPDX-License-Identifier: Apache-2.0
/* What can be learnt of a file? A recording goes through an engine; a state file is a history as it
 * stands. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/learn.h"
#include "cli/settings.h"
#include "engine/source.h"

#define STATE_MAX (256u * 1024u * 1024u) /* bytes of a state file that are read */
#define MAGIC "PSTSTATE"

static int print_answer(char *text, const char *why)
{
	if (!text) {
		pst_complain("learn: %s", why);
		return PST_EXIT_FAILURE;
	}
	fputs(text, stdout);
	free(text);
	return fflush(stdout) == 0 ? PST_EXIT_OK : PST_EXIT_FAILURE;
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

/* The whole file; NULL after a message. @when: of its last change. */
static uint8_t *read_state(FILE *file, const char *path, size_t *len, uint64_t *when)
{
	struct stat info;
	uint8_t *bytes = NULL;

	if (fstat(fileno(file), &info) == 0 && info.st_size > 0 && info.st_size <= STATE_MAX)
		bytes = malloc((size_t)info.st_size);
	if (bytes && fread(bytes, 1, (size_t)info.st_size, file) == (size_t)info.st_size) {
		*len = (size_t)info.st_size;
		*when = (uint64_t)info.st_mtime;
		return bytes;
	}
	pst_complain("learn: %s cannot be read whole, or has more than %u bytes", path, STATE_MAX);
	free(bytes);
	return NULL;
}

static int from_state(FILE *file, const char *path, const struct pst_config *config,
		      const char *request)
{
	const struct pst_history_keys limits = { .max_programs = config->max_programs };
	struct pst_history *history = pst_history_new(&limits);
	struct pst_learn_keys keys = { .history = history,
				       .internal = config->internal_networks.list,
				       .internal_count = config->internal_networks.count };
	char why_text[PST_LEARN_WHY];
	const char *why = "not enough memory";
	int result = PST_EXIT_FAILURE;
	size_t len;
	uint8_t *bytes = read_state(file, path, &len, &keys.now_s);

	if (bytes && history && pst_history_read(history, bytes, len, &why) == 0)
		result = print_answer(pst_view_learn_line(&keys, request, why_text), why_text);
	else if (bytes)
		pst_complain("learn: %s: %s", path, why);
	free(bytes);
	pst_history_free(history);
	return result;
}

int pst_learn_from(const char *path, const char *config_path, const char *request)
{
	struct pst_config *config = pst_settings_config(config_path);
	_cleanup_fclose_ FILE *file = NULL;
	char magic[sizeof(MAGIC) - 1] = "";
	int result;

	if (!config)
		return PST_EXIT_INVALID;
	if (strcmp(path, "-") != 0) { /* standard input is a recording */
		file = fopen(path, "re");
		if (!file ||
		    (fread(magic, 1, sizeof(magic), file) < sizeof(magic) && ferror(file))) {
			pst_complain("learn: %s: %s", path, strerror(errno));
			pst_config_free(config);
			return PST_EXIT_FAILURE;
		}
		rewind(file);
	}
	if (memcmp(magic, MAGIC, sizeof(magic)) == 0)
		result = from_state(file, path, config, request);
	else
		result = from_recording(path, config, request);
	pst_config_free(config);
	return result;
}
