// SPDX-License-Identifier: Apache-2.0
/* Are these contracts valid, and which parts of them does this build not judge? */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "cli/cli.h"
#include "engine/source.h"

enum { OPT_STRICT };

static const struct pst_option options[] = {
	[OPT_STRICT] = { .name = "strict",
			 .help = "fail also when a clause cannot be judged by this build" },
	{ .name = NULL },
};

static int check_one(struct pst_contracts *set, const char *path)
{
	const struct pst_source_contracts_keys keys = { .folder = path,
							.tell = pst_tell_line,
							.level = PST_DIAG_NOTE };
	const struct pst_contract *contract;
	struct stat info;
	int r;

	if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
		pst_complain("contract check: %s is a folder; name its files: %s/*.json", path,
			     path);
		return -EISDIR;
	}
	r = pst_source_contract_file(set, path, &keys);
	if (r < 0)
		return r;
	contract = pst_contracts_at(set, pst_contracts_count(set) - 1);
	printf("%s: ok: contract %s version %llu, %zu software, %zu channels", path, contract->id,
	       (unsigned long long)contract->version, contract->software_count,
	       contract->channel_count);
	if (contract->not_judged)
		printf(", %u not judged by this build", contract->not_judged);
	printf("\n");
	return (int)contract->not_judged;
}

static int run(const struct pst_args *args)
{
	struct pst_contracts *set;
	int result = PST_EXIT_OK;

	if (strcmp(args->rest[0], "check") != 0) {
		pst_complain("contract: unknown action '%s'; it is: postern contract check FILE...",
			     args->rest[0]);
		return PST_EXIT_USAGE;
	}
	if (args->rest_count < 2) {
		pst_complain("contract check: name at least one file");
		return PST_EXIT_USAGE;
	}
	set = pst_contracts_new();
	if (!set) {
		pst_complain("contract check: not enough memory");
		return PST_EXIT_FAILURE;
	}
	for (int i = 1; i < args->rest_count; i++) {
		int r = check_one(set, args->rest[i]);

		if (r < 0 || (r > 0 && args->value[OPT_STRICT]))
			result = PST_EXIT_INVALID;
	}
	pst_contracts_free(set);
	return result;
}

const struct pst_command pst_cmd_contract = {
	.name = "contract",
	.summary = "check contract files",
	.operands = "check FILE...",
	.text = "Every error is shown with its place in the file. What this build or kernel cannot judge is listed as a note:\n"
		"it never makes an alert and never passes for a judgement.\n\n"
		"Example: postern contract check /etc/postern/contracts.d/acme.json",
	.options = options,
	.rest_min = 1,
	.rest_max = -1,
	.run = run,
};
