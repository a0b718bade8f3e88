// SPDX-License-Identifier: Apache-2.0
/* What does a person begin with who writes a contract? */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/cli.h"
#include "contract/contract.h"
#include "contract/writing.h"

#define MESSAGE_BYTES 2048

enum { OPT_NAME, OPT_PATH, OPT_PACKAGE, OPT_UNIT, OPT_VENDOR };

static const struct pst_option options[] = {
	[OPT_NAME] = { .name = "name", .argument = "ID", .help = "name of the contract" },
	[OPT_PATH] = { .name = "path",
		       .argument = "GLOB",
		       .help = "binds programs below a path, such as '/opt/acme/**'" },
	[OPT_PACKAGE] = { .name = "package",
			  .argument = "NAME",
			  .help = "binds programs of a package" },
	[OPT_UNIT] = { .name = "unit",
		       .argument = "NAME",
		       .help = "binds programs of a systemd unit" },
	[OPT_VENDOR] = { .name = "vendor", .argument = "NAME", .help = "who made the software" },
	{ .name = NULL },
};

static void drop_contracts(struct pst_contracts **set)
{
	pst_contracts_free(*set);
}

/* What the parser refuses in these words was given by the person. 0 or an exit code. */
static int check(const char *text, size_t len, struct pst_diags *diags)
{
	_cleanup_(drop_contracts) struct pst_contracts *set = pst_contracts_new();
	int r = set ? pst_contracts_add(set, "(what was given)", text, len, diags) : -ENOMEM;

	return r == 0 ? PST_EXIT_OK : r == -ENOMEM ? PST_EXIT_FAILURE : PST_EXIT_USAGE;
}

static void tell(const struct pst_diags *diags, const char *text)
{
	char message[MESSAGE_BYTES];

	for (uint32_t i = 0; i < diags->count; i++) {
		if (diags->list[i].level == PST_DIAG_ERROR)
			pst_tell_line(NULL, pst_diag_render(diags, &diags->list[i], text, message,
							    sizeof(message)));
	}
}

static int print(const struct pst_skeleton *skeleton)
{
	_cleanup_free_ struct pst_diags *diags = malloc(sizeof(*diags));
	_cleanup_free_ char *text = NULL;
	int64_t len = -ENOMEM;
	int r = PST_EXIT_USAGE;

	if (diags) {
		pst_diags_init(diags, "(what was given)");
		len = pst_contract_skeleton(skeleton, diags, &text);
	}
	if (len == -ENOMEM) {
		pst_complain("contract init: not enough memory");
		return PST_EXIT_FAILURE;
	}
	if (len >= 0)
		r = check(text, (size_t)len, diags);
	if (r != PST_EXIT_OK) {
		tell(diags, text);
		return r;
	}
	fputs(text, stdout);
	return PST_EXIT_OK;
}

static int run(const struct pst_args *args)
{
	const struct pst_skeleton skeleton = { .id = args->value[OPT_NAME],
					       .vendor = args->value[OPT_VENDOR],
					       .path = args->value[OPT_PATH],
					       .package = args->value[OPT_PACKAGE],
					       .unit = args->value[OPT_UNIT] };

	if (!skeleton.id) {
		pst_complain("contract init: a contract has a name: --name acme-backup");
		return PST_EXIT_USAGE;
	}
	if (!skeleton.path && !skeleton.package && !skeleton.unit) {
		pst_complain(
			"contract init: whom does it bind? Give --path, --package or --unit; all that are given must hold");
		return PST_EXIT_USAGE;
	}
	return print(&skeleton);
}

const struct pst_command pst_contract_init = {
	.name = "contract init",
	.summary = "a commented contract to begin with",
	.operands = "",
	.text = "It binds what you name and allows nothing yet; the comments show what could stand where. 'postern learn' drafts one\n"
		"from what software did.\n\n"
		"Example: $ postern contract init --name acme-backup --path '/opt/acme/**' --vendor 'Acme Corp.' > acme.json\n"
		"         $ postern contract check acme.json\n"
		"         acme.json: ok: contract acme-backup version 1, 1 software, 0 channels, not signed by a known key",
	.options = options,
	.rest_min = 0,
	.rest_max = 0,
	.run = run,
};
