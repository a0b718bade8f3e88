// SPDX-License-Identifier: Apache-2.0
/* Are these contracts valid? */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/settings.h"

enum { OPT_STRICT, OPT_OUTPUT, OPT_FORMAT, OPT_KEYS, OPT_CONFIG };

static const struct pst_option options[] = {
	[OPT_STRICT] = { .name = "strict",
			 .help = "fail also when the daemon would refuse it for its signature" },
	[OPT_OUTPUT] = PST_OPTION_OUTPUT,
	[OPT_FORMAT] = { .name = "format", .argument = "FORM", .help = "the same as --output" },
	[OPT_KEYS] = PST_OPTION_KEYS,
	[OPT_CONFIG] = { .name = "config",
			 .argument = "FILE",
			 .preset = PST_CONFIG_FILE,
			 .help = "configuration" },
	{ .name = NULL },
};

struct check { /* one run */
	struct pst_contracts *set;
	struct pst_settings_trust trust;
	struct pst_json *json; /* NULL: text */
	struct pst_json *file; /* of the one that is being read */
};

static void free_check(struct check *check)
{
	pst_contracts_free(check->set);
	pst_json_free(check->json);
	pst_settings_trust_clear(&check->trust);
}

static void put_finding(struct pst_json *file, const struct pst_diag *diag)
{
	struct pst_json *finding =
		pst_json_add_object(file, diag->level == PST_DIAG_ERROR ? "errors" : "notes");

	if (diag->line) { /* else it is about the whole file */
		pst_json_put_int(finding, "line", diag->line);
		pst_json_put_int(finding, "column", diag->column);
	}
	pst_json_put_text(finding, "message", diag->text);
	if (*diag->suggestion)
		pst_json_put_text(finding, "suggestion", diag->suggestion);
}

static void take_findings(void *context, const struct pst_diags *diags)
{
	struct check *check = context;

	for (uint32_t i = 0; i < diags->count; i++)
		put_finding(check->file, &diags->list[i]);
	if (diags->errors + diags->notes > diags->count)
		pst_json_put_int(check->file, "more", diags->errors + diags->notes - diags->count);
}

static int read_one(struct check *check, const char *path)
{
	const struct pst_source_contracts_keys keys = { .folder = path,
							.tell = pst_tell_line,
							.context = check,
							.level = PST_DIAG_NOTE,
							.signing = &check->trust.signing,
							.take = check->json ? take_findings :
									      NULL };

	return pst_source_contract_file(check->set, path, &keys);
}

/* The contract that was read last. */
static const struct pst_contract *last_of(const struct check *check)
{
	return pst_contracts_at(check->set, pst_contracts_count(check->set) - 1);
}

static int print_one(struct check *check, const char *path)
{
	const struct pst_contract *contract;
	char safe[1024];
	struct stat info;
	int r;

	(void)pst_text_safe(path, strlen(path), safe, sizeof(safe)); /* cut still says which */
	if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
		pst_complain("contract check: %s is a folder; name its files: %s/*.json", safe,
			     safe);
		return -EISDIR;
	}
	r = read_one(check, path);
	if (r < 0)
		return r;
	contract = last_of(check);
	printf("%s: ok: contract %s version %llu, %zu software, %zu channel%s", safe, contract->id,
	       (unsigned long long)contract->version, contract->software_count,
	       contract->channel_count, contract->channel_count == 1 ? "" : "s");
	printf(", %s%s\n", *contract->signer ? "signed by " : "not signed by a known key",
	       contract->signer);
	return 0;
}

static int put_one(struct check *check, const char *path)
{
	struct pst_json *file = pst_json_add_object(check->json, "files");
	const struct pst_contract *contract;
	int r;

	check->file = file;
	pst_json_put_bytes(file, "file", path, strlen(path), PATH_MAX);
	pst_json_put_list(file, "errors");
	pst_json_put_list(file, "notes");
	r = read_one(check, path);
	pst_json_put_bool(file, "ok", r >= 0);
	if (r < 0)
		return r;
	contract = last_of(check);
	pst_json_put_text(file, "contract", contract->id);
	pst_json_put_int(file, "version", (int64_t)contract->version); /* at most 2^53 - 1 */
	pst_json_put_int(file, "software", (int64_t)contract->software_count);
	pst_json_put_int(file, "channels", (int64_t)contract->channel_count);
	if (*contract->signer)
		pst_json_put_text(file, "signed_by", contract->signer);
	return 0;
}

static int print_json(const struct check *check)
{
	_cleanup_free_ char *text = pst_json_print_pretty(check->json);

	if (!text) {
		pst_complain("contract check: not enough memory");
		return PST_EXIT_FAILURE;
	}
	puts(text);
	return PST_EXIT_OK;
}

static int run(const struct pst_args *args)
{
	const char *form = pst_ask_form("contract check", args->value[OPT_FORMAT] ?
								  args->value[OPT_FORMAT] :
								  args->value[OPT_OUTPUT]);
	_cleanup_(free_check) struct check check = { .set = NULL };
	int result = PST_EXIT_OK;
	bool json;

	if (!form)
		return PST_EXIT_USAGE;
	json = strcmp(form, "json") == 0;
	if (pst_settings_trust(args->value[OPT_CONFIG], args->value[OPT_KEYS], &check.trust) < 0)
		return PST_EXIT_INVALID;
	check.trust.signing.only_tell = !args->value[OPT_STRICT];
	check.set = pst_contracts_new();
	check.json = json ? pst_json_new() : NULL;
	if (!check.set || (json && !check.json)) {
		pst_complain("contract check: not enough memory");
		return PST_EXIT_FAILURE;
	}
	for (int i = 0; i < args->rest_count; i++) {
		int r = (json ? put_one : print_one)(&check, args->rest[i]);

		if (r < 0)
			result = PST_EXIT_INVALID;
	}
	if (json && print_json(&check) != PST_EXIT_OK)
		return PST_EXIT_FAILURE;
	return result;
}

const struct pst_command pst_contract_check = {
	.name = "contract check",
	.summary = "are these contracts valid?",
	.operands = "FILE...",
	.text = "Every error is shown with its place in the file. What means more than it says is a note, and so is\n"
		"why the daemon would refuse a contract for its signature: with --strict an error.\n\n"
		"Example: $ postern contract check acme.json\n"
		"         acme.json:5:33: error: this range of ports ends before it begins; did you mean \"8000-9000\"?\n"
		"                 { \"connect\": \"tcp\", \"port\": \"9000-8000\" }\n"
		"                                             ^\n"
		"         $ postern contract check --format json acme.json | jq -c '.files[].errors[]'\n"
		"         {\"line\":5,\"column\":33,\"message\":\"this range of ports ends before it begins; did you mean \\\"8000-9000\\\"?\",\n"
		"         \"suggestion\":\"8000-9000\"}",
	.options = options,
	.rest_min = 1,
	.rest_max = -1,
	.run = run,
};
