// SPDX-License-Identifier: Apache-2.0
/* What does an editor need to know about contracts? */
#include <stdio.h>

#include "base/cleanup.h"
#include "cli/cli.h"
#include "contract/writing.h"

static const struct pst_option options[] = {
	{ .name = NULL },
};

static int run(const struct pst_args *args)
{
	_cleanup_free_ char *schema = pst_contract_make_schema();

	(void)args; /* it takes none */
	if (!schema) {
		pst_complain("contract schema: not enough memory");
		return PST_EXIT_FAILURE;
	}
	fputs(schema, stdout);
	return PST_EXIT_OK;
}

const struct pst_command pst_contract_schema = {
	.name = "contract schema",
	.summary = "a JSON Schema of contracts, for editors",
	.operands = "",
	.text = "Draft 2020-12, made from the tables that the parser itself uses. What a schema cannot say ('contract check' does)\n"
		"is left open: that a port range is not backwards, that a prefix has no bits behind its length, that \"within\" needs\n"
		"a host name.\n\n"
		"Example: $ postern contract schema > contract.schema.json\n"
		"         and in the settings of Visual Studio Code:\n"
		"         \"json.schemas\": [{\"fileMatch\": [\"contracts.d/*.json\"], \"url\": \"./contract.schema.json\"}]",
	.options = options,
	.rest_min = 0,
	.rest_max = 0,
	.run = run,
};
