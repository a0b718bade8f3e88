// SPDX-License-Identifier: Apache-2.0
/* What does this contract allow, in plain sentences? */
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "cli/cli.h"
#include "cli/one_contract.h"
#include "contract/diff.h"

static const struct pst_option options[] = {
	{ .name = NULL },
};

static int explain_one(const char *path)
{
	_cleanup_free_ struct pst_diags *diags = malloc(sizeof(*diags));
	const struct pst_page_keys keys = { .width = pst_page_width(), .notes = diags };
	struct pst_contracts *set = diags ? pst_one_contract("contract explain", path, diags) :
					    NULL;
	_cleanup_free_ char *page = NULL;

	if (!set)
		return PST_EXIT_INVALID;
	page = pst_contract_page(pst_contracts_at(set, 0), &keys);
	pst_contracts_free(set);
	if (!page) {
		pst_complain("contract explain: not enough memory");
		return PST_EXIT_FAILURE;
	}
	fputs(page, stdout);
	return PST_EXIT_OK;
}

static int run(const struct pst_args *args)
{
	int result = PST_EXIT_OK;

	for (int i = 0; i < args->rest_count; i++) {
		int r = explain_one(args->rest[i]);

		if (i + 1 < args->rest_count)
			printf("\n");
		if (r != PST_EXIT_OK)
			result = r;
	}
	return result;
}

const struct pst_command pst_contract_explain = {
	.name = "contract explain",
	.summary = "what does a contract allow? In plain sentences",
	.operands = "FILE...",
	.text = "All that the contract says. Of names, sets and patterns the words are\n"
		"those of the contract.\n\n"
		"Example: postern contract explain /etc/postern/contracts.d/acme.json\n\n"
		"  Contract acme-backup, version 7, of Acme Corp.\n\n"
		"  It binds\n"
		"    - programs below /opt/acme/backup\n"
		"    - programs in the unit acme-backup.service\n"
		"    - and what they start, unless another contract names it or it enters another\n"
		"      unit or login session\n\n"
		"  It may\n"
		"    - connect by TCP to vault.bank.example and 10.20.0.0/16 on port 443: backup\n"
		"      vault\n"
		"    - listen by TCP on port 9300 of 127.0.0.1 for peers in 127.0.0.0/8",
	.options = options,
	.rest_min = 1,
	.rest_max = -1,
	.run = run,
};
