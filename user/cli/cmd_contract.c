// SPDX-License-Identifier: Apache-2.0
/* What can be done with contract files? Each action is a command of its own: contract_actions.def.
 */
#include <stddef.h>

#include "cli/cli.h"

static const struct pst_command *const actions[] = {
#define ACTION(name) &pst_contract_##name,
#include "cli/contract_actions.def"
#undef ACTION
	NULL,
};

static const struct pst_option options[] = {
	{ .name = NULL },
};

const struct pst_command pst_cmd_contract = {
	.name = "contract",
	.summary = "work with contract files",
	.operands = "ACTION",
	.options = options,
	.actions = actions,
};
